//! The tables, as data: what a workbook may hold, declared once.
//!
//! `workbook-templates/tables/*.toml` declare tables and columns,
//! `choices.toml` beside them the named lists, `words.toml` the other words of
//! the blanks, and every other `.toml` there a template. The blank workbook,
//! the reader, the checks of single cells and the data dictionary all come
//! from these declarations.

use indexmap::{IndexMap, IndexSet};
use serde::Deserialize;

use crate::diagnostic::Arg;
use crate::locale::{Lang, fold, traditional};

mod announce;
pub mod answers;
mod apart;
mod body;
pub mod choices;
mod columns;
pub mod contact;
pub mod copies;
pub mod decode;
pub mod fields;
pub mod findings;
pub mod forms;
pub mod formula;
pub mod grid;
mod groups;
mod guest;
mod handmade;
pub mod header;
pub mod identity;
pub mod issued;
pub mod labels;
mod leftover;
pub mod likeness;
pub mod lists;
pub mod load;
pub mod locate;
pub mod located;
pub mod meaning;
mod part;
mod quirks;
#[cfg(test)]
#[path = "tests/mod.rs"]
mod reading_tests;
mod readings;
pub mod record;
pub mod rows;
pub mod scale;
mod scattered;
mod sightings;
pub mod suggested;
mod sums;
pub mod tally;
mod twins;
mod unit_note;
mod validate;
pub mod words;

pub use readings::typed;

/// Everything declared.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Tables by id, in the order of the specification.
    pub tables: IndexMap<String, Table>,
    /// Named lists of choices by id.
    pub choices: IndexMap<String, Vec<Choice>>,
    /// Templates by id.
    pub templates: IndexMap<String, Template>,
    /// Words of the blanks that belong to no table.
    pub words: words::BlankWords,
    /// What the words of headers mean, for tables that follow no template.
    pub lexicon: std::sync::Arc<meaning::Lexicon>,
}

/// A text in the languages of the product; Traditional Chinese is converted.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq, Default)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The name as an argument of a finding, shown in the reader's language.
    pub fn arg(&self) -> Arg {
        Arg::Label { zh: self.zh.clone(), en: self.en.clone() }
    }

    /// The text in a language.
    pub fn get(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh.clone(),
            Lang::ZhHant => traditional(&self.zh),
            Lang::En => self.en.clone(),
        }
    }
}

impl Words {
    /// The text in every language of the product. 繁體 is among them because its
    /// conversion changes words too (文件夹 becomes 資料夾), which folding cannot undo.
    pub fn spoken(&self) -> [String; 3] {
        [Lang::Zh, Lang::ZhHant, Lang::En].map(|lang| self.get(lang))
    }
}

/// How a table is laid out.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Vertical: 项目 | 内容说明 | 示例.
    Form,
    /// A title row, a hint row, a header row, then one record a row.
    List,
}

/// A sum that stands live above the rows of a list, for whoever fills it in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LiveSum {
    /// The column.
    pub column: String,
    /// What it should come to: an item of a form, as `basics.budget`.
    #[serde(default)]
    pub against: Option<String>,
}

/// One table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Table {
    /// Stable id, as code and machine-readable output use it.
    pub id: String,
    /// Title, also the sheet's name in the blank.
    pub label: Words,
    /// Documents it comes from: `["D0", "D2"]`.
    pub documents: Vec<String>,
    /// Form or list.
    pub layout: Layout,
    /// What the table is for, one sentence (填写导航).
    pub purpose: Words,
    /// Who usually fills it in (填写导航).
    pub filled_by: Words,
    /// The hint row under the title.
    pub hint: Words,
    /// Other titles and sheet names it goes by (any language).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Of a list, the column that says what a row is about: by it a row without a name is known again.
    #[serde(default)]
    pub main_text: Option<String>,
    /// Columns whose values together name a row; empty where rows have no name.
    #[serde(default)]
    pub key: Vec<String>,
    /// The table teams often keep it in: its columns then stand beside the other's, a row of one a row of both.
    #[serde(default)]
    pub kept_in: Option<String>,
    /// Headers under which people write two of its days in one cell.
    #[serde(default)]
    pub span: Option<Span>,
    /// Few teams keep one: beside a reading as a plainer table it needs to be named, or to explain more.
    #[serde(default)]
    pub rare: bool,
    /// Columns (`a|b`: one of them) that a table nobody made from the template must show before it is read as this one;
    /// empty where it is known by its own headers or not at all.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What of it the next week's blank begins with; nothing where it begins empty.
    #[serde(default)]
    pub onward: Option<Onward>,
    /// Columns, in order.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// Prefilled rows of the blank: column id → text. A row of which only these cells are filled is not in use.
    #[serde(default, rename = "row")]
    pub rows: Vec<IndexMap<String, Words>>,
    /// Sums that stand live above the rows of the blank.
    #[serde(default)]
    pub live: Vec<LiveSum>,
    /// Empty rows offered in the blank below the prefilled ones.
    #[serde(default = "thirty")]
    pub blank_rows: u32,
}

