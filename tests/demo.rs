//! A demonstration is what it says it is: made again it is the same, and what was planted is in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use fupan::demo::{Kind, Plan, Planted, make};
use fupan::locale::Lang;
use fupan::record::run::{Outcome, Run};
use fupan::record::summary::CampaignSummary;

fn plan() -> Plan {
    Plan {
        seed: 3,
        weeks: 3,
        campaigns: 7,
        copies: 4,
        first: chrono::NaiveDate::from_ymd_opt(2024, 7, 1).unwrap(),
    }
}

fn made(plan: &Plan) -> (Planted, BTreeMap<String, Vec<u8>>) {
    let mut files = BTreeMap::new();
    let planted = make(plan, Lang::Zh, &mut |name, bytes| {
        assert!(files.insert(name.to_owned(), bytes.to_vec()).is_none(), "{name} twice");
        Ok::<(), std::convert::Infallible>(())
    });
    (planted.unwrap(), files)
}

#[test]
fn the_same_plan_makes_the_same_bytes_and_another_seed_does_not() {
    let plan = plan();
    let (planted, files) = made(&plan);
    assert_eq!(made(&plan), (planted.clone(), files.clone()));
    let (other, _) = made(&Plan { seed: 4, ..plan });
    assert_ne!(other.said, planted.said);
    let named = planted.said.iter().flat_map(|said| said.files.iter().map(move |file| (&said.week, file)));
    for (week, file) in named {
        assert!(files.contains_key(&format!("{week}/{file}")), "{week}/{file}");
    }
}

/// One week consolidated.
fn run(folder: &Path, week: &str, as_of: &str) -> Run {
    let out = folder.join("产出").join(week);
    let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
        .args(["batch", week, "--as-of", as_of, "--max-seconds", "600", "-o"])
        .arg(&out)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.code() < Some(5), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&std::fs::read(out.join("run.json")).unwrap()).unwrap()
}

#[test]
fn what_was_planted_is_what_is_read() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("演示");
    let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
        .args(["demo", "--seed", "3", "--weeks", "3", "--campaigns", "7", "--copies", "4"])
        .arg(&folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let planted: Planted =
        serde_json::from_slice(&std::fs::read(folder.join("planted.json")).unwrap()).unwrap();
    let mut weeks: Vec<Vec<CampaignSummary>> = Vec::new();
    for week in &planted.weeks {
        let run = run(&folder, &week.week, &week.as_of.to_string());
        let said = |kind| planted.said.iter().filter(move |said| said.week == week.week && said.kind == kind);
        let asked: usize = run.head.merges.iter().map(|merge| merge.pending.len()).sum();
        assert_eq!(asked, said(Kind::Conflict).count(), "{}", week.week);
        let refused = run.files.iter().filter(|file| file.outcome == Outcome::Refused).count();
        assert_eq!(refused, said(Kind::Damaged).count(), "{}", week.week);
        let here: Vec<_> = run.files.into_iter().filter_map(|file| file.campaign).collect();
        for gone in said(Kind::Missing).chain(said(Kind::Damaged)) {
            assert!(here.iter().all(|one| one.campaign != gone.campaign), "{gone:?}");
        }
        for slip in said(Kind::Slipped) {
            let due = |campaigns: &[CampaignSummary]| {
                let campaign = campaigns.iter().find(|one| one.campaign == slip.campaign)?;
                campaign
                    .actions
                    .iter()
                    .find(|action| action.due.is_some_and(|due| due.to_string() == slip.is))?;
                Some(())
            };
            assert!(due(&here).is_some(), "{slip:?}");
            assert!(weeks.last().and_then(|before| due(before)).is_none(), "{slip:?}");
        }
        weeks.push(here);
    }
    let kinds = |kind| planted.said.iter().any(|said| said.kind == kind);
    for kind in
        [Kind::Slipped, Kind::ActionGone, Kind::DoneUnshown, Kind::ProblemReworded, Kind::Copies, Kind::Mail]
    {
        assert!(kinds(kind), "{kind:?}");
    }
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("别人的.txt"), "甲").unwrap();
    let output =
        Command::new(assert_cmd::cargo::cargo_bin("fupan")).arg("demo").arg(home.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1);
}
