//! Unknown stays unknown: what an expression needs before it means anything.
//!
//! A guarded expression is marked as one. Guarded again, as a part of something
//! larger, what it wants joins the other wants and what it guards stands there
//! bare: every want is said once, and a formula stays one that a person can read.

use std::sync::Arc;

use super::{Call, Expr, Fun, Op, all, any};

/// How a choice came about that shows nothing for want of something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Guard {
    /// `IF(wants, shown, "")`; before what is shown stand so many choices that exclude a divisor of zero.
    Known(usize),
    /// `IF(wants, shown, other)`: the other is known, or needs nothing.
    Either,
}

impl Expr {
    /// The expression where everything it needs is known, else nothing.
    ///
    /// Needed are: every cell that stands outside a summing function, at least
    /// one number in every sum, and divisors other than zero. This is what
    /// keeps unknown from turning into zero when Excel recalculates.
    pub fn known(self) -> Expr {
        if self.guard().is_some() {
            return self;
        }
        let mut needs = Needs::default();
        let bare = needs.bare(&self).unwrap_or(self);
        if needs.missing {
            return Expr::nothing();
        }
        let divisors = std::mem::take(&mut needs.divisors);
        let (shown, choices) = where_divisible(divisors, bare, &Expr::nothing());
        match needs.present() {
            Some(present) => present.then(shown, Expr::nothing()).marked(Guard::Known(choices)),
            None => shown,
        }
    }

    /// The expression where it is known, else the other where that is.
    pub fn known_or(self, other: Expr) -> Expr {
        let (first, second) = (self.known(), other.known());
        if first.is_nothing() {
            return second;
        }
        if second.is_nothing() {
            return first;
        }
        if let Some((Guard::Either, [present, shown, unknown])) = first.guard() {
            return either(present.clone(), shown.clone(), unknown.clone().known_or(second));
        }
        match first.conditional() {
            Some((present, bare)) => either(present, bare, second),
            None if matches!(first, Expr::Num(_)) => first,
            None => Expr::call(Fun::IsNumber, [first.clone()]).then(first, second),
        }
    }

    /// What follows from it where it is known, else the other.
    pub fn given(self, then: impl FnOnce(Expr) -> Expr, otherwise: impl Into<Expr>) -> Expr {
        let (known, otherwise) = (self.known(), otherwise.into());
        if known.is_nothing() {
            return otherwise;
        }
        if let Some((present, bare)) = known.conditional() {
            return present.then(then(bare), otherwise);
        }
        match known.guard() {
            Some((Guard::Known(choices), [present, ..])) if otherwise.is_constant() => {
                let mut needs = Needs::default();
                let bare = needs.excluded(&known, choices).clone();
                let (shown, _) = where_divisible(needs.divisors, then(bare), &otherwise);
                present.clone().then(shown, otherwise)
            }
            _ => Expr::call(Fun::IsNumber, [known.clone()]).then(then(known), otherwise),
        }
    }

    /// How it is guarded, with the condition, what follows from it, and what else is shown.
    fn guard(&self) -> Option<(Guard, &[Expr])> {
        match self {
            Expr::Call(call) => Some((call.guard?, &call.args)),
            _ => None,
        }
    }

    fn marked(mut self, guard: Guard) -> Expr {
        if let Expr::Call(call) = &mut self {
            Arc::make_mut(call).guard = Some(guard);
        }
        self
    }

    /// The condition under which it shows something, and what; `None` where a divisor has a say, or none is needed.
    fn conditional(&self) -> Option<(Expr, Expr)> {
        match self.guard()? {
            (Guard::Known(0), [present, bare, _]) => Some((present.clone(), bare.clone())),
            (Guard::Either, [present, bare, second]) => {
                let (other, otherwise) = second.conditional()?;
                let one_of = match &other {
                    Expr::Call(or) if or.fun == Fun::Or => {
                        std::iter::once(present).chain(&or.args).cloned().collect()
                    }
                    _ => vec![present.clone(), other],
                };
                Some((any(one_of)?, present.clone().then(bare.clone(), otherwise)))
            }
            _ => None,
        }
    }

