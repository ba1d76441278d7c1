//! A document as text for screens: Markdown to paste, and one HTML file to open, mail and print.
//!
//! Both are written from the same [`Document`](crate::document::Document), so they say the same. The HTML needs
//! nothing beside itself: no script, no address to fetch from, its pictures drawn in it.

mod html;
mod markdown;
mod svg;

pub use html::html;
pub use markdown::markdown;

use crate::document::shown;
use crate::locale::Lang;
use crate::page::{PageCell, Show};

/// A text as it stands between tags and in quotes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            // Characters that turn the writing around, and those no page may hold.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() && c != '\n' => {}
            c => safe.push(c),
        }
    }
    safe
}

/// What a cell shows, and where it leads outside of the document.
fn read(cell: &PageCell, lang: Lang) -> (String, Option<&str>) {
    let leads = match &cell.show {
        Show::File(_, target) => Some(target.as_str()),
        _ => None,
    };
    (shown(cell, lang), leads)
}

/// An address relative to the document's own folder, as browsers take it.
fn address(target: &str) -> String {
    let mut address = String::with_capacity(target.len());
    for byte in target.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'#' | b'!' | b'.' | b'-' | b'_' => {
                address.push(char::from(byte));
            }
            _ => address += &format!("%{byte:02X}"),
        }
    }
    // What stands before a colon would be taken for a scheme; ours never has one unescaped.
    address
}
