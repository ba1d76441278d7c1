//! A figure with the words around it: `约500万元以上`, `≥15%`, `-3.5`, `1小时30分`, `4.6/5`, `1:3.2`.
//!
//! Number, percent, target, measure and duration readers all start from here;
//! each decides for itself which units and words it accepts.

use super::exact::Exact;
use super::figure::{Figure, figure, spoken_digit};
use super::scan::Cursor;
use super::unit::{Kind, currency_sign, unit};
use super::{Comparator, Remark, Unit};

const AT_LEAST: &[&str] = &[
    "≥",
    "≧",
    ">=",
    "=>",
    "⩾",
    ">",
    "不低于",
    "不少于",
    "不小于",
    "不得低于",
    "至少",
    "最少",
    "最低",
    "起码",
    "超",
    "超过",
    "超出",
    "突破",
    "破",
    "达到",
    "达",
    "达成",
    "达至",
    "大于等于",
    "大于",
    "高于",
    "多于",
    "高于等于",
    "不低于等于",
    "min",
];
const AT_MOST: &[&str] = &[
    "≤",
    "≦",
    "<=",
    "=<",
    "⩽",
    "<",
    "不高于",
    "不超过",
    "不超",
    "不多于",
    "不大于",
    "不得超过",
    "不得高于",
    "至多",
    "最多",
    "最高",
    "控制在",
    "控制到",
    "低于",
    "小于",
    "小于等于",
    "少于",
    "低于等于",
    "压缩到",
    "压缩至",
    "限",
    "max",
];
const ABOUT: &[&str] =
    &["约", "近", "接近", "大约", "大概", "约为", "差不多", "将近", "≈", "≒", "~", "约计", "预计约"];

const AND_MORE: &[&str] = &["+", "以上", "及以上", "或以上", "(含)以上", "以上(含)", "起", "＋"];
const AND_LESS: &[&str] =
    &["以内", "之内", "内", "以下", "及以下", "(含)以内", "(含)以下", "以内(含)", "之下"];
const OR_SO: &[&str] = &["左右", "上下", "附近", "前后"];

/// A figure and what its neighbours say.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub figure: Figure,
    pub negative: bool,
    /// A plus sign stood before it: a change rather than a level.
    pub plus: bool,
    pub word: Option<(String, Kind)>,
    /// 元 or its sign was written; the name of the currency where it is another.
    pub foreign: Option<String>,
    /// `/人/天` behind the unit.
    pub per: Vec<String>,
    pub comparator: Option<Comparator>,
    pub approximate: bool,
    /// Seconds after the first unit of `1小时30分`.
    seconds_more: Exact,
    /// What 成五 in 三成五 adds.
    tenths_more: Exact,
}

impl Term {
    pub fn kind(&self) -> Option<Kind> {
        self.word.as_ref().map(|(_, kind)| *kind)
    }

    /// The value in its base unit: 元, ratio, seconds.
    pub fn value(&self) -> Exact {
        let value = self.figure.value;
        let based = match self.kind() {
            Some(Kind::Percent | Kind::Points) => value.times(Exact::power_of_ten(-2)),
            Some(Kind::Permille) => value.times(Exact::power_of_ten(-3)),
            Some(Kind::Tenths) => value.times(Exact::power_of_ten(-1)).plus(self.tenths_more),
            Some(Kind::Discount) if value.to_f64() > 10.0 => value.times(Exact::power_of_ten(-2)),
            Some(Kind::Discount) => value.times(Exact::power_of_ten(-1)),
            Some(Kind::Duration(milliseconds)) => value
                .times(Exact::integer(milliseconds))
                .times(Exact::power_of_ten(-3))
                .plus(self.seconds_more),
            _ => value,
        };
        if self.negative { based.negated() } else { based }
    }