    /// Whether it is a choice one branch of which is nothing.
    fn may_be_nothing(&self) -> bool {
        matches!(self, Expr::Call(call) if call.fun == Fun::If
            && call.args.iter().skip(1).any(|branch| branch.is_nothing() || branch.may_be_nothing()))
    }

    /// How many divisors stand within divisors; 0 where it does not divide.
    fn divisions(&self) -> usize {
        match self {
            Expr::Op(operation) => {
                let own = usize::from(operation.op == Op::Div);
                operation.left.divisions().max(operation.right.divisions() + own)
            }
            Expr::Call(call) => call.args.iter().map(Expr::divisions).max().unwrap_or(0),
            _ => 0,
        }
    }
}

/// What is shown where it is there, else the second, where that is.
fn either(present: Expr, shown: Expr, second: Expr) -> Expr {
    let joins = second.conditional().is_some() || !second.may_be_nothing();
    let choice = present.then(shown, second);
    if joins { choice.marked(Guard::Either) } else { choice }
}

/// What is shown where no divisor is zero, and how many choices that takes. A divisor that
/// divides itself is looked at only where its own divisors are known not to be zero.
fn where_divisible(mut divisors: Vec<Expr>, shown: Expr, otherwise: &Expr) -> (Expr, usize) {
    let zero = |divisor: &Expr| divisor.clone().op(Op::Eq, 0.0);
    divisors.sort_by_cached_key(Expr::divisions);
    let at_once = divisors.chunk_by(|one, other| one.divisions() == other.divisions());
    let zeros = at_once.filter_map(|divisors| any(divisors.iter().map(zero).collect()));
    let zeros: Vec<Expr> = zeros.collect();
    let choices = zeros.len();
    (zeros.into_iter().rev().fold(shown, |shown, zero| zero.then(otherwise.clone(), shown)), choices)
}

/// What an expression needs before it means anything.
#[derive(Default)]
struct Needs {
    cells: Vec<Expr>,
    divisors: Vec<Expr>,
    /// What else has to hold: sums of at least one number, choices that answer with one.
    others: Vec<Expr>,
    /// Something it needs can never be there: a column that is not on the sheet.
    missing: bool,
}

impl Needs {
    /// The condition that all is there, divisors aside; it can always be worked out.
    fn present(self) -> Option<Expr> {
        let count = self.cells.len();
        let cells = match count {
            0 => None,
            1 => Some(Expr::call(Fun::IsNumber, self.cells)),
            _ => Some(Expr::call(Fun::Count, self.cells).op(Op::Eq, count as f64)),
        };
        all(cells.into_iter().chain(self.others).collect())
    }

    /// Takes note of what an expression needs. Gives the expression without the guards it had,
    /// where it had some.
    fn bare(&mut self, expr: &Expr) -> Option<Expr> {
        match expr.guard() {
            Some((Guard::Known(choices), [present, ..])) => {
                self.wanted(present);
                return Some(self.excluded(expr, choices).clone());
            }
            Some((Guard::Either, _)) => {
                let (wanted, bare) = expr.conditional()?;
                note(&mut self.others, &wanted);
                return Some(bare);
            }
            _ => {}
        }
        match expr {
            Expr::Text(text) if text.is_empty() => self.missing = true,
            _ if expr.may_be_nothing() => note(&mut self.others, &Expr::call(Fun::IsNumber, [expr.clone()])),
            Expr::Leaf(_) => note(&mut self.cells, expr),
            Expr::Op(operation) => {
                let (op, [left, right]) = (operation.op, [&operation.left, &operation.right]);
                let bare = [left, right].map(|side| self.bare(side));
                if op == Op::Div && !matches!(right, Expr::Num(_)) {
                    note(&mut self.divisors, bare[1].as_ref().unwrap_or(right));
                }
                if let [None, None] = bare {
                    return None;
                }
                let [bare_left, bare_right] = bare;
                let left = bare_left.unwrap_or_else(|| left.clone());
                return Some(left.op(op, bare_right.unwrap_or_else(|| right.clone())));
            }
            Expr::Call(call) => return self.bare_call(call),
            _ => {}
        }
        None
    }

