//! Bytes to a [`Workbook`].
//!
//! The guard lets the package in, `scan` goes over each sheet once and leaves a
//! plain copy, and calamine reads the values from that copy: shared and rich
//! texts, escapes, numbers, and which of them are dates. What calamine has no
//! call for (formulas beside values, hidden rows, notes, Excel tables, custom
//! properties) comes from our own pass.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataRef, Reader, Xlsx};
use indexmap::IndexMap;

use crate::cell::{CellRef, Content};
use crate::workbook::{Cell, Quirk, Sheet, Shown, Workbook};
use crate::xlsx::far::far_cells;
use crate::xlsx::guard::{Limits, Measure, Package, Refusal, guard};
use crate::xlsx::parts::{self, Book, SheetEntry};
use crate::xlsx::relations::{self, Relation, resolve};
use crate::xlsx::scan::{Aside, Bounds, Scan, Unvalued, scan};
use crate::xlsx::sniff::Kind;
use crate::xlsx::vetted::Vetted;
use crate::xlsx::{dates, formats};

/// What to leave out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Sheets not to read, by name: our own from an earlier run.
    pub skip: Vec<String>,
}

/// Reads a workbook.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Refusal> {
    read_with(bytes, limits, &ReadOptions::default())
}

/// Reads a workbook, passing over some of its sheets.
pub fn read_with(bytes: &[u8], limits: &Limits, options: &ReadOptions) -> Result<Workbook, Refusal> {
    let package = guard(bytes, limits)?;
    let layout = Layout::of(&package)?;
    let mut vetted = Vetted::default();
    let strings = add_strings(&package, &layout, &mut vetted)?;
    let shown = add_formats(&package, &layout, limits, &mut vetted)?;

    let mut found = Vec::new();
    let mut cells_left = limits.cells;
    let mut quirks = package_quirks(&package, &layout.book);
    for entry in &layout.book.sheets {
        if options.skip.contains(&entry.name) {
            continue;
        }
        let Some(part) = layout.worksheet(entry)? else {
            quirks.push(Quirk::OtherSheet(entry.name.clone()));
            continue;
        };
        let text = package.part(&part)?.ok_or_else(|| Refusal::MissingSheet(entry.name.clone()))?;
        let bounds = Bounds { strings, cells: cells_left, limit: limits.cells };
        let (copy, scan) = vetted.sheet(|out| scan(&entry.name, &text, bounds, out))?;
        cells_left -= scan.cells;
        found.push(Found { entry, part, copy, scan });
    }

    let epoch_1904 = layout.book.epoch_1904;
    let mut values = Values::open(vetted.finish(epoch_1904), epoch_1904, limits.text, shown)?;
    let mut sheets = Vec::with_capacity(found.len());
    for sheet in found {
        sheets.push(finish_sheet(&package, sheet, &mut values, &mut quirks)?);
    }
    Ok(Workbook {
        sheets,
        properties: properties(&package, &layout.root)?,
        names: layout.book.names,
        epoch_1904,
        quirks,
    })
}

/// Where the parts of a workbook are.
struct Layout {
    root: Vec<Relation>,
    part: String,
    relations: Vec<Relation>,
    book: Book,
}

impl Layout {
    fn of(package: &Package<'_>) -> Result<Layout, Refusal> {
        let root = relations_of(package, "")?;
        let main = root.iter().find(|relation| relation.is("officeDocument"));
        let main = main.ok_or_else(|| Refusal::damaged("no pointer to the workbook part"))?;
        let part = resolve("", &main.target);
        // A package without this part would be a workbook without sheets to calamine.
        let text = package.part(&part)?.ok_or(Refusal::NoSheets)?;
        let book = parts::book(&text).map_err(|fault| Refusal::xml(&part, fault))?;
        let book = book.ok_or(Refusal::NotAWorkbook(Kind::Zip))?;
        if book.sheets.is_empty() {
            return Err(Refusal::NoSheets);
        }
        // Readers that look sheets up by name would read the first of two twice.
        let mut names = BTreeSet::new();
        for sheet in &book.sheets {
            if !names.insert(sheet.name.to_lowercase()) {
                return Err(Refusal::SameSheetName(sheet.name.clone()));
            }
        }
        let relations = relations_of(package, &part)?;
        Ok(Layout { root, part, relations, book })
    }

    /// The part of a worksheet; `None` for a sheet of another kind.
    fn worksheet(&self, entry: &SheetEntry) -> Result<Option<String>, Refusal> {
        let relation = self.relations.iter().find(|relation| relation.id == entry.relation);
        let relation = relation.filter(|relation| !relation.external);
        let relation = relation.ok_or_else(|| Refusal::MissingSheet(entry.name.clone()))?;
        Ok(relation.is("worksheet").then(|| resolve(&self.part, &relation.target)))
    }