    /// What the value counts.
    pub fn unit(&self) -> Unit {
        match &self.word {
            None => Unit::None,
            Some((word, kind)) => match kind {
                Kind::Yuan | Kind::Foreign => Unit::Yuan,
                Kind::Percent | Kind::Permille | Kind::Tenths => Unit::Percent,
                Kind::Points => Unit::Points,
                Kind::Times => Unit::Times,
                Kind::Discount => Unit::Discount,
                Kind::Score => Unit::Score,
                Kind::Duration(_) => Unit::Seconds,
                Kind::WorkingDays => Unit::Counter("工作日".into()),
                Kind::Label | Kind::Counter => Unit::Counter(word.clone()),
            },
        }
    }

    /// What makes the number independent of the unit in its header, as written.
    pub fn own_unit(&self) -> Option<String> {
        match (self.figure.magnitude, &self.word) {
            (Some(magnitude), Some((word, Kind::Yuan))) => Some(format!("{magnitude}{word}")),
            (Some(magnitude), _) => Some(magnitude.to_owned()),
            (None, Some((word, _))) => Some(word.clone()),
            (None, None) => None,
        }
    }

    /// The value, with the header's factor where nothing in the cell says otherwise.
    pub fn value_under(&self, header_factor: f64, remarks: &mut Vec<Remark>) -> f64 {
        match self.own_unit() {
            None if header_factor != 1.0 => self.value().times(Exact::from_f64(header_factor)).to_f64(),
            None => self.value().to_f64(),
            Some(own) => {
                if header_factor != 1.0 {
                    remarks.push(Remark::UnitOverHeader(own));
                }
                self.value().to_f64()
            }
        }
    }

    /// The remarks that any reader of this term owes.
    pub fn remarks(&self, remarks: &mut Vec<Remark>) {
        if self.figure.digits > 15 {
            remarks.push(Remark::TooManyDigits);
        }
        if let Some(currency) = &self.foreign {
            remarks.push(Remark::Currency(currency.clone()));
        }
        if self.approximate || self.comparator == Some(Comparator::About) {
            remarks.push(Remark::Approximate);
        }
    }

    /// Takes over what the other end of a range says: `15-20%`, `10-15万`.
    fn share(&mut self, other: &Term) {
        if self.figure.magnitude.is_none()
            && other.figure.magnitude.is_some()
            && self.word.is_none()
            && self.figure.value.to_f64() <= other.figure.mantissa.to_f64()
        {
            self.figure.value = self.figure.value.times(other.figure.factor);
            self.figure.magnitude = other.figure.magnitude;
        }
        if self.word.is_none() {
            self.word = other.word.clone();
        }
        if self.per.is_empty() {
            self.per = other.per.clone();
        }
        self.comparator = self.comparator.or(other.comparator);
        self.approximate |= other.approximate;
    }
}

/// Reads comparators and approximations, a sign, a figure, its unit and what follows it.
pub(crate) fn term(cursor: &mut Cursor) -> Option<Term> {
    cursor.attempt(|cursor| {
        let (mut comparator, mut approximate) = (None, false);
        while let Some(word) = prefix(cursor) {
            match word {
                Comparator::About => approximate = true,
                word => comparator = comparator.or(Some(word)),
            }
        }
        let fraction = fraction_words(cursor);
        let (mut negative, mut plus, mut currency) = (false, false, None);
        loop {
            if !negative && !plus && (cursor.eat("-") || cursor.eat("负")) {
                negative = true;
            } else if !negative && !plus && cursor.eat("+") {
                plus = true;
            } else if currency.is_none() && fraction.is_none() {
                match currency_sign(cursor) {
                    Some(sign) => currency = Some(sign),
                    None => break,
                }
            } else {
                break;
            }
        }
        let half = cursor.attempt(half);
        let halved = half.is_some();
        let figure =
            half.or_else(|| figure(cursor)).or_else(|| comparator.and_then(|_| bare_magnitude(cursor)))?;
        let mut term = Term {
            figure,
            negative,
            plus,
            word: fraction.map(|(word, kind)| (word.to_owned(), kind)),
            foreign: currency.flatten().map(str::to_owned),
            per: Vec::new(),
            comparator,
            approximate,
            seconds_more: Exact::ZERO,
            tenths_more: Exact::ZERO,
        };
        if let Some(sign) = currency {
            term.word = Some(("元".to_owned(), if sign.is_some() { Kind::Foreign } else { Kind::Yuan }));
        }
        let mut more = term.figure.more;
        if fraction.is_none() {
            more |= matches!(cursor.peek(), Some('+' | '多' | '余')) && cursor.bump().is_some();
            unit_of(cursor, &mut term)?;
        }
        if halved && !matches!(term.kind(), Some(Kind::Duration(_))) {
            return None;
        }
        while let Some(word) = suffix(cursor) {
            match word {
                Comparator::About => term.approximate = true,
                word => term.comparator = term.comparator.or(Some(word)),
            }
        }
        if more {
            term.comparator = term.comparator.or(Some(Comparator::AtLeast));
        }
        if term.approximate {
            term.comparator = term.comparator.or(Some(Comparator::About));
        }
        Some(term)
    })
}

