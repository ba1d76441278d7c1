//! Findings gathered while a table is read: one cause is one finding with its cells.

use indexmap::IndexMap;

use crate::diagnostic::{Arg, Finding, Sink};

/// More different words than this are not all said.
const MOST_WORDS: usize = 12;

/// Words of one finding: each once, and not too many of them.
fn extend(list: &mut Vec<Arg>, more: Vec<Arg>) {
    for word in more {
        match list.len() {
            MOST_WORDS => list.push(Arg::Text("…".into())),
            len if len < MOST_WORDS && !list.contains(&word) => list.push(word),
            _ => {}
        }
    }
}

/// Findings by cause, in the order first met.
#[derive(Debug, Default)]
pub struct Tally {
    findings: IndexMap<(&'static str, Option<String>, String), Finding>,
}

impl Tally {
    /// Says something; the same code, column and cause again only adds its cell.
    pub fn add(&mut self, cause: impl Into<String>, finding: Finding) {
        let key = (finding.code.name, finding.column.clone(), cause.into());
        match self.findings.entry(key) {
            indexmap::map::Entry::Vacant(empty) => {
                empty.insert(finding);
            }
            indexmap::map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.severity = known.severity.max(finding.severity);
                known.marks.extend(finding.marks);
                for (name, more) in finding.args {
                    let list = known.args.iter_mut().find(|(other, _)| *other == name).map(|(_, arg)| arg);
                    if let (Some(Arg::All(list)), Arg::All(more)) = (list, more) {
                        extend(list, more);
                    }
                }
                for place in finding.at.iter().chain(&finding.more) {
                    if known.at.as_ref() != Some(place) && known.more.last() != Some(place) {
                        known.more.push(place.clone());
                    }
                }
            }
        }
    }

    /// Takes over what another tally gathered.
    pub fn absorb(&mut self, other: Tally) {
        for ((_, _, cause), finding) in other.findings {
            self.add(cause, finding);
        }
    }

    /// Hands everything over, the number of cells filled in.
    pub fn report(self, sink: &mut Sink) {
        for (_, mut finding) in self.findings {
            let cells = finding.more.len() + usize::from(finding.at.is_some());
            finding.args.push(("count", Arg::Count(cells)));
            sink.report(finding);
        }
    }
}
