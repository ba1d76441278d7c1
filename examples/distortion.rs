//! How well distorted workbooks are read: renames, moves, merges, translations and other programs, composed at
//! random; every value is known, and judged right, reported or silently misread.
//!
//! ```text
//! cargo run --release --example distortion -- [--seed 1] [--books 1000] [--openpyxl 120] [--libreoffice 120] [--kind WORDS] [--misses 30]
//! ```

#![allow(clippy::disallowed_methods, reason = "a tool of the project, no part of the program")]
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/distortion/mod.rs"]
mod distortion;
#[path = "../tests/injection/mod.rs"]
mod injection;

use distortion::tally::{Plan, run};

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let value =
        |name: &str| given.iter().position(|arg| arg == name).and_then(|at| given.get(at + 1).cloned());
    let number = |name: &str, usual: usize| value(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    if let Some(one) = value("--save") {
        let (made, kinds) = distortion::tally::distorted(
            number("--seed", 1) as u64,
            one.parse().unwrap(),
            value("--kind").as_deref(),
        );
        let bytes = distortion::package::write(&distortion::render::render(&made).workbook);
        let path = value("--to").unwrap_or("distorted.xlsx".into());
        std::fs::write(&path, bytes).unwrap();
        println!("{path}: {kinds:?}");
        return;
    }
    let plan = Plan {
        seed: number("--seed", 1) as u64,
        books: number("--books", 1000),
        openpyxl: number("--openpyxl", 120),
        libreoffice: number("--libreoffice", 120),
        only: value("--kind"),
    };
    let report = run(&plan);
    println!("seed {}, {} workbooks\n\n{}", plan.seed, report.books, report.table());
    let most = number("--misses", 30);
    for (name, misses) in [("silent", &report.silent), ("reported", &report.reported)] {
        for miss in misses.iter().take(most) {
            println!("{name}: {miss}");
        }
    }
}
