//! Workbooks of a few tables, by column id, as a person would have typed them.

use fupan::catalogue::Catalogue;
use fupan::cell::CellRef;

/// A workbook under construction: sheets of rows of texts; numbers are stored as numbers.
#[derive(Default)]
pub struct Book {
    sheets: Vec<(String, Vec<Vec<String>>)>,
}

impl Book {
    pub fn new() -> Book {
        Book::default()
    }

    /// Adds a table with these columns; an empty text is an empty cell.
    pub fn table<const N: usize>(&mut self, id: &str, columns: &[&str; N], rows: &[[&str; N]]) {
        let table = &Catalogue::shipped().tables[id];
        let header = columns.iter().map(|id| table.column(id).unwrap().label.zh.clone()).collect();
        let mut all: Vec<Vec<String>> = vec![header];
        all.extend(rows.iter().map(|row| row.iter().map(|text| (*text).to_owned()).collect()));
        self.sheets.push((table.label.zh.clone(), all));
    }

    /// Adds a form with these answers.
    pub fn form(&mut self, id: &str, answers: &[(&str, &str)]) {
        let table = &Catalogue::shipped().tables[id];
        let mut rows = vec![vec!["项目".to_owned(), "内容说明".to_owned()]];
        for (column, answer) in answers {
            rows.push(vec![table.column(column).unwrap().label.zh.clone(), (*answer).to_owned()]);
        }
        self.sheets.push((table.label.zh.clone(), rows));
    }

    /// Types into a cell, `表!B2`.
    pub fn type_at(&mut self, place: &str, text: &str) {
        let (sheet, cell) = place.rsplit_once('!').unwrap();
        let cell = CellRef::parse(cell).unwrap();
        let rows = &mut self.sheets.iter_mut().find(|(name, _)| name == sheet).unwrap().1;
        rows[cell.row as usize][cell.col as usize] = text.to_owned();
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut workbook = super::timeless();
        for (name, rows) in &self.sheets {
            let sheet = workbook.add_worksheet();
            sheet.set_name(name).unwrap();
            for (row, texts) in (0u32..).zip(rows) {
                for (col, text) in (0u16..).zip(texts) {
                    match text.parse::<f64>() {
                        _ if text.is_empty() => {}
                        Ok(number) => drop(sheet.write(row, col, number).unwrap()),
                        Err(_) => drop(sheet.write(row, col, text.as_str()).unwrap()),
                    }
                }
            }
        }
        workbook.save_to_buffer().unwrap()
    }
}
