//! Where a table begins and ends that says nothing of itself: a line of words over lines of values.

use std::collections::BTreeMap;

use super::super::grid::Grid;
use super::profile::is_day;
use crate::cell::{Area, CellRef, Content};
use crate::workbook::Cell;

/// A longer text is no header (characters).
const LONGEST_HEADER: usize = 60;
/// A longer cell of a header is a sentence (characters; Latin letters count half).
const LONGEST_WORD: usize = 14;
/// So many empty lines end a table.
const GAP: u32 = 2;

/// Neighbouring filled cells of a line, and how far they reach.
#[derive(Debug, Clone)]
pub struct Run {
    /// The line.
    pub row: u32,
    /// First and last column.
    pub columns: (u32, u32),
    /// A table that is known stands somewhere above.
    pub below: bool,
}

/// The runs of a line that may be headers, left to right.
pub fn runs(grid: &Grid, row: u32, taken: &dyn Fn(CellRef) -> bool) -> Vec<Run> {
    let mut runs: Vec<Vec<(CellRef, &Cell)>> = Vec::new();
    for (at, cell) in grid.filled(row, 0, crate::cell::MAX_COLUMNS - 1).filter(|(at, _)| !taken(*at)) {
        match runs.last_mut() {
            Some(run)
                if run.last().is_some_and(|(last, before)| {
                    joins(grid, *last, at) && !is_prose(before) && !is_prose(cell)
                }) =>
            {
                run.push((at, cell))
            }
            _ => runs.push(vec![(at, cell)]),
        }
    }
    runs.retain(|run| is_wordy(run));
    let columns = |run: &Vec<(CellRef, &Cell)>| {
        let first = run.first().map_or(0, |(at, _)| at.col);
        let last = run.last().map_or(0, |(at, _)| grid.span(*at).last.col);
        (first, last)
    };
    runs.iter().map(|run| Run { row, columns: columns(run), below: false }).collect()
}

/// Whether a cell holds sentences: an instruction beside a header, no part of it.
fn is_prose(cell: &Cell) -> bool {
    matches!(&cell.content, Content::Text(text) if text.chars().count() > LONGEST_HEADER)
}

/// Whether two cells of a line belong to one header: no empty column between them, or one that is filled below.
fn joins(grid: &Grid, left: CellRef, right: CellRef) -> bool {
    let end = grid.span(left).last.col;
    if right.col <= end + 1 {
        return true;
    }
    (end + 1..right.col).all(|col| {
        (left.row + 1..=left.row + 4).any(|row| !grid.cell(CellRef::new(row, col)).content.is_blank())
    })
}

/// Short words, at least two of them different, with at most days among them.
fn is_wordy(run: &[(CellRef, &Cell)]) -> bool {
    let mut words: Vec<&str> = Vec::new();
    let (mut days, mut others) = (0, 0);
    for (_, cell) in run {
        match &cell.content {
            Content::Serial(_) => days += 1,
            Content::Text(text) if is_day(text) => days += 1,
            Content::Text(text) if text.chars().count() <= LONGEST_HEADER => {
                if !words.contains(&text.as_str()) {
                    words.push(text);
                }
            }
            _ => others += 1,
        }
    }
    let labels = words.iter().filter(|word| word.trim_end().ends_with([':', '：'])).count();
    let long = |word: &&&str| {
        let latin = word.chars().filter(char::is_ascii).count();
        word.chars().count() - latin / 2 > LONGEST_WORD
    };
    let sentences = words.iter().filter(long).count();
    sentences * 3 <= words.len()
        && words.len() + days >= 2
        && !words.is_empty()
        && others * 5 <= run.len()
        && labels * 2 <= words.len()
}

/// The last line of the table below a header: above the next one, a gap, or a limit.
pub fn last_row(grid: &Grid, header: Area, limit: u32, opens: &dyn Fn(u32) -> bool) -> u32 {
    let filled = |row: u32| grid.filled(row, header.first.col, header.last.col).count();
    let mut last = header.last.row;
    let mut row = header.last.row + 1;
    let (mut gap, mut body) = (false, Body::default());
    while row <= limit {
        match filled(row) {
            0 if !covered(grid, row, header) => {
                gap = row - last > GAP;
            }
            // Below a gap goes on what looks like the lines before it.
            _ if opens(row) || gap && !body.is_like(grid, row, header) => break,
            _ if row > last + 1 && body.is_unlike(grid, row, header) => break,
            // A line alone after a gap is the title of what comes next.
            1 if row > last + 1 && header.last.col > header.first.col + 1 => {
                let next = filled(row + 1);
                if next == 0 || next > 1 && opens(row + 1) {
                    break;
                }
                last = row;
            }
            _ => last = row,
        }
        if last == row {
            body.take(grid, row, header);
            gap = false;
        }
        row += 1;
    }
    last
}

