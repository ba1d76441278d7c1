//! The finder of tables and headers: a grid of short texts, most of them words of the catalogue.
//!
//! It comes to an end, no cell is read as two things, and every value remembers a cell that holds it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fupan::catalogue::Catalogue;
use fupan::catalogue::decode::{ReadPolicy, decode_with};
use fupan::catalogue::labels::{Matcher, TeamAliases};
use fupan::catalogue::locate::locate;
use fupan::catalogue::located::Shape;
use fupan::catalogue::typed;
use fupan::cell::{Area, CellRef, Content};
use fupan::diagnostic::Sink;
use fupan::workbook::{Cell, Sheet, Workbook};

use super::bytes::Bytes;

/// The matcher, and every word of the catalogue a team may write as a title, a header or a value.
fn known() -> &'static (Matcher<'static>, Vec<String>) {
    static KNOWN: OnceLock<(Matcher<'static>, Vec<String>)> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let catalogue = Catalogue::shipped();
        let mut words: Vec<String> = Vec::new();
        for table in catalogue.tables.values() {
            words.extend([table.label.zh.clone(), table.label.en.clone()]);
            words.extend(table.aliases.iter().cloned());
            for column in &table.columns {
                words.extend([column.label.zh.clone(), column.label.en.clone()]);
                words.extend(column.aliases.iter().cloned());
                words.extend(column.example.iter().map(|example| example.zh.clone()));
            }
        }
        words.extend(catalogue.choices.values().flatten().map(|choice| choice.label.zh.clone()));
        words.extend(
            ["合计", "小计", "项目", "内容说明", "示例", "备注", "序号", "（万元）", "*"].map(str::to_owned),
        );
        (Matcher::new(catalogue, &TeamAliases::default()), words)
    })
}

/// A workbook laid out by the bytes: runs of headers, single words, numbers, texts, gaps and merges.
pub fn workbook(choices: &mut Bytes<'_>) -> Workbook {
    let (_, words) = known();
    let tables: Vec<_> = Catalogue::shipped().tables.values().collect();
    let mut workbook = Workbook::default();
    let mut sheet = Sheet::new("表1");
    let mut at = CellRef::new(0, 0);
    while !choices.is_empty() {
        let mut put = |at: &mut CellRef, content: Content| {
            sheet.cells.insert(*at, Cell { content, ..Cell::default() });
            at.col = (at.col + 1).min(40);
        };
        match choices.byte() {
            // The headers of a table from some column on.
            0..=31 => {
                let table = tables[usize::from(choices.byte()) % tables.len()];
                let (skip, count) = (usize::from(choices.byte() % 8), usize::from(choices.byte() % 16));
                for column in table.columns.iter().skip(skip).take(count) {
                    put(&mut at, Content::Text(column.label.zh.clone()));
                }
            }
            // The items of a form, one below the other.
            32..=47 => {
                let table = tables[usize::from(choices.byte()) % tables.len()];
                let value = choices.byte() % 3;
                for column in table.columns.iter().take(usize::from(choices.byte() % 16)) {
                    let mut line = at;
                    put(&mut line, Content::Text(column.label.zh.clone()));
                    if value > 0 {
                        line.col = at.col + u32::from(value);
                        put(
                            &mut line,
                            Content::Text(column.example.as_ref().map_or("甲".into(), |it| it.zh.clone())),
                        );
                    }
                    at.row = (at.row + 1).min(500);
                }
            }
            48..=95 => put(&mut at, Content::Text(words[usize::from(choices.word()) % words.len()].clone())),
            96..=119 => put(&mut at, Content::Number(f64::from(choices.word()) / 10.0)),
            120..=127 => put(&mut at, Content::Serial(45_000.0 + f64::from(choices.byte()))),
            128..=159 => put(&mut at, Content::Text(choices.text())),
            160..=207 => at = CellRef::new((at.row + 1).min(500), 0),
            208..=223 => at.col = (at.col + u32::from(choices.byte() % 8)).min(40),
            224..=231 => at.row = at.row.saturating_sub(u32::from(choices.byte() % 8)),
            232..=247 => {
                let (down, right) = (u32::from(choices.byte() % 5), u32::from(choices.byte() % 9));
                sheet.merges.push(Area::new(at, CellRef::new(at.row + down, at.col + right)));
            }
            248..=251 => {
                let name = format!("fp_{}", tables[usize::from(choices.byte()) % tables.len()].id);
                sheet.tables.push((name, Area::new(at, CellRef::new(at.row + 3, at.col + 5))));
            }
            _ if workbook.sheets.len() < 4 => {
                let word = &words[usize::from(choices.word()) % words.len()];
                let name = format!("{word}{}", workbook.sheets.len());
                workbook.sheets.push(std::mem::replace(&mut sheet, Sheet::new(name)));
                at = CellRef::new(0, 0);
            }
            _ => {}
        }
    }
    workbook.sheets.push(sheet);
    workbook
}

/// Finds tables in a workbook and reads them.
pub fn law(bytes: &[u8]) {
    let workbook = workbook(&mut Bytes(bytes));
    let (matcher, _) = known();
    let located = locate(matcher, &workbook, &mut Sink::default());
    let mut claims: BTreeMap<(usize, CellRef), usize> = BTreeMap::new();
    for (number, table) in located.tables.iter().enumerate() {
        let mut cells: Vec<CellRef> = table.region.columns.values().map(|column| column.at.cell).collect();
        match &table.shape {
            Shape::Rows { at, extra, body, repeated, .. } => {
                let columns: Vec<u32> =
                    at.values().copied().chain(extra.iter().map(|(col, _)| *col)).collect();
                let rows = (body.0..=body.1).filter(|row| !repeated.contains(row));
                cells.extend(rows.flat_map(|row| columns.iter().map(move |col| CellRef::new(row, *col))));
            }
            Shape::Across { records, .. } => {
                cells.extend(records.iter().flat_map(|cells| cells.values().copied()))
            }
            Shape::Form { at, extra } => {
                cells.extend(at.values().copied().chain(extra.iter().map(|(_, cell)| *cell)));
            }
        }
        for cell in cells {
            let earlier = claims.insert((table.sheet, cell), number);
            assert!(
                earlier.is_none_or(|earlier| earlier == number),
                "{cell} of {} belongs to {} and to {}",
                workbook.sheets[table.sheet].name,
                matcher.table(located.tables[earlier.unwrap_or(0)].table).id,
                matcher.table(table.table).id,
            );
        }
    }
    let mut sink = Sink::default();
    let policy = ReadPolicy::default();
    let records = decode_with(matcher, &workbook, &policy, &mut sink);
    for (id, table) in &records.tables {
        for record in table.rows.iter().chain(&table.totals) {
            for (column, field) in &record.fields {
                let Some(at) = &field.at else { continue };
                let sheet = workbook.sheet(&at.sheet).unwrap_or_else(|| panic!("no sheet {}", at.sheet));
                // What lies hidden under a merge is not there.
                let hidden = sheet.merges.iter().any(|area| area.contains(at.cell) && area.first != at.cell);
                let held = if hidden { String::new() } else { typed(sheet.content(at.cell)) };
                assert!(field.text == held, "{id}.{column} at {at} is {:?} and not {held:?}", field.text);
            }
        }
    }
}
