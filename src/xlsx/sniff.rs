//! What a file is, by its content and never by its name.
//!
//! Only names what is there; whether it can be read is for others to say.

use crate::xlsx::directory;
use crate::xlsx::guard::unpack;
use crate::xlsx::relations;
use crate::xlsx::xml::{Token, Tokens};

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An Excel workbook.
    Xlsx,
    /// An Excel workbook with macros.
    Xlsm,
    /// A binary Excel workbook (2007 and later).
    Xlsb,
    /// An Excel 97–2003 workbook.
    Xls,
    /// A workbook older than compound files (Excel 2 to 4, or 5 on its own).
    OldXls,
    /// An OpenDocument spreadsheet.
    Ods,
    /// A workbook behind a password.
    Encrypted,
    /// Another compound file (`.et` of older WPS, `.msg` …).
    Compound,
    /// A Numbers, Pages or Keynote document.
    IWork,
    /// A web page, often an export named `.xls`.
    Html,
    /// An XML spreadsheet of 2003.
    Xml2003,
    /// Other XML.
    Xml,
    /// Text: commas, tabs or prose.
    Text,
    /// A PDF document.
    Pdf,
    /// A Word document.
    Word,
    /// A PowerPoint presentation.
    PowerPoint,
    /// A zip archive that is no workbook (there may be workbooks inside).
    Zip,
    /// A RAR archive.
    Rar,
    /// A 7z archive.
    SevenZip,
    /// A gzip file.
    Gzip,
    /// A picture.
    Picture,
    /// No bytes at all.
    Empty,
    /// Nothing but zeros: a placeholder of a cloud drive, or an unfinished download.
    Zeros,
    /// Something else.
    Unknown,
}

impl Kind {
    /// A short stable name, as used in findings.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Xlsx => "xlsx",
            Kind::Xlsm => "xlsm",
            Kind::Xlsb => "xlsb",
            Kind::Xls => "xls",
            Kind::OldXls => "xls-4",
            Kind::Ods => "ods",
            Kind::Encrypted => "encrypted",
            Kind::Compound => "compound",
            Kind::IWork => "iwork",
            Kind::Html => "html",
            Kind::Xml2003 => "xml-2003",
            Kind::Xml => "xml",
            Kind::Text => "text",
            Kind::Pdf => "pdf",
            Kind::Word => "word",
            Kind::PowerPoint => "powerpoint",
            Kind::Zip => "zip",
            Kind::Rar => "rar",
            Kind::SevenZip => "7z",
            Kind::Gzip => "gzip",
            Kind::Picture => "picture",
            Kind::Empty => "empty",
            Kind::Zeros => "zeros",
            Kind::Unknown => "unknown",
        }
    }
}

const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How much of a text is looked at.
const GLANCE: usize = 64 * 1024;
/// Most entries looked at to tell one package from another.
const ENTRIES: u64 = 100_000;
/// Largest part unpacked to tell one package from another.
const PART: u64 = 1 << 20;

