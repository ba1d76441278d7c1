//! What became of every value: right, reported, or silently lost or changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fupan::catalogue::record::{Records, Value};
use fupan::cell::Place;
use fupan::diagnostic::Finding;

use super::meaning::right;
use super::render::{Key, Truth};

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Right,
    Reported,
    Silent,
}

/// A value and what became of it.
#[derive(Debug, Clone)]
pub struct Judged {
    pub fate: Fate,
    pub kinds: BTreeSet<&'static str>,
    /// In words, where it is not right.
    pub about: String,
}

/// Findings that say of the cells, column, table or sheet they name that something was not read as it stands.
const UNREAD_CELLS: &[&str] = &[
    "placeholder-left",
    "unreadable-number",
    "unreadable-percent",
    "unreadable-date",
    "unreadable-period",
    "unreadable-target",
    "unreadable-measure",
    "unreadable-duration",
    "unreadable-price",
    "unreadable-quantity",
    "unreadable-score",
    "unreadable-yesno",
    "ambiguous-value",
    "not-in-list",
    "percent-as-whole-number",
    "unit-contradicts-column",
    "negative-value",
    "rate-over-100",
    "formula-error",
    "formula-without-result",
    "vague-date",
    "end-before-start",
    "score-out-of-range",
    "several-values-in-cell",
    "value-turned-into-date",
    "too-many-digits",
    "picture-cell",
    "merged-amount",
];
const UNREAD_HEADERS: &[&str] =
    &["duplicate-header", "ambiguous-header", "extra-column", "unit-contradicts-column"];
const UNREAD_SHEETS: &[&str] = &["extra-sheet", "sheet-not-recognised", "table-twice", "ambiguous-table"];

/// Judges everything that was to be read, and everything that was.
pub fn judge(
    truths: &indexmap::IndexMap<Key, Truth>,
    records: &Records,
    findings: &[Finding],
) -> Vec<Judged> {
    let mut standing: HashMap<&Place, Vec<Key>> = HashMap::new();
    for (key, truth) in truths {
        for place in &truth.places {
            standing.entry(place).or_default().push(*key);
        }
    }
    let mut read: HashMap<Key, Vec<(&Value, &Place)>> = HashMap::new();
    let mut all: Vec<Judged> = Vec::new();
    let mut invented =
        |about: String, kinds: BTreeSet<&'static str>| all.push(Judged { fate: Fate::Silent, kinds, about });
    for (id, table) in &records.tables {
        for record in &table.rows {
            let values: Vec<(&String, &Value, &Place)> = record
                .fields
                .iter()
                .filter_map(|(column, field)| Some((column, field.value.as_ref()?, field.at.as_ref()?)))
                .collect();
            // The row of the draft most cells of the record belong to.
            let mut votes: BTreeMap<(&str, usize), usize> = BTreeMap::new();
            for (_, _, place) in &values {
                let keys = standing.get(place).into_iter().flatten().filter(|key| key.0 == id);
                let rows: BTreeSet<(&str, usize)> = keys.map(|(table, row, _)| (*table, *row)).collect();
                for row in rows {
                    *votes.entry(row).or_default() += 1;
                }
            }
            let row = votes.iter().max_by_key(|(_, votes)| **votes).map(|(row, _)| *row);
            for (column, value, place) in values {
                let here = standing.get(place).map_or(&[][..], Vec::as_slice);
                let meant =
                    here.iter().find(|key| Some((key.0, key.1)) == row && key.0 == id && key.2 == column);
                match meant {
                    Some(key) => read.entry(*key).or_default().push((value, place)),
                    // An amount left blank that price and quantity give is computed, not read.
                    None if here.is_empty() && (id == "budget" && column == "total") => {}
                    None => {
                        let kinds = here.first().map(|key| truths[key].kinds.clone()).unwrap_or_else(|| {
                            truths
                                .iter()
                                .filter(|(key, _)| key.0 == id)
                                .flat_map(|(_, it)| it.kinds.clone())
                                .collect()
                        });
                        let stood =
                            here.first().map_or("nothing of ours".to_owned(), |key| format!("{key:?}"));
                        invented(
                            format!("{id}.{column} = {value:?} from {place}, where {stood} stands"),
                            kinds,
                        );
                    }
                }
            }
        }
    }
    for (key, truth) in truths {
        let values = read.get(key).map_or(&[][..], Vec::as_slice);
        let place = &truth.places[0];
        let said = || format!("{key:?} “{}” at {place}", truth.cell.content.to_text());
        let (fate, about) = match values {
            [(value, _)] if right(truth.column, &truth.say, value) => (Fate::Right, String::new()),
            [(value, at)] => {
                let told = findings
                    .iter()
                    .any(|finding| UNREAD_CELLS.contains(&finding.code.name) && names(finding, at));
                (
                    if told { Fate::Reported } else { Fate::Silent },
                    format!("{} read as {value:?} for {:?}", said(), truth.say),
                )
            }
            // What two tables say in one cell is read if one of them says it.
            [] if said_elsewhere(key, truth, truths, &read) => continue,
            [] => {
                let told = told(key, truth, records, findings);
                let fate = if told.is_some() { Fate::Reported } else { Fate::Silent };
                (fate, format!("{} not read ({})", said(), told.unwrap_or("nobody says so".into())))
            }
            _ => (Fate::Silent, format!("{} read {} times", said(), values.len())),
        };
        all.push(Judged { fate, kinds: truth.kinds.clone(), about });
    }
    all
}

