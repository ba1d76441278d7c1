//! 认表: what each table is that was not surely recognised, and each word outside its list, asked once.
//!
//! A row a table with the answer in one cell, its headers below it with what they would mean. The sheet is read back
//! on the next run; what was answered stays on it.

use super::{Board, Ctx, LANGUAGES, Sheet, header_of, link, words_of};
use crate::catalogue::answers::{Answers, Meant, OF, TableAnswer, WordAnswer};
use crate::catalogue::record::{Answered, HeaderQuestion, TableQuestion};
use crate::catalogue::Catalogue;
use crate::cell::{Area, CellRef, Place};
use crate::locale::fold;
use crate::page::{Page, PageCell, Role, Shape, Tab};
use crate::review::{Review, UnknownWord};
use crate::workbook;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "tables", text: include_str!("tables.toml"), tab: Tab::Action, wanted, fill };

const COLUMNS: u32 = 6;
const ANSWER: u32 = 4;
const TABLES: [&str; COLUMNS as usize] = ["order", "place", "header", "example", "answer", "why"];
const WORDS: [&str; COLUMNS as usize] = ["order", "place", "word", "list", "choice", "why"];
/// A longer example is cut (characters).
const LONGEST_EXAMPLE: usize = 40;

fn wanted(review: &Review<'_>) -> bool {
    shown(review).next().is_some() || !review.unknown_words().is_empty()
}

/// Tables to be answered, and those the workbook itself answers; what the settings say needs no cell.
fn shown<'r>(review: &'r Review<'_>) -> impl Iterator<Item = &'r TableQuestion> {
    let questions = review.records.questions.iter();
    let mut shown: Vec<&TableQuestion> =
        questions.filter(|question| question.answered != Some(Answered::Settings)).collect();
    shown.sort_by_key(|question| !question.is_open());
    shown.into_iter()
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board) {
    let questions: Vec<&TableQuestion> = shown(ctx.review).collect();
    let words = ctx.review.unknown_words();
    page.set_widths(&[6.0, 20.0, 26.0, 24.0, 26.0, 52.0]);
    ctx.heading(page, COLUMNS);
    let open = questions.iter().filter(|question| question.is_open()).count();
    let unknown = words.iter().filter(|word| word.answer.is_none()).count();
    let parts: Vec<String> = [("open_tables", open), ("open_words", unknown)]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(key, n)| ctx.say(key, &[("n", &n.to_string())]))
        .collect();
    let conclusion = if parts.is_empty() { ctx.word("settled") } else { parts.join(&ctx.word("joint")) };
    page.line(Role::Conclusion, COLUMNS, conclusion);
    page.line(Role::Note, COLUMNS, ctx.word("how"));
    page.skip(1);
    if !questions.is_empty() {
        let header = page.next_row();
        page.row(Role::Header, ctx.words(TABLES));
        page.freeze = Some(CellRef::new(header + 1, 0));
        for (order, question) in questions.iter().enumerate() {
            table(page, ctx, order, question);
        }
        page.skip(1);
    }
    if !words.is_empty() {
        page.line(Role::Section, COLUMNS, ctx.word("words"));
        page.row(Role::Header, ctx.words(WORDS));
        for (order, one) in words.iter().enumerate() {
            word(page, ctx, order, one);
        }
    }
}

fn number(order: usize) -> PageCell {
    PageCell::from(order as f64 + 1.0).shaped(Shape::Integer)
}

fn wrapped(text: impl Into<String>) -> PageCell {
    PageCell::from(text.into()).shaped(Shape::Wrapped)
}

