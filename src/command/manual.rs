//! Completions for shells and the manual page, both from the declaration of the commands.

use clap::Args;
use clap_complete::Shell;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};

/// Arguments of `fupan completions`.
#[derive(Debug, Args)]
pub struct Completions {
    shell: Shell,
}

/// Prints the completions of a shell.
pub fn completions(arguments: &Completions, mut command: clap::Command, console: &Console) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "fupan", &mut script);
    console.print_bytes(&script);
    Exit::Clean
}

/// Prints the manual page of the whole program.
///
/// # Errors
/// When the page cannot be made.
pub fn page(command: clap::Command, console: &Console) -> Ended {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| CommandError::internal(&crate::system::reason(&error, console.lang), console))?;
    console.print_bytes(&page);
    Ok(Exit::Clean)
}
