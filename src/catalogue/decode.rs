//! From a workbook to its records: every table located, every row read, every value with its cell.
//!
//! The campaign period is read first, because other dates take their year from it.

use std::collections::HashSet;
use std::sync::LazyLock;

use indexmap::IndexMap;

use super::copies;
use super::fields::{ColumnReader, Reader, Source, typed};
use super::findings as says;
use super::grid::Grid;
use super::identity;
use super::labels::{Matcher, TeamAliases};
use super::locate::{LocatedTable, Shape, locate};
use super::record::{Field, Record, Records, Region, Unread, Value};
use super::rows::{GAP, RowColumn, RowJudge, RowKind};
use super::tally::Tally;
use super::{Catalogue, Kind, Table};
use crate::cell::{Area, CellRef, Place, column_name};
use crate::diagnostic::{Arg, Finding, Sink};
use crate::quantity::{Calendar, Holidays, Nothing, period};
use crate::workbook::{Cell, Quirk, Sheet, Visibility, Workbook};

/// What the settings say about reading.
#[derive(Debug, Clone, Default)]
pub struct ReadPolicy {
    /// What the team calls things.
    pub aliases: TeamAliases,
    /// Days off and days worked instead, where the settings list them.
    pub holidays: Option<&'static Holidays>,
}

/// What was read from one place, before copies are weighed against each other.
pub struct Part {
    /// Where it was found.
    pub region: Region,
    /// Index of the sheet.
    pub sheet: usize,
    /// Its records.
    pub rows: Vec<Record>,
    /// Its total rows.
    pub totals: Vec<Record>,
    /// What there is to say about it, should it count.
    pub tally: Tally,
}

/// Reads a workbook.
pub fn decode(catalogue: &Catalogue, workbook: &Workbook, policy: &ReadPolicy, sink: &mut Sink) -> Records {
    // Labels of the shipped catalogue are prepared once: folding thousands of them costs more than reading a workbook.
    static SHIPPED: LazyLock<Matcher<'static>> =
        LazyLock::new(|| Matcher::new(Catalogue::shipped(), &TeamAliases::default()));
    if policy.aliases == TeamAliases::default() && std::ptr::eq(catalogue, Catalogue::shipped()) {
        return decode_with(&SHIPPED, workbook, policy, sink);
    }
    decode_with(&Matcher::new(catalogue, &policy.aliases), workbook, policy, sink)
}

/// Reads a workbook with labels prepared before, as a batch does.
pub fn decode_with(matcher: &Matcher, workbook: &Workbook, policy: &ReadPolicy, sink: &mut Sink) -> Records {
    let mut records = Records { identity: identify(matcher.catalogue, workbook, sink), ..Records::default() };
    let located = locate(matcher, workbook, sink);
    records.unread = located.unread;
    let quirks = Quirks::of(workbook);
    let calendar =
        Calendar { campaign: campaign_period(matcher, workbook, &located.tables), holidays: policy.holidays };
    let reader = Reader { matcher, calendar };

    let mut parts: IndexMap<usize, Vec<Part>> = IndexMap::new();
    for table in &located.tables {
        let part = match &table.shape {
            Shape::Rows { .. } => list(&reader, workbook, table, &quirks, &mut records.unread),
            Shape::Form { .. } => form(&reader, workbook, table, &quirks),
        };
        parts.entry(table.table).or_default().push(part);
    }
    parts.sort_unstable_keys();
    for (index, parts) in parts {
        let table = matcher.table(index);
        let (read, unread) = copies::weigh(table, parts, sink);
        records.unread.extend(unread);
        records.tables.insert(table.id.clone(), read);
    }
    missing_tables(matcher.catalogue, &records, sink);
    if workbook.epoch_1904 && has_dates(&records) {
        sink.report(Finding::new(&says::DATE_1904));
    }
    records
}

fn identify(catalogue: &Catalogue, workbook: &Workbook, sink: &mut Sink) -> super::record::Identity {
    let (identity, contradictions) = identity::read(workbook);
    for contradiction in contradictions {
        let what = match contradiction.key {
            "template" => "模板",
            "version" => "模板版本",
            "campaign" => "活动",
            _ => "发放日期",
        };
        let values = contradiction.values.iter().map(|(_, value)| value.clone()).collect();
        let used = contradiction.values.first().map(|(_, value)| value.clone()).unwrap_or_default();
        sink.report(
            Finding::new(&says::IDENTITY_CONTRADICTION)
                .found(used)
                .arg("what", Arg::Text(what.into()))
                .arg("values", Arg::List(values)),
        );
    }
    if let (Some(id), Some(version)) = (&identity.template, identity.version)
        && let Some(template) = catalogue.templates.get(id)
        && version > template.version
    {
        sink.report(
            Finding::new(&says::NEWER_TEMPLATE)
                .arg("template", Arg::Text(template.label.zh.clone()))
                .arg("version", Arg::Count(version as usize))
                .arg("known", Arg::Count(template.version as usize)),
        );
    }
    identity
}

