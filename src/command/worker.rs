//! `fupan __worker`: what the program starts to work on files apart from itself. Nobody types it.

use std::io::{BufReader, BufWriter};
use std::process::ExitCode;
use std::thread;

use super::console::Console;
use super::exit;
use super::{analyse, inspect, learn};
use crate::batch::isolation::{Task, serve};
use crate::locale::Lang;
use crate::review::Review;

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
    ExitCode::from(if served { exit::CLEAN } else { exit::INTERNAL })
}

/// How a worker words what was recognised and computed, in a language.
pub fn wording(lang: Lang) -> impl Fn(Task, &Review<'_>) -> String + Sync {
    move |task, review| {
        let console = Console::holding(lang);
        match task {
            Task::Inspect => inspect::describe(review, &console),
            Task::Analyse => analyse::describe(review, &console),
            Task::AnalyseJson => return analyse::json(review, lang).to_string(),
            Task::Learn => return learn::describe(review),
            Task::Batch | Task::Merge | Task::Diff | Task::Check | Task::Enrich => {}
        }
        console.held()
    }
}
