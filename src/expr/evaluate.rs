//! What an expression amounts to: Excel's rules, for the functions we use.
//!
//! A blank cell counts as zero in arithmetic and is passed over by the summing
//! functions; text in arithmetic is an error; errors spread. `known` is what
//! keeps these rules from turning unknown into zero.

use super::{Expr, Fun, Leaf, Op, Range, Val};

pub(super) fn value(expr: &Expr) -> Val {
    match expr {
        Expr::Num(n) => Val::Number(*n),
        Expr::Text(text) => Val::Text(text.clone()),
        Expr::Leaf(Leaf::Cell { value, .. }) => value.clone(),
        Expr::Leaf(Leaf::Normalised { value, .. }) => Val::Number(*value),
        Expr::Range(range) => range.values.first().cloned().unwrap_or_default(),
        Expr::Op(op, left, right) => operate(*op, &value(left), &value(right)),
        Expr::Call(fun, args) => call(*fun, args),
    }
}

fn operate(op: Op, left: &Val, right: &Val) -> Val {
    if matches!(left, Val::Error) || matches!(right, Val::Error) {
        return Val::Error;
    }
    match op {
        Op::Join => Val::Text(format!("{}{}", shown(left), shown(right))),
        Op::Eq => Val::Bool(compare(left, right).is_eq()),
        Op::Ne => Val::Bool(compare(left, right).is_ne()),
        Op::Lt => Val::Bool(compare(left, right).is_lt()),
        Op::Le => Val::Bool(compare(left, right).is_le()),
        Op::Gt => Val::Bool(compare(left, right).is_gt()),
        Op::Ge => Val::Bool(compare(left, right).is_ge()),
        Op::Add | Op::Sub | Op::Mul | Op::Div => {
            let (Some(left), Some(right)) = (arithmetic(left), arithmetic(right)) else { return Val::Error };
            finite(match op {
                Op::Add => left + right,
                Op::Sub => left - right,
                Op::Mul => left * right,
                _ => left / right,
            })
        }
    }
}

fn finite(n: f64) -> Val {
    // The sum of no terms is minus zero, which no sheet knows.
    if n.is_finite() { Val::Number(n + 0.0) } else { Val::Error }
}

fn arithmetic(val: &Val) -> Option<f64> {
    match val {
        Val::Blank => Some(0.0),
        Val::Number(n) => Some(*n),
        Val::Bool(b) => Some(f64::from(u8::from(*b))),
        // A text that is plainly a number counts as one; anything a locale must settle does not.
        Val::Text(text) => plain_number(text),
        Val::Error => None,
    }
}

fn plain_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    if plain { text.parse().ok().filter(|n: &f64| n.is_finite()) } else { None }
}

/// Order as Excel sees it: numbers that agree to fifteen digits are equal.
fn order(left: f64, right: f64) -> std::cmp::Ordering {
    use std::cmp::Ordering::Equal;
    let far = (left - right).abs() > 1e-12 * left.abs().max(right.abs());
    let (left, right) = if far || left == right { (left, right) } else { (fifteen(left), fifteen(right)) };
    left.partial_cmp(&right).unwrap_or(Equal)
}

/// The number as Excel compares and shows it: to fifteen digits.
fn fifteen(n: f64) -> f64 {
    format!("{n:.14e}").parse().unwrap_or(n)
}

fn shown(val: &Val) -> String {
    match val {
        Val::Blank | Val::Error => String::new(),
        Val::Number(n) => match fifteen(*n) {
            n if n.abs() >= 1e21 => format!("{n:E}").replace('E', "E+"),
            n => (n + 0.0).to_string(),
        },
        Val::Text(text) => text.clone(),
        Val::Bool(b) => if *b { "TRUE" } else { "FALSE" }.into(),
    }
}

