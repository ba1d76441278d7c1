//! How wide each column of a page becomes: numbers whole, texts in as few lines as the paper allows.
//!
//! The columns of a page are those of all its tables at once. Each gets what it cannot do without; what the paper has
//! left goes, a little at a time, to where it saves most lines.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::cell::{Area, CellRef};
use crate::locale::Lang;
use crate::page::{Page, PageCell, Role, Show};

use super::extent::{
    BUTTON, DEFAULT_WIDTH, EDGE, GENEROUS, INDENT, Shown, digits, filtered, points, running, shown, wide,
    width_of,
};
use super::paper::across;
use super::style;

/// How much wider than it was sized a column becomes for a text.
const GIVES_WAY: f64 = 1.2;
/// A column of text is not made narrower than this for the paper: four Chinese characters.
const NARROWEST: f64 = 10.2;
/// What a number keeps beside it. Where its font is missing another's digits are wider: there it shrinks (`style`).
const NUMBER: f64 = 1.7;
/// A header keeps two of its characters beside each other.
const HEADED: f64 = 4.0;
/// No word of a header keeps more than this.
const WORD: f64 = 14.0;
/// Some programs do not break what is a link: a line more of it weighs so much.
const LINKED: f64 = 4.0;
/// So long a link to another file stays on one line, whatever becomes of the texts beside it.
const WHOLE: f64 = 25.0;
/// Columns nobody sized do not become wider than this for one long text.
const WIDEST: f64 = 36.0;
/// What a small line takes to be read, in characters.
const DRAWN: f64 = 14.0;
/// So much is given to a column at a time, in characters, and how many times it is tried whether more saves a line.
const STEP: f64 = 2.0;
const AHEAD: u32 = 12;
/// So many texts of a column say how long its texts are.
const SAMPLE: usize = 400;

/// The width of every column of a page, in characters; `areas` is where its cells spread.
pub(super) fn widths(page: &Page, areas: &[Area], hidden: &BTreeSet<u32>, lang: Lang) -> BTreeMap<u32, f64> {
    let columns = page.cells.keys().zip(areas).map(|(at, area)| at.col.max(area.last.col)).max();
    let mut needs: Vec<Need> =
        (0..=columns.unwrap_or(0)).map(|col| Need::of(page.widths.get(&col).copied())).collect();
    let mut spanning = Vec::new();
    for ((at, cell), area) in page.cells.iter().zip(areas) {
        if area.first.col == area.last.col {
            needs[at.col as usize].add(page, *at, cell, lang);
        } else if let (Shown::Text(text), false) = (shown(cell), running(cell.role)) {
            let lines = Line::all(cell, &text, 0.0);
            spanning.extend(lines.into_iter().map(|line| (area.first.col..=area.last.col, line)));
        }
    }
    // Of a line drawn in a cell nothing can be read where the cell is as narrow as its header.
    for (at, _) in &page.sparklines {
        if let Some(need) = needs.get_mut(at.col as usize) {
            need.keep(DRAWN);
        }
    }
    spanning.truncate(SAMPLE);
    let mut grouped: Vec<(RangeInclusive<u32>, Vec<Line>)> = Vec::new();
    for (columns, line) in spanning {
        match grouped.iter_mut().find(|(of, _)| *of == columns) {
            Some((_, lines)) => line.join(lines),
            None => grouped.push((columns, vec![line])),
        }
    }
    let mut widths = page.widths.clone();
    for (col, need) in (0..).zip(&needs) {
        if let Some(width) = need.wanted() {
            widths.insert(col, width);
        }
    }
    if let Some(title) = page.merges.iter().find(|merge| merge.first == CellRef::new(0, 0)) {
        let printed: Vec<u32> = (0..=title.last.col).filter(|col| !hidden.contains(col)).collect();
        share(page, &Needs { each: &needs, spanning: &grouped }, &printed, &mut widths);
    }
    widths
}

/// What stands in a column, as far as its width goes.
#[derive(Default)]
struct Need {
    /// The width the page asked for.
    given: Option<f64>,
    /// What numbers and headers cannot do without.
    least: Option<f64>,
    /// What keeps short texts on one line.
    short: Option<f64>,
    lines: Vec<Line>,
    /// How many lines these stand for.
    taken: usize,
    has_text: bool,
}

