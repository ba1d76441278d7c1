//! Findings against those of an earlier reading: new, still there, fixed.
//!
//! The earlier reading is the JSON that `fupan check` or a run's record holds.
//! Findings are matched by the fingerprints of their cells, so a finding whose
//! first cell was mended and whose others were not is still the same finding.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::diagnostic::Finding;
use crate::record::TOOL;
use crate::record::finding::Finding as Past;

/// An earlier reading.
#[derive(Debug, Default)]
pub struct Baseline {
    files: Vec<PastFile>,
}

#[derive(Debug, Deserialize)]
struct Written {
    tool: String,
    files: Vec<PastFile>,
}

#[derive(Debug, Deserialize)]
struct PastFile {
    file: String,
    #[serde(default)]
    findings: Vec<Past>,
    campaign: Option<PastCampaign>,
}

/// A campaign of an earlier run.
#[derive(Debug, Deserialize)]
struct PastCampaign {
    campaign: String,
    name: String,
    set_aside_for: Option<String>,
}

/// How a finding stands to the earlier reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 新增.
    New,
    /// 仍在.
    Still,
    /// 仍在, with so many cells that were not among it.
    Grown(usize),
}

impl State {
    /// Whether `--fail-on` counts it: something about it was not there before.
    pub fn is_new(self) -> bool {
        self != State::Still
    }
}

/// A file's findings against the earlier reading.
#[derive(Debug, Default)]
pub struct Compared {
    /// How each finding stands, in their order.
    pub states: Vec<State>,
    /// 已修好: those that are gone.
    pub fixed: Vec<Past>,
}

impl Compared {
    /// How many findings are new (or grew), and how many are still there.
    pub fn counts(&self) -> (usize, usize) {
        let new = self.states.iter().filter(|state| state.is_new()).count();
        (new, self.states.len() - new)
    }
}

impl Baseline {
    /// Reads an earlier reading.
    ///
    /// # Errors
    /// What is wrong with it, in the parser's words.
    pub fn load(text: &str) -> Result<Baseline, String> {
        let written: Written = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if written.tool != TOOL {
            return Err(format!("tool: {}", written.tool));
        }
        Ok(Baseline { files: written.files })
    }

    /// The campaigns that counted in an earlier run: id, name, file. What `check` wrote knows none.
    pub fn campaigns(&self) -> Vec<(&str, &str, &str)> {
        let counted = self.files.iter().filter_map(|file| Some((file, file.campaign.as_ref()?)));
        counted
            .filter(|(_, campaign)| campaign.set_aside_for.is_none())
            .map(|(file, campaign)| (campaign.campaign.as_str(), campaign.name.as_str(), file.file.as_str()))
            .collect()
    }

    /// The earlier findings of a file: those of its campaign, which mail renames every week; where no
    /// campaign is known, by the file's name, else by the last part of it, else, where there was one file
    /// then and there is one now, of that.
    pub fn of(&self, file: &str, campaign: Option<&str>, alone: bool) -> &[Past] {
        let same = |past: &&PastFile| {
            past.campaign
                .as_ref()
                .is_some_and(|it| Some(it.campaign.as_str()) == campaign && it.set_aside_for.is_none())
        };
        if let Some(past) = self.files.iter().find(same) {
            return &past.findings;
        }
        let last = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let found = self.files.iter().find(|past| past.file == file).or_else(|| {
            let mut same = self.files.iter().filter(|past| last(&past.file) == last(file));
            same.next().filter(|_| same.next().is_none())
        });
        let only = self.files.first().filter(|_| alone && self.files.len() == 1);
        found.or(only).map_or(&[], |past| &past.findings)
    }
}

/// Puts findings against those of the earlier reading.
pub fn compare<'a>(now: impl Iterator<Item = &'a [String]>, past: &[Past]) -> Compared {
    let before: BTreeSet<&str> =
        past.iter().flat_map(|past| &past.fingerprints).map(String::as_str).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut states = Vec::new();
    for marks in now {
        let new = marks.iter().filter(|mark| !before.contains(mark.as_str())).count();
        states.push(match new {
            0 => State::Still,
            new if new == marks.len() => State::New,
            new => State::Grown(new),
        });
        seen.extend(marks.iter().map(String::as_str));
    }
    let is_gone = |past: &&Past| !past.fingerprints.iter().any(|mark| seen.contains(mark.as_str()));
    Compared { states, fixed: past.iter().filter(is_gone).cloned().collect() }
}

/// The same for findings at hand.
pub fn compare_findings(now: &[Finding], past: &[Past]) -> Compared {
    compare(now.iter().map(|finding| finding.fingerprints.as_slice()), past)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn marks(all: &[&str]) -> Vec<String> {
        all.iter().map(|mark| (*mark).to_owned()).collect()
    }

    fn past(all: &[&str]) -> Past {
        let text =
            r#"{"code":"missing-required","title":"","severity":"error","message":"","fingerprints":[]}"#;
        Past { fingerprints: marks(all), ..serde_json::from_str(text).unwrap() }
    }

    #[test]
    fn a_finding_is_new_or_still_there_or_has_grown_or_is_fixed() {
        let before = [past(&["a"]), past(&["b", "c"]), past(&["d"]), past(&["e", "f"])];
        let now = [marks(&["a"]), marks(&["c"]), marks(&["x"]), marks(&["e", "f", "g"])];
        let compared = compare(now.iter().map(Vec::as_slice), &before);
        assert_eq!(compared.states, [State::Still, State::Still, State::New, State::Grown(1)]);
        assert_eq!(compared.fixed, [past(&["d"])]);
        assert_eq!(compared.counts(), (2, 2));
    }

    #[test]
    fn a_file_is_found_by_its_name_or_the_last_part_of_it() {
        let text = r#"{"tool":"fupan","files":[
            {"file":"收件箱/甲.xlsx","findings":[{"code":"a","severity":"note","title":"","message":"","fingerprints":["1"]}]},
            {"file":"乙.xlsx","refused":{}}]}"#;
        let baseline = Baseline::load(text).unwrap();
        for (file, count) in [("收件箱/甲.xlsx", 1), ("上周/甲.xlsx", 1), ("甲 (1).xlsx", 0), ("乙.xlsx", 0)]
        {
            assert_eq!(baseline.of(file, None, false).len(), count, "{file}");
        }
    }

    #[test]
    fn one_file_then_and_one_now_are_the_same_whatever_their_names() {
        let text = r#"{"tool":"fupan","files":[{"file":"终版.xlsx","findings":[
            {"code":"a","severity":"error","title":"","message":"","fingerprints":["1"]}]}]}"#;
        let baseline = Baseline::load(text).unwrap();
        assert_eq!(baseline.of("终版v2.xlsx", None, true).len(), 1);
        assert_eq!(baseline.of("终版v2.xlsx", None, false).len(), 0);
    }

    #[test]
    fn what_is_no_reading_of_ours_is_no_baseline() {
        for text in [
            "",
            "[]",
            r#"{"tool":"other","files":[]}"#,
            r#"{"tool":"fupan","files":[{"file":"a","findings":[{"code":"a"}]}]}"#,
        ] {
            assert!(Baseline::load(text).is_err(), "{text}");
        }
    }
}