/// Numbers before texts before logicals; a blank is the other side's zero.
fn compare(left: &Val, right: &Val) -> std::cmp::Ordering {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match (left, right) {
        (Val::Blank, Val::Blank) => Equal,
        (Val::Blank, Val::Text(text)) => {
            if text.is_empty() {
                Equal
            } else {
                Less
            }
        }
        (Val::Text(text), Val::Blank) => {
            if text.is_empty() {
                Equal
            } else {
                Greater
            }
        }
        (Val::Text(left), Val::Text(right)) => left.to_lowercase().cmp(&right.to_lowercase()),
        (Val::Text(_), Val::Bool(_)) => Less,
        (Val::Bool(_), Val::Text(_)) => Greater,
        (Val::Text(_), _) => Greater,
        (_, Val::Text(_)) => Less,
        _ => match (arithmetic(left), arithmetic(right)) {
            (Some(left), Some(right)) => order(left, right),
            _ => Equal,
        },
    }
}

fn truth(val: &Val) -> Option<bool> {
    match val {
        Val::Bool(b) => Some(*b),
        Val::Number(n) => Some(*n != 0.0),
        Val::Blank => Some(false),
        Val::Text(_) | Val::Error => None,
    }
}

/// The numbers a summing function sees: of references only true numbers, of
/// computed arguments whatever arithmetic takes. `None` when one is an error.
fn numbers(args: &[Expr]) -> Option<Vec<f64>> {
    let mut numbers = Vec::new();
    for arg in args {
        match arg {
            Expr::Range(Range { values, .. }) => {
                for val in values.iter() {
                    match val {
                        Val::Number(n) => numbers.push(*n),
                        Val::Error => return None,
                        _ => {}
                    }
                }
            }
            Expr::Leaf(_) => match value(arg) {
                Val::Number(n) => numbers.push(n),
                Val::Error => return None,
                _ => {}
            },
            _ => numbers.push(arithmetic(&value(arg))?),
        }
    }
    Some(numbers)
}

/// Everything the arguments hold, cell by cell.
fn cells(args: &[Expr]) -> Vec<Val> {
    args.iter()
        .flat_map(|arg| match arg {
            Expr::Range(range) => range.values.to_vec(),
            _ => vec![value(arg)],
        })
        .collect()
}

fn call(fun: Fun, args: &[Expr]) -> Val {
    evaluate(fun, args).unwrap_or(Val::Error)
}

