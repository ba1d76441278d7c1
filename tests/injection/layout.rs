//! A draft put into a workbook: into a blank of the program, or into sheets somebody made by hand. Remembers where
//! everything went, without asking the program to recognise it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use fupan::catalogue::{Catalogue, Column, Kind, Layout as Shape, Table};
use fupan::cell::{CellRef, Content, Place};
use fupan::locale::{Lang, traditional};
use fupan::workbook::{Cell, Quirk, Sheet, Workbook};
use fupan::xlsx::blank::{Identity, blank};
use fupan::xlsx::guard::Limits;
use fupan::xlsx::read::read;

use super::chance::Chance;
use super::draft::Draft;
use super::voice::Voice;

/// Where the tables go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Layout {
    /// The blank of the template, in the voice's language.
    Blank,
    /// Sheets made by hand; the number decides how.
    ByHand(u64),
}

/// A workbook, and where everything in it is.
#[derive(Clone)]
pub struct Laid {
    pub workbook: Workbook,
    /// Cells by table, row and column.
    pub places: HashMap<(String, usize, String), Place>,
    /// Header cells by table and column.
    pub headers: HashMap<(String, String), Place>,
}

impl Laid {
    /// Where a cell went.
    pub fn at(&self, table: &str, row: usize, column: &str) -> Option<&Place> {
        self.places.get(&(table.to_owned(), row, column.to_owned()))
    }

    /// The sheet a table is on.
    pub fn sheet_mut(&mut self, name: &str) -> &mut Sheet {
        self.workbook.sheets.iter_mut().find(|sheet| &*sheet.name == name).unwrap()
    }
}

/// Columns a clean workbook cannot do without, beside the required ones: leaving them out would be a mistake.
const KEPT: &[&str] = &[
    "kpi.baseline",
    "kpi.direction",
    "progress.reason",
    "progress.actual_end",
    "results.reason",
    "results.dimension",
    "results.member",
    "results.target",
    "actions.status",
    "actions.done_on",
    "actions.verification",
    "actions.problem",
    "problems.code",
    "budget.remark",
    "problems.evidence",
    "promotions.issued",
    "promotions.claimed",
    "promotions.redeemed",
    "basics.code",
    "channels.sales",
    "summary.goals",
];

/// Puts a draft into a workbook.
pub fn lay(catalogue: &Catalogue, template: &str, draft: &Draft, voice: &Voice, layout: Layout) -> Laid {
    match layout {
        Layout::Blank => into_blank(catalogue, template, draft, voice),
        Layout::ByHand(way) => by_hand(catalogue, draft, voice, way),
    }
}

