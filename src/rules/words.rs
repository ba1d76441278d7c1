//! Words several rules use: the row of 统计天数, the end of a task.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::Ctx;
use crate::campaign::{Dimension, Progress, ResultRow, SalesLine, Stage, Task};
use crate::catalogue::record::Field;
use crate::locale::fold;
use crate::quantity::Nothing;

/// Whether a row of the sales comparison holds the days of its periods.
pub fn is_days(line: &SalesLine) -> bool {
    ["统计天数", "天数", "dayscounted", "days"].contains(&fold(line.name.as_str()).as_str())
}

/// The row of 统计天数.
pub fn days_of<'a>(ctx: &Ctx<'a>) -> Option<&'a SalesLine> {
    ctx.campaign.sales.iter().find(|line| is_days(line))
}

/// The row of the sales comparison under one of these names.
pub fn sales_line<'a>(ctx: &Ctx<'a>, names: &[&str]) -> Option<&'a SalesLine> {
    ctx.campaign.sales.iter().find(|line| names.contains(&fold(line.name.as_str()).as_str()))
}

/// The overall result whose folded name fits.
pub fn overall_result<'a>(ctx: &Ctx<'a>, fits: impl Fn(&str) -> bool) -> Option<&'a ResultRow> {
    ctx.campaign.results.iter().find(|row| {
        matches!(row.dimension.value, None | Some(Dimension::Overall))
            && row.member.value.is_none()
            && fits(&fold(row.name.as_str()))
    })
}

/// The funnel's steps in order.
pub fn stages<'a>(ctx: &Ctx<'a>) -> Vec<&'a Stage> {
    ctx.campaign.stages_in_order().into_iter().map(|(_, stage)| stage).collect()
}

/// The tasks by their folded codes; of several, the first.
pub fn tasks_by_code<'a>(ctx: &Ctx<'a>) -> HashMap<String, &'a Task> {
    let mut tasks = HashMap::new();
    for task in &ctx.campaign.tasks {
        if let Some(code) = &task.code.value {
            tasks.entry(fold(code)).or_insert(task);
        }
    }
    tasks
}

/// How a person calls the task a row of progress is about: by its code, where that is more than a number of the
/// row; else by what is to be done.
pub fn task_called<'a>(ctx: &Ctx<'a>, row: &'a Progress) -> &'a str {
    let code = row.code.as_str();
    if code.chars().any(char::is_alphabetic) {
        return code;
    }
    let same_row = |task: &&Task| task.row.sheet == row.row.sheet && task.row.cell.row == row.row.cell.row;
    let same_code = |task: &&Task| !code.is_empty() && fold(task.code.as_str()) == fold(code);
    let tasks = &ctx.campaign.tasks;
    let task = tasks.iter().find(same_row).or_else(|| tasks.iter().find(same_code));
    task.map(|task| task.action.as_str()).filter(|action| !action.is_empty()).unwrap_or(code)
}

/// How tasks stand by their folded codes; of several rows, the last.
pub fn progress_by_code<'a>(ctx: &Ctx<'a>) -> HashMap<String, &'a Progress> {
    let rows = ctx.campaign.progress.iter();
    rows.filter_map(|row| Some((fold(row.code.value.as_deref()?), row))).collect()
}

/// Whether the monitor has every day of 活动周期, no day outside it, and channels for all rows or for none.
pub fn covers_campaign(ctx: &Ctx<'_>) -> bool {
    let Some(period) = ctx.campaign.basics.as_ref().and_then(|basics| basics.period.value) else {
        return false;
    };
    let rows = &ctx.campaign.daily;
    let Some(days) = rows.iter().map(|row| row.date.value).collect::<Option<std::collections::BTreeSet<_>>>()
    else {
        return false;
    };
    let split = rows.iter().filter(|row| row.channel.value.is_some()).count();
    let whole = split == 0 && days.len() == rows.len();
    let by_channel = split == rows.len();
    (whole || by_channel)
        && days.iter().all(|day| period.contains(*day))
        && i64::try_from(days.len()).is_ok_and(|covered| covered == period.days())
}

/// Whether a cell holds an answer, even one that could not be read.
pub fn shown<T>(field: &Field<T>) -> bool {
    field.value.is_some() || matches!(field.nothing, Some(Nothing::Unreadable(_) | Nothing::Error(_)))
}

/// The same day in a year that brings it between two days, where its own year does not.
pub fn within_year(day: NaiveDate, start: NaiveDate, end: NaiveDate) -> Option<NaiveDate> {
    (start.year()..=end.year())
        .filter_map(|year| day.with_year(year))
        .find(|moved| *moved != day && (start..=end).contains(moved))
}
