//! Tokens of an XML part, borrowed from its text: just enough to vet a package fast.
//!
//! Entities are not expanded, names are not matched with their ends, a DOCTYPE
//! is refused. Knows nothing of spreadsheets.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// Why a text is not the XML a workbook part may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It ends before its root element does, or holds none.
    #[error("cut off")]
    Cut,
    /// It declares a document type, which workbooks never do.
    #[error("document type declared")]
    Doctype,
    /// A tag or attribute that is none, at a byte of the text.
    #[error("not XML at byte {0}")]
    Malformed(usize),
}

/// One piece of markup or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<a …>` or `<a …/>`.
    Open(Tag<'a>),
    /// `</a>`.
    Close,
    /// Text with its entities as written.
    Text(&'a str),
    /// The inside of a CDATA section.
    CData(&'a str),
}

/// An opening tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Name as written, with its prefix.
    pub name: &'a str,
    attributes: &'a str,
    /// Whether it closes itself, `<a/>`.
    pub empty: bool,
}

impl<'a> Tag<'a> {
    /// Name without prefix.
    pub fn local(&self) -> &'a str {
        local(self.name)
    }

    /// Attributes as written: name with its prefix, value with its entities.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.attributes }
    }

    /// The attribute of that local name, entities resolved; the first where two differ in prefix only.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(key, _)| local(key) == name).map(|(_, value)| unescape(value))
    }

    /// Whether an attribute says yes (`1` or `true`).
    pub fn flag(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|value| matches!(value.trim(), "1" | "true"))
    }
}

/// Attributes of a tag in the order they are written; stops where they cease to be attributes.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    // Plain loops: names and values are too short for a vectorised search to pay.
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.rest.as_bytes();
        let skip = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            at
        };
        let start = skip(0);
        let mut end = start;
        while *bytes.get(end)? != b'=' {
            end += 1;
        }
        let value = skip(end + 1);
        let quote = *bytes.get(value).filter(|b| matches!(b, b'"' | b'\''))?;
        let mut close = value + 1;
        while *bytes.get(close)? != quote {
            close += 1;
        }
        let (key, value) = (self.rest[start..end].trim_ascii_end(), &self.rest[value + 1..close]);
        self.rest = &self.rest[close + 1..];
        Some((key, value))
    }
}

/// The part of a name behind its prefix.
#[inline]
pub fn local(name: &str) -> &str {
    name.bytes().position(|b| b == b':').map_or(name, |colon| &name[colon + 1..])
}

/// Text with the five entities and character references resolved; as written where they are none.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    quick_xml::escape::unescape(text).unwrap_or(Cow::Borrowed(text))
}

/// A walk over the tokens of one part.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    rooted: bool,
}

impl<'a> Tokens<'a> {
    /// The tokens of a text (a byte order mark is passed over).
    pub fn new(text: &'a str) -> Tokens<'a> {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Tokens { text, at, depth: 0, rooted: false }
    }

    /// How many elements are open after the token last given.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Byte behind the token last given.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Passes over what is inside an element just opened, if it holds none of its own name.
    pub fn pass(&mut self, tag: &Tag<'_>) {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(found) = memchr(b'<', &bytes[at..]).filter(|_| !tag.empty) {
            at += found;
            if self.text[at + 1..].strip_prefix('/').is_some_and(|end| end.starts_with(tag.name)) {
                self.at = at;
                return;
            }
            at += 1;
        }
    }

