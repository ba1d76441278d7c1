//! The rows below a header, read one by one.

use indexmap::IndexMap;

use super::fields::{ColumnReader, Reader};
use super::findings as says;
use super::formula::{Of, Piece, pieces};
use super::grid::Grid;
use super::header::{Header, HeaderUnit, UnitSort, stated_unit, unit_of};
use super::labels::SPAN;
use super::located::{LocatedTable, Shape};
use super::part::{Part, Quirks, hidden, missing, missing_columns};
use super::readings::typed;
use super::record::{Field, Record, Region, Unread, Value};
use super::rows::{GAP, RowColumn, RowJudge, RowKind, is_placeholder, is_unit_line};
use super::tally::Tally;
use super::unit_note;
use super::{Column, Edge, Kind, Table};
use crate::cell::{Area, CellRef, Content, Place};
use crate::diagnostic::{Arg, Finding};
use crate::locale::fold;
use crate::quantity::{self, Nothing, Remark};
use crate::workbook::{Sheet, Shown, Workbook};

/// A list, or a form turned sideways; and the table kept in its rows.
pub(super) fn list(
    reader: &Reader,
    workbook: &Workbook,
    located: &LocatedTable,
    quirks: &Quirks,
    unread: &mut Vec<Unread>,
) -> (Part, Option<Part>) {
    let sheet = &workbook.sheets[located.sheet];
    let grid = Grid::new(sheet);
    let table = reader.matcher.table(located.table);
    let mut tally = Tally::default();
    let mut region = located.region.clone();
    let (mut rows, mut totals) = (Vec::new(), Vec::new());
    let Shape::Rows { columns: width, at, extra, body, repeated, given } = &located.shape else {
        return (Part { region, sheet: located.sheet, rows, totals, tally }, None);
    };

    // What stands there is somebody's, though nobody knows what; computed columns have formulas in empty rows, too.
    let typed_into =
        |col: u32| at.iter().any(|(index, own)| *own == col && table.columns[*index].formula.is_none());
    let unknown =
        |at: CellRef| quirks.picture(sheet, at) || quirks.without_result(sheet, at) && typed_into(at.col);
    let filled_rows = filled_rows(&grid, sheet, &unknown, *body, *width);
    if let Some(first) = filled_rows.first() {
        take_units(&grid, *first, *width, table, &mut region);
    }
    let mut readers = readers(table, &region, at, &grid, &filled_rows);
    let mut guest = located.guest.as_ref().and_then(|located| {
        let Shape::Rows { at, .. } = &located.shape else { return None };
        let table = reader.matcher.table(located.table);
        Some(GuestBody {
            table,
            readers: self::readers(table, &located.region, at, &grid, &filled_rows),
            rows: Vec::new(),
            tally: Tally::default(),
        })
    });
    let of_guest = |col: u32| guest.iter().any(|guest| guest.readers.iter().any(|(_, own, _)| *own == col));
    for (_, col, reader) in &mut readers {
        reader.mute |= of_guest(*col);
    }
    let mut judged: Vec<RowColumn> = Vec::new();
    for (index, col) in at {
        let header =
            region.columns.get(&table.columns[*index].id).map_or(String::new(), |it| it.header.clone());
        judged.push(RowColumn { col: *col, column: Some(*index), header });
    }
    judged.extend(extra.iter().map(|(col, header)| RowColumn {
        col: *col,
        column: None,
        header: header.clone(),
    }));
    for (_, col, own) in
        guest.iter().flat_map(|guest| &guest.readers).filter(|it| !at.values().any(|col| *col == it.1))
    {
        judged.push(RowColumn { col: *col, column: None, header: own.column.label.zh.clone() });
    }
    judged.extend(asked_about(&grid, &region, *width, &judged));
    judged.sort_by_key(|column| column.col);
    let judge = RowJudge::new(&grid, reader.matcher, located.table, judged, *width, &filled_rows);

    let mut previous: Option<u32> = None;
    let mut pending_remarks: Vec<u32> = Vec::new();
    let mut used: Vec<u32> = Vec::new();
    for row in &filled_rows {
        let gap = previous.map_or(row - body.0, |previous| row - previous - 1);
        let kind = match repeated.contains(row) {
            true => RowKind::Header,
            false => {
                let unknown = (width.0..=width.1).any(|col| unknown(CellRef::new(*row, col)));
                judge.judge(*row, gap > 0, unknown)
            }
        };
        let body_of = RowBody {
            reader,
            table,
            sheet,
            grid: &grid,
            quirks,
            readers: &readers,
            extra,
            given,
            body: *body,
        };
        match kind {
            RowKind::Record => {
                if gap >= GAP && previous.is_some() {
                    tally.add(
                        "",
                        about_row(&says::DATA_BELOW_GAP, table, sheet, *row, width.0)
                            .arg("rows", Arg::Count(gap as usize)),
                    );
                }
                // Nothing is missing in a row that is the guest's alone; what stands in shared cells counts.
                let blank = |col: u32| {
                    let at = CellRef::new(*row, col);
                    grid.cell(at).content.is_blank() && !unknown(at)
                };
                let alone = guest.as_ref().is_some_and(|guest| guest.is_alone(&readers, blank));
                // What follows a total, such as taxes, needs no more than its name and amount.
                let record = body_of.record(*row, !alone && totals.is_empty(), &mut tally);
                if let Some(guest) = &mut guest {
                    guest.read(&body_of, &record, *row);
                }
                if !alone {
                    rows.push(record);
                }
                used.push(*row);
            }
            RowKind::Total => {
                let mut muted = Tally::default();
                let record = body_of.record(*row, false, &mut muted);
                let word = first_text(&grid, *row, *width);
                tally.add("", about_row(&says::TOTAL_ROW, table, sheet, *row, width.0).found(word));
                totals.push(record);
            }
            RowKind::Example => {
                // The name in front may be the template's own; what was left is the placeholder.
                let left =
                    grid.filled(*row, width.0, width.1).find(|(_, cell)| is_placeholder(&cell.content));
                let first = left.or_else(|| grid.filled(*row, width.0, width.1).next());
                if let Some((at, cell)) = first {
                    let place = Place::new(sheet.name.clone(), at);
                    let label = header_of(&region, at.col).unwrap_or_else(|| table.label.zh.clone());
                    tally.add(
                        "",
                        Finding::new(&says::PLACEHOLDER_LEFT)
                            .at(&place)
                            .of(table.id.clone(), label)
                            .found(typed(&cell.content)),
                    );
                }
            }
            RowKind::Statistic => {
                let word = first_text(&grid, *row, *width);
                tally.add("", about_row(&says::STATISTIC_ROW, table, sheet, *row, width.0).found(word));
            }
            RowKind::Remark => pending_remarks.push(*row),
            RowKind::Untouched | RowKind::Header | RowKind::Units => {}
        }
        if kind != RowKind::Remark {
            previous = Some(*row);
        }
    }
    if table.layout == super::Layout::Form {
        rows.truncate(1);
    }
    if !pending_remarks.is_empty() {
        let first = pending_remarks.first().copied().unwrap_or_default();
        let last = pending_remarks.last().copied().unwrap_or_default();
        unread.push(Unread {
            sheet: sheet.name.to_string(),
            area: Some(Area::new(CellRef::new(first, width.0), CellRef::new(last, width.1))),
            reason: "remark",
            cells: pending_remarks.len(),
            detail: first_text(&grid, first, *width),
        });
    }
    region.area.last.row =
        previous.unwrap_or(region.area.last.row.min(body.0.saturating_sub(1))).max(region.area.first.row);
    if !rows.is_empty() {
        missing_columns(reader, table, &region, sheet, &mut tally);
        hidden(table, sheet, &used, at.values().copied(), &mut tally);
    }
    let area = region.area;
    let guest = guest.zip(located.guest.as_ref()).map(|(guest, located)| {
        let mut region = located.region.clone();
        region.area = area;
        Part { region, sheet: located.sheet, rows: guest.rows, totals: Vec::new(), tally: guest.tally }
    });
    (Part { region, sheet: located.sheet, rows, totals, tally }, guest)
}

