//! A unit stated once for a whole table, in a line above it: 单位：万元.
//!
//! It speaks of the amounts of money whose headers state no unit of their own, or of what it
//! names: 金额单位：万元，曝光单位：万次. Where nobody can tell what it speaks of, that is said and
//! nothing is converted.

use super::findings as says;
use super::grid::Grid;
use super::header::{HeaderUnit, UnitSort, is_unit_line, stated_unit, stated_units};
use super::labels::{Matcher, factor};
use super::located::LocatedTable;
use super::record::ColumnMatch;
use super::{Column, Kind, Shown};
use crate::cell::{Area, CellRef, Content, Place};
use crate::diagnostic::{Arg, Finding, Sink};
use crate::locale::fold;
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
    /// The units stated; none where it is not said what the unit is for (单位：万).
    units: Vec<Stated>,
    /// It stands above this very table.
    own: bool,
}

/// One unit of a line.
#[derive(Debug, Clone, PartialEq)]
struct Stated {
    /// What it is for; amounts of money where nothing is said.
    subject: Option<String>,
    words: String,
    unit: HeaderUnit,
}

impl Stated {
    /// Whether it is for a column under such a header.
    fn speaks_of(&self, header: &str, column: &Column) -> bool {
        match &self.subject {
            Some(subject) => fold(header).contains(subject) || fold(&column.label.zh).contains(subject),
            // A price for one is not counted in 万, but it is in the same money.
            None if matches!(self.unit.sort, UnitSort::Foreign(_)) => is_money(column),
            None => is_amount(column),
        }
    }
}

impl UnitNote {
    /// The same line, with regard to a table further below: whether it speaks of that one, too, nobody knows.
    pub(super) fn in_doubt(self) -> UnitNote {
        let plain = |unit: &HeaderUnit| unit.sort == UnitSort::Yuan && unit.factor == 1.0;
        let units = self.units.into_iter().filter(|it| plain(&it.unit)).collect();
        UnitNote { units, own: false, ..self }
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
                short.then(|| note(text)).flatten().map(|units| (*at, text, units))
            }
            _ => None,
        });
        if let Some((at, typed, units)) = found {
            // The last line of the table above is that table's.
            let attached = end.is_some()
                && row > 0
                && grid.filled(row - 1, area.first.col, area.last.col).next().is_some();
            return (!(gap && attached)).then(|| UnitNote { at, typed: typed.clone(), units, own: true });
        }
    }
    None
}

/// What a line states; `None` where it states nothing of the kind, nothing in it where it is unclear what for.
fn note(text: &str) -> Option<Vec<Stated>> {
    let named = by_subject(text);
    if named.len() > 1 || named.iter().any(|it| it.subject.is_some()) {
        return Some(named);
    }
    let mut of_money: Option<Stated> = None;
    let mut in_doubt = false;
    for (words, unit) in stated_units(text) {
        match unit.sort {
            UnitSort::Yuan | UnitSort::Foreign(_) => {
                in_doubt |= of_money.as_ref().is_some_and(|known| known.unit != unit);
                of_money.get_or_insert(Stated { subject: None, words, unit });
            }
            UnitSort::Magnitude | UnitSort::Counter => in_doubt |= unit.factor != 1.0,
            UnitSort::Rate | UnitSort::Time => {}
        }
    }
    // 万元、万人 says of each what it is.
    match (of_money, in_doubt) {
        (Some(money), false) => Some(vec![money]),
        (None, false) => None,
        (_, true) => Some(Vec::new()),
    }
}

/// Units with what they are for: 金额单位：万元，曝光单位：万次.
fn by_subject(text: &str) -> Vec<Stated> {
    const MONEY: [&str; 7] = ["", "金额", "货币", "资金", "费用", "数据", "计量"];
    let folded = fold(text);
    let clauses = folded.split([',', ';', '。', '、', '(', ')', '|', '\n', '\u{3000}']);
    let stated = clauses.filter_map(|clause| {
        let (before, after) = clause.split_once("单位")?;
        let words = after.trim_start_matches([':', '为', '是', '均', '-', '=', ' ']).trim();
        let subject = before.trim().trim_end_matches('的');
        let subject = (!MONEY.contains(&subject)).then(|| subject.to_owned());
        let unit = stated_unit(words)?;
        let fits = subject.is_some() || matches!(unit.sort, UnitSort::Yuan | UnitSort::Foreign(_));
        fits.then(|| Stated { subject, words: words.to_owned(), unit })
    });
    stated.collect()
}

/// Lets the column below a header be in a unit: one stated in a row of units, or above.
pub(super) fn state(column: &Column, known: &mut ColumnMatch, unit: HeaderUnit) {
    known.unit = Some(unit);
    known.factor = factor(known.unit, column);
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
    let mut heard = vec![false; note.units.len()];
    for (id, known) in &mut found.region.columns {
        let Some(index) = declared(id) else { continue };
        let column = &table.columns[index];
        let stated = note.units.iter().position(|it| it.speaks_of(&known.header, column));
        unsaid |= is_measured(column) && known.unit.is_none() && stated.is_none();
        match stated {
            Some(at) if known.unit.is_none() => {
                heard[at] = true;
                if note.units[at].unit.factor != 1.0 {
                    spoken_of.push((known.header.trim().to_owned(), note.units[at].words.clone()));
                }
                let unit = note.units[at].unit;
                let plain = HeaderUnit { factor: 1.0, ..unit };
                let of_money = note.units[at].subject.is_none();
                state(column, known, if of_money && column.per_one { plain } else { unit });
            }
            // 花费(元) below 单位：万元: one of the two is wrong.
            _ => unsaid |= is_amount(column) && known.unit.is_none_or(|_| note.own),
        }
    }
    unsaid |= heard.iter().zip(&note.units).any(|(heard, it)| !heard && it.subject.is_some());
    if note.units.iter().all(|it| it.unit.factor == 1.0) && !note.units.is_empty() {
        return;
    }
    match spoken_of.first() {
        Some((_, first)) => {
            let same = spoken_of.iter().all(|(_, words)| words == first);
            let (columns, words): (Vec<String>, Vec<String>) = spoken_of.iter().cloned().unzip();
            let units = if same { first.clone() } else { words.join("、") };
            sink.report(
                finding(&says::UNIT_NOTE_APPLIED)
                    .arg("columns", Arg::List(columns))
                    .arg("unit", Arg::Text(units)),
            );
        }
        None if unsaid => sink.report(finding(&says::UNIT_NOTE_UNCLEAR)),
        None => {}
    }
}

/// Amounts of money as a table adds them up.
fn is_amount(column: &Column) -> bool {
    is_money(column) && !column.per_one
}

fn is_money(column: &Column) -> bool {
    column.kind == Kind::Money || column.kind == Kind::Calc && column.shown == Some(Shown::Money)
}

/// Values of which every row may have another unit.
fn is_measured(column: &Column) -> bool {
    matches!(column.kind, Kind::Measure | Kind::Target | Kind::TargetOrText)
}
