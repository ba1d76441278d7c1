//! Where a value we wrote comes from: on a portfolio the workbook and cell of
//! its row, elsewhere the text its number was read from or copied from.

use std::rc::Rc;

use super::{Book, Kind, Node, Walk, labels};
use crate::catalogue::record::{Field, Record, Value};
use crate::cell::{CellRef, Content, Place};
use crate::locale::Lang;
use crate::page::serial;
use crate::portfolio::pages;
use crate::quantity::Aim;
use crate::words::Words;

/// Columns of the portfolio whose values are figures of a campaign.
const FIGURES: [(&str, &str); 5] = [
    ("composite", "composite-completion"),
    ("completion", "completion"),
    ("tasks", "task-completion"),
    ("completeness", "completeness"),
    ("left", "days-left"),
];

/// States in which an action is still to do, as keys of the portfolio's words.
const OPEN: [&str; 4] = ["overdue", "due-soon", "open", "undated"];

/// What a row of the portfolio says of itself.
struct Row {
    /// The key of the column's word.
    key: Option<String>,
    /// The campaign's name.
    campaign: Option<String>,
    /// The file the team sent.
    file: String,
    /// Its enriched copy, relative to the portfolio.
    output: String,
    /// The cell of the row in it.
    place: Option<Place>,
}

impl Walk<'_, '_> {
    /// Where a value on a sheet of ours was taken from; empty where it is ours alone.
    pub(super) fn origin(&mut self, book: &Rc<Book>, at: &Place, depth: usize) -> Vec<Node> {
        if book.is_portfolio() {
            return self.of_campaign(book, at, depth).unwrap_or_default();
        }
        let source = beside(book, at).or_else(|| copied(book, at));
        source.map(|place| vec![self.cell(book, &place, depth)]).unwrap_or_default()
    }

    fn of_campaign(&mut self, book: &Rc<Book>, at: &Place, depth: usize) -> Option<Vec<Node>> {
        let words = spoken(book)?;
        let row = row(book, at, &words)?;
        let key = row.key.as_deref().unwrap_or_default();
        if matches!(key, "open_actions" | "overdue_actions") {
            let states: &[&str] = if key == "open_actions" { &OPEN } else { &OPEN[..1] };
            let actions = self.actions(book, &words, &row, states, depth);
            if !actions.is_empty() {
                return Some(actions);
            }
        }
        let copy = (self.open)(&row.output, &row.file);
        let Some(copy) = copy else { return Some(vec![self.sent(&row, book)]) };
        let content = book.content(&at.sheet, at.cell).clone();
        let figure = FIGURES.iter().find(|(known, _)| *known == key).map(|(_, metric)| *metric);
        let computed = figure.and_then(|metric| computed(&copy, metric, &row, &content));
        if let Some(place) = computed.or_else(|| field(&copy, &row, key, &content)) {
            return Some(vec![self.cell(&copy, &place, depth)]);
        }
        if matches!(key, "open_actions" | "overdue_actions")
            && let Some(region) = copy.records.tables.get("actions").and_then(|table| table.regions.first())
        {
            let node = self.area(&copy, &region.sheet.clone(), region.area, Some(&[]), depth);
            return Some(vec![node]);
        }
        // 错误 heads a column and is a level: whichever of the two words was found first.
        if matches!(key, "errors" | "error" | "warnings" | "warning" | "note")
            && let Some(node) = self.findings(&copy, depth)
        {
            return Some(vec![node]);
        }
        match &row.place {
            Some(place) => Some(vec![self.cell(&copy, &place.clone(), depth)]),
            None => Some(vec![self.sent(&row, book)]),
        }
    }

    /// The row's cell in the file that was sent, which is not at hand.
    fn sent(&mut self, row: &Row, book: &Book) -> Node {
        // Without a cell, the file itself is where the chain ends.
        let (file, cell) = match &row.place {
            Some(place) => (Some(row.file.clone()), place.to_string()),
            None => (None, row.file.clone()),
        };
        let mut node = self.node(book, cell, Kind::Outside);
        node.file = file;
        node
    }

    /// The campaign's open actions, counted on the portfolio's list.
    fn actions(
        &mut self,
        book: &Rc<Book>,
        words: &Words,
        row: &Row,
        states: &[&str],
        depth: usize,
    ) -> Vec<Node> {
        let Some(sheet) = book.sheet(&words.get("actions")) else { return Vec::new() };
        let Some(head) = header(book, &sheet.name, u32::MAX, words, &["campaign", "action", "state"]) else {
            return Vec::new();
        };
        let column = |key: &str| head.1.iter().find(|(known, _)| known == key).map(|(_, col)| *col);
        let (Some(campaign), Some(action), Some(state)) =
            (column("campaign"), column("action"), column("state"))
        else {
            return Vec::new();
        };
        let states: Vec<String> = states.iter().map(|state| words.get(state)).collect();
        let text = |row: u32, col: u32| sheet.content(CellRef::new(row, col)).to_text();
        let last = sheet.used().map_or(head.0, |used| used.last.row);
        let rows = (head.0 + 1..=last)
            .filter(|at| Some(text(*at, campaign)) == row.campaign && states.contains(&text(*at, state)));
        let places: Vec<Place> =
            rows.map(|row| Place::new(sheet.name.clone(), CellRef::new(row, action))).collect();
        places.iter().map(|place| self.cell(book, place, depth)).collect()
    }

