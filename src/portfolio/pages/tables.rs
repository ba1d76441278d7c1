//! 认表 of all campaigns: what tables with one header are, and what words outside their lists mean, asked once for
//! every workbook that has them; and what was decided, to be changed or taken back.

use indexmap::IndexMap;

use super::{Desk, link_target, whole, wrapped};
use crate::catalogue::answers::{Meant, OF, signature};
use crate::catalogue::{Catalogue, Layout};
use crate::cell::{Area, CellRef};
use crate::page::{Page, PageCell, Role, Show, Tab};
use crate::portfolio::decided::{self, ASKED, NOT_OURS, NOT_READ, TABLE_IS, WORD_IS};
use crate::record::decided::{Decides, TableDecided, TableIs, WordDecided};
use crate::record::summary::{CampaignSummary, TableAsked, WordAsked};

/// What is seen of a row.
const COLUMNS: u32 = 6;
/// Where the answer stands.
const ANSWER: u32 = 4;
/// A longer example is cut (characters).
const LONGEST_EXAMPLE: usize = 40;

/// Tables with one header.
struct Tables<'a> {
    /// As it was met first, and in whose workbook.
    first: Option<(&'a TableAsked, &'a CampaignSummary)>,
    /// In how many workbooks.
    workbooks: usize,
    open: bool,
    decided: Option<&'a TableDecided>,
}

impl Tables<'_> {
    /// Its headers: as typed, what each means, an example.
    fn headers(&self) -> Vec<(String, String, String)> {
        match (self.first, self.decided) {
            (Some((asked, _)), _) => {
                let header = |it: &crate::record::summary::HeaderAsked| {
                    (it.typed.clone(), it.column.clone(), it.example.clone())
                };
                asked.headers.iter().map(header).collect()
            }
            (None, Some(decided)) => {
                let column = |at: usize| decided.columns.as_ref().and_then(|all| all.get(at)).cloned();
                let headers = decided.headers.iter().enumerate();
                headers.map(|(at, it)| (it.clone(), column(at).unwrap_or_default(), String::new())).collect()
            }
            (None, None) => Vec::new(),
        }
    }
}

/// A word outside its list.
struct Word<'a> {
    first: Option<(&'a WordAsked, &'a CampaignSummary)>,
    workbooks: usize,
    decided: Option<&'a WordDecided>,
}

