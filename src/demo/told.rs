//! What happens in a story, week by week, as whoever looks for it should tell it.

use super::calendar::Weeks;
use super::planted::{Kind, Said};
use super::story::{Promise, Return, Story, Trouble};

/// What happens to a campaign in a week.
pub(super) fn in_week(story: &Story<'_>, weeks: &Weeks, week: usize) -> Vec<Said> {
    let mut told = Vec::new();
    let said = |kind| Said::new(weeks.name(week), &story.id, kind);
    let before = week.checked_sub(1).map(|before| story.returns[before]);
    match (story.returns[week], before) {
        (Return::Missing, _) if story.shown(week).is_some() => told.push(said(Kind::Missing)),
        (Return::Unchanged, _) => told.push(said(Kind::Unchanged)),
        (Return::Fresh, Some(Return::Missing | Return::Damaged)) if story.shown(week - 1).is_some() => {
            told.push(said(Kind::CameBack));
        }
        _ => {}
    }
    if story.returns[week] != Return::Fresh {
        return told;
    }
    story.troubles.iter().for_each(|trouble| told.extend(of_trouble(trouble, week, &said)));
    story.promises.iter().for_each(|promise| told.extend(of_promise(promise, week, &said)));
    for gap in &story.gaps {
        let code = match gap.table {
            "problems" => story.troubles.get(gap.row).map(|trouble| trouble.code.clone()).unwrap_or_default(),
            _ => (gap.row + 1).to_string(),
        };
        for (n, (from, until)) in gap.weeks.iter().enumerate() {
            let kind = match n {
                0 => Kind::GapOpened,
                _ => Kind::GapAgain,
            };
            let at = |kind| said(kind).at(gap.table, &code, gap.column);
            told.extend((*from == week).then(|| at(kind)));
            told.extend((*until == week).then(|| at(Kind::GapClosed)));
        }
    }
    told
}

fn of_trouble(trouble: &Trouble, week: usize, said: &dyn Fn(Kind) -> Said) -> Vec<Said> {
    let at = |kind| said(kind).at("problems", &trouble.code, "description");
    let mut told = Vec::new();
    if trouble.from == week {
        told.push(at(Kind::ProblemNew).now(trouble.text(week)));
    }
    if trouble.fixed == Some(week) {
        told.push(at(Kind::ProblemGone).then(trouble.text(week)));
    }
    if trouble.again == Some(week) {
        told.push(at(Kind::ProblemAgain).now(trouble.text(week)));
    }
    let reworded = trouble.wording.iter().skip(1).any(|(from, _)| *from == week);
    if reworded && trouble.is_there(week) {
        let was = trouble.text(week.saturating_sub(1));
        told.push(at(Kind::ProblemReworded).then(was).now(trouble.text(week)));
    }
    told
}

fn of_promise(promise: &Promise, week: usize, said: &dyn Fn(Kind) -> Said) -> Vec<Said> {
    let at = |kind, column| said(kind).at("actions", &promise.code, column);
    let mut told = Vec::new();
    let slip = promise.dues.iter().enumerate().skip(1).find(|(_, (from, _))| *from == week);
    if let Some((n, (_, due))) = slip {
        let was = promise.dues[n - 1].1.to_string();
        told.push(at(Kind::Slipped, "due").then(&was).now(&due.to_string()).times(n));
    }
    if let Some((_, who)) = promise.owners.iter().skip(1).find(|(from, _)| *from == week) {
        let was = promise.owners.first().map(|(_, who)| who.name.as_str()).unwrap_or_default();
        told.push(at(Kind::Reassigned, "owner").then(was).now(&who.name));
    }
    if promise.reworded == Some(week) {
        let was = promise.text(week.saturating_sub(1));
        told.push(at(Kind::ActionReworded, "action").then(was).now(promise.text(week)));
    }
    if promise.gone == Some(week) {
        told.push(at(Kind::ActionGone, "action").then(promise.text(week)));
    }
    if promise.back == Some(week) {
        told.push(at(Kind::ActionBack, "action").now(promise.text(week)));
    }
    match promise.done {
        Some((when, true)) if when == week => told.push(at(Kind::Done, "status")),
        Some((when, false)) if when == week => told.push(at(Kind::DoneUnshown, "status")),
        _ => {}
    }
    told
}
