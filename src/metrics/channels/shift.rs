//! 假设测算: what shifting budget between channels might bring.

use crate::expr::{Expr, Fun, Op};

/// Spending after a shift.
pub fn spend(spend: &Expr, shift: &Expr) -> Expr {
    (spend.clone() + shift.clone()).known()
}

/// Return after a shift at the present rate.
pub fn expected(value: &Expr, roi: &Expr, shift: &Expr) -> Expr {
    (value.clone() + shift.clone() * roi.clone()).known()
}

/// The same cautiously: what is added brings only a part of the present rate,
/// what is taken away costs all of it.
pub fn damped(value: &Expr, roi: &Expr, shift: &Expr, damping: &Expr) -> Expr {
    let part = shift.clone().op(Op::Gt, 0.0).then(damping.clone(), 1.0);
    (value.clone() + shift.clone() * roi.clone() * part).known()
}

/// Whether shifts only move money: `words` for balanced, unbalanced, and a spending below zero.
pub fn check(shifts: Expr, spends: Expr, words: [String; 3]) -> Expr {
    let [balanced, unbalanced, negative] = words.map(Expr::text);
    let sum = Expr::call(Fun::Sum, [shifts]);
    let off = Expr::call(Fun::Abs, [sum]).op(Op::Ge, 0.5);
    let below = Expr::call(Fun::Min, [spends]).op(Op::Lt, 0.0);
    off.then(unbalanced, below.then(negative, balanced))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_added_counts_in_part_and_money_taken_away_in_full() {
        let n = Expr::Num;
        for (shift, plain, cautious) in [(10.0, 150.0, 135.0), (-10.0, 50.0, 50.0), (0.0, 100.0, 100.0)] {
            assert_eq!(expected(&n(100.0), &n(5.0), &n(shift)).number(), Some(plain));
            assert_eq!(damped(&n(100.0), &n(5.0), &n(shift), &n(0.7)).number(), Some(cautious));
        }
        assert_eq!(expected(&n(100.0), &Expr::nothing(), &n(1.0)).number(), None);
    }

    #[test]
    fn shifts_that_do_not_add_up_to_nothing_are_told() {
        let words = || ["平衡", "未平衡", "为负"].map(String::from);
        let said = |shifts: &[f64], spends: &[f64]| {
            let loose =
                |numbers: &[f64]| Expr::loose(&numbers.iter().copied().map(Expr::Num).collect::<Vec<_>>());
            check(loose(shifts), loose(spends), words()).value().text().map(str::to_owned)
        };
        assert_eq!(said(&[5.0, -5.0], &[15.0, 5.0]).as_deref(), Some("平衡"));
        assert_eq!(said(&[5.0, 0.0], &[15.0, 10.0]).as_deref(), Some("未平衡"));
        assert_eq!(said(&[15.0, -15.0], &[25.0, -5.0]).as_deref(), Some("为负"));
    }
}
