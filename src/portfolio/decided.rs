//! What is decided on pages of 汇总.xlsx: beside each question stands what it is about, in a column nobody sees, so
//! that the answer is understood wherever it comes back.

use crate::catalogue::Catalogue;
use crate::catalogue::answers::Meant;
use crate::cell::{Area, CellRef, Content};
use crate::locale::{Lang, fold};
use crate::page::{Page, PageCell, Role};
use crate::quantity::Said;
use crate::quantity::choice::yes_no;
use crate::record::decided::{Decides, TableIs, Verdict};
use crate::words::Words;
use crate::workbook::{Sheet, Workbook};

const TEXT: &str = include_str!("pages/pages.toml");
const LANGUAGES: [Lang; 3] = [Lang::Zh, Lang::ZhHant, Lang::En];
/// The document property every portfolio of ours carries.
pub const PROPERTY: &str = "fupan.portfolio";
/// Titles of pages every portfolio has, by their keys.
const ALWAYS: [&str; 3] = ["overview", "quality", "sources"];
/// Heads of the columns: what was decided, about which names it is, and what nobody sees.
pub const DECIDE: &str = "decide";
/// See [`DECIDE`].
pub const ONE_CHANNEL: &str = "one_channel";
/// See [`DECIDE`].
pub const GOES_BY: &str = "goes_by";
/// See [`DECIDE`].
pub const ASKED: &str = "asked";
/// See [`DECIDE`].
pub const TABLE_IS: &str = "table_is";
/// See [`DECIDE`].
pub const WORD_IS: &str = "word_is";
/// What is offered beside tables, and beside their columns.
pub const NOT_OURS: &str = "not_ours";
/// See [`NOT_OURS`].
pub const NOT_READ: &str = "not_read";

fn words(lang: Lang) -> Words {
    Words::load(&[TEXT], lang)
}

/// Whether a workbook is a portfolio of ours: as its properties say, or by its pages where a program lost those.
pub fn is_portfolio(workbook: &Workbook) -> bool {
    let has = |title: &String| workbook.sheets.iter().any(|sheet| *sheet.name == **title);
    workbook.properties.contains_key(PROPERTY)
        || LANGUAGES.iter().any(|lang| words(*lang).all(ALWAYS).iter().all(has))
}

/// The word of a verdict.
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::GoOn => "go_on",
        Verdict::GiveUp => "give_up",
        Verdict::GoUp => "go_up",
    }
}

/// The cell a verdict is chosen in, with what was chosen, and what is offered.
pub fn choice(page: &mut Page, at: CellRef, chosen: Option<Verdict>, words: &Words) -> PageCell {
    let offered = Verdict::ALL.map(|verdict| words.get(word(verdict)));
    page.dropdowns.push((Area::new(at, at), offered.to_vec()));
    let chosen = chosen.map(|verdict| words.get(word(verdict))).unwrap_or_default();
    PageCell::from(chosen).role(Role::Input)
}

/// The cell nobody sees.
pub fn asked(about: &Decides) -> PageCell {
    PageCell::from(serde_json::to_string(about).unwrap_or_default())
}

/// What somebody wrote into a portfolio of ours since it was written: a line where the answer is another.
pub fn read(workbook: &Workbook, catalogue: &Catalogue) -> Vec<Decides> {
    let rows = |sheet: &'_ Sheet| -> Vec<Decides> {
        let about = sheet.cells.iter().filter_map(|(at, cell)| match &cell.content {
            Content::Text(text) if text.starts_with("{\"decides\":") => {
                Some((*at, serde_json::from_str(text).ok()?))
            }
            _ => None,
        });
        about.filter_map(|(at, about)| answer(sheet, at, about, catalogue)).collect()
    };
    workbook.sheets.iter().flat_map(rows).collect()
}

