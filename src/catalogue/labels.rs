//! Which words name which table and column, prepared once for a catalogue.
//!
//! Labels in three languages, aliases, and what the team calls things, folded
//! and indexed. Judges one label at a time; where tables lie is for `locate`.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use indexmap::IndexMap;

use super::answers::{TableAnswer, signature};
use super::choices::Choices;
use super::header::{Header, HeaderUnit, UnitSort, halves};
use super::likeness::{Spelling, resemblance};
use super::sightings::Memory;
use super::{Catalogue, Column, Kind, Layout, Table};
use crate::locale::{fold, traditional};

/// What a team calls things, from its settings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TeamAliases {
    /// Sheet or title as the team writes it → table id.
    pub tables: IndexMap<String, String>,
    /// Header as the team writes it → `table.column`, or a column id for every table that has it.
    pub columns: IndexMap<String, String>,
    /// Choice as the team writes it → `list.choice`.
    pub choices: Vec<(String, String)>,
    /// What the team says its tables are, by their headers.
    pub headers: Vec<TableAnswer>,
}

/// How a header is known that only a carrier of the blank points at.
pub const CARRIED: &str = "id";
/// How a header is known under which two days stand in one cell.
pub const SPAN: &str = "span";

/// A label read as a column of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Index of the table in the catalogue.
    pub table: usize,
    /// Index of the column in the table.
    pub column: usize,
    /// `exact`, `folded`, `alias`, `fuzzy`, `sub`, `position`, `span`, `id`.
    pub how: &'static str,
    /// From 0 to 1.
    pub score: f64,
}

/// A text read as a table's title.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TitleHit {
    /// Index of the table in the catalogue.
    pub table: usize,
    /// From 0 to 1.
    pub score: f64,
}

struct Entry {
    table: usize,
    column: usize,
    how: &'static str,
    score: f64,
}

/// The labels of a catalogue, indexed.
pub struct Matcher<'c> {
    /// The catalogue.
    pub catalogue: &'c Catalogue,
    /// Its lists of choices.
    pub choices: Choices<'c>,
    tables: Vec<&'c Table>,
    typed: HashMap<String, Vec<Entry>>,
    keys: HashMap<String, Vec<Entry>>,
    titles: HashMap<String, Vec<TitleHit>>,
    title_words: Vec<(Spelling, usize)>,
    /// What the blank calls its guide and its data dictionary, folded.
    pub(super) own_sheets: HashSet<String>,
    /// What the blank puts in the rows of each table: column and text, folded.
    prefilled: Vec<HashSet<(usize, String)>>,
    weights: Vec<Vec<f64>>,
    spellings: Vec<Vec<Vec<Spelling>>>,
    /// What the team says its tables are: signature and answer.
    told: Vec<(Vec<String>, TableAnswer)>,
    /// What was read with these labels before; it is out while a workbook is read.
    memory: Mutex<Memory>,
}

fn prefilled(table: &Table) -> HashSet<(usize, String)> {
    let column = |id: &str| table.columns.iter().position(|column| column.id == *id);
    let cells = table.rows.iter().flatten().filter_map(|(id, words)| Some((column(id)?, words)));
    cells.flat_map(|(column, words)| words.spoken().map(|text| (column, fold(&text)))).collect()
}

impl<'c> Matcher<'c> {
    /// What was read before, lent out; nothing while another workbook is read with it.
    pub(super) fn remembered(&self) -> Memory {
        self.memory.lock().map(|mut memory| std::mem::take(&mut *memory)).unwrap_or_default()
    }

    /// Keeps what was read for the next workbook.
    pub(super) fn remember(&self, memory: Memory) {
        if let Ok(mut kept) = self.memory.lock() {
            *kept = memory;
        }
    }