fn evaluate(fun: Fun, args: &[Expr]) -> Option<Val> {
    let number = |i: usize| args.get(i).and_then(|arg| arithmetic(&value(arg)));
    Some(match fun {
        Fun::Sum => finite(numbers(args)?.iter().sum()),
        Fun::Count => {
            Val::Number(cells(args).iter().filter(|val| matches!(val, Val::Number(_))).count() as f64)
        }
        Fun::CountA => {
            Val::Number(cells(args).iter().filter(|val| !matches!(val, Val::Blank)).count() as f64)
        }
        Fun::Average => {
            let numbers = numbers(args)?;
            finite(numbers.iter().sum::<f64>() / numbers.len() as f64)
        }
        Fun::Median => {
            let mut numbers = numbers(args)?;
            numbers.sort_by(f64::total_cmp);
            let (low, high) =
                (numbers.get(numbers.len().checked_sub(1)? / 2)?, numbers.get(numbers.len() / 2)?);
            Val::Number((low + high) / 2.0)
        }
        Fun::Min => Val::Number(numbers(args)?.into_iter().reduce(f64::min).unwrap_or(0.0)),
        Fun::Max => Val::Number(numbers(args)?.into_iter().reduce(f64::max).unwrap_or(0.0)),
        Fun::Abs => Val::Number(number(0)?.abs()),
        Fun::Round => finite(round(number(0)?, number(1)? as i32)),
        Fun::If => match truth(&value(args.first()?))? {
            true => value(args.get(1)?),
            false => args.get(2).map_or(Val::Bool(false), value),
        },
        Fun::And => Val::Bool(truths(args)?.into_iter().all(|b| b)),
        Fun::Or => Val::Bool(truths(args)?.into_iter().any(|b| b)),
        Fun::Not => Val::Bool(!truth(&value(args.first()?))?),
        Fun::IfError => match value(args.first()?) {
            Val::Error => value(args.get(1)?),
            val => val,
        },
        Fun::IsNumber => Val::Bool(matches!(value(args.first()?), Val::Number(_))),
        Fun::Ln => finite(number(0)?.ln()),
        Fun::Sqrt => finite(number(0)?.sqrt()),
        Fun::CountIf | Fun::CountIfs => {
            Val::Number(matching(args)?.into_iter().filter(|hit| *hit).count() as f64)
        }
        Fun::SumIf => {
            let hits = matching(args.get(..2)?)?;
            sum_where(args.get(2).unwrap_or(args.first()?), &hits)?
        }
        Fun::SumIfs => sum_where(args.first()?, &matching(args.get(1..)?)?)?,
        Fun::SumProduct => {
            let columns: Vec<Vec<Val>> = args.iter().map(|arg| cells(std::slice::from_ref(arg))).collect();
            let rows = columns.first()?.len();
            if columns.iter().any(|column| column.len() != rows) {
                return None;
            }
            let product = |row: usize| {
                columns.iter().map(|column| column[row].number().unwrap_or(0.0)).product::<f64>()
            };
            finite((0..rows).map(product).sum())
        }
        Fun::Rank => {
            let (n, field) = (number(0)?, numbers(args.get(1..2)?)?);
            let ascending = number(2).is_some_and(|order| order != 0.0);
            if !field.contains(&n) {
                return None;
            }
            Val::Number(
                1.0 + field.iter().filter(|other| if ascending { **other < n } else { **other > n }).count()
                    as f64,
            )
        }
        Fun::Index => {
            let position = number(1)? as usize;
            cells(args.get(..1)?).get(position.checked_sub(1)?).cloned()?
        }
        Fun::Match => {
            let sought = value(args.first()?);
            let found = |val: &Val| match &sought {
                Val::Text(pattern) => fits(val, pattern),
                sought => same(val, sought),
            };
            let position = cells(args.get(1..2)?).iter().position(found)?;
            Val::Number(position as f64 + 1.0)
        }
        Fun::Text => Val::Text(text(number(0)?, &shown(&value(args.get(1)?)))?),
    })
}

fn truths(args: &[Expr]) -> Option<Vec<bool>> {
    args.iter().map(|arg| truth(&value(arg))).collect()
}

/// For pairs of range and criterion, whether each position meets all of them.
fn matching(pairs: &[Expr]) -> Option<Vec<bool>> {
    let mut hits: Option<Vec<bool>> = None;
    for pair in pairs.chunks(2) {
        let [range, criterion] = pair else { return None };
        let criterion = value(criterion);
        let met: Vec<bool> =
            cells(std::slice::from_ref(range)).iter().map(|val| meets(val, &criterion)).collect();
        hits = Some(match hits {
            None => met,
            Some(hits) if hits.len() == met.len() => hits.into_iter().zip(met).map(|(a, b)| a && b).collect(),
            Some(_) => return None,
        });
    }
    hits
}

/// A criterion as COUNTIF takes it: a value to equal, or `>0`, `<>x` in a text.
fn meets(val: &Val, criterion: &Val) -> bool {
    let Val::Text(text) = criterion else { return same(val, criterion) };
    for (sign, op) in
        [("<>", Op::Ne), ("<=", Op::Le), (">=", Op::Ge), ("<", Op::Lt), (">", Op::Gt), ("=", Op::Eq)]
    {
        let Some(rest) = text.strip_prefix(sign) else { continue };
        return match (plain_number(rest), val) {
            (Some(n), Val::Number(_)) => operate(op, val, &Val::Number(n)) == Val::Bool(true),
            (Some(_), _) => op == Op::Ne,
            // `=` alone is a cell without content; a formula that shows nothing has some.
            (None, _) if rest.is_empty() => matches!(val, Val::Blank) == (op == Op::Eq),
            (None, _) => fits(val, rest) == (op == Op::Eq),
        };
    }
    match (plain_number(text), val) {
        (Some(n), Val::Number(_)) => same(val, &Val::Number(n)),
        (None, Val::Blank) => text.is_empty(),
        _ => fits(val, text),
    }
}

