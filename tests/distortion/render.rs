//! A made-up workbook put on a grid, and where every value of it went.

use std::collections::BTreeSet;
use std::sync::Arc;

use fupan::catalogue::{Catalogue, Column};
use fupan::cell::{Area, CellRef, Content, Place};
use fupan::locale::Lang;
use fupan::workbook::{Cell, Sheet, Visibility, Workbook};
use fupan::xlsx::blank::{Identity, blank};
use fupan::xlsx::guard::Limits;
use fupan::xlsx::read::read;
use indexmap::IndexMap;

use super::made::{Block, HeaderForm, Lie, Line, Made, Tab, Typed, shipped, text};
use crate::injection::draft::Say;

/// A table, a row of its draft, a column.
pub type Key = (&'static str, usize, &'static str);

/// A value that has to be read.
#[derive(Debug, Clone)]
pub struct Truth {
    pub column: &'static Column,
    pub say: Say,
    pub cell: Cell,
    /// Where it stands; in several places where its sheet was copied.
    pub places: Vec<Place>,
    /// The header cells above it.
    pub headers: Vec<Place>,
    /// Kinds of distortion it went through.
    pub kinds: BTreeSet<&'static str>,
}

/// A workbook with everything known about it.
pub struct Rendered {
    pub workbook: Workbook,
    /// The settings of the team.
    pub settings: String,
    pub truths: IndexMap<Key, Truth>,
}

/// Lays everything out.
pub fn render(made: &Made) -> Rendered {
    let mut rendered =
        Rendered { workbook: Workbook::default(), settings: settings(made), truths: IndexMap::new() };
    if made.guides {
        let guide = guides(&made.template, made.voice.lang);
        rendered.workbook.sheets.extend(guide.first().cloned());
    }
    for tab in &made.tabs {
        let sheet = tab_sheet(made, tab, &mut rendered);
        rendered.workbook.sheets.push(sheet);
    }
    if made.guides {
        let guide = guides(&made.template, made.voice.lang);
        rendered.workbook.sheets.extend(guide.into_iter().skip(1));
    }
    if made.identity {
        identify(made, &mut rendered.workbook);
    }
    if rendered.workbook.sheets.iter().all(|sheet| sheet.visible != Visibility::Visible) {
        let mut sheet = Sheet::new("封面");
        sheet.cells.insert(CellRef::new(0, 0), text("复盘资料"));
        rendered.workbook.sheets.insert(0, sheet);
    }
    rendered
}

/// The `fupan.toml` of the team.
fn settings(made: &Made) -> String {
    let mut text = String::from("[aliases]\n");
    for (meaning, name) in &made.names {
        text += &format!("\"{meaning}\" = [\"{name}\"]\n");
    }
    text
}

