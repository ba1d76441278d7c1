//! Half a year of inboxes with planted events (`fupan demo`), run week by week: what was told in its week, and
//! which problems were taken for one.
//!
//! ```sh
//! cargo run --release --example weeks -- --weeks 26 --campaigns 40 --copies 5 --seed 1
//! ```

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a tool of the workshop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use fupan::record::run::Run;
use fupan::record::weeks::{FindingState, Weeks};
use serde_json::Value;

/// A row of a campaign.
type Row = (String, String);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let home = tempfile::tempdir().unwrap();
    let demo = home.path().join("demo");
    let program = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("fupan");
    let made = Command::new(&program).arg("demo").arg(&demo).args(&arguments).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let planted: Value = serde_json::from_slice(&std::fs::read(demo.join("planted.json")).unwrap()).unwrap();
    let mut told: BTreeMap<String, (Run, Option<Weeks>)> = BTreeMap::new();
    let (mut time, mut before): (Duration, Option<Weeks>) = (Duration::ZERO, None);
    for week in planted["weeks"].as_array().unwrap() {
        let (name, as_of) = (text(week, "week"), text(week, "as_of"));
        let started = Instant::now();
        let run = batch(&program, &demo, &name, &as_of, &[]);
        time += started.elapsed();
        let weeks = run.head.weeks.clone();
        told.insert(name, (run, std::mem::replace(&mut before, weeks)));
    }
    let mut table: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let told_of: BTreeMap<&str, Told> =
        told.iter().map(|(week, (run, before))| (week.as_str(), Told::of(run, before.as_ref()))).collect();
    for said in planted["said"].as_array().unwrap() {
        let (week, kind) = (text(said, "week"), text(said, "kind"));
        let Some(kind) = KINDS.iter().find(|known| **known == kind) else { continue };
        let row = (text(said, "campaign"), text(said, "row"));
        let row = if PLACED.contains(kind) { (row.0, text(said, "table")) } else { row };
        let line = table.entry(kind).or_default();
        line[0] += 1;
        if told_of[week.as_str()].0[kind].contains(&row) {
            line[1] += 1;
        } else {
            eprintln!("not told: {week} {kind} {row:?} {said}");
        }
    }
    // What was told and never planted.
    let planted_rows: BTreeSet<(String, String, Row)> = planted["said"]
        .as_array()
        .unwrap()
        .iter()
        .map(|said| {
            // Of a campaign whose only file cannot be read nothing came either.
            let kind = text(said, "kind").replace("damaged", "missing");
            (text(said, "week"), kind, (text(said, "campaign"), text(said, "row")))
        })
        .collect();
    for (week, told) in &told_of {
        for kind in KINDS.iter().filter(|kind| !PLACED.contains(kind)) {
            let extra = told.0[kind].iter().filter(|row| {
                !planted_rows.contains(&((*week).to_owned(), (*kind).to_owned(), (*row).clone()))
            });
            let extra: Vec<&Row> = extra.collect();
            if !extra.is_empty() {
                eprintln!("not planted: {week} {kind} {extra:?}");
            }
            table.entry(kind).or_default()[2] += extra.len();
        }
    }
    println!("| event | planted | told in its week | told, not planted |\n|---|---:|---:|---:|");
    for (kind, [planted, told, extra]) in &table {
        let extra = if PLACED.contains(kind) { "–".to_owned() } else { extra.to_string() };
        println!("| {kind} | {planted} | {told} | {extra} |");
    }
    let last = told.values().next_back().and_then(|(run, _)| run.head.weeks.as_ref()).unwrap();
    let (precision, recall, pairs) = recurrences(last, &planted);
    println!(
        "\nproblems of different campaigns taken for one: precision {precision:.3}, recall {recall:.3} over {pairs} pairs"
    );
    let weeks = told.len();
    let ledger = std::fs::metadata(demo.join("产出/fupan.db")).unwrap().len();
    println!("{weeks} weeks in {:.1} s; ledger {:.1} MB", time.as_secs_f64(), ledger as f64 / 1e6);
    // What remembering costs: the last week from nothing, with all weeks before it and with none.
    let last = planted["weeks"].as_array().unwrap().last().unwrap();
    let (name, as_of) = (text(last, "week"), text(last, "as_of"));
    let again = |more: &[&str]| {
        std::fs::remove_dir_all(demo.join("产出").join(&name)).unwrap();
        let started = Instant::now();
        batch(&program, &demo, &name, &as_of, more);
        started.elapsed().as_secs_f64()
    };
    let (without, with) = (again(&["--ledger", "none"]), again(&[]));
    println!(
        "the last week {with:.2} s, without a ledger {without:.2} s: {:.1}%",
        (with / without - 1.0) * 100.0
    );
}

/// Events that are held against what was told.
const KINDS: [&str; 13] = [
    "slipped",
    "reassigned",
    "action-gone",
    "action-back",
    "done-unshown",
    "problem-gone",
    "problem-again",
    "gap-opened",
    "gap-closed",
    "gap-again",
    "missing",
    "came-back",
    "unchanged",
];
/// Findings: found by campaign and table, for other things happen to them too.
const PLACED: [&str; 3] = ["gap-opened", "gap-closed", "gap-again"];

