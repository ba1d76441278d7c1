//! Workbooks for tests of rules: tables by id, columns by id, rows as one would type them.
//!
//! They go through reading, binding and analysis, so that a test says what a person types and what the person is told.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::{Ctx, Rule, check};
use crate::campaign::bind;
use crate::catalogue::Catalogue;
use crate::catalogue::decode::{ReadPolicy, decode_with};
use crate::catalogue::labels::{Matcher, TeamAliases};
use crate::cell::{CellRef, Content};
use crate::diagnostic::{Finding, Sink};
use crate::locale::Lang;
use crate::metrics::{Basis, analyse};
use crate::policy::Policy;
use crate::workbook::{Cell, Sheet, Workbook};

static MATCHER: LazyLock<Matcher<'static>> =
    LazyLock::new(|| Matcher::new(Catalogue::shipped(), &TeamAliases::default()));

/// A workbook being filled in, as of the first of November 2024.
pub struct Sheets {
    workbook: Workbook,
    as_of: NaiveDate,
}

pub fn sheets() -> Sheets {
    Sheets { workbook: Workbook::default(), as_of: NaiveDate::from_ymd_opt(2024, 11, 1).unwrap_or_default() }
}

impl Sheets {
    /// A list: column ids (or headers of one's own) and rows, cells parted by `|`. Headers stand in row 1.
    pub fn list(self, table: &str, columns: &str, rows: &[&str]) -> Sheets {
        let declared = Catalogue::shipped().tables.get(table).expect("a table");
        let label = |column: &str| {
            declared.column(column).map_or_else(|| column.to_owned(), |column| column.label.get(Lang::Zh))
        };
        let mut lines = vec![columns.split_whitespace().map(label).collect::<Vec<String>>()];
        lines.extend(rows.iter().map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect()));
        self.sheet(&declared.label.get(Lang::Zh), &lines)
    }

    /// A form: column ids with their values, from row 2 of column B.
    pub fn form(self, table: &str, items: &[(&str, &str)]) -> Sheets {
        let declared = Catalogue::shipped().tables.get(table).expect("a table");
        let mut lines = vec![vec!["项目".to_owned(), "内容说明".to_owned()]];
        for (id, value) in items {
            let column = declared.column(id).expect("a column");
            lines.push(vec![column.label.get(Lang::Zh), (*value).to_owned()]);
        }
        self.sheet(&declared.label.get(Lang::Zh), &lines)
    }

    fn sheet(mut self, name: &str, lines: &[Vec<String>]) -> Sheets {
        let mut sheet = Sheet::new(name);
        for (row, line) in (0..).zip(lines) {
            for (col, text) in (0..).zip(line) {
                let content = match text.parse::<f64>() {
                    _ if text.is_empty() => continue,
                    Ok(number) => Content::Number(number),
                    Err(_) => Content::Text(text.clone()),
                };
                sheet.cells.insert(CellRef::new(row, col), Cell { content, ..Cell::default() });
            }
        }
        self.workbook.sheets.push(sheet);
        self
    }

    /// What reading and all rules say together.
    pub fn review(&self) -> Vec<Finding> {
        let (mut reading, rules) = self.judged(check);
        reading.extend(rules);
        reading
    }

    /// What reading says, and what the judge says.
    fn judged(&self, judge: impl Fn(&Ctx<'_>, &mut Sink)) -> (Vec<Finding>, Vec<Finding>) {
        let (policy, mut reading) = (Policy::default(), Sink::default());
        let records = decode_with(&MATCHER, &self.workbook, &ReadPolicy::default(), &mut reading);
        let campaign = bind(&records);
        let catalogue = Catalogue::shipped();
        let basis =
            Basis { catalogue, records: &records, campaign: &campaign, policy: &policy, as_of: self.as_of };
        let analysis = analyse(basis);
        let ctx = Ctx {
            catalogue,
            records: &records,
            campaign: &campaign,
            analysis: &analysis,
            policy: &policy,
            as_of: self.as_of,
        };
        let mut sink = Sink::default();
        judge(&ctx, &mut sink);
        (reading.findings, sink.findings)
    }

    /// Holds what one rule says to `code table!cell`, with `+n` for further cells of the cause; answers with the findings.
    #[track_caller]
    pub fn tells(&self, rule: &Rule, expected: &[&str]) -> Vec<Finding> {
        let (reading, findings) = self.judged(rule.check);
        let told: Vec<String> = findings.iter().map(line).collect();
        let read: Vec<String> = reading.iter().map(line).collect();
        assert_eq!(told, expected, "reading said {read:#?}");
        for finding in &findings {
            for text in
                [Lang::Zh, Lang::En].into_iter().flat_map(|lang| [finding.message(lang), finding.help(lang)])
            {
                assert!(!text.contains('{'), "unfilled: {text}");
            }
        }
        findings
    }

    /// The rule says nothing.
    #[track_caller]
    pub fn silent(&self, rule: &Rule) {
        self.tells(rule, &[]);
    }
}

/// A finding as one line of a test.
pub fn line(finding: &Finding) -> String {
    let table = finding.table.as_deref().unwrap_or("?");
    let cell = finding.at.as_ref().map_or("-".to_owned(), |at| at.cell.to_string());
    let more = if finding.more.is_empty() { String::new() } else { format!(" +{}", finding.more.len()) };
    format!("{} {table}!{cell}{more}", finding.code.name)
}