fn missing_tables(catalogue: &Catalogue, records: &Records, sink: &mut Sink) {
    if records.tables.is_empty() {
        let asked = records.unread.iter().any(|unread| unread.reason == "close-call");
        if !asked {
            sink.report(Finding::new(&says::NO_TABLE_RECOGNISED));
        }
        return;
    }
    let Some(template) = records.identity.template.as_ref().and_then(|id| catalogue.templates.get(id)) else {
        return;
    };
    for member in
        template.tables.iter().filter(|member| member.core && !records.tables.contains_key(&member.id))
    {
        let label =
            catalogue.tables.get(&member.id).map_or(member.id.clone(), |table| table.label.zh.clone());
        sink.report(
            Finding::new(&says::CORE_TABLE_MISSING)
                .of_table(member.id.clone())
                .arg("table", Arg::Text(label)),
        );
    }
}

fn has_dates(records: &Records) -> bool {
    let dated = |field: &Field<Value>| {
        matches!(field.value, Some(Value::Date(_) | Value::Moment(_) | Value::Period(_)))
    };
    records.tables.values().flat_map(|table| &table.rows).any(|row| row.fields.values().any(dated))
}

/// The campaign period of the basics, read before everything else.
fn campaign_period(
    matcher: &Matcher,
    workbook: &Workbook,
    tables: &[LocatedTable],
) -> Option<crate::quantity::Period> {
    let basics = matcher.catalogue.tables.get_index_of("basics")?;
    let column = matcher.table(basics).columns.iter().position(|column| column.id == "period")?;
    tables.iter().filter(|table| table.table == basics).find_map(|table| {
        let sheet = &workbook.sheets[table.sheet];
        let grid = Grid::new(sheet);
        let cell = match &table.shape {
            Shape::Form { at, .. } => grid.cell(*at.get(&column)?),
            Shape::Rows { at, body, .. } => grid.cell(CellRef::new(body.0, *at.get(&column)?)),
        };
        period::read(&cell.content, &Calendar::default()).get().copied()
    })
}

/// Cells the reader met something about.
struct Quirks<'a> {
    without_result: HashSet<(&'a str, CellRef)>,
    pictures: HashSet<(&'a str, CellRef)>,
}

impl<'a> Quirks<'a> {
    fn of(workbook: &'a Workbook) -> Quirks<'a> {
        let mut quirks = Quirks { without_result: HashSet::new(), pictures: HashSet::new() };
        for quirk in &workbook.quirks {
            match quirk {
                Quirk::NoStoredResult(sheet, at) => quirks.without_result.insert((&**sheet, *at)),
                Quirk::PictureCell(sheet, at) => quirks.pictures.insert((&**sheet, *at)),
                _ => continue,
            };
        }
        quirks
    }

    fn source<'s>(&self, sheet: &Sheet, at: CellRef, cell: &'s Cell) -> Source<'s> {
        Source {
            at: Place::new(sheet.name.clone(), at),
            cell,
            without_result: self.without_result.contains(&(&*sheet.name, at)),
            picture: self.pictures.contains(&(&*sheet.name, at)),
        }
    }

    fn any_at(&self, sheet: &Sheet, at: CellRef) -> bool {
        self.pictures.contains(&(&*sheet.name, at))
    }
}

