//! Problems as listed, by class, and the causes they share.

use super::{COLUMNS, Ctx, pareto};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::page::{Dress, Page, PageCell, Role, Shape};
use crate::sheets::line::{Line, spanned_header};
use crate::sheets::{column, link};

const CLASS: u32 = 1;
const GROUP: u32 = 6;
const RECURRING: u32 = 10;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>) {
    let (problems, roots) = (&ctx.review.campaign.problems, &ctx.review.analysis.voice.roots);
    page.line(Role::Section, COLUMNS, ctx.word("problems"));
    let spans = [
        (0, 0, "code"),
        (1, 1, "class"),
        (2, 2, "description"),
        (3, 5, "root"),
        (6, 8, "group"),
        (9, 9, "impact"),
        (10, 10, "recurring"),
    ];
    spanned_header(page, ctx, &spans);
    let first = page.next_row();
    for (i, problem) in problems.iter().enumerate() {
        let group = roots.iter().find(|root| root.problems.contains(&i));
        let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
        let mut line = Line::new(page);
        line.put(0, problem.code.as_str());
        line.put(CLASS, problem.class.value.map(|class| ctx.word(class.id())).unwrap_or_default());
        line.put(2, link(problem.description.as_str(), problem.description.at.as_ref()).shaped(Shape::Wrapped));
        line.span(3, 5, wrapped(problem.root.as_str()));
        line.span(GROUP, 8, wrapped(group.map_or("", |root| root.text.as_str())));
        line.put(9, problem.impact.value.map(|level| ctx.word(level.id())).unwrap_or_default());
        let recurring = problem.recurring.value.map(|yes| ctx.word(if yes { "yes" } else { "no" }));
        line.put(RECURRING, recurring.unwrap_or_default());
    }
    let last = page.next_row() - 1;
    let area = Area::new(CellRef::new(first, RECURRING), CellRef::new(last, RECURRING));
    page.dresses.push(Dress::Word { area, word: ctx.word("yes"), role: Role::Bad });
    page.skip(1);
    let counted = |page: &Page, col: u32, name: &str| {
        Expr::call(Fun::CountIf, [column(page, col, first, last), Expr::text(name)])
    };
    let rows: Vec<(PageCell, Expr)> = ctx.review.analysis.voice.classes.iter()
        .map(|class| {
            let name = ctx.word(class.class.id());
            let count = counted(page, CLASS, &name);
            (name.into(), count)
        })
        .collect();
    if !rows.is_empty() {
        page.line(Role::Section, COLUMNS, ctx.word("by_class"));
        pareto::fill(page, ctx, "class", "class_chart", rows);
    }
    let shared: Vec<_> = roots.iter().filter(|root| root.count() > 1).collect();
    if !shared.is_empty() {
        page.line(Role::Section, COLUMNS, ctx.word("roots"));
        page.line(Role::Note, COLUMNS, ctx.word("roots_note"));
        spanned_header(page, ctx, &[(0, 2, "root"), (3, 3, "times"), (4, 10, "from_problems")]);
        for root in shared {
            let from = root.problems.iter().map(|row| {
                let problem = &problems[*row];
                [problem.code.as_str(), problem.description.as_str()].join(" ").trim().to_owned()
            });
            let notes = root.notes.iter().map(|row| {
                ctx.review.campaign.process[*row].description.as_str().to_owned()
            });
            let from: Vec<String> = from.chain(notes).collect();
            let mut line = Line::new(page);
            line.span(0, 2, link(&root.text, root.at.as_ref()).shaped(Shape::Wrapped));
            line.put(3, PageCell::from(root.count() as f64).shaped(Shape::Integer));
            line.span(4, 10, PageCell::from(from.join(&ctx.word("join"))).shaped(Shape::Wrapped));
        }
        page.skip(1);
    }
}
