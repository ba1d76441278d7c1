//! 校验结果: everything that is to be said about the workbook, worst first, each
//! linked to its cell; and 未检查: what was not read.

use super::{Board, Ctx, Sheet, column, header_of, link};
use crate::cell::{Area, CellRef, Content, Place};
use crate::diagnostic::{Finding, Severity};
use crate::expr::Expr;
use crate::metrics::completeness;
use crate::page::{Dress, Page, PageCell, Role, Shape, Tab};
use crate::review::Review;
use crate::workbook;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "findings", text: include_str!("findings.toml"), tab: Tab::Appendix, wanted, fill };

const COLUMNS: u32 = 14;
/// More findings than this go on over the next sheet of paper.
const A_PAPER: usize = 15;
const LEVEL: u32 = 1;
const SUGGESTION: usize = 9;
const ACCEPT: u32 = 10;

fn wanted(_: &Review<'_>) -> bool {
    true
}

/// A finding with a suggestion, as a sheet of an earlier run tells it, and what somebody put beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The cell.
    pub at: Place,
    /// The code.
    pub code: String,
    /// What was there.
    pub found: String,
    /// What to type instead.
    pub suggestion: String,
    /// What stands under 采纳.
    pub accept: Content,
}

/// The findings with suggestions that a sheet of an earlier run tells, in its order; `None` where it is another sheet.
pub fn read(sheet: &workbook::Sheet) -> Option<Vec<Told>> {
    let keys = ["order", "place", "found", "suggestion", "accept", "code"];
    let (header, [order, place, found, suggestion, accept, code]) = header_of(sheet, SHEET.text, keys)?;
    let last = sheet.cells.keys().next_back().map_or(header, |at| at.row);
    let text = |row: u32, col: u32| sheet.content(CellRef::new(row, col)).to_text();
    let rows = (header + 1..=last).take_while(|row| !text(*row, order).is_empty());
    let told = rows.filter_map(|row| {
        let place = text(row, place);
        let (name, cell) = place.rsplit_once('!')?;
        Some(Told {
            at: Place::new(name, CellRef::parse(cell)?),
            code: text(row, code),
            found: text(row, found),
            suggestion: Some(text(row, suggestion)).filter(|text| !text.is_empty())?,
            accept: sheet.content(CellRef::new(row, accept)).clone(),
        })
    });
    Some(told.collect())
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let findings = &ctx.review.findings;
    page.set_widths(&[5.0, 7.0, 14.0, 15.0, 13.0, 12.0, 14.0, 32.0, 28.0, 12.0, 7.0, 14.0, 20.0, 16.0]);
    ctx.heading(page, COLUMNS);
    let conclusion = PageCell::from(counts(ctx));
    board.conclusions.push(("findings", conclusion.clone()));
    page.line(Role::Conclusion, COLUMNS, conclusion);
    page.line(Role::Note, COLUMNS, ctx.word("how"));
    page.skip(1);
    let header = page.next_row();
    page.row(Role::Header, ctx.words([
        "order", "level", "what", "place", "table", "column", "found", "message", "help", "suggestion", "accept",
        "more", "why", "code",
    ]));
    page.freeze = Some(CellRef::new(header + 1, 4));
    // Under a short list the header would be repeated over the tables below.
    page.repeat_rows = (findings.len() > A_PAPER).then_some((header, header));
    let first = page.next_row();
    for (order, finding) in findings.iter().enumerate() {
        page.row(Role::Body, cells(ctx, order, finding));
        if finding.suggestion.is_some() {
            let at = CellRef::new(page.next_row() - 1, ACCEPT);
            page.dropdowns.push((Area::new(at, at), vec![ctx.word("yes"), ctx.word("no")]));
        }
    }
    if !findings.is_empty() {
        let last = page.next_row() - 1;
        page.filter = Some(Area::new(CellRef::new(header, 0), CellRef::new(last, COLUMNS - 1)));
        let area = Area::new(CellRef::new(first, LEVEL), CellRef::new(last, LEVEL));
        for (severity, role) in [(Severity::Error, Role::Bad), (Severity::Warning, Role::Warn)] {
            page.dresses.push(Dress::Word { area, word: level(ctx, severity), role });
        }
    }
    page.skip(1);
    blockers(page, ctx);
    filled(page, ctx, board);
    unread(page, ctx);
}

