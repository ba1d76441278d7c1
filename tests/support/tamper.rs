//! What happens to a workbook outside its cells: in mail, in old programs, by somebody's hand.

use std::io::{Cursor, Read};

use super::{Entry, zip};

fn entries(bytes: &[u8]) -> Vec<Entry> {
    let mut archive = ::zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index(at).unwrap();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            Entry::new(&entry.name().unwrap(), data)
        })
        .collect()
}

/// The package with a part more.
fn with_part(bytes: &[u8], name: &str, data: &[u8]) -> Vec<u8> {
    let mut all = entries(bytes);
    all.push(Entry::new(name, data));
    zip(&all)
}

/// The package with every mention of a text in a part replaced.
fn edited(bytes: &[u8], part: &str, edit: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut all = entries(bytes);
    let entry = all.iter_mut().find(|entry| entry.name == part.as_bytes()).unwrap();
    let new = edit(std::str::from_utf8(&entry.data).unwrap());
    assert_ne!(new, entry.data, "{part} stayed as it was");
    entry.data = new;
    zip(&all)
}

const BOOK: &str = "xl/workbook.xml";
const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

/// A workbook after what the page says happened to it.
pub fn tamper(how: &str, bytes: Vec<u8>) -> Vec<u8> {
    match how {
        "内容清空" => Vec::new(),
        "内容全变成零" => vec![0; 4096],
        "只剩前一半" => bytes[..bytes.len() / 2].to_vec(),
        "中间坏了两个字节" => {
            let mut all = entries(&bytes);
            all.iter_mut().for_each(|entry| entry.crc_off_by = 0x10);
            zip(&all)
        }
        "塞进一个解开有 4 GB 的部件" => {
            let mut all = entries(&bytes);
            all.push(Entry { claimed: Some(4_000_000_000), ..Entry::new("xl/media/picture.bin", b"") });
            zip(&all)
        }
        "换成 Excel 4.0 的文件" => {
            let mut bytes = vec![9, 4, 6, 0];
            bytes.resize(2048, 0);
            bytes
        }
        "加宏" => with_part(&bytes, "xl/vbaProject.bin", b"macros"),
        "链接到别的工作簿" => {
            with_part(&bytes, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
        }
        "嵌入一份 Word" => with_part(&bytes, "xl/embeddings/plan.docx", b"PK"),
        "保护工作簿结构" => edited(&bytes, BOOK, |text| {
            text.replace("<bookViews>", "<workbookProtection lockStructure=\"1\"/><bookViews>").into()
        }),
        "1904 日期系统" => {
            edited(&bytes, BOOK, |text| text.replace("<workbookPr", "<workbookPr date1904=\"1\"").into())
        }
        "删掉所有工作表" => edited(&bytes, BOOK, |text| {
            let (before, rest) = text.split_once("<sheets>").unwrap();
            let (_, after) = rest.split_once("</sheets>").unwrap();
            format!("{before}<sheets/>{after}").into()
        }),
        "第一格写两次" => edited(&bytes, SHEET, |text| {
            let (before, rest) = text.split_once("<c ").unwrap();
            let (cell, after) = rest.split_once("</c>").unwrap();
            format!("{before}<c {cell}</c><c {cell}</c>{after}").into()
        }),
        "文字存成 GBK" => edited(&bytes, STRINGS, |text| encoding_rs::GBK.encode(text).0.into_owned()),
        "公式的结果没有存" => {
            edited(&bytes, SHEET, |text| text.replace("</f><v>0</v>", "</f>").into())
        }
        "把「整份报告」换成 32800 个字" => {
            edited(&bytes, STRINGS, |text| text.replace("整份报告", &"复盘".repeat(16_400)).into())
        }
        _ => panic!("nobody knows how to do this to a workbook: {how}"),
    }
}
