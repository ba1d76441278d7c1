//! Findings: what is said about a workbook, kept as values and worded late.
//!
//! A [`Code`] names a kind of finding and owns its text in a TOML file beside
//! the rule that reports it. A [`Finding`] holds arguments and places; the
//! sentence is made when somebody reads it, in that reader's language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};

use serde::{Deserialize, Deserializer, Serialize};

use crate::cell::Place;
use crate::expr::Expr;
use crate::locale::{Lang, traditional};
use crate::mark::{Mark, Mended};
use crate::words::{self, Words};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// 提示: worth knowing.
    Note,
    /// 警告: probably wrong.
    Warning,
    /// 错误: wrong, or a figure cannot be computed because of it.
    Error,
}

/// What a finding is about, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// The file itself.
    File,
    /// Sheets, tables and headers.
    Structure,
    /// One cell.
    Cell,
    /// Cells of one row against each other.
    Row,
    /// Rows of one table against each other.
    Table,
    /// Tables against each other.
    Cross,
    /// Workbooks against each other.
    Portfolio,
    /// The quality of the retrospective.
    Quality,
}

/// A kind of finding: a stable name and its text.
///
/// `text` is the TOML beside the rule:
///
/// ```toml
/// [zh]
/// title = "预算总额对不上"                        # a few words
/// message = "{table}合计 {sum}，总预算填的是 {total}"  # {holes} are argument names
/// why = "执行率和备用金占比会算错"                  # what it spoils
/// help = "改其中一处，让两边一致"                   # one concrete thing to do
/// example = "总预算 340000；明细合计 350000"
/// [en]
/// ...the same keys
/// ```
#[derive(Debug)]
pub struct Code {
    /// Kebab-case, says what is found: `missing-required`.
    pub name: &'static str,
    /// Level unless the settings say otherwise.
    pub severity: Severity,
    /// What it is about.
    pub family: Family,
    /// Contents of the TOML file beside it.
    pub text: &'static str,
    /// When a mark on the cell goes away.
    pub mended: Mended,
}

/// The words of one code in one language.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// A few words.
    pub title: String,
    /// What is there and what was expected; `{name}` is an argument.
    pub message: String,
    /// What it spoils.
    pub why: String,
    /// One concrete thing to do; may have holes too.
    pub help: String,
    /// What it looks like.
    pub example: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wordings {
    zh: Wording,
    en: Wording,
}

impl Code {
    /// The words of this code. Traditional Chinese is converted from the simplified text.
    ///
    /// # Panics
    /// When the TOML beside the rule does not hold both languages; a test reads them all.
    pub fn wording(&'static self, lang: Lang) -> Wording {
        static CACHE: OnceLock<Mutex<BTreeMap<(&'static str, &'static str), Wording>>> = OnceLock::new();
        let mut cache =
            CACHE.get_or_init(Mutex::default).lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        cache
            .entry((self.name, lang.tag()))
            .or_insert_with(|| {
                let wordings: Wordings =
                    toml::from_str(self.text).unwrap_or_else(|e| panic!("{}.toml: {e}", self.name));
                match lang {
                    Lang::Zh => wordings.zh,
                    Lang::En => wordings.en,
                    Lang::ZhHant => Wording {
                        title: traditional(&wordings.zh.title),
                        message: traditional(&wordings.zh.message),
                        why: traditional(&wordings.zh.why),
                        help: traditional(&wordings.zh.help),
                        example: traditional(&wordings.zh.example),
                    },
                }
            })
            .clone()
    }
}

