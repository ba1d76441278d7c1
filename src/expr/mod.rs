//! One tree, a value and a formula.
//!
//! Every figure is an [`Expr`]: evaluated here the way Excel evaluates it, and
//! written out as the formula a person clicks. Both come from the same tree, so
//! the number we judge and the formula in the workbook cannot disagree; another
//! engine can recompute the formula and check us.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops;
use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;

use crate::cell::{Area, CellRef, Place, push_number};

mod evaluate;
mod known;
mod values;

pub use values::Values;

/// What a cell or an expression amounts to, as Excel sees it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Val {
    /// An empty cell.
    #[default]
    Blank,
    /// A number (dates are serials).
    Number(f64),
    /// A text; the empty text is how a formula shows nothing.
    Text(Arc<str>),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error value.
    Error,
}

impl Val {
    /// The number, where it is one and finite.
    pub fn number(&self) -> Option<f64> {
        match self {
            Val::Number(n) if n.is_finite() => Some(*n),
            _ => None,
        }
    }

    /// The text, where it is one and not empty.
    pub fn text(&self) -> Option<&str> {
        match self {
            Val::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }
}

/// A cell an expression refers to.
#[derive(Debug, Clone, PartialEq)]
pub enum Leaf {
    /// A cell that holds the value itself; the reference is exact, and stays live.
    Cell {
        /// The cell.
        at: Place,
        /// What it holds now.
        value: Val,
    },
    /// A value read from text.
    Normalised(Box<Normalised>),
}

/// A value read from text such as `500万元`: the formula refers to its
/// normalised number on the worksheet of normalised values, beside the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalised {
    /// The cell it was typed in.
    pub at: Place,
    /// What was typed.
    pub text: String,
    /// Which part of it, where a text holds several numbers (`lower` of a range …); empty for the only one.
    pub part: &'static str,
    /// The number read.
    pub value: f64,
}

impl Leaf {
    /// What tells it from others of the same workbook: its cell, and which part of what was typed there.
    fn key(&self) -> (Place, Option<&'static str>) {
        match self {
            Leaf::Cell { at, .. } => (at.clone(), None),
            Leaf::Normalised(read) => (read.at.clone(), Some(read.part)),
        }
    }

    /// What the cell holds now.
    pub fn value(&self) -> Val {
        match self {
            Leaf::Cell { value, .. } => value.clone(),
            Leaf::Normalised(read) => Val::Number(read.value),
        }
    }
}

/// A rectangle of cells with what they hold now, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// The sheet.
    pub sheet: Arc<str>,
    /// The rectangle.
    pub area: Area,
    /// Values, row by row; shared, for a column is referred to from each of its rows.
    pub values: Values,
    /// The cells behind values that stand on no sheet together, see [`Expr::loose`]; empty otherwise.
    pub leaves: Arc<[Leaf]>,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A constant number: a threshold, a factor.
    Num(f64),
    /// A constant text.
    Text(Arc<str>),
    /// A cell.
    Leaf(Leaf),
    /// A rectangle, as an argument of a function.
    Range(Arc<Range>),
    /// Left, operator, right.
    Op(Arc<Operation>),
    /// A function.
    Call(Arc<Call>),
}

/// An operator between two expressions.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The operator.
    pub op: Op,
    /// What stands before it.
    pub left: Expr,
    /// What stands behind it.
    pub right: Expr,
    /// What it amounts to, once somebody has asked.
    value: OnceLock<Val>,
}

/// A function with its arguments.
#[derive(Debug, Clone)]
pub struct Call {
    /// The function.
    pub fun: Fun,
    /// Its arguments.
    pub args: SmallVec<[Expr; 3]>,
    /// What it amounts to, once somebody has asked.
    value: OnceLock<Val>,
    /// Of a choice that shows nothing for want of something: how it came about.
    guard: Option<known::Guard>,
}

