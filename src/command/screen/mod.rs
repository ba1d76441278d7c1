//! What commands and workers show of a workbook, in words. Knows the console and no command.

pub mod analysis;
pub mod findings;
pub mod recognition;

use super::console::Console;
use crate::batch::answers::to_learn;
use crate::batch::isolation::Task;
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::review::Review;

/// Why a file was not read, in one line.
pub fn refused(name: &str, finding: &Finding, console: &Console) -> String {
    let words = &console.words;
    let holes = [("message", &*finding.message(console.lang)), ("help", &finding.help(console.lang))];
    let message = words.say("message_and_help", &holes);
    words.say("refused", &[("file", name), ("message", &message)])
}

/// How a worker words what was recognised and computed, in a language.
pub fn wording(lang: Lang) -> impl Fn(Task, &Review<'_>) -> String + Sync {
    move |task, review| {
        let console = Console::holding(lang);
        match task {
            Task::Inspect => recognition::describe(review, &console),
            Task::Analyse => match recognition::guidance(review, &console) {
                Some(guidance) => console.print(&guidance),
                None => analysis::describe(review, &console),
            },
            Task::Learn => return learned(review),
            Task::AnalyseJson => return analysis::json(review, lang).to_string(),
            Task::Check => return recognition::guidance(review, &console).unwrap_or_default(),
            // Their answers are no words.
            Task::Batch | Task::Extract | Task::Merge | Task::Unite | Task::Diff | Task::Unpack => {}
            Task::Patch | Task::Onward => {}
            Task::Enrich => {}
        }
        console.held()
    }
}

/// What a worker answers for one workbook: what its answers teach.
fn learned(review: &Review<'_>) -> String {
    serde_json::to_string(&to_learn(&review.records, &review.answers, review.policy)).unwrap_or_default()
}
