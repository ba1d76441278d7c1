//! Weeks of inboxes as teams fill them, made up: the same plan gives the same bytes.
//!
//! Campaigns are stories over weeks; a week of a story is what stands in its
//! workbook; the workbook is a blank of our own with that typed into it, torn
//! into copies by the hands that filled it, mailed, renamed, late, missing,
//! damaged. What was planted is said beside it, so that whoever looks for it
//! can be measured. Nothing here writes a file.

mod book;
mod calendar;
mod dice;
mod inbox;
mod planted;
mod pool;
mod story;
mod told;
mod typed;

use crate::locale::Lang;

pub use calendar::Weeks;
pub use planted::{Campaign, Kind, Planted, Said, Week, Wording};

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The same number gives the same bytes.
    pub seed: u64,
    /// Weeks.
    pub weeks: usize,
    /// Campaigns.
    pub campaigns: usize,
    /// Most copies of one campaign in one week.
    pub copies: usize,
    /// Monday of the first week.
    pub first: chrono::NaiveDate,
}

/// Why nothing could be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError<E> {
    /// A blank could not be written or filled in: a fault of this program.
    #[error("a workbook could not be made: {0}")]
    Workbook(String),
    /// Whoever takes the files could not.
    #[error(transparent)]
    Taken(E),
}

/// Whoever takes a file: its path below the folder, and its bytes.
pub type Taker<'a, E> = dyn FnMut(&str, &[u8]) -> Result<(), E> + 'a;

/// Makes everything; files are handed over one by one, by their paths below the folder.
///
/// # Errors
/// When a workbook cannot be made, or `take` refuses.
pub fn make<E>(plan: &Plan, lang: Lang, take: &mut Taker<'_, E>) -> Result<Planted, MakeError<E>> {
    let weeks = Weeks::of(plan);
    let stories: Vec<story::Story<'_>> = (0..plan.campaigns).map(|n| story::Story::of(plan, n)).collect();
    let mut planted = Planted::of(plan, &weeks, &stories);
    let mut blanks = Vec::new();
    for story in &stories {
        blanks.push(book::Blank::issue(story).map_err(MakeError::Workbook)?);
    }
    for week in 0..plan.weeks {
        let name = weeks.name(week);
        for (story, blank) in stories.iter().zip(&blanks) {
            let made = inbox::week(plan, &weeks, story, blank, week).map_err(MakeError::Workbook)?;
            for (file, bytes) in &made.files {
                take(&format!("{name}/{file}"), bytes).map_err(MakeError::Taken)?;
            }
            planted.said.extend(made.said);
        }
        let roster = planted::roster(&stories, &weeks, week);
        take(&format!("{}/{name}.toml", planted::ROSTERS), roster.as_bytes()).map_err(MakeError::Taken)?;
    }
    planted.said.sort();
    take("README.md", planted.readme(plan, lang).as_bytes()).map_err(MakeError::Taken)?;
    let json = serde_json::to_string_pretty(&planted).unwrap_or_default() + "\n";
    take("planted.json", json.as_bytes()).map_err(MakeError::Taken)?;
    Ok(planted)
}
