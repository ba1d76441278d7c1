//! Mistakes beyond the list of the specification: what a colleague who knows campaigns would ask about.

use fupan::locale::fold;

use super::draft::Say;
use super::plant::{Fault, Site, cell, day};
use super::story::{Aim, after};

/// Following from a goal or a result that is off.
const GOAL: &[&str] = &[
    "verdict-mismatch",
    "unmet-goal-without-cause",
    "unmet-goal-without-action",
    "completion-mismatch",
    "outcome-mismatch",
    "sales-total-mismatch",
    "text-against-tables",
    "magnitude-off",
];

/// Every mistake beyond the list.
pub fn faults() -> Vec<Fault> {
    let mut all = Vec::new();
    goals(&mut all);
    copies(&mut all);
    plans(&mut all);
    causes(&mut all);
    words(&mut all);
    all
}

/// A goal that is to be reached, and of which a slip is seen.
fn large_goal(site: &Site<'_>) -> Option<usize> {
    site.story.goals.iter().position(|goal| matches!(goal.aim, Aim::AtLeast(n) if n >= 1000.0))
}

fn goals(all: &mut Vec<Fault>) {
    for way in 0..3 {
        all.push(
            Fault::typed("weights-incomplete", format!("kpi.weight {way} left out"), move |site| {
                let rows = site.draft.rows("kpi").len();
                if rows < 3 || site.draft.rows("kpi").iter().any(|row| !row.contains_key("weight")) {
                    return None;
                }
                let row = site.row("kpi")?;
                site.draft.empty("kpi", row, "weight");
                Some(vec![cell("kpi", row, "weight")])
            })
            .also(&["weights-not-one"]),
        );
    }
    for (about, factor) in [("×10", 10.0), ("×7", 7.0), ("÷20", 0.05)] {
        all.push(
            Fault::typed("completion-unlikely", format!("results.actual {about}"), move |site| {
                let row = large_goal(site)?;
                let actual = site.figure("results", row, "actual")?;
                // What ten thousand times is another slip, and told as such.
                site.draft.empty("results", row, "completion");
                site.put("results", row, "actual", Say::bare((actual * factor).round()))
            })
            .also(GOAL),
        );
    }
    for name in ["客户投诉率", "退货率", "获客成本"] {
        all.push(
            Fault::typed("direction-unlikely", format!("kpi.direction {name}"), move |site| {
                if site.has("results")
                    && site.draft.rows("results").iter().any(|row| row.get("name") == Some(&Say::text(name)))
                {
                    return None;
                }
                let row = site.row_where("kpi", |row| row.contains_key("direction"))?;
                let target = if name.ends_with('率') { "5%" } else { "30元" };
                site.draft.put("kpi", row, "name", Say::text(name));
                site.draft.put("kpi", row, "target", Say::raw(target));
                site.put("kpi", row, "direction", Say::Pick("higher"))
            })
            .also(&[
                "kpi-without-result",
                "result-without-kpi",
                "stated-goal-mismatch",
                "unmet-goal-without-cause",
                "verdict-mismatch",
                "target-unit-mismatch",
            ]),
        );
    }
}

fn copies(all: &mut Vec<Fault>) {
    for (table, from, to) in
        [("sales", "before", "last_year"), ("users", "before", "during"), ("categories", "before", "during")]
    {
        all.push(
            Fault::typed("copied-column", format!("{table}.{to} copied from {from}"), move |site| {
                let rows: Vec<usize> = (0..site.draft.rows(table).len())
                    .filter(|row| site.figure(table, *row, from).is_some_and(|n| n != 0.0))
                    .filter(|row| site.figure(table, *row, to).is_some())
                    .collect();
                if rows.len() < 3 {
                    return None;
                }
                for row in rows {
                    let said = site.draft.said(table, row, from)?.clone();
                    site.draft.put(table, row, to, said);
                }
                Some(vec![cell(table, 0, to)])
            })
            .also(&[
                "sales-total-mismatch",
                "customers-mismatch",
                "total-row-mismatch",
                "period-lengths-differ",
                "rate-mismatch",
                "growth-without-baseline",
                "unmet-goal-without-cause",
            ]),
        );
    }
    for far in 1..=3 {
        all.push(
            Fault::typed("rows-alike", format!("daily.date copied from {far} above"), move |site| {
                let at = site.r.below(site.draft.rows("daily").len().checked_sub(far)?) + far;
                let daily = site.draft.tables.get_mut("daily")?;
                let date = daily[at].get("date")?.clone();
                if daily[at].get("channel") != daily[at - far].get("channel") {
                    return None;
                }
                daily[at] = daily[at - far].clone();
                daily[at].insert("date".into(), date);
                Some(vec![cell("daily", at, "date")])
            })
            .also(&[
                "exposure-mismatch",
                "sales-total-mismatch",
                "total-row-mismatch",
                "rate-mismatch",
            ]),
        );
    }
    for end in ["", "。", "！"] {
        all.push(
            Fault::typed("action-twice", format!("actions.action again {end}"), move |site| {
                if site.draft.rows("actions").len() < 2 {
                    return None;
                }
                let first = match site.draft.said("actions", 0, "action")? {
                    Say::Text(text) => text.clone(),
                    _ => return None,
                };
                let row = 1 + site.r.below(site.draft.rows("actions").len() - 1);
                site.put("actions", row, "action", Say::text(format!("{first}{end}")))
            })
            .also(&["unmet-goal-without-action", "unmet-goal-without-cause"]),
        );
    }
}

