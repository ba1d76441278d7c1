//! What an expression amounts to: Excel's rules, for the functions we use.
//!
//! A blank cell counts as zero in arithmetic and is passed over by the summing
//! functions; text in arithmetic is an error; errors spread. `known` is what
//! keeps these rules from turning unknown into zero.

use std::borrow::Cow;

use super::values::{self, Totals};
use super::{Expr, Fun, Leaf, Op, Val};

/// What it amounts to; what has to be computed is computed once.
pub(super) fn value(expr: &Expr) -> Cow<'_, Val> {
    match expr {
        Expr::Num(n) => Cow::Owned(Val::Number(*n)),
        Expr::Text(text) => Cow::Owned(Val::Text(text.clone())),
        Expr::Leaf(Leaf::Cell { value, .. }) => Cow::Borrowed(value),
        Expr::Leaf(Leaf::Normalised(read)) => Cow::Owned(Val::Number(read.value)),
        Expr::Range(range) => range.values.first().map_or(Cow::Owned(Val::Blank), Cow::Borrowed),
        Expr::Op(operation) => Cow::Borrowed(
            operation
                .value
                .get_or_init(|| operate(operation.op, &value(&operation.left), &value(&operation.right))),
        ),
        Expr::Call(call) => {
            Cow::Borrowed(call.value.get_or_init(|| evaluate(call.fun, &call.args).unwrap_or(Val::Error)))
        }
    }
}

fn operate(op: Op, left: &Val, right: &Val) -> Val {
    if matches!(left, Val::Error) || matches!(right, Val::Error) {
        return Val::Error;
    }
    match op {
        Op::Join => Val::Text(format!("{}{}", shown(left), shown(right)).into()),
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

fn shown(val: &Val) -> Cow<'_, str> {
    match val {
        Val::Blank | Val::Error => "".into(),
        Val::Number(n) => match fifteen(*n) {
            n if n.abs() >= 1e21 => format!("{n:E}").replace('E', "E+").into(),
            n => (n + 0.0).to_string().into(),
        },
        Val::Text(text) => Cow::Borrowed(text),
        Val::Bool(b) => if *b { "TRUE" } else { "FALSE" }.into(),
    }
}

/// Whether texts are the same to Excel, which does not look at case.
fn alike(left: &str, right: &str) -> bool {
    left == right || left.chars().flat_map(char::to_lowercase).eq(right.chars().flat_map(char::to_lowercase))
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
            Expr::Range(range) => numbers.extend(values::numbers(&range.values)?),
            Expr::Leaf(_) => match &*value(arg) {
                Val::Number(n) => numbers.push(*n),
                Val::Error => return None,
                _ => {}
            },
            _ => numbers.push(arithmetic(&value(arg))?),
        }
    }
    Some(numbers)
}

/// Everything the arguments hold, cell by cell.
fn cells(args: &[Expr]) -> impl Iterator<Item = Cow<'_, Val>> {
    args.iter().flat_map(|arg| {
        let (range, single) = match arg {
            Expr::Range(range) => (&*range.values, None),
            _ => (&[][..], Some(value(arg))),
        };
        range.iter().map(Cow::Borrowed).chain(single)
    })
}

/// What a function makes of one rectangle, where that is known of all of it.
fn of_all(fun: Fun, args: &[Expr]) -> Option<Option<Val>> {
    let [Expr::Range(range)] = args else { return None };
    let Totals { numbers, filled, sum } = range.values.totals();
    Some(match fun {
        Fun::Sum => sum.map(finite),
        Fun::Count => Some(Val::Number(numbers as f64)),
        Fun::CountA => Some(Val::Number(filled as f64)),
        Fun::Average => sum.map(|sum| finite(sum / numbers as f64)),
        _ => return None,
    })
}