impl Desk<'_> {
    /// What tables and words are; `None` where nobody is asked and nothing was decided.
    pub(super) fn tables(&self) -> Option<Page> {
        let (tables, words) = (self.tables_asked(), self.words_asked());
        if tables.is_empty() && words.is_empty() {
            return None;
        }
        let mut page = self.page("tables", Tab::Action, &[6.0, 30.0, 24.0, 22.0, 24.0, 46.0, 0.0]);
        let open = tables.iter().filter(|it| it.open).count();
        let unknown = words.iter().filter(|it| it.decided.is_none()).count();
        let parts: Vec<String> = [("tables_open", open), ("words_open", unknown)]
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(key, n)| self.words.say(key, &[("n", &n.to_string())]))
            .collect();
        let head =
            if parts.is_empty() { self.word("tables_settled") } else { parts.join(&self.word("semicolon")) };
        page.line(Role::Conclusion, COLUMNS, head);
        page.line(Role::Note, COLUMNS, self.word("tables_how"));
        page.skip(1);
        if !tables.is_empty() {
            let header = page.next_row();
            let heads = ["tables_no", "table_place", "table_header", "example", TABLE_IS, "remark", ASKED];
            page.row(Role::Header, self.words.all(heads));
            page.freeze = Some(CellRef::new(header + 1, 0));
            for (order, tables) in tables.iter().enumerate() {
                self.table_asked(&mut page, order, tables);
            }
            page.skip(1);
        }
        if !words.is_empty() {
            page.line(Role::Section, COLUMNS, self.word("unknown_words"));
            page.row(
                Role::Header,
                self.words.all([
                    "tables_no",
                    "table_place",
                    "typed_word",
                    "word_list",
                    WORD_IS,
                    "remark",
                    ASKED,
                ]),
            );
            for (order, word) in words.iter().enumerate() {
                self.word_asked(&mut page, order, word);
            }
        }
        Some(page)
    }

    /// Tables by their headers: those that are open first, then those in most workbooks.
    fn tables_asked(&self) -> Vec<Tables<'_>> {
        let mut all: IndexMap<Vec<String>, Tables<'_>> = IndexMap::new();
        for entry in self.portfolio.counted() {
            let mut here: Vec<Vec<String>> = Vec::new();
            for asked in &entry.questions {
                let typed = asked.typed();
                let key = signature(&typed);
                let decided = self.portfolio.decided.tables.iter().find(|it| it.is_of(&typed));
                let nothing = Tables { first: None, workbooks: 0, open: false, decided };
                let tables = all.entry(key.clone()).or_insert(nothing);
                tables.open |= asked.open;
                // Of a table that is still asked about, as it stands where nobody has said anything.
                if tables.first.is_none_or(|(first, _)| asked.open && !first.open) {
                    tables.first = Some((asked, entry));
                }
                if !here.contains(&key) {
                    tables.workbooks += 1;
                    here.push(key);
                }
            }
        }
        // What only the settings say is said there.
        all.retain(|_, it| it.open || it.decided.is_some());
        for decided in &self.portfolio.decided.tables {
            let nothing = Tables { first: None, workbooks: 0, open: false, decided: Some(decided) };
            all.entry(signature(&decided.headers)).or_insert(nothing);
        }
        let mut all: Vec<Tables<'_>> = all.into_values().collect();
        all.sort_by_key(|it| (!it.open, std::cmp::Reverse(it.workbooks)));
        all
    }

    fn words_asked(&self) -> Vec<Word<'_>> {
        let mut all: IndexMap<(String, String), Word<'_>> = IndexMap::new();
        let key = |list: &str, word: &str| (list.to_owned(), crate::locale::fold(word));
        for entry in self.portfolio.counted() {
            for asked in &entry.unknown_words {
                let decided =
                    self.portfolio.decided.words.iter().find(|it| it.is_of(&asked.list, &asked.word));
                let nothing = Word { first: None, workbooks: 0, decided };
                let word = all.entry(key(&asked.list, &asked.word)).or_insert(nothing);
                if word.first.is_none_or(|(_, first)| first.file != entry.file) {
                    word.workbooks += 1;
                }
                word.first.get_or_insert((asked, entry));
            }
        }
        for decided in &self.portfolio.decided.words {
            let nothing = Word { first: None, workbooks: 0, decided: Some(decided) };
            all.entry(key(&decided.list, &decided.word)).or_insert(nothing);
        }
        let mut all: Vec<Word<'_>> = all.into_values().collect();
        all.sort_by_key(|it| (it.decided.is_some(), std::cmp::Reverse(it.workbooks)));
        all
    }

    /// One line for the table, one for each of its headers.
    fn table_asked(&self, page: &mut Page, order: usize, tables: &Tables<'_>) {
        let catalogue = Catalogue::shipped();
        let named = |id: &String| catalogue.tables.get(id).map(|table| table.label.get(self.lang));
        let headers = tables.headers();
        let typed: Vec<String> = headers.iter().map(|(typed, ..)| typed.clone()).collect();
        let looks = match (tables.first, tables.decided) {
            (Some((asked, _)), _) => asked.table.clone(),
            (None, decided) => decided.and_then(|it| it.table.clone()),
        };
        let shown = (looks.clone(), headers.iter().map(|(_, column, _)| column.clone()).collect::<Vec<_>>());
        let word = tables.decided.map(|it| TableIs::of(it.table.clone()));
        let about = Decides::Table {
            period: self.period(),
            headers: typed.clone(),
            shown: shown.clone(),
            word: word.clone(),
        };
        let looked = looks.as_ref().and_then(named).unwrap_or_default();
        let says = match (&word, looked.as_str()) {
            (Some(TableIs::NotOurs), _) => self.word("table_left"),
            (_, "") => String::new(),
            (Some(_), label) => self.words.say("table_read_as", &[("table", label)]),
            (None, label) => self.words.say("table_looks", &[("table", label)]),
        };
        let chosen =
            word.map(|is| is.table().as_ref().and_then(named).unwrap_or_else(|| self.word(NOT_OURS)));
        let total = |cell: PageCell| cell.role(Role::Total);
        let period = tables.decided.map(|it| it.period.as_str());
        let place = tables.first.and_then(|(asked, entry)| Some((entry, asked.at.as_ref()?)));
        page.row(
            Role::Total,
            [
                total(whole(order + 1)),
                total(place_of(place)),
                total(wrapped(&says)),
                total(PageCell::default()),
                PageCell::from(chosen.unwrap_or_default()).role(Role::Input),
                total(wrapped(&self.again(tables.workbooks, period, tables.open))),
                decided::asked(&about),
            ],
        );
        let first = looks.as_ref().and_then(named).into_iter();
        let lists = catalogue.tables.values().filter(|table| table.layout == Layout::List);
        let mut offered: Vec<String> = first.collect();
        for label in lists.map(|table| table.label.get(self.lang)).chain([self.word(NOT_OURS)]) {
            if !offered.contains(&label) {
                offered.push(label);
            }
        }
        choose_from(page, offered);
        let index = looks.as_ref().and_then(|id| catalogue.tables.get_index_of(id));
        for (at, (header, column, example)) in headers.iter().enumerate() {
            let about = Decides::Header {
                period: self.period(),
                headers: typed.clone(),
                shown: shown.clone(),
                at,
                word: column.clone(),
            };
            self.header_asked(page, (header, column, example), index, tables.open, &about);
        }
    }

    /// A header with what it would mean.
    fn header_asked(
        &self,
        page: &mut Page,
        (typed, column, example): (&str, &str, &str),
        table: Option<usize>,
        open: bool,
        about: &Decides,
    ) {
        let catalogue = Catalogue::shipped();
        let meant = table.and_then(|table| {
            let meant = Meant::read(catalogue, table, column).filter(|meant| *meant != Meant::Nothing)?;
            Some(meant.label(catalogue, table, self.lang))
        });
        let typed = if typed.is_empty() { self.word("no_header") } else { typed.to_owned() };
        let role = if open && meant.is_none() && table.is_some() { Role::Warn } else { Role::Body };
        let shown = match table {
            Some(_) => meant.unwrap_or_else(|| self.word(NOT_READ)),
            None => String::new(),
        };
        page.row(
            Role::Body,
            [
                PageCell::default(),
                PageCell::default(),
                wrapped(&typed),
                wrapped(&cut(example)),
                PageCell::from(shown).role(role),
                PageCell::default(),
                table.map_or_else(PageCell::default, |_| decided::asked(about)),
            ],
        );
        if let Some(table) = table {
            let all = Meant::all(catalogue, table).into_iter();
            let all = all.map(|meant| meant.label(catalogue, table, self.lang));
            choose_from(page, all.chain([self.word(NOT_READ)]).collect());
        }
    }

    fn word_asked(&self, page: &mut Page, order: usize, word: &Word<'_>) {
        let catalogue = Catalogue::shipped();
        let (typed, list) = match (word.first, word.decided) {
            (Some((asked, _)), _) => (&asked.word, &asked.list),
            (None, Some(decided)) => (&decided.word, &decided.list),
            (None, None) => return,
        };
        let choices = catalogue.choices.get(list).map(Vec::as_slice).unwrap_or_default();
        let label = |id: &String| choices.iter().find(|it| it.id == *id).map(|it| it.label.get(self.lang));
        let column = word.first.and_then(|(asked, _)| {
            let table = catalogue.tables.get(&asked.column.0)?;
            let column = table.column(&asked.column.1)?;
            Some(format!("{}{OF}{}", table.label.get(self.lang), column.label.get(self.lang)))
        });
        let suggestion = word.first.and_then(|(asked, _)| asked.suggestion.as_ref()).and_then(label);
        let perhaps = suggestion.filter(|_| word.decided.is_none());
        let perhaps = perhaps.map(|choice| self.words.say("word_perhaps", &[("choice", &choice)]));
        let again = self.again(word.workbooks, word.decided.map(|it| it.period.as_str()), false);
        let remarks: Vec<String> = perhaps.into_iter().chain([again]).filter(|it| !it.is_empty()).collect();
        let choice = word.decided.map(|it| it.choice.clone());
        let about = Decides::Word {
            period: self.period(),
            typed: typed.clone(),
            list: list.clone(),
            word: choice.clone(),
        };
        let place = word.first.and_then(|(asked, entry)| Some((entry, asked.at.as_ref()?)));
        page.row(
            Role::Body,
            [
                whole(order + 1),
                place_of(place),
                wrapped(typed),
                wrapped(&column.unwrap_or_default()),
                PageCell::from(choice.as_ref().and_then(label).unwrap_or_default()).role(Role::Input),
                wrapped(&remarks.join(&self.word("semicolon"))),
                decided::asked(&about),
            ],
        );
        choose_from(page, choices.iter().map(|choice| choice.label.get(self.lang)).collect());
    }

    /// In how many workbooks it stands, and when it was decided.
    fn again(&self, workbooks: usize, period: Option<&str>, open: bool) -> String {
        let counted =
            (workbooks > 1).then(|| self.words.say("in_workbooks", &[("n", &workbooks.to_string())]));
        let decided = period.map(|period| match open {
            true => self.word("columns_open"),
            false => self.words.say("table_decided", &[("period", period)]),
        });
        let parts: Vec<String> = decided.into_iter().chain(counted).collect();
        parts.join(&self.word("semicolon"))
    }
}

/// The workbook and the cell in it, which a click opens.
fn place_of(place: Option<(&CampaignSummary, &crate::cell::Place)>) -> PageCell {
    let Some((entry, at)) = place else { return PageCell::default() };
    let text = format!("{}{OF}{at}", entry.name);
    let cell: PageCell = match entry.output.is_empty() {
        true => text.into(),
        false => Show::File(text, link_target(entry, at)).into(),
    };
    cell.shaped(crate::page::Shape::Wrapped)
}

/// A dropdown in the answer of the row just put.
fn choose_from(page: &mut Page, choices: Vec<String>) {
    let at = CellRef::new(page.next_row() - 1, ANSWER);
    page.dropdowns.push((Area::new(at, at), choices));
}

fn cut(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    match text.char_indices().nth(LONGEST_EXAMPLE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
