//! The report as a sheet: the document laid on eight columns of A4, upright.

use crate::cell::CellRef;
use crate::document::{Block, Document, GRID, Illustration, Table};
use crate::locale::width;
use crate::page::{Chart, ChartKind, Page, PageCell, Role, Shape};
use crate::sheets::line::Line;

const COLUMNS: u32 = GRID.len() as u32;
/// Pixels across the columns.
const WIDTH: u32 = 720;

/// Lays a report under a title.
pub fn lay(page: &mut Page, title: &str, report: &Document) {
    page.landscape = false;
    page.set_widths(&GRID);
    page.line(Role::Title, COLUMNS, title);
    page.line(Role::Subtitle, COLUMNS, report.subtitle.as_str());
    page.skip(1);
    facts(page, &report.facts);
    // What of the present sheet of paper is taken; the title and the facts stand on the first.
    let mut used = 70.0 + 20.0 * report.facts.len() as f64;
    for (index, block) in report.blocks.iter().enumerate() {
        let needed = together(&report.blocks[index..]);
        if used + needed > PAPER && needed < PAPER {
            page.breaks.push(page.next_row());
            used = 0.0;
        }
        // What is longer than the paper goes on over the next.
        used = (used + height(block)) % PAPER;
        match block {
            Block::Heading { level: 1, text } => {
                page.skip(1);
                page.line(Role::Section, COLUMNS, text.as_str());
            }
            Block::Heading { text, .. } => {
                let follows = index.checked_sub(1).and_then(|before| report.blocks.get(before));
                // A chapter's heading, tables and charts leave their own room.
                if matches!(follows, Some(Block::Text(..) | Block::Item(..))) {
                    page.skip(1);
                }
                page.line(Role::Conclusion, COLUMNS, text.as_str());
            }
            Block::Text(role, cell) => {
                page.line(*role, COLUMNS, cell.clone());
            }
            Block::Item(mark, cell) => item(page, mark, cell),
            Block::Figures(figures) => tiles(page, figures),
            Block::Table(of) => table(page, of),
            Block::Chart(illustration) => chart(page, illustration),
        }
    }
}

/// What one sheet of paper holds of this page, in points; on the careful side,
/// for the program that prints may measure otherwise.
const PAPER: f64 = 780.0;

/// How high the next block will be with what belongs to it.
fn together(blocks: &[Block]) -> f64 {
    // A heading and a caption stay with what follows them.
    let leads =
        |block: &&Block| matches!(block, Block::Heading { .. } | Block::Text(Role::Conclusion | Role::Note, _));
    let led = blocks.iter().take_while(leads).count();
    blocks.iter().take(led + 1).map(height).sum()
}

/// About how high a text is in so many characters' room.
fn text_height(role: Role, text: &str, wide: f64) -> f64 {
    let (line, margin) = match role {
        Role::Title => (26.0, 9.0),
        Role::Section => (17.5, 9.0),
        Role::Header | Role::FigureLabel => (14.5, 7.5),
        Role::Note | Role::Subtitle => (13.0, 3.5),
        Role::Conclusion | Role::Paragraph => (15.3, 5.5),
        _ => (14.5, 5.5),
    };
    let scale = line / 14.5;
    let lines = (width(text) as f64 * 1.03 * scale / (wide - 2.0).max(1.0)).ceil().max(1.0);
    lines * line + margin
}

/// About how high a block will be; of a long table as much as must not be torn off its header.
fn height(block: &Block) -> f64 {
    let whole: f64 = GRID.iter().sum();
    let text = |role: Role, cell: &PageCell| {
        text_height(role, cell.show.value().text().unwrap_or_default(), whole)
    };
    match block {
        Block::Heading { level: 1, .. } => 15.0 + 26.5,
        Block::Heading { .. } => 36.0,
        Block::Text(role, cell) => text(*role, cell),
        Block::Item(_, cell) => text(Role::Paragraph, cell),
        Block::Figures(_) => 71.0,
        Block::Table(table) => 37.0 + table.rows.iter().take(WHOLE).map(|row| table_row(table, row)).sum::<f64>(),
        Block::Chart(illustration) => f64::from(chart_height(&illustration.chart) / 20 + 2) * 15.0,
    }
}

