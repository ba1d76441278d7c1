//! One cell read as its column wants it: a value with its place, and what there is to say.
//!
//! The grammar of values is in `quantity`; this chooses the reader, keeps what
//! a formula may refer to, and turns remarks and failures into findings.

use std::collections::BTreeMap;

use super::contact;
use super::findings as says;
use super::header::{HeaderUnit, UnitSort};
use super::labels::{Matcher, factor};
use super::readings::{self, Read, as_text, counted, nothing_or, plain, typed, typed_in, unreadable, words};
use super::record::{Field, Value};
use super::tally::Tally;
use super::{Column, Edge, Kind};
use crate::cell::{Content, Place};
use crate::diagnostic::{Arg, Code, Finding, Severity, number};
use crate::expr::Expr;
use crate::mark;
use crate::quantity::{self, Calendar, Currency, Expect, Nothing, Period, Remark, Said, Unreadable};
use crate::workbook::{self, Cell};

/// The longest text a cell can hold.
const LONGEST_TEXT: usize = 32_767;

/// A column as it stands on a sheet, prepared for reading its cells.
#[derive(Debug, Clone)]
pub struct ColumnReader<'c> {
    /// The declaration.
    pub column: &'c Column,
    /// Table id.
    pub table: &'c str,
    /// Factor for bare numbers.
    pub factor: f64,
    /// The unit stated for bare numbers: by the header, a line above, or the row.
    pub unit: Option<HeaderUnit>,
    /// Whether the header says the numbers are percentages, and what they show.
    pub rates: Rates,
    /// Without a word in the header: bare numbers of the column stand between 0 and 1, so those a little
    /// above are ratios too (0.98 beside 1.04).
    pub ratios: bool,
    /// Levels given as scores from 1 to 5.
    pub five_levels: bool,
    /// Which day of a period it takes, where both stand in one cell.
    pub edge: Option<Edge>,
    /// What there is to say of its cells is said elsewhere: of the first day, or of the table kept in the same rows.
    pub mute: bool,
}

/// How bare numbers below a `%` header are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rates {
    /// The header does not say %.
    Unsaid,
    /// The header says %, and numbers above one show that it means it.
    Percentages,
    /// The header says %, but every number is below one: 0.15 may be 15%.
    Unclear,
}

/// Lists whose choices rates and ranks are made of; by the others rows are only grouped.
const RANKED: [&str; 5] = ["status", "level", "direction", "risk-level", "roi-basis"];

/// Without one of these a text holds no placeholder, and need not be folded to see it.
const PLACEHOLDER_SIGNS: [char; 21] = [
    '填', '举', '{', '[', '［', '【', '〔', '(', '（', '*', '＊', 'x', 'X', 'ｘ', 'Ｘ', '×', '请', '請',
    '示', '例', 'e',
];

/// What is known about the workbook while a cell is read.
pub struct Reader<'c> {
    /// Labels and choices.
    pub matcher: &'c Matcher<'c>,
    /// The campaign period, for dates.
    pub calendar: Calendar,
    /// How much 元 one of another currency is, as the settings say.
    pub rates: BTreeMap<Currency, f64>,
    /// The workbook is none of our templates: nobody promised its columns or its lists.
    pub handmade: bool,
}

/// A cell to be read.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// Its place.
    pub at: Place,
    /// What it holds.
    pub cell: &'a Cell,
    /// It holds a formula without a stored result.
    pub without_result: bool,
    /// It holds a picture.
    pub picture: bool,
}

