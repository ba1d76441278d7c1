//! The chain of a figure down to the cells people typed (spec: `7-beyond` row 20).
//!
//! Formulas are read, not recomputed, so that a team's own are followed like
//! ours; on a portfolio the chain goes on in the workbook a row came from.
//! How a chain is shown is somebody else's business.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use serde::Serialize;
use serde_json::Value;

use crate::catalogue::record::Records;
use crate::cell::{Area, CellRef, Content, Place};
use crate::locale::Lang;
use crate::portfolio::decided::PROPERTY;
use crate::workbook::{Sheet, Workbook};

mod conditions;
mod labels;
mod portfolio;
mod references;

pub use labels::Own;
pub use references::{Formula, Found, Reference, references};

/// A workbook to follow formulas in.
pub struct Book {
    /// Its name, for people.
    pub name: String,
    /// The file a team sent, where this is its enriched copy.
    pub original: Option<String>,
    /// Everything on its sheets.
    pub workbook: Workbook,
    /// Names of the sheets that are ours.
    pub ours: BTreeSet<String>,
    /// What was recognised on the team's sheets.
    pub records: Records,
    /// Table and column of each cell of a record.
    fields: HashMap<Place, (String, String)>,
    /// The first cell of a record in which a text was typed.
    texts: HashMap<String, Place>,
}

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Formulas below formulas.
    pub depth: usize,
    /// Nodes altogether.
    pub nodes: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { depth: 32, nodes: 4_000 }
    }
}

/// One link of a chain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// The file, where it is not the one asked about.
    pub file: Option<String>,
    /// Sheet and cell or cells.
    pub cell: String,
    /// What it is.
    pub kind: Kind,
    /// The words at the head of its row and of its column.
    pub labels: Vec<String>,
    /// What it holds; null where it is empty.
    pub value: Value,
    /// The formula.
    pub formula: Option<String>,
    /// The metric its labels name, as `fupan explain` takes it.
    pub metric: Option<&'static str>,
    /// The team's table and column.
    pub own: Option<Own>,
    /// Of several cells: how many there are, how many hold something, how many of these count.
    pub count: Option<Count>,
    /// What it comes from.
    pub from: Vec<Node>,
}

/// How many cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Cells there are.
    pub of: usize,
    /// Cells that hold something.
    pub filled: usize,
    /// Cells that hold something and meet the conditions of a conditional sum or count.
    pub met: usize,
}

/// What a link of a chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A formula; the chain goes on.
    Formula,
    /// A cell of the team's own: the chain ends.
    Typed,
    /// A value we wrote; it may say where it comes from.
    Constant,
    /// An empty cell.
    Blank,
    /// Several cells, of which the first are followed.
    Range,
    /// Followed further up already.
    Repeated,
    /// In another workbook, which is not followed.
    Outside,
    /// Cells or a sheet that are no longer there.
    Lost,
    /// A name that means nothing in this workbook.
    Unknown,
    /// Deeper than asked for.
    Deep,
}

/// Opens the workbook a portfolio row came from: the enriched copy by its path beside the portfolio, and the file it was made of.
pub type Open<'a> = dyn FnMut(&str, &str) -> Option<Rc<Book>> + 'a;

/// How many cells of a range are followed.
const FOLLOWED: usize = 3;

impl Book {
    /// A workbook with what was recognised on the sheets that are not `ours`.
    pub fn new(name: &str, workbook: Workbook, ours: BTreeSet<String>, records: Records) -> Book {
        let (mut fields, mut texts) = (HashMap::new(), HashMap::new());
        for (table, records) in &records.tables {
            for (column, field) in records.rows.iter().flat_map(|row| &row.fields) {
                let Some(at) = &field.at else { continue };
                fields.insert(at.clone(), (table.clone(), column.clone()));
                if !field.text.is_empty() {
                    texts.entry(field.text.clone()).or_insert_with(|| at.clone());
                }
            }
        }
        Book { name: name.to_owned(), original: None, workbook, ours, records, fields, texts }
    }