/// About how high a row of a table will be: as its longest text needs.
fn table_row(table: &Table, row: &[PageCell]) -> f64 {
    let mut grid = GRID.iter();
    let heights = table.columns.iter().zip(row).map(|((span, _), cell)| {
        let wide: f64 = grid.by_ref().take(*span as usize).sum();
        text_height(cell.role, cell.show.value().text().unwrap_or_default(), wide)
    });
    heights.fold(table.row_height.unwrap_or(20.0), f64::max)
}

/// A table of no more rows than this stays on one sheet of paper.
const WHOLE: usize = 12;

/// Two facts a row; one that is long has its row to itself.
fn facts(page: &mut Page, facts: &[(String, PageCell)]) {
    let long = |fact: &PageCell| fact.show.value().text().map_or(0, width) > 34;
    let mut rest = facts;
    while let Some(((label, fact), after)) = rest.split_first() {
        let beside = after.first().filter(|(_, next)| !long(fact) && !long(next));
        let mut line = Line::new(page);
        line.put(0, PageCell::from(label.as_str()).role(Role::Header));
        match beside {
            Some((next_label, next)) => {
                line.span(1, 3, fact.clone().shaped(Shape::Wrapped));
                line.put(4, PageCell::from(next_label.as_str()).role(Role::Header));
                line.span(5, COLUMNS - 1, next.clone().shaped(Shape::Wrapped));
            }
            None => line.span(1, COLUMNS - 1, fact.clone().shaped(Shape::Wrapped)),
        }
        rest = &after[usize::from(beside.is_some())..];
    }
}

/// Number and text in one line; a text of ours stays a text, a team's sentence too.
fn item(page: &mut Page, mark: &str, cell: &PageCell) {
    let value = cell.show.value();
    page.line(Role::Paragraph, COLUMNS, format!("{mark}{}", value.text().unwrap_or_default()));
}

/// Key figures beside each other, over the whole width.
fn tiles(page: &mut Page, figures: &[(String, PageCell)]) {
    let count = u32::try_from(figures.len()).unwrap_or(1).max(1);
    let span = |index: u32| (index * COLUMNS / count, (index + 1) * COLUMNS / count - 1);
    for (role, height) in [(Role::FigureLabel, 20.0), (Role::Figure, 36.0)] {
        let row = page.next_row();
        let mut line = Line::new(page);
        for (index, (label, figure)) in (0u32..).zip(figures) {
            let cell = if role == Role::Figure { figure.clone() } else { PageCell::from(label.as_str()) };
            let (first, last) = span(index);
            line.span(first, last, cell.role(role));
        }
        page.heights.insert(row, height);
    }
    page.skip(1);
}

fn table(page: &mut Page, table: &Table) {
    let header = table.columns.iter().map(|(_, word)| PageCell::from(word.as_str()).role(Role::Header));
    row(page, table, header.collect());
    for cells in &table.rows {
        let at = page.next_row();
        row(page, table, cells.clone());
        if let Some(height) = table.row_height {
            page.heights.insert(at, height);
        }
    }
    page.skip(1);
}

fn row(page: &mut Page, table: &Table, cells: Vec<PageCell>) {
    let mut line = Line::new(page);
    let mut first = 0;
    for ((span, _), cell) in table.columns.iter().zip(cells) {
        match span {
            1 => {
                line.put(first, cell);
            }
            span => line.span(first, first + span - 1, cell),
        }
        first += span;
    }
}

/// A chart over the whole width, no higher than its kind needs.
fn chart(page: &mut Page, illustration: &Illustration) {
    let chart = &illustration.chart;
    let height = chart_height(chart);
    let at = CellRef::new(page.next_row(), 0);
    page.charts.push(Chart { name: "", at, size: (WIDTH, height), ..chart.clone() });
    page.skip(height / 20 + 2);
}

/// Bars need a line each, anything else the usual landscape.
fn chart_height(chart: &Chart) -> u32 {
    match chart.kind {
        ChartKind::Bars | ChartKind::StackedBars => chart.size.1.clamp(240, 520),
        _ => 280,
    }
}