/// The answer in a row, where it is another than was written there.
fn answer(sheet: &Sheet, at: CellRef, about: Decides, catalogue: &Catalogue) -> Option<Decides> {
    let said = |key: &str| beside(sheet, at, key);
    let verdict = |was: Option<Verdict>| {
        let said = said(DECIDE)?;
        let is = (!said.is_blank()).then(|| read_verdict(&said));
        // A word that is none of those offered says nothing.
        let is = is.map_or(Some(None), |known| known.map(Some))?;
        (is != was).then_some(is)
    };
    match about {
        Decides::Channels { period, names, word: was } => {
            let said = said(ONE_CHANNEL)?;
            let is = match yes_no(&said).said {
                Said::Value(is) => Some(is),
                Said::Nothing(_) if said.is_blank() => None,
                Said::Nothing(_) => return None,
            };
            let main = beside(sheet, at, GOES_BY).map(|main| main.to_text()).unwrap_or_default();
            let mut renamed = names.clone();
            if !main.trim().is_empty() {
                renamed.retain(|name| fold(name) != fold(&main));
                renamed.insert(0, main.trim().to_owned());
            }
            let changed = is != was || (is == Some(true) && renamed != names);
            changed.then_some(Decides::Channels { period, names: renamed, word: is })
        }
        Decides::Action { period, campaign, code, action, times, word: was } => {
            let word = verdict(was)?;
            Some(Decides::Action { period, campaign, code, action, times, word })
        }
        Decides::Problem { period, problem, times, word: was } => {
            let word = verdict(was)?;
            Some(Decides::Problem { period, problem, times, word })
        }
        Decides::Table { period, headers, shown, word: was } => {
            let word = chosen(&said(TABLE_IS)?, |text| table_called(text, catalogue))?;
            (word != was).then_some(Decides::Table { period, headers, shown, word })
        }
        Decides::Header { period, headers, shown, at, word: was } => {
            let table = shown.0.as_ref().and_then(|id| catalogue.tables.get_index_of(id))?;
            let word = chosen(&said(TABLE_IS)?, |text| meant_by(text, table, catalogue))?.unwrap_or_default();
            (word != was).then_some(Decides::Header { period, headers, shown, at, word })
        }
        Decides::Word { period, typed, list, word: was } => {
            let is = |text: &str| {
                let mut choices = catalogue.choices.get(&list)?.iter();
                choices.find(|choice| is_one_of(&choice.label.spoken(), text)).map(|choice| choice.id.clone())
            };
            let word = chosen(&said(WORD_IS)?, is)?;
            (word != was).then_some(Decides::Word { period, typed, list, word })
        }
    }
}

/// What a cell chooses: nothing within where it is blank, nothing at all where it is no word of ours.
fn chosen<T>(said: &Content, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if said.is_blank() { Some(None) } else { read(said.to_text().trim()).map(Some) }
}

fn is_one_of(words: &[String], text: &str) -> bool {
    words.iter().any(|word| fold(word) == fold(text))
}

fn in_every_language(key: &str) -> [String; 3] {
    LANGUAGES.map(|lang| words(lang).get(key))
}

/// The table a text names, or that it is none of ours.
fn table_called(text: &str, catalogue: &Catalogue) -> Option<TableIs> {
    if is_one_of(&in_every_language(NOT_OURS), text) {
        return Some(TableIs::NotOurs);
    }
    let named = catalogue.tables.iter().find(|(_, table)| is_one_of(&table.label.spoken(), text));
    named.map(|(id, _)| TableIs::Ours(id.clone()))
}

/// What a header of a table is said to mean, as an answer writes it.
fn meant_by(text: &str, table: usize, catalogue: &Catalogue) -> Option<String> {
    if is_one_of(&in_every_language(NOT_READ), text) {
        return Some(String::new());
    }
    let is = |meant: &Meant| {
        LANGUAGES.iter().any(|lang| fold(&meant.label(catalogue, table, *lang)) == fold(text))
    };
    Meant::all(catalogue, table).into_iter().find(is).map(|meant| meant.written(catalogue, table))
}

fn read_verdict(said: &Content) -> Option<Verdict> {
    let said = fold(&said.to_text());
    let is = |verdict: &Verdict| LANGUAGES.iter().any(|lang| fold(&words(*lang).get(word(*verdict))) == said);
    Verdict::ALL.into_iter().find(is)
}