impl<'c> ColumnReader<'c> {
    /// Prepares a column with the unit stated for its bare numbers.
    pub fn new(table: &'c str, column: &'c Column, unit: Option<HeaderUnit>) -> ColumnReader<'c> {
        let rate = unit.is_some_and(|unit| unit.sort == UnitSort::Rate);
        ColumnReader {
            column,
            table,
            factor: factor(unit, column),
            unit,
            rates: if rate { Rates::Percentages } else { Rates::Unsaid },
            ratios: false,
            five_levels: false,
            edge: None,
            mute: false,
        }
    }

    /// Whether a bare number has a unit at all, stated or declared.
    pub fn has_unit(&self) -> bool {
        self.unit.is_some() || self.column.unit.is_some()
    }

    /// The column in a row that states its own unit (a column 单位, or 销售额(万元) for a name); `None` where
    /// the header has said it, or such a unit says nothing about such a column. `largest` is the largest bare
    /// number of the rows with that unit.
    pub fn in_row(&self, unit: HeaderUnit, largest: f64) -> Option<ColumnReader<'c>> {
        let takes = match self.column.kind {
            Kind::Measure | Kind::Target | Kind::TargetOrText => true,
            Kind::Money => matches!(unit.sort, UnitSort::Yuan | UnitSort::Foreign(_)),
            _ => false,
        };
        (takes && self.unit.is_none()).then(|| {
            let mut reader =
                ColumnReader { factor: factor(Some(unit), self.column), unit: Some(unit), ..self.clone() };
            if unit.sort == UnitSort::Rate {
                reader.rates = if largest > 1.0 { Rates::Percentages } else { Rates::Unclear };
            }
            reader
        })
    }

    /// The column for a cell whose format already shows it in the header's unit: 30000 shown as 3.0 below 万元.
    fn shown_scaled(&self, cell: &Cell) -> Option<ColumnReader<'c>> {
        let workbook::Shown::Scaled(power) = cell.shown else { return None };
        let same = (self.factor.log10() - f64::from(power)).abs() < 1e-9;
        same.then(|| ColumnReader { factor: 1.0, ..self.clone() })
    }

    /// The currency of what stands in a cell, where it is not 元.
    fn currency(&self, cell: &Cell, read: &Read) -> Option<Currency> {
        let money = match (self.column.kind, &read.said) {
            (Kind::Money | Kind::Price, _) => true,
            (Kind::Calc, _) => self.column.shown == Some(super::Shown::Money),
            (Kind::Measure, Said::Value(Value::Measure(measure))) => {
                matches!(measure.unit, quantity::Unit::Yuan | quantity::Unit::None)
            }
            (Kind::Target | Kind::TargetOrText, Said::Value(Value::Target(target))) => {
                matches!(target.unit, quantity::Unit::Yuan | quantity::Unit::None)
            }
            _ => false,
        };
        if !money || matches!(read.said, Said::Nothing(_)) {
            return None;
        }
        let written = read.remarks.iter().find_map(|remark| match remark {
            Remark::Currency(word) => Some(Currency::of(word)),
            _ => None,
        });
        match (&cell.content, written, cell.shown, self.unit.map(|unit| unit.sort)) {
            (_, Some(currency), ..) => currency,
            (Content::Number(_), None, workbook::Shown::Foreign(currency), _) => Some(currency),
            (Content::Text(text), None, _, Some(UnitSort::Foreign(_))) if says_yuan(text) => None,
            (_, None, _, Some(UnitSort::Foreign(currency))) => Some(currency),
            _ => None,
        }
    }

    /// What the cells hold, which is a period where a column takes one of its days.
    fn kind(&self) -> Kind {
        if self.edge.is_some() { Kind::Period } else { self.column.kind }
    }

    /// Looks at all cells of a column for what no single one of them says: the scale of its bare numbers.
    /// Under `%`, all below one is unclear.
    pub fn look<'a>(&mut self, cells: impl Iterator<Item = &'a Cell>) {
        let levels = self.column.list() == Some("level") && self.column.id != "priority";
        let (mut largest, mut fraction, mut fives): (f64, bool, Option<f64>) = (0.0, false, Some(0.0));
        for cell in cells {
            if levels && !cell.content.is_blank() {
                fives = fives.zip(of_five(&cell.content)).map(|(most, five)| most.max(five));
            }
            if let (Content::Number(n), false) = (&cell.content, cell.shown == workbook::Shown::Percent) {
                largest = largest.max(n.abs());
                fraction |= 0.0 < n.abs() && n.abs() < 1.0;
            }
        }
        // 1 to 3 may count from either end; a 4 or 5 is high.
        self.five_levels = levels && fives.is_some_and(|most| most > 3.0);
        self.ratios = self.rates == Rates::Unsaid && self.column.over_one && fraction;
        if self.rates != Rates::Unsaid {
            self.rates = if largest > 1.0 { Rates::Percentages } else { Rates::Unclear };
        }
    }

    fn label(&self) -> String {
        self.column.label.zh.clone()
    }
}