// Equal is what is written alike; whether somebody has asked for the value, or how it came about, does not matter.
impl PartialEq for Operation {
    fn eq(&self, other: &Operation) -> bool {
        std::ptr::eq(self, other)
            || (self.op == other.op && self.left == other.left && self.right == other.right)
    }
}

impl PartialEq for Call {
    fn eq(&self, other: &Call) -> bool {
        std::ptr::eq(self, other) || (self.fun == other.fun && self.args == other.args)
    }
}

/// Where a formula stands.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// The sheet.
    pub sheet: &'a str,
    /// Its row, where people may sort it among others: what leaves the row has to say exactly where it leads.
    pub sorted: Option<u32>,
}

/// Operators, with Excel's precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `&`
    Join,
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Op {
    fn sign(self) -> &'static str {
        match self {
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "/",
            Op::Join => "&",
            Op::Eq => "=",
            Op::Ne => "<>",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
        }
    }

    fn binding(self) -> u8 {
        match self {
            Op::Mul | Op::Div => 4,
            Op::Add | Op::Sub => 3,
            Op::Join => 2,
            _ => 1,
        }
    }
}

/// The functions we use: only such as Excel 2013, WPS and LibreOffice share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Fun {
    Sum,
    Count,
    CountA,
    Average,
    Median,
    Min,
    Max,
    Abs,
    Round,
    If,
    And,
    Or,
    Not,
    IfError,
    IsNumber,
    Ln,
    Sqrt,
    CountIf,
    CountIfs,
    SumIf,
    SumIfs,
    SumProduct,
    Rank,
    Index,
    Match,
    Text,
    Len,
    Left,
    Trim,
    Exact,
    IsError,
}

impl Fun {
    /// The name in a formula.
    pub fn name(self) -> &'static str {
        match self {
            Fun::Sum => "SUM",
            Fun::Count => "COUNT",
            Fun::CountA => "COUNTA",
            Fun::Average => "AVERAGE",
            Fun::Median => "MEDIAN",
            Fun::Min => "MIN",
            Fun::Max => "MAX",
            Fun::Abs => "ABS",
            Fun::Round => "ROUND",
            Fun::If => "IF",
            Fun::And => "AND",
            Fun::Or => "OR",
            Fun::Not => "NOT",
            Fun::IfError => "IFERROR",
            Fun::IsNumber => "ISNUMBER",
            Fun::Ln => "LN",
            Fun::Sqrt => "SQRT",
            Fun::CountIf => "COUNTIF",
            Fun::CountIfs => "COUNTIFS",
            Fun::SumIf => "SUMIF",
            Fun::SumIfs => "SUMIFS",
            Fun::SumProduct => "SUMPRODUCT",
            Fun::Rank => "RANK",
            Fun::Index => "INDEX",
            Fun::Match => "MATCH",
            Fun::Text => "TEXT",
            Fun::Len => "LEN",
            Fun::Left => "LEFT",
            Fun::Trim => "TRIM",
            Fun::Exact => "EXACT",
            Fun::IsError => "ISERROR",
        }
    }
}

impl Range {
    /// Values that stand on no sheet: what an analysis hands to the functions
    /// that a sheet gives its cells.
    pub fn loose(values: Vec<Val>) -> Range {
        let corner = CellRef::new(0, 0);
        let leaves = Vec::new().into();
        Range { sheet: "".into(), area: Area::new(corner, corner), values: values.into(), leaves }
    }

    /// Its cells with what they hold, row by row.
    fn cells(&self) -> impl Iterator<Item = Leaf> + '_ {
        let Area { first, last } = self.area;
        let cells = (first.row..=last.row)
            .flat_map(move |row| (first.col..=last.col).map(move |col| CellRef::new(row, col)));
        cells.zip(self.values.iter()).map(|(cell, value)| Leaf::Cell {
            at: Place { sheet: self.sheet.clone(), cell },
            value: value.clone(),
        })
    }

    /// Whether its values stand on no sheet.
    pub fn is_loose(&self) -> bool {
        self.sheet.is_empty()
    }
}