    /// The list of findings in a campaign's workbook, with the first cells it names.
    fn findings(&mut self, copy: &Rc<Book>, depth: usize) -> Option<Node> {
        let titles = [Lang::Zh, Lang::ZhHant, Lang::En]
            .map(|lang| Words::load(&[crate::sheets::findings::SHEET.text], lang).get("title"));
        let sheet = titles.iter().find_map(|title| copy.sheet(title))?;
        let mut node = self.node(copy, format!("{}!{}", sheet.name, sheet.used()?), Kind::Range);
        let named = sheet.cells.values().filter_map(|cell| place(copy, &cell.content.to_text()));
        let mut named: Vec<Place> = named.take(3).collect();
        named.dedup();
        node.from = named.iter().map(|place| self.cell(copy, place, depth)).collect();
        Some(node)
    }
}

/// `Sheet!A1` of a sheet that is there.
fn place(book: &Book, text: &str) -> Option<Place> {
    let (sheet, cell) = text.rsplit_once('!')?;
    let cell = CellRef::parse(cell)?;
    book.sheet(sheet)
        .filter(|found| !book.ours.contains(&*found.name))
        .map(|sheet| Place::new(sheet.name.clone(), cell))
}

/// The cell named in the first column of the row: the sheet of normalised values says so of each.
fn beside(book: &Book, at: &Place) -> Option<Place> {
    (at.cell.col > 0)
        .then(|| book.content(&at.sheet, CellRef::new(at.cell.row, 0)))
        .and_then(|content| place(book, &content.to_text()))
}

/// The team's cell whose text stands here.
fn copied(book: &Book, at: &Place) -> Option<Place> {
    let Content::Text(text) = book.content(&at.sheet, at.cell) else { return None };
    book.texts.get(text).cloned()
}

/// The words of the language a portfolio is written in.
fn spoken(book: &Book) -> Option<Words> {
    [Lang::Zh, Lang::ZhHant, Lang::En]
        .into_iter()
        .map(pages::words)
        .find(|words| book.sheet(&words.get("sources")).is_some())
}

/// The nearest header above a row that has all these words: its row, and its columns by key.
fn header(
    book: &Book,
    sheet: &str,
    above: u32,
    words: &Words,
    wanted: &[&str],
) -> Option<(u32, Vec<(String, u32)>)> {
    let sheet = book.sheet(sheet)?;
    let last = sheet.used()?.last.row.saturating_add(1).min(above);
    (0..last).rev().find_map(|row| {
        let columns: Vec<(String, u32)> = sheet
            .row(row)
            .filter_map(|(col, cell)| {
                let text = cell.content.to_text();
                let named = |key: &&str| words.get(key) == text;
                let key = wanted.iter().copied().find(named).or_else(|| words.keys().find(named))?;
                Some((key.to_owned(), col))
            })
            .collect();
        let all = wanted.iter().all(|wanted| columns.iter().any(|(key, _)| key == wanted));
        all.then_some((row, columns))
    })
}

/// What the row of a cell says of itself.
fn row(book: &Book, at: &Place, words: &Words) -> Option<Row> {
    let of = |wanted: &[&str]| header(book, &at.sheet, at.cell.row, words, wanted);
    let (_, columns) = of(&["file", "place"])
        .or_else(|| of(&["campaign", "composite"]))
        .or_else(|| of(&["file", "campaign"]))?;
    let column = |key: &str| columns.iter().find(|(known, _)| known == key).map(|(_, col)| *col);
    let text = |key: &str| {
        let col = column(key)?;
        Some(book.content(&at.sheet, CellRef::new(at.cell.row, col)).to_text())
            .filter(|text| !text.is_empty())
    };
    let campaign = text("campaign");
    let (file, output) = source(book, words, text("file").as_deref(), campaign.as_deref())?;
    let named = text("place").and_then(|text| {
        let (sheet, cell) = text.rsplit_once('!')?;
        Some(Place::new(sheet, CellRef::parse(cell)?))
    });
    let key = columns.iter().find(|(_, col)| *col == at.cell.col).map(|(key, _)| key.clone());
    Some(Row { key, campaign, file, output, place: named })
}