impl<'c> Reader<'c> {
    /// Reads one cell.
    pub fn field(&self, reader: &ColumnReader<'c>, source: &Source, tally: &mut Tally) -> Field<Value> {
        let content = &source.cell.content;
        let text = typed_in(source.cell);
        let computed = source.cell.formula.is_some();
        let mut field = Field {
            value: None,
            nothing: None,
            at: Some(source.at.clone()),
            text,
            remarks: Vec::new(),
            scale: None,
            computed,
            part: match reader.edge {
                Some(Edge::Start) => "start",
                Some(Edge::End) => "end",
                None => "",
            },
        };
        if source.picture {
            field.nothing = Some(Nothing::Unreadable(Unreadable::NotThisKind));
            tally.add("", self.about(&says::PICTURE_CELL, reader, source, &field));
            return field;
        }
        if source.without_result && content.is_blank() {
            field.nothing = Some(Nothing::Unreadable(Unreadable::NotThisKind));
            tally.add("", self.about(&says::FORMULA_WITHOUT_RESULT, reader, source, &field));
            return field;
        }
        let scaled = reader.shown_scaled(source.cell);
        let mut read = self.read(scaled.as_ref().unwrap_or(reader), source.cell);
        if let Some(currency) = reader.currency(source.cell, &read) {
            match self.rates.get(&currency) {
                Some(rate) => {
                    read = read.converted(*rate);
                    let pair = Arg::Text(format!("1 {} = {}", currency.code(), number(*rate, 6)));
                    tally.add(
                        currency.code(),
                        self.about(&says::CURRENCY_CONVERTED, reader, source, &field).arg("rate", pair),
                    );
                }
                None => read.said = Said::Nothing(Nothing::Unreadable(Unreadable::Foreign(currency))),
            }
        }
        field.remarks = read.remarks;
        field.scale = read.scale;
        match read.said {
            Said::Value(value) => field.value = Some(value),
            Said::Nothing(nothing) => field.nothing = Some(nothing),
        }
        self.speak(reader, source, &field, tally);
        let about = |code: &'static Code, field: &Field<Value>| self.about(code, reader, source, field);
        let wrong = field.value.as_ref().and_then(|value| impossible(reader, value, &field, &about));
        if let Some(finding) = wrong {
            // What cannot be is unknown: no total or rate is told wrong because of it a second time.
            tally.add("", finding);
            field.value = None;
            field.scale = None;
            field.nothing = Some(Nothing::Unreadable(Unreadable::OutOfRange));
        }
        field
    }