/// So many lines tell what the lines of a table look like.
const TELLING: u32 = 20;

/// What the lines of a table look like: how often each column held words, a number, a day.
#[derive(Default)]
struct Body {
    lines: u32,
    sorts: BTreeMap<u32, [u32; 3]>,
}

impl Body {
    fn sort(content: &Content) -> usize {
        match content {
            Content::Serial(_) => 2,
            Content::Number(_) => 1,
            Content::Text(text) if is_day(text) => 2,
            _ => 0,
        }
    }

    fn take(&mut self, grid: &Grid, row: u32, header: Area) {
        if self.lines < TELLING {
            self.lines += 1;
            for (at, cell) in grid.filled(row, header.first.col, header.last.col) {
                self.sorts.entry(at.col).or_default()[Body::sort(&cell.content)] += 1;
            }
        }
    }

    /// Whether a line below a gap is something else on sight: a label that waits for its value, a word over several
    /// columns, or a third of what the lines before it hold.
    fn is_unlike(&self, grid: &Grid, row: u32, header: Area) -> bool {
        let line: Vec<_> = grid.filled(row, header.first.col, header.last.col).collect();
        let first = line.first().map(|it| it.0);
        let label = |(at, cell): &(CellRef, &Cell)| matches!(&cell.content, Content::Text(text) if is_labelled(text) && (Some(*at) == first || text.trim_end().ends_with([':', '：'])));
        let wide = |at: CellRef| {
            let span = grid.span(at);
            span.last.col > at.col && self.sorts.keys().any(|col| (at.col + 1..=span.last.col).contains(col))
        };
        let held: u32 = self.sorts.values().flatten().sum();
        // One sentence alone is a remark at the foot of the table.
        if let [(_, Cell { content: Content::Text(text), .. })] = line.as_slice()
            && (is_labelled(text) || text.chars().count() > LONGEST_WORD)
        {
            return false;
        }
        let (label, wide) = (line.iter().any(label), line.iter().any(|it| wide(it.0)));
        let is_word = |cell: &Cell| matches!(&cell.content, Content::Text(text) if !text.chars().any(|c| c.is_ascii_digit()));
        // Words over figures where there were none, or where figures stood, head columns of their own.
        let heads = line.iter().all(|(_, cell)| is_word(cell))
            && (self.differs(grid, row, header) || self.differs(grid, row + 1, header));
        self.lines >= 2 && (label || wide || heads || line.len() as u32 * 3 * self.lines <= held)
    }

    /// Whether a line holds other sorts of values than the lines before it, in two columns and in half of its own.
    fn differs(&self, grid: &Grid, row: u32, header: Area) -> bool {
        let (mut other, mut all) = (0, 0);
        for (at, cell) in grid.filled(row, header.first.col, header.last.col) {
            all += 1;
            let sort = Body::sort(&cell.content);
            let rare = |known: &[u32; 3]| known[sort] * 2 < known.iter().sum::<u32>();
            other += u32::from(self.sorts.get(&at.col).is_some_and(rare));
        }
        other >= 2 && other * 2 >= all
    }

    /// Whether a line holds the same sorts of values in the same columns, in most of them.
    fn is_like(&self, grid: &Grid, row: u32, header: Area) -> bool {
        let (mut same, mut all) = (0, 0);
        for (at, cell) in grid.filled(row, header.first.col, header.last.col) {
            all += 1;
            let known = self.sorts.get(&at.col);
            let sort = Body::sort(&cell.content);
            same += u32::from(known.is_some_and(|known| known[sort] * 2 > known.iter().sum::<u32>()));
        }
        all >= 3 && same * 10 >= all * 7
    }
}

/// `Currency: (approximate)`, `项目总数：`: a word, a colon, and perhaps what it says; a sum is one of the table.
fn is_labelled(text: &str) -> bool {
    text.split_once([':', '：']).is_some_and(|(word, _)| {
        let plain = word.trim().to_lowercase();
        word.chars().count() <= 12
            && !word.contains(|c: char| c.is_ascii_digit())
            && !["合计", "总计", "小计", "total", "subtotal"].iter().any(|it| plain.ends_with(it))
    })
}

/// Whether a merge of an earlier line reaches into this one.
fn covered(grid: &Grid, row: u32, header: Area) -> bool {
    (header.first.col..=header.last.col).any(|col| {
        grid.merge(CellRef::new(row, col))
            .is_some_and(|area| area.first.row < row && area.first.row > header.last.row)
    })
}