/// What to fill in first, and what can be computed then.
fn blockers(page: &mut Page, ctx: &Ctx<'_>) {
    let blockers = &ctx.review.blockers;
    if blockers.is_empty() {
        return;
    }
    page.line(Role::Section, COLUMNS, ctx.word("blockers"));
    let blank = String::new;
    page.row(Role::Header, [
        ctx.word("order"),
        ctx.word("blocker_cells"),
        blank(),
        ctx.word("place"),
        blank(),
        blank(),
        blank(),
        ctx.word("unlocks"),
        ctx.word("more"),
    ]);
    for (order, blocker) in blockers.iter().enumerate() {
        let first = blocker.cells.first();
        let count = |n: usize| PageCell::from(n as f64).shaped(Shape::Integer);
        page.row(Role::Body, [
            count(order + 1),
            count(blocker.cells.len()),
            PageCell::default(),
            first.map_or_else(PageCell::default, |at| link(&at.to_string(), Some(at))),
            PageCell::default(),
            PageCell::default(),
            PageCell::default(),
            PageCell::from(blocker.figures(ctx.lang)).shaped(Shape::Wrapped),
            PageCell::from(more(blocker.cells.get(1..).unwrap_or_default())).shaped(Shape::Wrapped),
        ]);
    }
    page.skip(1);
}

/// How much of each table was filled in.
fn filled(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let filled = &ctx.review.analysis.filled;
    if filled.is_empty() {
        return;
    }
    page.line(Role::Section, COLUMNS, ctx.word("filled"));
    page.row(Role::Header, ctx.words(["order", "core", "table", "rows", "required", "filled_cells", "completeness"]));
    let first = page.next_row();
    let count = |n: usize| PageCell::from(n as f64).shaped(Shape::Integer);
    for (order, table) in filled.iter().enumerate() {
        let label = ctx.review.catalogue.tables.get(&table.table).map(|table| table.label.get(ctx.lang));
        let placed = page.row(Role::Body, [
            count(order + 1),
            if table.core { ctx.word("yes") } else { String::new() }.into(),
            label.unwrap_or_default().into(),
            count(table.rows),
            count(table.required),
            count(table.filled),
        ]);
        let share = completeness::completeness(placed[5].clone(), placed[4].clone());
        page.put(CellRef::new(page.next_row() - 1, 6), PageCell::from(share).shaped(Shape::Percent));
    }
    let last = page.next_row() - 1;
    let sum = |page: &Page, col: u32| Expr::sum([column(page, col, first, last)]);
    let (required, done) = (sum(page, 4), sum(page, 5));
    let total = |expr: Expr| PageCell::from(expr).shaped(Shape::Integer);
    let text = |text: String| PageCell::from(text);
    let placed = page.row(Role::Total, [
        text(String::new()),
        text(String::new()),
        text(ctx.word("total")),
        text(String::new()),
        total(required),
        total(done),
    ]);
    let share = completeness::completeness(placed[5].clone(), placed[4].clone());
    let at = CellRef::new(last + 1, 6);
    let placed = page.put(at, PageCell::from(share).shaped(Shape::Percent).role(Role::Total));
    board.figures.insert(completeness::COMPLETENESS.name, placed);
    page.skip(1);
}

