//! Where the elements of an XML part stand in its text.
//!
//! A [`Tree`] knows spans, so that a part can be changed by cutting and
//! pasting text and every other character stays. Namespaces are not resolved:
//! names are compared without their prefix.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::error::{Result, damaged};

/// Deeper nesting than this is no workbook.
const DEEPEST: usize = 200;

/// One element: where its parts stand in the text.
#[derive(Debug, Clone)]
pub(super) struct Element {
    /// From `<` of the start tag to `>` of the end tag.
    pub whole: Range<usize>,
    /// The start tag.
    pub tag: Range<usize>,
    /// Between the tags; empty at the end of the tag for `<a/>`.
    pub inner: Range<usize>,
    /// Whether it was written `<a/>`.
    pub closed: bool,
    /// How deep: the root is 0.
    pub depth: usize,
    /// Index after the last descendant.
    next: usize,
    /// Position of the qualified name.
    name: Range<usize>,
}

/// One attribute, with its value as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attribute<'t> {
    pub name: &'t str,
    pub raw: &'t str,
    /// The value, without its quotes.
    pub value: Range<usize>,
    /// With the white space before it.
    pub whole: Range<usize>,
}

/// The elements of a text down to some depth, in document order.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    pub text: &'t str,
    pub elements: Vec<Element>,
}

/// The name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