/// What stands in a row below a head, in the table whose last column is at `at`.
fn beside(sheet: &Sheet, at: CellRef, key: &str) -> Option<Content> {
    let is = |content: &Content, word: &str| matches!(content, Content::Text(text) if text == word);
    LANGUAGES.iter().find_map(|lang| {
        let words = words(*lang);
        let asked = words.get(ASKED);
        let head = (0..at.row).rev().find(|row| is(sheet.content(CellRef::new(*row, at.col)), &asked))?;
        let word = words.get(key);
        let (col, _) = sheet.row(head).find(|(_, cell)| is(&cell.content, &word))?;
        Some(sheet.content(CellRef::new(at.row, col)).clone())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::page::Tab;
    use crate::workbook::Cell;

    /// A page as a reader finds it, with other words in some cells.
    fn sheet(page: &Page, typed: &[(CellRef, &str)]) -> Workbook {
        let mut sheet = Sheet::new("表");
        let mut put = |at: CellRef, text: &str| {
            sheet.cells.insert(at, Cell { content: Content::Text(text.into()), ..Cell::default() });
        };
        for (at, cell) in page.cells.iter() {
            if let Some(said) = cell.show.value().text().filter(|said| !said.is_empty()) {
                put(*at, said);
            }
        }
        typed.iter().for_each(|(at, text)| put(*at, text));
        Workbook { sheets: vec![sheet], ..Workbook::default() }
    }

    fn page(lang: Lang, was: Option<Verdict>) -> Page {
        let words = words(lang);
        let mut page = Page::new("表", Tab::Action);
        page.row(Role::Header, words.all(["action", DECIDE, ASKED]));
        let choice = choice(&mut page, CellRef::new(1, 1), was, &words);
        let about = Decides::Action {
            period: "2024-W50".into(),
            campaign: "A".into(),
            code: "A01".into(),
            action: "提前锁定客服排班".into(),
            times: 2,
            word: was,
        };
        page.row(Role::Body, ["提前锁定客服排班".into(), choice, asked(&about)]);
        page
    }

    fn verdicts(workbook: &Workbook) -> Vec<Option<Verdict>> {
        let of = |decides: Decides| match decides {
            Decides::Action { word, .. } => word,
            _ => panic!("an action"),
        };
        read(workbook, Catalogue::shipped()).into_iter().map(of).collect()
    }

    #[test]
    fn a_word_in_the_sheet_is_a_decision_and_what_was_there_is_none() {
        let at = CellRef::new(1, 1);
        for (lang, typed) in [(Lang::Zh, "放弃"), (Lang::ZhHant, "放棄"), (Lang::En, "Give up ")] {
            let typed = sheet(&page(lang, None), &[(at, typed)]);
            assert_eq!(verdicts(&typed), [Some(Verdict::GiveUp)], "{lang:?}");
        }
        let decided = page(Lang::Zh, Some(Verdict::GoOn));
        assert_eq!(verdicts(&sheet(&decided, &[])), [], "as it was written");
        assert_eq!(verdicts(&sheet(&decided, &[(at, "升级")])), [Some(Verdict::GoUp)]);
        assert_eq!(verdicts(&sheet(&decided, &[(at, "再说吧")])), [], "no word of ours says nothing");
        assert_eq!(verdicts(&sheet(&decided, &[(at, "")])), [None], "taken back");
    }

    #[test]
    fn names_are_one_by_one_word_and_may_be_called_otherwise() {
        let words = words(Lang::Zh);
        let names = ["抖音", "抖音平台", "dy"].map(str::to_owned).to_vec();
        let about = Decides::Channels { period: "2024-W50".into(), names, word: None };
        let mut page = Page::new("表", Tab::Action);
        page.row(Role::Header, words.all(["channel", GOES_BY, ONE_CHANNEL, ASKED]));
        let blank = PageCell::default;
        page.row(Role::Body, ["抖音、抖音平台、dy".into(), "抖音".into(), blank(), asked(&about)]);
        let told = |typed: &[(CellRef, &str)]| read(&sheet(&page, typed), Catalogue::shipped());
        let (main, one) = (CellRef::new(1, 1), CellRef::new(1, 2));
        assert_eq!(told(&[(main, "抖音短视频")]), [], "nobody says that they are one");
        let expected = |names: &[&str], word: bool| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            [Decides::Channels { period: "2024-W50".into(), names, word: Some(word) }]
        };
        assert_eq!(told(&[(one, "是")]), expected(&["抖音", "抖音平台", "dy"], true));
        assert_eq!(told(&[(one, "不是")]), expected(&["抖音", "抖音平台", "dy"], false));
        assert_eq!(told(&[(one, "是"), (main, "DY")]), expected(&["DY", "抖音", "抖音平台"], true));
    }
}
