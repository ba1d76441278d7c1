//! A campaign over weeks: who returns it when, what is promised and broken, what goes wrong again.
//!
//! Everything that happens happens in a week in which the workbook came back anew, so that it can be seen in it.

use chrono::{Days, NaiveDate};

use super::Plan;
use super::calendar::Weeks;
use super::dice::Dice;
use super::pool::{Facts, POOL, Person, Problem};
use crate::xlsx::blank::campaign_id;

/// How a campaign came back in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Return {
    /// With what is new.
    Fresh,
    /// As last time.
    Unchanged,
    /// Not at all.
    Missing,
    /// As a file that cannot be read.
    Damaged,
}

/// A problem of a campaign.
#[derive(Debug)]
pub(super) struct Trouble {
    pub code: String,
    pub of: &'static Problem,
    /// The week it is first written down.
    pub from: usize,
    /// The week its row is gone.
    pub fixed: Option<usize>,
    /// The week it is back.
    pub again: Option<usize>,
    /// From which week on it is put how.
    pub wording: Vec<(usize, usize)>,
    /// The figure of its evidence.
    pub figure: usize,
}

impl Trouble {
    /// Whether it stands in the workbook of a week.
    pub fn is_there(&self, week: usize) -> bool {
        let gone = self.fixed.is_some_and(|fixed| week >= fixed);
        week >= self.from && (!gone || self.again.is_some_and(|again| week >= again))
    }

    /// How it is put in a week.
    pub fn text(&self, week: usize) -> &'static str {
        &self.of.said[*latest(&self.wording, week).unwrap_or(&0)]
    }
}

/// A measure somebody promised.
#[derive(Debug)]
pub(super) struct Promise {
    pub code: String,
    /// The problem it answers.
    pub problem: String,
    pub of: &'static Problem,
    /// Which of its measures.
    pub which: usize,
    /// The week its words change.
    pub reworded: Option<usize>,
    /// From which week on who answers for it.
    pub owners: Vec<(usize, &'static Person)>,
    /// From which week on it is due when.
    pub dues: Vec<(usize, NaiveDate)>,
    /// The week its row is gone.
    pub gone: Option<usize>,
    /// The week it is back.
    pub back: Option<usize>,
    /// The week it is said to be done, and whether anything shows it.
    pub done: Option<(usize, bool)>,
}

impl Promise {
    /// Whether it stands in the workbook of a week.
    pub fn is_there(&self, week: usize) -> bool {
        self.gone.is_none_or(|gone| week < gone) || self.back.is_some_and(|back| week >= back)
    }

    /// How it is put in a week.
    pub fn text(&self, week: usize) -> &'static str {
        let again = self.reworded.is_some_and(|from| week >= from);
        if again { &self.of.again[self.which] } else { &self.of.actions[self.which] }
    }

    /// Who answers for it in a week.
    pub fn owner(&self, week: usize) -> Option<&'static Person> {
        latest(&self.owners, week).copied()
    }

    /// When it is due, as a week says.
    pub fn due(&self, week: usize) -> Option<NaiveDate> {
        latest(&self.dues, week).copied()
    }
}

/// A required cell that somebody leaves empty for some weeks.
#[derive(Debug)]
pub(super) struct Gap {
    pub table: &'static str,
    /// Which row of the table.
    pub row: usize,
    pub column: &'static str,
    /// From which week to before which.
    pub weeks: Vec<(usize, usize)>,
}

impl Gap {
    /// Whether the cell is empty in a week.
    pub fn is_open(&self, week: usize) -> bool {
        self.weeks.iter().any(|(from, until)| (*from..*until).contains(&week))
    }
}

/// A channel of a campaign.
#[derive(Debug)]
pub(super) struct Line {
    /// Which of the pool.
    pub of: usize,
    pub name: &'static str,
    /// What it spends in the end.
    pub spend: f64,
    /// How well it does against what is usual.
    pub skill: f64,
}

/// What a channel has come to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached {
    pub spend: f64,
    pub exposure: f64,
    pub clicks: f64,
    pub conversions: f64,
    pub sales: f64,
}

