//! The desktop a command may run on: a window that would close, and programs that show a file.
//!
//! Both are decided by what is there – a terminal, a display –, never by who started the program.

use std::ffi::OsString;
use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::process::{Command, Stdio};

/// Names the program that shows results; empty for none.
const OPENER: &str = "FUPAN_OPEN_WITH";

/// What a command without a command line does to the world around it, so that a test can stand in for it.
pub trait Desktop {
    /// Shows a file to the person.
    fn show(&self, path: &Path);
    /// Waits for a line of the person; `None` where nobody is there.
    fn ask(&self) -> Option<String>;
}

/// The system's own.
pub struct System;

impl Desktop for System {
    fn show(&self, path: &Path) {
        if let Some(program) = opener() {
            // A result that cannot be shown is still there, and its place was printed.
            let quiet = || Stdio::null();
            let _ = Command::new(program).arg(path).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
        }
    }

    fn ask(&self) -> Option<String> {
        let stdin = std::io::stdin();
        if !stdin.is_terminal() {
            return None;
        }
        let mut line = String::new();
        stdin.lock().read_line(&mut line).ok().filter(|read| *read > 0).map(|_| line)
    }
}

/// The program that shows files here.
fn opener() -> Option<OsString> {
    if let Some(named) = std::env::var_os(OPENER) {
        return Some(named).filter(|named| !named.is_empty());
    }
    let has_display = || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if cfg!(windows) {
        // Not `start`, which is a word of the shell and would read a name as a command.
        Some("explorer".into())
    } else if cfg!(target_os = "macos") {
        Some("open".into())
    } else {
        has_display().then(|| "xdg-open".into())
    }
}
