//! Mistakes of rows, tables and tables against each other: each is one rule's code, made as people make it.

use chrono::Days;
use fupan::catalogue::Kind;
use fupan::cell::Content;
use fupan::workbook::Shown;

use super::draft::{Bound, Say, Unit};
use super::layout::Layout;
use super::plant::{Fault, Site, Spot, cell, day};
use super::story::{Aim, after};
use super::voice::decimal;

/// Following from a figure of the results or the sales that is off.
const TOTALS: &[&str] = &[
    "sales-total-mismatch",
    "customers-mismatch",
    "verdict-mismatch",
    "unmet-goal-without-cause",
    "completion-mismatch",
    "exposure-mismatch",
    "channel-spend-mismatch",
    "total-row-mismatch",
];
/// Following from a line of the budget that is off.
const BUDGET: &[&str] = &[
    "budget-total-mismatch",
    "budget-variance-unexplained",
    "rate-mismatch",
    "reserve-share-mismatch",
    "total-row-mismatch",
    "channel-spend-mismatch",
    "verdict-mismatch",
];

fn rate(n: f64) -> Say {
    Say::Raw(Content::Number(n), Shown::Percent)
}

/// A computed or told figure, typed wrong by a factor or by some points.
fn claims(
    code: &'static str,
    table: &'static str,
    column: &'static str,
    percent: bool,
    faults: &mut Vec<Fault>,
) {
    for (about, factor, plus) in
        [("×10", 10.0, 0.0), ("×100", 100.0, 0.0), ("×10000", 1e4, 0.0), ("off", 1.0, 0.08)]
    {
        faults.push(Fault::typed(code, format!("{table}.{column} {about}"), move |site| {
            let row = site.row_where(table, |row| row.contains_key(column))?;
            site.layout_keeps(column, row)?;
            let right = site.figure(table, row, column).filter(|n| n.abs() > 0.01)?;
            let wrong = right * factor + if percent { plus } else { plus * 10_000.0 };
            site.put(table, row, column, if percent { rate(wrong) } else { Say::bare(wrong.round()) })
        }));
    }
}

/// Every mistake of rows, tables and tables against each other.
pub fn faults() -> Vec<Fault> {
    let mut all = Vec::new();
    claims("completion-mismatch", "results", "completion", true, &mut all);
    for (table, column) in [
        ("daily", "ctr"),
        ("daily", "cvr"),
        ("funnel", "step_rate"),
        ("funnel", "drop_rate"),
        ("budget", "execution"),
        ("sales", "daily_growth"),
    ] {
        claims("rate-mismatch", table, column, true, &mut all);
    }
    claims("rate-mismatch", "budget", "variance", false, &mut all);
    row_claims(&mut all);
    budget(&mut all);
    statuses(&mut all);
    dates(&mut all);
    duplicates(&mut all);
    sums(&mut all);
    goals(&mut all);
    plans(&mut all);
    notes(&mut all);
    all
}

fn row_claims(all: &mut Vec<Fault>) {
    for word in ["missed", "reached", "nearly"] {
        all.push(Fault::typed("outcome-mismatch", format!("results.outcome {word}"), move |site| {
            let row = site.row_where("results", |row| row.contains_key("outcome"))?;
            let completion = site.figure("results", row, "completion")?;
            let right = if completion > 0.9999 {
                "reached"
            } else if completion >= 0.9 {
                "nearly"
            } else {
                "missed"
            };
            if word == right {
                return None;
            }
            let label = match word {
                "missed" => "未完成",
                "reached" => "达成",
                _ => "基本完成",
            };
            site.put("results", row, "outcome", Say::raw(label))
        }));
    }
    for (about, of) in [("×10", 10.0), ("×1.5", 1.5), ("×0.5", 0.5)] {
        all.push(
            Fault::typed("row-total-mismatch", format!("budget.total {about}"), move |site| {
                let row = site.row_where("budget", |row| {
                    row.contains_key("unit_price") && row.contains_key("quantity")
                })?;
                site.layout_keeps("unit_price", row)?;
                let total = site.figure("budget", row, "total")?;
                site.put("budget", row, "total", Say::bare((total * of).round()))
            })
            .also(BUDGET),
        );
        all.push(Fault::typed("row-total-mismatch", format!("budget.unit_price {about}"), move |site| {
            let row =
                site.row_where("budget", |row| matches!(row.get("unit_price"), Some(Say::Number(_))))?;
            let (price, total) =
                (site.figure("budget", row, "unit_price")?, site.figure("budget", row, "total")?);
            site.draft.put("budget", row, "unit_price", Say::bare((price * of).round()));
            site.draft.put("budget", row, "total", Say::bare(total));
            site.layout_keeps("unit_price", row)?;
            Some(vec![cell("budget", row, "total")])
        }));
    }
    for level in ["重大", "较大", "一般"] {
        all.push(Fault::typed("risk-level-mismatch", format!("risk_plan.level {level}"), move |site| {
            let row = site.row_where("risk_plan", |row| row.contains_key("level"))?;
            let right = match site.draft.said("risk_plan", row, "level")? {
                Say::ComputedWord("major") => "重大",
                Say::ComputedWord("larger") => "较大",
                _ => "一般",
            };
            if right == level {
                return None;
            }
            site.put("risk_plan", row, "level", Say::raw(level))
        }));
    }
    for (table, part, whole) in [
        ("daily", "clicks", "exposure"),
        ("channels", "clicks", "exposure"),
        ("channels", "new_customers", "conversions"),
        ("traffic", "uv", "pv"),
        ("traffic", "new_visitors", "uv"),
        ("traffic", "order", "uv"),
        ("traffic", "pay", "order"),
        ("interactions", "people", "times"),
        ("categories", "returns", "units"),
    ] {
        for factor in [1.3, 2.0, 12.0] {
            all.push(
                Fault::typed("part-over-whole", format!("{table}.{part} ×{factor}"), move |site| {
                    let row = site.row_where(table, |row| row.contains_key(part))?;
                    let more = site.figure(table, row, whole)?;
                    site.layout_keeps(whole, row)?;
                    site.put(table, row, part, Say::bare((more * factor).ceil()))
                })
                .also(&["rate-mismatch"]),
            );
        }
    }
    for (wide, narrow) in [("issued", "claimed"), ("claimed", "redeemed")] {
        for factor in [1.2, 2.0, 10.0] {
            all.push(Fault::typed("coupon-order", format!("promotions.{narrow} ×{factor}"), move |site| {
                let row = site.row_where("promotions", |row| row.contains_key("issued"))?;
                let more = site.figure("promotions", row, wide)?;
                site.put("promotions", row, narrow, Say::bare((more * factor).ceil()))
            }));
        }
    }
    for factor in [1.2, 2.0, 10.0] {
        all.push(Fault::typed("funnel-grows", format!("funnel.count ×{factor}"), move |site| {
            let row = 1 + site.r.below(site.draft.rows("funnel").len().checked_sub(1)?);
            let above = site.figure("funnel", row - 1, "count")?;
            site.put("funnel", row, "count", Say::bare((above * factor).ceil()))
        }));
    }
}

