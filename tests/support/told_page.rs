//! A page of `fixtures/cases/findings/`: what a team typed, what it is told, and what it types to be rid of it.
//!
//! The format stands in `fixtures/cases/findings/README.md`. Nothing here knows what the program says.

use std::path::Path;

use chrono::NaiveDate;
use fupan::cell::{Area, CellRef};
use rust_xlsxwriter::{Chart, ChartType, Format, Worksheet};

use super::filled::typed;
use super::tamper::tamper;

/// One page.
#[derive(Clone)]
pub struct Page {
    /// Its code, which is the name of the file.
    pub code: String,
    /// The whole text.
    pub text: String,
    pub as_of: NaiveDate,
    /// Workbooks of an earlier run.
    pub before: Vec<File>,
    pub written: Vec<File>,
    /// Lines under 应得什么.
    pub expected: Vec<String>,
    /// Lines under 改好.
    pub mend: Vec<String>,
}

/// One workbook of a page.
#[derive(Clone)]
pub struct File {
    pub name: String,
    /// A path of a file that is there, instead of sheets.
    pub ready: Option<String>,
    /// Sheets with their rows, as written.
    pub sheets: Vec<(String, Vec<Vec<String>>)>,
    /// `合并`, `隐藏`, `身份`, `做手脚`, `图表页` with what is said of them.
    pub settings: Vec<(String, String)>,
}

const SETTINGS: &[&str] = &["合并", "隐藏", "身份", "做手脚", "图表页"];

/// The cells of a line of a Markdown table; `None` where it is none.
pub fn table_row(line: &str) -> Option<Vec<String>> {
    let row = line.strip_prefix('|').filter(|row| !row.starts_with("---"))?;
    Some(
        row.trim_end()
            .trim_end_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace("<br>", "\n"))
            .collect(),
    )
}

impl File {
    fn new(name: &str) -> File {
        File { name: name.to_owned(), ready: None, sheets: Vec::new(), settings: Vec::new() }
    }

    fn set(&mut self, key: &str, value: &str) {
        match key {
            "文件" => self.name = value.to_owned(),
            "现成的文件" => {
                self.ready = Some(value.to_owned());
                self.name = value.rsplit('/').next().unwrap().to_owned();
            }
            _ => self.settings.push((key.to_owned(), value.to_owned())),
        }
    }

    fn said<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.settings.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The file as it would lie in the folder.
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(ready) = &self.ready {
            return std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(ready)).unwrap();
        }
        let mut book = super::timeless();
        for (name, rows) in &self.sheets {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            self.said("合并").filter_map(|area| on_sheet(area, name)).for_each(|area| merge(sheet, area));
            for (row, cells) in (0u32..).zip(rows) {
                for (col, text) in (0u16..).zip(cells) {
                    typed(sheet, row, col, text);
                }
            }
            for hidden in self.said("隐藏") {
                if let Some(which) = hidden.strip_prefix(name.as_str()) {
                    hide(sheet, which.trim());
                }
            }
        }
        for name in self.said("图表页") {
            let mut chart = Chart::new(ChartType::Column);
            chart.add_series().set_values((self.sheets[0].0.as_str(), 1, 0, 2, 0));
            book.add_chartsheet().set_name(name).unwrap().insert_chart(0, 0, &chart).unwrap();
        }
        let mut properties = super::properties();
        for identity in self.said("身份") {
            let (key, value) = identity.split_once(' ').unwrap();
            match key.strip_prefix("名称.") {
                Some(key) => {
                    book.define_name(format!("_fupan.{key}"), &format!("=\"{value}\"")).unwrap();
                }
                None => properties = properties.set_custom_property(format!("fupan.{key}"), value),
            }
        }
        book.set_properties(&properties);
        let bytes = book.save_to_buffer().unwrap();
        self.said("做手脚").fold(bytes, |bytes, how| tamper(how, bytes))
    }
}

/// The area of `表!A2:A3`, where it is of this sheet.
fn on_sheet(area: &str, sheet: &str) -> Option<Area> {
    let (name, area) = area.rsplit_once('!').unwrap();
    let (first, last) = area.split_once(':').unwrap_or((area, area));
    (name == sheet).then(|| Area::new(CellRef::parse(first).unwrap(), CellRef::parse(last).unwrap()))
}

/// Merges cells before anything is typed into the first of them.
fn merge(sheet: &mut Worksheet, area: Area) {
    let (first, last) = (area.first, area.last);
    let plain = Format::new();
    sheet.merge_range(first.row, first.col as u16, last.row, last.col as u16, "", &plain).unwrap();
}

/// Hides `第 3 行`, `B 列`, or the sheet.
fn hide(sheet: &mut Worksheet, which: &str) {
    if let Some(row) = which.strip_prefix('第') {
        let row: u32 = row.trim_end_matches('行').trim().parse().unwrap();
        sheet.set_row_hidden(row - 1).unwrap();
    } else if let Some(column) = which.strip_suffix('列') {
        let at = CellRef::parse(&format!("{}1", column.trim())).unwrap();
        sheet.set_column_hidden(at.col as u16).unwrap();
    } else {
        sheet.set_hidden(true);
    }
}