    fn read(&self, reader: &ColumnReader<'c>, cell: &Cell) -> Read {
        let content = &cell.content;
        let percent = cell.shown == workbook::Shown::Percent;
        match reader.kind() {
            Kind::Count => counted(quantity::number::read(content, reader.factor, Expect::Count)),
            Kind::Number => counted(quantity::number::read(content, reader.factor, Expect::Plain)),
            Kind::Money => counted(quantity::number::read(content, reader.factor, Expect::Money)),
            Kind::Percent => readings::rate(reader, content, percent),
            Kind::Score => counted(quantity::score::read(content)),
            Kind::Measure => readings::measured(reader, content, percent),
            Kind::Target => readings::target(reader, content, percent),
            Kind::TargetOrText => readings::target_or_text(reader, content, percent),
            Kind::Date => {
                let whole = matches!(content, Content::Serial(n) if n.fract() == 0.0);
                let reading = quantity::date::read(content, &self.calendar).map(Value::Date);
                Read { scale: (whole && reading.get().is_some()).then_some(1.0), ..plain(reading) }
            }
            Kind::Datetime => {
                let reading = quantity::date::read_moment(content, &self.calendar).map(Value::Moment);
                let stored = matches!(content, Content::Serial(_)) && reading.get().is_some();
                Read { scale: stored.then_some(1.0), ..plain(reading) }
            }
            Kind::Period => {
                let whole = matches!(content, Content::Serial(n) if n.fract() == 0.0);
                let of = |period: Period| match reader.edge {
                    Some(Edge::Start) => Value::Date(period.start),
                    Some(Edge::End) => Value::Date(period.end),
                    None => Value::Period(period),
                };
                let reading = quantity::period::read(content, &self.calendar).map(of);
                let stored = whole && reader.edge.is_some() && reading.get().is_some();
                Read { scale: stored.then_some(1.0), ..plain(reading) }
            }
            Kind::Duration => readings::duration(reader, content),
            Kind::Yesno => self.yes_no(content),
            Kind::Choice => self.choice(reader, content),
            Kind::Open => self.open(reader, content),
            Kind::Person => plain(quantity::list::person(&as_text(content)).map(Value::Text)),
            Kind::List => plain(quantity::list::read(&as_text(content)).map(Value::List)),
            Kind::Price => readings::price(reader, content),
            Kind::Quantity => readings::amount(reader, content),
            Kind::Code if matches!(content, Content::Serial(_)) => unreadable(Unreadable::TurnedIntoDate),
            Kind::Code | Kind::Text | Kind::Long | Kind::Dept => words(content),
            Kind::Calc => readings::computed(reader, content, percent),
        }
    }

    fn yes_no(&self, content: &Content) -> Read {
        if let Content::Text(text) = content
            && let Some(hit) = self.matcher.choices.read(super::YESNO, text.trim())
        {
            let remarks = if hit.alias { vec![Remark::Alias(text.clone())] } else { Vec::new() };
            return Read { said: Said::Value(Value::YesNo(hit.choice.id == "yes")), remarks, scale: None };
        }
        plain(quantity::choice::yes_no(content).map(Value::YesNo))
    }

    fn choice(&self, reader: &ColumnReader<'c>, content: &Content) -> Read {
        match self.named(reader, content) {
            Some((choice, alias)) => {
                let remarks = if alias { vec![Remark::Alias(typed(content))] } else { Vec::new() };
                Read { said: Said::Value(Value::Choice(choice.id.clone())), remarks, scale: None }
            }
            None => nothing_or(content, || unreadable(Unreadable::NotThisKind)),
        }
    }

    /// A suggested list: known words are read as the list says them, others as typed.
    fn open(&self, reader: &ColumnReader<'c>, content: &Content) -> Read {
        match self.named(reader, content) {
            Some((choice, alias)) => {
                let remarks = if alias { vec![Remark::Alias(typed(content))] } else { Vec::new() };
                Read { said: Said::Value(Value::Text(choice.label.zh.clone())), remarks, scale: None }
            }
            None => words(content),
        }
    }

    fn named(&self, reader: &ColumnReader<'c>, content: &Content) -> Option<(&'c super::Choice, bool)> {
        let list = reader.column.list()?;
        let text = match content {
            Content::Text(text) => text.trim().to_owned(),
            Content::Number(n) => n.to_string(),
            _ => return None,
        };
        if text.is_empty() || text.chars().count() > 60 {
            return None;
        }
        let choices = &self.matcher.choices;
        if let Some(hit) = choices.read(list, &text) {
            return Some((hit.choice, hit.alias));
        }
        let normal = quantity::choice::normalise(&text);
        if let Some(hit) = choices.read(list, &normal) {
            return Some((hit.choice, true));
        }
        if reader.column.kind == Kind::Open {
            return None;
        }
        let meant = quantity::choice::level_alias(&text).or_else(|| quantity::choice::progress_alias(&text));
        if let Some(meant) = meant
            && let Some(choice) = self.matcher.catalogue.choices.get(list)?.iter().find(|it| it.id == meant)
        {
            return Some((choice, true));
        }
        if reader.five_levels
            && let Some(five) = of_five(content)
        {
            let id = if five > 3.0 {
                "high"
            } else if five < 3.0 {
                "low"
            } else {
                "medium"
            };
            let choice = self.matcher.catalogue.choices.get(list)?.iter().find(|it| it.id == id)?;
            return Some((choice, true));
        }
        // 进行中 50%, 正常-已完成: words that say one thing in several.
        choices.decisive(list, &text).map(|choice| (choice, true))
    }