impl Line {
    /// What it has come to when so much of the whole is over.
    pub fn at(&self, progress: f64) -> Reached {
        let channel = &POOL.channel[self.of];
        let spend = (self.spend * progress / 100.0).round() * 100.0;
        let exposure = (spend / channel.price).round();
        let clicks = (exposure * channel.click * self.skill).round();
        let conversions = (clicks * channel.convert).round();
        let sales = (conversions * channel.value).round();
        Reached { spend, exposure, clicks, conversions, sales }
    }
}

/// A campaign over weeks.
#[derive(Debug)]
pub(super) struct Story<'p> {
    pub plan: &'p Plan,
    pub number: usize,
    /// The id it is issued with.
    pub id: String,
    /// 活动编号.
    pub code: String,
    pub name: String,
    pub facts: &'static Facts,
    /// The day its blank was issued.
    pub issued: NaiveDate,
    pub owner: &'static Person,
    /// How it came back, week by week.
    pub returns: Vec<Return>,
    /// Targets of the goals, and the share of them reached in the end.
    pub goals: Vec<(f64, f64)>,
    pub channels: Vec<Line>,
    pub troubles: Vec<Trouble>,
    pub promises: Vec<Promise>,
    pub lessons: Vec<usize>,
    pub gaps: Vec<Gap>,
}

/// What holds in a week of what holds from weeks on.
fn latest<T>(from: &[(usize, T)], week: usize) -> Option<&T> {
    from.iter().rev().find(|(since, _)| *since <= week).or(from.first()).map(|(_, it)| it)
}