    /// A sheet, by its name as Excel compares names.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        let lower = name.to_lowercase();
        let alike = |sheet: &&Sheet| sheet.name.to_lowercase() == lower;
        self.workbook.sheet(name).or_else(|| self.workbook.sheets.iter().find(alike))
    }

    /// What a cell holds; blank where there is no such sheet.
    pub fn content(&self, sheet: &str, cell: CellRef) -> &Content {
        static BLANK: Content = Content::Blank;
        self.sheet(sheet).map_or(&BLANK, |sheet| sheet.content(cell))
    }

    /// Whether it is a portfolio (`汇总.xlsx`).
    pub fn is_portfolio(&self) -> bool {
        self.workbook.properties.contains_key(PROPERTY)
    }

    /// Whether a sheet was written by us.
    pub fn is_ours(&self, sheet: &str) -> bool {
        self.is_portfolio() || self.ours.contains(sheet)
    }

    /// The formula nearest to a cell on its sheet.
    pub fn nearest_formula(&self, at: &Place) -> Option<CellRef> {
        let away = |cell: &CellRef| cell.row.abs_diff(at.cell.row) * 4 + cell.col.abs_diff(at.cell.col);
        let formulas = self.sheet(&at.sheet)?.cells.iter().filter(|(_, cell)| cell.formula.is_some());
        formulas.map(|(at, _)| *at).min_by_key(away)
    }

    /// The formula of a cell and the cell it is written in: a shared one stands in the first cell that has it.
    fn formula(&self, at: &Place) -> Option<(&str, CellRef)> {
        let sheet = self.sheet(&at.sheet)?;
        let of = |cell: CellRef| sheet.cells.get(&cell).and_then(|cell| cell.formula.as_deref());
        let own = of(at.cell)?;
        if !own.is_empty() {
            return Some((own, at.cell));
        }
        let up = (0..at.cell.row).rev().map(|row| CellRef::new(row, at.cell.col));
        let left = (0..at.cell.col).rev().map(|col| CellRef::new(at.cell.row, col));
        let first = |cells: &mut dyn Iterator<Item = CellRef>| {
            cells.map_while(|cell| Some((of(cell)?, cell))).find(|(formula, _)| !formula.is_empty())
        };
        first(&mut { up }).or_else(|| first(&mut { left })).or(Some(("", at.cell)))
    }
}

/// The chain of a cell.
pub fn trace(book: &Rc<Book>, at: &Place, bounds: Bounds, lang: Lang, open: &mut Open<'_>) -> Node {
    let mut walk = Walk { bounds, lang, open, seen: HashSet::new(), nodes: 0, root: book.name.clone() };
    walk.cell(book, at, 0)
}

/// A chain being followed.
struct Walk<'a, 'o> {
    bounds: Bounds,
    lang: Lang,
    open: &'a mut Open<'o>,
    seen: HashSet<(String, Place)>,
    nodes: usize,
    root: String,
}

impl Walk<'_, '_> {
    fn node(&mut self, book: &Book, cell: String, kind: Kind) -> Node {
        self.nodes += 1;
        let file =
            if kind == Kind::Typed { book.original.as_ref().unwrap_or(&book.name) } else { &book.name };
        Node {
            file: (book.name != self.root).then(|| file.clone()),
            cell,
            kind,
            labels: Vec::new(),
            value: Value::Null,
            formula: None,
            metric: None,
            own: None,
            count: None,
            from: Vec::new(),
        }
    }

    fn cell(&mut self, book: &Rc<Book>, at: &Place, depth: usize) -> Node {
        let Some(sheet) = book.sheet(&at.sheet) else { return self.node(book, at.to_string(), Kind::Lost) };
        let at = &Place::new(sheet.name.clone(), at.cell);
        let content = sheet.content(at.cell);
        let formula = book.formula(at);
        let ours = book.is_ours(&at.sheet);
        let kind = match formula {
            Some(_) if !self.seen.insert((book.name.clone(), at.clone())) => Kind::Repeated,
            Some(_) if depth >= self.bounds.depth || self.nodes >= self.bounds.nodes => Kind::Deep,
            Some(_) => Kind::Formula,
            None if content.is_blank() => Kind::Blank,
            None if ours => Kind::Constant,
            None => Kind::Typed,
        };
        let mut node = self.node(book, at.to_string(), kind);
        node.value = value(content);
        node.formula = formula.map(|(formula, _)| formula.to_owned());
        if ours {
            let (left, above) = labels::around(sheet, at.cell);
            node.metric = labels::metric(book, left.as_ref(), above.as_ref()).map(|metric| metric.name);
            node.labels = [left, above].into_iter().flatten().collect();
            node.labels.dedup();
        } else {
            node.own = labels::own(book, at, self.lang);
            if node.own.is_none() {
                let (left, above) = labels::around(sheet, at.cell);
                node.labels = [left, above].into_iter().flatten().collect();
            }
        }
        match (kind, formula) {
            (Kind::Formula, Some((formula, written))) => {
                node.from = self.precedents(book, at, formula, written, depth + 1);
            }
            (Kind::Constant, _) if depth <= self.bounds.depth => node.from = self.origin(book, at, depth + 1),
            _ => {}
        }
        node
    }