    fn about(
        &self,
        code: &'static Code,
        reader: &ColumnReader,
        source: &Source,
        field: &Field<Value>,
    ) -> Finding {
        Finding::new(code).at(&source.at).of(reader.table, reader.label()).found(field.text.clone())
    }

    /// Turns what the reading met into findings.
    fn speak(&self, reader: &ColumnReader<'c>, source: &Source, field: &Field<Value>, tally: &mut Tally) {
        let column = reader.column;
        let about = |code: &'static Code, field: &Field<Value>| self.about(code, reader, source, field);
        match &field.nothing {
            None | Some(Nothing::Blank | Nothing::NotApplicable) => {}
            Some(Nothing::Pending) => tally.add("", about(&says::PENDING_VALUE, field)),
            Some(Nothing::Placeholder) => {
                tally.add("", placeholder(about(&says::PLACEHOLDER_LEFT, field), column))
            }
            Some(Nothing::Error(error)) => {
                tally.add(error.clone(), about(&says::FORMULA_ERROR, field).found(error.clone()))
            }
            Some(Nothing::Unreadable(why)) => {
                self.explain(reader, why, about(unreadable_code(reader.kind()), field), tally)
            }
        }
        self.remark(reader, field, &about, tally);
        if let (Content::Text(text), true) = (&source.cell.content, is_wordy(column.kind)) {
            if field.value.is_some()
                && text.contains(PLACEHOLDER_SIGNS)
                && quantity::nothing::placeholder_in(text)
            {
                tally.add("", placeholder(about(&says::PLACEHOLDER_LEFT, field), column));
            }
            if let Some(kind) = contact::found(text) {
                tally.add(
                    kind.zh(),
                    about(&says::CONTACT_DATA, field).arg("what", Arg::Text(kind.zh().into())),
                );
            }
            let length = text.encode_utf16().count();
            if length > LONGEST_TEXT {
                tally.add("", about(&says::TEXT_TOO_LONG, field).arg("length", Arg::Count(length)));
            }
        }
    }