impl<'t> Tree<'t> {
    /// Reads elements no deeper than `depth`; what lies deeper is passed over (but must be well-formed).
    /// `part` names the text in an error.
    pub fn parse(part: &str, text: &'t str, depth: usize) -> Result<Tree<'t>> {
        Tree::parse_without(part, text, depth, "")
    }

    /// The same, but what lies inside the root's child of that name is passed over (the rows of a large sheet).
    pub fn parse_without(part: &str, text: &'t str, depth: usize, passed: &str) -> Result<Tree<'t>> {
        // A byte order mark would shift every position.
        let skipped = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut reader = Reader::from_str(&text[skipped..]);
        let mut tree = Tree { text, elements: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        let mut level = 0usize;
        let whole_depth = depth;
        let mut depth = depth;
        loop {
            let start = position(&reader, skipped);
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => return damaged(part, error),
            };
            let end = position(&reader, skipped);
            match event {
                Event::Start(tag) => {
                    if level <= depth {
                        let name = start + 1..start + 1 + tag.name().as_ref().len();
                        open.push(tree.elements.len());
                        tree.push(start..end, name, level, false);
                    }
                    if level == 1 && !passed.is_empty() && local(tag.name().as_ref()) == passed {
                        depth = depth.min(1);
                    }
                    level += 1;
                    if level > DEEPEST {
                        return damaged(part, "nested too deeply");
                    }
                }
                Event::Empty(tag) if level <= depth => {
                    let name = start + 1..start + 1 + tag.name().as_ref().len();
                    tree.push(start..end, name, level, true);
                }
                Event::End(_) => {
                    level = level.saturating_sub(1);
                    if level == 1 {
                        depth = whole_depth;
                    }
                    if level <= depth
                        && let Some(index) = open.pop()
                    {
                        let next = tree.elements.len();
                        let element = &mut tree.elements[index];
                        element.inner.end = start;
                        element.whole.end = end;
                        element.next = next;
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if level > 0 {
            return damaged(part, "ends too early");
        }
        if tree.elements.is_empty() {
            return damaged(part, "empty");
        }
        // Every span must be usable as a slice later on, a name must be one, and a tag one tag: an unclosed
        // attribute would otherwise swallow the next element.
        let sound = |range: &Range<usize>| text.get(range.clone()).is_some();
        let named = |range: &Range<usize>| {
            text.get(range.clone()).is_some_and(|name| !name.contains(['"', '\'', '<', '=']))
        };
        let single = |range: &Range<usize>| {
            text.get(range.clone()).is_some_and(|tag| tag.rfind('<').is_none_or(|last| last == 0))
        };
        let whole = |e: &Element| sound(&e.whole) && single(&e.tag) && sound(&e.inner) && named(&e.name);
        if !tree.elements.iter().all(whole) {
            return damaged(part, "not well-formed");
        }
        Ok(tree)
    }

    fn push(&mut self, tag: Range<usize>, name: Range<usize>, depth: usize, closed: bool) {
        let next = self.elements.len() + 1;
        let inner = tag.end..tag.end;
        self.elements.push(Element { whole: tag.clone(), tag, inner, closed, depth, next, name });
    }

    pub fn root(&self) -> &Element {
        &self.elements[0]
    }

    /// The qualified name.
    pub fn name(&self, element: &Element) -> &'t str {
        &self.text[element.name.clone()]
    }

    /// The name without its prefix.
    pub fn local(&self, element: &Element) -> &'t str {
        local(self.name(element))
    }

    /// The prefix of the root with its colon, to write siblings with: `x:` or nothing.
    pub fn prefix(&self) -> &'t str {
        let name = self.name(self.root());
        &name[..name.len() - local(name).len()]
    }

    fn index(&self, element: &Element) -> usize {
        self.elements.partition_point(|other| other.tag.start < element.tag.start)
    }

    /// The direct children.
    pub fn children<'s>(&'s self, element: &'s Element) -> impl Iterator<Item = &'s Element> + 's {
        let mut at = self.index(element) + 1;
        let end = element.next;
        std::iter::from_fn(move || {
            let child = self.elements[..end].get(at)?;
            at = child.next;
            Some(child)
        })
    }

    /// The first direct child of that name.
    pub fn child<'s>(&'s self, element: &'s Element, name: &str) -> Option<&'s Element> {
        self.children(element).find(|child| self.local(child) == name)
    }

    /// The text between the tags, entities resolved, child elements left out.
    pub fn content(&self, element: &Element) -> String {
        let mut raw = String::new();
        let mut at = element.inner.start;
        for child in self.children(element) {
            raw.push_str(&self.text[at..child.whole.start]);
            at = child.whole.end;
        }
        raw.push_str(&self.text[at..element.inner.end]);
        unescape(&raw).into_owned()
    }

    /// Refuses tags with anything in them but attributes: what cannot be told apart cannot be changed either.
    pub fn hold_to_attributes(&self, part: &str) -> Result<()> {
        let whole = |element: &Element| {
            let read = self.attributes(element).last().map_or(element.name.end, |last| last.whole.end);
            matches!(self.text[read..element.tag.end - 1].trim(), "" | "/")
        };
        if self.elements.iter().all(whole) { Ok(()) } else { damaged(part, "not well-formed") }
    }

    /// The attributes in the order written, up to what is none.
    pub fn attributes(&self, element: &Element) -> impl Iterator<Item = Attribute<'t>> + use<'t> {
        let text = self.text;
        let bytes = text.as_bytes();
        let end = element.tag.end - 1;
        let mut at = element.name.end;
        std::iter::from_fn(move || {
            let whole = at;
            while at < end && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            let name = at;
            while at < end && !bytes[at].is_ascii_whitespace() && !matches!(bytes[at], b'=' | b'/') {
                at += 1;
            }
            let name = &text[name..at];
            while at < end && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            if name.is_empty() || at >= end || bytes[at] != b'=' {
                return None;
            }
            at += 1;
            while at < end && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            let quote = bytes[at];
            if at >= end || !matches!(quote, b'"' | b'\'') {
                return None;
            }
            let start = at + 1;
            let length = bytes[start..end].iter().position(|&b| b == quote)?;
            let value = start..start + length;
            at = value.end + 1;
            Some(Attribute { name, raw: &text[value.clone()], value, whole: whole..at })
        })
        .fuse()
    }

    /// The attribute written exactly so.
    pub fn attribute(&self, element: &Element, name: &str) -> Option<Attribute<'t>> {
        self.attributes(element).find(|attribute| attribute.name == name)
    }

    /// Its value, entities resolved.
    pub fn value(&self, element: &Element, name: &str) -> Option<String> {
        self.attribute(element, name).map(|attribute| unescape(attribute.raw).into_owned())
    }

    /// Whether a true-or-false attribute is there and true.
    pub fn is_set(&self, element: &Element, name: &str) -> bool {
        self.attribute(element, name).is_some_and(|attribute| matches!(attribute.raw, "1" | "true" | "on"))
    }

    /// The value of an attribute of another namespace (`r:id`, whatever the prefix).
    pub fn foreign(&self, element: &Element, name: &str) -> Option<String> {
        let attribute = self.attributes(element).find(|attribute| {
            attribute.name.split_once(':').is_some_and(|(prefix, local)| prefix != "xmlns" && local == name)
        })?;
        Some(unescape(attribute.raw).into_owned())
    }

    /// The prefix, with its colon, that the root binds to a namespace.
    pub fn prefix_of(&self, namespace: &str) -> Option<String> {
        self.attributes(self.root()).find_map(|attribute| {
            let prefix = attribute.name.strip_prefix("xmlns:")?;
            (attribute.raw == namespace).then(|| format!("{prefix}:"))
        })
    }
}

fn position(reader: &Reader<&[u8]>, skipped: usize) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).saturating_add(skipped)
}

