//! Clean workbooks raise nothing, in every language.

use super::*;
use crate::catalogue::{Kind, Layout, Table};

/// A table as the blank lays it out, filled in with the examples of its columns.
pub(crate) fn from_examples(table: &Table, lang: Lang) -> Sheet {
    let example = |column: &crate::catalogue::Column| match (&column.example, column.kind) {
        (_, Kind::Calc) => String::new(),
        (Some(words), _) => words.get(lang),
        (None, _) => String::new(),
    };
    let mut rows: Vec<Vec<String>> = vec![vec![table.label.get(lang)], vec![table.hint.get(lang)]];
    match table.layout {
        Layout::List => {
            let mark = |column: &crate::catalogue::Column| {
                format!("{}{}", column.label.get(lang), if column.required { "*" } else { "" })
            };
            rows.push(table.columns.iter().map(mark).collect());
            rows.push(table.columns.iter().map(example).collect());
        }
        Layout::Form => {
            rows.push(match lang {
                Lang::En => vec!["Item".into(), "Content".into(), "Example".into()],
                _ => vec!["项目".into(), "内容说明".into(), "示例".into()],
            });
            for column in &table.columns {
                let mark = if column.required { "*" } else { "" };
                rows.push(vec![
                    format!("{}{mark}", column.label.get(lang)),
                    example(column),
                    example(column),
                ]);
            }
        }
    }
    grid(&table.label.get(lang).chars().take(31).collect::<String>(), &rows)
}

#[test]
fn every_table_filled_with_its_examples_is_read_without_a_complaint() {
    let catalogue = Catalogue::shipped();
    let mut wrong = Vec::new();
    for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
        let sheets: Vec<Sheet> = catalogue.tables.values().map(|table| from_examples(table, lang)).collect();
        let (records, findings) = read(sheets);
        wrong.extend(trouble(&findings).into_iter().map(|it| format!("{lang:?} {it}")));
        for table in catalogue.tables.values() {
            let found = records.tables.get(&table.id);
            if found.is_none_or(|it| it.rows.len() != 1 || it.regions.len() != 1) {
                wrong.push(format!(
                    "{lang:?} {}: {:?}",
                    table.id,
                    found.map(|it| (it.rows.len(), it.regions.len()))
                ));
            }
            for column in &table.columns {
                let how = found
                    .and_then(|it| it.regions.first())
                    .and_then(|it| it.columns.get(&column.id))
                    .map(|it| it.how);
                if !matches!(how, Some("exact" | "folded")) {
                    wrong.push(format!("{lang:?} {}.{}: {how:?}", table.id, column.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_table_is_known_by_its_headers_alone() {
    let catalogue = Catalogue::shipped();
    let mut wrong = Vec::new();
    for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
        for table in catalogue.tables.values() {
            let mut sheet = from_examples(table, lang);
            sheet.name = "Sheet1".into();
            sheet.cells.remove(&CellRef::new(0, 0));
            let (records, findings) = read(vec![sheet]);
            if records.tables.keys().collect::<Vec<_>>() != [&table.id] {
                wrong.push(format!(
                    "{lang:?} {}: {:?} {:?}",
                    table.id,
                    records.tables.keys().collect::<Vec<_>>(),
                    trouble(&findings)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_empty_blank_is_not_in_use() {
    let catalogue = Catalogue::shipped();
    let sheets: Vec<Sheet> = catalogue
        .tables
        .values()
        .map(|table| {
            let mut sheet = from_examples(table, Lang::Zh);
            match table.layout {
                Layout::Form => sheet.cells.retain(|at, _| at.row < 3 || at.col != 1),
                Layout::List => {
                    sheet.cells.retain(|at, _| at.row < 3);
                    for (number, row) in table.rows.iter().enumerate() {
                        for (id, words) in row {
                            let col = table.columns.iter().position(|column| column.id == *id).unwrap();
                            sheet.cells.insert(CellRef::new(3 + number as u32, col as u32), cell(&words.zh));
                        }
                    }
                }
            }
            sheet
        })
        .collect();
    let (records, findings) = read(sheets);
    assert_eq!(said(&findings, Severity::Note), Vec::<String>::new());
    assert_eq!(records.tables.len(), catalogue.tables.len());
    for (id, table) in &records.tables {
        assert!(!table.in_use(), "{id} {:?}", table.rows);
    }
}