impl Page {
    pub fn read(code: &str, text: &str) -> Page {
        let mut page = Page {
            code: code.to_owned(),
            text: text.to_owned(),
            as_of: NaiveDate::from_ymd_opt(2024, 12, 20).unwrap(),
            before: Vec::new(),
            written: Vec::new(),
            expected: Vec::new(),
            mend: Vec::new(),
        };
        let mut part = "";
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("## ") {
                part = title;
                continue;
            }
            if let Some(day) = line.strip_prefix("截至：") {
                page.as_of = day.parse().unwrap_or_else(|_| panic!("{code}: {line}"));
            }
            let files = match part {
                "上次交了什么" => &mut page.before,
                "写了什么" => &mut page.written,
                "应得什么" => {
                    page.expected.extend(line.strip_prefix("- ").map(str::to_owned));
                    continue;
                }
                "改好" => {
                    page.mend.extend(line.strip_prefix("- ").map(str::to_owned));
                    continue;
                }
                _ => continue,
            };
            if let Some((key, value)) = line.split_once('：') {
                if ["文件", "现成的文件"].contains(&key) {
                    files.push(File::new(""));
                }
                if ["文件", "现成的文件"].contains(&key) || SETTINGS.contains(&key) {
                    if files.is_empty() {
                        files.push(File::new("复盘.xlsx"));
                    }
                    files.last_mut().unwrap().set(key, value);
                }
            }
            if let Some(sheet) = line.strip_prefix("### ") {
                if files.is_empty() {
                    files.push(File::new("复盘.xlsx"));
                }
                files.last_mut().unwrap().sheets.push((sheet.to_owned(), Vec::new()));
            } else if let Some(row) = table_row(line) {
                let file = files.last_mut().unwrap_or_else(|| panic!("{code}: a table of no sheet"));
                file.sheets.last_mut().unwrap().1.push(row);
            }
        }
        assert!(!page.written.is_empty(), "{code}: nothing is written");
        assert!(!page.mend.is_empty(), "{code}: nothing says how it is mended");
        page
    }

    /// Whether several workbooks are laid side by side.
    pub fn is_of_several(&self) -> bool {
        self.written.len() > 1 || !self.before.is_empty()
    }

    /// The same page with everything done that stands under 改好.
    pub fn mended(&self) -> Page {
        let mut page = self.clone();
        for line in &self.mend {
            page.follow(line);
        }
        page
    }

    fn follow(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("去掉文件 ") {
            let files = self.written.len();
            self.written.retain(|file| file.name != name);
            assert!(self.written.len() < files, "{}: {line}", self.code);
            return;
        }
        if let Some(name) = line.strip_prefix("补上文件 ") {
            let file = self.before.iter().find(|file| file.name == name);
            self.written.push(file.unwrap_or_else(|| panic!("{}: {line}", self.code)).clone());
            return;
        }
        // `乙.xlsx：…` is about that workbook, anything else about the first.
        let of = |file: &File| line.strip_prefix(file.name.as_str()).and_then(|rest| rest.strip_prefix('：'));
        let (at, line) = self
            .written
            .iter()
            .enumerate()
            .find_map(|(at, file)| of(file).map(|rest| (at, rest)))
            .unwrap_or((0, line));
        let code = self.code.clone();
        let file = &mut self.written[at];
        if let Some(name) = line.strip_prefix("去掉工作表 ") {
            let sheets = file.sheets.len();
            file.sheets.retain(|(sheet, _)| sheet != name);
            assert!(file.sheets.len() < sheets, "{code}: {line}");
        } else if let Some(lines) = line.strip_prefix("去掉行 ") {
            let (sheet, lines) = lines.rsplit_once('!').unwrap();
            let (first, last) = lines.split_once(':').unwrap();
            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
            let rows = file.sheets.iter_mut().find(|(name, _)| name == sheet);
            rows.unwrap_or_else(|| panic!("{code}: {line}")).1.drain(first - 1..last);
        } else if let Some(names) = line.strip_prefix("工作表改名 ") {
            let (old, new) = names.split_once(" → ").unwrap();
            let sheet = file.sheets.iter_mut().find(|(name, _)| name == old);
            sheet.unwrap_or_else(|| panic!("{code}: {line}")).0 = new.to_owned();
        } else if let Some((key, value)) = line.split_once('：').filter(|(key, _)| !key.contains('!')) {
            assert!(SETTINGS.contains(&key) || key == "文件" || key == "现成的文件", "{code}: {line}");
            file.settings.retain(|(name, _)| name != key);
            if value != "无" {
                file.set(key, value);
            }
        } else {
            let (place, value) = line.split_once(" =").unwrap_or_else(|| panic!("{code}: {line}"));
            let (sheet, cell) = place.rsplit_once('!').unwrap_or_else(|| panic!("{code}: {line}"));
            let at = CellRef::parse(cell).unwrap();
            let rows = file.sheets.iter_mut().find(|(name, _)| name == sheet);
            let rows = &mut rows.unwrap_or_else(|| panic!("{code}: {line}")).1;
            while rows.len() <= at.row as usize {
                rows.push(Vec::new());
            }
            let row = &mut rows[at.row as usize];
            while row.len() <= at.col as usize {
                row.push(String::new());
            }
            row[at.col as usize] = value.trim().to_owned();
        }
    }
}
