//! 人货场 with its whys, lessons by kind, teamwork: the team's own words in order.

use super::{Board, COLUMNS, Ctx};
use crate::campaign::{LessonKind, ProcessDimension};
use crate::cell::{Area, CellRef};
use crate::expr::Expr;
use crate::metrics::people::{self, TEAMWORK_MEAN};
use crate::metrics::voice;
use crate::page::{Dress, Page, PageCell, Role, Shape};
use crate::sheets::line::{Line, spanned_header};
use crate::sheets::{column, link};

/// 过程分析 by 人, 货, 场.
pub fn process(page: &mut Page, ctx: &Ctx<'_>) {
    page.line(Role::Section, COLUMNS, ctx.word("process"));
    page.line(Role::Note, COLUMNS, ctx.word("process_note"));
    page.row(Role::Header, ctx.words([
        "dimension", "kind", "description", "why1", "why2", "why3", "why4", "why5", "root", "depth",
    ]));
    let rows = &ctx.review.campaign.process;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let place = |row: usize| {
        let dimension = rows[row].dimension.value;
        ProcessDimension::ALL.iter().position(|known| Some(*known) == dimension).unwrap_or(usize::MAX)
    };
    order.sort_by_key(|row| place(*row));
    for row in order {
        let note = &rows[row];
        let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
        let mut line = Line::new(page);
        line.put(0, note.dimension.value.map(|dimension| ctx.word(dimension.id())).unwrap_or_default());
        line.put(1, note.kind.value.map(|kind| ctx.word(kind.id())).unwrap_or_default());
        line.put(2, link(note.description.as_str(), note.description.at.as_ref()).shaped(Shape::Wrapped));
        let whys = [&note.why1, &note.why2, &note.why3, &note.why4, &note.why5];
        for (col, why) in (3u32..).zip(whys) {
            line.put(col, wrapped(why.as_str()));
        }
        line.put(8, wrapped(note.root.as_str()));
        let at = line.row;
        if !note.whys().is_empty() {
            let whys = Expr::from(page.range(Area::new(CellRef::new(at, 3), CellRef::new(at, 7))));
            let depth = voice::why_depth([whys]);
            page.put(CellRef::new(at, 9), PageCell::from(depth).shaped(Shape::Integer));
        }
    }
    page.skip(1);
}

/// 经验 by kind, what to repeat first.
pub fn experience(page: &mut Page, ctx: &Ctx<'_>) {
    page.line(Role::Section, COLUMNS, ctx.word("experience"));
    let spans =
        [(0, 0, "kind"), (1, 3, "content"), (4, 5, "evidence"), (6, 7, "scope"), (8, 10, "advice")];
    spanned_header(page, ctx, &spans);
    let rows = &ctx.review.campaign.lessons;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let place = |row: usize| {
        LessonKind::ALL.iter().position(|known| Some(*known) == rows[row].kind.value).unwrap_or(usize::MAX)
    };
    order.sort_by_key(|row| place(*row));
    for row in order {
        let lesson = &rows[row];
        let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
        let mut line = Line::new(page);
        let kind = lesson.kind.value.map(|kind| ctx.word(lesson_word(kind))).unwrap_or_default();
        line.put(0, wrapped(&kind));
        line.span(1, 3, link(lesson.content.as_str(), lesson.content.at.as_ref()).shaped(Shape::Wrapped));
        line.span(4, 5, wrapped(lesson.evidence.as_str()));
        line.span(6, 7, wrapped(lesson.scope.as_str()));
        line.span(8, 10, wrapped(lesson.advice.as_str()));
    }
    page.skip(1);
}

/// The word of a kind of lesson.
pub fn lesson_word(kind: LessonKind) -> &'static str {
    match kind {
        LessonKind::Success => "lesson_success",
        LessonKind::Improve => "lesson_improve",
        LessonKind::Failure => "lesson_failure",
        LessonKind::Surprise => "lesson_surprise",
    }
}

/// 团队协作 by dimension, and its mean.
pub fn teamwork(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.line(Role::Section, COLUMNS, ctx.word("teamwork"));
    spanned_header(page, ctx, &[(0, 0, "dimension"), (1, 1, "score"), (2, 5, "remark"), (6, 10, "advice")]);
    let first = page.next_row();
    for row in &ctx.review.campaign.teamwork {
        let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
        let mut line = Line::new(page);
        line.put(0, link(row.dimension.as_str(), row.dimension.at.as_ref()));
        line.number(1, row.score.expr(), Shape::Decimal);
        line.span(2, 5, wrapped(row.remark.as_str()));
        line.span(6, 10, wrapped(row.advice.as_str()));
    }
    let last = page.next_row() - 1;
    page.dresses.push(Dress::Bar(Area::new(CellRef::new(first, 1), CellRef::new(last, 1))));
    let mean = people::mean(column(page, 1, first, last));
    let mut line = Line::total(page, COLUMNS);
    line.put(0, ctx.word("mean"));
    let mean = line.number(1, mean, Shape::Decimal);
    board.figures.insert(TEAMWORK_MEAN.name, mean);
    page.skip(1);
}
