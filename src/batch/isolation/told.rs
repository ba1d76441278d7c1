//! Findings as they cross the pipe: names instead of what they name.

use serde::{Deserialize, Serialize};

use crate::cell::Place;
use crate::diagnostic::{Arg, Finding, Severity, known};
use crate::metrics;
use crate::metrics::blockers::{Blocker, Unlock};

/// A [`Finding`] whose code is only named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    code: String,
    severity: Severity,
    at: Option<Place>,
    sheet: Option<String>,
    table: Option<String>,
    column: Option<String>,
    row: Option<String>,
    found: Option<String>,
    suggestion: Option<String>,
    args: Vec<(String, Arg)>,
    more: Vec<Place>,
    related: Vec<Place>,
    fingerprints: Vec<String>,
}

impl Told {
    /// The finding to be sent.
    pub fn of(finding: &Finding) -> Told {
        Told {
            code: finding.code.name.to_owned(),
            severity: finding.severity,
            at: finding.at.clone(),
            sheet: finding.sheet.clone(),
            table: finding.table.clone(),
            column: finding.column.clone(),
            row: finding.row.clone(),
            found: finding.found.clone(),
            suggestion: finding.suggestion.clone(),
            args: finding.args.iter().map(|(name, arg)| ((*name).to_owned(), arg.clone())).collect(),
            more: finding.more.clone(),
            related: finding.related.clone(),
            fingerprints: finding.fingerprints.clone(),
        }
    }

    /// The finding that was sent; `None` where there is no such code.
    pub fn finding(self) -> Option<Finding> {
        let code = crate::batch::codes().find(|code| code.name == self.code)?;
        Some(Finding {
            code,
            severity: self.severity,
            at: self.at,
            sheet: self.sheet,
            table: self.table,
            column: self.column,
            row: self.row,
            found: self.found,
            suggestion: self.suggestion,
            args: self.args.into_iter().map(|(name, arg)| (known(&name), arg)).collect(),
            more: self.more,
            related: self.related,
            // Marks are put where the workbook is.
            marks: Vec::new(),
            fingerprints: self.fingerprints,
        })
    }
}

/// A [`Blocker`] whose figures are only named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToldBlocker {
    cells: Vec<Place>,
    unlocks: Vec<(String, Vec<String>)>,
}

impl ToldBlocker {
    /// The blocker to be sent.
    pub fn of(blocker: &Blocker) -> ToldBlocker {
        let unlocks = blocker.unlocks.iter().map(|it| (it.metric.name.to_owned(), it.of.clone())).collect();
        ToldBlocker { cells: blocker.cells.clone(), unlocks }
    }

    /// The blocker that was sent; `None` where there is no such figure.
    pub fn blocker(self) -> Option<Blocker> {
        let metrics = metrics::all();
        let unlock = |(name, of): (String, Vec<String>)| {
            let metric = metrics.iter().copied().find(|metric| metric.name == name)?;
            Some(Unlock { metric, of })
        };
        let unlocks = self.unlocks.into_iter().map(unlock).collect::<Option<_>>()?;
        Some(Blocker { cells: self.cells, unlocks })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::batch::findings::TOO_LARGE;
    use crate::cell::CellRef;

    #[test]
    fn a_finding_comes_back_as_it_was_sent() {
        let place = Place::new("表!1", CellRef::new(2, 3));
        let args = [
            Arg::Text("甲".into()),
            Arg::Quote("乙".into()),
            Arg::Number(0.1 + 0.2),
            Arg::Number(f64::NEG_INFINITY),
            Arg::Times(f64::INFINITY),
            Arg::Phrase(vec![Arg::Percent(f64::INFINITY), Arg::Money(-0.0)]),
            Arg::Money(1e9),
            Arg::Percent(1.0 / 3.0),
            Arg::Count(7),
            Arg::Date(chrono::NaiveDate::from_ymd_opt(2024, 12, 1).unwrap()),
            Arg::List(vec!["a".into(), "b".into()]),
            Arg::Word("measure-cells"),
        ];
        let mut finding = Finding::new(&TOO_LARGE).at(&place).of("channels", "花费").found("x").suggest("y");
        finding = finding.also(&place).related(&place);
        finding.fingerprints = vec!["1".into(), "2".into()];
        for arg in args {
            finding = finding.arg("measure", arg);
        }
        let sent = serde_json::to_vec(&Told::of(&finding)).unwrap();
        let back: Told = serde_json::from_slice(&sent).unwrap();
        assert_eq!(back.finding().unwrap(), finding);
    }

    #[test]
    fn what_is_no_number_at_all_crosses_too() {
        let finding = Finding::new(&TOO_LARGE).arg("measure", Arg::Number(f64::NAN));
        let sent = serde_json::to_vec(&Told::of(&finding)).unwrap();
        let back: Told = serde_json::from_slice(&sent).unwrap();
        assert!(matches!(back.finding().unwrap().args[..], [("measure", Arg::Number(n))] if n.is_nan()));
    }

    #[test]
    fn a_blocker_comes_back_as_it_was_sent() {
        let metric = metrics::all()[0];
        let cells = vec![Place::new("表", CellRef::new(2, 3))];
        let blocker = Blocker { cells, unlocks: vec![Unlock { metric, of: vec!["甲".into()] }] };
        assert_eq!(ToldBlocker::of(&blocker).blocker(), Some(blocker));
    }

    #[test]
    fn a_code_nobody_knows_is_no_finding() {
        let mut told = Told::of(&Finding::new(&TOO_LARGE));
        told.code = "no-such-code".into();
        assert_eq!(told.finding(), None);
    }
}