/// Lets a line of units below the header speak of the columns whose headers state none.
fn take_units(grid: &Grid, row: u32, width: (u32, u32), table: &Table, region: &mut Region) {
    if !is_unit_line(grid.filled(row, width.0, width.1).map(|(_, cell)| cell)) {
        return;
    }
    for (id, found) in &mut region.columns {
        let at = CellRef::new(row, found.at.cell.col);
        let typed = fold(&grid.cell(at).content.to_text());
        let unit = unit_of(typed.trim_matches(['(', ')']));
        if let (Some(unit), None, Some(column)) = (unit, found.unit, table.column(id)) {
            unit_note::state(column, found, unit);
        }
    }
}

/// Columns prepared for reading, with their index in the table and their place on the sheet.
fn readers<'c>(
    table: &'c Table,
    region: &Region,
    at: &IndexMap<usize, u32>,
    grid: &Grid,
    filled_rows: &[u32],
) -> Vec<(usize, u32, ColumnReader<'c>)> {
    let prepared = |(index, col): (&usize, &u32)| {
        let column = &table.columns[*index];
        let mut reader = ColumnReader::new(&table.id, column, region.unit(&column.id));
        let spans = region.columns.get(&column.id).is_some_and(|it| it.how == SPAN);
        reader.edge = table.edge(&column.id).filter(|_| spans);
        reader.mute = reader.edge == Some(Edge::End);
        reader.look(filled_rows.iter().map(|row| grid.cell(CellRef::new(*row, *col))));
        (*index, *col, reader)
    };
    at.iter().map(prepared).collect()
}