/// The sheets of a blank that hold no data.
fn guides(template: &str, lang: Lang) -> Vec<Sheet> {
    use std::collections::BTreeMap;
    use std::sync::{LazyLock, Mutex};
    type Known = Mutex<BTreeMap<(String, &'static str), Vec<Sheet>>>;
    static KNOWN: LazyLock<Known> = LazyLock::new(Known::default);
    let mut known = KNOWN.lock().unwrap();
    let open = || {
        let catalogue = Catalogue::shipped();
        let template = &catalogue.templates[template];
        let bytes = blank(catalogue, template, &Identity::of(template), lang).unwrap();
        let words = &catalogue.words;
        let names = [words.guide.sheet.get(lang), words.dictionary.sheet.get(lang)];
        let mut sheets = read(&bytes, &Limits::default()).unwrap().sheets;
        sheets.retain(|sheet| names.iter().any(|name| **name == *sheet.name));
        for sheet in &mut sheets {
            sheet.cells.values_mut().for_each(|cell| cell.formula = None);
            sheet.cells.retain(|_, cell| !cell.content.is_blank());
            sheet.tables.clear();
        }
        sheets
    };
    known.entry((template.to_owned(), lang.tag())).or_insert_with(open).clone()
}

fn identify(made: &Made, workbook: &mut Workbook) {
    let template = &shipped().templates[&made.template];
    let facts = [("template", made.template.clone()), ("version", template.version.to_string())];
    let mut sheet = Sheet::new("_fupan");
    sheet.visible = Visibility::VeryHidden;
    for (row, (key, value)) in (0u32..).zip(&facts) {
        workbook.properties.insert(format!("fupan.{key}"), value.clone());
        workbook.names.insert(format!("_fupan.{key}"), format!("=\"{value}\""));
        sheet.cells.insert(CellRef::new(row, 0), text(format!("fupan.{key}")));
        sheet.cells.insert(CellRef::new(row, 1), text(value.clone()));
    }
    workbook.sheets.push(sheet);
}

fn tab_sheet(made: &Made, tab: &Tab, rendered: &mut Rendered) -> Sheet {
    let mut sheet = Sheet::new(tab.name.as_str());
    sheet.visible = tab.visible;
    let mut top = tab.top;
    for band in &tab.bands {
        let mut left = tab.left;
        let mut lowest = top;
        // Headers side by side stand on one row.
        let tallest = band.blocks.iter().map(|block| block.above.len() as u32).max().unwrap_or(0);
        for block in &band.blocks {
            let down = tallest - block.above.len() as u32;
            let end = block_on(made, block, &mut sheet, CellRef::new(top + down, left), rendered);
            lowest = lowest.max(end);
            left += block.width() + band.gap;
        }
        top = lowest + band.below;
    }
    sheet
}

fn put(sheet: &mut Sheet, at: CellRef, cell: Cell) {
    if !cell.content.is_blank() {
        sheet.cells.insert(at, cell);
    }
}

/// Puts a block on a sheet; the row below its last one.
fn block_on(made: &Made, block: &Block, sheet: &mut Sheet, at: CellRef, rendered: &mut Rendered) -> u32 {
    let mut row = at.row;
    let right = at.col + block.width().max(1) - 1;
    for above in &block.above {
        put(sheet, CellRef::new(row, at.col), text(above.text.clone()));
        if above.merged && right > at.col && !above.text.is_empty() {
            sheet.merges.push(Area::new(CellRef::new(row, at.col), CellRef::new(row, right)));
        }
        row += 1;
    }
    row = match block.lie {
        Lie::Form { pairs, topped, examples } => {
            form_on(made, block, sheet, CellRef::new(row, at.col), (pairs, topped, examples), rendered)
        }
        Lie::List | Lie::Sideways => list_on(made, block, sheet, CellRef::new(row, at.col), rendered),
    };
    if !block.notes.is_empty() {
        for note in &block.notes {
            put(sheet, CellRef::new(row, at.col), text(note.clone()));
            row += 1;
        }
    }
    row
}

fn form_on(
    made: &Made,
    block: &Block,
    sheet: &mut Sheet,
    at: CellRef,
    (pairs, topped, examples): (usize, bool, bool),
    rendered: &mut Rendered,
) -> u32 {
    let mut row = at.row;
    let area = Area::new(at, CellRef::new(at.row, at.col + block.width() - 1));
    if topped {
        for pair in 0..pairs as u32 {
            put(sheet, CellRef::new(row, at.col + 2 * pair), text("项目"));
            put(sheet, CellRef::new(row, at.col + 2 * pair + 1), text("内容说明"));
        }
        if examples {
            put(sheet, CellRef::new(row, at.col + 2), text("示例"));
        }
        if made.ids && !block.copied {
            name_header(rendered, block, &sheet.name, area);
        }
        row += 1;
    }
    let Some(Line::Data(number, cells)) = block.lines.first() else { return row };
    for (index, (lane, typed)) in block.lanes.iter().zip(cells).enumerate() {
        let line = row + (index / pairs) as u32;
        let label = CellRef::new(line, at.col + 2 * (index % pairs) as u32);
        let value = CellRef::new(line, label.col + 1);
        put(sheet, label, text(lane.head.clone()));
        if let (true, Some(example)) = (examples, lane.column.and_then(|column| column.example.as_ref())) {
            put(sheet, CellRef::new(line, at.col + 2), text(example.get(made.voice.lang)));
        }
        if let Some(typed) = typed {
            put(sheet, value, typed.cell.clone());
            let on = |at: CellRef| Place::new(sheet.name.clone(), at);
            know(rendered, block, (*number, index), typed, on(value), on(label));
        }
    }
    row + block.lanes.len().div_ceil(pairs) as u32
}

/// Remembers what a cell says, of one table or of two.
fn know(
    rendered: &mut Rendered,
    block: &Block,
    (row, lane): (usize, usize),
    typed: &Typed,
    place: Place,
    header: Place,
) {
    let lane = &block.lanes[lane];
    let Some(say) = &typed.say else { return };
    let meant = lane.column.map(|column| (lane.table, column));
    for (table, column) in meant.into_iter().chain(typed.also) {
        let truth = rendered.truths.entry((&table.id, row, &column.id)).or_insert_with(|| Truth {
            column,
            say: say.clone(),
            cell: typed.cell.clone(),
            places: Vec::new(),
            headers: Vec::new(),
            kinds: BTreeSet::new(),
        });
        truth.places.push(place.clone());
        truth.headers.push(header.clone());
        truth.kinds.extend(&block.kinds);
    }
}

fn name_header(rendered: &mut Rendered, block: &Block, sheet: &Arc<str>, area: Area) {
    let quoted = sheet.replace('\'', "''");
    let target = format!("='{quoted}'!{}:{}", area.first.absolute(), area.last.absolute());
    rendered.workbook.names.entry(format!("_fupan.table.{}", block.table.id)).or_insert(target);
}

fn list_on(made: &Made, block: &Block, sheet: &mut Sheet, at: CellRef, rendered: &mut Rendered) -> u32 {
    let heads = header_on(block, sheet, at);
    let mut row = heads.1 + 1;
    let first = row;
    let cells_at = |row: u32, lane: usize| CellRef::new(row, at.col + lane as u32);
    for line in &block.lines {
        match line {
            Line::Other(cells) => {
                for (lane, cell) in cells.iter().enumerate() {
                    if let Some(cell) = cell {
                        put(sheet, cells_at(row, lane), cell.clone());
                    }
                }
            }
            Line::Data(number, cells) => {
                for (lane, typed) in cells.iter().enumerate() {
                    let Some(typed) = typed else { continue };
                    let mut place = cells_at(row, lane);
                    if typed.joined && row > first {
                        place = join(sheet, place);
                    } else {
                        put(sheet, place, typed.cell.clone());
                    }
                    let on = |at: CellRef| Place::new(sheet.name.clone(), at);
                    know(rendered, block, (*number, lane), typed, on(place), on(heads.0[lane]));
                }
            }
        }
        row += 1;
    }
    let area = Area::new(at, CellRef::new(row.max(first + 1) - 1, at.col + block.width() - 1));
    if made.ids {
        if !block.copied {
            let line = Area::new(at, CellRef::new(at.row, area.last.col));
            name_header(rendered, block, &sheet.name, line);
        }
        if block.is_plain() {
            let taken = rendered.workbook.sheets.iter().flat_map(|sheet| &sheet.tables).chain(&sheet.tables);
            let taken: Vec<&str> = taken.map(|(name, _)| name.as_str()).collect();
            let name = format!("fp_{}", block.table.id);
            let free = (2..).map(|n| format!("{name}{n}")).find(|name| !taken.contains(&name.as_str()));
            let name = if taken.contains(&name.as_str()) { free.unwrap() } else { name };
            sheet.tables.push((name, area));
        }
    }
    row
}

/// Merges a cell with the one above; the anchor.
fn join(sheet: &mut Sheet, at: CellRef) -> CellRef {
    let above = CellRef::new(at.row - 1, at.col);
    match sheet.merges.iter_mut().find(|area| area.contains(above) && area.first.col == at.col) {
        Some(area) => {
            area.last = at;
            area.first
        }
        None => {
            sheet.merges.push(Area::new(above, at));
            above
        }
    }
}

/// Writes the header; the header cell of each lane, and the last header row.
fn header_on(block: &Block, sheet: &mut Sheet, at: CellRef) -> (Vec<CellRef>, u32) {
    let upper = |lane: usize| CellRef::new(at.row, at.col + lane as u32);
    let lower = |lane: usize| CellRef::new(at.row + 1, at.col + lane as u32);
    let heads = block.lanes.iter().enumerate();
    match block.header {
        HeaderForm::One => {
            heads.clone().for_each(|(lane, it)| put(sheet, upper(lane), text(it.head.clone())));
            (heads.map(|(lane, _)| upper(lane)).collect(), at.row)
        }
        HeaderForm::Tall => {
            for (lane, it) in heads.clone() {
                put(sheet, upper(lane), text(it.head.clone()));
                sheet.merges.push(Area::new(upper(lane), lower(lane)));
            }
            (heads.map(|(lane, _)| upper(lane)).collect(), at.row + 1)
        }
        HeaderForm::Grouped | HeaderForm::Loose { .. } => {
            let mut cells = Vec::new();
            let mut lane = 0;
            while lane < block.lanes.len() {
                let Some(group) = &block.lanes[lane].group else {
                    let head = block.lanes[lane].head.clone();
                    let place = match block.header {
                        HeaderForm::Loose { upper: false } => lower(lane),
                        _ => upper(lane),
                    };
                    put(sheet, place, text(head));
                    if block.header == HeaderForm::Grouped {
                        sheet.merges.push(Area::new(upper(lane), lower(lane)));
                    }
                    cells.push(place);
                    lane += 1;
                    continue;
                };
                let first = lane;
                while lane < block.lanes.len() && block.lanes[lane].group.as_ref() == Some(group) {
                    put(sheet, lower(lane), text(block.lanes[lane].head.clone()));
                    cells.push(lower(lane));
                    lane += 1;
                }
                put(sheet, upper(first), text(group.clone()));
                if block.header == HeaderForm::Grouped && lane > first + 1 {
                    sheet.merges.push(Area::new(upper(first), upper(lane - 1)));
                }
            }
            (cells, at.row + 1)
        }
    }
}

/// Whether a cell holds words.
pub fn is_text(cell: &Cell) -> bool {
    matches!(cell.content, Content::Text(_))
}
