//! Laws of the weeks: what is told is what happened, whatever order weeks come in.
#![allow(clippy::unwrap_used)]

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::record::decided::{ActionDecided, Verdict};
use crate::record::weeks::{ActionWeek, FindingState, FindingStates};

/// What happened to one finding in one week: not there, there, there over two cells.
type Life = Vec<u8>;

fn day(week: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 5).unwrap() + Days::new(7 * week as u64)
}

fn finding(n: usize, cells: u8) -> KeptFinding {
    KeptFinding {
        code: format!("code-{n}"),
        severity: Severity::Warning,
        table: Some("actions".into()),
        column: Some(format!("栏{n}")),
        row: Some(format!("第{n}行")),
        marks: (0..cells).map(|cell| format!("{n}-{cell}")).collect(),
        at: None,
    }
}

fn action(code: &str, text: &str, owner: &str, due: NaiveDate) -> KeptAction {
    KeptAction {
        code: code.into(),
        action: text.into(),
        owner: owner.into(),
        due: Some(due),
        state: State::Open,
        verified: String::new(),
        effect: None,
        at: None,
    }
}

fn kept(campaign: &str, findings: Vec<KeptFinding>, actions: Vec<KeptAction>) -> Kept {
    let tables = vec!["actions".to_owned()];
    let of = Named { campaign: campaign.into(), name: campaign.into(), tables, ..Named::default() };
    let findings = findings.into_iter().map(Arc::new).collect();
    let actions = actions.into_iter().map(Arc::new).collect();
    Kept { of, findings, actions, ..Kept::default() }
}

fn week(n: usize, campaigns: Vec<Kept>) -> Week {
    Week {
        period: period_of(day(n)),
        as_of: day(n),
        rules: BTreeSet::new(),
        decided: Decided::default(),
        campaigns,
    }
}

fn told(weeks: &[Week]) -> Weeks {
    let (now, past) = weeks.split_last().unwrap();
    tell(past, now, &BTreeSet::new(), &Policy::default())
}

/// The weeks of one campaign: in which it was returned, and what each finding did.
fn lives() -> impl Strategy<Value = (Vec<bool>, Vec<Life>)> {
    (3..9usize).prop_flat_map(|weeks| {
        let there = prop::collection::vec(prop::bool::weighted(0.8), weeks);
        (there, prop::collection::vec(prop::collection::vec(0..3u8, weeks), 1..6))
    })
}

fn lived(there: &[bool], lives: &[Life]) -> Vec<Week> {
    let one = |n: usize| {
        let findings = lives.iter().enumerate().filter(|(_, life)| life[n] > 0);
        let findings = findings.map(|(at, life)| finding(at, life[n])).collect();
        if there[n] { vec![kept("A", findings, Vec::new())] } else { Vec::new() }
    };
    (0..there.len()).map(|n| week(n, one(n))).collect()
}

/// The state of a finding, by what happened to it alone.
fn expected(there: &[bool], life: &Life) -> Option<FindingState> {
    let last = there.len() - 1;
    let seen: Vec<usize> = (0..=last).filter(|n| there[*n]).collect();
    let before: Vec<u8> = seen.iter().filter(|n| **n < last).map(|n| life[*n]).collect();
    let was = before.last().copied().unwrap_or(0);
    if !there[last] {
        return (was > 0).then_some(FindingState::Unknown);
    }
    match (was, life[last]) {
        (0, 0) => None,
        (0, _) if before.iter().any(|it| *it > 0) => Some(FindingState::Again),
        (0, _) => Some(FindingState::New),
        (_, 0) => Some(FindingState::Fixed),
        (was, is) if is > was => Some(FindingState::Grown),
        _ => Some(FindingState::Still),
    }
}