    /// What a formula refers to.
    fn precedents(
        &mut self,
        book: &Rc<Book>,
        home: &Place,
        text: &str,
        written: CellRef,
        depth: usize,
    ) -> Vec<Node> {
        let mut formula = references(text);
        for found in &mut formula.found {
            moved(&mut found.reference, written, home.cell);
        }
        let masks = conditions::met(book, home, &formula);
        let mut nodes: Vec<Node> = Vec::new();
        let mut asked: Vec<&Reference> = Vec::new();
        for (found, mask) in formula.found.iter().zip(masks) {
            // A guard and what it guards name the same cells.
            if asked.contains(&&found.reference) {
                continue;
            }
            asked.push(&found.reference);
            for node in self.reference(book, home, &found.reference, mask.as_deref(), depth) {
                if !nodes.iter().any(|known| known.cell == node.cell && known.file == node.file) {
                    nodes.push(node);
                }
            }
        }
        nodes
    }

    fn reference(
        &mut self,
        book: &Rc<Book>,
        home: &Place,
        reference: &Reference,
        mask: Option<&[bool]>,
        depth: usize,
    ) -> Vec<Node> {
        match reference {
            Reference::Text(_) => Vec::new(),
            Reference::Lost => vec![self.node(book, "#REF!".into(), Kind::Lost)],
            Reference::Outside(text) => vec![self.node(book, text.clone(), Kind::Outside)],
            Reference::Cells { sheet, area, .. } => {
                let sheet = sheet.as_deref().unwrap_or(&home.sheet);
                let sheets = between(book, sheet);
                sheets.iter().map(|sheet| self.area(book, sheet, *area, mask, depth)).collect()
            }
            Reference::Table(table, inside) => match column_of_table(book, home, table, inside) {
                Some((sheet, area)) => vec![self.area(book, &sheet, area, None, depth)],
                None => vec![self.node(book, format!("{table}[{inside}]"), Kind::Unknown)],
            },
            Reference::Name(name) => {
                let lower = name.to_lowercase();
                let meaning = book.workbook.names.iter().find(|(known, _)| known.to_lowercase() == lower);
                match meaning {
                    Some((_, meaning)) if depth < self.bounds.depth => {
                        let meaning = meaning.clone();
                        self.precedents(book, home, &meaning, home.cell, depth + 1)
                    }
                    Some(_) => vec![self.node(book, name.clone(), Kind::Deep)],
                    None => vec![self.node(book, name.clone(), Kind::Unknown)],
                }
            }
        }
    }

    fn area(&mut self, book: &Rc<Book>, name: &str, area: Area, mask: Option<&[bool]>, depth: usize) -> Node {
        if area.first == area.last {
            return self.cell(book, &Place::new(name, area.first), depth);
        }
        let Some(sheet) = book.sheet(name) else {
            return self.node(book, format!("{name}!{area}"), Kind::Lost);
        };
        let shown = sheet.used().map_or(area, |used| clipped(area, used));
        let width = (area.last.col - area.first.col + 1) as usize;
        let counts = |cell: &CellRef| {
            let nth = (cell.row - area.first.row) as usize * width + (cell.col - area.first.col) as usize;
            mask.is_none_or(|mask| mask.get(nth).copied().unwrap_or(true))
        };
        let rows = CellRef::new(area.first.row, 0)..=CellRef::new(area.last.row, area.last.col);
        let filled: Vec<CellRef> = sheet
            .cells
            .range(rows)
            .filter(|(at, cell)| area.contains(**at) && !cell.content.is_blank())
            .map(|(at, _)| *at)
            .collect();
        let met: Vec<CellRef> = filled.iter().copied().filter(counts).collect();
        let mut node = self.node(book, format!("{}!{shown}", sheet.name), Kind::Range);
        let of = (shown.last.row - shown.first.row + 1) * (shown.last.col - shown.first.col + 1);
        node.count = Some(Count { of: of as usize, filled: filled.len(), met: met.len() });
        if book.is_ours(name) {
            let above = labels::around(sheet, area.first).1;
            node.metric = labels::metric(book, None, above.as_ref()).map(|metric| metric.name);
            node.labels = above.into_iter().collect();
        } else {
            node.own = labels::own(book, &Place::new(sheet.name.clone(), area.first), self.lang);
        }
        let sheet = sheet.name.clone();
        for cell in met.into_iter().take(FOLLOWED) {
            if self.nodes < self.bounds.nodes {
                node.from.push(self.cell(book, &Place::new(sheet.clone(), cell), depth));
            }
        }
        node
    }
}

