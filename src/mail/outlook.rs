//! `.msg`: the one form in which Outlook on Windows lets a mail be dragged out.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use encoding_rs::{GB18030, UTF_16LE};

use crate::record::run::Origin;
use crate::xlsx::guard::Limits;

/// Seconds from the first day of Windows to that of Unix.
const WINDOWS: i64 = 11_644_473_600;

/// Name and bytes.
type File = (String, Vec<u8>);
type Compound<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// The mail's provenance and its attachments; `None` where it is no mail.
pub fn read(bytes: &[u8], limits: &Limits) -> Option<(Origin, Vec<File>)> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).ok()?;
    file.is_stream("/__properties_version1.0").then_some(())?;
    let name = text(&mut file, "", "0C1A");
    let address = text(&mut file, "", "5D01").or_else(|| text(&mut file, "", "0C1F"));
    let sender = match (name, address.filter(|address| address.contains('@'))) {
        (Some(name), Some(address)) if name != address => Some(format!("{name} <{address}>")),
        (name, address) => address.or(name),
    };
    let origin = Origin {
        inside: String::new(),
        sender,
        date: sent(&mut file),
        message_id: text(&mut file, "", "1035"),
        subject: text(&mut file, "", "0037"),
    };
    let folders: Vec<String> = file
        .read_root_storage()
        .filter(|entry| entry.is_storage() && entry.name().starts_with("__attach_version1.0_"))
        .map(|entry| format!("/{}", entry.name()))
        .collect();
    let mut files = Vec::new();
    for folder in folders {
        let Some(data) = stream(&mut file, &format!("{folder}/__substg1.0_37010102"), limits.file) else {
            continue;
        };
        let name = text(&mut file, &folder, "3707").or_else(|| text(&mut file, &folder, "3704"));
        files.push((name.unwrap_or_default(), data));
    }
    Some((origin, files))
}

fn stream(file: &mut Compound<'_>, path: &str, most: u64) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    file.open_stream(path).ok()?.take(most + 1).read_to_end(&mut data).ok()?;
    (data.len() as u64 <= most).then_some(data)
}

/// A text property: in Unicode, else in the code page of a Chinese Windows.
fn text(file: &mut Compound<'_>, folder: &str, property: &str) -> Option<String> {
    /// Subjects and names are short.
    const LONGEST: u64 = 64 << 10;
    let path = |kind: &str| format!("{folder}/__substg1.0_{property}{kind}");
    let text = match stream(file, &path("001F"), LONGEST) {
        Some(wide) => UTF_16LE.decode_without_bom_handling(&wide).0.into_owned(),
        None => GB18030.decode_without_bom_handling(&stream(file, &path("001E"), LONGEST)?).0.into_owned(),
    };
    let text = text.trim_matches(['\0', ' ']).to_owned();
    (!text.is_empty()).then_some(text)
}

/// When it was submitted, or delivered: 100 nanoseconds since 1601, among the fixed properties.
fn sent(file: &mut Compound<'_>) -> Option<String> {
    const HEADER: usize = 32;
    let all = stream(file, "/__properties_version1.0", 1 << 20)?;
    let find = |tag: u32| {
        all.get(HEADER..)?.chunks_exact(16).find_map(|one| {
            let is = u32::from_le_bytes(one[..4].try_into().ok()?) == tag;
            is.then(|| u64::from_le_bytes(one[8..].try_into().unwrap_or_default()))
        })
    };
    let ticks = find(0x0039_0040).or_else(|| find(0x0E06_0040))?;
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - WINDOWS;
    let moment = chrono::DateTime::from_timestamp(seconds, 0)?;
    Some(moment.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::mail::{Kind, open};

    /// A mail as Outlook on a Chinese Windows drags it out: names in Unicode or in the code page, when it was sent
    /// among the fixed properties, an attachment a storage.
    fn dragged(attachments: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let mut put = |path: &str, data: &[u8]| file.create_stream(path).unwrap().write_all(data).unwrap();
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        put("/__substg1.0_0C1A001F", &wide("王敏"));
        put("/__substg1.0_5D01001F", &wide("wangmin@example.com"));
        put("/__substg1.0_0037001E", &GB18030.encode("双十二复盘表").0);
        put("/__substg1.0_1035001F", &wide("<m1@example.com>"));
        let mut fixed = vec![0; 32];
        // 2024-12-09T02:00:00Z, in 100 nanoseconds since 1601.
        let sent: u64 = (1_733_709_600 + WINDOWS as u64) * 10_000_000;
        fixed.extend(0x0039_0040u32.to_le_bytes());
        fixed.extend([6, 0, 0, 0]);
        fixed.extend(sent.to_le_bytes());
        put("/__properties_version1.0", &fixed);
        for (n, (name, data)) in attachments.iter().enumerate() {
            let folder = format!("/__attach_version1.0_#{n:08X}");
            file.create_storage(&folder).unwrap();
            file.create_stream(format!("{folder}/__substg1.0_3707001F"))
                .unwrap()
                .write_all(&wide(name))
                .unwrap();
            file.create_stream(format!("{folder}/__substg1.0_37010102")).unwrap().write_all(data).unwrap();
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn a_mail_outlook_dragged_out_gives_its_workbook_sender_and_day() {
        let data = "甲,乙\n1,2\n".repeat(400).into_bytes();
        let mail = dragged(&[("双十二复盘表（终版）.csv", &data), ("logo.png", b"\x89PNG\r\n\x1a\n")]);
        let opened = open(Kind::Outlook, &mail, &Limits::default()).unwrap();
        let [attached] = &opened.attached[..] else { panic!("{:?}", opened.attached.len()) };
        assert_eq!((attached.name.as_str(), &attached.bytes), ("双十二复盘表（终版）.csv", &data));
        assert_eq!(attached.origin.sender.as_deref(), Some("王敏 <wangmin@example.com>"));
        assert_eq!(attached.origin.date.as_deref(), Some("2024-12-09T02:00:00Z"));
        assert_eq!(attached.origin.subject.as_deref(), Some("双十二复盘表"));
        assert!(attached.origin.message_id.as_deref().unwrap().contains("m1@example.com"));
    }

    #[test]
    fn what_is_no_mail_is_none() {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("/Workbook").unwrap();
        let other = file.into_inner().into_inner();
        for bytes in [&other[..], b"", b"not a mail", &dragged(&[])[..600]] {
            assert!(open(Kind::Outlook, bytes, &Limits::default()).is_none());
        }
    }
}