proptest! {
    #[test]
    fn every_finding_stands_as_its_own_weeks_say((there, lives) in lives()) {
        let absent = there.iter().rev().take_while(|there| !**there).count();
        prop_assume!(absent <= OVER);
        let told = told(&lived(&there, &lives));
        let mut states = FindingStates::default();
        for state in lives.iter().filter_map(|life| expected(&there, life)) {
            *states.of(state) += 1;
        }
        prop_assert_eq!(told.findings, states);
    }

    #[test]
    fn the_order_of_weeks_and_what_came_later_change_nothing((there, lives) in lives(), turn in 0..9usize) {
        let weeks = lived(&there, &lives);
        let now = &weeks[weeks.len() / 2];
        let straight = tell(&weeks[..weeks.len() / 2], now, &BTreeSet::new(), &Policy::default());
        let mut turned = weeks.clone();
        let by = turn % turned.len();
        turned.rotate_left(by);
        turned.reverse();
        prop_assert_eq!(tell(&turned, now, &BTreeSet::new(), &Policy::default()), straight);
    }

    #[test]
    fn not_sent_is_never_fixed((mut there, lives) in lives()) {
        *there.last_mut().unwrap() = false;
        let told = told(&lived(&there, &lives));
        prop_assert_eq!((told.findings.fixed, told.findings.new), (0, 0));
        prop_assert_eq!((told.actions.gone, told.actions.open), (0, 0));
    }

    #[test]
    fn every_later_day_is_a_slip_and_every_hand_is_told(
        days in prop::collection::vec((0..3i64, any::<bool>()), 2..8),
    ) {
        let mut due = day(20);
        let mut owner = "何川";
        let (mut slips, mut hands) = (0, 0);
        let mut weeks = Vec::new();
        for (n, (later, other)) in days.iter().enumerate() {
            if n > 0 {
                due = due + Days::new(*later as u64);
                slips += usize::from(*later > 0);
                hands += usize::from(*other);
                owner = if *other { if owner == "何川" { "王敏" } else { "何川" } } else { owner };
            }
            let others = action("A02", "复核优惠券叠加规则", "李雷", day(30));
            weeks.push(week(n, vec![kept("A", Vec::new(), vec![action("A01", "提前锁定客服排班", owner, due), others])]));
        }
        let told = told(&weeks);
        let one = |it: &ActionWeek| (it.slips, it.reassigned, it.age, it.escalate, it.replanned);
        let last = days.last().unwrap().0 > 0;
        prop_assert_eq!(one(&told.items[0]), (slips, hands, days.len(), slips >= 2, last));
        prop_assert_eq!(one(&told.items[1]), (0, 0, days.len(), false, false));
    }
}

#[test]
fn an_action_is_known_again_by_number_text_or_likeness_and_a_new_number_is_no_rewording() {
    let due = day(9);
    let before = kept(
        "A",
        Vec::new(),
        vec![
            action("1", "提前锁定客服排班", "何川", due),
            action("2", "建立库存预警机制", "王敏", due),
            action("3", "复核优惠券叠加规则", "李雷", due),
        ],
    );
    // The first row went, and the others were numbered anew; the last was told in other words.
    let now = kept(
        "A",
        Vec::new(),
        vec![
            action("1", "建立库存预警机制", "王敏", day(12)),
            action("2", "复核优惠券的叠加规则", "李雷", due),
            action("3", "达人合同补充条款", "周洋", due),
        ],
    );
    let told = told(&[week(0, vec![before]), week(1, vec![now])]);
    let lines: Vec<(&str, usize, usize, bool)> =
        told.items.iter().map(|it| (it.action.as_str(), it.age, it.slips, it.gone)).collect();
    assert_eq!(
        lines,
        [
            ("提前锁定客服排班", 1, 0, true),
            ("建立库存预警机制", 2, 1, false),
            ("复核优惠券的叠加规则", 2, 0, false),
            ("达人合同补充条款", 1, 0, false),
        ]
    );
    assert_eq!((told.actions.gone, told.actions.replanned), (1, 1));
}

#[test]
fn a_table_that_was_not_handed_in_loses_no_action_and_fixes_nothing() {
    let before = kept("A", vec![finding(1, 1)], vec![action("1", "提前锁定客服排班", "何川", day(9))]);
    let mut now = kept("A", Vec::new(), Vec::new());
    now.of.tables = vec!["problems".into()];
    let told = told(&[week(0, vec![before]), week(1, vec![now])]);
    assert_eq!((told.actions.gone, told.findings.fixed, told.findings.unknown), (0, 0, 1));
}

#[test]
fn a_campaign_nobody_expects_any_more_is_over() {
    let before = week(0, vec![kept("A", vec![finding(1, 1)], Vec::new()), kept("B", Vec::new(), Vec::new())]);
    let now = week(1, vec![kept("B", Vec::new(), Vec::new())]);
    let told = |expected: &[&str]| {
        let expected = expected.iter().map(|name| fold(name)).collect();
        let told = tell(std::slice::from_ref(&before), &now, &expected, &Policy::default());
        (told.campaigns.len(), told.findings.unknown)
    };
    assert_eq!((told(&[]), told(&["A", "B"]), told(&["B"])), ((2, 1), (2, 1), (1, 0)));
}