impl<'p> Story<'p> {
    /// The story of one campaign.
    pub fn of(plan: &'p Plan, number: usize) -> Story<'p> {
        let dice = &mut Dice::of(plan.seed, &[number as u64]);
        let weeks = Weeks::of(plan);
        let facts = &POOL.campaign[number % POOL.campaign.len()];
        let round = number / POOL.campaign.len();
        let name = if round == 0 { facts.name.clone() } else { format!("{}·{}", facts.name, round + 1) };
        let issued = weeks.day(0, 0) - Days::new(3);
        let returns = returns(dice, plan, number);
        let owner = &POOL.person[dice.below(POOL.person.len())];
        let fresh = fresh(&returns);
        let troubles = troubles(dice, &fresh);
        let promises = promises(dice, &weeks, &fresh, &troubles, number, owner);
        let goal = |goal: &super::pool::Goal, dice: &mut Dice| {
            let step = (goal.high - goal.low) / 20;
            ((goal.low + dice.below(21) * step) as f64, 0.72 + 0.5 * dice.share())
        };
        let mut goals: Vec<(f64, f64)> = POOL.goal.iter().map(|one| goal(one, dice)).collect();
        let channels = channels(dice);
        // What is sold is sold through the channels.
        if let Some((target, reached)) = goals.first_mut() {
            let sold: f64 = channels.iter().map(|line| line.at(1.0).sales).sum();
            *target = (sold / 10_000.0 / *reached).round();
        }
        let gaps = gaps(dice, &fresh, number, &troubles);
        Story {
            plan,
            number,
            id: campaign_id(&name, issued),
            code: format!("MKT-{}-{:03}", issued.format("%Y"), number + 1),
            name,
            facts,
            issued,
            owner,
            returns,
            goals,
            channels,
            troubles,
            promises,
            lessons: lessons(dice),
            gaps,
        }
    }

    /// The last week before or in this one in which it came back anew.
    pub fn shown(&self, week: usize) -> Option<usize> {
        (0..=week).rev().find(|week| self.returns[*week] == Return::Fresh)
    }

    /// The whole budget: the lines' sum.
    pub fn budget(&self) -> f64 {
        POOL.cost.iter().map(|cost| self.cost(cost, 1.0)).sum()
    }

    /// A budget line when so much of the whole is over.
    pub fn cost(&self, cost: &super::pool::Cost, progress: f64) -> f64 {
        let spend: f64 = self.channels.iter().map(|line| line.at(progress).spend).sum();
        (spend * cost.share).round()
    }

    /// How much of the end is reached in a week.
    pub fn progress(&self, week: usize) -> f64 {
        0.35 + 0.65 * (week + 1) as f64 / self.plan.weeks.max(1) as f64
    }
}

fn fresh(returns: &[Return]) -> Vec<usize> {
    (0..returns.len()).filter(|week| returns[*week] == Return::Fresh).collect()
}

/// Nearly always with what is new. The first campaign always is, so that the smallest demonstration has a story.
fn returns(dice: &mut Dice, plan: &Plan, number: usize) -> Vec<Return> {
    let begins = if number % 7 == 5 { plan.weeks / 4 } else { 0 };
    (0..plan.weeks)
        .map(|week| match dice.below(20) {
            _ if week < begins => Return::Missing,
            _ if week == begins || number == 0 => Return::Fresh,
            0 => Return::Missing,
            1 => Return::Unchanged,
            2 => Return::Damaged,
            _ => Return::Fresh,
        })
        .collect()
}

/// A later one of these weeks.
fn later(dice: &mut Dice, fresh: &[usize], after: usize) -> Option<usize> {
    let after: Vec<usize> = fresh.iter().copied().filter(|week| *week > after).collect();
    dice.pick(&after).copied()
}

fn troubles(dice: &mut Dice, fresh: &[usize]) -> Vec<Trouble> {
    let first = fresh.first().copied().unwrap_or(0);
    let start = dice.below(POOL.problem.len());
    let count = 2 + dice.below(3);
    let mut troubles: Vec<Trouble> = (0..count)
        .map(|n| {
            // Steps that meet every problem before one comes twice.
            let of = &POOL.problem[(start + n * 3) % POOL.problem.len()];
            let from = if n < 2 { first } else { later(dice, fresh, first).unwrap_or(first) };
            let fixed = if dice.one_in(3) { later(dice, fresh, from) } else { None };
            let again = fixed.filter(|_| dice.one_in(2)).and_then(|fixed| later(dice, fresh, fixed));
            let mut wording = vec![(from, dice.below(of.said.len()))];
            let rewritten = again.or(if dice.one_in(2) { later(dice, fresh, from) } else { None });
            if let Some(week) = rewritten {
                let other = (wording[0].1 + 1 + dice.below(of.said.len() - 1)) % of.said.len();
                wording.push((week, other));
            }
            let figure = 12 + dice.below(60);
            Trouble { code: format!("P{:02}", n + 1), of, from, fixed, again, wording, figure }
        })
        .collect();
    // A table that comes back empty is one that was not handed in: with the last row nothing would be told.
    let is_empty = |week: &usize| !troubles.iter().any(|trouble| trouble.is_there(*week));
    if fresh.iter().any(is_empty)
        && let Some(first) = troubles.first_mut()
    {
        (first.fixed, first.again) = (None, None);
    }
    troubles
}

/// What becomes of a promise; each in its turn, so that all of them happen.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Slips(usize),
    Done { shown: bool },
    Gone { back: bool },
    Reassigned,
    Reworded,
    Steady,
}

const FATES: [Fate; 9] = [
    Fate::Slips(3),
    Fate::Done { shown: true },
    Fate::Gone { back: false },
    Fate::Slips(1),
    Fate::Done { shown: false },
    Fate::Gone { back: true },
    Fate::Reassigned,
    Fate::Reworded,
    Fate::Steady,
];

fn promises(
    dice: &mut Dice,
    weeks: &Weeks,
    fresh: &[usize],
    troubles: &[Trouble],
    number: usize,
    owner: &'static Person,
) -> Vec<Promise> {
    let first = fresh.first().copied().unwrap_or(0);
    let measures =
        troubles.iter().flat_map(|trouble| (0..trouble.of.actions.len()).map(move |which| (trouble, which)));
    let mut promises = Vec::new();
    for (n, (trouble, which)) in measures.enumerate() {
        let who = if n == 0 { owner } else { POOL.of_dept(&trouble.of.dept, number + n) };
        let due = weeks.as_of(first) + Days::new(14 + dice.below(50) as u64);
        let mut promise = Promise {
            code: format!("A{:02}", n + 1),
            problem: trouble.code.clone(),
            of: trouble.of,
            which,
            reworded: None,
            owners: vec![(first, who)],
            dues: vec![(first, due)],
            gone: None,
            back: None,
            done: None,
        };
        befall(&mut promise, FATES[(number * 2 + n) % FATES.len()], dice, weeks, fresh);
        promises.push(promise);
    }
    promises
}

