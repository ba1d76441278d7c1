//! Tables as whoever works with them finds them.
#![allow(clippy::unwrap_used)]

use super::rows::all;
use super::*;
use crate::locale::Lang;

fn written(rows: &[Channel]) -> (Vec<u8>, Vec<u8>) {
    let (mut parquet, mut csv) = (Vec::new(), Vec::new());
    let mut sink = Sink::<Channel, _, _>::begin(&mut parquet, Some(&mut csv)).unwrap();
    rows.iter().for_each(|row| sink.add(row).unwrap());
    sink.end().unwrap();
    (parquet, csv)
}

#[test]
fn rows_are_read_back_as_they_were_and_unknown_is_never_zero() {
    let day = NaiveDate::from_ymd_opt(1969, 12, 30);
    let rows = [
        Channel {
            channel: "抖音".into(), spend: Some(0.0), revenue: None, as_of: day, ..Channel::default()
        },
        Channel { channel: "=1+1".into(), spend: Some(f64::NAN), exposure: Some(-2.5), ..Channel::default() },
    ];
    let (parquet, csv) = written(&rows);
    assert_eq!(written(&rows), (parquet.clone(), csv.clone()), "the same rows give the same bytes");
    let file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut &file, &parquet).unwrap();
    let back: Vec<Channel> = read(file).unwrap().map(Result::unwrap).collect();
    assert_eq!(back, [rows[0].clone(), Channel { spend: None, ..rows[1].clone() }]);
    let text = String::from_utf8(csv).unwrap();
    assert!(text.starts_with('\u{feff}'), "{text}");
    assert_eq!(text.lines().nth(1), Some(",,1969-12-30,,,抖音,0,,,,,,"));
    assert_eq!(text.lines().nth(2), Some(",,,,,'=1+1,,,-2.5,,,,"));
}

#[test]
fn a_table_without_rows_has_its_columns() {
    let (parquet, _) = written(&[]);
    let file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut &file, &parquet).unwrap();
    assert_eq!(read::<Channel>(file).unwrap().count(), 0);
}

#[test]
fn every_column_says_what_it_means_in_every_language() {
    for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
        for column in columns(lang) {
            let name = format!("{}.{}", column.table_name, column.column_name);
            assert!(!column.label.is_empty() && !column.meaning.is_empty(), "{name} in {lang:?}: {column:?}");
        }
    }
    let known: Vec<String> =
        all().into_iter().flat_map(|(_, columns)| columns).map(|(name, _)| name.to_owned()).collect();
    assert!(
        known
            .iter()
            .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'))
    );
    let basis =
        columns(Lang::Zh).into_iter().find(|it| it.table_name == "goals" && it.column_name == "completion");
    assert!(basis.unwrap().basis.contains('÷'));
}

#[test]
fn nothing_is_explained_that_is_no_column() {
    let said: toml::Table = toml::from_str(include_str!("columns.toml")).unwrap();
    for (table, columns) in &said {
        for column in columns.as_table().unwrap().keys() {
            let there = all().iter().any(|(name, own)| {
                (name == table || table == "every") && own.iter().any(|(name, _)| name == column)
            });
            assert!(there, "{table}.{column}");
        }
    }
}