    /// Indexes a catalogue and what the team calls things.
    pub fn new(catalogue: &'c Catalogue, aliases: &TeamAliases) -> Matcher<'c> {
        let mut matcher = Matcher {
            catalogue,
            choices: Choices::new(catalogue, &aliases.choices),
            told: aliases.headers.iter().map(|it| (signature(&it.headers), it.clone())).collect(),
            tables: catalogue.tables.values().collect(),
            typed: HashMap::new(),
            keys: HashMap::new(),
            memory: Mutex::default(),
            prefilled: catalogue.tables.values().map(prefilled).collect(),
            own_sheets: [&catalogue.words.guide.sheet, &catalogue.words.dictionary.sheet]
                .iter()
                .flat_map(|sheet| sheet.spoken())
                .map(|name| fold(&name))
                .collect(),
            titles: HashMap::new(),
            title_words: Vec::new(),
            weights: Vec::new(),
            spellings: Vec::new(),
        };
        for index in 0..matcher.tables.len() {
            matcher.add_table(index);
        }
        matcher.add_team(aliases);
        matcher.weigh();
        matcher
    }

    fn add_table(&mut self, index: usize) {
        let table = self.tables[index];
        let labels = [table.label.zh.clone(), table.label.en.clone(), traditional(&table.label.zh)];
        for label in &labels {
            self.add_title(label, index, 1.0);
        }
        for alias in &table.aliases {
            self.add_title(alias, index, 0.92);
            self.add_title(&traditional(alias), index, 0.92);
        }
        let mut spellings = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            let mut words = Vec::new();
            for label in [column.label.zh.clone(), traditional(&column.label.zh), column.label.en.clone()] {
                self.typed.entry(label.clone()).or_default().push(Entry {
                    table: index,
                    column: at,
                    how: "exact",
                    score: 1.0,
                });
                self.add_label(&label, index, at, "folded", 0.98, &mut words);
            }
            for alias in &column.aliases {
                self.add_label(alias, index, at, "alias", 0.93, &mut words);
                self.add_label(&traditional(alias), index, at, "alias", 0.93, &mut words);
            }
            spellings.push(words);
        }
        if let Some(span) = &table.span
            && let Some(start) = table.columns.iter().position(|column| column.id == span.columns[0])
        {
            for alias in &span.aliases {
                self.add_label(alias, index, start, SPAN, 0.9, &mut Vec::new());
                self.add_label(&traditional(alias), index, start, SPAN, 0.9, &mut Vec::new());
            }
        }
        self.spellings.push(spellings);
    }

    fn add_label(
        &mut self,
        label: &str,
        table: usize,
        column: usize,
        how: &'static str,
        score: f64,
        words: &mut Vec<Spelling>,
    ) {
        let header = Header::parse(label);
        let mut add = |key: String, score: f64| {
            if key.is_empty() {
                return;
            }
            if !words.iter().any(|word| word.text == key) {
                words.push(Spelling::new(key.as_str()));
            }
            let entries = self.keys.entry(key).or_default();
            match entries.iter_mut().find(|entry| entry.table == table && entry.column == column) {
                Some(entry) if entry.score < score => (entry.how, entry.score) = (how, score),
                Some(_) => {}
                None => entries.push(Entry { table, column, how, score }),
            }
        };
        // A bracket in a declared label explains it: 产品策略(主推款/引流款/利润款).
        let outside = header.bare.split('|').next().unwrap_or_default().to_owned();
        add(outside, score - 0.03);
        add(header.bare.clone(), score - 0.02);
        add(header.key, score);
    }

    fn add_title(&mut self, title: &str, table: usize, score: f64) {
        let key = title_key(title);
        if key.is_empty() {
            return;
        }
        let stem = stem(&key);
        if stem != key && stem.chars().count() >= 2 {
            push_title(&mut self.titles, stem, TitleHit { table, score: score - 0.15 });
        }
        if key.chars().count() >= 4 {
            self.title_words.push((Spelling::new(key.as_str()), table));
        }
        push_title(&mut self.titles, key, TitleHit { table, score });
    }

