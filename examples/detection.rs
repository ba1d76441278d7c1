//! How good the checker is: plants known mistakes in clean workbooks and counts what is found.
//!
//! ```text
//! cargo run --release --example detection -- [--seed 1] [--variants 3] [--columns N] [--template ID] [--code CODE] [--misses 3] [--clean N]
//! ```

#![allow(clippy::disallowed_methods, reason = "a tool of the project, no part of the program")]
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/injection/mod.rs"]
mod injection;

use injection::clean::{Judge, WAYS, alarms, books};
use injection::tally::{Plan, run};
use rayon::prelude::*;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let value =
        |name: &str| given.iter().position(|arg| arg == name).and_then(|at| given.get(at + 1).cloned());
    let number = |name: &str| value(name).and_then(|text| text.parse::<u64>().ok());
    let seed = number("--seed").unwrap_or(1);
    let judge = Judge::new();
    let templates = match value("--template") {
        Some(id) => id.split(',').map(str::to_owned).collect(),
        None => judge.catalogue.templates.keys().cloned().collect(),
    };
    println!("seed {seed}");
    if let Some(rounds) = number("--clean") {
        // Only clean workbooks, of many seeds.
        let told: Vec<String> = (seed..seed + rounds)
            .into_par_iter()
            .flat_map(|seed| {
                let all = books(judge.catalogue, seed);
                all.iter()
                    .flat_map(|book| {
                        let laid = book.laid(judge.catalogue);
                        let told = alarms(&judge.findings(&laid.workbook, book.story.as_of));
                        told.into_iter()
                            .map(|alarm| format!("seed {seed} {}: {alarm}", book.name))
                            .collect::<Vec<_>>()
                    })
                    .collect::<Vec<_>>()
            })
            .collect();
        println!("{}\n{} alarms in {rounds} rounds", told.join("\n"), told.len());
        return;
    }
    let plan = Plan {
        seed,
        variants: number("--variants").unwrap_or(3) as usize,
        columns: number("--columns").map(|n| n as usize),
        templates,
        ways: (0..WAYS).collect(),
        only: value("--code"),
    };
    let report = run(&judge, &plan);
    println!("{}\n\n{}", report.tables(), report.by_code());
    for alarm in &report.alarms {
        println!("false alarm: {alarm}");
    }
    if let Some(most) = number("--misses") {
        println!("\n{}", report.misses(most as usize));
    }
}