/// What of a table the next week's blank begins with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Onward {
    /// Columns: what was planned and is held against what comes, and never what came.
    pub columns: Vec<String>,
    /// The column that says how a row stands, where only rows go on that are still open.
    #[serde(default)]
    pub open: Option<String>,
}

/// The table and item that hold the campaign's name.
pub const NAMED: (&str, &str) = ("basics", "name");

/// Two days people write in one cell: `5月20日—5月31日` below 起止时间. The blanks have a column for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The columns of the first and of the last day.
    pub columns: [String; 2],
    /// Headers it goes by (any language).
    pub aliases: Vec<String>,
}

/// Which day of a period a column takes, where both stand in one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The first one.
    Start,
    /// The last one.
    End,
}

fn thirty() -> u32 {
    30
}

/// One column (or one item of a form).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Column {
    /// Stable id, unique in its table.
    pub id: String,
    /// Header, without the required mark; with its unit in brackets where it has one: `预算(元)`.
    pub label: Words,
    /// What its cells hold.
    pub kind: Kind,
    /// Required once the row (or form) is in use.
    #[serde(default)]
    pub required: bool,
    /// Values must not repeat within the table.
    #[serde(default)]
    pub unique: bool,
    /// Name of the list of choices, for `choice` and `open`.
    #[serde(default)]
    pub choices: Option<String>,
    /// `table.column` or `table` the values refer to.
    #[serde(default)]
    pub references: Option<String>,
    /// The unit a bare number is in: `元` `次` `秒` …
    #[serde(default)]
    pub unit: Option<String>,
    /// It says what one costs or brings: a unit stated for the whole table (单位：万元) does not speak of it.
    #[serde(default)]
    pub per_one: bool,
    /// What belongs here, one sentence (input prompt, data dictionary).
    pub meaning: Words,
    /// A realistic example.
    #[serde(default)]
    pub example: Option<Words>,
    /// Other headers it goes by (any language; 繁體, units, full-width and blanks need no alias).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What headers of hand-made tables mean it, best first: `spend`, `money@plan` (see [`meaning`]).
    #[serde(default)]
    pub means: Vec<String>,
    /// Live formula in the blank, with holes (see [`formula`]); tolerant of text: shows nothing rather than an error.
    #[serde(default)]
    pub formula: Option<String>,
    /// How a calculated or numeric column is shown; from the kind if not given.
    #[serde(default)]
    pub shown: Option<Shown>,
    /// A number below zero is possible.
    #[serde(default)]
    pub negative: bool,
    /// A rate over 100% is possible.
    #[serde(default)]
    pub over_one: bool,
    /// Width in the blank, in characters (a Chinese character takes two); from the kind if not given.
    #[serde(default)]
    pub width: Option<f64>,
}

/// What a column's cells hold (spec: `1-tables`).
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Short text.
    Text,
    /// Multi-line text.
    Long,
    /// An identifier: text even when it is all digits.
    Code,
    /// One of a list; anything else is an error.
    Choice,
    /// One of a suggested list; other values allowed.
    Open,
    /// A non-negative number with an optional counter word.
    Count,
    /// A number.
    Number,
    /// 元.
    Money,
    /// A rate.
    Percent,
    /// Comparator, range or growth with value and unit.
    Target,
    /// A target where it reads as one, else text.
    TargetOrText,
    /// Value and unit.
    Measure,
    /// A day.
    Date,
    /// A day and a time.
    Datetime,
    /// First day to last day.
    Period,
    /// A length of time.
    Duration,
    /// 1–5.
    Score,
    /// 是 or 否.
    Yesno,
    /// A person.
    Person,
    /// A department.
    Dept,
    /// Names split on 、 , ; /.
    List,
    /// 元 per unit: `15000/人/月`.
    Price,
    /// A quantity, possibly a product: `3人*2天`.
    Quantity,
    /// Computed by the workbook; what a person types over it is a claim to be checked (a number unless `shown` says text).
    Calc,
}

impl Kind {
    /// Whether figures are computed with what such a column holds; the others name, group and explain.
    pub fn is_computed_with(self) -> bool {
        !matches!(
            self,
            Kind::Text
                | Kind::Long
                | Kind::Code
                | Kind::Open
                | Kind::Person
                | Kind::Dept
                | Kind::List
                | Kind::Yesno
                | Kind::Choice
        )
    }
}

/// How a calculated or numeric value is shown.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// `0.0%`.
    Percent,
    /// `¥#,##0.00`.
    Money,
    /// `#,##0`.
    Number,
    /// `0.00`.
    Ratio,
    /// As a word.
    Text,
}