    fn bare_call(&mut self, call: &Call) -> Option<Expr> {
        match call.fun {
            Fun::Sum | Fun::Average | Fun::Median => {
                // A sum over plain references needs one of them; over
                // anything computed, all that the computation needs.
                let terms: Vec<Expr> = call.args.iter().filter(|arg| !arg.is_nothing()).cloned().collect();
                if !terms.iter().all(|arg| matches!(arg, Expr::Leaf(_) | Expr::Range(_))) {
                    return self.bare_args(call);
                }
                self.missing |= terms.is_empty();
                if !terms.is_empty() {
                    note(&mut self.others, &Expr::call(Fun::Count, terms).op(Op::Gt, 0.0));
                }
                None
            }
            // These answer for blanks themselves.
            Fun::Count
            | Fun::CountA
            | Fun::CountIf
            | Fun::CountIfs
            | Fun::SumIf
            | Fun::SumIfs
            | Fun::IfError
            | Fun::IsNumber
            | Fun::IsError
            | Fun::Len
            | Fun::Exact => None,
            _ => self.bare_args(call),
        }
    }

    fn bare_args(&mut self, call: &Call) -> Option<Expr> {
        let bare: Vec<Option<Expr>> = call.args.iter().map(|arg| self.bare(arg)).collect();
        let args =
            call.args.iter().zip(bare.iter().cloned()).map(|(arg, bare)| bare.unwrap_or_else(|| arg.clone()));
        bare.iter().any(Option::is_some).then(|| Expr::call(call.fun, args))
    }

    /// Takes note of what a guard wants.
    fn wanted(&mut self, present: &Expr) {
        match present {
            Expr::Call(call) if call.fun == Fun::And => call.args.iter().for_each(|one| self.wanted(one)),
            Expr::Call(call) if call.fun == Fun::IsNumber && matches!(*call.args, [Expr::Leaf(_)]) => {
                call.args.iter().for_each(|cell| note(&mut self.cells, cell));
            }
            Expr::Op(operation) => match &operation.left {
                Expr::Call(count) if operation.op == Op::Eq => {
                    count.args.iter().for_each(|cell| note(&mut self.cells, cell));
                }
                _ => note(&mut self.others, present),
            },
            _ => note(&mut self.others, present),
        }
    }

    /// Takes note of the divisors that a guard excludes where they are zero. Gives what it shows.
    fn excluded<'a>(&mut self, guarded: &'a Expr, choices: usize) -> &'a Expr {
        let branch = |choice: &'a Expr, at: usize| match choice {
            Expr::Call(call) => call.args.get(at).unwrap_or(choice),
            _ => choice,
        };
        let mut shown = branch(guarded, 1);
        for _ in 0..choices {
            let zero = branch(shown, 0);
            let each = match zero {
                Expr::Call(or) => &or.args,
                _ => std::slice::from_ref(zero),
            };
            for divisor in each {
                if let Expr::Op(is_zero) = divisor {
                    note(&mut self.divisors, &is_zero.left);
                }
            }
            shown = branch(shown, 2);
        }
        shown
    }
}

