//! The ledger gives back what it was given, and trusts nothing that is not whole.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::record::decided::{ChannelNames, Decided};
use crate::record::summary::{LessonLine, ProblemLine};
use crate::weeks::{Named, period_of};

fn week(day: &str, campaigns: &[(&str, &[&str], &[&str])]) -> Week {
    let as_of = day.parse().unwrap();
    let kept = |(id, problems, lessons): &(&str, &[&str], &[&str])| Kept {
        of: Named { campaign: (*id).into(), name: format!("活动{id}"), ..Named::default() },
        problems: problems.iter().map(|text| Arc::new(problem(text))).collect(),
        lessons: lessons.iter().map(|text| Arc::new(lesson(text))).collect(),
        ..Kept::default()
    };
    Week {
        period: period_of(as_of),
        as_of,
        rules: ["a".to_owned(), "b".to_owned()].into(),
        decided: Decided {
            channels: vec![ChannelNames {
                names: vec!["抖音".into(), "dy".into()],
                one: true,
                period: day.into(),
            }],
            ..Decided::default()
        },
        campaigns: campaigns.iter().map(kept).collect(),
    }
}

fn problem(text: &str) -> ProblemLine {
    crate::weeks::fixture::problem("execution", text, "没有提前量")
}

fn lesson(text: &str) -> LessonLine {
    let (content, advice) = (text.to_owned(), "下次提前一周".to_owned());
    let empty = String::new;
    LessonLine { kind: empty(), content, evidence: empty(), scope: empty(), advice, at: None }
}

#[test]
fn weeks_come_back_as_they_were_and_a_rerun_replaces_its_own() {
    let mut ledger = Ledger::in_memory().unwrap();
    let first = week("2024-12-06", &[("A", &["客服排队"], &[]), ("B", &[], &["提前锁库存"])]);
    let second = week("2024-12-13", &[("A", &["客服排队", "素材晚到"], &[])]);
    ledger.take(&second, "2024-W50", "2").unwrap();
    ledger.take(&first, "2024-W49", "1").unwrap();
    assert_eq!(ledger.weeks("-W").unwrap(), [first.clone(), second.clone()]);
    assert_eq!(ledger.weeks("other").unwrap(), []);
    let again = week("2024-12-07", &[("A", &["客服排队三百人"], &[])]);
    ledger.take(&again, "2024-W49", "3").unwrap();
    assert_eq!(ledger.weeks("-W").unwrap(), [again, second]);
    assert_eq!(ledger.known().unwrap().len(), 2);
    assert!(ledger.has_seen("2024-W49", "1").unwrap());
    assert_eq!(ledger.search(&["库存".into()]).unwrap(), [], "what stands in no week any more is not found");
}

#[test]
fn two_characters_are_found_wherever_they_stand_and_no_others() {
    let mut ledger = Ledger::in_memory().unwrap();
    let texts: &[&str] = &["大促客服排班不足", "客户服务响应慢", "库存预估偏差", "ROI 低于 3.5"];
    ledger.take(&week("2024-12-06", &[("A", texts, &["客服按预售量排班"])]), "2024-W49", "1").unwrap();
    let found = |keywords: &[&str]| -> Vec<String> {
        let keywords: Vec<String> = keywords.iter().map(|word| (*word).to_owned()).collect();
        ledger.search(&keywords).unwrap().into_iter().map(|hit| hit.text).collect()
    };
    assert_eq!(found(&["客服"]), ["大促客服排班不足", "客服按预售量排班"]);
    assert_eq!(found(&["客服", "大促"]), ["大促客服排班不足"]);
    assert_eq!(found(&["roi"]), ["ROI 低于 3.5"]);
    assert_eq!(found(&["客務"]), [""; 0]);
    assert_eq!(found(&["預估"]), ["库存预估偏差"], "traditional characters find simplified ones");
    assert_eq!(found(&["提前一周"]), ["客服按预售量排班"], "what is advised is looked through too");
    assert_eq!(found(&["\" OR *"]), [""; 0]);
}

#[test]
fn what_is_damaged_newer_or_not_ours_is_set_aside_and_kept() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("fupan.db");
    let fresh = || {
        let (mut ledger, distrust) = Ledger::open(&path).unwrap();
        ledger.take(&week("2024-12-06", &[("A", &["客服排队"], &[])]), "2024-W49", "1").unwrap();
        distrust
    };
    assert_eq!(fresh(), None);
    assert_eq!(fresh(), None, "opened again");
    let spoil = |change: &dyn Fn(&Connection)| change(&Connection::open(&path).unwrap());
    spoil(&|it| it.execute_batch("PRAGMA user_version = 99").unwrap());
    assert_eq!(fresh(), Some(Distrust::Newer(home.path().join("fupan.old-1.db"))));
    spoil(&|it| it.execute_batch("DELETE FROM stood WHERE n = 1").unwrap());
    assert_eq!(fresh(), Some(Distrust::Damaged(home.path().join("fupan.old-2.db"))));
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(fresh(), Some(Distrust::Damaged(home.path().join("fupan.old-3.db"))), "copied mid-write");
    std::fs::write(&path, "not a ledger at all, and long enough to have a page of its own").unwrap();
    assert_eq!(fresh(), Some(Distrust::Damaged(home.path().join("fupan.old-4.db"))));
    std::fs::write(&path, "").unwrap();
    assert_eq!(fresh(), None, "an empty file is a ledger that begins");
}

#[test]
fn a_ledger_somebody_writes_to_is_busy() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("fupan.db");
    let (mut ledger, _) = Ledger::open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    ledger.connection.busy_timeout(Duration::from_millis(10)).unwrap();
    let taken = ledger.take(&week("2024-12-06", &[]), "2024-W49", "1");
    assert!(matches!(taken, Err(LedgerError::Busy)), "{taken:?}");
}