fn evaluate(fun: Fun, args: &[Expr]) -> Option<Val> {
    if let Some(known) = of_all(fun, args) {
        return known;
    }
    let number = |i: usize| args.get(i).and_then(|arg| arithmetic(&value(arg)));
    Some(match fun {
        Fun::Sum => finite(numbers(args)?.iter().sum()),
        Fun::Count => Val::Number(cells(args).filter(|val| matches!(**val, Val::Number(_))).count() as f64),
        Fun::CountA => Val::Number(cells(args).filter(|val| !matches!(**val, Val::Blank)).count() as f64),
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
            true => value(args.get(1)?).into_owned(),
            false => args.get(2).map_or(Val::Bool(false), |arg| value(arg).into_owned()),
        },
        Fun::And => Val::Bool(truths(args)?.into_iter().all(|b| b)),
        Fun::Or => Val::Bool(truths(args)?.into_iter().any(|b| b)),
        Fun::Not => Val::Bool(!truth(&value(args.first()?))?),
        Fun::IfError => match value(args.first()?).into_owned() {
            Val::Error => value(args.get(1)?).into_owned(),
            val => val,
        },
        Fun::IsNumber => Val::Bool(matches!(*value(args.first()?), Val::Number(_))),
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
            let columns: Vec<Vec<Option<f64>>> = args
                .iter()
                .map(|arg| cells(std::slice::from_ref(arg)).map(|val| val.number()).collect())
                .collect();
            let rows = columns.first()?.len();
            if columns.iter().any(|column| column.len() != rows) {
                return None;
            }
            let product =
                |row: usize| columns.iter().map(|column| column[row].unwrap_or(0.0)).product::<f64>();
            finite((0..rows).map(product).sum())
        }
        Fun::Rank => {
            let Expr::Range(field) = args.get(1)? else { return None };
            let (n, field) = (number(0)?, field.values.sorted()?);
            let ascending = number(2).is_some_and(|order| order != 0.0);
            let below = field.partition_point(|other| *other < n);
            let above = field.len() - field.partition_point(|other| *other <= n);
            if below + above == field.len() {
                return None;
            }
            Val::Number(1.0 + if ascending { below } else { above } as f64)
        }
        Fun::Index => {
            let position = number(1)? as usize;
            cells(args.get(..1)?).nth(position.checked_sub(1)?)?.into_owned()
        }
        Fun::Match => {
            let sought = value(args.first()?);
            let position = match &*sought {
                Val::Text(pattern) => {
                    let pattern = Pattern::new(pattern);
                    cells(args.get(1..2)?).position(|val| pattern.fits(&val))?
                }
                sought => cells(args.get(1..2)?).position(|val| same(&val, sought))?,
            };
            Val::Number(position as f64 + 1.0)
        }
        Fun::Text => Val::Text(text(number(0)?, &shown(&value(args.get(1)?)))?.into()),
        Fun::Len => Val::Number(words(args.first()?)?.encode_utf16().count() as f64),
        Fun::Left => Val::Text(left(&words(args.first()?)?, number(1)? as usize).into()),
        Fun::Trim => Val::Text(trim(&words(args.first()?)?).into()),
        Fun::Exact => Val::Bool(words(args.first()?)? == words(args.get(1)?)?),
        Fun::IsError => Val::Bool(matches!(*value(args.first()?), Val::Error)),
    })
}

/// What a function of texts sees of its argument; `None` of an error.
fn words(arg: &Expr) -> Option<String> {
    match &*value(arg) {
        Val::Error => None,
        val => Some(shown(val).into_owned()),
    }
}

/// The first characters as Excel counts them; one that counts twice is not cut in half.
fn left(text: &str, most: usize) -> String {
    let mut room = most;
    let fits = |c: &char| {
        let fits = room >= c.len_utf16();
        room = room.saturating_sub(c.len_utf16());
        fits
    };
    text.chars().take_while(fits).collect()
}

/// Without spaces at the ends, and single ones between words; other blanks are no spaces to Excel.
fn trim(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
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
        let criterion = Criterion::new(&criterion);
        let met: Vec<bool> = cells(std::slice::from_ref(range)).map(|val| criterion.met_by(&val)).collect();
        hits = Some(match hits {
            None => met,
            Some(hits) if hits.len() == met.len() => hits.into_iter().zip(met).map(|(a, b)| a && b).collect(),
            Some(_) => return None,
        });
    }
    hits
}

/// A criterion as COUNTIF takes it: a value to equal, or `>0`, `<>x` in a text.
enum Criterion<'a> {
    Value(&'a Val),
    Number(Op, f64),
    /// A number without a sign before it: equal to numbers, and to texts written so.
    Written(f64, Pattern),
    /// `=` or `<>` alone: a cell without content, or with some.
    Empty(Op),
    /// The empty text: a cell without content or one that shows nothing.
    Nothing,
    Text(Op, Pattern),
}

