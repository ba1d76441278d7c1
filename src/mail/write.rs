//! A reply as a draft: the same bytes for the same words, names readable wherever Chinese mail is read.
//!
//! QQ, Foxmail and Outlook read encoded words in `name=` and `filename=`, and
//! show what the standard asks for instead as `tcmime.bin`. `X-Unsent` opens it
//! as a draft; it has neither date nor id, which whoever sends it gives it.

use crate::xlsx::packed::encode;

/// A file that goes with a draft.
#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A mail as it was sent: a draft has none of it.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// By whom: `名字 <address>`.
    pub from: &'a str,
    /// When, as headers say it.
    pub date: &'a str,
    /// Its id, without brackets.
    pub id: &'a str,
}

/// A reply to be sent by a person.
#[derive(Debug, Clone, Default)]
pub struct Draft<'a> {
    /// Whom it goes to: `名字 <address>`, an address, or nothing.
    pub to: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// The mail it answers.
    pub in_reply_to: Option<&'a str>,
    /// What it says.
    pub text: &'a str,
    /// What goes with it.
    pub attachments: Vec<Attachment<'a>>,
    /// Of a mail that was sent, by whom and when.
    pub sent: Option<Sent<'a>>,
}

/// The bytes of an `.eml`.
pub fn write(draft: &Draft<'_>) -> Vec<u8> {
    let mut hash = blake3::Hasher::new();
    hash.update(draft.text.as_bytes());
    draft.attachments.iter().for_each(|file| {
        hash.update(file.bytes);
    });
    let boundary = format!("=_fupan_{}", &hash.finalize().to_hex()[..24]);
    let mut mail = String::new();
    let mut header = |name: &str, value: &str| mail += &format!("{name}: {value}\r\n");
    match draft.sent {
        None => header("X-Unsent", "1"),
        Some(sent) => {
            header("From", &address(sent.from));
            header("Date", sent.date);
            header("Message-ID", &format!("<{}>", sent.id));
        }
    }
    if !draft.to.is_empty() {
        header("To", &address(draft.to));
    }
    header("Subject", &encoded_word(draft.subject));
    if let Some(id) = draft.in_reply_to {
        let id: String = id.chars().filter(|c| c.is_ascii_graphic() && !"<>".contains(*c)).collect();
        header("In-Reply-To", &format!("<{id}>"));
        header("References", &format!("<{id}>"));
    }
    header("MIME-Version", "1.0");
    header("Content-Type", &format!("multipart/mixed; boundary=\"{boundary}\""));
    mail += &format!("\r\n--{boundary}\r\n");
    mail += "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    mail += &folded(draft.text.replace('\n', "\r\n").as_bytes());
    for file in &draft.attachments {
        let name = encoded_word(file.name);
        mail += &format!("--{boundary}\r\n");
        mail += "Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;\r\n";
        mail += &format!(" name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n");
        mail += &format!("Content-Disposition: attachment;\r\n filename=\"{name}\"\r\n\r\n");
        mail += &folded(file.bytes);
    }
    mail += &format!("--{boundary}--\r\n");
    mail.into_bytes()
}

/// Base64 in lines a mail may have.
fn folded(bytes: &[u8]) -> String {
    const LINE: usize = 76;
    let text = encode(bytes);
    text.as_bytes().chunks(LINE).map(|line| format!("{}\r\n", String::from_utf8_lossy(line))).collect()
}

/// A text as headers carry it: plain where it is, else in encoded words of 75 characters at most.
pub fn encoded_word(text: &str) -> String {
    /// Forty-five bytes are sixty letters of base64.
    const BYTES: usize = 45;
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.is_ascii() && !text.contains("=?") && !text.contains('"') {
        return text;
    }
    let mut words: Vec<String> = vec![String::new()];
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + c.len_utf8() <= BYTES => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let words: Vec<String> =
        words.iter().map(|word| format!("=?utf-8?B?{}?=", encode(word.as_bytes()))).collect();
    words.join("\r\n ")
}

fn address(to: &str) -> String {
    match to.rsplit_once('<') {
        Some((name, address)) => {
            let address: String = address.chars().filter(|c| c.is_ascii_graphic() && *c != '>').collect();
            format!("{} <{address}>", encoded_word(name.trim().trim_matches('"')))
        }
        None if to.contains('@') => to.chars().filter(char::is_ascii_graphic).collect(),
        None => encoded_word(to),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::mail::{Kind, open};
    use crate::xlsx::guard::Limits;

    #[test]
    fn a_draft_is_read_back_as_it_was_meant() {
        // Any text; what it is, its name says.
        let bytes = "甲,乙\n1,2\n".repeat(400).into_bytes();
        let name = "2024双十二年终大促全渠道整合营销活动（华东大区）.复盘.csv";
        let draft = Draft {
            to: "王敏 <wangmin@example.com>",
            subject: "回复: 双十二复盘表，还差三格",
            in_reply_to: Some("<a1@example.com>"),
            text: "王敏，你好：\n还差三格。",
            attachments: vec![Attachment { name, bytes: &bytes }],
            sent: None,
        };
        let mail = write(&draft);
        assert_eq!(mail, write(&draft), "the same words give the same bytes");
        assert!(mail.is_ascii());
        assert!(String::from_utf8_lossy(&mail).lines().all(|line| line.len() <= 200));
        let opened = open(Kind::Mail, &mail, &Limits::default()).unwrap();
        let [attached] = &opened.attached[..] else { panic!("{:?}", opened.oddities) };
        assert_eq!((attached.name.as_str(), attached.bytes.as_slice()), (name, bytes.as_slice()));
        assert_eq!(attached.origin.subject.as_deref(), Some(draft.subject));
    }
}