/// Resolves entities; text with unknown ones comes back as it is.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}

/// Text as it may stand in an element or in a double-quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            // Other control characters cannot be written in XML at all.
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn spans_fit_the_text_behind_a_byte_order_mark() {
        let text =
            "\u{feff}<?xml version=\"1.0\"?>\n<x:a xmlns:x='u'><x:b v = \"1 > 0\" w='&lt;'/>文<c>d</c></x:a>";
        let tree = Tree::parse("p", text, 9).unwrap();
        let root = tree.root();
        assert_eq!(tree.prefix(), "x:");
        assert_eq!(tree.prefix_of("u").as_deref(), Some("x:"));
        let names: Vec<_> = tree.children(root).map(|e| &text[e.whole.clone()]).collect();
        assert_eq!(names, ["<x:b v = \"1 > 0\" w='&lt;'/>", "<c>d</c>"]);
        let b = tree.child(root, "b").unwrap();
        assert_eq!(tree.value(b, "v").as_deref(), Some("1 > 0"));
        assert_eq!(tree.value(b, "w").as_deref(), Some("<"));
        assert_eq!(tree.content(root), "文");
    }

    #[test]
    fn a_shallow_tree_passes_over_what_lies_deeper() {
        let text = "<a><b><c/><d>1</d></b><e/></a>";
        let tree = Tree::parse("p", text, 1).unwrap();
        assert_eq!(tree.elements.len(), 3);
        assert_eq!(&text[tree.elements[1].whole.clone()], "<b><c/><d>1</d></b>");
    }

    #[test]
    fn what_is_no_attribute_is_damage() {
        for (text, sound) in [
            ("<a b='1' c = \"2\" ><d e='/'/></a>", true),
            ("<a><d e='1'??? f='2'/></a>", false),
            ("<a><d e=,'1' f='2'/></a>", false),
            ("<a><d e='1' /x/f='2'/></a>", false),
        ] {
            let tree = Tree::parse("p", text, 9).unwrap();
            assert_eq!(tree.hold_to_attributes("p").is_ok(), sound, "{text}");
        }
    }

    #[test]
    fn half_an_element_is_damage() {
        let swallowed = "<a><b c=\"1><f d=\"2\" e=\"3/></a>";
        for text in ["", "<a>", "<a><b></a>", "<a", "text", swallowed] {
            assert!(Tree::parse("p", text, 9).is_err(), "{text}");
        }
    }
}
