//! Clean workbooks are told nothing worse than a note, and what is planted in them is found where it was planted.
//! A small slice of what `cargo run --release --example detection` measures.

use rayon::prelude::*;

use crate::injection::clean::{Judge, alarms, books};
use crate::injection::tally::{NOT_INJECTED, Plan, codes, run};

#[test]
fn made_up_clean_workbooks_are_told_nothing_worse_than_a_note() {
    let judge = Judge::new();
    let all = books(judge.catalogue, 1);
    assert!(all.len() >= 60);
    let wrong: Vec<String> = all
        .par_iter()
        .flat_map_iter(|book| {
            let laid = book.laid(judge.catalogue);
            let told = alarms(&judge.findings(&laid.workbook, book.story.as_of));
            told.into_iter().map(|line| format!("{}: {line}", book.name)).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{} alarms\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn planted_mistakes_are_found_at_their_cells() {
    let judge = Judge::new();
    let plan = Plan {
        seed: 11,
        variants: 1,
        columns: Some(1),
        templates: ["review", "campaign", "product", "promotion"].map(str::to_owned).to_vec(),
        ways: vec![0, 3, 9],
        only: None,
    };
    let report = run(&judge, &plan);
    let all = report.all();
    let said = || format!("{}\n{}\n{}", report.tables(), report.by_code(), report.misses(2));
    assert!(all.tried >= 300, "{}", said());
    assert!(all.found as f64 >= 0.99 * all.tried as f64, "{}", said());
    assert!(all.right as f64 >= 0.99 * all.tried as f64, "{}", said());
    assert!(report.alarms.is_empty(), "{:#?}", report.alarms);
    assert!(report.forgotten().is_empty(), "neither planted nor excused: {:?}", report.forgotten());
}

#[test]
fn only_codes_that_exist_are_excused_from_being_planted() {
    for code in NOT_INJECTED.iter().flat_map(|(_, names)| *names) {
        assert!(codes().iter().any(|it| it.name == *code), "{code} is excused and does not exist");
    }
}
