//! That the program grows with its work and no faster: instructions are counted (they are the same on a busy machine),
//! for a workbook and for one with four times the rows, for a folder and for one with four times the campaigns.
//!
//! Needs `valgrind`. What is measured is this binary itself, called for one test alone and told in the environment
//! how many rows: without that the test does the work once, small, and looks whether it was done.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use chrono::{Days, NaiveDate};
use fupan::batch::one::{Settings, enrich, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::locale::Lang;
use fupan::policy::Policy;

use crate::support::distinct::distinct;
use crate::support::filled::filled;

/// Which table is to have how many rows, `daily 250`.
const ROWS: &str = "FUPAN_COUNTED_ROWS";

fn day(n: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(n as u64)
}

/// A table by its name here: the catalogue's name, columns, and how row `n` of `of` is typed.
fn row(table: &str, n: usize, of: usize) -> String {
    let (spend, clicks) = (1000 + n % 97, 400 + n % 53);
    match table {
        "daily" => format!("{}|抖音|{}|{clicks}|{}|{spend}|{}", day(n), 20_000 + n, 30 + n % 11, 5000 + n),
        "channels" => {
            format!("渠道{n}|信息流|{spend}|{}|{clicks}|{}|{}|后台", 20_000 + n, 30 + n % 11, 5000 + n)
        }
        "kpi" => format!("结果指标|指标{n}|{}|越大越好|{:.4}%|后台", 1000 + n, 100.0 / of as f64),
        "results" => format!("指标{n}|整体|{}|{}|后台", 1000 + n, 900 + n % 300),
        "tasks" => format!(
            "T{n:05}|预热期|第{n}份海报定稿|员工{}|{}|{}|{}",
            n % 7,
            day(n % 90),
            day(n % 90 + 5),
            if n == 0 { String::new() } else { format!("T{:05}", n - 1) }
        ),
        "progress" => format!("T{n:05}|已完成|100%|{}", day(n % 90 + 5)),
        "problems" => format!("P{n:05}|渠道类|第{n}个渠道的点击率低于上期|素材第{n}版没有更新|中"),
        "actions" => {
            format!("A{n:05}|每周更新第{n}套素材|P{n:05}|员工{}|{}|点击率高于{n}%|高|低", n % 7, day(n % 90))
        }
        // Of every row something is wrong: a figure that cannot be read, one that is not there, one that cannot be.
        "mistakes" => format!("渠道{n}|信息流|约{spend}左右|{}||{}|待定|", 20_000 + n, 30_000 + n),
        other => panic!("no table {other}"),
    }
}

/// The columns of a table here.
fn columns(table: &str) -> (&str, &str) {
    match table {
        "daily" => ("daily", "date channel exposure clicks orders spend sales"),
        "channels" | "mistakes" => {
            ("channels", "channel kind spend exposure clicks conversions sales source")
        }
        "kpi" => ("kpi", "type name target direction weight source"),
        "results" => ("results", "name dimension target actual source"),
        "tasks" => ("tasks", "code phase action owner start end predecessors"),
        "progress" => ("progress", "code status done actual_end"),
        "problems" => ("problems", "code class description root impact"),
        "actions" => ("actions", "code action problem owner due standard impact difficulty"),
        other => panic!("no table {other}"),
    }
}

/// The work of one file, from bytes to bytes, over these tables with so many rows: `(findings, bytes written)`.
fn work(tables: &[&str], rows: usize) -> (usize, usize) {
    let typed: Vec<Vec<String>> =
        tables.iter().map(|table| (0..rows).map(|n| row(table, n, rows)).collect()).collect();
    let lines: Vec<Vec<&str>> = typed.iter().map(|rows| rows.iter().map(String::as_str).collect()).collect();
    let lists: Vec<(&str, &str, &[&str])> = (tables.iter().zip(&lines))
        .map(|(table, rows)| (columns(table).0, columns(table).1, rows.as_slice()))
        .collect();
    let book = filled(&lists);
    let policy = Policy::default();
    let settings = Settings::new(Catalogue::shipped(), &policy, day(200), Lang::Zh);
    let review = review_bytes(&book, "活动.xlsx", &settings).unwrap();
    let read: usize = review.records.tables.values().map(|table| table.rows.len()).sum();
    assert_eq!(read, rows * tables.len(), "all rows are read");
    let written = enrich(&book, &review, Lang::Zh).unwrap();
    (review.findings.len(), written.len())
}

/// What is counted; a small one of it where nobody counts.
#[test]
fn the_counted_work() {
    let Ok(asked) = std::env::var(ROWS) else {
        assert!(work(&["daily", "channels"], 4).1 > 10_000);
        assert!(work(&["mistakes"], 4).0 >= 2);
        return;
    };
    let (tables, rows) = asked.rsplit_once(' ').unwrap();
    work(&tables.split(' ').collect::<Vec<_>>(), rows.parse().unwrap());
}

/// Instructions a command takes, its own and not those of the processes it starts.
fn counted(command: &mut Command, home: &Path) -> f64 {
    let log = home.join("counted");
    let mut counting = Command::new("valgrind");
    counting.args(["--tool=cachegrind", "--cache-sim=no", "--read-inline-info=no"]);
    counting.arg("--cachegrind-out-file=/dev/null").arg(format!("--log-file={}", log.display()));
    counting.arg(command.get_program()).args(command.get_args());
    counting.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = counting.output().unwrap_or_else(|error| {
        panic!("valgrind counts the instructions: install it (apt-get install valgrind): {error}")
    });
    let said = fs::read_to_string(&log).unwrap_or_default();
    let code = output.status.code();
    let out = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(code == Some(0), "{code:?} {out}\n{said}");
    let line = said.lines().find(|line| line.contains("refs:")).unwrap_or_else(|| panic!("{said}"));
    line.rsplit(' ').next().unwrap().replace(',', "").parse().unwrap()
}

/// By which power of the work the cost grows from some of it to so many times as much, beyond what it costs anyway.
fn exponent(anyway: f64, some: f64, times: f64, all: f64) -> f64 {
    ((all - anyway) / (some - anyway)).log(times)
}

/// Four times the rows cost four times as much, whatever the table.
///
/// Measured when this was written: 0.94 and 0.92. From 100 to 400 rows, goals and results alone came to 1.39 before
/// columns stopped being measured text by text and goals stopped searching all results. At these sizes it sees what is
/// dear for each pair of rows; a search that only compares names has to be looked for function by function.
#[test]
fn four_times_the_rows_cost_four_times_as_much() {
    const MOST: f64 = 1.15;
    let home = tempfile::tempdir().unwrap();
    let of = |tables: &str, rows: usize| {
        let at = home.path().join(format!("{tables} {rows}"));
        fs::create_dir(&at).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "instructions::the_counted_work"]).env(ROWS, format!("{tables} {rows}"));
        counted(&mut command, &at)
    };
    let none = of("daily", 1);
    let grows = |tables| exponent(none, of(tables, 50), 4.0, of(tables, 200));
    let found = thread::scope(|scope| {
        let others = scope.spawn(|| grows("daily tasks progress mistakes"));
        [grows("channels kpi results problems actions"), others.join().unwrap()]
    });
    assert!(found.iter().all(|exponent| *exponent < MOST), "{found:.2?}");
}