fn cells(ctx: &Ctx<'_>, order: usize, finding: &Finding) -> [PageCell; COLUMNS as usize] {
    let wording = finding.code.wording(ctx.lang);
    let wrapped = |text: String| PageCell::from(text).shaped(Shape::Wrapped);
    let place = match &finding.at {
        Some(at) => link(&at.to_string(), Some(at)),
        None => finding.sheet.clone().unwrap_or_default().into(),
    };
    let table = finding.table.as_deref().map(|table| match ctx.review.catalogue.tables.get(table) {
        Some(table) => table.label.get(ctx.lang),
        None => table.to_owned(),
    });
    let mut cells = [
        PageCell::from(order as f64 + 1.0).shaped(Shape::Integer),
        level(ctx, finding.severity).into(),
        wrapped(wording.title),
        place,
        table.unwrap_or_default().into(),
        finding.column.clone().unwrap_or_default().into(),
        wrapped(finding.found.clone().unwrap_or_default()),
        wrapped(finding.message(ctx.lang)),
        wrapped(finding.help(ctx.lang)),
        wrapped(finding.suggestion.clone().unwrap_or_default()),
        PageCell::default(),
        wrapped(more(&finding.more)),
        wrapped(wording.why),
        finding.code.name.into(),
    ];
    if finding.suggestion.is_some() {
        cells[SUGGESTION].role = Role::Good;
        cells[ACCEPT as usize].role = Role::Input;
    }
    cells
}

/// Further cells of the same cause: all of them, sheet named once.
fn more(places: &[Place]) -> String {
    let mut sheet = "";
    let mut text = Vec::new();
    for place in places {
        if &*place.sheet == sheet {
            text.push(place.cell.to_string());
        } else {
            sheet = &place.sheet;
            text.push(place.to_string());
        }
    }
    text.join(" ")
}

fn level(ctx: &Ctx<'_>, severity: Severity) -> String {
    ctx.word(match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    })
}

fn counts(ctx: &Ctx<'_>) -> String {
    let findings = &ctx.review.findings;
    let count = |severity| {
        let of = findings.iter().filter(|finding| finding.severity == severity);
        let (n, cells) = of.fold((0, 0), |(n, cells), finding| (n + 1, cells + finding.cells()));
        let key = if cells > n { "count_over_cells" } else { "count" };
        ctx.say(key, &[("n", &n.to_string()), ("cells", &cells.to_string())])
    };
    let mut text = if findings.is_empty() {
        ctx.word("clean")
    } else {
        ctx.say("counts", &[
            ("errors", &count(Severity::Error)),
            ("warnings", &count(Severity::Warning)),
            ("notes", &count(Severity::Note)),
        ])
    };
    if ctx.review.silenced > 0 {
        text += &ctx.say("silenced", &[("n", &ctx.review.silenced.to_string())]);
    }
    text
}

fn unread(page: &mut Page, ctx: &Ctx<'_>) {
    let unread = &ctx.review.records.unread;
    if unread.is_empty() {
        return;
    }
    page.line(Role::Section, COLUMNS, ctx.word("unread"));
    page.line(Role::Note, COLUMNS, ctx.word("unread_note"));
    page.row(Role::Header, [
        ctx.word("order"),
        String::new(),
        ctx.word("place"),
        String::new(),
        ctx.word("cells"),
        String::new(),
        ctx.word("reason"),
        ctx.word("message"),
    ]);
    for (order, unread) in unread.iter().enumerate() {
        let corner = unread.area.map_or(CellRef::new(0, 0), |area| area.first);
        let place = Place::new(unread.sheet.as_str(), corner);
        let text = match unread.area {
            Some(area) => format!("{}!{area}", unread.sheet),
            None => format!("{} ({})", unread.sheet, ctx.word("whole_sheet")),
        };
        page.row(Role::Body, [
            PageCell::from(order as f64 + 1.0).shaped(Shape::Integer),
            PageCell::default(),
            link(&text, Some(&place)),
            PageCell::default(),
            PageCell::from(unread.cells as f64).shaped(Shape::Integer),
            PageCell::default(),
            ctx.word(unread.reason).into(),
            PageCell::from(unread.detail.as_str()).shaped(Shape::Wrapped),
        ]);
    }
}