/// File and enriched copy of a campaign, from the page of sources.
fn source(
    book: &Book,
    words: &Words,
    file: Option<&str>,
    campaign: Option<&str>,
) -> Option<(String, String)> {
    let name = words.get("sources");
    let sheet = book.sheet(&name)?;
    let (row, columns) = header(book, &name, u32::MAX, words, &["file", "campaign", "output"])?;
    let column = |key: &str| columns.iter().find(|(known, _)| known == key).map(|(_, col)| *col);
    let (files, campaigns, outputs) = (column("file")?, column("campaign")?, column("output")?);
    let text = |row: u32, col: u32| sheet.content(CellRef::new(row, col)).to_text();
    let counted = words.get("counted");
    let counts = |row: &u32| column("result").is_none_or(|col| text(*row, col) == counted);
    let found = (row + 1..=sheet.used()?.last.row).filter(counts).find(|row| match file {
        Some(file) => text(*row, files) == file,
        None => campaign == Some(&text(*row, campaigns)),
    })?;
    Some((text(found, files), text(found, outputs)))
}

/// The numbers a field stands for.
fn numbers(field: &Field<Value>) -> Vec<f64> {
    match &field.value {
        Some(Value::Number(n)) => vec![*n],
        Some(Value::Measure(measure)) => vec![measure.value],
        Some(Value::Quantity(quantity)) => vec![quantity.value],
        Some(Value::Date(day)) => vec![serial(*day)],
        Some(Value::Period(period)) => vec![serial(period.start), serial(period.end)],
        Some(Value::Target(target)) => match target.aim {
            Aim::Level(level) => vec![level],
            Aim::Range(low, high) => vec![low, high],
            Aim::FromTo(_, to) => vec![to],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// The field of the campaign's tables a value was taken from: in the row the portfolio names,
/// in rows of the same name, or on the form that says who the campaign is.
fn field(copy: &Book, row: &Row, key: &str, content: &Content) -> Option<Place> {
    let holds = |field: &Field<Value>| match content {
        Content::Number(n) | Content::Serial(n) => numbers(field).into_iter().any(|known| close(known, *n)),
        Content::Text(text) => {
            &field.text == text || matches!(&field.value, Some(Value::Text(own)) if own == text)
        }
        _ => false,
    };
    // A column of the same id says more than a number that happens to be the same.
    let within = |record: &Record| {
        let named = record.fields.get(key).filter(|field| holds(field));
        named.or_else(|| record.fields.values().find(|field| holds(field))).and_then(|field| field.at.clone())
    };
    let rows =
        || copy.records.tables.iter().flat_map(|(id, table)| table.rows.iter().map(move |row| (id, row)));
    let Some(place) = &row.place else {
        return rows().filter(|(id, _)| *id == "basics").find_map(|(_, record)| within(record));
    };
    let has = |record: &Record| record.fields.values().any(|field| field.at.as_ref() == Some(place));
    let own = rows().find(|(_, record)| has(record)).map(|(_, record)| record)?;
    within(own).or_else(|| {
        // The same thing goes by the same name in other tables: a goal's target stands with the KPIs.
        let name = own.fields.values().find_map(|field| match &field.value {
            Some(Value::Text(name)) => Some(name),
            _ => None,
        })?;
        let alike = |record: &Record| {
            record.fields.values().any(|field| field.value == Some(Value::Text(name.clone())))
        };
        rows().filter(|(_, record)| alike(record)).find_map(|(_, record)| within(record))
    })
}

/// The formula of a campaign's workbook that computes a metric and amounts to this, best in the row of the same name.
fn computed(copy: &Book, metric: &str, row: &Row, content: &Content) -> Option<Place> {
    let Content::Number(wanted) = content else { return None };
    let name = row.place.as_ref().map(|place| copy.content(&place.sheet, place.cell).to_text());
    let mut found: Option<Place> = None;
    for sheet in copy.workbook.sheets.iter().filter(|sheet| copy.ours.contains(&*sheet.name)) {
        for (at, cell) in sheet.cells.iter().filter(|(_, cell)| cell.formula.is_some()) {
            let Content::Number(n) = cell.content else { continue };
            if !close(n, *wanted) {
                continue;
            }
            let (left, above) = labels::around(sheet, *at);
            let named = labels::metric(copy, left.as_ref(), above.as_ref()).map(|metric| metric.name);
            if named != Some(metric) {
                continue;
            }
            let place = Place::new(sheet.name.clone(), *at);
            let own_row = sheet.row(at.row).any(|(_, cell)| Some(cell.content.to_text()) == name);
            if own_row {
                return Some(place);
            }
            found.get_or_insert(place);
        }
    }
    found
}