/// One term, or the two ends of a range.
pub(crate) fn range(cursor: &mut Cursor) -> Option<(Term, Option<Term>)> {
    let mut low = term(cursor)?;
    let high = cursor.attempt(|cursor| {
        cursor.eat_any(&["--", "-", "~", "〜", "∼", "至", "到"])?;
        term(cursor)
    });
    let Some(mut high) = high else { return Some((low, None)) };
    low.share(&high);
    high.share(&low);
    Some((low, Some(high)))
}

fn prefix(cursor: &mut Cursor) -> Option<Comparator> {
    // The longest word decides: 不超过 is not 超过.
    let longest = |words: &[&'static str]| {
        let mut ahead = *cursor;
        ahead.eat_any(words).map_or(0, str::len)
    };
    let lengths = [longest(AT_LEAST), longest(AT_MOST), longest(ABOUT)];
    let best = lengths.iter().copied().max().filter(|length| *length > 0)?;
    let (words, comparator) = match lengths {
        [length, _, _] if length == best => (AT_LEAST, Comparator::AtLeast),
        [_, length, _] if length == best => (AT_MOST, Comparator::AtMost),
        _ => (ABOUT, Comparator::About),
    };
    cursor.eat_any(words).map(|_| comparator)
}

fn suffix(cursor: &mut Cursor) -> Option<Comparator> {
    cursor.attempt(|cursor| {
        let (word, comparator) = if let Some(word) = cursor.eat_any(AND_MORE) {
            (word, Comparator::AtLeast)
        } else if let Some(word) = cursor.eat_any(AND_LESS) {
            (word, Comparator::AtMost)
        } else {
            (cursor.eat_any(OR_SO)?, Comparator::About)
        };
        // 3篇内容 and 5元起步价 are not 以内 and 起; a plus before a figure is a sum.
        let goes_on = cursor.peek().is_some_and(|c| match word {
            "内" | "起" => c.is_alphabetic() && !matches!(c, '左' | '以'),
            "+" => c.is_ascii_digit(),
            _ => false,
        });
        (!goes_on).then_some(comparator)
    })
}

/// 百分之, 千分之, 万分之.
fn fraction_words(cursor: &mut Cursor) -> Option<(&'static str, Kind)> {
    match cursor.eat_any(&["百分之", "千分之"])? {
        "百分之" => Some(("%", Kind::Percent)),
        _ => Some(("‰", Kind::Permille)),
    }
}

/// 破亿, 超万.
fn bare_magnitude(cursor: &mut Cursor) -> Option<Figure> {
    let (word, power) = if cursor.eat("亿") { ("亿", 8) } else { cursor.eat("万").then_some(("万", 4))? };
    let value = Exact::power_of_ten(power);
    Some(Figure {
        value,
        mantissa: value,
        factor: Exact::ONE,
        magnitude: Some(word),
        digits: 1,
        more: false,
        spoken: true,
    })
}

