//! What we wrote into which cell of our sheets, so that the next run can tell what somebody
//! has written there since. It stands on the hidden page of sources, a row of ours a line.

use std::hash::Hasher;

use super::{LANGUAGES, header_of, words_of};
use crate::cell::{CellRef, Content, Place};
use crate::page::{Page, Role, Show, serial};
use crate::workbook::{Sheet, Workbook};

/// The words of the page it stands on.
pub const WORDS: &str = include_str!("sources.toml");
/// The words of the header, sheet first.
pub const HEADERS: [&str; 2] = ["ours", "written"];
/// So many rows of all sheets together are kept in mind.
const ROWS: usize = 4_000;
/// So much of a long text tells it from another.
const TELLING: usize = 1_000;
/// A cell of ours that was left blank.
const BLANK: &str = ".";
/// A cell that is anybody's to change, or computes.
const ANY: &str = "=";

/// What a cell holds at most of it, in characters.
const FULL: usize = 30_000;

/// Sheets with what was written into their rows: a line a row, its number from zero and a character for each of its cells. One in sixty-four other
/// texts looks the same; what stands where nothing stood always shows.
pub fn written(pages: &[Page]) -> Vec<(String, String)> {
    let mut sheets: Vec<(String, String)> = Vec::new();
    for (name, row, line) in lines(pages) {
        let line = format!("{row} {line}\n");
        match sheets.last_mut() {
            Some((last, written)) if *last == name && written.len() + line.len() <= FULL => {
                written.push_str(&line)
            }
            _ => sheets.push((name, line)),
        }
    }
    sheets
}

fn lines(pages: &[Page]) -> Vec<(String, u32, String)> {
    let mut lines: Vec<(String, u32, String)> = Vec::new();
    for page in pages.iter().filter(|page| !page.hidden) {
        for (at, cell) in &page.cells {
            let told = match &cell.show {
                Show::Formula(_) => ANY.to_owned(),
                _ if cell.role == Role::Input => ANY.to_owned(),
                Show::Blank => continue,
                Show::Text(text) | Show::Link(text, _) | Show::File(text, _) => of_text(text),
                Show::Number(n) => of_number(*n),
                Show::Date(day) => of_number(serial(*day)),
            };
            if lines.last().is_none_or(|(name, row, _)| **name != *page.name || *row != at.row) {
                if lines.len() == ROWS {
                    return lines;
                }
                lines.push((page.name.to_string(), at.row, String::new()));
            }
            if let Some((_, _, line)) = lines.last_mut() {
                while line.len() < BLANK.len() * at.col as usize {
                    line.push_str(BLANK);
                }
                line.push_str(&told);
            }
        }
    }
    lines
}

/// The cells of our sheets that hold something we did not write there; `ours` are the sheets of an earlier run.
pub fn typed(ours: &Workbook) -> Vec<Place> {
    let is_ledger = |sheet: &&Sheet| {
        LANGUAGES.iter().any(|lang| sheet.name.starts_with(words_of(WORDS, *lang).get("title").as_str()))
    };
    let Some(ledger) = ours.sheets.iter().find(is_ledger) else { return Vec::new() };
    let Some((header, columns)) = header_of(ledger, WORDS, HEADERS) else { return Vec::new() };
    let sheets = (header + 1..).map_while(|row| {
        let cell = |n: usize| ledger.content(CellRef::new(row, columns[n]));
        match (cell(0), cell(1)) {
            (Content::Text(name), Content::Text(written)) => Some((name.as_str(), written.as_str())),
            _ => None,
        }
    });
    let rows = sheets.flat_map(|(name, written)| {
        written.lines().filter_map(move |line| {
            let (row, line) = line.trim().split_once(' ')?;
            Some(((name, row.parse::<u32>().ok()?), line))
        })
    });
    let known: std::collections::BTreeMap<(&str, u32), &str> = rows.collect();
    let mut typed = Vec::new();
    for sheet in ours.sheets.iter().filter(|sheet| sheet.name != ledger.name) {
        // Where the team has a sheet of that name, ours got a number.
        let name = sheet.name.rsplit_once(" (").map_or(&*sheet.name, |(name, _)| name);
        let Some(name) =
            [&*sheet.name, name].into_iter().find(|name| known.keys().any(|(known, _)| known == name))
        else {
            continue;
        };
        let last = known.keys().filter(|(known, _)| *known == name).map(|(_, row)| *row).max();
        for (at, cell) in sheet.cells.iter().filter(|(_, cell)| cell.formula.is_none()) {
            let told = match &cell.content {
                Content::Text(text) => of_text(text),
                Content::Number(n) | Content::Serial(n) => of_number(*n),
                Content::Bool(_) | Content::Error(_) | Content::Blank => continue,
            };
            let at_col = BLANK.len() * at.col as usize;
            let line = known.get(&(name, at.row)).copied();
            // Of rows that were too many to keep in mind nothing is known.
            if line.is_none() && known.len() == ROWS && last.is_none_or(|last| at.row > last) {
                continue;
            }
            let before = line.and_then(|line| line.get(at_col..at_col + BLANK.len())).unwrap_or(BLANK);
            if before != ANY && before != told {
                typed.push(Place { sheet: sheet.name.clone(), cell: *at });
            }
        }
    }
    typed
}

fn of_text(text: &str) -> String {
    // Programs break lines and pad ends each in their own way.
    let plain = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(TELLING);
    let mut hasher = Fnv::default();
    let mut any = false;
    for c in plain {
        any = true;
        hasher.write(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    if any { digit(hasher.finish()) } else { ANY.to_owned() }
}

fn of_number(n: f64) -> String {
    let mut hasher = Fnv::default();
    hasher.write(format!("{n:.8e}").as_bytes());
    digit(hasher.finish())
}

/// A hash in one character.
fn digit(hash: u64) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let folded = hash ^ (hash >> 32);
    char::from(DIGITS[((folded ^ (folded >> 16)) & 63) as usize]).to_string()
}

/// The same on every machine, and in the next version as well.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
