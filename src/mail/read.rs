//! What a mail, a mailbox or an archive holds.

use encoding_rs::GB18030;
use mail_parser::mailbox::mbox::MessageIterator;
use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use super::outlook;
use crate::record::run::Origin;
use crate::xlsx::archive;
use crate::xlsx::guard::Limits;
use crate::xlsx::sniff::{self, sniff};

/// Forwarded in forwarded in forwarded; deeper nobody forwards.
const DEPTH: usize = 4;
/// More attachments than a message between processes has pieces.
const MOST: usize = 400;

/// What holds files, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// `.eml`.
    Mail,
    /// `.mbox`.
    Mailbox,
    /// `.msg`, as Outlook drags it out.
    Outlook,
    /// `.zip`.
    Archive,
}

/// What a file of that name holds files as; `None` where it does not.
pub fn kind(name: &str) -> Option<Kind> {
    match name.rsplit_once('.')?.1.to_lowercase().as_str() {
        "eml" => Some(Kind::Mail),
        "mbox" => Some(Kind::Mailbox),
        "msg" => Some(Kind::Outlook),
        "zip" => Some(Kind::Archive),
        _ => None,
    }
}

/// A workbook that came in something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its name, as far as it can be read.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The mail it came in; `inside` is for the caller to fill in.
    pub origin: Origin,
}

/// Something in a mail that is no workbook and that people should know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oddity {
    /// Outlook packed the attachments so that only Outlook opens them.
    Winmail,
    /// The workbook is only linked to: a large attachment on the mail provider's server.
    Link,
    /// There are more attachments than are looked at.
    TooMany,
    /// An attachment could not be unpacked, or is too large.
    Unpacked,
}

/// What was found in a mail or an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// Workbooks.
    pub attached: Vec<Attached>,
    /// What else is to be said, each once.
    pub oddities: Vec<Oddity>,
}

/// Opens a mail or an archive; `None` where it is none.
pub fn open(kind: Kind, bytes: &[u8], limits: &Limits) -> Option<Opened> {
    let mut desk = Desk { limits, opened: Opened::default() };
    match kind {
        Kind::Archive => desk.archive(bytes, &Origin::default())?,
        Kind::Outlook => {
            let (origin, files) = outlook::read(bytes, limits)?;
            for (name, bytes) in files {
                desk.attachment(name, bytes, &origin, true);
            }
        }
        Kind::Mail => {
            let message = MessageParser::default().parse(bytes)?;
            // Anything parses as a mail without headers.
            if message.headers().is_empty() {
                return None;
            }
            desk.message(&message, DEPTH);
        }
        Kind::Mailbox => {
            let mut any = false;
            for message in MessageIterator::new(std::io::Cursor::new(bytes)).flatten() {
                if let Some(message) = MessageParser::default().parse(message.contents()) {
                    any = true;
                    desk.message(&message, DEPTH);
                }
            }
            any.then_some(())?;
        }
    }
    desk.opened.oddities.sort_unstable();
    desk.opened.oddities.dedup();
    Some(desk.opened)
}

struct Desk<'a> {
    limits: &'a Limits,
    opened: Opened,
}

impl Desk<'_> {
    fn message(&mut self, message: &Message<'_>, depth: usize) {
        let origin = origin(message);
        for part in message.attachments() {
            if let PartType::Message(inner) = &part.body {
                if depth > 0 {
                    self.message(inner, depth - 1);
                }
                continue;
            }
            let name = part.attachment_name().map(readable).unwrap_or_default();
            self.attachment(name, part.contents().to_vec(), &origin, true);
        }
        let body = message.body_text(0).unwrap_or_default();
        let html = message.body_html(0).unwrap_or_default();
        // What QQ, 163 and Foxmail write for what they keep on their servers.
        let links = [
            "超大附件",
            "mail.qq.com/cgi-bin/ftnExs",
            "wx.mail.qq.com/ftn",
            "从网易",
            "fp.mail.163.com",
            "云附件",
        ];
        if self.opened.attached.is_empty()
            && links.iter().any(|link| body.contains(link) || html.contains(link))
        {
            self.opened.oddities.push(Oddity::Link);
        }
    }

    fn attachment(&mut self, name: String, bytes: Vec<u8>, origin: &Origin, archives: bool) {
        let lower = name.to_lowercase();
        if lower == "winmail.dat" || bytes.starts_with(&[0x78, 0x9f, 0x3e, 0x22]) {
            return self.opened.oddities.push(Oddity::Winmail);
        }
        if bytes.len() as u64 > self.limits.file {
            return self.opened.oddities.push(Oddity::Unpacked);
        }
        let what = sniff(&bytes);
        if archives && what == sniff::Kind::Zip {
            if self.archive(&bytes, origin).is_none() {
                self.opened.oddities.push(Oddity::Unpacked);
            }
            return;
        }
        let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
        let workbook = matches!(
            what,
            sniff::Kind::Xlsx
                | sniff::Kind::Xlsm
                | sniff::Kind::Xlsb
                | sniff::Kind::Xls
                | sniff::Kind::OldXls
                | sniff::Kind::Ods
                | sniff::Kind::Encrypted
        ) || matches!(extension, "xlsx" | "xlsm" | "xls" | "xlsb" | "ods" | "et" | "csv");
        if !workbook || name.starts_with("~$") {
            return;
        }
        if self.opened.attached.len() >= MOST {
            return self.opened.oddities.push(Oddity::TooMany);
        }
        let n = self.opened.attached.len() + 1;
        let name = if name.is_empty() { format!("附件{n}.xlsx") } else { name };
        self.opened.attached.push(Attached { name, bytes, origin: origin.clone() });
    }

    fn archive(&mut self, bytes: &[u8], origin: &Origin) -> Option<()> {
        for (name, data) in archive::files(bytes, self.limits)? {
            let name = match String::from_utf8(name) {
                Ok(name) => name,
                Err(raw) => GB18030.decode_without_bom_handling(raw.as_bytes()).0.into_owned(),
            };
            let name = readable(name.rsplit(['/', '\\']).next().unwrap_or_default());
            match data {
                Some(data) => self.attachment(name, data, origin, false),
                None => self.opened.oddities.push(Oddity::Unpacked),
            }
        }
        Some(())
    }
}

/// A name without what a path or a screen could trip over; nothing where it came out as rubbish.
fn readable(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
    if name.contains('\u{fffd}') { String::new() } else { name.trim().to_owned() }
}

fn origin(message: &Message<'_>) -> Origin {
    let sender = message.from().and_then(Address::first).map(|from| match (&from.name, &from.address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.as_ref().or(address.as_ref()).map(ToString::to_string).unwrap_or_default(),
    });
    Origin {
        inside: String::new(),
        sender: sender.filter(|sender| !sender.is_empty()),
        // In one zone, so that later is greater.
        date: message.date().map(|date| {
            let moment = chrono::DateTime::from_timestamp(date.to_timestamp(), 0).unwrap_or_default();
            moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
        }),
        message_id: message.message_id().map(str::to_owned),
        subject: message.subject().map(str::to_owned),
    }
}
