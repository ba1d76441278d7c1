//! 合并-待定: what copies say differently, put to people; and their answers, read back.
//!
//! The sheet is the same in a campaign's own workbook and in the portfolio. A
//! row carries its question whole, so that an answer is understood wherever
//! and whenever it comes back.

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::cell::{Area, CellRef, Content};
use crate::locale::{Lang, fold, width};
use crate::merge::reading::of_content;
use crate::merge::{Decision, Held, Kind, Seat};
use crate::page::{Page, PageCell, Role, Shape};
use crate::record::merge::{Merge, Pending, Side};
use crate::words::Words;
use crate::workbook::Sheet;

const TEXT: &str = include_str!("words.toml");
const LANGUAGES: [Lang; 3] = [Lang::Zh, Lang::ZhHant, Lang::En];
/// So many answers have a letter; more than so many people differing about one cell talk to each other.
const SIDES: usize = 8;

/// A question as its row carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The campaign's id.
    pub campaign: String,
    /// Where.
    pub seat: Seat,
    /// Generation a decision about it has.
    pub generation: i64,
    /// The answers, in the order of their letters.
    pub sides: Vec<Held>,
}

/// An answer somebody gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The campaign's id.
    pub campaign: String,
    /// What it decides.
    pub decision: Decision,
}

/// The words of the sheet.
pub fn words(lang: Lang) -> Words {
    Words::load(&[TEXT], lang)
}

/// The tab's name in every language.
pub fn titles() -> Vec<String> {
    LANGUAGES.iter().map(|lang| words(*lang).get("title")).collect()
}

/// Lays the questions of campaigns out; each with the campaign's name.
pub fn fill(page: &mut Page, merges: &[(&str, &Merge)], catalogue: &Catalogue, lang: Lang) {
    let words = words(lang);
    let pending: Vec<(&str, &Pending)> =
        merges.iter().flat_map(|(name, merge)| merge.pending.iter().map(|one| (*name, one))).collect();
    let sides = pending.iter().map(|(_, one)| one.sides.len()).max().unwrap_or(2).clamp(2, SIDES);
    let letters: Vec<String> = words.get("letters").chars().take(sides).map(String::from).collect();
    let mut widths = vec![5.0, 20.0, 16.0, 20.0, 14.0, 14.0];
    widths.extend(std::iter::repeat_n(28.0, sides));
    widths.extend([14.0, 30.0, 10.0, 14.0, 26.0]);
    // The question as it is read back is nobody's to see: its column has no width, and no say in heights.
    let seen = widths.clone();
    widths.push(0.0);
    page.set_widths(&widths);
    let columns = widths.len() as u32;
    page.line(Role::Title, columns, words.get("title"));
    page.line(Role::Note, columns, words.get(if pending.is_empty() { "none" } else { "how" }));
    page.skip(1);
    let header = page.next_row();
    let mut heads: Vec<String> = words.all(["order", "campaign", "table", "row", "column", "issued"]).into();
    heads.extend(letters.iter().cloned());
    heads.extend(words.all(["used", "effect", "adopt", "own", "remark", "id"]));
    page.row(Role::Header, heads);
    page.heights.insert(header, 20.0);
    page.freeze = Some(CellRef::new(header + 1, 2));
    page.repeat_rows = Some((header, header));
    let first = page.next_row();
    for (order, (name, one)) in pending.iter().enumerate() {
        let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
        let table = catalogue.tables.get(&one.table);
        let column = match table.and_then(|table| table.column(&one.column)) {
            Some(column) => column.label.get(lang),
            None if one.column.is_empty() || one.kind != Kind::Value => words.get("whole_row"),
            None => one.column.trim_start_matches('+').to_owned(),
        };
        let label = table.map_or_else(|| one.table.clone(), |table| table.label.get(lang));
        let mut cells = vec![
            PageCell::from(order as f64 + 1.0).shaped(Shape::Integer),
            wrapped(name),
            wrapped(&label),
            wrapped(&one.row),
            wrapped(&column),
            wrapped(&one.issued),
        ];
        for at in 0..sides {
            cells.push(one.sides.get(at).map_or_else(PageCell::default, |side| wrapped(&told(side))));
        }
        cells.extend([wrapped(&one.used), wrapped(&one.effect)]);
        cells.extend([PageCell::default().role(Role::Input), PageCell::default().role(Role::Input)]);
        let about = match one.kind {
            Kind::Value => "value",
            Kind::Row => "row_kind",
            Kind::SameRow => "same_row",
            Kind::Removed => "removed_kind",
        };
        cells.extend([wrapped(&words.get(about)), PageCell::from(one.asked.as_str())]);
        let row = page.next_row();
        let lines = seen.iter().zip(&cells).map(|(room, cell)| match cell.show.value().text() {
            Some(text) => text.lines().map(|line| (width(line) as f64 / room).ceil().max(1.0)).sum(),
            None => 1.0,
        });
        page.heights.insert(row, 4.0 + 15.0 * lines.fold(1.0, f64::max));
        page.row(Role::Body, cells);
    }
    let last = page.next_row().saturating_sub(1);
    if last >= first {
        let adopt = 6 + sides as u32 + 2;
        let mut choices = letters;
        choices.push(words.get("neither"));
        page.dropdowns.push((Area::new(CellRef::new(first, adopt), CellRef::new(last, adopt)), choices));
    }
}

