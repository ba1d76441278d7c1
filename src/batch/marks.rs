//! Findings as marks on the team's own cells: a highlight that is itself the check, and a note.
//!
//! A check that refers to other sheets or to a number read from text cannot be
//! said as a condition of the cell's sheet; such a cell is marked as long as it
//! and what it was held against in its row hold what they held.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::catalogue::typed;
use crate::cell::{Area, CellRef, Content, MAX_ROWS, Place};
use crate::diagnostic::{Finding, Severity, shorten};
use crate::expr::{Expr, Leaf, Range, Val, Values};
use crate::locale::Lang;
use crate::mark::{self, Mended};
use crate::words::Words;
use crate::workbook::{Cell, Sheet, Workbook};
use crate::xlsx::graft::{MarkFormat, SheetMarks};

/// Notes on more cells of one finding than this would bury the sheet.
const MOST_NOTES: usize = 200;
/// Of this many cells of one finding the condition is tried out; the others are like them.
const TRIED: usize = 200;
/// More areas than this make one format unreadable to people.
const MOST_AREAS: usize = 200;
/// Longer conditions are no check a person could follow.
const LONGEST_CONDITION: usize = 2000;
/// Longer columns are not counted in.
const MOST_ROWS: u32 = 10_000;
/// Other cells of the row whose change may mend a cell.
const MOST_RELATED: usize = 8;
/// Days between the first days of the two systems of dates.
const DAYS_TO_1904: f64 = 1462.0;

/// The marks for the findings from warning upwards, sheet by sheet.
pub fn marks(workbook: &Workbook, findings: &[Finding], lang: Lang) -> Vec<SheetMarks> {
    let marker = Marker::new(workbook);
    let words = Words::load(&[include_str!("marks.toml")], lang);
    let mut formats: IndexMap<Key<'_>, Vec<(CellRef, String)>> = IndexMap::new();
    let mut notes: HashMap<&str, Vec<(CellRef, String)>> = HashMap::new();
    let shown = findings.iter().filter(|finding| {
        finding.severity >= Severity::Warning && !matches!(finding.code.mended, Mended::WhenCalculated)
    });
    for finding in shown {
        let declared: HashMap<&Place, &Expr> =
            finding.marks.iter().map(|mark| (&mark.at, &mark.when)).collect();
        let places = finding.at.iter().chain(&finding.more);
        for (count, place) in places.filter(|place| marker.sheets.contains_key(&*place.sheet)).enumerate() {
            if let Some(when) = marker.condition(finding, place, declared.get(place).copied(), count < TRIED)
            {
                let key = (&*place.sheet, finding.severity, place.cell.col, relative(&when, place));
                let formula = when.formula(&place.sheet, &|_| None);
                formats.entry(key).or_default().push((place.cell, formula));
            }
            if count < MOST_NOTES {
                let text = note(finding, place, &marker, &words, lang);
                notes.entry(&*place.sheet).or_default().push((place.cell, text));
            }
        }
    }
    let sheets = workbook.sheets.iter().map(|sheet| SheetMarks {
        sheet: sheet.name.to_string(),
        formats: formats
            .iter()
            .filter(|((name, ..), _)| **name == *sheet.name)
            .flat_map(|((_, severity, ..), cells)| areas(*severity, cells.clone()))
            .collect(),
        notes: notes.remove(&*sheet.name).unwrap_or_default(),
    });
    sheets.filter(|marks| !marks.formats.is_empty() || !marks.notes.is_empty()).collect()
}

/// What cells of one format share: sheet, level, column, and the condition as seen from the cell.
type Key<'a> = (&'a str, Severity, u32, String);

/// One format for cells of one column, or several where they lie too scattered for one.
fn areas(severity: Severity, mut cells: Vec<(CellRef, String)>) -> Vec<MarkFormat> {
    cells.sort_by_key(|(cell, _)| *cell);
    cells.dedup_by_key(|(cell, _)| *cell);
    let mut formats: Vec<MarkFormat> = Vec::new();
    for (cell, formula) in cells {
        let next = |area: &Area| area.last.row + 1 == cell.row;
        match formats.last_mut() {
            Some(MarkFormat { areas, .. }) if areas.last().is_some_and(next) => {
                areas.last_mut().into_iter().for_each(|area| area.last = cell);
            }
            Some(MarkFormat { areas, .. }) if areas.len() < MOST_AREAS => areas.push(Area::new(cell, cell)),
            _ => formats.push(MarkFormat { areas: vec![Area::new(cell, cell)], formula, severity }),
        }
    }
    formats
}

/// The condition as seen from its cell: equal for cells that one format may hold.
fn relative(when: &Expr, from: &Place) -> String {
    let seen = when.replaced(
        &mut |leaf| match leaf {
            Leaf::Cell { at, value } => {
                let row = at.cell.row + 2 * MAX_ROWS - from.cell.row;
                let at = Place::new(at.sheet.clone(), CellRef::new(row, at.cell.col));
                Leaf::Cell { at, value: value.clone() }
            }
            other => other.clone(),
        },
        &mut Range::clone,
    );
    seen.formula(&from.sheet, &|_| None)
}