    fn add_team(&mut self, aliases: &TeamAliases) {
        for (name, id) in &aliases.tables {
            if let Some(index) = self.catalogue.tables.get_index_of(id) {
                push_title(&mut self.titles, title_key(name), TitleHit { table: index, score: 0.98 });
            }
        }
        for (name, target) in &aliases.columns {
            for index in 0..self.tables.len() {
                let column = match target.split_once('.') {
                    Some((table, column)) if table == self.tables[index].id => column,
                    Some(_) => continue,
                    None => target,
                };
                if let Some(at) = self.tables[index].columns.iter().position(|it| it.id == column) {
                    let mut words = std::mem::take(&mut self.spellings[index][at]);
                    self.add_label(name, index, at, "alias", 0.97, &mut words);
                    self.spellings[index][at] = words;
                }
            }
        }
    }

    /// A label that many tables share says little about which table this is.
    fn weigh(&mut self) {
        self.weights = self
            .tables
            .iter()
            .map(|table| {
                let weight = |column: &Column| {
                    let shared = self.keys.get(&Header::parse(&column.label.zh).bare).map_or(1, |entries| {
                        let mut tables: Vec<usize> = entries.iter().map(|entry| entry.table).collect();
                        tables.dedup();
                        tables.len().max(1)
                    });
                    1.0 / (shared as f64).sqrt()
                };
                table.columns.iter().map(weight).collect()
            })
            .collect();
    }

    /// What the team says its tables are: by which headers, and what.
    pub fn told(&self) -> &[(Vec<String>, TableAnswer)] {
        &self.told
    }

    /// What the team says of a table with these headers; what a workbook says itself counts before the settings.
    pub fn answer_for(&self, headers: &[String]) -> Option<usize> {
        if self.told.is_empty() {
            return None;
        }
        let asked = signature(headers);
        let same = |own: bool| self.told.iter().position(|(known, it)| it.own == own && *known == asked);
        same(true).or_else(|| same(false))
    }

