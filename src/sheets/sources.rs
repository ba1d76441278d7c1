//! 来源核对: whether the team's tables still say what our sheets copied from them.
//!
//! A page nobody has to look at: its one sentence stands live on every other page, and is
//! empty as long as nothing has changed.

use super::Ctx;
use super::ledger::{self, WORDS};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun, Op, Range, Val};
use crate::locale::Lang;
use crate::page::{Page, PageCell, Role, Tab};
use crate::review::{Review, Source};

const COLUMNS: u32 = 4;
/// Where the sentence stands on every page: below title and subtitle.
const SENTENCE: CellRef = CellRef { row: 2, col: 0 };
/// The first column of the comparisons, right of the list.
const FIRST: u32 = COLUMNS + 1;
/// So many comparisons stand in one row.
const ACROSS: u32 = 20;
/// The column of weights, 1, 2, 3 …: with them a sum is another one once two numbers change places or share out anew.
const WEIGHTS: u32 = FIRST + ACROSS + 1;
/// Computed again, a sum may differ by less than this share of it.
const TOLERANCE: f64 = 1e-9;

/// Adds the page and, on every other page that leaves room for it, the sentence.
pub fn add(pages: &mut Vec<Page>, review: &Review<'_>, lang: Lang) {
    if review.sources.is_empty() {
        return;
    }
    let ctx = Ctx::new(review, lang, WORDS);
    let (mut page, sentence) = lay_out(&ctx);
    for page in pages.iter_mut() {
        let titled = page.cells.get(&CellRef::new(0, 0)).is_some_and(|cell| cell.role == Role::Title);
        if titled && page.cells.iter().all(|(at, _)| at.row != SENTENCE.row) {
            page.put(SENTENCE, PageCell::from(sentence.clone()).role(Role::Conclusion));
        }
    }
    page.skip(1);
    page.row(Role::Header, ctx.words(ledger::HEADERS));
    for (sheet, written) in ledger::written(pages) {
        let cells: [PageCell; 2] = [sheet.into(), written.into()];
        page.row(Role::Paragraph, cells);
    }
    pages.push(page);
}

/// The page, and the cell of its sentence.
fn lay_out(ctx: &Ctx<'_>) -> (Page, Expr) {
    let mut page = Page::new(ctx.word("title"), Tab::Appendix);
    page.hidden = true;
    page.set_widths(&[26.0, 12.0, 12.0, 12.0]);
    page.line(Role::Title, COLUMNS, ctx.word("title"));
    page.line(Role::Note, COLUMNS, ctx.word("how"));
    // The sentence is put once the list below says what it is made of.
    page.skip(2);
    page.row(Role::Header, ctx.words(["sheet", "then", "now", "texts"]));
    let longest = ctx.review.sources.iter().flat_map(|source| &source.figures).map(|(_, held)| held.len());
    page.put(CellRef::new(0, WEIGHTS), ctx.word("weight").into());
    for row in 1..=longest.max().unwrap_or_default() as u32 {
        page.put(CellRef::new(row, WEIGHTS), f64::from(row).into());
    }
    let mut said = Expr::nothing();
    let mut named: Vec<&str> = Vec::new();
    for source in &ctx.review.sources {
        let changed = line(&mut page, source);
        let name = &*source.rows.0;
        // Two tables on one sheet are one sheet to look at.
        if !named.contains(&name) {
            let again = format!("{name}{}", ctx.word("comma"));
            let more = changed.op(Op::Gt, 0.0).then(Expr::text(again), Expr::nothing());
            said = if said.is_nothing() { more } else { said.op(Op::Join, more) };
            named.push(name);
        }
    }
    let said = page.put(CellRef::new(SENTENCE.row, 1), said.into());
    let without_comma = Expr::call(
        Fun::Left,
        [said.clone(), Expr::call(Fun::Len, [said.clone()]) - ctx.word("comma").chars().count() as f64],
    );
    let whole = Expr::text(ctx.word("changed"))
        .op(Op::Join, without_comma)
        .op(Op::Join, Expr::text(ctx.word("again")));
    let sentence = said.op(Op::Eq, Expr::nothing()).then(Expr::nothing(), whole);
    let sentence = page.put(SENTENCE, sentence.into());
    (page, sentence)
}

/// One place of a table: rows then and now, how many of its texts and of its columns of numbers are others; answers
/// with how much has changed.
fn line(page: &mut Page, source: &Source) -> Expr {
    let row = page.next_row();
    let mut below = row;
    let texts = source.texts.iter().map(|(at, text)| {
        let cell = Expr::cell(at.clone(), Val::Text(text.as_str().into()));
        Expr::call(Fun::Exact, [cell, Expr::text(text.as_str())])
    });
    let figures = source.figures.iter().map(|held| refigured(page, &source.rows.0, held));
    let same: Vec<Expr> = texts.chain(figures).collect();
    for (n, same) in (0u32..).zip(same) {
        // A row that is gone leaves an error behind.
        let other = Expr::call(Fun::IfError, [same.then(0.0, 1.0), 1.0.into()]);
        below = row + n / ACROSS;
        page.put(CellRef::new(below, FIRST + n % ACROSS), other.into());
    }
    let (sheet, area) = source.rows.clone();
    // What the cells hold does not matter here, only how many hold something.
    let count = (area.last.row - area.first.row + 1) as usize;
    let values: Vec<Val> =
        (0..count).map(|n| if n < source.filled { Val::Number(1.0) } else { Val::Blank }).collect();
    let rows = Range { sheet: sheet.clone(), area, values: values.into(), leaves: Vec::new().into() };
    let now = Expr::call(Fun::IfError, [Expr::call(Fun::CountA, [rows.into()]), (-1.0).into()]);
    page.put(CellRef::new(row, 0), sheet.to_string().into());
    let then = page.put(CellRef::new(row, 1), (source.filled as f64).into());
    let now = page.put(CellRef::new(row, 2), now.into());
    let compared = Area::new(CellRef::new(row, FIRST), CellRef::new(below, FIRST + ACROSS - 1));
    let texts = page.range(compared);
    let texts = page.put(CellRef::new(row, 3), Expr::call(Fun::Sum, [texts.into()]).into());
    page.go_to(below + 1);
    Expr::call(Fun::Abs, [now - then]) + texts
}

/// Whether a column of numbers is what it was.
fn refigured(page: &Page, sheet: &std::sync::Arc<str>, (area, held): &(Area, Vec<Val>)) -> Expr {
    let weights = page.column(WEIGHTS, 1, held.len() as u32);
    let column =
        Range { sheet: sheet.clone(), area: *area, values: held.clone().into(), leaves: Vec::new().into() };
    let sum = Expr::call(Fun::SumProduct, [column.into(), weights.into()]);
    let then = sum.number().unwrap_or_default();
    let off = Expr::call(Fun::Abs, [sum - then]);
    off.op(Op::Le, (then.abs() * TOLERANCE).max(TOLERANCE))
}
