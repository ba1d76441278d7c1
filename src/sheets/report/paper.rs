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
    for (index, block) in report.blocks.iter().enumerate() {
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
                let follows = index.checked_sub(1).and_then(|before| report.blocks.get(before));
                if *role == Role::Note && matches!(follows, Some(Block::Table(_))) {
                    page.skip(1);
                }
            }
            Block::Item(mark, cell) => item(page, mark, cell),
            Block::Proof(sources) => {
                let cells: Vec<&str> = sources.iter().map(|source| source.cell.as_str()).collect();
                page.line(Role::Note, COLUMNS, cells.join(" · "));
            }
            Block::Figures(figures) => tiles(page, figures),
            Block::Table(of) => {
                table(page, of);
                // What is left out of a table is said right under it.
                if !matches!(report.blocks.get(index + 1), Some(Block::Text(Role::Note, _))) {
                    page.skip(1);
                }
            }
            Block::Chart(illustration) => chart(page, illustration),
        }
    }
}

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
        ChartKind::Bars | ChartKind::StackedBars => chart.size.1.clamp(180, 460),
        _ => 205,
    }
}