/// What one week told, by kind of event.
struct Told(BTreeMap<&'static str, BTreeSet<Row>>);

impl Told {
    fn of(run: &Run, before: Option<&Weeks>) -> Told {
        let weeks = run.head.weeks.as_ref().unwrap();
        let mut told: BTreeMap<&'static str, BTreeSet<Row>> =
            KINDS.map(|kind| (kind, BTreeSet::new())).into();
        let mut tell = |kind: &'static str, campaign: &str, row: &str| {
            told.get_mut(kind).unwrap().insert((campaign.to_owned(), row.to_owned()));
        };
        for item in &weeks.items {
            let known = before.into_iter().flat_map(|weeks| &weeks.items);
            let mut known = known.filter(|known| known.campaign == item.campaign && known.code == item.code);
            let hands = known.next().map_or(0, |known| known.reassigned);
            let events = [
                ("slipped", item.replanned),
                ("reassigned", item.reassigned > hands),
                ("action-gone", item.gone),
                ("action-back", item.back),
                ("done-unshown", item.unproven),
            ];
            for (kind, _) in events.into_iter().filter(|(_, happened)| *happened) {
                tell(kind, &item.campaign, &item.code);
            }
        }
        for row in &weeks.rows {
            tell(if row.back { "problem-again" } else { "problem-gone" }, &row.campaign, &row.code);
        }
        for finding in &weeks.changed {
            let kind = match finding.state {
                FindingState::New | FindingState::Grown => "gap-opened",
                FindingState::Fixed => "gap-closed",
                FindingState::Again => "gap-again",
                _ => continue,
            };
            tell(kind, &finding.campaign, finding.table.as_deref().unwrap_or_default());
        }
        let was_here = |campaign: &str| {
            let known = before.into_iter().flat_map(|weeks| &weeks.campaigns);
            known.filter(|known| known.campaign == campaign).map(|known| known.here).next()
        };
        for one in &weeks.campaigns {
            match (was_here(&one.campaign), one.here) {
                (Some(true), false) => tell("missing", &one.campaign, ""),
                (Some(false), true) => tell("came-back", &one.campaign, ""),
                _ => {}
            }
        }
        let ids: BTreeMap<&str, &str> =
            weeks.campaigns.iter().map(|one| (one.name.as_str(), one.campaign.as_str())).collect();
        for row in run.head.roster.iter().flat_map(|roster| &roster.rows) {
            if row.state == fupan::record::merge::State::Unchanged
                && let Some(id) = ids.get(row.campaign.as_str())
            {
                tell("unchanged", id, "");
            }
        }
        Told(told)
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn batch(program: &Path, demo: &Path, week: &str, as_of: &str, more: &[&str]) -> Run {
    let out = PathBuf::from("产出").join(week);
    let roster = format!("名单/{week}.toml");
    let mut command = Command::new(program);
    command
        .current_dir(demo)
        .args(["batch", week, "--as-of", as_of, "--roster", &roster, "-q"])
        .args(more)
        .arg("-o")
        .arg(&out);
    let ended = command.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    let run = std::fs::read(demo.join(&out).join("run.json"))
        .unwrap_or_else(|error| panic!("{week}: {error} {said}"));
    serde_json::from_slice(&run).unwrap()
}

/// Of the pairs of rows of different campaigns that were taken for one problem, how many are; and how many of
/// those that are were.
fn recurrences(weeks: &Weeks, planted: &Value) -> (f64, f64, usize) {
    let mut theme: BTreeMap<Row, String> = BTreeMap::new();
    for wording in planted["problems"].as_array().unwrap() {
        theme.insert((text(wording, "campaign"), text(wording, "row")), text(wording, "theme"));
    }
    let known: Vec<(&Row, &String)> = theme.iter().collect();
    let pairs = |same: &dyn Fn(usize, usize) -> bool| -> BTreeSet<(usize, usize)> {
        let all = (0..known.len()).flat_map(|a| (a + 1..known.len()).map(move |b| (a, b)));
        all.filter(|(a, b)| known[*a].0.0 != known[*b].0.0 && same(*a, *b)).collect()
    };
    let truth = pairs(&|a, b| known[a].1 == known[b].1);
    let mut group: BTreeMap<Row, usize> = BTreeMap::new();
    for (at, problem) in weeks.problems.iter().enumerate() {
        for member in &problem.members {
            group.insert((member.campaign.clone(), member.code.clone()), at);
        }
    }
    let found = pairs(&|a, b| {
        let of = |n: usize| group.get(known[n].0);
        of(a).is_some() && of(a) == of(b)
    });
    let right = truth.intersection(&found).count() as f64;
    if std::env::var_os("FUPAN_SHOW").is_some() {
        for (a, b) in truth.symmetric_difference(&found) {
            eprintln!(
                "{} {:?} {:?}",
                if truth.contains(&(*a, *b)) { "missed" } else { "wrong" },
                known[*a],
                known[*b]
            );
        }
    }
    (right / found.len().max(1) as f64, right / truth.len().max(1) as f64, truth.len())
}
