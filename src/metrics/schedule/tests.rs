//! Time by numbers that can be checked by hand.
#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::campaign::fixture::{Cell, blank, choice, date, list, number, records, text};
use crate::catalogue::record::{Records, Value};
use crate::metrics::fixture::analysed_on;
use crate::quantity::Period;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The tasks of D1 with the progress of its example: T002 slips two days, to 10-09.
fn d1(t002: &str) -> Records {
    let task = |code: &str, phase: &str, start: &str, end: &str, before: &[&str]| {
        [
            ("code", text(code)),
            ("phase", text(phase)),
            ("action", text("做事")),
            ("start", date(start)),
            ("end", date(end)),
            ("predecessors", list(before)),
        ]
    };
    let progress = |code: &str, status: &str, end: Cell, expected: Cell| {
        [("code", text(code)), ("status", choice(status)), ("actual_end", end), ("expected_end", expected)]
    };
    records(&[
        (
            "phases",
            &[
                &[("phase", text("预热期")), ("start", date("2024-10-01")), ("end", date("2024-10-07"))],
                &[("phase", text("爆发期")), ("start", date("2024-10-08")), ("end", date("2024-10-15"))],
            ],
        ),
        (
            "tasks",
            &[
                &task("T001", "预热期", "2024-10-01", "2024-10-03", &[]),
                &task("T002", "预热阶段", "2024-10-05", "2024-10-07", &["T001"]),
                &task("T003", "爆发期", "2024-10-08", "2024-10-08", &["T002"]),
                &task("T004", "爆发期", "2024-10-10", "2024-10-12", &[]),
            ],
        ),
        (
            "progress",
            &[
                &progress("T001", "done", date("2024-10-03"), blank()),
                &progress("t002", t002, blank(), date("2024-10-09")),
                &progress("T003", "not-started", blank(), blank()),
                &progress("T004", "not-started", blank(), blank()),
            ],
        ),
    ])
}

fn states(schedule: &Schedule) -> Vec<State> {
    schedule.tasks.iter().map(|task| task.state).collect()
}

#[test]
fn d1_t002_slips_two_days_and_out_of_its_phase() {
    let schedule = analysed_on(d1("late"), day("2024-10-08")).schedule;
    let t002 = &schedule.tasks[1];
    assert_eq!(t002.slip.value(), Some(2.0));
    assert_eq!(t002.overrun.value(), Some(2.0));
    assert_eq!(t002.delay.value(), Some(1.0), "a day late by the as-of day");
    assert_eq!(states(&schedule), [State::Done, State::Overdue, State::NotStarted, State::NotStarted]);
    assert_eq!(schedule.completion.value(), Some(0.25));
}

#[test]
fn due_today_is_not_overdue_and_start_today_is_not_missed() {
    let on = |as_of| analysed_on(d1("doing"), day(as_of)).schedule;
    assert_eq!(states(&on("2024-10-06"))[1], State::Slipping);
    assert_eq!(states(&on("2024-10-07"))[1], State::Slipping);
    assert_eq!(on("2024-10-07").tasks[1].delay.value(), Some(0.0));
    assert_eq!(states(&on("2024-10-08"))[2], State::NotStarted);
    assert_eq!(states(&on("2024-10-09"))[2], State::Overdue);
    assert_eq!(states(&on("2024-10-11"))[3], State::ShouldHaveStarted);
}