/// Notes something once; again where much was noted since, which costs room in the formula and changes nothing.
fn note(noted: &mut Vec<Expr>, one: &Expr) {
    const LATELY: usize = 64;
    if !noted.iter().rev().take(LATELY).any(|other| other == one) {
        noted.push(one.clone());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cell::{CellRef, Place};
    use crate::expr::Val;

    fn at(a1: &str, value: Val) -> Expr {
        Expr::cell(Place::new("效果", CellRef::parse(a1).expect("a cell")), value)
    }

    fn formula(expr: &Expr) -> String {
        expr.formula("效果", &|_| None)
    }

    #[test]
    fn a_ratio_knows_when_it_is_unknown() {
        let full = (at("C4", Val::Number(520.0)) / at("B4", Val::Number(500.0))).known();
        assert_eq!(full.number(), Some(1.04));
        assert_eq!(formula(&full), "IF(COUNT(C4,B4)=2,IF(B4=0,\"\",C4/B4),\"\")");
        for (actual, target) in [
            (Val::Blank, Val::Number(500.0)),
            (Val::Number(1.0), Val::Blank),
            (Val::Number(1.0), Val::Number(0.0)),
            (Val::Text("待定".into()), Val::Number(5.0)),
        ] {
            let expr = (at("C4", actual) / at("B4", target)).known();
            assert_eq!(expr.value(), Val::Text("".into()));
        }
    }

    #[test]
    fn what_is_known_can_be_built_upon() {
        let ratio = |divisor: Val| (at("C4", Val::Number(6.0)) / at("B4", divisor)).known();
        assert_eq!((ratio(Val::Number(2.0)) * 10.0).known().number(), Some(30.0));
        assert_eq!((ratio(Val::Blank) * 10.0).known().value(), Val::Text("".into()));
        assert_eq!(
            (at("A1", Val::Number(1.0)) / ratio(Val::Number(0.0))).known().value(),
            Val::Text("".into())
        );
        let sum = Expr::sum([at("A1", Val::Number(3.0)), at("A2", Val::Blank)]).known();
        assert_eq!((sum / 2.0).known().number(), Some(1.5));
        let choice = |n: f64| at("D1", Val::Number(n)).op(Op::Gt, 1.0).then(7.0, Expr::nothing());
        assert_eq!((choice(2.0) + 1.0).known().number(), Some(8.0));
        assert_eq!((choice(0.0) + 1.0).known().value(), Val::Text("".into()));
    }

    #[test]
    fn a_guarded_part_is_needed_as_a_number() {
        let ratio = |actual| (at("C4", actual) / at("B4", Val::Number(500.0))).known();
        assert_eq!((ratio(Val::Number(250.0)) * 2.0).known().number(), Some(1.0));
        assert_eq!((ratio(Val::Blank) * 2.0).known().value(), Val::Text("".into()));
    }

    #[test]
    fn the_other_stands_in_only_where_the_first_is_unknown() {
        let (here, blank) = (at("A1", Val::Number(3.0)), at("A2", Val::Blank));
        let three = blank.clone().known_or(here.clone()).known_or(at("A3", Val::Blank) * 2.0);
        assert_eq!(
            formula(&(three * 10.0).known()),
            "IF(OR(ISNUMBER(A2),ISNUMBER(A1),ISNUMBER(A3)),IF(ISNUMBER(A2),A2,IF(ISNUMBER(A1),A1,A3*2))*10,\"\")"
        );
        let other = at("A3", Val::Number(4.0));
        assert_eq!(here.known_or(other.clone()).number(), Some(3.0));
        assert_eq!(blank.clone().known_or(other).number(), Some(4.0));
        assert_eq!(blank.known_or(Expr::nothing()).number(), None);
    }

    #[test]
    fn a_sum_needs_one_number() {
        let sum = Expr::sum([at("A1", Val::Blank), at("A2", Val::Number(3.0))]).known();
        assert_eq!(sum.number(), Some(3.0));
        let none = Expr::sum([at("A1", Val::Blank), at("A2", Val::Text("—".into()))]).known();
        assert_eq!(none.number(), None);
    }

    #[test]
    fn what_is_wanted_twice_is_asked_for_once() {
        let (c, e, f) = (at("C4", Val::Number(4.0)), at("E4", Val::Blank), at("F4", Val::Number(30.0)));
        let planned = e.known_or(c * at("D4", Val::Number(6.0)));
        assert_eq!(formula(&planned), "IF(ISNUMBER(E4),E4,IF(COUNT(C4,D4)=2,C4*D4,\"\"))");
        let variance = (f - planned.clone()).known();
        assert_eq!(
            formula(&variance),
            "IF(AND(ISNUMBER(F4),OR(ISNUMBER(E4),COUNT(C4,D4)=2)),F4-IF(ISNUMBER(E4),E4,C4*D4),\"\")"
        );
        assert_eq!((variance / planned).known().number(), Some(0.25));
    }

    #[test]
    fn a_divisor_that_divides_is_looked_at_only_where_it_can_be() {
        let (a, b) = (|| at("A1", Val::Number(6.0)), |n| at("B1", Val::Number(n)));
        let twice = |n| (a() / (a() / b(n)).known()).known();
        assert_eq!(formula(&twice(2.0)), "IF(COUNT(A1,B1)=2,IF(B1=0,\"\",IF(A1/B1=0,\"\",A1/(A1/B1))),\"\")");
        // However many there are, they nest no deeper than they divide.
        let cell = |col: &str, row: usize| at(&format!("{col}{row}"), Val::Number(2.0));
        let rates = (1..=90).map(|row| cell("A", row) / (cell("B", row) / cell("C", row)));
        let sum = Expr::sum(rates).known();
        assert_eq!((formula(&sum).matches("IF(").count(), sum.number()), (3, Some(180.0)));
        assert_eq!((twice(2.0).number(), twice(0.0).value()), (Some(2.0), Val::Text("".into())));
    }

    #[test]
    fn what_follows_from_the_unknown_is_the_other() {
        let rate = |divisor| (at("A1", Val::Number(6.0)) / at("B1", divisor)).known();
        let called = |divisor| rate(divisor).given(|rate| rate.op(Op::Gt, 1.0).then("多", "少"), "未填报");
        assert_eq!(
            formula(&called(Val::Blank)),
            "IF(COUNT(A1,B1)=2,IF(B1=0,\"未填报\",IF(A1/B1>1,\"多\",\"少\")),\"未填报\")"
        );
        for (divisor, shown) in
            [(Val::Blank, "未填报"), (Val::Number(0.0), "未填报"), (Val::Number(3.0), "多")]
        {
            assert_eq!(called(divisor).value(), Val::Text(shown.into()));
        }
    }

    /// An expression as metrics make them, and what it amounts to when unknown is carried along.
    fn figures() -> impl Strategy<Value = (Expr, Option<f64>)> {
        let held = prop_oneof![
            Just(Val::Blank),
            Just(Val::Text("待定".into())),
            Just(Val::Error),
            (-3..4).prop_map(|n| Val::Number(f64::from(n)))
        ];
        let cell = ("[A-D][1-3]", held).prop_map(|(at_cell, val)| {
            let number = val.number();
            (at(&at_cell, val), number)
        });
        cell.prop_recursive(4, 24, 2, |inner| {
            (inner.clone(), inner, 0..6).prop_map(|((left, a), (right, b), how)| {
                let both = |f: fn(f64, f64) -> f64| a.zip(b).map(|(a, b)| f(a, b));
                match how {
                    0 => ((left + right).known(), both(|a, b| a + b)),
                    1 => ((left - right).known(), both(|a, b| a - b)),
                    2 => ((left * right).known(), both(|a, b| a * b)),
                    3 => ((left / right).known(), a.zip(b.filter(|b| *b != 0.0)).map(|(a, b)| a / b)),
                    4 => (left.known_or(right), a.or(b)),
                    _ => (left.min(right).known(), both(f64::min)),
                }
            })
        })
    }

    proptest! {
        /// What `known` computes is arithmetic that carries the unknown along, however guards are nested.
        #[test]
        fn unknown_is_carried_along((expr, meant) in figures()) {
            match (expr.known().value(), meant) {
                (Val::Number(n), Some(meant)) => prop_assert!((n - meant).abs() <= 1e-9 * meant.abs().max(1.0)),
                (val, meant) => prop_assert_eq!((val, meant), (Val::Text("".into()), None)),
            }
        }
    }
}