    fn explain(&self, reader: &ColumnReader<'c>, why: &Unreadable, finding: Finding, tally: &mut Tally) {
        let column = reader.column;
        let recoded =
            |code: &'static Code, finding: Finding| Finding { code, severity: code.severity, ..finding };
        let typed = finding.found.clone().unwrap_or_default();
        if column.kind == Kind::Choice {
            let list = column.list().unwrap_or_default();
            let labels =
                self.matcher.catalogue.choices_of(column).iter().map(|it| it.label.zh.clone()).collect();
            let mut finding = recoded(&says::NOT_IN_LIST, finding).arg("choices", Arg::List(labels));
            if let Some(at) = finding.at.clone() {
                let known = self.matcher.choices.spoken(list);
                finding = finding.mark(&at, mark::is_none_of(mark::cell(&at), known));
            }
            let meant = self.matcher.choices.mistyped(list, &typed);
            if self.handmade {
                // Words of the team's own for what is only grouped by are nothing wrong; a slip is.
                let counts = meant.is_some() || RANKED.contains(&list);
                finding.severity = if counts { Severity::Warning } else { Severity::Note };
            }
            finding = finding.arg("values", Arg::All(vec![Arg::Quote(typed.clone())]));
            // A slip of the keyboard is mended for itself; what else is none of the list is one question.
            let Some(choice) = meant else {
                return tally.add("", finding);
            };
            return tally.add(typed, finding.suggest(choice.label.zh.clone()));
        }
        let (cause, finding) = match why {
            Unreadable::Ambiguous(one, other) => (
                String::new(),
                recoded(&says::AMBIGUOUS_VALUE, finding)
                    .arg("one", Arg::Text(one.clone()))
                    .arg("other", Arg::Text(other.clone())),
            ),
            Unreadable::TurnedIntoDate => (String::new(), recoded(&says::VALUE_TURNED_INTO_DATE, finding)),
            Unreadable::WrongUnit(unit) => (unit.clone(), recoded(&says::UNIT_CONTRADICTS_COLUMN, finding)),
            Unreadable::Several(values) => (
                String::new(),
                recoded(&says::SEVERAL_VALUES_IN_CELL, finding).arg("values", Arg::List(values.clone())),
            ),
            Unreadable::Foreign(currency) => (
                currency.code().to_owned(),
                recoded(&says::FOREIGN_CURRENCY, finding)
                    .arg("currency", Arg::Label { zh: currency.zh().into(), en: currency.code().into() })
                    .arg("code", Arg::Text(currency.code().into())),
            ),
            Unreadable::NoYear => (String::new(), recoded(&says::YEAR_MISSING, finding)),
            Unreadable::Vague => (String::new(), recoded(&says::VAGUE_DATE, finding)),
            Unreadable::Reversed => {
                let text = Arg::Text(String::new());
                (String::new(), recoded(&says::END_BEFORE_START, finding).arg("start", text))
            }
            Unreadable::OutOfRange if column.kind == Kind::Score => {
                (String::new(), recoded(&says::SCORE_OUT_OF_RANGE, finding))
            }
            _ => (String::new(), finding),
        };
        tally.add(cause, finding);
    }

    fn remark(
        &self,
        reader: &ColumnReader<'c>,
        field: &Field<Value>,
        about: &dyn Fn(&'static Code, &Field<Value>) -> Finding,
        tally: &mut Tally,
    ) {
        for remark in &field.remarks {
            let (cause, finding) = match remark {
                // Told once it is settled by what stands beside it (`scale`).
                Remark::PercentAsWhole => continue,
                // `100+` is told as approximate, and Excel cannot turn it into a number.
                Remark::TextNumber if inexact(field) => continue,
                Remark::TextNumber => (String::new(), about(&says::TEXT_NUMBER, field)),
                Remark::TextDate => (String::new(), about(&says::TEXT_DATE, field)),
                Remark::YearAssumed(year) => (
                    year.to_string(),
                    about(&says::YEAR_ASSUMED, field).arg("year", Arg::Text(year.to_string())),
                ),
                Remark::TooManyDigits => (String::new(), about(&says::TOO_MANY_DIGITS, field)),
                Remark::Relative => {
                    let read = shown(field.value.as_ref(), reader.column.kind);
                    (field.text.clone(), about(&says::RELATIVE_DATE, field).arg("read", Arg::Text(read)))
                }
                Remark::Approximate | Remark::Comparator if is_figure(reader.column.kind) => {
                    let read = shown(field.value.as_ref(), reader.column.kind);
                    (String::new(), about(&says::APPROXIMATE_VALUE, field).arg("read", Arg::Text(read)))
                }
                Remark::Alias(written) => match &field.value {
                    Some(Value::Choice(id)) => {
                        let choices = self.matcher.catalogue.choices_of(reader.column);
                        let Some(choice) = choices.iter().find(|it| it.id == *id) else { continue };
                        let pair = format!("{written} → {}", choice.label.zh);
                        let pairs = Arg::All(vec![Arg::Text(pair)]);
                        (String::new(), about(&says::CHOICE_ALIAS, field).arg("pairs", pairs))
                    }
                    _ => continue,
                },
                _ => continue,
            };
            tally.add(cause, finding);
        }
    }
}

/// Whether a text names 元 itself.
fn says_yuan(text: &str) -> bool {
    let folded = crate::locale::fold(text);
    ["元", "¥", "块", "人民币", "rmb", "cny"].iter().any(|word| folded.contains(word))
        && Currency::of(&folded).is_none()
}

/// A score from 1 to 5, as a whole number.
fn of_five(content: &Content) -> Option<f64> {
    let score = match content {
        Content::Number(n) => *n,
        Content::Text(text) => crate::locale::narrow(text).trim().trim_end_matches('分').parse().ok()?,
        _ => return None,
    };
    (score.fract() == 0.0 && (1.0..=5.0).contains(&score)).then_some(score)
}

fn placeholder(finding: Finding, column: &Column) -> Finding {
    Finding { severity: if column.required { Severity::Error } else { finding.severity }, ..finding }
}

fn unreadable_code(kind: Kind) -> &'static Code {
    match kind {
        Kind::Percent => &says::UNREADABLE_PERCENT,
        Kind::Target | Kind::TargetOrText => &says::UNREADABLE_TARGET,
        Kind::Measure => &says::UNREADABLE_MEASURE,
        Kind::Date | Kind::Datetime => &says::UNREADABLE_DATE,
        Kind::Period => &says::UNREADABLE_PERIOD,
        Kind::Duration => &says::UNREADABLE_DURATION,
        Kind::Score => &says::UNREADABLE_SCORE,
        Kind::Yesno => &says::UNREADABLE_YESNO,
        Kind::Price => &says::UNREADABLE_PRICE,
        Kind::Quantity => &says::UNREADABLE_QUANTITY,
        _ => &says::UNREADABLE_NUMBER,
    }
}

