//! Lessons of all weeks, each once: with whom it stands, and in which weeks.

use std::collections::HashMap;
use std::sync::Arc;

use super::Week;
use crate::likeness::bare;
use crate::record::summary::LessonLine;

/// One lesson of one campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The campaign's id.
    pub campaign: String,
    /// Its name.
    pub name: String,
    /// As it was last written.
    pub line: LessonLine,
    /// The first week it stood in.
    pub first: String,
    /// The last one.
    pub last: String,
    /// Whether it stands in this week's workbook.
    pub here: bool,
}

/// Every lesson, those of this week first, then the latest.
pub fn library(past: &[Week], now: &Week) -> Vec<Remembered> {
    let mut weeks: Vec<&Week> = past.iter().filter(|week| week.period < now.period).collect();
    weeks.sort_by(|a, b| a.period.cmp(&b.period));
    weeks.push(now);
    let mut index: HashMap<(&str, String), usize> = HashMap::new();
    // A line that stood in many weeks is folded once.
    let mut known: HashMap<(&str, *const LessonLine), usize> = HashMap::new();
    let mut all: Vec<Remembered> = Vec::new();
    for week in weeks {
        for kept in &week.campaigns {
            for line in &kept.lessons {
                let campaign = kept.of.campaign.as_str();
                let at = *known.entry((campaign, Arc::as_ptr(line))).or_insert_with(|| {
                    *index.entry((campaign, bare(&line.content))).or_insert_with(|| {
                        all.push(Remembered {
                            campaign: campaign.to_owned(),
                            name: kept.of.name.clone(),
                            line: LessonLine::clone(line),
                            first: week.period.clone(),
                            last: String::new(),
                            here: false,
                        });
                        all.len() - 1
                    })
                });
                let one = &mut all[at];
                one.line.clone_from(line);
                one.last.clone_from(&week.period);
                one.here = week.period == now.period;
            }
        }
    }
    all.sort_by(|a, b| {
        let key = |one: &Remembered| (!one.here, std::cmp::Reverse(one.last.clone()), one.campaign.clone());
        key(a).cmp(&key(b))
    });
    all
}
