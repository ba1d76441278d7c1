//! A unit stated once for a whole table, in a line above it: 单位：万元.
//!
//! It speaks of the amounts of money whose headers state no unit of their own. Where
//! nobody can tell what it speaks of, that is said and nothing is converted.

use super::findings as says;
use super::grid::Grid;
use super::header::{HeaderUnit, UnitSort, is_unit_line, stated_units};
use super::labels::{Matcher, factor};
use super::locate::{LocatedTable, Shape};
use super::{Column, Kind, Shown};
use crate::cell::{Area, CellRef, Content, Place};
use crate::diagnostic::{Arg, Finding, Sink};
use crate::workbook::Sheet;

/// Lines above a header are looked through up to here.
const FARTHEST: u32 = 8;
/// A line of more cells is a row of a table, no title.
const MOST_CELLS: usize = 3;
/// A longer text is prose.
const LONGEST: usize = 80;

/// What a line says about the unit of a table.
#[derive(Debug, Clone)]
pub(super) struct UnitNote {
    at: CellRef,
    typed: String,
    /// The unit of amounts and its words; `None` where it is not said what the unit is for (单位：万).
    unit: Option<(String, HeaderUnit)>,
    /// It stands above this very table.
    own: bool,
}

impl UnitNote {
    /// The same line, with regard to a table further below: whether it speaks of that one, too, nobody knows.
    pub(super) fn in_doubt(self) -> UnitNote {
        let plain = |unit: &HeaderUnit| unit.sort == UnitSort::Yuan && unit.factor == 1.0;
        UnitNote { unit: self.unit.filter(|(_, unit)| plain(unit)), own: false, ..self }
    }
}

/// The nearest line above a table that states the unit of amounts, below the tables above it.
pub(super) fn above(grid: &Grid, area: Area, others: &[Area]) -> Option<UnitNote> {
    let over = |it: &&Area| {
        it.last.row < area.first.row && it.first.col <= area.last.col && area.first.col <= it.last.col
    };
    let end = others.iter().filter(over).map(|it| it.last.row + 1).max();
    // A line may reach one column beyond the table, unless another one stands there.
    let beside = |it: &Area| {
        it.first.col == area.last.col + 1 && it.first.row <= area.last.row && area.first.row <= it.last.row
    };
    let right = area.last.col + u32::from(!others.iter().any(beside));
    let covered = |span: Area, it: &Area| {
        (span.last.col.min(it.last.col) + 1).saturating_sub(span.first.col.max(it.first.col))
    };
    // What reaches over a part of this table and more of the one beside it is that one's.
    let is_anothers = |span: Area| {
        let own = covered(span, &area);
        own <= area.last.col - area.first.col
            && others.iter().any(|it| {
                it.first.row <= area.last.row && area.first.row <= it.last.row && covered(span, it) > own
            })
    };
    let nearest = area.first.row.saturating_sub(FARTHEST).max(end.unwrap_or(0));
    let mut gap = false;
    for row in (nearest..area.last.row.max(area.first.row)).rev() {
        let line: Vec<_> = grid
            .filled(row, 0, right)
            .filter(|(at, _)| grid.span(*at).last.col >= area.first.col && !is_anothers(grid.span(*at)))
            .collect();
        let in_header = row >= area.first.row;
        gap |= line.is_empty();
        // Right above a header stand groups of its columns.
        if line.len() > MOST_CELLS && !in_header && row + 1 < area.first.row {
            return None;
        }
        let found = line.iter().find_map(|(at, cell)| match &cell.content {
            Content::Text(text) if !in_header || is_unit_line(text) => {
                let short = text.chars().count() <= LONGEST;
                short.then(|| note(text)).flatten().map(|unit| (*at, text, unit))
            }
            _ => None,
        });
        if let Some((at, typed, unit)) = found {
            // The last line of the table above is that table's.
            let attached = end.is_some()
                && row > 0
                && grid.filled(row - 1, area.first.col, area.last.col).next().is_some();
            return (!(gap && attached)).then(|| UnitNote { at, typed: typed.clone(), unit, own: true });
        }
    }
    None
}