/// The cell an expression shows as it is, guarded or not.
fn bare(expr: &Expr) -> Option<&Place> {
    match expr {
        Expr::Leaf(Leaf::Cell { at, .. }) => Some(at),
        Expr::Call(call) if call.fun == Fun::If => match call.args.as_slice() {
            [_, shown @ Expr::Leaf(_), nothing] if nothing.is_nothing() => bare(shown),
            _ => None,
        },
        _ => None,
    }
}

/// The rectangle that cells below one another fill, in the order given.
fn column_of(cells: &[&Place]) -> Option<(Arc<str>, Area)> {
    let (first, last) = (cells.first()?, cells.last()?);
    let follows = |pair: &[&Place]| {
        let [above, below] = pair else { return false };
        above.sheet == below.sheet && above.cell.col == below.cell.col && below.cell.row == above.cell.row + 1
    };
    cells.windows(2).all(follows).then(|| (first.sheet.clone(), Area::new(first.cell, last.cell)))
}

impl Expr {
    /// The values of expressions as a range: the column they stand in where they are cells below
    /// one another, else one that stands on no sheet (see [`Range::loose`]) and remembers its cells.
    pub fn loose<'a>(exprs: impl IntoIterator<Item = &'a Expr>) -> Expr {
        let exprs: Vec<&Expr> = exprs.into_iter().collect();
        let mut range = Range::loose(exprs.iter().map(|expr| expr.value()).collect());
        let cells: Option<Vec<&Place>> = exprs.iter().map(|expr| bare(expr)).collect();
        if let Some((sheet, area)) = cells.and_then(|cells| column_of(&cells)) {
            (range.sheet, range.area) = (sheet, area);
        } else {
            let mut leaves: Vec<Leaf> = Vec::new();
            for expr in exprs {
                // The cells of one value repeat within its guards; those of the next are others.
                let mut seen = HashSet::new();
                leaves.extend(expr.inputs().into_iter().filter(|leaf| seen.insert(leaf.key())));
            }
            range.leaves = leaves.into();
        }
        range.into()
    }

    /// A constant text.
    pub fn text(text: impl Into<Arc<str>>) -> Expr {
        Expr::Text(text.into())
    }

    /// The empty text: nothing to show.
    pub fn nothing() -> Expr {
        Expr::Text(Arc::default())
    }

    /// A cell with what it holds.
    pub fn cell(at: Place, value: Val) -> Expr {
        Expr::Leaf(Leaf::Cell { at, value })
    }

    /// A function call.
    pub fn call(fun: Fun, args: impl IntoIterator<Item = Expr>) -> Expr {
        Expr::Call(Arc::new(Call {
            fun,
            args: args.into_iter().collect(),
            value: OnceLock::new(),
            guard: None,
        }))
    }

    /// Left, operator, right.
    pub fn op(self, op: Op, right: impl Into<Expr>) -> Expr {
        Expr::Op(Arc::new(Operation { op, left: self, right: right.into(), value: OnceLock::new() }))
    }

    /// `IF(self, then, otherwise)`.
    pub fn then(self, then: impl Into<Expr>, otherwise: impl Into<Expr>) -> Expr {
        Expr::call(Fun::If, [self, then.into(), otherwise.into()])
    }

    /// `SUM` of terms: blanks are passed over, terms that can never be there are left out.
    ///
    /// Cells below one another are summed as the column they are: a row put in between belongs to it.
    pub fn sum(terms: impl IntoIterator<Item = Expr>) -> Expr {
        let terms: Vec<Expr> = terms.into_iter().filter(|term| !term.is_nothing()).collect();
        let cells: Option<Vec<&Place>> = terms.iter().map(Expr::is_cell).collect();
        match cells.filter(|cells| cells.len() > 1).and_then(|cells| column_of(&cells)) {
            Some((sheet, area)) => {
                let values = terms.iter().map(Expr::value).collect();
                Expr::call(Fun::Sum, [Range { sheet, area, values, leaves: Arc::default() }.into()])
            }
            None => Expr::call(Fun::Sum, terms),
        }
    }

    fn is_cell(&self) -> Option<&Place> {
        match self {
            Expr::Leaf(Leaf::Cell { at, .. }) => Some(at),
            _ => None,
        }
    }

    /// `MIN(self, other)`.
    pub fn min(self, other: impl Into<Expr>) -> Expr {
        Expr::call(Fun::Min, [self, other.into()])
    }

    /// `MAX(self, other)`.
    pub fn max(self, other: impl Into<Expr>) -> Expr {
        Expr::call(Fun::Max, [self, other.into()])
    }

    /// `ROUND(self, digits)`.
    pub fn round(self, digits: i32) -> Expr {
        Expr::call(Fun::Round, [self, Expr::Num(f64::from(digits))])
    }

    /// What it amounts to, as Excel would say.
    pub fn value(&self) -> Val {
        evaluate::value(self).into_owned()
    }

    /// The number it amounts to, where it is one.
    pub fn number(&self) -> Option<f64> {
        evaluate::value(self).number()
    }

    /// The formula, without `=`, as it stands on the sheet `home`.
    ///
    /// `normalised` says where the number of a [`Leaf::Normalised`] stands.
    pub fn formula(&self, home: &str, normalised: &dyn Fn(&Leaf) -> Option<Place>) -> String {
        self.formula_in(Home { sheet: home, sorted: None }, normalised)
    }

    /// The same where the formula stands in a row people may sort, if `home` says so.
    pub fn formula_in(&self, home: Home<'_>, normalised: &dyn Fn(&Leaf) -> Option<Place>) -> String {
        let mut out = String::with_capacity(256);
        self.write(&mut out, 0, home, normalised);
        out
    }

    /// Every leaf, in the order written, cells of ranges left out.
    pub fn leaves(&self) -> Vec<&Leaf> {
        let mut leaves = Vec::new();
        self.walk(&mut |expr| {
            if let Expr::Leaf(leaf) = expr {
                leaves.push(leaf);
            }
        });
        leaves
    }

    /// The same expression with every leaf and every range replaced; what is computed stays.
    pub fn replaced(
        &self,
        leaf: &mut dyn FnMut(&Leaf) -> Leaf,
        range: &mut dyn FnMut(&Range) -> Range,
    ) -> Expr {
        match self {
            Expr::Num(_) | Expr::Text(_) => self.clone(),
            Expr::Leaf(it) => Expr::Leaf(leaf(it)),
            Expr::Range(it) => range(it).into(),
            Expr::Op(it) => it.left.replaced(leaf, range).op(it.op, it.right.replaced(leaf, range)),
            Expr::Call(it) => Expr::call(it.fun, it.args.iter().map(|arg| arg.replaced(leaf, range))),
        }
    }

    /// How many of some things are so: each counts 1 or 0, and names the cell that says so.
    pub fn tally(things: impl IntoIterator<Item = (bool, Option<Leaf>)>) -> Expr {
        let (values, leaves): (Vec<Val>, Vec<Option<Leaf>>) =
            things.into_iter().map(|(so, leaf)| (Val::Number(f64::from(u8::from(so))), leaf)).unzip();
        let range = Range { leaves: leaves.into_iter().flatten().collect(), ..Range::loose(values) };
        Expr::call(Fun::Sum, [range.into()])
    }

    /// Values found from cells that do not hold them: states by name, each with the cell that tells it.
    pub fn found(values: Vec<Val>, leaves: impl IntoIterator<Item = Leaf>) -> Expr {
        Range { leaves: leaves.into_iter().collect(), ..Range::loose(values) }.into()
    }

    /// Every cell it is made of, in the order written: those of rectangles and
    /// those behind values that stand on no sheet too.
    pub fn inputs(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.walk(&mut |expr| match expr {
            Expr::Leaf(leaf) => leaves.push(leaf.clone()),
            Expr::Range(range) if range.is_loose() => leaves.extend(range.leaves.iter().cloned()),
            Expr::Range(range) => leaves.extend(range.cells()),
            _ => {}
        });
        leaves
    }

    /// Visits this expression and all below it, parents first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        match self {
            Expr::Op(operation) => {
                operation.left.walk(visit);
                operation.right.walk(visit);
            }
            Expr::Call(call) => call.args.iter().for_each(|arg| arg.walk(visit)),
            Expr::Num(_) | Expr::Text(_) | Expr::Leaf(_) | Expr::Range(_) => {}
        }
    }

    /// Whether it is the empty text: a column that is not there, or nothing to show.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Expr::Text(text) if text.is_empty())
    }

    /// Whether it refers to no cell at all: then it is a constant and not worth a formula.
    pub fn is_constant(&self) -> bool {
        match self {
            Expr::Num(_) | Expr::Text(_) => true,
            Expr::Leaf(_) | Expr::Range(_) => false,
            Expr::Op(operation) => operation.left.is_constant() && operation.right.is_constant(),
            Expr::Call(call) => call.args.iter().all(Expr::is_constant),
        }
    }

    fn write(
        &self,
        out: &mut String,
        binding: u8,
        home: Home<'_>,
        normalised: &dyn Fn(&Leaf) -> Option<Place>,
    ) {
        match self {
            Expr::Num(n) if *n < 0.0 && binding > 0 => {
                out.push('(');
                number(out, *n);
                out.push(')');
            }
            Expr::Num(n) => number(out, *n),
            Expr::Text(text) => {
                out.push('"');
                for (n, piece) in text.split('"').enumerate() {
                    out.push_str(if n > 0 { "\"\"" } else { "" });
                    out.push_str(piece);
                }
                out.push('"');
            }
            Expr::Leaf(leaf) => match leaf {
                Leaf::Cell { at, .. } => reference(out, home, at),
                Leaf::Normalised(read) => match normalised(leaf) {
                    Some(at) => reference(out, home, &at),
                    None => number(out, read.value),
                },
            },
            Expr::Range(range) if range.is_loose() => array(out, &range.values),
            Expr::Range(range) => {
                sheet_prefix(out, home.sheet, &range.sheet);
                let Area { first, last } = range.area;
                first.write_absolute(out);
                out.push(':');
                last.write_absolute(out);
            }
            Expr::Op(operation) => {
                let Operation { op, left, right, .. } = &**operation;
                let inner = op.binding();
                let parens = inner < binding;
                if parens {
                    out.push('(');
                }
                left.write(out, inner, home, normalised);
                out.push_str(op.sign());
                // - and / do not associate to the right, comparisons not at all.
                right.write(out, inner + 1, home, normalised);
                if parens {
                    out.push(')');
                }
            }
            Expr::Call(call) => {
                out.push_str(call.fun.name());
                out.push('(');
                for (i, arg) in call.args.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    arg.write(out, 0, home, normalised);
                }
                out.push(')');
            }
        }
    }
}

