//! `fupan __worker`: what the program starts to work on files apart from itself. Nobody types it.

use std::io::{BufReader, BufWriter};
use std::process::ExitCode;
use std::thread;

use super::error::Exit;
use super::screen::wording;
use crate::batch::isolation::serve;

/// Its name on the command line.
pub const COMMAND: &str = "__worker";
/// Room for deep recursion, the same on every system.
const STACK: usize = 16 << 20;

/// Serves files from standard input until there are no more.
pub fn run(cap_heap: &(dyn Fn(usize) + Sync)) -> ExitCode {
    let served = thread::scope(|scope| {
        let serving = || {
            let mut from = BufReader::with_capacity(64 << 10, std::io::stdin());
            let mut to = BufWriter::with_capacity(64 << 10, std::io::stdout());
            serve(&mut from, &mut to, cap_heap, &|task, review, lang| wording(lang)(task, review)).is_ok()
        };
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, serving);
        thread.is_ok_and(|thread| thread.join().unwrap_or(false))
    });
    if served { Exit::Clean } else { Exit::Internal }.into()
}
