//! How a command ends: an exit code, or what went wrong in the console's language.

use std::io;
use std::path::Path;

use super::console::Console;
use crate::system;

/// Exit codes, as scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// Wrong arguments or settings.
    Usage = 2,
    /// Some files could not be read.
    SomeUnread = 3,
    /// Nothing could be read, or nothing could be written.
    Nothing = 4,
    /// A fault of this program.
    Internal = 5,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> std::process::ExitCode {
        std::process::ExitCode::from(exit as u8)
    }
}

/// Why a command came to nothing: what to tell and how to exit.
#[derive(Debug)]
pub struct CommandError {
    /// The exit code.
    pub exit: Exit,
    /// The message, worded.
    pub message: String,
}

/// What a command comes to.
pub type Ended = Result<Exit, CommandError>;

impl CommandError {
    /// Wrong arguments or settings.
    pub fn usage(message: String) -> CommandError {
        CommandError { exit: Exit::Usage, message }
    }

    /// Nothing could be read or written.
    pub fn nothing(message: String) -> CommandError {
        CommandError { exit: Exit::Nothing, message }
    }

    /// A fault of this program.
    pub fn internal(reason: &str, console: &Console) -> CommandError {
        let message = console.words.say("internal", &[("reason", reason)]);
        CommandError { exit: Exit::Internal, message }
    }

    /// A file that cannot be written.
    pub fn unwritable(path: &Path, error: &io::Error, console: &Console) -> CommandError {
        let (path, reason) = (path.display().to_string(), system::reason(error, console.lang));
        CommandError::nothing(console.words.say("out_io", &[("path", &path), ("reason", &reason)]))
    }

    /// A folder that cannot be listed.
    pub fn unlistable(folder: &Path, error: &io::Error, console: &Console) -> CommandError {
        let (folder, reason) = (folder.display().to_string(), system::reason(error, console.lang));
        CommandError::usage(
            console.words.say("folder_unreadable", &[("folder", &folder), ("reason", &reason)]),
        )
    }
}