/// A table kept in the rows of another one.
struct GuestBody<'c> {
    table: &'c Table,
    readers: Vec<(usize, u32, ColumnReader<'c>)>,
    rows: Vec<Record>,
    tally: Tally,
}

impl<'c> GuestBody<'c> {
    /// Reads its columns of a row; it has a record where one of them is filled. What both tables have is the host's.
    fn read(&mut self, host: &RowBody<'_, 'c>, record: &Record, row: u32) {
        let own = RowBody { table: self.table, readers: &self.readers, extra: &[], given: &[], ..*host };
        let mut tally = Tally::default();
        let mut read = own.record(row, true, &mut tally);
        // One problem over the rows of several actions is one problem.
        let last = self.rows.last().filter(|_| self.table.subject().is_some());
        let known = |id: &String, field: &Field<Value>| {
            last.and_then(|last| last.fields.get(id)).is_some_and(|last| last.at == field.at)
        };
        if read.fields.iter().all(|(id, field)| field.is_blank() || known(id, field)) {
            return;
        }
        for (id, field) in &mut read.fields {
            if let Some(shared) = record.fields.get(id).filter(|_| field.at.is_none()) {
                *field = shared.clone();
            }
        }
        self.rows.push(read);
        self.tally.absorb(tally);
    }

    /// Whether a row is about this table only: a problem nobody has an action for yet, or one of several that an
    /// action over all their rows answers. What has no subject of its own is always told of its host.
    fn is_alone(&self, host: &[(usize, u32, ColumnReader)], blank: impl Fn(u32) -> bool) -> bool {
        let shared = |reader: &ColumnReader| reader.mute || self.table.column(&reader.column.id).is_some();
        self.table.subject().is_some() && host.iter().all(|(_, col, reader)| shared(reader) || blank(*col))
    }
}

/// Columns with a header that asks a question: not read, but a row that has something in one of them is in use.
fn asked_about(grid: &Grid, region: &Region, width: (u32, u32), known: &[RowColumn]) -> Vec<RowColumn> {
    let mut asked: Vec<RowColumn> = Vec::new();
    for row in region.area.first.row..=region.columns.values().map(|it| it.at.cell.row).max().unwrap_or(0) {
        for (at, cell) in grid.filled(row, width.0, width.1) {
            if known.iter().chain(&asked).all(|column| column.col != at.col) {
                asked.push(RowColumn { col: at.col, column: None, header: cell.content.to_text() });
            }
        }
    }
    asked
}

/// Rows between two lines that hold something in the columns of a table.
fn filled_rows(
    grid: &Grid,
    sheet: &Sheet,
    unknown: &dyn Fn(CellRef) -> bool,
    body: (u32, u32),
    width: (u32, u32),
) -> Vec<u32> {
    if body.0 > body.1 {
        return Vec::new();
    }
    let mut rows: Vec<u32> = Vec::new();
    for (at, cell) in sheet.cells.range(CellRef::new(body.0, 0)..=CellRef::new(body.1, u32::MAX)) {
        let inside = (width.0..=width.1).contains(&at.col) && rows.last() != Some(&at.row);
        if inside && (!cell.content.is_blank() || unknown(*at)) && grid.anchor(*at) == *at {
            rows.push(at.row);
        }
    }
    rows
}

/// A column that says in which unit each row is.
pub(super) fn is_unit_header(header: &str) -> bool {
    const UNITS: [&str; 7] = ["单位", "计量单位", "数据单位", "指标单位", "unit", "units", "uom"];
    UNITS.contains(&Header::parse(header).key.as_str())
}

fn first_text(grid: &Grid, row: u32, width: (u32, u32)) -> String {
    grid.filled(row, width.0, width.1).next().map(|(_, cell)| typed(&cell.content)).unwrap_or_default()
}