#[test]
fn what_nobody_looked_for_before_is_a_rule_and_no_mistake() {
    let rules = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<String>>();
    let mut before = week(0, vec![kept("A", vec![finding(1, 1)], Vec::new())]);
    let mut now = week(1, vec![kept("A", vec![finding(2, 1)], Vec::new())]);
    before.rules = rules(&["code-1"]);
    now.rules = rules(&["code-2"]);
    let told = told(&[before, now]);
    assert_eq!(told.findings, FindingStates { rules: 2, ..FindingStates::default() });
}

#[test]
fn a_row_told_in_other_words_is_the_same_finding() {
    let one = |row: &str, mark: &str| KeptFinding {
        row: Some(row.into()),
        marks: vec![mark.into()],
        ..finding(1, 1)
    };
    let before = kept("A", vec![one("提前锁定客服排班", "a"), one("建立库存预警机制", "b")], Vec::new());
    let now = kept("A", vec![one("提前锁定客服的排班", "c"), one("达人合同补充条款", "d")], Vec::new());
    let told = told(&[week(0, vec![before]), week(1, vec![now])]);
    // The first by its words, the second because it is the only one left on both sides.
    assert_eq!(told.findings, FindingStates { still: 2, ..FindingStates::default() });
}

#[test]
fn a_problem_is_counted_once_a_campaign_whatever_weeks_it_stood_in() {
    let problem = |text: &str| ProblemLine {
        code: String::new(),
        class: Some("execution".into()),
        description: text.into(),
        root: "没有提前量".into(),
        dept: String::new(),
        recurring: false,
        at: None,
    };
    let with = |campaign: &str, text: &str| {
        let mut kept = kept(campaign, Vec::new(), Vec::new());
        kept.problems = vec![Arc::new(problem(text))];
        kept
    };
    let weeks = [
        week(0, vec![with("A", "跨部门物料审批延迟")]),
        week(1, vec![with("A", "跨部门物料审批延迟"), with("B", "物料审批延迟，跨部门沟通慢")]),
        week(2, vec![with("A", "跨部门物料审批延迟了"), with("C", "跨部门的物料审批又延迟了")]),
    ];
    let told = told(&weeks);
    let one = &told.problems[0];
    assert_eq!((told.problems.len(), one.times, one.escalate, one.fresh), (1, 3, true, true));
    assert_eq!(one.campaigns, ["A", "B", "C"]);
    assert_eq!((one.first.as_str(), one.last.as_str()), ("2024-W01", "2024-W03"));
}

#[test]
fn what_was_decided_about_an_action_is_not_asked_again_and_stays_with_it() {
    let decided = |verdict: Verdict| Decided {
        actions: vec![ActionDecided {
            campaign: "A".into(),
            code: "A01".into(),
            action: "提前锁定客服排班".into(),
            verdict,
            times: 2,
            period: "2024-W03".into(),
        }],
        ..Decided::default()
    };
    let text = |n: usize| if n < 3 { "提前锁定客服排班" } else { "提前锁定客服的排班" };
    let weeks = |slips: usize| -> Vec<Week> {
        let one =
            |n: usize| vec![kept("A", Vec::new(), vec![action("A01", text(n), "何川", day(n.min(slips)))])];
        (0..5).map(|n| week(n, one(n))).collect()
    };
    let told = |slips: usize, verdict: Option<Verdict>| {
        let mut weeks = weeks(slips);
        weeks[4].decided = verdict.map(decided).unwrap_or_default();
        let told = told(&weeks);
        (told.items[0].escalate, told.items[0].verdict, told.actions.open)
    };
    assert_eq!(told(2, None), (true, None, 1));
    // Reworded since, and still the row it was said of.
    assert_eq!(told(2, Some(Verdict::GoOn)), (false, Some(Verdict::GoOn), 1));
    assert_eq!(told(3, Some(Verdict::GoOn)), (true, None, 1), "put off once more: it is asked anew");
    assert_eq!(told(3, Some(Verdict::GiveUp)), (false, Some(Verdict::GiveUp), 0));
    assert_eq!(told(3, Some(Verdict::GoUp)), (false, Some(Verdict::GoUp), 1));
}