/// One line for the table, one for each of its headers.
fn table(page: &mut Page, ctx: &Ctx<'_>, order: usize, question: &TableQuestion) {
    let catalogue = ctx.review.catalogue;
    let labels = |id: &String| catalogue.tables.get(id).map(|table| table.label.get(ctx.lang));
    let named = question.table.as_ref().and_then(labels).unwrap_or_default();
    let first = question.places.first();
    let place = first.map(|(sheet, area)| (format!("{sheet}!{area}"), Place::new(sheet.clone(), area.first)));
    let (shown, at) = place.unzip();
    let holes = [("table", named.as_str())];
    let looks = match (question.answered, &question.table) {
        (None, _) => ctx.say("looks_like", &holes),
        (Some(_), Some(_)) => ctx.say("read_as", &holes),
        (Some(_), None) => ctx.word("left_alone"),
    };
    let answer = match (question.answered, &question.table) {
        (None, _) => String::new(),
        (Some(_), Some(_)) => named.clone(),
        (Some(_), None) => ctx.word("not_ours"),
    };
    let total = |cell: PageCell| cell.role(Role::Total);
    page.row(Role::Total, [
        total(number(order)),
        total(link(&shown.unwrap_or_default(), at.as_ref())),
        total(wrapped(looks)),
        total(PageCell::default()),
        PageCell::from(answer).role(Role::Input),
        total(wrapped(remark(ctx, question))),
    ]);
    let mut tables: Vec<String> = [&question.table, &question.rival].into_iter().flatten().filter_map(labels).collect();
    for table in catalogue.tables.values().filter(|table| table.layout == crate::catalogue::Layout::List) {
        let label = table.label.get(ctx.lang);
        if !tables.contains(&label) {
            tables.push(label);
        }
    }
    tables.push(ctx.word("not_ours"));
    choose_from(page, tables);
    let Some(index) = question.table.as_ref().and_then(|id| catalogue.tables.get_index_of(id)) else {
        question.columns.iter().for_each(|header| column(page, ctx, header, true, None));
        return;
    };
    let mut meanings: Vec<String> =
        Meant::all(catalogue, index).into_iter().map(|meant| meant.label(catalogue, index, ctx.lang)).collect();
    meanings.push(ctx.word("not_read"));
    for header in &question.columns {
        let meant = Meant::read(catalogue, index, &header.column).filter(|meant| *meant != Meant::Nothing);
        let meant = meant.map_or_else(|| ctx.word("not_read"), |meant| meant.label(catalogue, index, ctx.lang));
        column(page, ctx, header, !question.is_open(), Some((meant, &meanings)));
    }
}

/// A header with what it would mean.
fn column(
    page: &mut Page,
    ctx: &Ctx<'_>,
    header: &HeaderQuestion,
    answered: bool,
    meant: Option<(String, &Vec<String>)>,
) {
    let typed = if header.typed.is_empty() { ctx.word("no_header") } else { header.typed.clone() };
    let (meant, meanings) = meant.unzip();
    // What will be lost if nobody says otherwise.
    let lost = !answered && meanings.is_some() && header.column.is_empty();
    let role = if lost { Role::Warn } else { Role::Body };
    page.row(Role::Body, [
        PageCell::default(),
        link(&header.at.to_string(), Some(&header.at)),
        wrapped(typed),
        wrapped(cut(&header.example)),
        PageCell::from(meant.unwrap_or_default()).role(role),
        PageCell::default(),
    ]);
    if let Some(meanings) = meanings {
        choose_from(page, meanings.clone());
    }
}

/// A dropdown in the answer of the row just put.
fn choose_from(page: &mut Page, choices: Vec<String>) {
    let at = CellRef::new(page.next_row() - 1, ANSWER);
    page.dropdowns.push((Area::new(at, at), choices));
}

