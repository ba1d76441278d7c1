//! Bytes to a [`Workbook`].
//!
//! The guard lets the package in, `scan` goes over each sheet once and leaves a
//! plain copy, and calamine reads the values from that copy: shared and rich
//! texts, escapes, numbers, and which of them are dates. What calamine has no
//! call for (formulas beside values, hidden rows, notes, Excel tables, custom
//! properties) comes from our own pass.

use std::collections::{BTreeSet, HashMap, HashSet};

use indexmap::IndexMap;

use crate::workbook::{Quirk, Sheet, Shown, Workbook};
use crate::xlsx::far::far_cells;
use crate::xlsx::formats;
use crate::xlsx::graft::is_generated;
use crate::xlsx::guard::{Limits, Measure, Package, Refusal, guard};
use crate::xlsx::parts::{self, Book, SheetEntry};
use crate::xlsx::relations::{self, Relation, resolve};
use crate::xlsx::scan::{Bounds, Scan, scan};
use crate::xlsx::sniff::Kind;
use crate::xlsx::space::spaced;
use crate::xlsx::values::Values;
use crate::xlsx::vetted::Vetted;

/// Sheets of one workbook; one part may stand behind many of them.
const MOST_SHEETS: usize = 10_000;

/// What to leave out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Sheets not to read, by name: our own from an earlier run.
    pub skip: Vec<String>,
    /// Pass over sheets that carry the mark of generated ones, whatever they are called.
    pub skip_generated: Generated,
    /// Sheets of ours that are read all the same where they are not skipped: people write on them, or a later run
    /// reads them.
    pub keep: Vec<String>,
}

/// What is done with sheets that carry the mark of generated ones and are not named to be skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Generated {
    /// They are read like any other.
    #[default]
    Read,
    /// They are ours, and passed over.
    Ours,
    /// Somebody copied a sheet of ours: passed over, and told.
    Copies,
}

impl Generated {
    /// What to do where the names of our sheets are known, or are not.
    pub fn when_named(named: bool) -> Generated {
        if named { Generated::Copies } else { Generated::Ours }
    }
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

    let mut taken = HashSet::new();
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
        // A small file could have a large part read once for each of thousands of sheets.
        if !taken.insert(part.to_lowercase()) {
            return Err(Refusal::hostile(format!("two sheets share {part}")));
        }
        let text = package.part(&part)?.ok_or_else(|| Refusal::MissingSheet(entry.name.clone()))?;
        let kept = options.keep.contains(&entry.name);
        if options.skip_generated != Generated::Read && !kept && is_generated(text.as_bytes()) {
            if options.skip_generated == Generated::Copies {
                quirks.push(Quirk::Copy(entry.name.clone()));
            }
            continue;
        }
        let bounds = Bounds { strings, cells: cells_left, limit: limits.cells };
        let (copy, scan) = vetted.sheet(|out| scan(&entry.name, &text, bounds, out))?;
        cells_left -= scan.cells;
        found.push(Found { entry, part, copy, scan });
    }

    let epoch_1904 = layout.book.epoch_1904;
    let mut values = Values::open(vetted.finish(epoch_1904), epoch_1904, limits.text, shown)?;
    let mut sheets = Vec::with_capacity(found.len());
    for sheet in found {
        sheets.push(finish_sheet(&package, sheet, &mut taken, &mut values, &mut quirks)?);
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
    by_id: HashMap<String, usize>,
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
        // More than the package handed to calamine counts, and than anyone fills in.
        if book.sheets.len() > MOST_SHEETS {
            let (found, limit) = (book.sheets.len() as u64, MOST_SHEETS as u64);
            return Err(Refusal::TooLarge { measure: Measure::Sheets, found, limit });
        }
        // Readers that look sheets up by name would read the first of two twice.
        let mut names = BTreeSet::new();
        for sheet in &book.sheets {
            if !names.insert(sheet.name.to_lowercase()) {
                return Err(Refusal::SameSheetName(sheet.name.clone()));
            }
        }
        let relations = relations_of(package, &part)?;
        let by_id = relations.iter().enumerate().map(|(at, relation)| (relation.id.clone(), at)).collect();
        Ok(Layout { root, part, relations, by_id, book })
    }

    /// The part of a worksheet; `None` for a sheet of another kind.
    fn worksheet(&self, entry: &SheetEntry) -> Result<Option<String>, Refusal> {
        // Excel keeps the macro modules of Excel 5 as sheets that point nowhere.
        if entry.relation.as_deref() == Some("") {
            return Ok(None);
        }
        let relation =
            entry.relation.as_ref().and_then(|id| self.by_id.get(id)).map(|&at| &self.relations[at]);
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
    vetted.strings(&spaced(strings.inside, strings.spaced).map_err(|fault| Refusal::xml(&part, fault))?);
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
    if any(|name| name.starts_with("_xmlsignatures/")) {
        quirks.push(Quirk::Signed);
    }
    if any(|name| name.ends_with("/revisionheaders.xml")) {
        quirks.push(Quirk::Shared);
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
    taken: &mut HashSet<String>,
    values: &mut Values,
    quirks: &mut Vec<Quirk>,
) -> Result<Sheet, Refusal> {
    let Found { entry, part, copy, mut scan } = found;
    let mut sheet = Sheet::new(&*entry.name);
    sheet.visible = entry.visible;
    sheet.cells = values.cells(&sheet.name, &copy, &mut scan, quirks)?;
    sheet.merges = scan.merges;
    let last_row = sheet.cells.last_key_value().map(|(at, _)| at.row);
    sheet.hidden_rows = scan.hidden_rows.into_iter().filter(|&row| Some(row) <= last_row).collect();
    if !scan.hidden_columns.is_empty() {
        let last_column = sheet.cells.keys().map(|at| at.col).max();
        sheet.hidden_columns =
            scan.hidden_columns.into_iter().filter(|&col| Some(col) <= last_column).collect();
    }
    for relation in relations_of(package, &part)? {
        let (table, notes) =
            (relation.is("table"), relation.is("comments") || relation.is("threadedComment"));
        if !table && !notes {
            continue;
        }
        let target = resolve(&part, &relation.target);
        if !taken.insert(target.to_lowercase()) {
            continue;
        }
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