    /// The table at an index of the catalogue.
    pub fn table(&self, index: usize) -> &'c Table {
        self.tables[index]
    }

    /// What the blank puts in the rows of a table: column and text, folded.
    pub fn prefilled(&self, table: usize) -> &HashSet<(usize, String)> {
        &self.prefilled[table]
    }

    /// How much finding this column says about which table this is.
    pub fn weight(&self, table: usize, column: usize) -> f64 {
        self.weights[table][column]
    }

    /// Columns a label may name, all tables, without guessing.
    pub fn hits(&self, typed: &str, header: &Header) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        let mut add = |entries: Option<&Vec<Entry>>, loss: f64| {
            for entry in entries.into_iter().flatten() {
                let column = &self.tables[entry.table].columns[entry.column];
                if contradicts(header, column) {
                    continue;
                }
                let hit = Hit {
                    table: entry.table,
                    column: entry.column,
                    how: entry.how,
                    score: entry.score - loss,
                };
                match hits.iter_mut().find(|it| it.table == hit.table && it.column == hit.column) {
                    Some(known) if known.score < hit.score => *known = hit,
                    Some(_) => {}
                    None => hits.push(hit),
                }
            }
        };
        add(self.typed.get(typed.trim()), 0.0);
        add(self.keys.get(&header.key), 0.0);
        add(self.keys.get(&header.bare), 0.01);
        if let Some(turned) = &header.turned {
            add(self.keys.get(turned), 0.04);
        }
        if hits.is_empty() { self.hits_of_halves(header) } else { hits }
    }

    /// `渠道 Channel`: the column that both halves name.
    fn hits_of_halves(&self, header: &Header) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for (one, other) in &header.halves {
            let (Some(one), Some(other)) = (self.keys.get(one), self.keys.get(other)) else { continue };
            for entry in one {
                let same = other.iter().find(|it| it.table == entry.table && it.column == entry.column);
                let Some(same) = same else { continue };
                if contradicts(header, &self.tables[entry.table].columns[entry.column]) {
                    continue;
                }
                let weaker = if same.score < entry.score { same } else { entry };
                hits.push(Hit {
                    table: entry.table,
                    column: entry.column,
                    how: weaker.how,
                    score: weaker.score - 0.02,
                });
            }
        }
        hits
    }

    /// `渠道效果表 Channel performance`: the table that both halves name.
    fn titles_of_halves(&self, key: &str) -> Vec<TitleHit> {
        let of = |half: &str| self.titles.get(half).or_else(|| self.titles.get(&stem(half)));
        let mut hits = Vec::new();
        for (one, other) in halves(key) {
            for hit in of(&one).into_iter().flatten() {
                if let Some(same) = of(&other).into_iter().flatten().find(|it| it.table == hit.table) {
                    hits.push(TitleHit { table: hit.table, score: hit.score.min(same.score) - 0.02 });
                }
            }
        }
        hits
    }

    /// Columns of one table a label resembles, best first; for the headers nothing names exactly.
    pub fn alike(&self, table: usize, header: &Header) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        let typed = Spelling::new(header.bare.as_str());
        let meaning = self.catalogue.lexicon.read(&header.bare);
        for (column, spellings) in self.spellings[table].iter().enumerate() {
            // 支付金额 looks like 支付人数 and is money; 点击率 like 点击量 and is a rate.
            let kind = self.tables[table].columns[column].kind;
            if meaning.is_money() && kind == Kind::Count
                || meaning.is_derived() && matches!(kind, Kind::Count | Kind::Money)
            {
                continue;
            }
            if contradicts(header, &self.tables[table].columns[column]) {
                continue;
            }
            let score = spellings.iter().map(|word| typed.likeness(word)).fold(0.0, f64::max);
            if score > 0.0 {
                hits.push(Hit { table, column, how: "fuzzy", score });
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits
    }

    /// The column a person may have meant, for a suggestion only.
    pub fn nearest(&self, table: usize, header: &Header) -> Option<(usize, f64)> {
        let score = |spellings: &Vec<Spelling>| {
            let scores = spellings.iter().map(|word| resemblance(&header.bare, &word.text));
            scores.fold(0.0, f64::max)
        };
        let best = self.spellings[table].iter().map(score).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        best.filter(|(_, score)| *score >= 0.5)
    }

    /// Tables a sheet name or a title line names, best first.
    pub fn titles(&self, text: &str) -> Vec<TitleHit> {
        let key = title_key(text);
        if key.is_empty() {
            return Vec::new();
        }
        let mut hits: Vec<TitleHit> = self.titles.get(&key).cloned().unwrap_or_default();
        if hits.is_empty() {
            let stem = stem(&key);
            hits = self.titles.get(&stem).cloned().unwrap_or_default();
            hits.iter_mut().for_each(|hit| hit.score -= 0.1);
        }
        if hits.is_empty() {
            hits = self.titles_of_halves(&key);
        }
        let typed = Spelling::new(key.as_str());
        if hits.is_empty() {
            // The longest title contained wins over those it contains.
            let longest = self
                .title_words
                .iter()
                .filter(|(word, _)| typed.contains(word))
                .max_by_key(|(word, _)| word.text.len());
            if let Some((_, table)) = longest {
                hits.push(TitleHit { table: *table, score: 0.6 });
            }
        }
        if hits.is_empty() && key.chars().count() >= 4 {
            for (word, table) in &self.title_words {
                let score = typed.resembles(word, 0.75);
                if score >= 0.75 {
                    hits.push(TitleHit { table: *table, score: score * 0.6 });
                }
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.table.cmp(&b.table)));
        hits.dedup_by_key(|hit| hit.table);
        hits
    }

    /// Indexes of the form tables.
    pub fn forms(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.tables.len()).filter(|index| self.tables[*index].layout == Layout::Form)
    }
}