type Blanks = Mutex<BTreeMap<(String, &'static str), Workbook>>;

fn opened(catalogue: &Catalogue, template: &str, lang: Lang) -> Workbook {
    static BLANKS: LazyLock<Blanks> = LazyLock::new(Blanks::default);
    let mut blanks = BLANKS.lock().unwrap();
    let known = blanks.entry((template.to_owned(), lang.tag()));
    let open = || {
        let template = &catalogue.templates[template];
        read(&blank(catalogue, template, &Identity::of(template), lang).unwrap(), &Limits::default()).unwrap()
    };
    known.or_insert_with(open).clone()
}

fn into_blank(catalogue: &Catalogue, template: &str, draft: &Draft, voice: &Voice) -> Laid {
    let mut laid = Laid {
        workbook: opened(catalogue, template, voice.lang),
        places: HashMap::new(),
        headers: HashMap::new(),
    };
    for (id, rows) in &draft.tables {
        let table = &catalogue.tables[id];
        let name: Arc<str> = table.label.get(voice.lang).into();
        let sheet = laid.workbook.sheets.iter_mut().find(|sheet| sheet.name == name).unwrap();
        let (header, first) = (2, 3);
        for (index, column) in table.columns.iter().enumerate() {
            let form = table.layout == Shape::Form;
            let at =
                if form { CellRef::new(first + index as u32, 0) } else { CellRef::new(header, index as u32) };
            let label = column.label.get(voice.lang);
            let stands = sheet.content(at).to_text();
            assert_eq!(stands.trim_end_matches([' ', '*']), label, "{id}.{} at {at}", column.id);
            laid.headers.insert((id.clone(), column.id.clone()), Place::new(name.clone(), at));
        }
        if table.layout == Shape::List && !rows.is_empty() {
            clear_prefilled(sheet, table, first);
        }
        for (row, said) in rows.iter().enumerate() {
            for (index, column) in table.columns.iter().enumerate() {
                let at = match table.layout {
                    Shape::Form => CellRef::new(first + index as u32, 1),
                    Shape::List => CellRef::new(first + row as u32, index as u32),
                };
                laid.places.insert((id.clone(), row, column.id.clone()), Place::new(name.clone(), at));
                if let Some(cell) =
                    said.get(&column.id).and_then(|say| voice.spell(catalogue, id, column, say))
                {
                    put(sheet, at, cell, &mut laid.workbook.quirks);
                }
            }
        }
    }
    laid
}

/// Rows the blank offers are written over in order; those left are deleted, as people do.
fn clear_prefilled(sheet: &mut Sheet, table: &Table, first: u32) {
    for row in 0..table.rows.len() as u32 {
        for col in 0..table.columns.len() as u32 {
            let at = CellRef::new(first + row, col);
            if sheet.cells.get(&at).is_some_and(|cell| cell.formula.is_none()) {
                sheet.cells.remove(&at);
            }
        }
    }
}

fn put(sheet: &mut Sheet, at: CellRef, mut cell: Cell, quirks: &mut Vec<Quirk>) {
    if cell.formula.is_some() && cell.content == Content::Blank {
        quirks.push(Quirk::NoStoredResult(sheet.name.clone(), at));
    }
    if cell.formula.as_deref() == Some("") {
        cell.formula = sheet.cells.get(&at).and_then(|cell| cell.formula.clone());
    }
    sheet.cells.insert(at, cell);
}

fn typed(sheet: &mut Sheet, at: CellRef, text: impl Into<String>) {
    sheet.cells.insert(at, Cell { content: Content::Text(text.into()), ..Cell::default() });
}

fn by_hand(catalogue: &Catalogue, draft: &Draft, voice: &Voice, way: u64) -> Laid {
    let mut r = Chance::of(way, "by hand");
    let mut laid = Laid { workbook: Workbook::default(), places: HashMap::new(), headers: HashMap::new() };
    // How this team makes its sheets.
    let (stacked, titled, aliased, marked) = (r.happens(0.4), r.happens(0.6), r.happens(0.6), r.happens(0.3));
    let (reordered, trimmed, remarks) = (r.happens(0.4), r.happens(0.5), r.happens(0.3));
    let mut below = 0;
    let mut on_sheet = 0;
    for (id, rows) in &draft.tables {
        let table = &catalogue.tables[id];
        let room = stacked && on_sheet > 0 && on_sheet < 3 && table.layout == Shape::List;
        if !room {
            let name = if stacked {
                format!("{}等", table.label.get(voice.lang))
            } else {
                table.label.get(voice.lang)
            };
            let name: String = name.chars().take(31).collect();
            laid.workbook.sheets.push(Sheet::new(name));
            below = r.below(2) as u32;
            on_sheet = 0;
        }
        on_sheet += 1;
        let left = if stacked || remarks { 0 } else { r.below(2) as u32 };
        let sheet = laid.workbook.sheets.last_mut().unwrap();
        let name = sheet.name.clone();
        if titled || stacked {
            typed(sheet, CellRef::new(below, left), table.label.get(voice.lang));
            below += 1;
        }
        let mut columns: Vec<&Column> = table.columns.iter().collect();
        if trimmed {
            let used = |column: &Column| rows.iter().any(|row| row.contains_key(&column.id));
            columns.retain(|column| {
                let kept = column.required || KEPT.contains(&format!("{id}.{}", column.id).as_str());
                kept || (used(column) && !r.happens(0.3))
            });
        }
        if reordered && table.layout == Shape::List && columns.len() > 3 {
            let moved = columns.remove(2 + r.below(columns.len() - 2));
            columns.insert(1, moved);
        }
        let heading = |column: &Column, r: &mut Chance| {
            let label = match voice.lang {
                _ if aliased && voice.lang != Lang::En && r.happens(0.25) => {
                    let known: Vec<&String> =
                        column.aliases.iter().filter(|alias| !alias.is_ascii()).collect();
                    if known.is_empty() { column.label.get(voice.lang) } else { (*r.one(&known)).clone() }
                }
                lang => column.label.get(lang),
            };
            let label = if voice.lang == Lang::ZhHant { traditional(&label) } else { label };
            if marked && column.required { format!("{label}*") } else { label }
        };
        if table.layout == Shape::Form {
            if r.happens(0.5) {
                typed(sheet, CellRef::new(below, left), "项目");
                typed(sheet, CellRef::new(below, left + 1), "内容");
                below += 1;
            }
            for column in &columns {
                let at = CellRef::new(below, left);
                typed(sheet, at, heading(column, &mut r));
                laid.headers.insert((id.clone(), column.id.clone()), Place::new(name.clone(), at));
                let at = CellRef::new(below, left + 1);
                laid.places.insert((id.clone(), 0, column.id.clone()), Place::new(name.clone(), at));
                let say = rows.first().and_then(|row| row.get(&column.id));
                if let Some(cell) = say.and_then(|say| voice.spell(catalogue, id, column, say)) {
                    put(sheet, at, cell, &mut laid.workbook.quirks);
                }
                below += 1;
            }
        } else {
            let extra = remarks && r.happens(0.5);
            for (offset, column) in columns.iter().enumerate() {
                let at = CellRef::new(below, left + offset as u32);
                typed(sheet, at, heading(column, &mut r));
                laid.headers.insert((id.clone(), column.id.clone()), Place::new(name.clone(), at));
            }
            if extra {
                typed(sheet, CellRef::new(below, left + columns.len() as u32), "截图链接");
            }
            for (row, said) in rows.iter().enumerate() {
                below += 1;
                for (offset, column) in columns.iter().enumerate() {
                    let at = CellRef::new(below, left + offset as u32);
                    laid.places.insert((id.clone(), row, column.id.clone()), Place::new(name.clone(), at));
                    if let Some(cell) =
                        said.get(&column.id).and_then(|say| voice.spell(catalogue, id, column, say))
                    {
                        put(sheet, at, cell, &mut laid.workbook.quirks);
                    }
                }
                if extra && r.happens(0.5) {
                    typed(
                        sheet,
                        CellRef::new(below, left + columns.len() as u32),
                        format!("见共享盘/{id}/{row}.png"),
                    );
                }
            }
            if remarks && matches!(id.as_str(), "budget" | "channels" | "costs") && id != "costs" {
                below += 1;
                total(sheet, catalogue, table, &columns, draft, CellRef::new(below, left));
            }
        }
        below += 3;
    }
    if remarks {
        let mut sheet = Sheet::new("会议纪要");
        for (row, line) in
            ["复盘会纪要", "地点：三楼会议室", "结论：下次提前两周送审素材", "待办：整理投放手册"]
                .iter()
                .enumerate()
        {
            typed(&mut sheet, CellRef::new(row as u32, 0), *line);
        }
        laid.workbook.sheets.push(sheet);
    }
    laid
}

/// A row of sums, as people add one.
fn total(
    sheet: &mut Sheet,
    catalogue: &Catalogue,
    table: &Table,
    columns: &[&Column],
    draft: &Draft,
    at: CellRef,
) {
    let _ = catalogue;
    typed(sheet, at, "合计");
    for (offset, column) in columns.iter().enumerate().skip(1) {
        let summed =
            matches!(column.kind, Kind::Money | Kind::Count) && !matches!(column.id.as_str(), "unit_value");
        let rows = draft.rows(&table.id);
        let figures: Vec<f64> =
            (0..rows.len()).filter_map(|row| draft.figure(&table.id, row, &column.id)).collect();
        if summed && figures.len() == rows.len() {
            let content = Content::Number(figures.iter().sum());
            sheet
                .cells
                .insert(CellRef::new(at.row, at.col + offset as u32), Cell { content, ..Cell::default() });
        }
    }
}