impl Criterion<'_> {
    fn new(criterion: &Val) -> Criterion<'_> {
        let Val::Text(text) = criterion else { return Criterion::Value(criterion) };
        for (sign, op) in
            [("<>", Op::Ne), ("<=", Op::Le), (">=", Op::Ge), ("<", Op::Lt), (">", Op::Gt), ("=", Op::Eq)]
        {
            let Some(rest) = text.strip_prefix(sign) else { continue };
            return match plain_number(rest) {
                Some(n) => Criterion::Number(op, n),
                // `=` alone is a cell without content; a formula that shows nothing has some.
                None if rest.is_empty() => Criterion::Empty(op),
                None => Criterion::Text(op, Pattern::new(rest)),
            };
        }
        match plain_number(text) {
            Some(n) => Criterion::Written(n, Pattern::new(text)),
            None if text.is_empty() => Criterion::Nothing,
            None => Criterion::Text(Op::Eq, Pattern::new(text)),
        }
    }

    fn met_by(&self, val: &Val) -> bool {
        match self {
            Criterion::Value(criterion) => same(val, criterion),
            Criterion::Number(op, n) => match val {
                Val::Number(_) => operate(*op, val, &Val::Number(*n)) == Val::Bool(true),
                _ => *op == Op::Ne,
            },
            Criterion::Written(n, pattern) => same(val, &Val::Number(*n)) || pattern.fits(val),
            Criterion::Empty(op) => matches!(val, Val::Blank) == (*op == Op::Eq),
            Criterion::Nothing => {
                matches!(val, Val::Blank) || matches!(val, Val::Text(text) if text.is_empty())
            }
            Criterion::Text(op, pattern) => pattern.fits(val) == (*op == Op::Eq),
        }
    }
}

/// A text to fit, in which `*` stands for any text, `?` for any character and
/// `~` takes the next sign literally.
enum Pattern {
    Plain(String),
    Wild(Vec<char>),
}

impl Pattern {
    fn new(text: &str) -> Pattern {
        if text.contains(['*', '?', '~']) {
            Pattern::Wild(text.to_lowercase().chars().collect())
        } else {
            Pattern::Plain(text.to_owned())
        }
    }

    fn fits(&self, val: &Val) -> bool {
        match (val, self) {
            (Val::Text(text), Pattern::Plain(plain)) => alike(text, plain),
            (Val::Text(text), Pattern::Wild(pattern)) => {
                wild(&text.to_lowercase().chars().collect::<Vec<char>>(), pattern)
            }
            _ => false,
        }
    }
}

fn wild(text: &[char], pattern: &[char]) -> bool {
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
        (Val::Text(a), Val::Text(b)) => alike(a, b),
        (Val::Number(a), Val::Number(b)) => order(*a, *b).is_eq(),
        (Val::Bool(a), Val::Bool(b)) => a == b,
        _ => false,
    }
}

fn sum_where(range: &Expr, hits: &[bool]) -> Option<Val> {
    let range = std::slice::from_ref(range);
    if cells(range).count() != hits.len() {
        return None;
    }
    Some(finite(cells(range).zip(hits).filter(|(_, hit)| **hit).filter_map(|(val, _)| val.number()).sum()))
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
            assert!(Pattern::new(pattern).fits(&text(fit)), "{pattern} {fit}");
            assert!(!Pattern::new(pattern).fits(&text(miss)), "{pattern} {miss}");
        }
    }

    #[test]
    fn texts_are_measured_as_excel_measures_them() {
        let text = |fun, args: &[&str]| Expr::call(fun, args.iter().map(|arg| Expr::text(*arg))).value();
        assert_eq!(text(Fun::Len, &["五百万😀"]), Val::Number(5.0));
        assert_eq!(text(Fun::Trim, &["  a  b "]), Val::Text("a b".into()));
        assert_eq!(text(Fun::Trim, &["\u{3000}"]), Val::Text("\u{3000}".into()));
        assert_eq!(text(Fun::Exact, &["ROI", "roi"]), Val::Bool(false));
        let left = Expr::call(Fun::Left, [Expr::text("甲😀乙"), Expr::Num(2.0)]);
        assert_eq!(left.value(), Val::Text("甲".into()));
        assert_eq!(Expr::call(Fun::IsError, [Expr::text("a") / 2.0]).value(), Val::Bool(true));
    }

    #[test]
    fn sums_of_nothing_are_plain_zero() {
        assert!(matches!(finite([].iter().sum()), Val::Number(n) if n.is_sign_positive()));
    }
}
