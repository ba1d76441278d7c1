//! Completions for shells and the manual page, both from the declaration of the commands.

use std::io::Write;

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
pub fn completions(arguments: &Completions, mut command: clap::Command) -> Exit {
    clap_complete::generate(arguments.shell, &mut command, "fupan", &mut std::io::stdout());
    Exit::Clean
}

/// Prints the manual page of the whole program.
///
/// # Errors
/// When standard output cannot be written.
pub fn page(command: clap::Command, console: &Console) -> Ended {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut page);
    rendered
        .and_then(|()| std::io::stdout().lock().write_all(&page))
        .map_err(|error| CommandError::internal(&crate::system::reason(&error, console.lang), console))?;
    Ok(Exit::Clean)
}
