//! The rows of our own worksheets, copied with other numbers in them.
//!
//! By far the most text of an added sheet is its cells, so they are read once,
//! token by token, and copied between the few places that change.

use std::ops::Range;

use memchr::memmem;

use super::epoch;
use super::error::{GraftError, Result, damaged};
use super::formula::Renames;
use super::styles::Styles;
use super::xml::{escape, unescape};
use crate::cell::push_number;
use crate::xlsx::xml::{Fault, Tag, Token, Tokens, local};

/// Our shared strings.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    /// What stands inside each `<si>`.
    inside: Vec<Range<usize>>,
}

impl Strings {
    /// Those of a part; ours are all written `<si>…</si>`.
    pub fn of(text: String) -> Strings {
        let starts = memmem::find_iter(text.as_bytes(), "<si>").map(|at| at + "<si>".len());
        let ends = memmem::find_iter(text.as_bytes(), "</si>");
        let inside = starts.zip(ends).filter(|(start, end)| start <= end).map(|(start, end)| start..end);
        Strings { inside: inside.collect(), text }
    }

    fn get(&self, index: usize) -> Option<&str> {
        self.inside.get(index).map(|inside| &self.text[inside.clone()])
    }
}

/// The element `<sheetData>` of a worksheet for the user's package.
pub(super) fn carry(
    part: &str,
    text: &str,
    strings: &Strings,
    renames: &Renames,
    styles: &mut Styles<'_>,
) -> Result<String> {
    let fault = |fault: Fault| GraftError::Damaged(format!("{part}: {fault}"));
    let mut copy = Copy { text, done: 0, out: String::with_capacity(text.len() * 3 / 2) };
    let mut tokens = Tokens::new(text);
    let mut cell = Cell::default();
    // Then formulas and numbers stay as they are.
    let plain = renames.is_empty() && !styles.from_1904;
    loop {
        let start = tokens.position();
        let Some(token) = tokens.next().map_err(fault)? else { break };
        let Token::Open(tag) = token else { continue };
        match tag.local() {
            "row" => {
                copy.formats(&tag, styles)?;
            }
            "c" => {
                cell = copy.formats(&tag, styles)?;
                if plain && !cell.shared {
                    tokens.pass(&tag);
                }
            }
            "v" if cell.shared => {
                let index = match tokens.next().map_err(fault)? {
                    Some(Token::Text(index)) => index.trim().parse::<usize>().ok(),
                    _ => None,
                };
                let Some(string) = index.and_then(|index| strings.get(index)) else {
                    return Err(GraftError::Addition("a shared string is missing".into()));
                };
                if tokens.next().map_err(fault)? != Some(Token::Close) {
                    return damaged(part, "markup in a value");
                }
                let prefix = &tag.name[..tag.name.len() - local(tag.name).len()];
                copy.replace(start..tokens.position(), &["<", prefix, "is>", string, "</", prefix, "is>"]);
            }
            "v" if styles.from_1904 && cell.number => {
                let start = tokens.position();
                if let Some(Token::Text(days)) = tokens.next().map_err(fault)?
                    && let Some(moved) = epoch::moved(days, cell.format, styles)
                {
                    copy.replace(start..start + days.len(), &[&moved]);
                }
            }
            "f" if !tag.empty && !renames.is_empty() => {
                let start = tokens.position();
                if let Some(Token::Text(raw)) = tokens.next().map_err(fault)? {
                    let old = unescape(raw);
                    let new = renames.apply(&old);
                    if new != old {
                        copy.replace(start..start + raw.len(), &[&escape(&new)]);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(copy.finish())
}

/// What must be known of a cell when its value comes.
#[derive(Default)]
struct Cell {
    /// Its text stands among the shared strings.
    shared: bool,
    /// It holds a number.
    number: bool,
    /// Its format in our own package.
    format: Option<usize>,
}

/// A text that is copied but for some places.
struct Copy<'t> {
    text: &'t str,
    done: usize,
    out: String,
}

impl Copy<'_> {
    fn replace(&mut self, range: Range<usize>, new: &[&str]) {
        self.out.push_str(&self.text[self.done..range.start]);
        new.iter().for_each(|new| self.out.push_str(new));
        self.done = range.end;
    }

    fn finish(mut self) -> String {
        self.out.push_str(&self.text[self.done..]);
        self.out
    }

    /// Gives a row or cell the number its format has in the user's package. The user's
    /// shared strings stay as they are, so a cell of ours holds its text itself.
    fn formats(&mut self, tag: &Tag<'_>, styles: &mut Styles<'_>) -> Result<Cell> {
        let mut cell = Cell { number: true, ..Cell::default() };
        for (name, value) in tag.attributes() {
            let at = value.as_ptr() as usize - self.text.as_ptr() as usize;
            match name {
                "s" => {
                    if let Ok(old) = value.parse() {
                        cell.format = Some(old);
                        self.replace(at..at + value.len(), &[]);
                        push_number(styles.cell_format(old)? as u32, &mut self.out);
                    }
                }
                "t" => {
                    cell.number = value == "n";
                    cell.shared = value == "s";
                    if cell.shared {
                        self.replace(at..at + value.len(), &["inlineStr"]);
                    }
                }
                "cm" | "vm" => {
                    return Err(GraftError::Addition(
                        "dynamic arrays and pictures in cells cannot be carried over".into(),
                    ));
                }
                _ => {}
            }
        }
        Ok(cell)
    }
}