/// What the note says: what is found, and what to do.
fn note(finding: &Finding, place: &Place, marker: &Marker<'_>, words: &Words, lang: Lang) -> String {
    let typed = |place: &Place| typed(marker.content(place));
    let first = finding.at.as_ref().map(typed);
    // The message quotes the first cell: elsewhere it is to quote what stands there.
    let own = (first.is_some() && first == finding.found).then(|| typed(place));
    let same = finding.at.as_ref() == Some(place) || own.is_some() && own == finding.found;
    let second = match finding.suggestion.as_ref().filter(|_| same) {
        Some(value) => words.say("suggestion", &[("value", &shorten(value, 100))]),
        None => shorten(&finding.help(lang), 100),
    };
    let message = match own.filter(|_| !same) {
        Some(own) => Finding { found: Some(own), ..finding.clone() }.message(lang),
        None => finding.message(lang),
    };
    format!("{}\n{second}", shorten(&message, 160))
}

/// What columns hold, by sheet and area: one is asked for by each of its cells.
type Columns = HashMap<(Arc<str>, Area), Values>;

/// The workbook a mark is tried out on.
struct Marker<'w> {
    workbook: &'w Workbook,
    sheets: HashMap<&'w str, &'w Sheet>,
    columns: RefCell<Columns>,
}

impl<'w> Marker<'w> {
    fn new(workbook: &'w Workbook) -> Marker<'w> {
        let sheets = workbook.sheets.iter().map(|sheet| (&*sheet.name, sheet)).collect();
        Marker { workbook, sheets, columns: RefCell::default() }
    }

    fn cell(&self, place: &Place) -> Option<&'w Cell> {
        self.sheets.get(&*place.sheet)?.cells.get(&place.cell)
    }

    fn content(&self, place: &Place) -> &'w Content {
        static BLANK: Content = Content::Blank;
        self.cell(place).map_or(&BLANK, |cell| &cell.content)
    }

    /// The condition that holds now and will not once the cell is mended.
    fn condition(
        &self,
        finding: &Finding,
        place: &Place,
        declared: Option<&Expr>,
        tried: bool,
    ) -> Option<Expr> {
        let cell = self.cell(place);
        if cell.is_some_and(|cell| cell.formula.is_some() && cell.content.is_blank()) {
            // What it will hold once calculated, nobody knows.
            return None;
        }
        let own = match finding.code.mended {
            Mended::Unless(check) => Some(check(mark::cell(place))),
            Mended::WhenChanged | Mended::WhenCalculated => None,
        };
        let check = declared.cloned().or(own).filter(|check| self.can_stand_on(check, &place.sheet));
        let check = check.map(|check| self.filled(&check)).filter(|check| !tried || holds(check));
        check.or_else(|| self.unchanged(finding, place).filter(holds))
    }

    /// The cell, and what the finding holds it against in its row, still hold what they held.
    fn unchanged(&self, finding: &Finding, place: &Place) -> Option<Expr> {
        let own = mark::is_unchanged(mark::cell(place), &self.stored(place))?;
        let beside = finding.related.iter().filter(|other| {
            other.sheet == place.sheet && other.cell.row == place.cell.row && other.cell.col != place.cell.col
        });
        let others = beside
            .take(MOST_RELATED)
            .filter_map(|other| mark::is_unchanged(mark::cell(other), &self.stored(other)));
        Some(self.filled(&mark::all_of(std::iter::once(own).chain(others))))
    }

    /// Whether a condition is one that a format of the sheet may have: formats do not see other sheets.
    fn can_stand_on(&self, check: &Expr, sheet: &str) -> bool {
        let mut can = !check.is_constant();
        check.walk(&mut |expr| match expr {
            Expr::Leaf(Leaf::Cell { at, .. }) => {
                // Reading has moved the days of 1904 to those of 1900; constants in a check are of 1900.
                let moved = self.workbook.epoch_1904 && matches!(self.content(at), Content::Serial(_));
                can &= &*at.sheet == sheet && !moved;
            }
            Expr::Leaf(Leaf::Normalised(_)) => can = false,
            Expr::Range(range) => {
                can &= &*range.sheet == sheet && range.area.last.row - range.area.first.row < MOST_ROWS;
            }
            _ => {}
        });
        can && check.formula(sheet, &|_| None).len() <= LONGEST_CONDITION
    }

    /// What a formula sees in a cell.
    fn stored(&self, place: &Place) -> Content {
        match self.content(place) {
            Content::Serial(day) if self.workbook.epoch_1904 => Content::Serial(day - DAYS_TO_1904),
            content => content.clone(),
        }
    }

    fn value(&self, place: &Place) -> Val {
        match self.stored(place) {
            Content::Blank => Val::Blank,
            Content::Number(n) | Content::Serial(n) => Val::Number(n),
            Content::Text(text) => Val::Text(text.into()),
            Content::Bool(yes) => Val::Bool(yes),
            Content::Error(_) => Val::Error,
        }
    }

    /// The condition over what the cells hold.
    fn filled(&self, check: &Expr) -> Expr {
        check.replaced(
            &mut |leaf| match leaf {
                Leaf::Cell { at, .. } => Leaf::Cell { at: at.clone(), value: self.value(at) },
                other => other.clone(),
            },
            &mut |range| Range { values: self.column(range), ..range.clone() },
        )
    }

    fn column(&self, range: &Range) -> Values {
        let key = (range.sheet.clone(), range.area);
        let mut columns = self.columns.borrow_mut();
        let Area { first, last } = range.area;
        let read = || {
            let rows =
                (first.row..=last.row).flat_map(|row| (first.col..=last.col).map(move |col| (row, col)));
            rows.map(|(row, col)| self.value(&Place::new(range.sheet.clone(), CellRef::new(row, col))))
                .collect()
        };
        columns.entry(key).or_insert_with(read).clone()
    }
}

fn holds(check: &Expr) -> bool {
    check.value() == Val::Bool(true)
}
