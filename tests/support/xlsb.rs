//! The smallest binary workbook, record by record: one sheet of texts, numbers, dates, booleans and errors.

use super::{Entry, TYPES, zip};

/// A cell of a binary workbook.
pub enum Cell {
    Text(&'static str),
    Number(f64),
    Day(f64),
    Bool(bool),
    Error(u8),
    /// The result of a formula.
    FormulaError(u8),
    Percent(f64),
}

fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if kind < 0x80 {
        bytes.push(kind as u8);
    } else {
        bytes.extend([(kind & 0x7f) as u8 | 0x80, (kind >> 7) as u8]);
    }
    let mut length = body.len();
    loop {
        let low = (length & 0x7f) as u8;
        length >>= 7;
        bytes.push(if length > 0 { low | 0x80 } else { low });
        if length == 0 {
            break;
        }
    }
    bytes.extend(body);
    bytes
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = (units.len() as u32).to_le_bytes().to_vec();
    bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    bytes
}

fn cell(column: u32, cell: &Cell) -> Vec<u8> {
    let style = match cell {
        Cell::Day(_) => 1u32,
        Cell::Percent(_) => 2,
        _ => 0,
    };
    let mut body = [column.to_le_bytes(), style.to_le_bytes()].concat();
    let kind = match cell {
        Cell::Error(code) => {
            body.push(*code);
            3
        }
        Cell::Bool(yes) => {
            body.push(u8::from(*yes));
            4
        }
        Cell::FormulaError(code) => {
            // No options, and the formula `1/0` in seven bytes.
            body.extend([*code, 0, 0, 7, 0, 0, 0, 0x1e, 1, 0, 0x1e, 0, 0, 6, 0, 0, 0, 0]);
            11
        }
        Cell::Number(number) | Cell::Day(number) | Cell::Percent(number) => {
            body.extend(number.to_le_bytes());
            5
        }
        Cell::Text(text) => {
            body.extend(wide(text));
            6
        }
    };
    record(kind, &body)
}

/// A workbook of one sheet.
pub fn book(sheet: &str, rows: &[Vec<Cell>]) -> Vec<u8> {
    zip(&entries(sheet, rows))
}

/// The same with a macro module among its sheets, before the sheet itself: it points to no part.
pub fn with_module(sheet: &str, rows: &[Vec<Cell>]) -> Vec<u8> {
    let module =
        record(0x9c, &[&2u32.to_le_bytes()[..], &9u32.to_le_bytes(), &wide(""), &wide("Module1")].concat());
    let mut entries = entries(sheet, rows);
    if let Some(workbook) = entries.iter_mut().find(|entry| entry.name == b"xl/workbook.bin") {
        // Behind the beginning of the workbook and of its list of sheets.
        let at = record(0x83, &[]).len() + record(0x8f, &[]).len();
        workbook.data.splice(at..at, module);
    }
    zip(&entries)
}

/// The entries of its package.
pub fn entries(sheet: &str, rows: &[Vec<Cell>]) -> Vec<Entry> {
    let mut part = record(0x81, &[]);
    part.extend(record(0x94, &[0; 16]));
    part.extend(record(0x91, &[]));
    for (number, cells) in (0u32..).zip(rows) {
        part.extend(record(0, &[&number.to_le_bytes()[..], &[0; 21]].concat()));
        for (column, one) in (0..).zip(cells) {
            part.extend(cell(column, one));
        }
    }
    part.extend(record(0x92, &[]));
    part.extend(record(0x82, &[]));

    // Three cell formats: plain, number format 14, a day, and 9, a percentage.
    let mut styles = record(0x116, &[]);
    styles.extend(record(0x269, &3u32.to_le_bytes()));
    for format in [0u16, 14, 9] {
        let mut body = [0; 16];
        body[2..4].copy_from_slice(&format.to_le_bytes());
        styles.extend(record(0x2f, &body));
    }
    styles.extend(record(0x26a, &[]));

    let bundle = [&[0; 4][..], &1u32.to_le_bytes(), &wide("rId1"), &wide(sheet)].concat();
    let workbook =
        [record(0x83, &[]), record(0x8f, &[]), record(0x9c, &bundle), record(0x90, &[]), record(0x84, &[])]
            .concat();
    vec![
        Entry::new("[Content_Types].xml", "<Types/>"),
        Entry::new(
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{TYPES}/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>"
            ),
        ),
        Entry::new(
            "xl/_rels/workbook.bin.rels",
            format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{TYPES}/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>"
            ),
        ),
        Entry::new("xl/workbook.bin", workbook),
        Entry::new("xl/styles.bin", styles),
        Entry::new("xl/worksheets/sheet1.bin", part),
    ]
}