/// Whether another table's value of the same cell was read as it is meant.
fn said_elsewhere(
    key: &Key,
    truth: &Truth,
    truths: &indexmap::IndexMap<Key, Truth>,
    read: &HashMap<Key, Vec<(&Value, &Place)>>,
) -> bool {
    let of_cell = |other: &Key, it: &Truth| other.0 != key.0 && it.places[0] == truth.places[0];
    truths.iter().filter(|(other, it)| of_cell(other, it)).any(|(other, it)| {
        matches!(read.get(other).map(Vec::as_slice), Some([(value, _)]) if right(it.column, &it.say, value))
    })
}

fn names(finding: &Finding, place: &Place) -> bool {
    finding.at.as_ref() == Some(place) || finding.more.contains(place)
}

/// What says of a value that it was not read.
fn told(key: &Key, truth: &Truth, records: &Records, findings: &[Finding]) -> Option<String> {
    for finding in findings {
        let code = finding.code.name;
        let cell = UNREAD_CELLS.contains(&code) && truth.places.iter().any(|place| names(finding, place));
        let header =
            UNREAD_HEADERS.contains(&code) && truth.headers.iter().any(|place| names(finding, place));
        let sheet = UNREAD_SHEETS.contains(&code)
            && truth.places.iter().any(|place| finding.sheet.as_deref() == Some(&*place.sheet))
            && (code != "table-twice" || finding.table.as_deref() == Some(key.0))
            && (code != "ambiguous-table"
                || finding.at.as_ref().is_some_and(|at| {
                    truth
                        .headers
                        .iter()
                        .any(|header| header.cell.row == at.cell.row && header.sheet == at.sheet)
                }));
        let missing = code == "required-column-missing"
            && finding.table.as_deref() == Some(key.0)
            && finding
                .column
                .as_deref()
                .is_some_and(|columns| columns.split('、').any(|column| column == truth.column.label.zh));
        if cell || header || sheet || missing {
            return Some(code.to_owned());
        }
    }
    let unread = records.unread.iter().find(|unread| {
        truth.places.iter().any(|place| {
            *unread.sheet == *place.sheet && unread.area.is_none_or(|area| area.contains(place.cell))
        })
    });
    unread.map(|unread| format!("unread: {}", unread.reason))
}
