//! What a command reads workbooks with: the team's settings, the workers, and one call that reads a file.

use std::path::Path;

use super::Reading;
use super::console::Console;
use super::error::CommandError;
use super::{files, screen, settings};
use crate::batch::input::snapshot;
use crate::batch::isolation::{Done, Job, Task, Workers};
use crate::batch::one::Settings;
use crate::batch::paper::Paper;
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::policy::Policy;
use crate::review::Review;

/// How a review is worded for people.
type Wording = dyn Fn(Task, &Review<'_>) -> String + Sync;

/// Everything a command reads workbooks with.
pub struct Session<'a> {
    /// How workbooks are read and given back.
    pub settings: Settings<'a>,
    reading: &'a Reading,
    console: &'a Console,
    describe: Box<Wording>,
}

/// What is wanted beside the enriched workbook.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    /// Findings marked on the team's own cells.
    pub mark: bool,
    /// The report in these forms.
    pub papers: Vec<Paper>,
    /// Tables for other programs.
    pub data: bool,
}

impl<'a> Session<'a> {
    /// A session with the team's settings ([`settings::policy`]) and the language of our sheets.
    pub fn new(
        reading: &'a Reading,
        policy: &'a Policy,
        console: &'a Console,
        lang: Lang,
        outputs: Outputs,
    ) -> Session<'a> {
        let mut settings = settings::settings(reading, policy, lang);
        (settings.mark, settings.papers, settings.data) = (outputs.mark, outputs.papers, outputs.data);
        Session { settings, reading, console, describe: Box::new(screen::wording(console.lang)) }
    }

    /// The worker processes of this session.
    pub fn workers(&self) -> Workers<'_, 'a> {
        settings::workers(self.reading, &self.settings, self.console, &*self.describe)
    }

    /// Reads one file and has one thing done with it.
    ///
    /// # Errors
    /// The finding that says why the file was not read.
    pub fn work(
        &self,
        workers: &Workers<'_, '_>,
        task: Task,
        path: &Path,
        name: &str,
    ) -> Result<Done, Box<Finding>> {
        let bytes = snapshot(path, &self.settings.limits)?;
        workers.work(&Job::new(task, name.to_owned()), &bytes)
    }

    /// The same for the only file of a command.
    ///
    /// # Errors
    /// Why it was not read, worded.
    pub fn work_alone(&self, task: Task, path: &Path) -> Result<Done, CommandError> {
        let name = files::name_of(path);
        self.work(&self.workers(), task, path, &name)
            .map_err(|finding| CommandError::nothing(screen::refused(&name, &finding, self.console)))
    }
}