fn cut(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    match text.char_indices().nth(LONGEST_EXAMPLE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// What fitted, what is missing, where it stands again.
fn remark(ctx: &Ctx<'_>, question: &TableQuestion) -> String {
    let again = match question.places.len() {
        0 | 1 => String::new(),
        n => ctx.say("again", &[("n", &(n - 1).to_string())]),
    };
    if question.is_without_columns() {
        return ctx.word("columns_open") + &again;
    }
    if question.answered.is_some() {
        return ctx.word("done") + &again;
    }
    let tables = &ctx.review.catalogue.tables;
    let table = question.table.as_ref().and_then(|id| tables.get(id));
    let fitted = question.columns.iter().filter(|header| !header.column.is_empty()).count();
    let holes = [("n", &*question.columns.len().to_string()), ("fitted", &fitted.to_string())];
    let mut text = ctx.say("fitted", &holes);
    if let (Some(table), Some(need)) = (table, question.unmet.first()) {
        let labels = need.split('|').filter_map(|id| Some(table.column(id)?.label.get(ctx.lang)));
        let labels: Vec<String> = labels.collect();
        text += &ctx.say("missing", &[("column", &labels.join(&ctx.word("or")))]);
    }
    if let Some(rival) = question.rival.as_ref().and_then(|id| tables.get(id)) {
        text += &ctx.say("rival", &[("table", &rival.label.get(ctx.lang))]);
    }
    text + &again + &ctx.word("other_table")
}

fn word(page: &mut Page, ctx: &Ctx<'_>, order: usize, word: &UnknownWord<'_>) {
    let choices = ctx.review.catalogue.choices_of(word.column);
    let table = ctx.review.catalogue.tables.get(word.table);
    let table = table.map_or_else(String::new, |table| table.label.get(ctx.lang));
    let label = |id: &String| choices.iter().find(|choice| choice.id == *id).map(|choice| choice.label.get(ctx.lang));
    let mut why = match (&word.answer, &word.suggestion) {
        (Some(_), _) => ctx.word("done"),
        (None, Some(zh)) => {
            let choice = choices.iter().find(|choice| choice.label.zh == *zh);
            let label = choice.map_or_else(|| zh.clone(), |choice| choice.label.get(ctx.lang));
            ctx.say("perhaps", &[("choice", &label)])
        }
        (None, None) => String::new(),
    };
    if word.cells > 1 {
        let cells = ctx.say("cells", &[("n", &word.cells.to_string())]);
        why = if why.is_empty() { cells.trim_start_matches(['；', ';', ' ']).to_owned() } else { why + &cells };
    }
    let at = word.at.as_ref();
    page.row(Role::Body, [
        number(order),
        link(&at.map(Place::to_string).unwrap_or_default(), at),
        wrapped(word.word.as_str()),
        wrapped(format!("{table}{OF}{}", word.column.label.get(ctx.lang))),
        PageCell::from(word.answer.as_ref().and_then(label).unwrap_or_default()).role(Role::Input),
        wrapped(why),
    ]);
    choose_from(page, choices.iter().map(|choice| choice.label.get(ctx.lang)).collect());
}

/// The tab's name in every language.
pub fn titles() -> Vec<String> {
    every("title")
}

fn every(key: &str) -> Vec<String> {
    LANGUAGES.iter().map(|lang| words_of(SHEET.text, *lang).get(key)).collect()
}

/// An answer nobody understands.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    /// The cell the question is about.
    pub at: Option<Place>,
    /// What is no answer: `answer-table`, `answer-column`, `answer-word`.
    pub what: &'static str,
    /// What was answered.
    pub said: String,
}

/// What a sheet of an earlier run was answered, and what of it is no answer; `None` where it is another sheet.
pub fn read(sheet: &workbook::Sheet, catalogue: &Catalogue) -> Option<(Answers, Vec<Wrong>)> {
    let tables = header_of(sheet, SHEET.text, TABLES);
    let words = header_of(sheet, SHEET.text, WORDS);
    if tables.is_none() && words.is_none() {
        return None;
    }
    let last = sheet.used().map_or(0, |used| used.last.row);
    let mut answers = Answers::default();
    let mut wrong = Vec::new();
    let text = |row: u32, col: u32| sheet.content(CellRef::new(row, col)).to_text().trim().to_owned();
    if let Some((header, columns)) = tables {
        let end = words.filter(|(row, _)| *row > header).map_or(last, |(row, _)| row - 1);
        let mut blocks: Vec<Vec<[String; COLUMNS as usize]>> = Vec::new();
        for row in header + 1..=end {
            let cells = columns.map(|col| text(row, col));
            match blocks.last_mut() {
                _ if cells[1].is_empty() => {}
                _ if !cells[0].is_empty() => blocks.push(vec![cells]),
                Some(block) => block.push(cells),
                None => {}
            }
        }
        for block in &blocks {
            match table_answer(block, catalogue) {
                Ok(answer) => answers.tables.extend(answer),
                Err(one) => wrong.push(one),
            }
        }
    }
    if let Some((header, columns)) = words {
        let rows = (header + 1..=last).map(|row| columns.map(|col| text(row, col)));
        for cells in rows.take_while(|cells| !cells[1].is_empty() || !cells[2].is_empty()) {
            match word_answer(&cells, catalogue) {
                Ok(answer) => answers.words.extend(answer),
                Err(one) => wrong.push(one),
            }
        }
    }
    Some((answers, wrong))
}

/// What one table was said to be; nothing where nobody has said anything.
fn table_answer(block: &[[String; COLUMNS as usize]], catalogue: &Catalogue) -> Result<Option<TableAnswer>, Wrong> {
    let Some(([_, place, looks, _, said, _], headers)) = block.split_first() else { return Ok(None) };
    if said.is_empty() {
        return Ok(None);
    }
    let no_header = every("no_header");
    let typed = |text: &String| if no_header.contains(text) { String::new() } else { text.clone() };
    let answer = |table: Option<String>, columns: Option<Vec<String>>| TableAnswer {
        headers: headers.iter().map(|cells| typed(&cells[2])).collect(),
        table,
        columns,
        own: true,
    };
    let is = |words: &[String], text: &str| words.iter().any(|word| fold(word) == fold(text));
    if is(&every("not_ours"), said) {
        return Ok(Some(answer(None, None)));
    }
    let Some(table) = catalogue.tables.values().position(|table| is(&table.label.spoken(), said)) else {
        return Err(Wrong { at: place_of(place), what: "answer-table", said: said.clone() });
    };
    let named = catalogue.tables.get_index(table);
    let id = named.map(|(id, _)| id.clone());
    let proposed = LANGUAGES.iter().any(|lang| {
        let words = words_of(SHEET.text, *lang);
        let name = named.map_or_else(String::new, |(_, table)| table.label.get(*lang));
        ["looks_like", "read_as"].iter().any(|key| words.say(key, &[("table", &name)]) == *looks)
    });
    // What its headers mean was proposed for another table: they are fitted anew.
    if !proposed {
        return Ok(Some(answer(id, None)));
    }
    let not_read = every("not_read");
    let mut columns: Vec<String> = Vec::new();
    for [_, at, _, _, meant, _] in headers {
        let column = LANGUAGES.iter().find_map(|lang| {
            let mut all = Meant::all(catalogue, table).into_iter();
            all.find(|one| fold(&one.label(catalogue, table, *lang)) == fold(meant))
        });
        match column {
            Some(column) => columns.push(column.written(catalogue, table)),
            None if meant.is_empty() || is(&not_read, meant) => columns.push(String::new()),
            None => return Err(Wrong { at: place_of(at), what: "answer-column", said: meant.clone() }),
        }
    }
    Ok(Some(answer(id, Some(columns))))
}

/// What one word was said to mean; nothing where nobody has said anything.
fn word_answer(cells: &[String; COLUMNS as usize], catalogue: &Catalogue) -> Result<Option<WordAnswer>, Wrong> {
    let [_, place, word, list, said, _] = cells;
    if said.is_empty() || word.is_empty() {
        return Ok(None);
    }
    let wrong = || Wrong { at: place_of(place), what: "answer-word", said: said.clone() };
    let is = |words: &[String; 3], text: &str| words.iter().any(|word| fold(word) == fold(text));
    let (table, column) = list.split_once(OF).ok_or_else(wrong)?;
    let table = catalogue.tables.values().find(|it| is(&it.label.spoken(), table)).ok_or_else(wrong)?;
    let column = table.columns.iter().find(|it| is(&it.label.spoken(), column)).ok_or_else(wrong)?;
    let choices = catalogue.choices_of(column);
    let choice = choices.iter().find(|choice| is(&choice.label.spoken(), said)).ok_or_else(wrong)?;
    Ok(Some(WordAnswer {
        word: word.clone(),
        list: column.list().unwrap_or_default().to_owned(),
        choice: choice.id.clone(),
        column: Some((table.id.clone(), column.id.clone())),
        at: place_of(place),
    }))
}

/// The cell of `渠道!A3:D8`.
fn place_of(text: &str) -> Option<Place> {
    let (sheet, area) = text.rsplit_once('!')?;
    let first = area.split(':').next().unwrap_or(area);
    Some(Place::new(sheet, CellRef::parse(first)?))
}