/// What a file is.
pub fn sniff(bytes: &[u8]) -> Kind {
    const SIGNATURES: [(&[u8], Kind); 14] = [
        (b"%PDF", Kind::Pdf),
        (b"Rar!\x1a\x07", Kind::Rar),
        (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
        (b"\x1f\x8b", Kind::Gzip),
        (b"\x89PNG\r\n", Kind::Picture),
        (b"\xff\xd8\xff", Kind::Picture),
        (b"GIF8", Kind::Picture),
        (b"{\\rtf", Kind::Word),
        // Workbooks older than compound files begin with their first record.
        (b"\x09\x00\x04\x00", Kind::OldXls),
        (b"\x09\x02\x06\x00", Kind::OldXls),
        (b"\x09\x04\x06\x00", Kind::OldXls),
        (b"\x09\x08\x08\x00", Kind::OldXls),
        (b"\x09\x08\x10\x00", Kind::OldXls),
        (b"\x09\x00\x06\x00", Kind::OldXls),
    ];
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if bytes.iter().all(|&byte| byte == 0) {
        return Kind::Zeros;
    }
    if bytes.starts_with(b"PK") {
        return package(bytes);
    }
    if bytes.starts_with(COMPOUND) {
        return compound(bytes);
    }
    SIGNATURES
        .iter()
        .find(|(signature, _)| bytes.starts_with(signature))
        .map_or_else(|| text(bytes), |(_, kind)| *kind)
}

/// Decides by what the package says its main document is, not by a name that happens to occur.
fn package(bytes: &[u8]) -> Kind {
    let Ok(entries) = directory::entries(bytes, ENTRIES) else {
        // A cut or hostile workbook still begins like one: let the guard say what is wrong with it.
        let start = &bytes[..bytes.len().min(GLANCE)];
        let named = |name: &[u8]| memchr::memmem::find(start, name).is_some();
        return match () {
            () if named(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") => Kind::Ods,
            () if named(b"word/document.xml") => Kind::Word,
            () if named(b"ppt/presentation.xml") => Kind::PowerPoint,
            () if named(b"[Content_Types].xml") || named(b"_rels/.rels") || named(b"xl/") => Kind::Xlsx,
            () => Kind::Zip,
        };
    };
    let name = |entry: &directory::Entry<'_>| relations::fold(entry.name).trim_start_matches('/').to_owned();
    let names: Vec<String> = entries.iter().map(name).collect();
    let has = |name: &str| names.iter().any(|n| n == name);
    let part = |name: &str| {
        let entry = entries.iter().zip(&names).find(|(_, n)| *n == name)?.0;
        unpack(entry, PART).ok().and_then(|part| String::from_utf8(part).ok())
    };
    if part("mimetype").is_some_and(|mime| mime.contains("opendocument.spreadsheet")) {
        return Kind::Ods;
    }
    if names.iter().any(|name| name.ends_with(".iwa") || name == "index.zip") {
        return Kind::IWork;
    }
    let main = part("_rels/.rels")
        .and_then(|rels| relations::read(&rels).ok())
        .and_then(|relations| relations.into_iter().find(|r| r.is("officeDocument")))
        .map(|relation| relations::fold(relations::resolve("", &relation.target).as_bytes()));
    match main {
        Some(main) if main.ends_with(".bin") => Kind::Xlsb,
        Some(main) if main.starts_with("word/") => Kind::Word,
        Some(main) if main.starts_with("ppt/") => Kind::PowerPoint,
        Some(main) => match part(&main).as_deref().map(root) {
            Some(Some("document")) => Kind::Word,
            Some(Some("presentation")) => Kind::PowerPoint,
            // A main document too large or missing is a workbook until proved otherwise.
            _ if names.iter().any(|name| name.ends_with("/vbaproject.bin")) => Kind::Xlsm,
            _ => Kind::Xlsx,
        },
        // Some programs leave the first entry out, and say it only in the list of files.
        None if has("content.xml")
            && part("meta-inf/manifest.xml").is_some_and(|all| all.contains("opendocument.spreadsheet")) =>
        {
            Kind::Ods
        }
        None if has("xl/workbook.xml") => Kind::Xlsx,
        None if has("xl/workbook.bin") => Kind::Xlsb,
        None if has("word/document.xml") => Kind::Word,
        None if has("ppt/presentation.xml") => Kind::PowerPoint,
        None => Kind::Zip,
    }
}

/// Local name of the root element.
fn root(text: &str) -> Option<&str> {
    match Tokens::new(text).next() {
        Ok(Some(Token::Open(tag))) => Some(tag.local()),
        _ => None,
    }
}

/// Decides by the names of the streams: directory records stand at multiples
/// of their size wherever they are, so a damaged chain hides nothing.
fn compound(bytes: &[u8]) -> Kind {
    let mut kind = Kind::Compound;
    for record in bytes.chunks_exact(128).skip(4) {
        let length = usize::from(u16::from_le_bytes([record[64], record[65]]));
        if !(4..=64).contains(&length) || length % 2 != 0 || !matches!(record[66], 1 | 2 | 5) {
            continue;
        }
        let units: Vec<u16> =
            record[..length - 2].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        match String::from_utf16_lossy(&units).as_str() {
            "EncryptedPackage" | "EncryptionInfo" => return Kind::Encrypted,
            // Names of streams differ by more than case or not at all.
            name if name.eq_ignore_ascii_case("workbook") || name.eq_ignore_ascii_case("book") => {
                kind = if locked(bytes, record) { Kind::Encrypted } else { Kind::Xls };
            }
            "WordDocument" if kind == Kind::Compound => kind = Kind::Word,
            "PowerPoint Document" if kind == Kind::Compound => kind = Kind::PowerPoint,
            _ => {}
        }
    }
    kind
}

/// Whether one of the first records of a workbook stream says that the rest is encrypted,
/// in whichever way.
fn locked(bytes: &[u8], record: &[u8]) -> bool {
    const BEGIN: u8 = 9;
    const FILE_PASS: [u8; 2] = [0x2f, 0];
    /// May stand before it: that the file is protected against writing.
    const WRITE_PROTECT: [u8; 2] = [0x86, 0];
    let sector_size = 1usize << u32::from(bytes.get(30).copied().unwrap_or(9)).clamp(7, 16);
    let sector = u32::from_le_bytes([record[116], record[117], record[118], record[119]]);
    let stream = (sector as usize).saturating_add(1).saturating_mul(sector_size);
    let mut at = stream;
    while let Some(&[kind, high, low_length, high_length]) =
        bytes.get(at..).and_then(|rest| rest.first_chunk::<4>())
    {
        match [kind, high] {
            FILE_PASS => return true,
            [BEGIN, _] | WRITE_PROTECT => {}
            _ => return false,
        }
        at += 4 + usize::from(u16::from_le_bytes([low_length, high_length]));
    }
    false
}

fn text(bytes: &[u8]) -> Kind {
    let start = &bytes[..bytes.len().min(GLANCE)];
    let text = match encoding_rs::Encoding::for_bom(start) {
        Some((encoding, _)) => encoding.decode(start).0,
        None if memchr::memchr(0, start).is_some() => return Kind::Unknown,
        None => match std::str::from_utf8(start) {
            Ok(text) => text.into(),
            Err(fault) if fault.error_len().is_none() => String::from_utf8_lossy(start),
            Err(_) => {
                let (text, bad) = encoding_rs::GB18030.decode_without_bom_handling(start);
                // The last character may be cut by the glance itself.
                if bad && start.len() < GLANCE {
                    return Kind::Unknown;
                }
                text
            }
        },
    };
    let odd = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{c}' | '\u{1a}' | '\u{85}');
    if text.chars().filter(|&c| odd(c)).count() * 20 > text.chars().count() {
        return Kind::Unknown;
    }
    let head = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let lower: String = head.chars().take(4096).flat_map(char::to_lowercase).collect();
    const PAGES: [&str; 9] =
        ["<!doctype html", "<html", "<head", "<body", "<meta", "<style", "<table", "<div", "mime-version:"];
    match lower.as_str() {
        page if PAGES.iter().any(|start| page.starts_with(start)) => Kind::Html,
        xml if xml.starts_with("<?xml") || xml.starts_with("<!--") => match xml {
            _ if xml.contains("office:spreadsheet") || xml.contains("progid=\"excel.sheet") => Kind::Xml2003,
            _ if xml.contains("<html") || xml.contains("<table") => Kind::Html,
            _ => Kind::Xml,
        },
        _ if lower.is_empty() => Kind::Unknown,
        _ if text.chars().count() < 2 => Kind::Unknown,
        _ => Kind::Text,
    }
}
