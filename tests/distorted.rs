//! Distorted workbooks are read right, or what was not read is said; nothing is misread in silence.
//! A small slice of what `cargo run --release --example distortion` measures.

use crate::distortion::kinds::KINDS;
use crate::distortion::tally::{Plan, run};

#[test]
fn distorted_workbooks_are_read_right_or_said_to_be_unread() {
    // Each kind takes two turns.
    let report = run(&Plan { seed: 7, books: 2 * KINDS.len(), openpyxl: 4, libreoffice: 4, only: None });
    let said = || {
        let first = |misses: &[String]| misses.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
        format!(
            "{}\nsilent\n{}\nreported\n{}",
            report.table(),
            first(&report.silent),
            first(&report.reported)
        )
    };
    assert!(report.all.tried() > 10_000, "{}", said());
    assert_eq!(report.all.silent, 0, "{}", said());
    assert!(report.all.share() >= 0.97, "{}", said());
    let untried: Vec<_> =
        KINDS.iter().map(|kind| kind.name).filter(|name| !report.by_kind.contains_key(name)).collect();
    assert!(untried.is_empty(), "never tried: {untried:?}\n{}", said());
}