/// 半天, 半年, 半个月.
fn half(cursor: &mut Cursor) -> Option<Figure> {
    cursor.eat("半").then_some(())?;
    let value = Exact::integer(5).times(Exact::power_of_ten(-1));
    Some(Figure {
        value,
        mantissa: value,
        factor: Exact::ONE,
        magnitude: None,
        digits: 1,
        more: false,
        spoken: true,
    })
}

/// The unit behind the figure, and what only makes sense with it.
fn unit_of(cursor: &mut Cursor, term: &mut Term) -> Option<()> {
    if let Some(word) = cursor
        .attempt(|cursor| one_to(cursor, term))
        .or_else(|| cursor.attempt(|cursor| out_of(cursor, term)))
    {
        term.word = Some(word);
        return Some(());
    }
    if cursor.attempt(|cursor| and_a_half(cursor, term)).is_some() {
        return Some(());
    }
    let Some((word, kind)) = unit(cursor) else {
        per_unit(cursor, term);
        return Some(());
    };
    // A year is a name, not a length.
    let kind = if word == "年" && term.figure.value.to_f64() >= 1000.0 { Kind::Label } else { kind };
    // ¥500元 says it twice; ¥500次 contradicts itself.
    if term.word.is_some() && !matches!(kind, Kind::Yuan | Kind::Foreign) {
        return None;
    }
    if kind == Kind::Foreign {
        term.foreign = Some(word.clone());
    }
    term.word = Some((word, kind));
    match kind {
        Kind::Duration(milliseconds) => smaller_units(cursor, term, milliseconds),
        // 2分30秒: the 分 were minutes.
        Kind::Score if cursor.attempt(|cursor| seconds_after_minutes(cursor, term)).is_some() => {
            term.word = Some(("分".into(), Kind::Duration(60_000)));
        }
        Kind::Tenths => {
            if let Some(digit) =
                cursor.peek().and_then(|c| c.to_digit(10).map(i64::from).or_else(|| spoken_digit(c)))
            {
                cursor.bump();
                term.tenths_more = Exact::integer(digit).times(Exact::power_of_ten(-2));
            }
        }
        Kind::Yuan => {
            small_change(cursor, term);
            per_unit(cursor, term);
        }
        Kind::Foreign => per_unit(cursor, term),
        Kind::Counter => {
            if let Some((noun, Kind::Counter)) =
                cursor.attempt(|cursor| unit(cursor).filter(|(_, kind)| *kind == Kind::Counter))
                && let Some((word, _)) = &mut term.word
            {
                word.push_str(&noun);
            }
            per_unit(cursor, term);
        }
        _ => {}
    }
    Some(())
}

/// `1:3.2`: a multiple.
fn one_to(cursor: &mut Cursor, term: &mut Term) -> Option<(String, Kind)> {
    let one = term.figure.value == Exact::ONE && term.figure.magnitude.is_none() && term.word.is_none();
    (one && cursor.eat(":")).then_some(())?;
    let multiple = figure(cursor)?;
    (cursor.peek() != Some(':')).then_some(())?;
    term.figure = multiple;
    Some(("倍".into(), Kind::Times))
}

/// `4.6/5`: a score; out of ten or a hundred it would not compare with its peers.
fn out_of(cursor: &mut Cursor, term: &mut Term) -> Option<(String, Kind)> {
    (term.word.is_none() && term.figure.magnitude.is_none() && cursor.eat("/")).then_some(())?;
    let full = figure(cursor)?;
    let fits = full.value.to_f64() == 5.0 && full.magnitude.is_none() && term.figure.value.to_f64() <= 5.0;
    let ends = !matches!(cursor.peek(), Some('/' | '-' | '.' | '年' | '月'));
    (fits && ends).then(|| {
        cursor.eat("分");
        ("分".into(), Kind::Score)
    })
}