/// The program's own part of a run, the portfolio above all; its workers have their files to themselves.
///
/// Measured when this was written: 1.02.
#[test]
fn four_times_the_campaigns_cost_four_times_as_much() {
    const MOST: f64 = 1.25;
    let home = tempfile::tempdir().unwrap();
    let books = ["campaign-11.xlsx", "full-12.xlsx", "review-11.xlsx", "promotion-12.xlsx"];
    let of = |copies: usize| {
        let at = home.path().join(copies.to_string());
        fs::create_dir_all(at.join("in")).unwrap();
        for name in books.iter().take(copies * 4) {
            let bytes = fs::read(format!("{}/fixtures/clean/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            for copy in 0..copies {
                fs::write(at.join(format!("in/{copy}-{name}")), distinct(&bytes, name, copy)).unwrap();
            }
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        command.arg("batch").arg(at.join("in")).arg("-o").arg(at.join("out"));
        command.args(["--as-of", "2024-12-20", "--fail-on", "never", "--max-seconds", "600", "-q"]);
        let counted = counted(&mut command, &at);
        let record: serde_json::Value =
            serde_json::from_slice(&fs::read(at.join("out/run.json")).unwrap()).unwrap();
        let files = record["files"].as_array().unwrap();
        assert_eq!(files.iter().filter(|file| file["outcome"] == "counted").count(), copies * books.len());
        counted
    };
    let (one, two, five) = (of(1), of(2), of(5));
    // Beyond the first four: four more, and sixteen.
    let found = exponent(one, two, 4.0, five);
    assert!(found < MOST, "{found:.2}");
}