fn is_wordy(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Text | Kind::Long | Kind::Open | Kind::Person | Kind::Dept | Kind::List | Kind::TargetOrText
    )
}

fn inexact(field: &Field<Value>) -> bool {
    field.remarks.iter().any(|it| matches!(it, Remark::Approximate | Remark::Comparator))
}

fn is_figure(kind: Kind) -> bool {
    matches!(kind, Kind::Count | Kind::Number | Kind::Money | Kind::Percent | Kind::Measure | Kind::Quantity)
}

/// A value that was read but cannot be.
fn impossible(
    reader: &ColumnReader,
    value: &Value,
    field: &Field<Value>,
    about: &dyn Fn(&'static Code, &Field<Value>) -> Finding,
) -> Option<Finding> {
    let column = reader.column;
    let n = match value {
        Value::Number(n) => *n,
        Value::Quantity(quantity) => quantity.value,
        Value::Price(price) => price.amount,
        _ => return None,
    };
    match column.kind {
        Kind::Calc => None,
        _ if n < 0.0 && !column.negative => Some(about(&says::NEGATIVE_VALUE, field)),
        Kind::Percent if n > 1.0 + 1e-9 && !column.over_one => {
            let finding = about(&says::RATE_OVER_100, field).arg("read", Arg::Percent(n));
            Some(match (&field.at, field.scale) {
                (Some(at), Some(scale)) => {
                    finding.mark(at, mark::is_more(mark::scaled(at, scale), Expr::Num(1.0)))
                }
                _ => finding,
            })
        }
        _ => None,
    }
}

/// A value as a finding quotes it.
fn shown(value: Option<&Value>, kind: Kind) -> String {
    match value {
        Some(Value::Number(n)) if kind == Kind::Percent || kind == Kind::Calc => {
            Arg::Percent(*n).show(Default::default())
        }
        Some(Value::Number(n)) => number(*n, 4),
        Some(Value::Measure(measure)) if measure.unit == quantity::Unit::Percent => {
            Arg::Percent(measure.value).show(Default::default())
        }
        Some(Value::Measure(measure)) => number(measure.value, 4),
        Some(Value::Quantity(quantity)) => number(quantity.value, 4),
        Some(Value::Date(day)) => day.to_string(),
        Some(Value::Moment(moment)) => moment.format("%Y-%m-%d %H:%M").to_string(),
        Some(Value::Period(period)) => quantity::period::show(*period),
        _ => String::new(),
    }
}