/// One choice of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Stable id across languages.
    pub id: String,
    /// What the dropdown shows.
    pub label: Words,
    /// What else people write for it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// One template: a workbook that holds certain tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stable id: `promotion`.
    pub id: String,
    /// Version of the template, counted from 1.
    pub version: u32,
    /// Title, also the file name of the committed blank.
    pub label: Words,
    /// The document it matches.
    pub document: String,
    /// What it is for, one or two sentences (填写导航).
    pub purpose: Words,
    /// Tables in order; core ones have `core = true`.
    pub tables: Vec<Member>,
}

/// A table's place in a template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Table id.
    pub id: String,
    /// Whether leaving it empty lowers 填写完整度.
    #[serde(default)]
    pub core: bool,
}

impl Catalogue {
    /// The catalogue that ships with the program.
    ///
    /// # Panics
    /// When the shipped declarations are wrong; a test loads them.
    pub fn shipped() -> &'static Catalogue {
        static SHIPPED: std::sync::LazyLock<Catalogue> = std::sync::LazyLock::new(|| {
            load::shipped().unwrap_or_else(|e| panic!("the shipped catalogue does not load: {e}"))
        });
        &SHIPPED
    }

    /// The table that teams keep in the rows of another one.
    pub fn kept_in(&self, host: usize) -> Option<usize> {
        let host = &self.tables[host].id;
        self.tables.values().position(|table| table.kept_in.as_ref() == Some(host))
    }

    /// The choices a column offers; empty for a column without a list. Yes and no are a list too.
    pub fn choices_of(&self, column: &Column) -> &[Choice] {
        column.list().and_then(|list| self.choices.get(list)).map_or(&[], Vec::as_slice)
    }
}

impl Table {
    /// The column of that id.
    pub fn column(&self, id: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// The words that say what a row is about, where rows have no name.
    pub fn subject(&self) -> Option<&Column> {
        let worded = |it: &&Column| it.required && matches!(it.kind, Kind::Text | Kind::Long);
        self.columns.iter().find(worded).filter(|_| self.key.is_empty())
    }

    /// Whether every row of the table may have a unit of its own.
    pub fn measures(&self) -> bool {
        let measured = |it: &Column| matches!(it.kind, Kind::Measure | Kind::Target | Kind::TargetOrText);
        self.columns.iter().any(measured)
    }

    /// Which day of a period in one cell a column takes.
    pub fn edge(&self, column: &str) -> Option<Edge> {
        let [start, end] = &self.span.as_ref()?.columns;
        match column {
            it if it == start => Some(Edge::Start),
            it if it == end => Some(Edge::End),
            _ => None,
        }
    }

    /// The keys of every title it goes by, in any language.
    pub fn keys(&self) -> IndexSet<String> {
        names(&self.label, &self.aliases).map(|name| header_key(&name)).collect()
    }

    /// Whether the blank already fills this column in some row: such a cell alone does not put a row to use.
    pub fn prefills(&self, column: &str) -> bool {
        self.rows.iter().any(|row| row.contains_key(column))
    }
}

impl Column {
    /// The keys of every header it goes by, in any language.
    pub fn keys(&self) -> IndexSet<String> {
        names(&self.label, &self.aliases).map(|name| header_key(&name)).collect()
    }

    /// The name of the list of choices it takes its values from.
    pub fn list(&self) -> Option<&str> {
        match self.kind {
            Kind::Yesno => Some(YESNO),
            _ => self.choices.as_deref(),
        }
    }
}

impl Choice {
    /// The folded form of everything people write for it, in any language.
    pub fn keys(&self) -> IndexSet<String> {
        names(&self.label, &self.aliases).map(|name| fold(&name)).collect()
    }
}

fn names(label: &Words, aliases: &[String]) -> impl Iterator<Item = String> {
    label.spoken().into_iter().chain(aliases.iter().cloned())
}

/// The list that holds 是 and 否.
pub const YESNO: &str = "yesno";

/// The key under which headers are compared: folded, without the required mark and
/// without a unit or remark in brackets at the end (`销售额（元） *` is `销售额`).
pub fn header_key(text: &str) -> String {
    let folded = fold(text);
    let bare = folded.trim_end_matches('*');
    match bare.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
        Some((label, _)) if !label.is_empty() => label.to_owned(),
        _ => bare.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_compare_without_mark_and_unit() {
        for (text, key) in [
            ("销售额(元)", "销售额"),
            ("銷售額（萬元） *", "销售额"),
            ("浏览量PV", "浏览量pv"),
            ("*姓名*", "*姓名"),
            ("(元)", "(元)"),
        ] {
            assert_eq!(header_key(text), key, "{text}");
        }
    }

    #[test]
    fn texts_come_in_three_languages() {
        let words = Words { zh: "预算执行率".into(), en: "Used".into() };
        assert_eq!(words.get(Lang::Zh), "预算执行率");
        assert_eq!(words.get(Lang::ZhHant), "預算執行率");
        assert_eq!(words.get(Lang::En), "Used");
    }
}