fn header_of(region: &Region, col: u32) -> Option<String> {
    region
        .columns
        .values()
        .find(|column| column.at.cell.col == col)
        .map(|column| column.header.trim_matches(['*', '＊', ' ']).to_owned())
}

fn about_row(
    code: &'static crate::diagnostic::Code,
    table: &Table,
    sheet: &Sheet,
    row: u32,
    col: u32,
) -> Finding {
    Finding::new(code)
        .at(&Place::new(sheet.name.clone(), CellRef::new(row, col)))
        .of_table(table.id.clone())
        .arg("table", table.label.arg())
}

/// What reading one row needs.
struct RowBody<'r, 'c> {
    reader: &'r Reader<'c>,
    table: &'c Table,
    sheet: &'r Sheet,
    grid: &'r Grid<'r>,
    quirks: &'r Quirks<'r>,
    readers: &'r [(usize, u32, ColumnReader<'c>)],
    extra: &'r [(u32, String)],
    /// Columns whose one value for all rows stands in one cell above them.
    given: &'r [(usize, CellRef)],
    body: (u32, u32),
}

impl RowBody<'_, '_> {
    fn record(&self, row: u32, counts: bool, tally: &mut Tally) -> Record {
        let mut fields: IndexMap<String, Field<Value>> = IndexMap::new();
        let unit = self.unit_of_row(row);
        for (index, column) in self.table.columns.iter().enumerate() {
            let field = match self.readers.iter().find(|(it, _, _)| *it == index) {
                Some((_, col, reader)) => {
                    let own = unit.as_ref().and_then(|(_, unit, largest)| reader.in_row(*unit, *largest));
                    if let (Some((at, unit, _)), true) = (&unit, own.is_some() && counts) {
                        self.say_unit(*at, *unit, tally);
                    }
                    let reader = own.as_ref().unwrap_or(reader);
                    let merged = self.grid.merge(CellRef::new(row, *col)).is_some();
                    let product = if counts && !merged { product(column, &fields) } else { None };
                    let tally = if reader.mute { &mut Tally::default() } else { &mut *tally };
                    let mut field = self.field(row, *col, reader, counts && product.is_none(), tally);
                    if let (true, Some((amount, remarks))) = (field.is_blank(), product) {
                        field.value = Some(Value::Number(amount));
                        field.nothing = None;
                        field.remarks.extend(remarks);
                    }
                    field
                }
                None => match self.given.iter().find(|(it, _)| *it == index) {
                    Some((_, at)) => {
                        let reader = ColumnReader::new(&self.table.id, column, None);
                        self.plain(*at, &reader, false, &mut Tally::default())
                    }
                    None => Field::absent(),
                },
            };
            fields.insert(column.id.clone(), field);
        }
        let extra = self
            .extra
            .iter()
            .filter_map(|(col, header)| {
                let at = CellRef::new(row, *col);
                let content = &self.grid.cell(at).content;
                (!content.is_blank())
                    .then(|| (header.clone(), Place::new(self.sheet.name.clone(), at), content.clone()))
            })
            .collect();
        let first = self.readers.iter().map(|(_, col, _)| *col).min().unwrap_or(0);
        Record { at: Place::new(self.sheet.name.clone(), CellRef::new(row, first)), fields, extra }
    }

    /// The unit a row states for itself: in a column 单位, else behind the name it goes by (销售额(万元), 退货率%).
    /// With it the largest bare number of the rows that state the same.
    fn unit_of_row(&self, row: u32) -> Option<(CellRef, HeaderUnit, f64)> {
        let measured = |kind| matches!(kind, Kind::Measure | Kind::Target | Kind::TargetOrText);
        if !self.readers.iter().any(|(_, _, reader)| measured(reader.column.kind)) {
            return None;
        }
        let column = self.extra.iter().find(|(_, header)| is_unit_header(header)).map(|(col, _)| *col);
        let name =
            self.readers.iter().find(|(_, _, reader)| self.table.key.first() == Some(&reader.column.id));
        let stated = |row: u32| {
            let text = |col: u32| match &self.grid.cell(CellRef::new(row, col)).content {
                Content::Text(text) => Some((CellRef::new(row, col), text.as_str())),
                _ => None,
            };
            let by_column = column.and_then(text).and_then(|(at, text)| Some((at, stated_unit(text)?)));
            by_column.or_else(|| {
                let (at, text) = text(name?.1)?;
                Some((at, Header::parse(text).unit?))
            })
        };
        let (at, unit) = stated(row)?;
        if unit.sort != UnitSort::Rate {
            return Some((at, unit, 0.0));
        }
        let mut largest: f64 = 0.0;
        for row in (self.body.0..=self.body.1).filter(|row| stated(*row).is_some_and(|(_, it)| it == unit)) {
            for (_, col, _) in self.readers.iter().filter(|(_, _, reader)| measured(reader.column.kind)) {
                let cell = self.grid.cell(CellRef::new(row, *col));
                if let (Content::Number(n), false) = (&cell.content, cell.shown == Shown::Percent) {
                    largest = largest.max(n.abs());
                }
            }
        }
        Some((at, unit, largest))
    }