    /// The part the workbook points to by that kind, or the usual name beside it.
    fn beside(&self, kind: &str, usual: &str) -> String {
        let target =
            self.relations.iter().find(|relation| relation.is(kind)).map(|relation| &*relation.target);
        resolve(&self.part, target.unwrap_or(usual))
    }
}

fn relations_of(package: &Package<'_>, part: &str) -> Result<Vec<Relation>, Refusal> {
    let name = relations::of(part);
    match package.part(&name)? {
        Some(text) => relations::read(&text).map_err(|fault| Refusal::xml(&name, fault)),
        None => Ok(Vec::new()),
    }
}

/// Hands the shared texts on without the count they claim, and says how many there are.
fn add_strings(package: &Package<'_>, layout: &Layout, vetted: &mut Vetted) -> Result<usize, Refusal> {
    const CREDIBLE: u64 = 5_000_000;
    let part = layout.beside("sharedStrings", "sharedStrings.xml");
    let Some(text) = package.part(&part)? else { return Ok(0) };
    let strings = parts::strings(&text).map_err(|fault| Refusal::xml(&part, fault))?;
    let strings = strings.ok_or_else(|| Refusal::damaged(format!("{part}: no shared texts")))?;
    if strings.claimed > CREDIBLE && strings.claimed > text.len() as u64 {
        return Err(Refusal::hostile(format!("{part}: claims {} texts", strings.claimed)));
    }
    vetted.strings(strings.inside);
    Ok(strings.count)
}

/// Hands the number formats on, and says what they show.
fn add_formats(
    package: &Package<'_>,
    layout: &Layout,
    limits: &Limits,
    vetted: &mut Vetted,
) -> Result<Vec<Shown>, Refusal> {
    let part = layout.beside("styles", "styles.xml");
    let Some(text) = package.part(&part)? else { return Ok(Vec::new()) };
    let formats = formats::read(&text).map_err(|fault| Refusal::xml(&part, fault))?;
    let found = formats.numbers.len().max(formats.codes.len()) as u64;
    if found > limits.formats {
        return Err(Refusal::TooLarge { measure: Measure::Formats, found, limit: limits.formats });
    }
    vetted.formats(&formats);
    Ok(formats.shown())
}

fn properties(package: &Package<'_>, root: &[Relation]) -> Result<IndexMap<String, String>, Refusal> {
    let relation = root.iter().find(|relation| relation.is("custom-properties"));
    let part = relation.map_or("docProps/custom.xml".into(), |relation| resolve("", &relation.target));
    let Some(text) = package.part(&part)? else { return Ok(IndexMap::new()) };
    parts::properties(&text).map_err(|fault| Refusal::xml(&part, fault))
}

/// What the list of parts gives away.
fn package_quirks(package: &Package<'_>, book: &Book) -> Vec<Quirk> {
    let mut quirks = Vec::new();
    let any = |fits: fn(&str) -> bool| package.names().any(fits);
    if any(|name| name.ends_with("vbaproject.bin") || name.contains("/macrosheets/")) {
        quirks.push(Quirk::Macros);
    }
    if any(|name| name.contains("/externallinks/")) {
        quirks.push(Quirk::ExternalLinks);
    }
    if any(|name| {
        name.contains("/embeddings/") || name.contains("/activex/") || name.ends_with("/connections.xml")
    }) {
        quirks.push(Quirk::EmbeddedObjects);
    }
    if book.protected {
        quirks.push(Quirk::Protected);
    }
    quirks
}

/// A worksheet our pass has been over.
struct Found<'l> {
    entry: &'l SheetEntry,
    part: String,
    copy: String,
    scan: Scan,
}

fn finish_sheet(
    package: &Package<'_>,
    found: Found<'_>,
    values: &mut Values,
    quirks: &mut Vec<Quirk>,
) -> Result<Sheet, Refusal> {
    let Found { entry, part, copy, scan } = found;
    let mut sheet = Sheet::new(&*entry.name);
    sheet.visible = entry.visible;
    sheet.cells = values.cells(&sheet.name, &copy, scan.asides, scan.unvalued, quirks)?;
    sheet.merges = scan.merges;
    let last = |of: fn(&CellRef) -> u32| sheet.cells.keys().map(of).max();
    if let (Some(last_row), Some(last_column)) = (last(|at| at.row), last(|at| at.col)) {
        sheet.hidden_rows = scan.hidden_rows.into_iter().filter(|&row| row <= last_row).collect();
        sheet.hidden_columns =
            scan.hidden_columns.iter().flat_map(|&(first, end)| first..=end.min(last_column)).collect();
    }
    for relation in relations_of(package, &part)? {
        let (table, notes) =
            (relation.is("table"), relation.is("comments") || relation.is("threadedComment"));
        if !table && !notes {
            continue;
        }
        let target = resolve(&part, &relation.target);
        let Some(text) = package.part(&target)? else { continue };
        let broken = |fault| Refusal::xml(&target, fault);
        if table {
            sheet.tables.extend(parts::table(&text).map_err(broken)?);
        } else {
            parts::notes(&text, &mut sheet.notes).map_err(broken)?;
        }
    }
    quirks.extend(far_cells(&sheet).into_iter().map(|at| Quirk::FarCell(sheet.name.clone(), at)));
    Ok(sheet)
}