#[test]
fn a_task_done_late_counts_as_done_but_not_on_time() {
    for (status, end, state, delay) in [
        ("done", date("2024-10-07"), State::Done, Some(0.0)),
        ("done", date("2024-10-09"), State::DoneLate, Some(2.0)),
        ("late", date("2024-10-09"), State::DoneLate, Some(2.0)),
        ("done", blank(), State::Done, None),
        ("cancelled", blank(), State::Cancelled, None),
        ("doing", blank(), State::Overdue, Some(13.0)),
    ] {
        let plan = [("code", text("T1")), ("start", date("2024-10-05")), ("end", date("2024-10-07"))];
        let went = [("code", text("T1")), ("status", choice(status)), ("actual_end", end)];
        let schedule =
            analysed_on(records(&[("tasks", &[&plan]), ("progress", &[&went])]), day("2024-10-20")).schedule;
        assert_eq!((schedule.tasks[0].state, schedule.tasks[0].delay.value()), (state, delay), "{status}");
        let on_time = match (state, delay) {
            (State::Done, Some(_)) => Some(1.0),
            (State::DoneLate | State::Overdue, _) => Some(0.0),
            _ => None,
        };
        assert_eq!(schedule.on_time.value(), on_time, "{status}");
        let done = if state == State::Cancelled { None } else { Some(f64::from(u8::from(state.is_done()))) };
        assert_eq!(schedule.completion.value(), done, "{status}");
    }
}

#[test]
fn tasks_without_codes_go_by_their_rows() {
    let plan = |action: &str| [("action", text(action)), ("end", date("2024-10-07"))];
    let went = |status: &str| [("status", choice(status))];
    let mut kept = records(&[
        ("tasks", &[&plan("主视觉"), &plan("会场"), &plan("达人")]),
        ("progress", &[&went("done"), &went("doing")]),
    ]);
    // The first task says nothing; a sheet of its own says nothing of any task.
    let elsewhere = analysed_on(kept.clone(), day("2024-10-20")).schedule;
    assert_eq!(states(&elsewhere), [State::Unknown; 3]);
    for row in &mut kept.tables.get_mut("progress").unwrap().rows {
        row.at.sheet = "tasks".into();
        row.at.cell.row += 1;
    }
    let beside = analysed_on(kept, day("2024-10-20")).schedule;
    assert_eq!(states(&beside), [State::Unknown, State::Done, State::Overdue]);
}

#[test]
fn without_a_word_about_any_task_nothing_is_known() {
    let plan = [("code", text("T1")), ("start", date("2024-10-05")), ("end", date("2024-10-07"))];
    let schedule = analysed_on(records(&[("tasks", &[&plan])]), day("2024-10-20")).schedule;
    assert_eq!(states(&schedule), [State::Unknown]);
    assert_eq!(schedule.completion.value(), None);
    assert_eq!(schedule.progress.value(), None);
    assert_eq!(schedule.tasks[0].delay.value(), None);
}

#[test]
fn progress_is_weighted_by_planned_days() {
    // Three days done, three under way (nothing said), one and three not begun.
    let schedule = analysed_on(d1("doing"), day("2024-10-06")).schedule;
    assert_eq!(schedule.progress.value(), Some(3.0 / 7.0));
}

#[test]
fn a_task_not_begun_counts_as_nothing_however_late_it_is() {
    let schedule = analysed_on(d1("done"), day("2024-11-06")).schedule;
    assert_eq!(states(&schedule)[2..], [State::Overdue; 2]);
    assert_eq!(schedule.progress.value(), Some(6.0 / 10.0));
}

#[test]
fn a_state_nobody_could_read_is_not_one_that_is_not_done() {
    let plan = |code: &str| [("code", text(code)), ("end", date("2024-10-07"))];
    let went = |code: &str, status: Cell| [("code", text(code)), ("status", status)];
    let schedule = analysed_on(
        records(&[
            ("tasks", &[&plan("T1"), &plan("T2")]),
            ("progress", &[&went("T1", choice("done")), &went("T2", blank())]),
        ]),
        day("2024-10-20"),
    )
    .schedule;
    assert_eq!(schedule.completion.value(), Some(1.0));
}

#[test]
fn the_critical_chain_is_the_longest_and_a_circle_has_none() {
    let chain = analysed_on(d1("doing"), day("2024-10-06")).schedule.chain.unwrap();
    assert_eq!((chain.tasks.as_slice(), chain.days.value()), (&[0, 1, 2][..], Some(7.0)));
    let task = |code: &str, before: &str| [("code", text(code)), ("predecessors", list(&[before]))];
    let circle = records(&[("tasks", &[&task("A", "B"), &task("B", "A")])]);
    assert!(analysed_on(circle, day("2024-10-06")).schedule.chain.is_none());
}