fn reserve_row(site: &mut Site<'_>) -> Option<usize> {
    site.row_where("budget", |row| matches!(row.get("item"), Some(Say::Text(item)) if ["备用金", "预备费", "机动"].iter().any(|word| item.contains(word))))
}

fn budget(all: &mut Vec<Fault>) {
    for claim in ["占总预算5%", "占预算20%", "占总预算的15.0%"] {
        all.push(Fault::typed("reserve-share-mismatch", format!("budget.remark {claim}"), move |site| {
            let row = reserve_row(site)?;
            site.put("budget", row, "remark", Say::raw(claim))
        }));
    }
    for share in [0.01, 0.25, 0.4] {
        all.push(
            Fault::typed("reserve-out-of-range", format!("budget.total {share}"), move |site| {
                let row = reserve_row(site)?;
                let old = site.figure("budget", row, "total")?;
                let rest = site.story.total as f64 - old;
                let new = (rest * share / (1.0 - share)).round();
                site.draft.put("budget", row, "unit_price", Say::bare(new));
                site.draft.put("budget", row, "actual", Say::bare((new * 0.95).round()));
                site.draft.empty("budget", row, "remark");
                site.draft.put("basics", 0, "budget", Say::bare(rest + new));
                site.put("budget", row, "total", Say::bare(new))
            })
            .also(&["increment-over-reserve"]),
        );
    }
    for (about, factor, plus) in [("×1.1", 1.1, 0.0), ("×10", 10.0, 0.0), ("-20000", 1.0, -20_000.0)] {
        all.push(
            Fault::typed("budget-total-mismatch", format!("basics.budget {about}"), move |site| {
                if !site.has("budget") {
                    return None;
                }
                let total = site.figure("basics", 0, "budget")?;
                site.put("basics", 0, "budget", Say::bare((total * factor + plus).round()))
            })
            .also(&["verdict-mismatch"]),
        );
    }
    for factor in [1.35, 1.8, 0.4] {
        all.push(
            Fault::typed("budget-variance-unexplained", format!("budget.actual ×{factor}"), move |site| {
                let row = site.row_where("budget", |row| row.get("type") == Some(&Say::Pick("material")))?;
                let total = site.figure("budget", row, "total")?;
                site.draft.put("budget", row, "actual", Say::bare((total * factor).round()));
                site.draft.empty("budget", row, "remark");
                Some(vec![cell("budget", row, "remark")])
            })
            .also(&["verdict-mismatch"]),
        );
        all.push(Fault::typed("spend-over-budget", format!("channels.budget for {factor}"), move |site| {
            let row = site.row("channels")?;
            let spend = site.figure("channels", row, "spend")?;
            let less = if factor > 1.5 { 0.5 } else { 0.85 };
            site.draft.put("channels", row, "budget", Say::bare((spend * less).round()));
            site.layout_keeps("budget", row)?;
            Some(vec![cell("channels", row, "spend")])
        }));
    }
    for price in ["300元/人/天", "450/人/天", "2000元/人/月"] {
        all.push(
            Fault::typed("months-assumed", format!("budget.quantity {price}"), move |site| {
                let row = site.row_where("budget", |row| row.get("type") == Some(&Say::Pick("people")))?;
                let rate: f64 =
                    price.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()?;
                let old = site.figure("budget", row, "total")?;
                let new = rate * 4.0 * 3.0;
                site.draft.put("budget", row, "unit_price", Say::raw(price));
                site.draft.put("budget", row, "total", Say::bare(new));
                site.draft.put("budget", row, "actual", Say::bare(new));
                let total = site.story.total as f64;
                site.draft.put("basics", 0, "budget", Say::bare(total - old + new));
                site.put("budget", row, "quantity", Say::raw("4人"))
            })
            .also(BUDGET),
        );
    }
    for over in [1.2, 2.0, 3.5] {
        all.push(Fault::typed("increment-over-reserve", format!("marginal.spend ×{over}"), move |site| {
            let row = site.row("marginal")?;
            if !site.has("budget") {
                return None;
            }
            site.draft.put("marginal", row, "spend", Say::bare(site.story.reserve as f64 * over));
            Some(vec![Spot::Column("marginal".into(), "spend".into())])
        }));
    }
    for need in ["水晶灯幕墙", "无人机编队", "热气球"] {
        all.push(Fault::typed("resource-without-budget", format!("phases.resources {need}"), move |site| {
            let row = site.row("phases")?;
            site.put("phases", row, "resources", Say::raw(need))
        }));
    }
}