/// A number as a formula has it. Most are counts and small factors.
fn number(out: &mut String, n: f64) {
    let whole = n as u32;
    if f64::from(whole) == n && n.is_sign_positive() {
        push_number(whole, out);
    } else {
        let _ = write!(out, "{n}");
    }
}

/// An array constant; of very many values the first.
fn array(out: &mut String, values: &[Val]) {
    const SHOWN: usize = 24;
    out.push('{');
    for (i, value) in values.iter().take(SHOWN).enumerate() {
        if i > 0 {
            out.push(',');
        }
        match value {
            Val::Number(n) => {
                let _ = write!(out, "{n}");
            }
            Val::Text(text) => {
                let _ = write!(out, "\"{}\"", text.replace('"', "\"\""));
            }
            Val::Bool(b) => out.push_str(if *b { "TRUE" } else { "FALSE" }),
            Val::Blank => out.push_str("\"\""),
            Val::Error => out.push_str("#N/A"),
        }
    }
    if values.len() > SHOWN {
        out.push_str(",…");
    }
    out.push('}');
}

fn reference(out: &mut String, home: Home<'_>, at: &Place) {
    sheet_prefix(out, home.sheet, &at.sheet);
    let leaves_its_row = home.sorted.is_some_and(|row| row != at.cell.row || *at.sheet != *home.sheet);
    if leaves_its_row { at.cell.write_absolute(out) } else { at.cell.write(out) }
}