/// What a line states about amounts; `None` where it states nothing of the kind.
fn note(text: &str) -> Option<Option<(String, HeaderUnit)>> {
    let mut of_money = None;
    let mut in_doubt = false;
    for (words, unit) in stated_units(text) {
        match unit.sort {
            UnitSort::Yuan | UnitSort::Foreign => {
                in_doubt |= of_money.as_ref().is_some_and(|(_, known)| *known != unit);
                of_money.get_or_insert((words, unit));
            }
            UnitSort::Magnitude | UnitSort::Counter => in_doubt |= unit.factor != 1.0,
            UnitSort::Rate | UnitSort::Time => {}
        }
    }
    // 万元、万人 says of each what it is.
    match (of_money, in_doubt) {
        (Some(money), false) => Some(Some(money)),
        (None, false) => None,
        (_, true) => Some(None),
    }
}

/// Lets a note speak of the columns of a table, and says what came of it.
pub(super) fn apply(
    matcher: &Matcher,
    sheet: &Sheet,
    note: &UnitNote,
    found: &mut LocatedTable,
    sink: &mut Sink,
) {
    let table = matcher.table(found.table);
    let declared = |id: &str| table.columns.iter().position(|column| column.id == id);
    let finding = |code| {
        Finding::new(code)
            .at(&Place::new(sheet.name.clone(), note.at))
            .of_table(table.id.clone())
            .found(note.typed.trim())
            .arg("table", table.label.arg())
    };
    let (mut spoken_of, mut unsaid) = (Vec::new(), false);
    for (id, known) in &mut found.region.columns {
        let Some(index) = declared(id) else { continue };
        let column = &table.columns[index];
        unsaid |= is_measured(column) && known.unit.is_none();
        match &note.unit {
            Some((_, unit)) if is_amount(column) && known.unit.is_none() => {
                known.unit = Some(*unit);
                known.factor = factor(known.unit, column);
                spoken_of.push((index, known.header.trim().to_owned()));
            }
            // 花费(元) below 单位：万元: one of the two is wrong.
            _ => unsaid |= is_amount(column) && known.unit.is_none_or(|_| note.own),
        }
    }
    match &note.unit {
        Some((_, unit)) if unit.sort == UnitSort::Foreign => {
            for (index, _) in spoken_of {
                let column = &table.columns[index];
                found.region.columns.shift_remove(&column.id);
                match &mut found.shape {
                    Shape::Rows { at, .. } => drop(at.shift_remove(&index)),
                    Shape::Form { at, .. } => drop(at.shift_remove(&index)),
                }
                let mut said = finding(&says::UNIT_CONTRADICTS_COLUMN).arg("expected", column.label.arg());
                said.column = Some(column.label.zh.clone());
                sink.report(said);
            }
        }
        Some((_, unit)) if unit.factor == 1.0 => {}
        Some((words, _)) if !spoken_of.is_empty() => {
            let columns = spoken_of.into_iter().map(|(_, header)| header).collect();
            sink.report(
                finding(&says::UNIT_NOTE_APPLIED)
                    .arg("columns", Arg::List(columns))
                    .arg("unit", Arg::Text(words.clone())),
            );
        }
        _ if unsaid => sink.report(finding(&says::UNIT_NOTE_UNCLEAR)),
        _ => {}
    }
}

/// Amounts of money as a table adds them up.
fn is_amount(column: &Column) -> bool {
    let money = column.kind == Kind::Money || column.kind == Kind::Calc && column.shown == Some(Shown::Money);
    money && !column.per_one
}

/// Values of which every row may have another unit.
fn is_measured(column: &Column) -> bool {
    matches!(column.kind, Kind::Measure | Kind::Target | Kind::TargetOrText)
}