fn plans(all: &mut Vec<Fault>) {
    for days in [9, 14, 30] {
        all.push(
            Fault::typed(
                "approval-too-long",
                format!("approvals.submitted {days} days before"),
                move |site| {
                    let row = site.row_where("approvals", |row| {
                        row.contains_key("approved") && row.contains_key("submitted")
                    })?;
                    let approved = day(site, "approvals", row, "approved")?;
                    site.draft.put("approvals", row, "submitted", Say::FullDay(after(approved, -days)));
                    Some(vec![cell("approvals", row, "approved")])
                },
            )
            .also(&["date-outside-campaign"]),
        );
    }
    for problem in ["地铁口的灯箱有四块没有点亮", "抽奖页的中奖名单晚公布三天", "第二仓的面单打印机坏了一台"]
    {
        all.push(
            Fault::typed("problem-without-action", format!("problems.description {problem}"), move |site| {
                if !site.has("actions")
                    || site.draft.rows("actions").iter().all(|row| !row.contains_key("problem"))
                {
                    return None;
                }
                let mut row = site.draft.rows("problems").last()?.clone();
                row.insert("code".into(), Say::raw("P88"));
                row.insert("description".into(), Say::text(problem));
                let rows = site.draft.tables.get_mut("problems")?;
                rows.push(row);
                let at = rows.len() - 1;
                Some(vec![cell("problems", at, "description")])
            })
            .also(&["rows-alike", "cause-repeats-problem", "problem-without-evidence"]),
        );
    }
    for years in [1, 2, 3] {
        all.push(
            Fault::typed("dates-apart", format!("basics.period {years} years early"), move |site| {
                let (Some(start), Some(end)) = (
                    site.story.phases.first().map(|it| it.first),
                    site.story.phases.last().map(|it| it.last),
                ) else {
                    return None;
                };
                // Days without a year go by the period.
                site.layout_keeps("period", 0)?;
                let tables = ["phases", "tasks", "progress", "daily"];
                if tables.iter().filter(|table| site.has(table)).count() < 2 {
                    return None;
                }
                let early = |day| after(day, -365 * years);
                let period = format!("{} 至 {}", early(start), early(end));
                site.put("basics", 0, "period", Say::raw(&period))
            })
            .also(&["date-outside-campaign", "period-lengths-differ", "year-missing"]),
        );
    }
}

fn causes(all: &mut Vec<Fault>) {
    for table in ["problems", "process"] {
        for text in ["执行不到位", "部门之间沟通不畅", "前期准备工作不充分"] {
            all.push(
                Fault::typed("vague-cause", format!("{table}.root {text}"), move |site| {
                    let row = site.row_where(table, |row| row.contains_key("root"))?;
                    site.put(table, row, "root", Say::text(text))
                })
                .also(&["unmet-goal-without-cause", "cause-repeats-problem"]),
            );
        }
    }
}

fn words(all: &mut Vec<Fault>) {
    for (about, factor) in [("×2", 2.0), ("×0.5", 0.5), ("×1.2", 1.2)] {
        all.push(
            Fault::typed("text-against-tables", format!("summary.data {about}"), move |site| {
                if !site.has("summary") {
                    return None;
                }
                let row = large_goal(site)?;
                let name = site.story.goals[row].name;
                let actual = site.figure("results", row, "actual")?;
                let text = format!("活动期间{name}达到 {}，高于平时。", (actual * factor).round());
                site.put("summary", 0, "data", Say::text(text))
            })
            .also(&["unmet-goal-without-cause"]),
        );
        all.push(
            Fault::typed("stated-goal-mismatch", format!("basics.goals {about}"), move |site| {
                let row = large_goal(site)?;
                let name = site.story.goals[row].name;
                let kpi = site.draft.rows("kpi").iter().position(
                    |kpi| matches!(kpi.get("name"), Some(Say::Text(it)) if fold(it) == fold(name)),
                )?;
                let target = site.figure("kpi", kpi, "target")?;
                site.put("basics", 0, "goals", Say::text(format!("{name} ≥{}", (target * factor).round())))
            })
            .also(&["smart-gaps"]),
        );
    }
}
