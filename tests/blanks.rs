//! The committed blanks are what the declarations say, byte for byte.
//!
//! After a change of declarations, write them anew with `FUPAN_BLESS=1`.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use fupan::catalogue::{Catalogue, Template};
use fupan::locale::Lang;
use fupan::xlsx::blank::{Identity, blank};

/// A phone or a mail should carry a blank without a thought.
const LIMIT: usize = 150 * 1024;

fn committed(template: &Template) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workbook-templates");
    folder.join(format!("{}.xlsx", template.label.zh))
}

fn write(template: &Template, lang: Lang) -> Vec<u8> {
    blank(Catalogue::shipped(), template, &Identity::of(template), lang).unwrap()
}

#[test]
fn committed_blanks_are_what_the_declarations_say() {
    for template in Catalogue::shipped().templates.values() {
        let written = write(template, Lang::Zh);
        if std::env::var_os("FUPAN_BLESS").is_some() {
            fs::write(committed(template), &written).unwrap();
        }
        let kept = fs::read(committed(template)).unwrap_or_default();
        assert!(kept == written, "{} is out of date: run with FUPAN_BLESS=1", committed(template).display());
    }
}

#[test]
fn every_blank_is_small_in_every_language() {
    for template in Catalogue::shipped().templates.values() {
        for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
            let size = write(template, lang).len();
            assert!(size < LIMIT, "{} {lang:?}: {size} bytes", template.id);
        }
    }
}