/// The values of all cells, as calamine reads them.
struct Values {
    excel: Xlsx<Cursor<Vec<u8>>>,
    epoch_1904: bool,
    shown: Vec<Shown>,
    text_left: u64,
    text_limit: u64,
}

impl Values {
    fn open(
        package: Vec<u8>,
        epoch_1904: bool,
        text_limit: u64,
        shown: Vec<Shown>,
    ) -> Result<Values, Refusal> {
        let excel = Xlsx::new(Cursor::new(package)).map_err(|error| Refusal::damaged(error.to_string()))?;
        Ok(Values { excel, epoch_1904, shown, text_left: text_limit, text_limit })
    }

    /// The cells of one sheet, with what our pass noted about them.
    fn cells(
        &mut self,
        sheet: &Arc<str>,
        copy: &str,
        asides: Vec<Aside>,
        unvalued: Vec<Unvalued>,
        quirks: &mut Vec<Quirk>,
    ) -> Result<BTreeMap<CellRef, Cell>, Refusal> {
        let broken = |error: calamine::XlsxError| Refusal::damaged(format!("sheet {sheet}: {error}"));
        let mut reader = self.excel.worksheet_cells_reader(copy).map_err(broken)?;
        let mut asides = asides.into_iter().peekable();
        let mut cells = Vec::new();
        let mut nth = 0;
        while let Some((read, style)) = reader.next_cell_with_style_id().map_err(broken)? {
            let aside = asides.next_if(|aside| aside.nth == nth);
            nth += 1;
            let (row, col) = read.get_position();
            let at = CellRef::new(row, col);
            let mut cell = Cell { content: content(read.get_value(), self.epoch_1904), ..Cell::default() };
            if let Content::Text(text) = &cell.content {
                let length = text.len() as u64;
                self.text_left = self.text_left.checked_sub(length).ok_or(Refusal::TooLarge {
                    measure: Measure::Text,
                    found: self.text_limit + 1,
                    limit: self.text_limit,
                })?;
            }
            cell.shown = match cell.content {
                Content::Serial(_) => Shown::Date,
                _ => self.shown.get(style).copied().unwrap_or_default(),
            };
            if let Some(aside) = aside {
                if let (true, Content::Text(text)) = (aside.error, &mut cell.content) {
                    cell.content = Content::Error(std::mem::take(text));
                }
                cell.formula = aside.formula;
            }
            if is_picture(&cell) {
                quirks.push(Quirk::PictureCell(sheet.clone(), at));
                cell.content = Content::Blank;
            }
            if cell.content != Content::Blank || cell.formula.is_some() {
                cells.push((at, cell));
            }
        }
        for empty in unvalued {
            if !empty.empty_text {
                quirks.push(Quirk::NoStoredResult(sheet.clone(), empty.at));
            }
            cells.push((empty.at, Cell { formula: Some(empty.formula), ..Cell::default() }));
        }
        cells.sort_by_key(|(at, _)| *at);
        if let Some(pair) = cells.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (sheet, cell) = (sheet.to_string(), pair[0].0.to_string());
            return Err(Refusal::BadCell { sheet, cell, detail: "there twice".into() });
        }
        Ok(cells.into_iter().collect())
    }
}

/// WPS keeps a picture in a cell as a formula, or as the text of one.
fn is_picture(cell: &Cell) -> bool {
    let calls = |text: &str| {
        let text = text.trim_start_matches('=');
        text.strip_prefix("_xlfn.").unwrap_or(text).starts_with("DISPIMG(")
    };
    match (&cell.formula, &cell.content) {
        (Some(formula), _) if calls(formula) => true,
        (_, Content::Text(text)) => text.starts_with('=') && calls(text),
        _ => false,
    }
}

fn content(value: &DataRef<'_>, epoch_1904: bool) -> Content {
    match value {
        DataRef::Empty => Content::Blank,
        DataRef::Int(number) => Content::Number(*number as f64),
        DataRef::Float(number) if number.is_finite() => Content::Number(*number),
        DataRef::Float(number) => Content::Text(number.to_string()),
        DataRef::String(text) => text_or_blank(text),
        DataRef::SharedString(text) => text_or_blank(text),
        DataRef::Bool(yes) => Content::Bool(*yes),
        DataRef::DateTime(date) => Content::Serial(dates::serial(date, epoch_1904)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            dates::from_iso(text).map_or_else(|| text_or_blank(text), Content::Serial)
        }
        DataRef::Error(error) => Content::Error(error.to_string()),
    }
}

fn text_or_blank(text: &str) -> Content {
    if text.is_empty() { Content::Blank } else { Content::Text(text.to_owned()) }
}
