//! Packages for the tests, and ways to look into them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatFormula, Format, FormatBorder, Formula, Note, Table, TableColumn, Url,
    Workbook,
};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What our sheets are called.
pub const NAMES: [&str; 2] = ["复盘总览", "行动清单"];

/// The committed packages: file, bytes, names of the user's sheets.
pub fn originals() -> Vec<(&'static str, Vec<u8>, Vec<&'static str>)> {
    [
        ("xlsxwriter.xlsx", vec!["渠道数据", "复盘总览"]),
        ("openpyxl.xlsx", vec!["目标", "字典"]),
        ("libreoffice.xlsx", vec!["渠道数据", "复盘总览"]),
        ("by-hand-prefixed.xlsx", vec!["活动"]),
        ("by-hand-odd-names.xlsx", vec!["活动"]),
        ("by-hand-excel-like.xlsx", vec!["一月", "It's & 二月"]),
    ]
    .into_iter()
    .map(|(file, sheets)| {
        let path = format!("{}/fixtures/packages/{file}", env!("CARGO_MANIFEST_DIR"));
        (file, std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}")), sheets)
    })
    .collect()
}

/// Our sheets with one of everything that we use, and stubs of the user's.
pub fn addition(users: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    let when = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 11, 1).unwrap();
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&when));
    let source = users[0];
    for user in users.iter().filter(|user| !NAMES.contains(user)) {
        let stub = book.add_worksheet().set_name(*user).unwrap();
        stub.write(1, 1, 120000).unwrap();
        stub.write(2, 1, 80000).unwrap();
    }
    let title = Format::new().set_bold().set_font_name("微软雅黑").set_font_size(16);
    let money = Format::new().set_num_format("0\\.0,\"万\"").set_border(FormatBorder::Thin);
    let header = Format::new().set_background_color("#1F4E78").set_font_color("#FFFFFF");
    let bad = Format::new().set_background_color("#FFC7CE");

    let overview = book.add_worksheet().set_name(NAMES[0]).unwrap();
    overview.set_tab_color("#1F4E78").set_active(true);
    overview.write_with_format(0, 0, "营销复盘", &title).unwrap();
    overview.write_with_format(1, 0, "花费", &header).unwrap();
    overview.write_with_format(1, 1, 200000.0, &money).unwrap();
    overview.write_with_format(2, 1, 150000.0, &money).unwrap();
    overview.write_rich_string(3, 0, &[(&title, "重点"), (&Format::new(), " 在这里")]).unwrap();
    overview.set_column_format(5, &money).unwrap();
    overview.set_print_area(0, 0, 19, 3).unwrap();
    overview.set_repeat_rows(0, 0).unwrap();
    let rule = ConditionalFormatFormula::new().set_rule("=B2>100000").set_format(&bad);
    overview.add_conditional_format(1, 1, 2, 1, &rule).unwrap();
    overview.insert_note(1, 1, &Note::new("来自渠道数据").set_author("复盘")).unwrap();
    let mut chart = Chart::new(ChartType::Bar);
    chart.add_series().set_values((source, 1, 1, 2, 1)).set_name("用户的表");
    chart.add_series().set_values((NAMES[0], 1, 1, 2, 1));
    chart.title().set_name("花费对比");
    overview.insert_chart(6, 0, &chart).unwrap();

    let actions = book.add_worksheet().set_name(NAMES[1]).unwrap();
    actions.write_with_format(0, 0, "优先级", &header).unwrap();
    actions.write(1, 0, "重要 而且紧急").unwrap();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    actions
        .write_with_format(1, 2, rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 11, 11).unwrap(), &day)
        .unwrap();
    actions.write_formula(1, 1, Formula::new("='复盘总览'!B2*2").set_result("400000")).unwrap();
    actions.write_formula(2, 1, Formula::new("=SUM(渠道表[花费])").set_result("3")).unwrap();
    actions.write_url(3, 0, Url::new("internal:'复盘总览'!A1").set_text("回总览")).unwrap();
    actions.write_url(4, 0, Url::new("https://example.com/a?b=1&c=2")).unwrap();
    let columns =
        [TableColumn::new().set_header("渠道"), TableColumn::new().set_header("花费").set_format(&money)];
    actions.add_table(9, 0, 11, 1, &Table::new().set_name("渠道表").set_columns(&columns)).unwrap();
    actions.write(10, 1, 1).unwrap();
    actions.write(11, 1, 2).unwrap();
    book.define_name("总花费", "='复盘总览'!$B$2").unwrap();
    book.save_to_buffer().unwrap()
}

fn archive(package: &[u8]) -> ZipArchive<Cursor<&[u8]>> {
    ZipArchive::new(Cursor::new(package)).unwrap()
}

/// Entries by name: header, compressed bytes and all.
pub fn raw_entries(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let archive = archive(package);
    let mut entries = BTreeMap::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).unwrap();
        let start = entry.header_start() as usize;
        let number =
            |at: usize| usize::from(u16::from_le_bytes([package[start + at], package[start + at + 1]]));
        let end = start + 30 + number(26) + number(28) + entry.compressed_size() as usize;
        // The central record too, but for the position (its last four bytes before the name).
        let central = entry.central_header_start() as usize;
        let mut raw = package[start..end].to_vec();
        raw.extend_from_slice(&package[central..central + 42]);
        entries.insert(String::from_utf8_lossy(entry.name_raw()).into_owned(), raw);
    }
    entries
}

/// Contents by part name.
pub fn parts(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = archive(package);
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        parts.insert(String::from_utf8_lossy(entry.name_raw()).replace('\\', "/"), content);
    }
    parts
}

/// The text of one part.
pub fn text(package: &[u8], part: &str) -> String {
    String::from_utf8(parts(package).remove(part).unwrap_or_else(|| panic!("no {part}"))).unwrap()
}

/// The package written anew with other contents.
pub fn repacked(package: &[u8], mut change: impl FnMut(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = archive(package);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/");
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(&change(&name, content)).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Bytes changed, doubled, cut out or cut off.
pub fn mutated(bytes: &[u8], random: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + random(3) {
        let at = random(bytes.len());
        let length = random(40).min(bytes.len() - at);
        match random(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..at + length)),
            2 => {
                let doubled = bytes[at..at + length].to_vec();
                bytes.splice(at..at, doubled);
            }
            3 => {
                let wild = [b'<', b'>', b'"', b'/', b'9', b'-', 0xff, b'&', b'\'', b' '];
                if at < bytes.len() {
                    bytes[at] = wild[random(wild.len())];
                }
            }
            _ => {
                if let Some(digit) = bytes.iter().skip(at).position(u8::is_ascii_digit) {
                    bytes[at + digit] = b'0' + random(10) as u8;
                }
            }
        }
    }
    bytes
}