/// One argument of a finding, worded when shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arg {
    /// Text as it is: a label, a name.
    Text(String),
    /// What the user typed, shown in quotation marks.
    Quote(String),
    /// A plain number, shown with thousands separators and at most four decimals.
    Number(#[serde(with = "any_float")] f64),
    /// 元, shown with thousands separators.
    Money(#[serde(with = "any_float")] f64),
    /// A ratio, shown as a percentage with one decimal.
    Percent(#[serde(with = "any_float")] f64),
    /// A count of things.
    Count(usize),
    /// A day.
    Date(chrono::NaiveDate),
    /// Several texts, joined by 、 or commas.
    List(Vec<String>),
    /// A name of the catalogue, in the reader's language.
    Label {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
    /// Several arguments, joined like a list.
    All(Vec<Arg>),
    /// Several arguments, one after the other with a blank between.
    Phrase(Vec<Arg>),
    /// How many times too large or small something is, said only of a power of ten: a slip of 万 or %.
    Times(#[serde(with = "any_float")] f64),
    /// A word of ours, by its key in `diagnostic.toml`.
    Word(#[serde(deserialize_with = "read_known")] Known),
}

/// Any number on its way between two processes: JSON has no word for what is not finite, and a
/// finding that cannot be read back takes the whole file with it.
mod any_float {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Told {
        Number(f64),
        Text(String),
    }

    pub fn serialize<S: Serializer>(n: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        let told = if n.is_finite() { Told::Number(*n) } else { Told::Text(n.to_string()) };
        told.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        match Told::deserialize(deserializer)? {
            Told::Number(n) => Ok(n),
            Told::Text(text) => text.parse().map_err(de::Error::custom),
        }
    }
}

/// A name of the program's own: of a code, an argument, a word. (An alias, because serde takes a plain
/// reference for text borrowed from what it reads.)
pub type Known = &'static str;

/// The name that comes back from another process of the program. Each is kept once and for good; there are only so many.
pub fn known(name: &str) -> Known {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(known) = known.get(name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.into());
    known.insert(kept);
    kept
}

/// [`known`] for serde.
///
/// # Errors
/// When there is no text.
pub fn read_known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Known, D::Error> {
    String::deserialize(deserializer).map(|name| known(&name))
}

impl Arg {
    /// The argument as a person reads it.
    pub fn show(&self, lang: Lang) -> String {
        match self {
            Arg::Text(text) => text.clone(),
            Arg::Quote(text) => {
                let text = shorten(text, 60);
                if lang == Lang::En { format!("“{text}”") } else { format!("「{text}」") }
            }
            Arg::Number(n) => number(*n, 4),
            Arg::Money(n) => {
                if lang == Lang::En {
                    format!("¥{}", number(*n, 2))
                } else {
                    format!("{} 元", number(*n, 2))
                }
            }
            Arg::Percent(n) => format!("{}%", number(n * 100.0, 1)),
            Arg::Count(n) => n.to_string(),
            Arg::Date(day) => day.format("%Y-%m-%d").to_string(),
            Arg::List(texts) => texts.join(comma(lang)),
            Arg::All(args) => args.iter().map(|arg| arg.show(lang)).collect::<Vec<_>>().join(comma(lang)),
            Arg::Phrase(args) => args.iter().map(|arg| arg.show(lang)).collect::<Vec<_>>().join(" "),
            Arg::Label { zh, en } => match lang {
                Lang::Zh => zh.clone(),
                Lang::ZhHant => traditional(zh),
                Lang::En => en.clone(),
            },
            Arg::Times(factor) => times(*factor, lang),
            Arg::Word(key) => words(lang).get(key),
        }
    }
}

fn words(lang: Lang) -> Words {
    Words::load(&[include_str!("diagnostic.toml")], lang)
}

fn comma(lang: Lang) -> &'static str {
    if lang == Lang::En { ", " } else { "、" }
}

/// `，填的正好是它的 10 倍` for a power of ten, nothing for any other factor: 1.37 times says nothing to anybody.
fn times(factor: f64, lang: Lang) -> String {
    let power = factor.abs().log10().round();
    let round = 10f64.powf(power);
    if !factor.is_finite() || factor <= 0.0 || power == 0.0 || (factor - round).abs() > 0.005 * round {
        return String::new();
    }
    if power > 0.0 {
        words(lang).say("times-larger", &[("n", &number(round, 0))])
    } else {
        words(lang).say("times-smaller", &[("n", &number(1.0 / round, 0))])
    }
}

/// An amount of money as sentences write it: in 万元 where it is large.
pub fn money(lang: Lang, n: f64) -> String {
    match lang {
        Lang::Zh | Lang::ZhHant if n.abs() >= 10_000.0 => {
            words(lang).say("wan", &[("n", &number(n / 10_000.0, 2))])
        }
        _ => words(lang).say("yuan", &[("n", &number(n, 0))]),
    }
}

/// From here on the digits of a number are no longer all meant: it is shown by its power of ten.
const DIGITS_END: f64 = 1e15;

/// A number with thousands separators and at most that many decimals, without trailing zeros; `1.5E+20`
/// where it has more digits than a cell keeps, `∞` where no cell could hold it (1e308 ÷ 0.001).
pub fn number(n: f64, decimals: usize) -> String {
    if n.is_infinite() {
        return if n > 0.0 { "∞" } else { "-∞" }.to_owned();
    }
    if n.abs() >= DIGITS_END {
        let text = format!("{n:.2e}");
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}E+{power}", mantissa.trim_end_matches('0').trim_end_matches('.'));
    }
    let text = format!("{:.decimals$}", n.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let zero = grouped == "0" && fraction.is_empty();
    let sign = if n < 0.0 && !zero { "-" } else { "" };
    format!("{sign}{grouped}{point}{fraction}")
}

/// The text cut after that many characters, with `…` where something is left out; control characters shown as blanks.
pub fn shorten(text: &str, most: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match clean.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean,
    }
}

/// One thing said about a workbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What is found.
    pub code: &'static Code,
    /// Level, after the settings had their say.
    pub severity: Severity,
    /// The cell, where there is one.
    pub at: Option<Place>,
    /// The sheet, where the finding is about a whole sheet.
    pub sheet: Option<String>,
    /// Table id.
    pub table: Option<String>,
    /// Column label as the user sees it.
    pub column: Option<String>,
    /// The row, as people call it; nothing until a review says so.
    pub row: Option<String>,
    /// What is there, as typed.
    pub found: Option<String>,
    /// What to type instead, where one value is clearly meant.
    pub suggestion: Option<String>,
    /// Arguments of the message.
    pub args: Vec<(&'static str, Arg)>,
    /// Further cells of the same cause (in the order met), not counting `at`.
    pub more: Vec<Place>,
    /// Other cells to look at.
    pub related: Vec<Place>,
    /// The check of this finding as a condition, for the cells where it can be said as one.
    pub marks: Vec<Mark>,
    /// Who it is from one reading to the next: one mark for `at` (or the whole
    /// finding), then one for each of `more`. Empty until a review gives them.
    pub fingerprints: Vec<String>,
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.name == other.name
    }
}

impl Finding {
    /// A finding about nothing in particular yet.
    pub fn new(code: &'static Code) -> Finding {
        Finding {
            code,
            severity: code.severity,
            at: None,
            sheet: None,
            table: None,
            column: None,
            row: None,
            found: None,
            suggestion: None,
            args: Vec::new(),
            more: Vec::new(),
            related: Vec::new(),
            marks: Vec::new(),
            fingerprints: Vec::new(),
        }
    }

    /// How many cells it is about; one that is about no cell in particular counts as one.
    pub fn cells(&self) -> usize {
        1 + self.more.len()
    }

    /// Points at a cell.
    pub fn at(mut self, place: &Place) -> Finding {
        self.sheet = Some(place.sheet.to_string());
        self.at = Some(place.clone());
        self
    }

    /// Points at a sheet.
    pub fn on_sheet(mut self, sheet: impl Into<String>) -> Finding {
        self.sheet = Some(sheet.into());
        self
    }

    /// Names the table and column.
    pub fn of(mut self, table: impl Into<String>, column: impl Into<String>) -> Finding {
        self.table = Some(table.into());
        self.column = Some(column.into());
        self
    }

    /// Names the table.
    pub fn of_table(mut self, table: impl Into<String>) -> Finding {
        self.table = Some(table.into());
        self
    }

    /// Quotes what is there.
    pub fn found(mut self, text: impl Into<String>) -> Finding {
        self.found = Some(text.into());
        self
    }

    /// Says what to type instead.
    pub fn suggest(mut self, text: impl Into<String>) -> Finding {
        self.suggestion = Some(text.into());
        self
    }

    /// Gives an argument of the message.
    pub fn arg(mut self, name: &'static str, arg: Arg) -> Finding {
        self.args.push((name, arg));
        self
    }

    /// Adds a cell of the same cause.
    pub fn also(mut self, place: &Place) -> Finding {
        self.more.push(place.clone());
        self
    }

    /// Adds another cell to look at.
    pub fn related(mut self, place: &Place) -> Finding {
        self.related.push(place.clone());
        self
    }

    /// Says under which condition a cell is wrong.
    pub fn mark(mut self, at: &Place, when: Expr) -> Finding {
        self.marks.push(Mark { at: at.clone(), when });
        self
    }

    /// The message in a language, holes filled. `{column}` and `{found}` are always there to use.
    pub fn message(&self, lang: Lang) -> String {
        self.fill(&self.code.wording(lang).message, lang)
    }

    /// What to do, in a language, holes filled.
    pub fn help(&self, lang: Lang) -> String {
        self.fill(&self.code.wording(lang).help, lang)
    }

    /// Both as one text.
    pub fn told(&self, lang: Lang) -> String {
        let stop = if lang == Lang::En { ". " } else { "。" };
        format!("{}{stop}{}", self.message(lang), self.help(lang))
    }

    fn fill(&self, template: &str, lang: Lang) -> String {
        words::fill(template, |hole| match self.args.iter().find(|(name, _)| *name == hole) {
            Some((_, arg)) => Some(arg.show(lang)),
            None => match hole {
                "column" => self.column.clone(),
                "found" => self.found.clone().map(|found| Arg::Quote(found).show(lang)),
                "suggestion" => self.suggestion.clone(),
                _ => None,
            },
        })
    }
}

/// Where findings are put, in the order met.
#[derive(Debug, Default)]
pub struct Sink {
    /// Everything said so far.
    pub findings: Vec<Finding>,
}

impl Sink {
    /// Says something.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// Declares a kind of finding whose text lies beside the calling file as `<name>.toml`.
///
/// ```text
/// code!(pub MISSING_REQUIRED = "missing-required", Error, Cell, "missing_required.toml");
/// code!(pub FORMULA_ERROR = "formula-error", Error, Cell, "formula_error.toml", Mended::Unless(is_error));
/// ```
///
/// The last says when a mark on the cell goes away; without it, when the cell changes.
#[macro_export]
macro_rules! code {
    ($vis:vis $constant:ident = $name:literal, $severity:ident, $family:ident, $file:literal) => {
        $crate::code!($vis $constant = $name, $severity, $family, $file, $crate::mark::Mended::WhenChanged);
    };
    ($vis:vis $constant:ident = $name:literal, $severity:ident, $family:ident, $file:literal, $mended:expr) => {
        #[doc = concat!("The finding `", $name, "`.")]
        $vis static $constant: $crate::diagnostic::Code = $crate::diagnostic::Code {
            name: $name,
            severity: $crate::diagnostic::Severity::$severity,
            family: $crate::diagnostic::Family::$family,
            text: include_str!($file),
            mended: $mended,
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_power_of_ten_is_called_a_factor() {
        let said = |factor: f64| Arg::Times(factor).show(Lang::Zh);
        assert_eq!(said(10.0), "，填的正好是它的 10 倍");
        assert_eq!(said(0.0001), "，填的只有它的 1/10,000");
        for factor in [1.0, 0.9, 1.37, 15.0, f64::INFINITY, f64::NAN, 0.0, -10.0] {
            assert_eq!(said(factor), "", "{factor}");
        }
    }

    #[test]
    fn numbers_read_like_numbers() {
        assert_eq!(number(1234567.0, 2), "1,234,567");
        assert_eq!(number(-0.001, 2), "0");
        assert_eq!(number(0.147_058, 4), "0.1471");
        assert_eq!(number(-1234.5, 2), "-1,234.5");
        assert_eq!(number(999_999_999_999_999.0, 2), "999,999,999,999,999");
        assert_eq!(number(-1e20, 2), "-1E+20");
        assert_eq!(number(1.234e308, 0), "1.23E+308");
        assert_eq!(Arg::Percent(1e308).show(Lang::Zh), "∞%");
    }
}