/// 一个半月, 1个半小时.
fn and_a_half(cursor: &mut Cursor, term: &mut Term) -> Option<()> {
    cursor.eat("个半").then_some(())?;
    let (word, kind) =
        if cursor.eat("月") { ("个月".into(), Kind::Duration(30 * 86_400_000)) } else { unit(cursor)? };
    matches!(kind, Kind::Duration(_)).then_some(())?;
    term.figure.value = term.figure.value.plus(Exact::integer(5).times(Exact::power_of_ten(-1)));
    term.word = Some((word, kind));
    Some(())
}

/// `1小时30分20秒`, 两天半.
fn smaller_units(cursor: &mut Cursor, term: &mut Term, mut largest: i64) {
    let seconds = |count: Exact, milliseconds: i64| {
        count.times(Exact::integer(milliseconds)).times(Exact::power_of_ten(-3))
    };
    if cursor.eat("半") {
        term.seconds_more = seconds(Exact::integer(5).times(Exact::power_of_ten(-1)), largest);
        return;
    }
    while let Some((count, milliseconds)) = cursor.attempt(|cursor| {
        let count = figure(cursor)?;
        let milliseconds = match unit(cursor) {
            Some((_, Kind::Duration(milliseconds))) => milliseconds,
            Some((word, Kind::Score)) if word == "分" => 60_000,
            None if largest == 3_600_000 && (cursor.eat("m") || count.spoken && cursor.done()) => 60_000,
            _ => return None,
        };
        (milliseconds < largest).then_some((count.value, milliseconds))
    }) {
        term.seconds_more = term.seconds_more.plus(seconds(count, milliseconds));
        largest = milliseconds;
    }
}

fn seconds_after_minutes(cursor: &mut Cursor, term: &mut Term) -> Option<()> {
    let count = figure(cursor)?;
    cursor.eat_any(&["秒钟", "秒", "s"])?;
    term.seconds_more = count.value;
    Some(())
}

/// 五角二分 behind 元, and the closing 整.
fn small_change(cursor: &mut Cursor, term: &mut Term) {
    for (word, place) in [("角", -1), ("分", -2)] {
        let digit = cursor.attempt(|cursor| {
            cursor.eat("零");
            let digit = figure(cursor)?;
            (digit.value.to_f64() < 10.0 && cursor.eat(word)).then_some(digit.value)
        });
        if let Some(digit) = digit {
            term.figure.value = term.figure.value.plus(digit.times(Exact::power_of_ten(place)));
        }
    }
    cursor.eat_any(&["整", "正"]);
}

/// `/人/天`.
fn per_unit(cursor: &mut Cursor, term: &mut Term) {
    while let Some(word) = cursor.attempt(|cursor| {
        cursor.eat("/").then_some(())?;
        per_word(cursor)
    }) {
        term.per.push(word);
    }
}

/// What a price is for: a unit word, or 月 and 季度, which are no units of amounts.
pub(crate) fn per_word(cursor: &mut Cursor) -> Option<String> {
    cursor.eat("每");
    if let Some(word) = cursor.eat_any(&["月", "季度", "季", "年", "天", "日", "周", "千次", "万次"])
    {
        return Some(word.to_owned());
    }
    unit(cursor).map(|(word, _)| word)
}

/// What is left behind a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Nothing.
    End,
    /// A remark: `（目标1000万）`, `，超额完成`.
    Aside(String),
    /// Something that belongs to the value or contradicts it.
    More,
}

/// Judges what is left behind a value.
pub(crate) fn tail(cursor: &mut Cursor) -> Tail {
    if cursor.done() {
        return Tail::End;
    }
    let rest = cursor.rest().trim();
    for (open, close) in [('(', ')'), ('[', ']'), ('【', '】')] {
        if let Some(inner) = rest.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return Tail::Aside(inner.trim().to_owned());
        }
    }
    if let Some(aside) = rest.strip_prefix([',', ';', '。', '，', '、', '!', '.']) {
        let aside = aside.trim();
        if aside.is_empty() {
            return Tail::End;
        }
        if !super::figure::may_hold_number(aside) {
            return Tail::Aside(aside.to_owned());
        }
    }
    Tail::More
}
