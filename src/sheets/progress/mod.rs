//! 进度与风险: how tasks stand, phases and approvals, risks and incidents, the
//! daily monitor with its pace, staffing and service levels.

use super::{Board, Ctx, Sheet, percent};
use crate::cell::CellRef;
use crate::diagnostic::number;
use crate::expr::Expr;
use crate::metrics::daily::Watched;
use crate::metrics::goals::Outcome;
use crate::metrics::schedule::{Promptness, State};
use crate::page::{Page, PageCell, Role, Shape, Tab};
use crate::review::Review;

mod daily;
mod people;
mod plan;
mod risks;
mod tasks;
#[cfg(test)]
mod tests;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "progress", text: include_str!("progress.toml"), tab: Tab::Analysis, wanted, fill };

const COLUMNS: u32 = 15;
/// How many days out of the ordinary a sentence names.
const DAYS_NAMED: usize = 4;
/// Columns right of the page that charts and formulas draw from.
const BESIDE: u32 = COLUMNS + 1;

fn wanted(review: &Review<'_>) -> bool {
    let (analysis, campaign) = (&review.analysis, &review.campaign);
    !(analysis.schedule.tasks.is_empty()
        && analysis.schedule.approvals.each.is_empty()
        && analysis.risk.planned.is_empty()
        && analysis.risk.incidents.is_empty()
        && analysis.daily.days.is_empty()
        && analysis.people.staffing.is_empty()
        && analysis.people.services.is_empty()
        && campaign.phases.is_empty())
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.set_widths(&[
        12.0, 27.0, 9.0, 9.0, 11.0, 11.0, 11.0, 11.0, 9.0, 9.0, 11.0, 9.0, 9.0, 9.0, 26.0,
    ]);
    // Names on the axis of the Gantt chart stand in one line.
    page.widths.insert(BESIDE, 34.0);
    ctx.heading(page, COLUMNS);
    for sentence in
        [schedule(ctx), unreported(ctx), incidents(ctx), monitor(ctx), pace(ctx), services(ctx)].into_iter().flatten()
    {
        let cell = PageCell::from(sentence);
        board.conclusions.push(("progress", cell.clone()));
        page.line(Role::Conclusion, COLUMNS, cell);
    }
    let row = page.next_row();
    page.put(CellRef::new(row, 0), PageCell::from(ctx.word("as_of")).role(Role::Note));
    let as_of = page.put(CellRef::new(row, 1), PageCell::from(Some(ctx.review.as_of)));
    page.skip(2);
    let analysis = &ctx.review.analysis;
    if !analysis.schedule.tasks.is_empty() {
        tasks::fill(page, ctx, board, &as_of);
    }
    if !ctx.review.campaign.phases.is_empty() {
        plan::phases(page, ctx, &as_of);
    }
    if !analysis.schedule.approvals.each.is_empty() || analysis.schedule.approvals.data.is_some() {
        plan::approvals(page, ctx, &as_of);
    }
    if !analysis.risk.planned.is_empty() {
        risks::planned(page, ctx);
    }
    if !analysis.risk.incidents.is_empty() {
        risks::incidents(page, ctx, board);
    }
    if !analysis.daily.days.is_empty() {
        daily::fill(page, ctx, board);
    }
    if !analysis.people.staffing.is_empty() {
        people::staffing(page, ctx);
    }
    if !analysis.people.services.is_empty() {
        people::services(page, ctx);
    }
}

/// Puts a value beside the page, for charts and formulas.
fn beside(page: &mut Page, row: u32, offset: u32, cell: impl Into<PageCell>) -> Expr {
    page.put(CellRef::new(row, BESIDE + offset), cell.into().role(Role::Note))
}

/// Names the columns beside the page that stand in a block.
fn name_beside<const N: usize>(page: &mut Page, row: u32, offset: u32, words: [String; N]) {
    for (offset, word) in (offset..).zip(words) {
        beside(page, row, offset, word);
    }
}

fn wrapped(text: &str) -> PageCell {
    PageCell::from(text).shaped(Shape::Wrapped)
}

/// How many tasks are done, how many late, and what is behind the most.
fn schedule(ctx: &Ctx<'_>) -> Option<String> {
    let schedule = &ctx.review.analysis.schedule;
    let completion = schedule.completion.value()?;
    let count = |state: State| schedule.tasks.iter().filter(|task| task.state == state).count();
    let done = count(State::Done) + count(State::DoneLate);
    let (all, late) = (schedule.tasks.len() - count(State::Cancelled), count(State::DoneLate));
    let key = match (done == all, late) {
        (true, 0) => "said_tasks_prompt",
        (true, _) => "said_tasks_done",
        (false, _) => "said_tasks",
    };
    let mut said = ctx.say(key, &[
        ("all", &all.to_string()),
        ("done", &done.to_string()),
        ("completion", &percent(completion)),
        ("late", &late.to_string()),
        ("overdue", &count(State::Overdue).to_string()),
    ]);
    let behind = |task: &&crate::metrics::schedule::TaskFigures| {
        task.delay.value().unwrap_or(0.0).max(task.slip.value().unwrap_or(0.0))
    };
    let mut worst = None;
    for task in schedule.tasks.iter().filter(|task| !task.state.is_done() && task.state != State::Cancelled) {
        if behind(&task) > worst.as_ref().map_or(0.0, behind) {
            worst = Some(task);
        }
    }
    if let Some(task) = worst {
        let past = task.overrun.value().filter(|days| *days > 0.0);
        let name = [task.code.as_str(), task.action.as_str()].join(" ");
        let key = if past.is_some() { "said_behind_phase" } else { "said_behind" };
        said.push_str(&ctx.say(key, &[
            ("task", name.trim()),
            ("days", &number(behind(&task), 0)),
            ("phase", &task.phase),
        ]));
    }
    Some(said)
}