/// A list, or a form turned sideways.
fn list(
    reader: &Reader,
    workbook: &Workbook,
    located: &LocatedTable,
    quirks: &Quirks,
    unread: &mut Vec<Unread>,
) -> Part {
    let sheet = &workbook.sheets[located.sheet];
    let grid = Grid::new(sheet);
    let table = reader.matcher.table(located.table);
    let mut tally = Tally::default();
    let mut region = located.region.clone();
    let (mut rows, mut totals) = (Vec::new(), Vec::new());
    let Shape::Rows { columns: width, at, extra, body, repeated } = &located.shape else {
        return Part { region, sheet: located.sheet, rows, totals, tally };
    };

    let filled_rows = filled_rows(&grid, sheet, quirks, *body, *width);
    let mut readers: Vec<(usize, u32, ColumnReader)> = Vec::new();
    for (index, col) in at {
        let column = &table.columns[*index];
        let typed = region.columns.get(&column.id).map_or("", |it| it.header.as_str());
        let mut column_reader = ColumnReader::new(&table.id, column, typed);
        column_reader.look(filled_rows.iter().map(|row| grid.cell(CellRef::new(*row, *col))));
        readers.push((*index, *col, column_reader));
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
    judged.sort_by_key(|column| column.col);
    let judge = RowJudge::new(&grid, table, judged, *width);

    let mut previous: Option<u32> = None;
    let mut pending_remarks: Vec<u32> = Vec::new();
    let mut used: Vec<u32> = Vec::new();
    for row in &filled_rows {
        let gap = previous.map_or(row - body.0, |previous| row - previous - 1);
        let kind = if repeated.contains(row) { RowKind::Header } else { judge.judge(*row, gap > 0) };
        let body_of =
            RowBody { reader, table, sheet, grid: &grid, quirks, readers: &readers, extra, body: *body };
        match kind {
            RowKind::Record => {
                if gap >= GAP && previous.is_some() {
                    tally.add(
                        "",
                        about_row(&says::DATA_BELOW_GAP, table, sheet, *row, width.0)
                            .arg("rows", Arg::Count(gap as usize)),
                    );
                }
                rows.push(body_of.record(*row, true, &mut tally));
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
                let first = grid.filled(*row, width.0, width.1).next();
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
            RowKind::Remark => pending_remarks.push(*row),
            RowKind::Untouched | RowKind::Header => {}
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
        missing_columns(table, &region, sheet, &mut tally);
        hidden(table, sheet, &used, at.values().copied(), &mut tally);
    }
    Part { region, sheet: located.sheet, rows, totals, tally }
}

/// Rows between two lines that hold something in the columns of a table.
fn filled_rows(grid: &Grid, sheet: &Sheet, quirks: &Quirks, body: (u32, u32), width: (u32, u32)) -> Vec<u32> {
    if body.0 > body.1 {
        return Vec::new();
    }
    let mut rows: Vec<u32> = Vec::new();
    for (at, cell) in sheet.cells.range(CellRef::new(body.0, 0)..=CellRef::new(body.1, u32::MAX)) {
        let inside = (width.0..=width.1).contains(&at.col) && rows.last() != Some(&at.row);
        if inside && (!cell.content.is_blank() || quirks.any_at(sheet, *at)) && grid.anchor(*at) == *at {
            rows.push(at.row);
        }
    }
    rows
}

fn first_text(grid: &Grid, row: u32, width: (u32, u32)) -> String {
    grid.filled(row, width.0, width.1).next().map(|(_, cell)| typed(&cell.content)).unwrap_or_default()
}

fn header_of(region: &Region, col: u32) -> Option<String> {
    region
        .columns
        .values()
        .find(|column| column.at.cell.col == col)
        .map(|column| column.header.trim().to_owned())
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
        .arg("table", Arg::Text(table.label.zh.clone()))
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
    body: (u32, u32),
}

impl RowBody<'_, '_> {
    fn record(&self, row: u32, counts: bool, tally: &mut Tally) -> Record {
        let mut fields: IndexMap<String, Field<Value>> = IndexMap::new();
        for (index, column) in self.table.columns.iter().enumerate() {
            let field = match self.readers.iter().find(|(it, _, _)| *it == index) {
                Some((_, col, reader)) => self.field(row, *col, reader, counts, tally),
                None => Field::absent(),
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
                .arg("table", Arg::Text(self.table.label.zh.clone()))
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
            tally.add("", missing(self.table, reader, &source.at));
        }
        field
    }
}

fn missing(table: &Table, reader: &ColumnReader, at: &Place) -> Finding {
    Finding::new(&says::MISSING_REQUIRED)
        .at(at)
        .of(table.id.clone(), reader.column.label.zh.clone())
        .arg("table", Arg::Text(table.label.zh.clone()))
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

/// A form: each label with the value beside it.
fn form(reader: &Reader, workbook: &Workbook, located: &LocatedTable, quirks: &Quirks) -> Part {
    let sheet = &workbook.sheets[located.sheet];
    let grid = Grid::new(sheet);
    let table = reader.matcher.table(located.table);
    let region = located.region.clone();
    let mut tally = Tally::default();
    let mut rows = Vec::new();
    let Shape::Form { at, extra } = &located.shape else {
        return Part { region, sheet: located.sheet, rows, totals: Vec::new(), tally };
    };
    let mut fields: IndexMap<String, Field<Value>> = IndexMap::new();
    let mut blank: Vec<Finding> = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        let Some(value) = at.get(&index) else {
            fields.insert(column.id.clone(), Field::absent());
            continue;
        };
        let typed = region.columns.get(&column.id).map_or("", |it| it.header.as_str());
        let column_reader = ColumnReader::new(&table.id, column, typed);
        let source = quirks.source(sheet, *value, grid.cell(*value));
        let field = reader.field(&column_reader, &source, &mut tally);
        if column.required && field.value.is_none() && field.nothing == Some(Nothing::Blank) {
            blank.push(missing(table, &column_reader, &source.at));
        }
        fields.insert(column.id.clone(), field);
    }
    let in_use = table.columns.iter().any(|column| {
        column.kind != Kind::Calc
            && fields.get(&column.id).is_some_and(|field| {
                !matches!(field.nothing, Some(Nothing::Blank | Nothing::Placeholder)) && field.at.is_some()
            })
    });
    if in_use {
        let first = at.values().min().copied().unwrap_or(region.area.first);
        let extra = extra
            .iter()
            .map(|(label, value)| {
                (label.clone(), Place::new(sheet.name.clone(), *value), grid.cell(*value).content.clone())
            })
            .collect();
        rows.push(Record { at: Place::new(sheet.name.clone(), first), fields, extra });
        for finding in blank {
            tally.add("", finding);
        }
        missing_columns(table, &region, sheet, &mut tally);
        let used: Vec<u32> = at.values().map(|value| value.row).collect();
        hidden(table, sheet, &used, at.values().map(|value| value.col), &mut tally);
    }
    Part { region, sheet: located.sheet, rows, totals: Vec::new(), tally }
}

fn missing_columns(table: &Table, region: &Region, sheet: &Sheet, tally: &mut Tally) {
    for column in
        table.columns.iter().filter(|column| column.required && !region.columns.contains_key(&column.id))
    {
        tally.add(
            "",
            Finding::new(&says::REQUIRED_COLUMN_MISSING)
                .at(&Place::new(sheet.name.clone(), region.area.first))
                .of(table.id.clone(), column.label.zh.clone())
                .arg("table", Arg::Text(table.label.zh.clone())),
        );
    }
}

/// Says that data stand in hidden rows, columns or a hidden sheet.
fn hidden(table: &Table, sheet: &Sheet, rows: &[u32], columns: impl Iterator<Item = u32>, tally: &mut Tally) {
    let mut say = |what: &str, which: String| {
        tally.add(
            what,
            Finding::new(&says::HIDDEN_DATA)
                .on_sheet(sheet.name.to_string())
                .of_table(table.id.clone())
                .arg("table", Arg::Text(table.label.zh.clone()))
                .arg("what", Arg::Text(what.to_owned()))
                .arg("which", Arg::Text(which)),
        );
    };
    if sheet.visible != Visibility::Visible {
        say("工作表", sheet.name.to_string());
    }
    let mut hidden: Vec<u32> = rows.iter().copied().filter(|row| sheet.hidden_rows.contains(row)).collect();
    hidden.sort_unstable();
    hidden.dedup();
    if !hidden.is_empty() {
        say("行", ranges(&hidden, |row| (row + 1).to_string()));
    }
    let mut hidden: Vec<u32> = columns.filter(|col| sheet.hidden_columns.contains(col)).collect();
    hidden.sort_unstable();
    hidden.dedup();
    let filled = |col: &u32| rows.iter().any(|row| !sheet.content(CellRef::new(*row, *col)).is_blank());
    hidden.retain(filled);
    if !hidden.is_empty() {
        say("列", ranges(&hidden, column_name));
    }
}

/// `5–9、12`.
fn ranges(numbers: &[u32], name: impl Fn(u32) -> String) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let shown: Vec<String> = runs
        .iter()
        .take(8)
        .map(
            |(first, last)| {
                if first == last { name(*first) } else { format!("{}–{}", name(*first), name(*last)) }
            },
        )
        .collect();
    let more = if runs.len() > shown.len() { " …" } else { "" };
    format!("{}{more}", shown.join("、"))
}