fn befall(promise: &mut Promise, fate: Fate, dice: &mut Dice, weeks: &Weeks, fresh: &[usize]) {
    let first = fresh.first().copied().unwrap_or(0);
    match fate {
        Fate::Slips(times) => {
            let mut when: Vec<usize> = (0..times).filter_map(|_| later(dice, fresh, first)).collect();
            when.sort_unstable();
            when.dedup();
            for week in when {
                let Some(due) = promise.due(week) else { continue };
                let due = due.max(weeks.as_of(week)) + Days::new(7 + dice.below(15) as u64);
                promise.dues.push((week, due));
            }
        }
        Fate::Done { shown } => promise.done = later(dice, fresh, first).map(|week| (week, shown)),
        Fate::Gone { back } => {
            promise.gone = later(dice, fresh, first);
            promise.back = promise.gone.filter(|_| back).and_then(|gone| later(dice, fresh, gone));
        }
        Fate::Reassigned => {
            let other = &POOL.person[dice.below(POOL.person.len())];
            let week = later(dice, fresh, first).filter(|_| promise.owner(first) != Some(other));
            promise.owners.extend(week.map(|week| (week, other)));
        }
        Fate::Reworded => promise.reworded = later(dice, fresh, first),
        Fate::Steady => {}
    }
}

fn channels(dice: &mut Dice) -> Vec<Line> {
    let count = 3 + dice.below(3);
    let start = dice.below(POOL.channel.len());
    (0..count)
        .map(|n| {
            let of = (start + n) % POOL.channel.len();
            let channel = &POOL.channel[of];
            // Mostly by its usual name.
            let name = if dice.one_in(4) { dice.below(channel.names.len()) } else { 0 };
            let spend = (channel.spend * (0.6 + 0.8 * dice.share()) / 100.0).round() * 100.0;
            Line { of, name: &channel.names[name], spend, skill: 0.6 + 0.9 * dice.share() }
        })
        .collect()
}

fn lessons(dice: &mut Dice) -> Vec<usize> {
    let start = dice.below(POOL.lesson.len());
    (0..1 + dice.below(3)).map(|n| (start + n) % POOL.lesson.len()).collect()
}

/// In every second campaign one cell that is required stays empty for some weeks, in some of them twice.
fn gaps(dice: &mut Dice, fresh: &[usize], number: usize, troubles: &[Trouble]) -> Vec<Gap> {
    const CELLS: [(&str, usize, &str); 4] = [
        ("kpi", 1, "target"),
        ("channels", 0, "conversions"),
        ("problems", 0, "root"),
        ("channels", 1, "source"),
    ];
    let first = fresh.first().copied().unwrap_or(0);
    let (true, Some(from)) = (number.is_multiple_of(2), later(dice, fresh, first).or(fresh.first().copied()))
    else {
        return Vec::new();
    };
    let (table, row, column) = CELLS[number / 2 % CELLS.len()];
    let until = later(dice, fresh, from).unwrap_or(usize::MAX);
    let mut weeks = vec![(from, until)];
    if let Some(again) = later(dice, fresh, until).filter(|_| dice.one_in(2)) {
        weeks.push((again, later(dice, fresh, again).unwrap_or(usize::MAX)));
    }
    // In a row that is not there nobody sees an empty cell.
    if table == "problems" {
        let is_there = |week: &usize| troubles.get(row).is_some_and(|trouble| trouble.is_there(*week));
        weeks.retain(|(from, until)| {
            fresh.iter().filter(|week| (*from..=*until).contains(week)).all(is_there)
        });
    }
    vec![Gap { table, row, column, weeks }]
}