/// A side as its cell tells it: the value, then who, which file, when.
fn told(side: &Side) -> String {
    let at = side.at.as_deref().map(when);
    let about = [side.by.as_deref(), Some(side.file.as_str()), at.as_deref()];
    let about: Vec<&str> = about.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    if about.is_empty() { side.value.clone() } else { format!("{}\n{}", side.value, about.join(" · ")) }
}

/// Times as people read them: `2024-12-17 16:30` for `2024-12-17T16:30:00Z`; several stay several.
pub fn when(times: &str) -> String {
    let one = |time: &str| match (time.get(..10), time.get(10..11), time.get(11..16)) {
        (Some(day), Some("T"), Some(clock)) => format!("{day} {clock}"),
        _ => time.to_owned(),
    };
    times.split('、').map(one).collect::<Vec<_>>().join("、")
}

/// The answers on a sheet of an earlier run; `None` where it is another sheet. `place` says where it stands.
pub fn read(sheet: &Sheet, place: &str) -> Option<Vec<Answer>> {
    let (header, [adopt, own, id], words) = header(sheet)?;
    let last = sheet.cells.keys().next_back().map_or(header, |at| at.row);
    let rows = header + 1..=last;
    Some(rows.filter_map(|row| answer(sheet, row, [adopt, own, id], &words, place)).collect())
}

fn header(sheet: &Sheet) -> Option<(u32, [u32; 3], Words)> {
    LANGUAGES.into_iter().find_map(|lang| {
        let words = words(lang);
        let [adopt, own, id] = words.all(["adopt", "own", "id"]);
        let is = |content: &Content, word: &str| matches!(content, Content::Text(text) if text == word);
        let (at, _) = sheet.cells.iter().find(|(_, cell)| is(&cell.content, &id))?;
        let column =
            |word: &str| sheet.row(at.row).find(|(_, cell)| is(&cell.content, word)).map(|(col, _)| col);
        Some((at.row, [column(&adopt)?, column(&own)?, at.col], words))
    })
}