/// Whether a text fits a pattern, in which `*` stands for any text, `?` for
/// any character and `~` takes the next sign literally.
fn fits(val: &Val, pattern: &str) -> bool {
    let Val::Text(text) = val else { return false };
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    if !pattern.contains(['*', '?', '~']) {
        return text == pattern;
    }
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    // The last star seen and how much of the text it has taken so far.
    let (mut t, mut p, mut star) = (0, 0, None);
    loop {
        let literal = match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some('~') if matches!(pattern.get(p + 1), Some('*' | '?' | '~')) => Some((pattern.get(p + 1), 2)),
            Some('?') => Some((text.get(t), 1)),
            Some(_) => Some((pattern.get(p), 1)),
            None if t == text.len() => return true,
            None => None,
        };
        match (literal, text.get(t)) {
            (Some((sign, width)), Some(c)) if sign == Some(c) => {
                t += 1;
                p += width;
            }
            _ => {
                let Some((at, taken)) = star.filter(|(_, taken)| *taken < text.len()) else { return false };
                (star, t, p) = (Some((at, taken + 1)), taken + 1, at + 1);
            }
        }
    }
}

fn same(val: &Val, other: &Val) -> bool {
    match (val, other) {
        (Val::Text(a), Val::Text(b)) => a.to_lowercase() == b.to_lowercase(),
        (Val::Number(a), Val::Number(b)) => order(*a, *b).is_eq(),
        (Val::Bool(a), Val::Bool(b)) => a == b,
        _ => false,
    }
}

fn sum_where(range: &Expr, hits: &[bool]) -> Option<Val> {
    let vals = cells(std::slice::from_ref(range));
    if vals.len() != hits.len() {
        return None;
    }
    Some(finite(vals.iter().zip(hits).filter(|(_, hit)| **hit).filter_map(|(val, _)| val.number()).sum()))
}

/// Half away from zero, on the decimal a person sees rather than on the binary below it.
pub(super) fn round(n: f64, digits: i32) -> f64 {
    let factor = 10f64.powi(digits);
    let scaled = n * factor;
    let nudged = scaled + scaled.signum() * scaled.abs() * f64::EPSILON * 2.0;
    (nudged.abs() + 0.5).floor().copysign(nudged) / factor
}

/// `TEXT` for the few formats we write: `0`, `0.0`, `0.00`, the same with `%`, and `#,##0` with decimals.
fn text(n: f64, format: &str) -> Option<String> {
    let (format, percent) = format.strip_suffix('%').map_or((format, false), |rest| (rest, true));
    let (whole, fraction) = format.split_once('.').unwrap_or((format, ""));
    if !fraction.chars().all(|c| c == '0') {
        return None;
    }
    let n = round(if percent { n * 100.0 } else { n }, fraction.len() as i32);
    let plain = format!("{:.*}", fraction.len(), n.abs());
    let digits = match whole {
        "0" => plain,
        "#,##0" => {
            let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
            let mut grouped = String::new();
            for (i, digit) in whole.chars().enumerate() {
                if i > 0 && (whole.len() - i).is_multiple_of(3) {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            grouped + rest
        }
        _ => return None,
    };
    let sign = if n < 0.0 { "-" } else { "" };
    Some(format!("{sign}{digits}{}", if percent { "%" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_excels_wildcards() {
        let text = |text: &str| Val::Text(text.into());
        for (pattern, fit, miss) in [
            ("市场*", "市场部", "大市场"),
            ("*部", "市场部", "部门"),
            ("?场*", "市场", "场"),
            ("*音*音", "抖音快音", "抖音快"),
            ("A~*", "a*", "ab"),
        ] {
            assert!(fits(&text(fit), pattern), "{pattern} {fit}");
            assert!(!fits(&text(miss), pattern), "{pattern} {miss}");
        }
    }

    #[test]
    fn sums_of_nothing_are_plain_zero() {
        assert!(matches!(finite([].iter().sum()), Val::Number(n) if n.is_sign_positive()));
    }
}
