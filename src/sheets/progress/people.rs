//! Staffing against the plan, service levels as goals.

use super::{COLUMNS, Ctx, wrapped};
use crate::campaign::{ServiceModule, StaffingVerdict};
use crate::cell::{Area, CellRef};
use crate::expr::Expr;
use crate::metrics::goals::{self, Asked, Outcome};
use crate::metrics::people;
use crate::page::{Clock, Dress, Page, PageCell, Role, Shape};
use crate::quantity::Unit;
use crate::sheets::line::{Line, header};
use crate::sheets::{link, shape, timed};

pub fn staffing(page: &mut Page, ctx: &Ctx<'_>) {
    page.line(Role::Section, COLUMNS, ctx.word("staffing"));
    let words = ctx.words([
        "link", "remark", "planned_heads", "actual_heads", "head_ratio", "planned_hours", "actual_hours", "hour_ratio",
        "verdict",
    ]);
    header(page, &words, COLUMNS);
    for figures in &ctx.review.analysis.people.staffing {
        let source = &ctx.review.campaign.staffing[figures.row];
        let mut line = Line::new(page);
        line.put(0, link(source.link.as_str(), source.link.at.as_ref()));
        line.put(1, wrapped(source.remark.as_str()));
        let planned = line.number(2, source.planned_heads.expr(), Shape::Integer);
        let actual = line.number(3, source.actual_heads.expr(), Shape::Integer);
        line.number(4, people::ratio(&actual, &planned), Shape::Percent);
        let planned = line.number(5, source.planned_hours.expr(), Shape::Integer);
        let actual = line.number(6, source.actual_hours.expr(), Shape::Integer);
        line.number(7, people::ratio(&actual, &planned), Shape::Percent);
        let verdict = source.verdict.value.map(|verdict| verdict_word(ctx, verdict)).unwrap_or_default();
        line.span(8, COLUMNS - 1, verdict);
    }
    page.skip(1);
}

pub fn services(page: &mut Page, ctx: &Ctx<'_>) {
    let policy = ctx.review.policy;
    page.line(Role::Section, COLUMNS, ctx.word("services"));
    let words = ctx.words([
        "module", "indicator", "direction", "target", "upper", "actual", "gap", "completion", "outcome", "dept", "problem",
    ]);
    header(page, &words, COLUMNS);
    let first = page.next_row();
    for level in &ctx.review.analysis.people.services {
        let source = &ctx.review.campaign.service[level.row];
        let clock =
            (level.unit == Unit::Seconds).then(|| Clock::of([&level.asked.level, &level.actual]));
        let shown = |expr: &Expr| timed(&level.unit, clock, expr);
        let mut line = Line::new(page);
        line.put(0, source.module.value.map(|module| module_word(ctx, module)).unwrap_or_default());
        line.put(1, link(source.name.as_str(), source.name.at.as_ref()));
        line.put(2, ctx.word(level.direction.id()));
        let asked = Asked {
            level: line.put(3, shown(&level.asked.level)),
            upper: match &level.asked.upper {
                Some(upper) => Some(line.put(4, shown(upper))),
                None => {
                    line.put(4, PageCell::default());
                    None
                }
            },
            baseline: clock
                .map_or_else(|| level.asked.baseline.clone(), |clock| clock.told(&level.asked.baseline)),
        };
        let actual = line.put(5, shown(&level.actual));
        let gap = goals::gap(&actual, &asked);
        match (&level.unit, clock) {
            (Unit::Percent | Unit::Points, _) => line.number(6, (gap * 100.0).known(), Shape::Points),
            (_, Some(clock)) => line.number(6, gap, Shape::Duration(clock.0)),
            (unit, None) => {
                let gap_shape = shape(unit, gap.number());
                line.number(6, gap, gap_shape)
            }
        };
        let completion = goals::completion(&actual, &asked, level.direction, policy);
        let completion = line.number(7, completion, Shape::Percent);
        line.put(8, goals::outcome(&completion, policy, |outcome| ctx.word(outcome.id())));
        line.put(9, source.dept.as_str());
        line.span(10, COLUMNS - 1, wrapped(source.problem.as_str()));
    }
    let area = Area::new(CellRef::new(first, 8), CellRef::new(page.next_row() - 1, 8));
    for (outcome, role) in [
        (Outcome::Exceeded, Role::Good),
        (Outcome::Reached, Role::Good),
        (Outcome::Mostly, Role::Warn),
        (Outcome::Missed, Role::Bad),
    ] {
        page.dresses.push(Dress::Word { area, word: ctx.word(outcome.id()), role });
    }
    page.skip(1);
}

fn verdict_word(ctx: &Ctx<'_>, verdict: StaffingVerdict) -> String {
    ctx.word(&format!("staffing-{}", verdict.id()))
}

fn module_word(ctx: &Ctx<'_>, module: ServiceModule) -> String {
    ctx.word(&format!("module-{}", module.id()))
}