fn push_title(titles: &mut HashMap<String, Vec<TitleHit>>, key: String, hit: TitleHit) {
    let hits = titles.entry(key).or_default();
    match hits.iter_mut().find(|known| known.table == hit.table) {
        Some(known) => known.score = known.score.max(hit.score),
        None => hits.push(hit),
    }
}

/// Whether the unit in a header rules a column out: 花费(次) is not 花费(元).
pub fn contradicts(header: &Header, column: &Column) -> bool {
    let Some(unit) = header.unit else { return false };
    match column.kind {
        Kind::Money | Kind::Price => {
            !matches!(unit.sort, UnitSort::Yuan | UnitSort::Magnitude | UnitSort::Foreign(_))
        }
        Kind::Count | Kind::Quantity => !matches!(unit.sort, UnitSort::Counter | UnitSort::Magnitude),
        Kind::Percent => unit.sort != UnitSort::Rate,
        Kind::Duration => unit.sort != UnitSort::Time,
        Kind::Number => matches!(unit.sort, UnitSort::Foreign(_)),
        _ => false,
    }
}

/// The factor a bare number in a column takes from the unit stated for it.
pub fn factor(unit: Option<HeaderUnit>, column: &Column) -> f64 {
    let Some(unit) = unit else { return 1.0 };
    match (column.kind, unit.sort) {
        (Kind::Percent, UnitSort::Rate) => unit.factor,
        (Kind::Duration, UnitSort::Time) => unit.factor,
        (
            Kind::Money
            | Kind::Price
            | Kind::Count
            | Kind::Quantity
            | Kind::Measure
            | Kind::Target
            | Kind::TargetOrText
            | Kind::Number
            | Kind::Calc,
            UnitSort::Yuan | UnitSort::Counter | UnitSort::Magnitude | UnitSort::Foreign(_),
        ) => unit.factor,
        (Kind::Measure | Kind::Target | Kind::TargetOrText | Kind::Calc, UnitSort::Rate) => unit.factor,
        _ => 1.0,
    }
}

/// A title in the form in which titles are compared: no numbering, copy marks or brackets.
fn title_key(text: &str) -> String {
    let folded = fold(text);
    let mut key = folded.as_str();
    loop {
        let before = key;
        for mark in ["-副本", "_副本", "副本", "-copy", "_copy", "copy", "(空白)", "-新", "_新"] {
            key = key.strip_suffix(mark).unwrap_or(key);
        }
        for mark in ["copyof", "复件", "副本"] {
            key = key.strip_prefix(mark).unwrap_or(key);
        }
        if let Some((rest, inner)) = key.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))
            && !rest.is_empty()
            && !inner.is_empty()
        {
            key = rest;
        }
        if key == before {
            break;
        }
    }
    let numbered = ["模板", "表格", "表", "附件", "附表", "sheet"].iter().find_map(|word| {
        let rest = key.strip_prefix(word)?;
        let digits: usize = rest
            .chars()
            .take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c))
            .map(char::len_utf8)
            .sum();
        (digits > 0 && digits < rest.len()).then(|| &rest[digits..])
    });
    key = numbered.unwrap_or(key);
    let key = Header::parse(key.trim_start_matches([':', '、', '.', '-', '_', ' '])).bare;
    let start: usize =
        key.chars().take_while(|c| c.is_ascii_digit() || "-_.、:《".contains(*c)).map(char::len_utf8).sum();
    // 618活动总结 keeps its digits: only numbering with something behind it goes.
    let rest = key[start..].trim_end_matches(['》', ':', '-', '_']);
    if rest.chars().count() >= 2 { rest.to_owned() } else { key }
}

fn stem(key: &str) -> String {
    for end in ["统计表", "记录表", "汇总表", "明细表", "分析表", "表单", "清单", "表", "table", "sheet"]
    {
        if let Some(rest) = key.strip_suffix(end)
            && !rest.is_empty()
        {
            return rest.to_owned();
        }
    }
    key.to_owned()
}
