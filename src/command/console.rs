//! What people see on the terminal: lines, tables with widths right for Chinese, a progress bar.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use crate::locale::{Lang, columns as width};
use crate::words::Words;

/// The console: where it speaks, and in which language.
pub struct Console {
    /// Its language.
    pub lang: Lang,
    /// Its words.
    pub words: Words,
    /// Say only what was asked for.
    pub quiet: bool,
    /// What was asked for, where it is kept instead of printed.
    held: Option<Mutex<String>>,
    /// Why something that was asked for could not be printed.
    lost: Mutex<Option<std::io::Error>>,
}

impl Console {
    /// A console of a language.
    pub fn new(lang: Lang) -> Console {
        Console {
            lang,
            words: Words::load(&[include_str!("words.toml")], lang),
            quiet: false,
            held: None,
            lost: Mutex::default(),
        }
    }

    /// A console that keeps what it would print.
    pub fn holding(lang: Lang) -> Console {
        Console { held: Some(Mutex::default()), ..Console::new(lang) }
    }

    /// What was kept.
    pub fn held(self) -> String {
        let held = self.held.map(|held| held.into_inner().unwrap_or_else(PoisonError::into_inner));
        held.unwrap_or_default()
    }

    /// Prints a line that was asked for. A reader that has gone away (`| head`) is no error.
    pub fn print(&self, line: &str) {
        match &self.held {
            Some(held) => {
                *held.lock().unwrap_or_else(PoisonError::into_inner) += &format!("{}\n", plain(line));
            }
            None => self.put(&plain(line)),
        }
    }

    fn put(&self, line: &str) {
        self.keep(writeln!(std::io::stdout().lock(), "{line}"));
    }

    /// Prints what is there as it is, for programs.
    pub fn print_bytes(&self, bytes: &[u8]) {
        self.keep(std::io::stdout().lock().write_all(bytes));
    }

    fn keep(&self, result: std::io::Result<()>) {
        if let Err(error) = result
            && error.kind() != std::io::ErrorKind::BrokenPipe
        {
            self.lost.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }

    /// Why not everything that was asked for could be printed; nothing where it was.
    pub fn lost(&self) -> Option<std::io::Error> {
        self.keep(std::io::stdout().flush());
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Prints JSON: what could turn the writing around is escaped, and nothing is lost.
    pub fn print_json(&self, json: &serde_json::Value) {
        let text = serde_json::to_string_pretty(json).unwrap_or_default();
        let mut safe = String::with_capacity(text.len());
        for c in text.chars() {
            if is_hidden(c) {
                safe += &format!("\\u{:04x}", u32::from(c));
            } else {
                safe.push(c);
            }
        }
        self.put(&safe);
    }

    /// Says something on the side.
    pub fn note(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{}", plain(line));
        }
    }

    /// Says what went wrong.
    pub fn error(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}{}", self.words.get("error_prefix"), plain(line));
    }

    /// Prints a table: the first row is its header, numbers stand right.
    pub fn table(&self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |row: &Vec<String>, col: usize| row.get(col).map(|text| plain(text)).unwrap_or_default();
        let widths: Vec<usize> = (0..columns)
            .map(|col| rows.iter().map(|row| width(&cell(row, col))).max().unwrap_or(0))
            .collect();
        for (i, row) in rows.iter().enumerate() {
            let line: Vec<String> = (0..columns)
                .map(|col| {
                    let text = cell(row, col);
                    let room = " ".repeat(widths[col].saturating_sub(width(&text)));
                    let number = i > 0 && text.chars().all(|c| c.is_ascii_digit() || "-.,%—".contains(c));
                    if number { room + &text } else { text + &room }
                })
                .collect();
            self.print(line.join("  ").trim_end());
            if i == 0 {
                self.print(&widths.iter().map(|width| "─".repeat(*width)).collect::<Vec<_>>().join("  "));
            }
        }
    }

    /// A bar on a terminal, nothing elsewhere.
    pub fn bar(&self, total: usize) -> ProgressBar {
        if self.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template(&self.words.get("bar")) {
            bar.set_style(style);
        }
        bar
    }
}

/// Text without what could move the cursor or turn the writing around: control and bidirectional characters are shown as `·`.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_hidden(c) { '·' } else { c }).collect()
}

fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
