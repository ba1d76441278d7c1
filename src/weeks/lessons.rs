//! Lessons of all weeks, each once: with whom it stands, and in which weeks.

use std::collections::HashMap;

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
    let mut all: Vec<Remembered> = Vec::new();
    for week in weeks {
        for kept in &week.campaigns {
            for line in &kept.lessons {
                let key = (kept.of.campaign.as_str(), bare(&line.content));
                let at = *index.entry(key).or_insert_with(|| {
                    all.push(Remembered {
                        campaign: kept.of.campaign.clone(),
                        name: kept.of.name.clone(),
                        line: line.clone(),
                        first: week.period.clone(),
                        last: String::new(),
                        here: false,
                    });
                    all.len() - 1
                });
                let one = &mut all[at];
                (one.line, one.last) = (line.clone(), week.period.clone());
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