/// What a cell holds, for machines; days as people write them.
fn value(content: &Content) -> Value {
    match content {
        Content::Blank => Value::Null,
        Content::Number(n) => serde_json::json!(n),
        Content::Serial(n) => Value::String(day(*n)),
        Content::Bool(b) => Value::Bool(*b),
        Content::Text(text) if text.is_empty() => Value::Null,
        Content::Text(text) | Content::Error(text) => Value::String(text.clone()),
    }
}

fn day(serial: f64) -> String {
    let from = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|day| day.and_hms_opt(0, 0, 0));
    let seconds = (serial * 86_400.0).round();
    let at =
        chrono::TimeDelta::try_seconds(seconds as i64).and_then(|length| from?.checked_add_signed(length));
    match at {
        Some(at) if serial.fract() == 0.0 => at.format("%Y-%m-%d").to_string(),
        Some(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        None => serial.to_string(),
    }
}

/// A reference as it stands in another cell that shares the formula.
fn moved(reference: &mut Reference, from: CellRef, to: CellRef) {
    let Reference::Cells { area, fixed, .. } = reference else { return };
    let shift = |n: u32, from: u32, to: u32, fixed: bool| {
        if fixed { n } else { (i64::from(n) + i64::from(to) - i64::from(from)).max(0) as u32 }
    };
    area.first.row = shift(area.first.row, from.row, to.row, fixed[0]);
    area.first.col = shift(area.first.col, from.col, to.col, fixed[1]);
    area.last.row = shift(area.last.row, from.row, to.row, fixed[2]);
    area.last.col = shift(area.last.col, from.col, to.col, fixed[3]);
}

/// The sheets a reference names: one, or all from one to another (`一月:三月`).
fn between(book: &Book, name: &str) -> Vec<String> {
    let one = vec![name.to_owned()];
    if book.sheet(name).is_some() {
        return one;
    }
    let Some((first, last)) = name.split_once(':') else { return one };
    let position = |name: &str| {
        let name = book.sheet(name)?.name.clone();
        book.workbook.sheets.iter().position(|sheet| sheet.name == name)
    };
    match (position(first), position(last)) {
        (Some(first), Some(last)) if first <= last => {
            book.workbook.sheets[first..=last].iter().map(|sheet| sheet.name.to_string()).collect()
        }
        _ => one,
    }
}

/// The cells of `表1[金额]`, `表1[[#This Row],[金额]]`, `[@金额]`.
fn column_of_table(book: &Book, home: &Place, table: &str, inside: &str) -> Option<(String, Area)> {
    let tables =
        || book.workbook.sheets.iter().flat_map(|sheet| sheet.tables.iter().map(move |table| (sheet, table)));
    let (sheet, (_, area)) = if table.is_empty() {
        tables().find(|(sheet, (_, area))| sheet.name == home.sheet && area.contains(home.cell))?
    } else {
        tables().find(|(_, (name, _))| name.to_lowercase() == table.to_lowercase())?
    };
    let body = CellRef::new((area.first.row + 1).min(area.last.row), area.first.col);
    let this_row = inside.contains("#This Row") || inside.starts_with('@') || inside.contains("[@");
    let name = inside.rsplit(',').next().unwrap_or(inside);
    let name = name.trim_matches(['[', ']', '@', ' ']);
    let column = (area.first.col..=area.last.col)
        .find(|col| sheet.content(CellRef::new(area.first.row, *col)).to_text() == name);
    let (left, right) = match column {
        Some(col) => (col, col),
        None if name.is_empty() || name.starts_with('#') => (area.first.col, area.last.col),
        None => return None,
    };
    let (top, bottom) = if this_row { (home.cell.row, home.cell.row) } else { (body.row, area.last.row) };
    Some((sheet.name.to_string(), Area::new(CellRef::new(top, left), CellRef::new(bottom, right))))
}

/// The part of whole columns and rows that is in use.
fn clipped(area: Area, used: Area) -> Area {
    let whole = area.last.row + 1 == crate::cell::MAX_ROWS || area.last.col + 1 == crate::cell::MAX_COLUMNS;
    if !whole {
        return area;
    }
    let last = CellRef::new(area.last.row.min(used.last.row), area.last.col.min(used.last.col));
    let last = CellRef::new(last.row.max(area.first.row), last.col.max(area.first.col));
    Area::new(area.first, last)
}