fn sheet_prefix(out: &mut String, home: &str, sheet: &str) {
    if sheet != home {
        out.push('\'');
        for (n, piece) in sheet.split('\'').enumerate() {
            if n > 0 {
                out.push_str("''");
            }
            out.push_str(piece);
        }
        out.push_str("'!");
    }
}

/// `AND` of conditions; `None` of none.
pub fn all(conditions: Vec<Expr>) -> Option<Expr> {
    join(Fun::And, conditions)
}

/// `OR` of conditions; `None` of none.
pub fn any(conditions: Vec<Expr>) -> Option<Expr> {
    join(Fun::Or, conditions)
}

fn join(fun: Fun, mut conditions: Vec<Expr>) -> Option<Expr> {
    match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(Expr::call(fun, conditions)),
    }
}

impl From<Range> for Expr {
    fn from(range: Range) -> Expr {
        Expr::Range(range.into())
    }
}

impl From<Normalised> for Expr {
    fn from(read: Normalised) -> Expr {
        Expr::Leaf(Leaf::Normalised(read.into()))
    }
}

impl From<f64> for Expr {
    fn from(n: f64) -> Expr {
        Expr::Num(n)
    }
}

impl From<&str> for Expr {
    fn from(text: &str) -> Expr {
        Expr::Text(text.into())
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:ident) => {
        impl<E: Into<Expr>> ops::$trait<E> for Expr {
            type Output = Expr;
            fn $method(self, right: E) -> Expr {
                self.op(Op::$op, right)
            }
        }
    };
}
operator!(Add, add, Add);
operator!(Sub, sub, Sub);
operator!(Mul, mul, Mul);
operator!(Div, div, Div);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(a1: &str, value: Val) -> Expr {
        Expr::cell(Place::new("效果", CellRef::parse(a1).expect("a cell")), value)
    }

    fn formula(expr: &Expr) -> String {
        expr.formula("首页", &|_| None)
    }

    #[test]
    fn in_a_row_that_is_sorted_only_the_row_itself_moves() {
        let here = |a1: &str| Expr::cell(Place::new("首页", CellRef::parse(a1).expect("a cell")), Val::Blank);
        let sum = here("H9") - here("D5") + at("A9", Val::Blank);
        assert_eq!(formula(&sum), "H9-D5+'效果'!A9");
        let home = Home { sheet: "首页", sorted: Some(8) };
        assert_eq!(sum.formula_in(home, &|_| None), "H9-$D$5+'效果'!$A$9");
    }

    #[test]
    fn parentheses_stand_where_precedence_needs_them() {
        let a = || at("A1", Val::Number(7.0));
        assert_eq!(formula(&(a() - (a() - a()))), "'效果'!A1-('效果'!A1-'效果'!A1)");
        assert_eq!(formula(&((a() + 1.0) * a())), "('效果'!A1+1)*'效果'!A1");
        assert_eq!(formula(&(a() / (a() * 2.0))), "'效果'!A1/('效果'!A1*2)");
        assert_eq!(formula(&(a() - -1.0)), "'效果'!A1-(-1)");
    }
}