/// A line of text, and all that are as long.
struct Line {
    /// Characters it takes.
    width: f64,
    /// What edges and buttons take beside it.
    beside: f64,
    /// How much another line of it matters, of all of them together.
    weight: f64,
    /// Whether it is what another file is opened by.
    opens: bool,
}

impl Line {
    /// Those of a cell.
    fn all(cell: &PageCell, text: &str, button: f64) -> Vec<Line> {
        let weight = match cell.show {
            Show::Link(..) | Show::File(..) => LINKED,
            _ => 1.0,
        };
        let width = |line| width_of(line, cell.role) * GENEROUS;
        let opens = matches!(cell.show, Show::File(..));
        let line = |line| Line { width: width(line), beside: beside(cell) + button, weight, opens };
        text.lines().map(line).collect()
    }

    /// Puts it to those that are as long: columns of names have few lengths.
    fn join(self, lines: &mut Vec<Line>) {
        let alike = |it: &&mut Line| (it.width, it.beside, it.opens) == (self.width, self.beside, self.opens);
        match lines.iter_mut().find(alike) {
            Some(line) => line.weight += self.weight,
            None => lines.push(self),
        }
    }

    /// How badly it fits: many lines in one cell are worse than two in each of many.
    fn burden(&self, width: f64) -> f64 {
        (self.width / (width - self.beside).max(1.0)).ceil().max(1.0).powi(2) * self.weight
    }
}

/// What a cell's edges take beside its text.
fn beside(cell: &PageCell) -> f64 {
    EDGE + if style::indented(cell.role) { INDENT } else { 0.0 }
}

/// What a page's columns need: each, and several together.
struct Needs<'n> {
    each: &'n [Need],
    /// Lines of text over several columns.
    spanning: &'n [(RangeInclusive<u32>, Vec<Line>)],
}

impl Needs<'_> {
    /// What a column saves by becoming so much wider.
    fn saved(&self, col: u32, more: f64, widths: &BTreeMap<u32, f64>) -> f64 {
        let width = |col: u32| widths.get(&col).copied().unwrap_or(DEFAULT_WIDTH);
        let own = &self.each[col as usize];
        let own = own.burden(width(col)) - own.burden(width(col) + more);
        let spanning =
            self.spanning.iter().filter(|(columns, _)| columns.contains(&col)).map(|(columns, lines)| {
                let whole: f64 = columns.clone().map(width).sum();
                burden(lines, whole) - burden(lines, whole + more)
            });
        own + spanning.sum::<f64>()
    }
}

impl Need {
    fn of(given: Option<f64>) -> Need {
        Need { given, ..Need::default() }
    }

    fn add(&mut self, page: &Page, at: CellRef, cell: &PageCell, lang: Lang) {
        let button = if filtered(page, at) { BUTTON } else { 0.0 };
        match shown(cell) {
            Shown::Number(n) => self.keep(wide(digits(n, cell.shape, lang), cell.role) + NUMBER),
            Shown::Bool => self.keep(width_of("FALSE", cell.role) + NUMBER),
            Shown::Text(_) if running(cell.role) => {}
            Shown::Text(text) => {
                let longest = text.lines().map(|line| width_of(line, cell.role)).fold(0.0, f64::max);
                if cell.role == Role::Header {
                    // A word of letters is not broken.
                    let words = text.split_whitespace().filter(|word| word.is_ascii());
                    let word = words.map(|word| width_of(word, cell.role)).fold(0.0, f64::max);
                    let kept = longest.min(wide(HEADED as usize, cell.role)).max(word.min(WORD));
                    self.keep(kept * GENEROUS + beside(cell));
                } else {
                    self.has_text = true;
                    self.keep_short(page, longest + 2.5 + button);
                }
                if self.taken < SAMPLE {
                    for line in Line::all(cell, &text, button) {
                        self.taken += 1;
                        line.join(&mut self.lines);
                    }
                }
            }
            Shown::Nothing => {}
        }
    }

    fn keep(&mut self, width: f64) {
        self.least = Some(self.least.unwrap_or(0.0).max(width));
    }