fn statuses(all: &mut Vec<Fault>) {
    type Change = fn(&mut Site<'_>, usize) -> Option<()>;
    let progress: [(&str, Change); 5] = [
        ("done without a day", |site, row| {
            site.draft.empty("progress", row, "actual_end");
            Some(())
        }),
        ("done by 60%", |site, row| {
            site.layout_keeps("done", row)?;
            site.draft.put("progress", row, "done", rate(0.6));
            Some(())
        }),
        ("doing with a day of completion", |site, row| {
            site.draft.put("progress", row, "status", Say::raw("进行中"));
            site.draft.put("progress", row, "done", rate(0.8));
            Some(())
        }),
        ("done in the future", |site, row| {
            let day = after(site.story.as_of, 40);
            site.draft.put("progress", row, "actual_end", Say::FullDay(day));
            site.draft.put("progress", row, "reason", Say::Pick("dependency"));
            Some(())
        }),
        ("not started after its end", |site, row| {
            site.draft.put("progress", row, "status", Say::raw("未开始"));
            for column in ["done", "actual_end", "actual_start"] {
                site.draft.empty("progress", row, column);
            }
            Some(())
        }),
    ];
    for (about, change) in progress {
        all.push(
            Fault::typed("status-date-contradiction", format!("progress.status {about}"), move |site| {
                if !site.has("tasks") {
                    return None;
                }
                let row = site.row("progress")?;
                change(site, row)?;
                Some(vec![cell("progress", row, "status")])
            })
            .also(&["task-outside-phase"]),
        );
    }
    let actions: [(&str, Change); 3] = [
        ("done without a day", |site, row| {
            site.draft.put("actions", row, "status", Say::raw("已完成"));
            site.draft.empty("actions", row, "done_on");
            Some(())
        }),
        ("not started with a day of completion", |site, row| {
            site.draft.put("actions", row, "status", Say::raw("未开始"));
            let day = site.story.as_of;
            site.draft.put("actions", row, "done_on", Say::FullDay(day));
            Some(())
        }),
        ("done in the future", |site, row| {
            site.draft.put("actions", row, "status", Say::raw("已完成"));
            let day = after(site.story.as_of, 40);
            site.draft.put("actions", row, "done_on", Say::FullDay(day));
            Some(())
        }),
    ];
    for (about, change) in actions {
        all.push(Fault::typed("status-date-contradiction", format!("actions.status {about}"), move |site| {
            let row = site.row("actions")?;
            change(site, row)?;
            Some(vec![cell("actions", row, "status")])
        }));
    }
    for status in ["延期", "逾期", "delay"] {
        all.push(Fault::typed("late-without-reason", format!("progress.reason {status}"), move |site| {
            let row = site.row("progress")?;
            site.draft.put("progress", row, "status", Say::raw(status));
            site.draft.empty("progress", row, "reason");
            Some(vec![cell("progress", row, "reason")])
        }));
    }
    for column in ["owner", "due", "standard"] {
        for none in ["—", "待定", "/", "无"] {
            all.push(Fault::typed("incomplete-action", format!("actions.{column} {none}"), move |site| {
                let row = site.row("actions")?;
                if column == "standard" {
                    site.draft.empty("actions", row, "target");
                }
                site.draft.put("actions", row, column, Say::raw(none));
                Some(vec![cell("actions", row, "action"), cell("actions", row, column)])
            }));
        }
    }
    for code in ["T099", "T0O1", "X-7"] {
        all.push(Fault::typed("unknown-task", format!("progress.code {code}"), move |site| {
            if !site.has("tasks") {
                return None;
            }
            let row = site.row("progress")?;
            site.put("progress", row, "code", Say::raw(code))
        }));
        all.push(Fault::typed("unknown-predecessor", format!("tasks.predecessors {code}"), move |site| {
            let row = site.row("tasks")?;
            site.put("tasks", row, "predecessors", Say::raw(code))
        }));
    }
    for length in [1, 2, 3] {
        all.push(Fault::typed("task-cycle", format!("tasks.predecessors circle of {length}"), move |site| {
            let codes: Vec<String> = site
                .draft
                .rows("tasks")
                .iter()
                .filter_map(|row| match row.get("code") {
                    Some(Say::Text(code)) => Some(code.clone()),
                    _ => None,
                })
                .collect();
            if codes.len() < length {
                return None;
            }
            let first = site.r.below(codes.len() - length + 1);
            let mut spots = Vec::new();
            for at in 0..length {
                let row = first + at;
                let waits = codes[first + (at + 1) % length].clone();
                spots.extend(site.put("tasks", row, "predecessors", Say::List(vec![waits]))?);
            }
            Some(spots)
        }));
    }
    for (about, text) in [("失败", "{}失败"), ("出错", "{}出错"), ("异常", "{}异常")] {
        all.push(Fault::typed(
            "task-incident-contradiction",
            format!("progress.status {about}"),
            move |site| {
                if !site.has("tasks") || !site.has("risk_log") {
                    return None;
                }
                let row = site.row("progress")?;
                let action = site.story.tasks.get(row)?.action.clone();
                let Some(Say::Day(day)) = site.draft.said("progress", row, "actual_end").cloned() else {
                    return None;
                };
                let at = site.row("risk_log")?;
                site.draft.put("risk_log", at, "risk", Say::text(text.replace("{}", &action)));
                site.draft.put("risk_log", at, "occurred", Say::Moment(day.and_hms_opt(10, 30, 0)?));
                site.draft.empty("risk_log", at, "solved");
                // A task whose twin was done on the same day may be the one that is named.
                Some(vec![cell("progress", row, "status")])
            },
        ));
    }
}

fn dates(all: &mut Vec<Fault>) {
    for (table, first, last) in [
        ("phases", "start", "end"),
        ("tasks", "start", "end"),
        ("progress", "actual_start", "actual_end"),
        ("approvals", "submitted", "approved"),
        ("risk_log", "occurred", "solved"),
    ] {
        for days in [1, 6, 400] {
            all.push(
                Fault::typed("end-before-start", format!("{table}.{last} by {days}"), move |site| {
                    let row =
                        site.row_where(table, |row| row.contains_key(first) && row.contains_key(last))?;
                    if table == "risk_log" {
                        let Some(Say::Moment(start)) = site.draft.said(table, row, first).cloned() else {
                            return None;
                        };
                        return site.put(
                            table,
                            row,
                            last,
                            Say::Moment(start.checked_sub_days(Days::new(days))?),
                        );
                    }
                    let start = day(site, table, row, first)?;
                    site.layout_keeps(first, row)?;
                    site.put(table, row, last, Say::FullDay(after(start, -(days as i64))))
                })
                .also(&[
                    "task-outside-phase",
                    "status-date-contradiction",
                    "date-outside-campaign",
                ]),
            );
        }
    }
    for minutes in [5, 30, 75] {
        all.push(Fault::typed(
            "response-before-incident",
            format!("risk_log.solved {minutes} minutes early"),
            move |site| {
                let row = site.row("risk_log")?;
                let Some(Say::Moment(start)) = site.draft.said("risk_log", row, "occurred").cloned() else {
                    return None;
                };
                site.layout_keeps("solved", row)?;
                site.put("risk_log", row, "solved", Say::Moment(start - chrono::Duration::minutes(minutes)))
            },
        ));
    }
    for (about, days) in [("a year early", -365), ("a year late", 365), ("two months late", 61)] {
        all.push(Fault::typed("date-outside-campaign", format!("daily.date {about}"), move |site| {
            let row = site.row("daily")?;
            let day = day(site, "daily", row, "date")?;
            site.put("daily", row, "date", Say::FullDay(after(day, days)))
        }));
    }
    for days in [2, 5, 20] {
        all.push(Fault::typed("task-outside-phase", format!("tasks.end {days} days past"), move |site| {
            if !site.has("phases") {
                return None;
            }
            let row = site.row("tasks")?;
            let task = site.story.tasks.get(row)?.clone();
            let end = after(site.story.phases[task.phase].last, days);
            site.draft.put("tasks", row, "end", Say::FullDay(end));
            if site.has("progress") {
                site.draft.put("progress", row, "actual_end", Say::FullDay(task.last));
                site.draft.empty("progress", row, "reason");
            }
            Some(vec![cell("tasks", row, "end")])
        }));
        all.push(Fault::typed(
            "task-outside-phase",
            format!("progress.actual_end {days} days past"),
            move |site| {
                if !site.has("phases") || !site.has("tasks") {
                    return None;
                }
                let row = site.row("progress")?;
                let task = site.story.tasks.get(row)?.clone();
                let end = after(site.story.phases[task.phase].last, days);
                if end > site.story.as_of {
                    return None;
                }
                site.draft.put("progress", row, "reason", Say::Pick("dependency"));
                site.put("progress", row, "actual_end", Say::FullDay(end))
            },
        ));
        all.push(Fault::typed(
            "period-lengths-differ",
            format!("sales.last_year {days} days"),
            move |site| {
                let row = site.row_where("sales", |row| row.get("name") == Some(&Say::Pick("days")))?;
                let days = site.story.days as f64 + days as f64;
                site.layout_keeps("last_year", row)?;
                site.put("sales", row, "last_year", Say::bare(days))
            },
        ));
    }
    for count in [1, 2, 3] {
        all.push(Fault::typed("daily-gap", format!("daily.date {count} missing"), move |site| {
            let rows = site.draft.rows("daily").len();
            let at = 1 + site.r.below(rows.checked_sub(count + 2)?);
            let daily = site.draft.tables.get_mut("daily")?;
            daily.drain(at..at + count);
            Some(vec![cell("daily", at, "date")])
        }));
    }
}

fn duplicates(all: &mut Vec<Fault>) {
    for (table, column) in [
        ("tasks", "code"),
        ("kpi", "name"),
        ("results", "name"),
        ("channels", "channel"),
        ("funnel", "stage"),
        ("sales", "name"),
        ("categories", "name"),
        ("problems", "code"),
        ("actions", "code"),
    ] {
        for times in [1, 1, 2] {
            all.push(
                Fault::typed("duplicate-key", format!("{table}.{column} copied {times}"), move |site| {
                    let at = site.row(table)?;
                    let rows = site.draft.tables.get_mut(table)?;
                    let copy = rows.get(at)?.clone();
                    copy.get(column)?;
                    rows.extend(std::iter::repeat_n(copy, times));
                    if table == "kpi" {
                        rows.iter_mut().for_each(|row| drop(row.shift_remove("weight")));
                    }
                    let last = rows.len() - 1;
                    Some(
                        (at + 1..=last)
                            .filter(|row| *row >= last + 1 - times)
                            .map(|row| cell(table, row, column))
                            .collect(),
                    )
                })
                .also(&[
                    "sales-total-mismatch",
                    "channel-spend-mismatch",
                    "funnel-grows",
                    "verdict-mismatch",
                    "total-row-mismatch",
                ]),
            );
        }
    }
    all.extend((0..3).map(|way| {
        Fault::typed("duplicate-key", format!("daily.channel day {way}"), move |site| {
            let at = site.row("daily")?;
            let rows = site.draft.tables.get_mut("daily")?;
            let copy = rows[at].clone();
            rows.push(copy);
            let last = rows.len() - 1;
            for row in rows.iter_mut() {
                row.insert("channel".into(), Say::text(["全渠道", "抖音", "线上"][way]));
            }
            Some(vec![cell("daily", last, "channel"), cell("daily", last, "date")])
        })
        .also(&["exposure-mismatch", "sales-total-mismatch"])
    }));
    for step in [1, 2, 3] {
        all.push(Fault::typed("daily-duplicate", format!("daily.date {step} later"), move |site| {
            let rows = site.draft.rows("daily").len();
            let at = site.r.below(rows.checked_sub(step)?);
            let first = site.draft.said("daily", at, "date")?.clone();
            site.put("daily", at + step, "date", first)
        }));
    }
}

fn sums(all: &mut Vec<Fault>) {
    for plus in [0.1, -0.2, 0.35] {
        all.push(
            Fault::typed("weights-not-100", format!("kpi.weight {plus:+}"), move |site| {
                let row = site.row("kpi")?;
                let weight = site.figure("kpi", row, "weight")?;
                site.put(
                    "kpi",
                    row,
                    "weight",
                    rate(if weight + plus < 0.0 { weight + 0.2 } else { weight + plus }),
                )
            })
            .also(&["verdict-mismatch"]),
        );
    }
    // Every side of the sales, off by enough.
    for (table, column) in [
        ("results", "actual"),
        ("sales", "during"),
        ("channels", "sales"),
        ("categories", "during"),
        ("daily", "sales"),
    ] {
        for factor in [1.5, 0.4, 3.0] {
            all.push(
                Fault::typed("sales-total-mismatch", format!("{table}.{column} ×{factor}"), move |site| {
                    let told = |table: &str| site.has(table);
                    let others = ["sales", "channels", "categories", "daily"]
                        .into_iter()
                        .filter(|other| *other != table && told(other))
                        .count();
                    if (table != "results" && table != "sales" && !told("results")) || others == 0 {
                        return None;
                    }
                    let row = match table {
                        "results" => 0,
                        "sales" => {
                            site.row_where("sales", |row| row.get("name") == Some(&Say::Pick("sales")))?
                        }
                        _ => site.row(table)?,
                    };
                    let right = site.figure(table, row, column)?;
                    if right * (factor - 1.0_f64).abs() < site.story.sales as f64 * 0.02 {
                        return None;
                    }
                    let wrong = (right * factor).round();
                    site.draft.put(
                        table,
                        row,
                        column,
                        if table == "results" { Say::Measure(wrong, Unit::Yuan) } else { Say::bare(wrong) },
                    );
                    let side = |table: &str, column: &str| Spot::Column(table.into(), column.into());
                    Some(match table {
                        // Where two sides differ, either may be the wrong one.
                        "results" | "sales" => vec![
                            cell("results", 0, "actual"),
                            side("sales", "during"),
                            side("channels", "sales"),
                            side("categories", "during"),
                            side("daily", "sales"),
                        ],
                        _ => vec![side(table, column)],
                    })
                })
                .also(TOTALS),
            );
        }
    }
    for (name, plus) in [("new-buyers", 500.0), ("old-buyers", -80.0), ("buyers", 300.0)] {
        all.push(Fault::typed("customers-mismatch", format!("sales.during {name}"), move |site| {
            let row = site.row_where("sales", |row| row.get("name") == Some(&Say::Pick(name)))?;
            let right = site.figure("sales", row, "during")?;
            site.draft.put("sales", row, "during", Say::bare(right + plus));
            Some(vec![Spot::Column("sales".into(), "during".into())])
        }));
    }
    for factor in [2.0, 5.0, 1.6] {
        all.push(Fault::typed("exposure-mismatch", format!("daily.exposure ×{factor}"), move |site| {
            if !site.has("results") {
                return None;
            }
            let row = site.row("daily")?;
            let right = site.figure("daily", row, "exposure")?;
            site.draft.put("daily", row, "exposure", Say::bare(right * factor));
            Some(vec![Spot::Column("daily".into(), "exposure".into())])
        }));
        all.push(Fault::typed("channel-spend-mismatch", format!("channels.spend ×{factor}"), move |site| {
            if !site.has("budget") {
                return None;
            }
            let row = site.row("channels")?;
            site.layout_keeps("spend", row)?;
            let right = site.figure("channels", row, "spend")?;
            site.draft.put("channels", row, "spend", Say::bare(right * factor));
            Some(vec![
                Spot::Column("channels".into(), "spend".into()),
                Spot::Column("budget".into(), "actual".into()),
            ])
        }));
    }
    for (table, column) in [
        ("daily", "exposure"),
        ("daily", "spend"),
        ("daily", "sales"),
        ("channels", "exposure"),
        ("channels", "sales"),
        ("channels", "spend"),
    ] {
        for about in ["as a number", "as text", "rounded"] {
            all.push(
                Fault::typed("magnitude-off", format!("{table}.{column} {about}"), move |site| {
                    let rows = site.draft.rows(table).len();
                    if rows < 4 {
                        return None;
                    }
                    let row = site.row(table)?;
                    let wan = site.figure(table, row, column)? / 1e4;
                    let say = match about {
                        "as a number" => Say::bare(wan),
                        "as text" => Say::raw(&decimal(wan)),
                        _ if wan >= 1.0 => Say::bare((wan * 10.0).round() / 10.0),
                        _ => return None,
                    };
                    site.put(table, row, column, say)
                })
                .also(&[
                    "part-over-whole",
                    "sales-total-mismatch",
                    "exposure-mismatch",
                    "channel-spend-mismatch",
                    "rate-mismatch",
                    "total-row-mismatch",
                ]),
            );
        }
    }
    for about in ["as a number", "as text", "rounded"] {
        all.push(
            Fault::typed("magnitude-off", format!("results.actual {about}"), move |site| {
                let row = (0..site.story.goals.len()).find(|row| {
                    let goal = &site.story.goals[*row];
                    matches!(goal.aim, Aim::AtLeast(_)) && goal.actual > 20_000.0
                })?;
                let wan = site.story.goals[row].actual / 1e4;
                let say = match about {
                    "as a number" => Say::bare(wan),
                    "as text" => Say::raw(&decimal(wan)),
                    _ => Say::bare((wan * 10.0).round() / 10.0),
                };
                site.put("results", row, "actual", say)
            })
            .also(TOTALS),
        );
    }
    totals(all);
}

/// A total row of which one sum is wrong, and one that is right, which is only noted.
fn totals(all: &mut Vec<Fault>) {
    for table in ["budget", "channels", "categories", "costs"] {
        for (about, factor) in [("right", 1.0), ("合计", 1.3), ("总计", 10.0), ("小计", 0.7)] {
            let code = if factor == 1.0 { "total-row" } else { "total-row-mismatch" };
            all.push(Fault::typed(code, format!("{table}.total {about}"), move |site| {
                if site.layout != Layout::Blank {
                    return None;
                }
                let rows = site.draft.rows(table).to_vec();
                if rows.len() < 2 {
                    return None;
                }
                let declared = &site.catalogue.tables[table];
                let mut total = super::draft::Row::new();
                total.insert(
                    declared.columns[0].id.clone(),
                    Say::raw(if factor == 1.0 { "合计" } else { about }),
                );
                let mut wrong = None;
                for column in declared
                    .columns
                    .iter()
                    .skip(1)
                    .filter(|column| column.kind == Kind::Money && column.id != "unit_value")
                {
                    let figures: Vec<f64> =
                        (0..rows.len()).filter_map(|row| site.figure(table, row, &column.id)).collect();
                    if figures.len() < rows.len() {
                        continue;
                    }
                    let off = if wrong.is_none() { factor } else { 1.0 };
                    wrong.get_or_insert(column.id.clone());
                    total.insert(column.id.clone(), Say::bare((figures.iter().sum::<f64>() * off).round()));
                }
                let wrong = wrong?;
                site.draft.tables.get_mut(table)?.push(total);
                let row = rows.len();
                Some(if factor == 1.0 {
                    declared.columns.iter().map(|column| cell(table, row, &column.id)).collect()
                } else {
                    vec![cell(table, row, &wrong)]
                })
            }));
        }
    }
}

fn goals(all: &mut Vec<Fault>) {
    for (about, how) in [("removed", 0), ("renamed", 1), ("removed again", 0)] {
        all.push(
            Fault::typed("kpi-without-result", format!("kpi.name {about}"), move |site| {
                if site.draft.rows("results").len() < 3 {
                    return None;
                }
                let goals = site.story.goals.len();
                let at = 1 + site.r.below(goals - 1);
                if how == 0 {
                    site.draft.tables.get_mut("results")?.remove(at);
                } else {
                    site.draft.put("results", at, "name", Say::raw("门店扫码领取张数"));
                }
                Some(vec![cell("kpi", at, "name")])
            })
            .also(&["verdict-mismatch"]),
        );
    }
    for name in ["小程序新增粉丝", "品牌搜索指数", "门店到访"] {
        all.push(Fault::typed("result-without-kpi", format!("results.name {name}"), move |site| {
            let rows = site.draft.tables.get_mut("results")?;
            let mut row = super::draft::Row::new();
            row.insert("name".into(), Say::raw(name));
            row.insert("actual".into(), Say::raw("3500"));
            row.insert("source".into(), Say::raw("后台"));
            rows.push(row);
            let last = rows.len() - 1;
            Some(vec![cell("results", last, "name")])
        }));
    }
    for text in ["提升20%", "环比增长30%以上", "同比提高15%"] {
        all.push(
            Fault::typed("growth-without-baseline", format!("kpi.target {text}"), move |site| {
                let row = site.row("kpi")?;
                site.draft.empty("kpi", row, "baseline");
                site.draft.put("kpi", row, "direction", Say::Pick("higher"));
                site.put("kpi", row, "target", Say::raw(text))
            })
            .also(&["verdict-mismatch"]),
        );
        all.push(Fault::typed("growth-without-baseline", format!("actions.target {text}"), move |site| {
            let row = site.row("actions")?;
            site.draft.empty("actions", row, "baseline");
            site.put("actions", row, "target", Say::raw(text))
        }));
        all.push(
            Fault::typed("goal-rate-ambiguous", format!("kpi.target {text}"), move |site| {
                let goals = &site.story.goals;
                let row = goals.iter().position(|goal| goal.name.ends_with('率'))?;
                let actual = goals[row].actual;
                site.draft.put(
                    "kpi",
                    row,
                    "baseline",
                    Say::Measure((actual / 1.3 * 1000.0).round() / 1000.0, Unit::Percent),
                );
                site.draft.put("kpi", row, "direction", Say::Pick("higher"));
                site.put("kpi", row, "target", Say::raw(text))
            })
            .also(&["verdict-mismatch"]),
        );
    }
    for (bound, wrong) in [(Bound::AtLeast, "lower"), (Bound::AtMost, "higher"), (Bound::AtLeast, "lower")] {
        all.push(
            Fault::typed("direction-contradiction", format!("kpi.direction {wrong}"), move |site| {
                let rows: Vec<usize> = (0..site.story.goals.len())
                    .filter(|row| match site.story.goals[*row].aim {
                        Aim::AtLeast(_) => bound == Bound::AtLeast,
                        Aim::AtMost(_) => bound == Bound::AtMost,
                        _ => false,
                    })
                    .collect();
                let row = *rows.get(site.r.below(rows.len()))?;
                if let Some(Say::Aim(_, n, unit)) = site.draft.said("kpi", row, "target").cloned() {
                    site.draft.put("kpi", row, "target", Say::Aim(bound, n, unit));
                }
                site.put("kpi", row, "direction", Say::Pick(wrong))
            })
            .also(TOTALS),
        );
    }
    for wrong in ["success", "mostly", "challenged"] {
        all.push(Fault::typed("verdict-mismatch", format!("summary.verdict {wrong}"), move |site| {
            if site.story.verdict() == wrong || !site.has("kpi") || !site.has("results") {
                return None;
            }
            site.put("summary", 0, "verdict", Say::Pick(wrong))
        }));
    }
    for unit in ["3000单", "2天", "85%"] {
        all.push(
            Fault::typed("target-unit-mismatch", format!("results.actual {unit}"), move |site| {
                // A target of a bare number would compare with anything.
                let Aim::AtLeast(n) = site.story.goals.first()?.aim else { return None };
                site.draft.put("kpi", 0, "target", Say::raw(&format!("{}元", decimal(n))));
                site.put("results", 0, "actual", Say::raw(unit))
            })
            .also(TOTALS),
        );
    }
    for (name, unit) in [("平均响应时长", "35件"), ("包裹完好率", "35秒"), ("页面加载时间", "98%")]
    {
        all.push(Fault::typed("target-unit-mismatch", format!("service.actual {unit}"), move |site| {
            let row = site.row_where("service", |row| row.get("name") == Some(&Say::text(name)))?;
            site.layout_keeps("target", row)?;
            site.put("service", row, "actual", Say::raw(unit))
        }));
    }
    for about in ["one", "two", "three"] {
        all.push(Fault::typed("unmet-goal-without-cause", format!("results.reason {about}"), move |site| {
            let row = site.story.goals.iter().position(|goal| goal.completion < 0.9)?;
            let name = site.story.goals[row].name;
            silence(site, name, &["problems", "process", "actions"]);
            site.draft.empty("results", row, "reason");
            Some(vec![cell("results", row, "reason"), cell("results", row, "actual")])
        }));
        all.push(Fault::typed("unmet-goal-without-action", format!("results.actual {about}"), move |site| {
            let row = site.story.goals.iter().position(|goal| goal.completion < 0.9)?;
            let name = site.story.goals[row].name;
            if !site.has("actions") {
                return None;
            }
            silence(site, name, &["problems", "process", "actions"]);
            Some(vec![cell("results", row, "actual")])
        }));
    }
}

/// Takes a goal's name, and what it is called for short, out of what tables say.
fn silence(site: &mut Site<'_>, name: &str, tables: &[&str]) {
    let short = name.trim_start_matches("活动").trim_start_matches("新增").trim_start_matches("整体");
    let core = ["人数", "次数", "数", "量", "率", "额"]
        .iter()
        .find_map(|end| short.strip_suffix(end))
        .unwrap_or(short);
    for table in tables {
        for row in site.draft.tables.get_mut(*table).into_iter().flatten() {
            for say in row.values_mut() {
                if let Say::Text(text) = say {
                    *text = text.replace(name, "该项").replace(short, "该项").replace(core, "该项");
                }
            }
        }
    }
}

fn plans(all: &mut Vec<Fault>) {
    for (table, name) in [("basics", "欧阳不在"), ("kpi", "诸葛某"), ("actions", "司马外")] {
        all.push(Fault::typed("owner-not-in-team", format!("{table}.owner {name}"), move |site| {
            if !site.has("team") {
                return None;
            }
            let row = site.row(table)?;
            site.put(table, row, "owner", Say::raw(name))
        }));
    }
    for code in ["P99", "P0I", "Q-12"] {
        all.push(Fault::typed("action-without-problem", format!("actions.problem {code}"), move |site| {
            if !site.has("problems") {
                return None;
            }
            let row = site.row("actions")?;
            site.put("actions", row, "problem", Say::raw(code))
        }));
    }
    for no in ["否", "×", "没有"] {
        all.push(Fault::typed("materials-missing", format!("materials.ready {no}"), move |site| {
            let row = site.row("materials")?;
            site.put("materials", row, "ready", Say::raw(no))
        }));
    }
    for alias in ["执行偏差", "主要挑战"] {
        all.push(Fault::typed("choice-alias", format!("problems.class {alias}"), move |site| {
            let row = site.row("problems")?;
            site.put("problems", row, "class", Say::raw(alias))
        }));
    }
}

fn notes(all: &mut Vec<Fault>) {
    for text in ["加强跨部门沟通", "进一步优化流程", "提升服务质量"] {
        all.push(
            Fault::typed("vague-action", format!("actions.action {text}"), move |site| {
                let row = site.row("actions")?;
                site.draft.empty("actions", row, "target");
                site.put("actions", row, "action", Say::raw(text))
            })
            .also(&["unmet-goal-without-cause"]),
        );
    }
    for (table, description) in [("problems", "description"), ("process", "description")] {
        for start in ["因为", "", "主要是"] {
            all.push(Fault::typed("cause-repeats-problem", format!("{table}.root {start}"), move |site| {
                let row = site.row(table)?;
                let Some(Say::Text(problem)) = site.draft.said(table, row, description).cloned() else {
                    return None;
                };
                site.put(table, row, "root", Say::text(format!("{start}{problem}")))
            }));
        }
        all.extend((0..3).map(|way| {
            Fault::typed("problem-without-evidence", format!("{table}.evidence {way}"), move |site| {
                let row = if table == "process" {
                    site.row_where(table, |row| row.get("kind") == Some(&Say::Pick("problem")))?
                } else {
                    site.row(table)?
                };
                site.layout_keeps("evidence", row)?;
                site.draft.put(
                    table,
                    row,
                    description,
                    Say::raw(["页面加载太慢", "客服回复不及时", "素材风格不统一"][way]),
                );
                site.draft.empty(table, row, "evidence");
                Some(vec![cell(table, row, "evidence")])
            })
            .also(&["unmet-goal-without-cause"])
        }));
    }
    for left in 1..=3 {
        all.push(Fault::typed("shallow-why", format!("process.why {left}"), move |site| {
            let row = site.row_where("process", |row| row.contains_key("why5"))?;
            for why in left + 1..=5 {
                site.draft.empty("process", row, &format!("why{why}"));
            }
            Some(vec![cell("process", row, &format!("why{left}"))])
        }));
        all.push(Fault::typed("lesson-without-scope", format!("experience.scope {left}"), move |site| {
            let row = site.row("experience")?;
            site.draft.empty("experience", row, "scope");
            Some(vec![cell("experience", row, "scope")])
        }));
        all.push(Fault::typed(
            "done-without-verification",
            format!("actions.verification {left}"),
            move |site| {
                let row = site.row_where("actions", |row| row.get("status") == Some(&Say::Pick("done")))?;
                site.draft.empty("actions", row, "verification");
                Some(vec![cell("actions", row, "verification")])
            },
        ));
        all.push(
            Fault::typed("no-failure-recorded", format!("experience.kind {left}"), move |site| {
                let rows = site.draft.tables.get_mut("experience")?;
                for row in rows.iter_mut() {
                    row.insert("kind".into(), Say::Pick("success"));
                }
                rows.truncate(left.max(2));
                for table in ["problems", "process"] {
                    site.draft.tables.shift_remove(table);
                }
                site.draft.empty("summary", 0, "failures");
                Some(vec![cell("experience", 0, "kind")])
            })
            .also(&["unmet-goal-without-cause", "core-table-missing"]),
        );
        all.push(Fault::typed("smart-gaps", format!("kpi.name {left}"), move |site| {
            let row = site.row("kpi")?;
            site.draft.empty("kpi", row, "owner");
            site.layout_keeps("owner", row)?;
            Some(vec![cell("kpi", row, "name")])
        }));
    }
    for text in ["提升品牌知名度", "拉动新客增长", "做大声量"] {
        all.push(Fault::typed("smart-gaps", format!("basics.goals {text}"), move |site| {
            site.put("basics", 0, "goals", Say::raw(text))
        }));
    }
    for text in ["总体完成较好", "基本达到预期", "效果不错"] {
        for column in ["goals", "data"] {
            all.push(Fault::typed(
                "report-without-figure",
                format!("summary.{column} {text}"),
                move |site| {
                    if !site.has("summary") {
                        return None;
                    }
                    site.put("summary", 0, column, Say::raw(text))
                },
            ));
        }
    }
}

impl Site<'_> {
    /// `None` where a team that trims columns might have left this one out, so that the mistake could not be seen.
    pub fn layout_keeps(&self, _column: &str, _row: usize) -> Option<()> {
        matches!(self.layout, Layout::Blank).then_some(())
    }
}