    /// The next token; `None` at the end of a text whose root element has ended.
    #[inline]
    pub fn next(&mut self) -> Result<Option<Token<'a>>, Fault> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.at;
            let Some(&first) = bytes.get(start) else {
                return if self.depth == 0 && self.rooted { Ok(None) } else { Err(Fault::Cut) };
            };
            if first != b'<' {
                let end = memchr(b'<', &bytes[start..]).map_or(bytes.len(), |n| start + n);
                self.at = end;
                // Outside the root there is only blank space, or rubbish that ends nothing.
                if self.depth == 0 {
                    continue;
                }
                return Ok(Some(Token::Text(&self.text[start..end])));
            }
            match bytes.get(start + 1) {
                None => return Err(Fault::Cut),
                Some(b'/') => {
                    let end = memchr(b'>', &bytes[start..]).ok_or(Fault::Cut)?;
                    self.at = start + end + 1;
                    self.depth = self.depth.checked_sub(1).ok_or(Fault::Malformed(start))?;
                    return Ok(Some(Token::Close));
                }
                Some(b'!') => {
                    let rest = &bytes[start..];
                    if rest.starts_with(b"<!--") {
                        let end = memmem::find(&rest[4..], b"-->").ok_or(Fault::Cut)?;
                        self.at = start + 4 + end + 3;
                    } else if rest.starts_with(b"<![CDATA[") {
                        let end = memmem::find(&rest[9..], b"]]>").ok_or(Fault::Cut)?;
                        self.at = start + 9 + end + 3;
                        return Ok(Some(Token::CData(&self.text[start + 9..start + 9 + end])));
                    } else if rest.len() < 9 {
                        return Err(Fault::Cut);
                    } else {
                        return Err(Fault::Doctype);
                    }
                }
                Some(b'?') => {
                    let end = memmem::find(&bytes[start..], b"?>").ok_or(Fault::Cut)?;
                    self.at = start + end + 2;
                }
                Some(_) => return self.open(start).map(Some),
            }
        }
    }

    #[inline]
    fn open(&mut self, start: usize) -> Result<Token<'a>, Fault> {
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/' | b'<')) {
            at += 1;
        }
        let name = &self.text[start + 1..at];
        if name.is_empty() {
            return Err(Fault::Malformed(start));
        }
        let behind = at;
        loop {
            match bytes.get(at) {
                None => return Err(Fault::Cut),
                Some(b'>') => break,
                Some(b'<') => return Err(Fault::Malformed(at)),
                Some(&quote @ (b'"' | b'\'')) => {
                    at += 1;
                    while *bytes.get(at).ok_or(Fault::Cut)? != quote {
                        at += 1;
                    }
                    at += 1;
                }
                Some(_) => at += 1,
            }
        }
        self.at = at + 1;
        let empty = bytes[at - 1] == b'/';
        let attributes = &self.text[behind..if empty { at - 1 } else { at }];
        self.rooted = true;
        if !empty {
            self.depth += 1;
        }
        Ok(Token::Open(Tag { name, attributes, empty }))
    }

    /// The text of the only child of the element just opened, when both are written in exactly these tags.
    ///
    /// A short cut for what nearly every cell looks like; takes nothing where anything differs.
    #[inline]
    pub fn only_child(&mut self, opening: &str, closing: &str) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let inner = rest.strip_prefix(opening)?;
        let end = inner.bytes().position(|b| b == b'<')?;
        if !inner[end..].starts_with(closing) {
            return None;
        }
        self.at += opening.len() + end + closing.len();
        self.depth -= 1;
        Some(&inner[..end])
    }

    /// Passes over what is left of the element that `tag` opened.
    pub fn skip(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        if tag.empty {
            return Ok(());
        }
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// The inside of the element that `tag` opened, as written.
    pub fn inside(&mut self, tag: &Tag<'_>) -> Result<&'a str, Fault> {
        if tag.empty {
            return Ok("");
        }
        let (start, outside) = (self.at, self.depth - 1);
        let mut end = self.at;
        while self.depth > outside {
            end = self.at;
            self.next()?;
        }
        Ok(&self.text[start..end])
    }

    /// The text inside the element that `tag` opened, entities as written and CDATA turned into them.
    #[inline]
    pub fn written(&mut self, tag: &Tag<'_>) -> Result<Cow<'a, str>, Fault> {
        let mut text = Cow::Borrowed("");
        if tag.empty {
            return Ok(text);
        }
        let outside = self.depth - 1;
        while self.depth > outside {
            match self.next()? {
                Some(Token::Text(piece)) if text.is_empty() => text = Cow::Borrowed(piece),
                Some(Token::Text(piece)) => text.to_mut().push_str(piece),
                Some(Token::CData(piece)) => text.to_mut().push_str(&quick_xml::escape::escape(piece)),
                _ => {}
            }
        }
        Ok(text)
    }

    /// The text directly and deeper inside the element that `tag` opened, entities resolved.
    pub fn text(&mut self, tag: &Tag<'_>) -> Result<String, Fault> {
        let mut text = String::new();
        if tag.empty {
            return Ok(text);
        }
        let outside = self.depth - 1;
        while self.depth > outside {
            match self.next()? {
                Some(Token::Text(piece)) => text.push_str(&unescape(piece)),
                Some(Token::CData(piece)) => text.push_str(piece),
                _ => {}
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use quick_xml::events::Event;

    fn ours(text: &str) -> Result<Vec<String>, Fault> {
        let mut tokens = Tokens::new(text);
        let mut seen = Vec::new();
        while let Some(token) = tokens.next()? {
            seen.push(match token {
                Token::Open(tag) => {
                    let attributes: Vec<_> = tag.attributes().map(|(k, v)| format!("{k}={v}")).collect();
                    format!("{} {}{}", tag.name, attributes.join(" "), if tag.empty { "/" } else { "" })
                }
                Token::Close => "close".into(),
                Token::Text(text) => format!("'{text}'"),
                Token::CData(text) => format!("[{text}]"),
            });
        }
        Ok(seen)
    }

    #[test]
    fn markup_and_text_come_in_order() {
        let seen = ours(
            "\u{feff}<?xml version=\"1.0\"?>\n<a x='1 > 0'><!-- <b> --><x:b y = \"2\"/>t &amp; u<![CDATA[<c>]]></a>\n",
        );
        assert_eq!(seen.unwrap(), ["a x=1 > 0", "x:b y=2/", "'t &amp; u'", "[<c>]", "close"]);
    }

    #[test]
    fn what_is_no_whole_document_is_refused() {
        for (text, fault) in [
            ("", Fault::Cut),
            ("  ", Fault::Cut),
            ("<a>", Fault::Cut),
            ("<a><b></b>", Fault::Cut),
            ("<a", Fault::Cut),
            ("<a x=\"1", Fault::Cut),
            ("<a><!-- ", Fault::Cut),
            ("<a/><", Fault::Cut),
            ("</a>", Fault::Malformed(0)),
            ("<a <b/></a>", Fault::Malformed(3)),
            ("<!DOCTYPE a><a/>", Fault::Doctype),
            ("<a><!ENTITY x \"y\"></a>", Fault::Doctype),
        ] {
            assert_eq!(ours(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn an_element_can_be_skipped_or_taken_whole() {
        let mut tokens = Tokens::new("<r><a><b>1</b></a><a>2 &lt;<b>3</b></a><a/><c>x</c></r>");
        let mut tags = Vec::new();
        while let Some(token) = tokens.next().unwrap() {
            if let Token::Open(tag) = token {
                match (tags.len(), tag.name) {
                    (1, "a") => tokens.skip(&tag).unwrap(),
                    (2, "a") => assert_eq!(tokens.inside(&tag), Ok("2 &lt;<b>3</b>")),
                    (3, "a") => assert_eq!(tokens.text(&tag), Ok(String::new())),
                    (4, "c") => assert_eq!(tokens.text(&tag), Ok("x".into())),
                    _ => assert_eq!(tag.name, "r"),
                }
                tags.push(tag.name);
            }
        }
        assert_eq!(tags, ["r", "a", "a", "a", "c"]);
    }

    /// Small documents: elements nested and beside each other, with what stands between them.
    fn document() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[a-z万 &;]{0,6}".prop_map(|text| text.replace('&', "&amp;")),
            "[a-z<>&]{0,5}".prop_map(|text| format!("<![CDATA[{text}]]>")),
            "[a-z<>]{0,5}".prop_map(|text| format!("<!--{text}-->")),
            "[a-c]{1,2}".prop_map(|name| format!("<{name} k='\">'/>")),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            ("[a-c:]{0,1}[a-c]", "[x> /]{0,3}", prop::collection::vec(inner, 0..4)).prop_map(
                |(name, value, children)| {
                    let name = name.trim_start_matches(':');
                    format!("<{name} k=\"{value}\" j = ''>{}</{name}>", children.concat())
                },
            )
        })
        .prop_map(|inner| format!("<root>{inner}</root>"))
    }

    proptest! {
        #[test]
        fn the_same_elements_as_quick_xml(text in document()) {
            let mut theirs = Vec::new();
            let mut reader = quick_xml::Reader::from_str(&text);
            loop {
                match reader.read_event().unwrap() {
                    Event::Start(tag) => theirs.push(String::from_utf8_lossy(tag.name().as_ref().as_bytes()).into_owned()),
                    Event::Empty(tag) => theirs.push(format!("{}/", String::from_utf8_lossy(tag.name().as_ref().as_bytes()))),
                    Event::End(_) => theirs.push("close".into()),
                    Event::Eof => break,
                    _ => {}
                }
            }
            let mut ours = Vec::new();
            let mut tokens = Tokens::new(&text);
            while let Some(token) = tokens.next().unwrap() {
                match token {
                    Token::Open(tag) => ours.push(format!("{}{}", tag.name, if tag.empty { "/" } else { "" })),
                    Token::Close => ours.push("close".into()),
                    _ => {}
                }
            }
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn any_text_ends_in_tokens_or_a_fault(text in "[<>/!?a'\"= \\[\\]-]{0,40}") {
            let _ = ours(&text);
        }
    }
}