#[test]
fn approvals_are_counted_in_working_days_over_the_holiday() {
    let approval =
        |from: &str, to: Cell| [("item", text("预算评审")), ("submitted", date(from)), ("approved", to)];
    let found = analysed_on(
        records(&[(
            "approvals",
            &[
                &approval("2024-09-30", date("2024-10-10")),
                &approval("2024-09-30", date("2024-10-11")),
                &approval("2024-10-11", blank()),
                &approval("2024-10-11", date("2024-10-10")),
                &approval("2004-10-11", date("2024-10-10")),
            ],
        )]),
        day("2024-10-14"),
    );
    let waits = found.schedule.approvals.each;
    let days: Vec<_> = waits.iter().map(|wait| (wait.days.value(), wait.promptness)).collect();
    use Promptness::{InTime, TooLong, Unknown};
    // 10-12 is a worked Saturday.
    let expected =
        [(Some(3.0), InTime), (Some(4.0), TooLong), (Some(2.0), InTime), (None, Unknown), (None, Unknown)];
    assert_eq!(days, expected);
    assert!(waits[2].pending && !waits[1].pending);
}

#[test]
fn data_are_due_three_working_days_after_the_end() {
    let filled = |filled_on: &str| {
        let period = Some(Value::Period(Period { start: day("2024-10-01"), end: day("2024-10-20") }));
        let basics = [("period", period), ("filled_on", date(filled_on))];
        let data = analysed_on(records(&[("basics", &[&basics])]), day("2024-11-01")).schedule.approvals.data;
        data.map(|wait| (wait.days.value(), wait.promptness))
    };
    assert_eq!(filled("2024-10-23"), Some((Some(3.0), Promptness::InTime)));
    assert_eq!(filled("2024-10-24"), Some((Some(4.0), Promptness::TooLong)));
    assert_eq!(filled("2024-10-19"), None, "filled in before the end");
}

proptest! {
    /// No task is both on time and late, and rates stay between nothing and all.
    #[test]
    fn rates_of_tasks_are_shares(tasks in proptest::collection::vec((0usize..5, 0u64..20, 0u64..20), 1..12)) {
        let status = ["not-started", "doing", "done", "late", "cancelled"];
        let start = day("2024-10-01");
        let rows: Vec<_> = tasks.iter().enumerate().map(|(i, (_, from, length))| [
            ("code", text(&format!("T{i}"))),
            ("start", Some(Value::Date(start + chrono::Days::new(*from)))),
            ("end", Some(Value::Date(start + chrono::Days::new(from + length)))),
        ]).collect();
        let went: Vec<_> = tasks.iter().enumerate().map(|(i, (said, from, _))| [
            ("code", text(&format!("T{i}"))),
            ("status", choice(status[*said])),
            ("done", number(0.5)),
            ("actual_end", if *said == 2 { Some(Value::Date(start + chrono::Days::new(from + 8))) } else { None }),
        ]).collect();
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        let went: Vec<&[(&str, Cell)]> = went.iter().map(|row| &row[..]).collect();
        let schedule = analysed_on(records(&[("tasks", &rows), ("progress", &went)]), day("2024-10-12")).schedule;
        for figure in [&schedule.completion, &schedule.on_time, &schedule.progress] {
            prop_assert!(figure.value().is_none_or(|rate| (0.0..=1.0).contains(&rate)));
        }
        let done = schedule.tasks.iter().filter(|task| task.state.is_done()).count() as f64;
        let all = schedule.tasks.iter().filter(|task| task.state != State::Cancelled).count() as f64;
        prop_assert_eq!(schedule.completion.value(), (all > 0.0).then(|| done / all));
        for task in &schedule.tasks {
            prop_assert_eq!(task.state == State::Overdue || task.state == State::DoneLate, task.delay.value() > Some(0.0));
        }
    }
}
