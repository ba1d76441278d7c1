//! User figures: before, during, and how much of the target was reached.

use super::{Board, COLUMNS, Ctx, Placed};
use crate::cell::{Area, CellRef};
use crate::metrics::goals::{self, Asked};
use crate::metrics::traffic::growth;
use crate::page::{Dress, Page, PageCell, Role, Shape};
use crate::sheets::line::{Line, header};
use crate::sheets::{link, shape};

const COMPLETION: u32 = 6;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board, _: &mut Placed) {
    let (rows, found) = (&ctx.review.campaign.users, &ctx.review.analysis.traffic.users);
    page.line(Role::Section, COLUMNS, ctx.word("users"));
    page.line(Role::Note, COLUMNS, ctx.word("users_note"));
    let words = ctx.words([
        "indicator", "before", "during", "change", "target", "upper", "completion", "data_source", "remark",
    ]);
    let first = header(page, &words, COLUMNS) + 1;
    for (row, figures) in rows.iter().zip(found) {
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(&figures.name, figures.at.as_ref()));
        let (before, during) = (row.before.expr().known(), row.during.expr().known());
        let shown = |n: Option<f64>| shape(&figures.unit, n);
        let shapes = [before.number(), during.number(), figures.asked.level.number()].map(shown);
        let before = line.number(1, before, shapes[0]);
        let during = line.number(2, during, shapes[1]);
        line.number(3, growth(&during, &before, &figures.unit), Shape::PercentSigned);
        let level = line.number(4, figures.asked.level.clone().known(), shapes[2]);
        let upper = figures.asked.upper.as_ref().map(|upper| line.number(5, upper.clone().known(), shapes[2]));
        let asked = Asked { level, upper, baseline: before };
        let completion = goals::completion(&during, &asked, figures.direction, ctx.review.policy);
        line.number(COMPLETION, completion, Shape::Percent);
        line.put(7, row.source.as_str());
        line.span(8, COLUMNS - 1, PageCell::from(row.remark.as_str()).shaped(Shape::Wrapped));
    }
    let last = page.next_row() - 1;
    let area = Area::new(CellRef::new(first, COMPLETION), CellRef::new(last, COMPLETION));
    page.dresses.push(Dress::Bands { area, good: 1.0, bad: ctx.review.policy.thresholds.goal.mostly });
    page.skip(1);
}