    /// A little over, and the column gives way rather than every row growing to two lines.
    fn keep_short(&mut self, page: &Page, width: f64) {
        let most = match self.given {
            Some(given) if page.landscape => given * GIVES_WAY,
            Some(_) => return,
            None => f64::INFINITY,
        };
        if width <= most {
            self.short =
                Some(self.short.unwrap_or(0.0).max(width.min(self.given.unwrap_or(WIDEST).max(width))));
        }
    }

    /// The width where paper is no matter; nothing where Excel's own will do.
    fn wanted(&self) -> Option<f64> {
        let short = self.short.map(|short| if self.given.is_some() { short } else { short.min(WIDEST) });
        let needed = [self.least, short].into_iter().flatten().reduce(f64::max)?;
        Some(needed.max(self.given.unwrap_or(DEFAULT_WIDTH)).min(255.0))
    }

    /// The width below which nothing can be read any more.
    fn narrowest(&self) -> f64 {
        let text = if self.has_text { NARROWEST.min(self.longest()) } else { 0.0 };
        self.least.unwrap_or(0.0).max(text).max(self.linked().min(WHOLE)).max(2.0)
    }

    /// The longest link to another file in it.
    fn linked(&self) -> f64 {
        let links = self.lines.iter().filter(|line| line.opens);
        links.map(|line| line.width + line.beside).fold(0.0, f64::max)
    }

    fn longest(&self) -> f64 {
        self.lines.iter().map(|line| line.width + line.beside).fold(0.0, f64::max)
    }

    /// How badly its texts fit.
    fn burden(&self, width: f64) -> f64 {
        burden(&self.lines, width)
    }
}

/// How badly texts fit together: whole numbers, so that it does not matter which are added first.
fn burden(lines: &[Line], width: f64) -> f64 {
    lines.iter().map(|line| line.burden(width)).sum()
}

/// Shares the paper's width out among the columns printed.
fn share(page: &Page, needs: &Needs<'_>, printed: &[u32], widths: &mut BTreeMap<u32, f64>) {
    let need = |col: u32| &needs.each[col as usize];
    let known: Vec<u32> = printed.iter().copied().filter(|col| (*col as usize) < needs.each.len()).collect();
    let paper = across(page.landscape);
    let used = |widths: &BTreeMap<u32, f64>| -> f64 {
        printed.iter().map(|col| points(widths.get(col).copied().unwrap_or(DEFAULT_WIDTH))).sum()
    };
    let asked = widths.clone();
    // A column nobody asked a width for has the default one.
    let lack = |col: &u32, widths: &BTreeMap<u32, f64>| {
        let width = |widths: &BTreeMap<u32, f64>| widths.get(col).copied().unwrap_or(DEFAULT_WIDTH);
        (width(&asked) - width(widths)).max(0.0)
    };
    if used(widths) > paper {
        for col in &known {
            let narrowest = need(*col).narrowest();
            widths.entry(*col).and_modify(|width| *width = width.min(narrowest.max(2.0)));
        }
    }
    while let Some((col, more)) = best(&known, needs, widths, paper - used(widths)) {
        widths.entry(col).and_modify(|width| *width += more).or_insert(DEFAULT_WIDTH + more);
    }
    // What saves no line any more goes where the page asked for it.
    let lacking: f64 = known.iter().map(|col| lack(col, widths)).sum();
    let part = ((paper - used(widths)) / points_of(lacking)).clamp(0.0, 1.0);
    for col in known.iter().filter(|_| lacking > 0.0) {
        let more = lack(col, widths) * part;
        widths.entry(*col).and_modify(|width| *width += more);
    }
}

fn points_of(characters: f64) -> f64 {
    (points(characters) - points(0.0)).max(1e-9)
}

/// The column that saves most lines for its width, and by how much to widen it, where there is room for it.
fn best(columns: &[u32], needs: &Needs<'_>, widths: &BTreeMap<u32, f64>, room: f64) -> Option<(u32, f64)> {
    let mut best: Option<(f64, u32, f64)> = None;
    for col in columns {
        for step in (1..=AHEAD).map(|steps| f64::from(steps) * STEP).filter(|step| points_of(*step) <= room) {
            let saved = needs.saved(*col, step, widths) / step;
            if saved > 1e-9 && best.is_none_or(|(most, ..)| saved > most) {
                best = Some((saved, *col, step));
            }
        }
    }
    best.map(|(_, col, step)| (col, step))
}