/// Tasks nobody said anything about.
fn unreported(ctx: &Ctx<'_>) -> Option<String> {
    let tasks = &ctx.review.analysis.schedule.tasks;
    let unknown = tasks.iter().filter(|task| task.state == State::Unknown).count();
    (unknown > 0).then(|| {
        ctx.say("said_unreported", &[("n", &unknown.to_string()), ("all", &tasks.len().to_string())])
    })
}

fn incidents(ctx: &Ctx<'_>) -> Option<String> {
    let risk = &ctx.review.analysis.risk;
    if risk.incidents.is_empty() {
        return (!risk.planned.is_empty())
            .then(|| ctx.say("said_no_incidents", &[("n", &risk.planned.len().to_string())]));
    }
    let foreseen = risk.incidents.iter().filter(|incident| incident.plan.is_some()).count();
    let slow = risk.incidents.iter().filter(|incident| incident.promptness == Promptness::TooLong).count();
    let key = match foreseen {
        0 => "said_incidents_none",
        all if all == risk.incidents.len() => "said_incidents_all",
        _ => "said_incidents",
    };
    let mut said = ctx.say(key, &[
        ("n", &risk.incidents.len().to_string()),
        ("unforeseen", &(risk.incidents.len() - foreseen).to_string()),
    ]);
    let longest = risk.incidents.iter().filter_map(|incident| Some((incident, incident.hours.value()?)));
    if let Some((incident, hours)) = longest.reduce(|most, next| if next.1 > most.1 { next } else { most }) {
        let name = ctx.review.campaign.risk_log[incident.row].risk.as_str();
        said.push_str(&ctx.say("said_longest", &[("risk", name), ("hours", &number(hours, 2))]));
    }
    if slow > 0 {
        let limit = number(ctx.review.policy.thresholds.time.major_hours, 1);
        said.push_str(&ctx.say("said_slow", &[("n", &slow.to_string()), ("limit", &limit)]));
    }
    Some(said)
}

/// How many days were out of the ordinary, and the day furthest below the goal for clicks.
fn monitor(ctx: &Ctx<'_>) -> Option<String> {
    let daily = &ctx.review.analysis.daily;
    if daily.days.is_empty() {
        return None;
    }
    let odd = daily.days.iter().filter(|day| !day.anomalies.is_empty());
    let odd: Vec<String> = odd.map(|day| day.date.format("%m-%d").to_string()).collect();
    let mut which = odd.iter().take(DAYS_NAMED).cloned().collect::<Vec<_>>().join(&ctx.word("list_join"));
    if odd.len() > DAYS_NAMED {
        which = ctx.say("and_more", &[("days", &which)]);
    }
    let mut said = ctx.say(if odd.is_empty() { "said_daily_none" } else { "said_daily" }, &[
        ("days", &daily.days.len().to_string()),
        ("odd", &odd.len().to_string()),
        ("which", &which),
    ]);
    let below = daily.days.iter().filter(|day| day.anomalies.iter().any(|(watched, _)| *watched == Watched::Ctr));
    let worst = below.filter_map(|day| Some((day, day.relative.value().filter(|off| *off < 0.0)?)));
    if let Some((day, off)) = worst.reduce(|low, next| if next.1 < low.1 { next } else { low }) {
        said.push_str(&ctx.say("said_ctr", &[
            ("day", &day.date.format("%m-%d").to_string()),
            ("ctr", &day.ctr.value().map(percent).unwrap_or_default()),
            ("target", &day.ctr_target.number().map(percent).unwrap_or_default()),
            ("points", &number(day.points.value().unwrap_or(0.0).abs() * 100.0, 1)),
            ("off", &percent(off.abs())),
        ]));
    }
    Some(said)
}

fn pace(ctx: &Ctx<'_>) -> Option<String> {
    let pace = ctx.review.analysis.daily.pace.as_ref()?;
    let ratio = pace.pace.value()?;
    let projected = pace.projected.as_ref().and_then(|projected| projected.value());
    let key = match projected {
        _ if pace.elapsed.number() >= pace.length.number() => "said_over",
        Some(_) => "said_pace",
        None => "said_gaps",
    };
    let reach = projected.unwrap_or_default() / pace.target.number()?;
    Some(ctx.say(key, &[
        ("goal", &pace.goal),
        ("so_far", &ctx.money(pace.so_far.number()?)),
        ("elapsed", &number(pace.elapsed.number()?, 0)),
        ("length", &number(pace.length.number()?, 0)),
        ("ratio", &percent(ratio)),
        ("projected", &ctx.money(projected.unwrap_or_default())),
        ("reach", &percent(reach)),
    ]))
}

fn services(ctx: &Ctx<'_>) -> Option<String> {
    let people = &ctx.review.analysis.people;
    let judged: Vec<_> = people.services.iter().filter(|level| level.outcome != Outcome::Unknown).collect();
    let known = judged.iter().filter_map(|level| Some((level, level.completion.value()?)));
    let (worst, completion) = known.reduce(|low, next| if next.1 < low.1 { next } else { low })?;
    let reached = judged.iter().filter(|level| matches!(level.outcome, Outcome::Exceeded | Outcome::Reached)).count();
    let key = if reached == judged.len() { "said_services_all" } else { "said_services" };
    Some(ctx.say(key, &[
        ("n", &judged.len().to_string()),
        ("reached", &reached.to_string()),
        ("worst", ctx.review.campaign.service[worst.row].name.as_str()),
        ("completion", &percent(completion)),
    ]))
}
