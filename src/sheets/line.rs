//! One row of a table being laid out: cells by column, handed back for later formulas.

use super::Ctx;
use crate::cell::{Area, CellRef};
use crate::expr::Expr;
use crate::page::{Page, PageCell, Role, Shape};

/// A row of a page; cells put without a role of their own take the row's.
pub struct Line<'p> {
    page: &'p mut Page,
    /// Where it stands.
    pub row: u32,
    role: Role,
}

impl<'p> Line<'p> {
    /// The next row, ordinary.
    pub fn new(page: &'p mut Page) -> Line<'p> {
        Line::of(page, Role::Body)
    }

    /// The next row of a table of so many columns: those nothing is put in are empty cells of it.
    pub fn body(page: &'p mut Page, columns: u32) -> Line<'p> {
        let mut line = Line::of(page, Role::Body);
        for col in 0..columns {
            line.put(col, PageCell::default());
        }
        line
    }

    /// The next row, a total over `columns` columns.
    pub fn total(page: &'p mut Page, columns: u32) -> Line<'p> {
        let mut line = Line::of(page, Role::Total);
        for col in 0..columns {
            line.put(col, PageCell::default());
        }
        line
    }

    fn of(page: &'p mut Page, role: Role) -> Line<'p> {
        let row = page.next_row();
        page.skip(1);
        Line { page, row, role }
    }

    /// Puts a cell.
    pub fn put(&mut self, col: u32, cell: impl Into<PageCell>) -> Expr {
        let mut cell = cell.into();
        if cell.role == Role::Body {
            cell.role = self.role;
        }
        self.page.put(CellRef::new(self.row, col), cell)
    }

    /// Puts a number shown in a shape.
    pub fn number(&mut self, col: u32, expr: Expr, shape: Shape) -> Expr {
        self.put(col, PageCell::from(expr).shaped(shape))
    }

    /// Puts a cell over several columns.
    pub fn span(&mut self, first: u32, last: u32, cell: impl Into<PageCell>) {
        let cell = cell.into();
        for col in first + 1..=last {
            self.put(col, PageCell::default().role(cell.role));
        }
        self.page.merges.push(Area::new(CellRef::new(self.row, first), CellRef::new(self.row, last)));
        self.put(first, cell);
    }
}

/// A header row whose last word reaches over the columns left.
pub fn header(page: &mut Page, words: &[String], columns: u32) -> u32 {
    let mut line = Line::of(page, Role::Header);
    let row = line.row;
    for (col, word) in (0u32..).zip(words) {
        if col + 1 == words.len() as u32 && col + 1 < columns {
            line.span(col, columns - 1, word.as_str());
        } else {
            line.put(col, word.as_str());
        }
    }
    row
}

/// A header whose words reach over columns: first column, last column, word.
pub fn spanned_header(page: &mut Page, ctx: &Ctx<'_>, spans: &[(u32, u32, &str)]) {
    let mut line = Line::new(page);
    for (first, last, word) in spans {
        let cell = PageCell::from(ctx.word(word)).role(Role::Header);
        if first == last {
            line.put(*first, cell);
        } else {
            line.span(*first, *last, cell);
        }
    }
}