    fn say_unit(&self, at: CellRef, unit: HeaderUnit, tally: &mut Tally) {
        if unit.factor == 1.0 && !matches!(unit.sort, UnitSort::Foreign(_)) {
            return;
        }
        let typed = typed(&self.grid.cell(at).content);
        let place = Place::new(self.sheet.name.clone(), at);
        tally.add(
            "",
            Finding::new(&says::UNIT_BY_ROW)
                .at(&place)
                .of_table(self.table.id.clone())
                .found(typed.clone())
                .arg("table", self.table.label.arg())
                .arg("units", Arg::All(vec![Arg::Text(typed)])),
        );
    }

    fn field(
        &self,
        row: u32,
        col: u32,
        reader: &ColumnReader,
        counts: bool,
        tally: &mut Tally,
    ) -> Field<Value> {
        let at = CellRef::new(row, col);
        let merge = self.grid.merge(at).filter(|area| {
            area.first.col == col && area.first.row >= self.body.0 && area.last.row > area.first.row
        });
        let Some(area) = merge else {
            return self.plain(at, reader, counts, tally);
        };
        let anchor = area.first;
        let content = &self.grid.cell(anchor).content;
        let place = Place::new(self.sheet.name.clone(), anchor);
        let about = |code| {
            Finding::new(code)
                .at(&place)
                .of(self.table.id.clone(), reader.column.label.zh.clone())
                .found(typed(content))
                .arg("table", self.table.label.arg())
        };
        if content.is_blank() {
            return self.plain(at, reader, counts, tally);
        }
        if !is_amount(reader.column.kind) {
            tally.add("", about(&says::MERGED_ROWS));
            return self.reader.field(
                reader,
                &self.quirks.source(self.sheet, anchor, self.grid.cell(anchor)),
                tally,
            );
        }
        if anchor.row == row {
            let rows = (area.last.row - area.first.row + 1) as usize;
            tally.add("", about(&says::MERGED_AMOUNT).arg("rows", Arg::Count(rows)));
            return self.plain(at, reader, counts, tally);
        }
        // The sum stands in the first row; what part of it is this row's nobody knows.
        Field {
            nothing: Some(Nothing::Blank),
            at: Some(Place::new(self.sheet.name.clone(), at)),
            ..Field::absent()
        }
    }

    fn plain(&self, at: CellRef, reader: &ColumnReader, counts: bool, tally: &mut Tally) -> Field<Value> {
        let source = self.quirks.source(self.sheet, at, self.grid.cell(at));
        let field = self.reader.field(reader, &source, tally);
        if counts && reader.column.required && field.value.is_none() && field.nothing == Some(Nothing::Blank)
        {
            tally.add("", missing(self.reader, self.table, reader, &source.at));
        }
        field
    }
}

/// What an amount left blank must be, where its own formula multiplies a price and a quantity
/// that Excel cannot multiply because they are typed with their units: `20000` × `2场`.
fn product(column: &Column, fields: &IndexMap<String, Field<Value>>) -> Option<(f64, Vec<Remark>)> {
    if column.kind != Kind::Money {
        return None;
    }
    let (mut price, mut amount) = (None, None);
    for piece in pieces(column.formula.as_deref()?).ok()? {
        let Piece::Number(Of::Cell(id)) = piece else { continue };
        match fields.get(id).and_then(|field| field.value.as_ref()) {
            Some(Value::Price(it)) => price = Some(it),
            Some(Value::Quantity(it)) => amount = Some(it),
            _ => return None,
        }
    }
    let (total, remarks) = quantity::price::total(price?, amount?);
    total.is_finite().then_some((total, remarks))
}

/// Kinds of which a sum over merged rows must not be taken twice.
fn is_amount(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Count
            | Kind::Number
            | Kind::Money
            | Kind::Quantity
            | Kind::Measure
            | Kind::Calc
            | Kind::Target
            | Kind::TargetOrText
    )
}