fn answer(sheet: &Sheet, row: u32, [adopt, own, id]: [u32; 3], words: &Words, place: &str) -> Option<Answer> {
    let content = |col: u32| sheet.content(CellRef::new(row, col));
    let asked: Asked = serde_json::from_str(&content(id).to_text()).ok()?;
    let (choice, own) = (fold(&content(adopt).to_text()), content(own));
    let letters: Vec<String> = LANGUAGES.iter().map(|lang| self::words(*lang).get("letters")).collect();
    let side = asked.sides.iter().enumerate().position(|(at, _)| {
        letters
            .iter()
            .any(|letters| letters.chars().nth(at).is_some_and(|letter| fold(&letter.to_string()) == choice))
    });
    let chosen = match side {
        Some(at) => asked.sides[at].clone(),
        None if own.is_blank() || !(choice.is_empty() || choice == fold(&words.get("neither"))) => {
            return None;
        }
        None => of_content(own),
    };
    let decision = Decision {
        seat: asked.seat,
        asked: asked.sides.into_iter().map(|held| held.key).collect(),
        chosen,
        generation: asked.generation,
        place: place.to_owned(),
    };
    Some(Answer { campaign: asked.campaign, decision })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::page::Tab;

    fn merge() -> Merge {
        let side = |value: &str| Side {
            value: value.into(),
            file: format!("{value}.xlsx"),
            by: Some("王敏".into()),
            at: None,
        };
        let asked = Asked {
            campaign: "c1".into(),
            seat: Seat { table: "channels".into(), row: "k:抖音".into(), column: "spend".into() },
            generation: 2,
            sides: vec![Held::text("2万"), Held::text("25000")],
        };
        let pending = Pending {
            id: "1".into(),
            table: "channels".into(),
            row: "抖音".into(),
            column: "spend".into(),
            kind: Kind::Value,
            sides: vec![side("2万"), side("25000")],
            used: "2万".into(),
            effect: String::new(),
            issued: String::new(),
            asked: serde_json::to_string(&asked).unwrap(),
        };
        Merge { pending: vec![pending], ..Merge::default() }
    }

    /// The sheet as a reader finds it, with something typed into a column.
    fn sheet(lang: Lang, typed: &[(&str, &str)]) -> Sheet {
        let mut page = Page::new("合并-待定", Tab::Appendix);
        fill(&mut page, &[("双十二", &merge())], Catalogue::shipped(), lang);
        let mut sheet = Sheet::new("合并-待定");
        let text = |content: &str| crate::workbook::Cell {
            content: Content::Text(content.into()),
            ..crate::workbook::Cell::default()
        };
        for (at, cell) in page.cells.iter() {
            if let Some(said) = cell.show.value().text() {
                sheet.cells.insert(*at, text(said));
            }
        }
        for (key, what) in typed {
            let word = words(lang).get(key);
            let is = |content: &Content| matches!(content, Content::Text(text) if *text == word);
            let head = sheet.cells.iter().find(|(_, cell)| is(&cell.content)).map(|(at, _)| *at).unwrap();
            sheet.cells.insert(CellRef::new(head.row + 1, head.col), text(what));
        }
        sheet
    }

    #[test]
    fn an_answer_is_understood_in_every_language() {
        for (lang, letter) in [(Lang::Zh, "乙"), (Lang::ZhHant, "乙"), (Lang::En, "b")] {
            let answers = read(&sheet(lang, &[("adopt", letter)]), "汇总.xlsx").unwrap();
            assert_eq!(answers[0].decision.chosen, Held::text("25000"), "{lang:?}");
            assert_eq!((answers[0].campaign.as_str(), answers[0].decision.generation), ("c1", 2));
        }
    }

    #[test]
    fn another_value_is_an_answer_and_nothing_is_none() {
        let own = read(&sheet(Lang::Zh, &[("adopt", "都不对"), ("own", "3万")]), "").unwrap();
        assert_eq!(own[0].decision.chosen.text, "3万");
        assert_eq!(read(&sheet(Lang::Zh, &[("own", "3万")]), "").unwrap().len(), 1);
        assert_eq!(read(&sheet(Lang::Zh, &[("adopt", "都不对")]), "").unwrap(), []);
        assert_eq!(read(&sheet(Lang::Zh, &[]), "").unwrap(), []);
        assert_eq!(read(&Sheet::new("别的"), ""), None);
    }

    #[test]
    fn the_words_are_there_in_both_languages() {
        let (zh, en) = (words(Lang::Zh), words(Lang::En));
        assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    }
}
