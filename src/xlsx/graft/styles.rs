//! Our cell formats among the user's: appended to `styles.xml`, equal ones reused.
//!
//! Nothing that stands there changes its number. Formats are carried over only
//! when they are asked for, so unused ones never pile up.

use std::collections::HashMap;
use std::fmt::{Display, Write as _};

use super::epoch;
use super::error::{GraftError, Result};
use super::relationships::append_to;
use super::splice::Edits;
use super::style_text::{CALIBRI, Digit, canonical, digit, normal_style, nth, written};
use super::xml::{Tree, escape};

/// Sections in the order the standard wants.
const ORDER: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// Excel's own limit is 65,490.
const MOST_CELL_FORMATS: usize = 65_000;

/// A list in the user's part, and what is to be added to it.
#[derive(Debug, Default)]
struct Section {
    keys: HashMap<String, usize>,
    count: usize,
    added: String,
}

impl Section {
    fn of(tree: &Tree<'_>, name: &str) -> Section {
        let mut section = Section::default();
        for child in tree.child(tree.root(), name).into_iter().flat_map(|list| tree.children(list)) {
            section.keys.entry(canonical(tree, child)).or_insert(section.count);
            section.count += 1;
        }
        section
    }

    /// The place of an equal element, or of this one added at the end.
    fn place(&mut self, element: &str) -> Result<usize> {
        let tree = Tree::parse("styles", element, usize::MAX)?;
        let key = canonical(&tree, tree.root());
        if let Some(&place) = self.keys.get(&key) {
            return Ok(place);
        }
        self.added.push_str(element);
        self.keys.insert(key, self.count);
        self.count += 1;
        Ok(self.count - 1)
    }
}

/// The user's styles, growing by ours.
pub(super) struct Styles<'t> {
    user: Tree<'t>,
    ours: Tree<'t>,
    codes: HashMap<String, u32>,
    next_code: u32,
    number_formats: String,
    number_format_count: usize,
    fonts: Section,
    fills: Section,
    borders: Section,
    cell_formats: Section,
    dxfs: Section,
    /// The user's style "Normal" among the named ones, if there are named ones.
    normal: Option<String>,
    /// Whether the user's workbook counts its days from 1904.
    pub from_1904: bool,
    /// A digit of the user's usual font.
    digit: Digit,
    /// The user's number for each of our cell formats, once carried over.
    done: Vec<Option<usize>>,
    /// The same for fonts, fills, borders and differential formats.
    done_parts: HashMap<(&'static str, usize), usize>,
}

impl<'t> Styles<'t> {
    /// Reads the user's styles and ours.
    pub fn read(user: &'t str, ours: &'t str) -> Result<Styles<'t>> {
        let user = Tree::parse("styles", user, usize::MAX)?;
        let ours = Tree::parse("styles", ours, usize::MAX)?;
        let mut codes = HashMap::new();
        let mut highest = 163;
        let mut number_format_count = 0;
        for element in user.elements.iter().filter(|element| user.local(element) == "numFmt") {
            let Some(id) = user.value(element, "numFmtId").and_then(|id| id.parse::<u32>().ok()) else {
                continue;
            };
            highest = highest.max(id);
            if element.depth == 2 {
                number_format_count += 1;
                codes.entry(user.value(element, "formatCode").unwrap_or_default()).or_insert(id);
            }
        }
        let normal = normal_style(&user);
        Ok(Styles {
            codes,
            next_code: highest.saturating_add(1),
            number_formats: String::new(),
            number_format_count,
            fonts: Section::of(&user, "fonts"),
            fills: Section::of(&user, "fills"),
            borders: Section::of(&user, "borders"),
            cell_formats: Section::of(&user, "cellXfs"),
            dxfs: Section::of(&user, "dxfs"),
            normal,
            from_1904: false,
            digit: digit(&user),
            done: Vec::new(),
            done_parts: HashMap::new(),
            user,
            ours,
        })
    }

    /// A column of ours as wide as it was meant to be, in digits of the user's usual font.
    pub fn column_width(&self, ours: f64) -> f64 {
        let width = ours * CALIBRI / self.digit.width;
        (width * 256.0).round() / 256.0
    }

    /// The scale a sheet of ours is printed at, in percent: smaller where its columns may come out wider than reckoned.
    pub fn print_scale(&self, ours: u32) -> u32 {
        if self.digit.is_known { ours } else { ours * 7 / 8 }
    }

    /// The user's number for one of our cell formats.
    pub fn cell_format(&mut self, index: usize) -> Result<usize> {
        if let Some(Some(place)) = self.done.get(index) {
            return Ok(*place);
        }
        let place =
            if index == 0 && self.cell_formats.count > 0 { 0 } else { self.carry_cell_format(index)? };
        if place >= MOST_CELL_FORMATS {
            return Err(GraftError::ManyFormats);
        }
        if self.done.len() <= index {
            self.done.resize(index + 1, None);
        }
        self.done[index] = Some(place);
        Ok(place)
    }

    fn carry_cell_format(&mut self, index: usize) -> Result<usize> {
        let Some(xf) = nth(&self.ours, "cellXfs", index) else {
            return Err(GraftError::Addition(format!("cell format {index} is missing")));
        };
        if self.ours.child(xf, "extLst").is_some() {
            return Err(GraftError::Addition("checkboxes cannot be carried over".into()));
        }
        let mut attributes = String::new();
        for attribute in self.ours.attributes(xf) {
            let number = attribute.raw.parse::<usize>().unwrap_or(0);
            let mut say = |value: &dyn Display| write!(attributes, " {}=\"{value}\"", attribute.name);
            // Writing to a text cannot fail.
            let _ = match attribute.name {
                "numFmtId" => say(&self.number_format(number)?),
                "fontId" => say(&self.part("fonts", number)?),
                "fillId" => say(&self.part("fills", number)?),
                "borderId" => say(&self.part("borders", number)?),
                "xfId" => self.normal.as_ref().map_or(Ok(()), |normal| say(normal)),
                _ => say(&attribute.raw),
            };
        }
        let Some(xf) = nth(&self.ours, "cellXfs", index) else { return Ok(0) };
        let prefix = self.user.prefix();
        let children: String =
            self.ours.children(xf).map(|child| written(&self.ours, child, prefix)).collect();
        let element = if children.is_empty() {
            format!("<{prefix}xf{attributes}/>")
        } else {
            format!("<{prefix}xf{attributes}>{children}</{prefix}xf>")
        };
        self.cell_formats.place(&element)
    }

    /// A font, fill or border. The first ones of a workbook are its defaults: ours become the user's.
    fn part(&mut self, list: &'static str, index: usize) -> Result<usize> {
        if let Some(&place) = self.done_parts.get(&(list, index)) {
            return Ok(place);
        }
        let place = self.carry_part(list, index)?;
        self.done_parts.insert((list, index), place);
        Ok(place)
    }

    fn carry_part(&mut self, list: &'static str, index: usize) -> Result<usize> {
        let reserved = if list == "fills" { 2 } else { 1 };
        let prefix = self.user.prefix();
        let section = match list {
            "fonts" => &mut self.fonts,
            "fills" => &mut self.fills,
            _ => &mut self.borders,
        };
        // A list too short for its defaults gets them from us first.
        while section.count < reserved {
            let Some(element) = nth(&self.ours, list, section.count) else { break };
            section.added.push_str(&written(&self.ours, element, prefix));
            section.keys.entry(canonical(&self.ours, element)).or_insert(section.count);
            section.count += 1;
        }
        if index < reserved {
            return Ok(index);
        }
        match nth(&self.ours, list, index) {
            Some(element) => section.place(&written(&self.ours, element, prefix)),
            None => Err(GraftError::Addition(format!("{list} {index} is missing"))),
        }
    }

    /// Whether one of our cell formats shows a day.
    pub fn shows_a_date(&self, index: usize) -> bool {
        let id = nth(&self.ours, "cellXfs", index).and_then(|xf| self.ours.value(xf, "numFmtId"));
        let Some(id) = id.and_then(|id| id.parse().ok()) else { return false };
        // 14 to 17 and 22 are days in every language, 27 to 36 and 50 to 58 in Chinese.
        self.our_code(id).map_or(matches!(id, 14..=17 | 22 | 27..=36 | 50..=58), |code| epoch::is_date(&code))
    }

    fn our_code(&self, id: usize) -> Option<String> {
        let list = self.ours.child(self.ours.root(), "numFmts")?;
        self.ours.children(list).find_map(|format| {
            let same = self.ours.value(format, "numFmtId")?.parse() == Ok(id);
            if same { self.ours.value(format, "formatCode") } else { None }
        })
    }

    /// The user's id for one of our number formats: built-in ones are the same everywhere.
    fn number_format(&mut self, id: usize) -> Result<usize> {
        match self.our_code(id) {
            Some(code) => Ok(self.code(code) as usize),
            None => Ok(id),
        }
    }

    fn code(&mut self, code: String) -> u32 {
        if let Some(&id) = self.codes.get(&code) {
            return id;
        }
        let id = self.next_code;
        self.next_code += 1;
        self.number_format_count += 1;
        let prefix = self.user.prefix();
        self.number_formats
            .push_str(&format!(r#"<{prefix}numFmt numFmtId="{id}" formatCode="{}"/>"#, escape(&code)));
        self.codes.insert(code, id);
        id
    }

    /// The user's number for one of our differential formats.
    pub fn dxf(&mut self, index: usize) -> Result<usize> {
        if let Some(&place) = self.done_parts.get(&("dxfs", index)) {
            return Ok(place);
        }
        let place = self.carry_dxf(index)?;
        self.done_parts.insert(("dxfs", index), place);
        Ok(place)
    }

    fn carry_dxf(&mut self, index: usize) -> Result<usize> {
        let Some(dxf) = nth(&self.ours, "dxfs", index) else {
            return Err(GraftError::Addition(format!("differential format {index} is missing")));
        };
        let mut element = written(&self.ours, dxf, self.user.prefix());
        if let Some(format) = self.ours.child(dxf, "numFmt") {
            let code = self.ours.value(format, "formatCode").unwrap_or_default();
            let old = self.ours.value(format, "numFmtId").unwrap_or_default();
            let id = self.code(code);
            element = element.replace(&format!("numFmtId=\"{old}\""), &format!("numFmtId=\"{id}\""));
        }
        self.dxfs.place(&element)
    }

    /// The number of a differential format made here: content of `<dxf>`, names with `{p}` for the prefix.
    pub fn own_dxf(&mut self, content: &str) -> Result<usize> {
        let prefix = self.user.prefix();
        self.dxfs.place(&format!("<{{p}}dxf>{content}</{{p}}dxf>").replace("{p}", prefix))
    }

    /// The user's part with everything added.
    pub fn finish(self) -> String {
        let mut edits = Edits::default();
        let lists = [
            ("numFmts", &self.number_formats, self.number_format_count),
            ("fonts", &self.fonts.added, self.fonts.count),
            ("fills", &self.fills.added, self.fills.count),
            ("borders", &self.borders.added, self.borders.count),
            ("cellXfs", &self.cell_formats.added, self.cell_formats.count),
            ("dxfs", &self.dxfs.added, self.dxfs.count),
        ];
        let root = self.user.root();
        let mut all = String::new();
        for (name, added, count) in lists.into_iter().filter(|(_, added, _)| !added.is_empty()) {
            if root.closed {
                all.push_str(&section(self.user.prefix(), name, added, count));
            } else {
                extend(&mut edits, &self.user, name, added, count);
            }
        }
        if root.closed {
            append_to(&mut edits, &self.user, root, &all);
        }
        edits.apply(self.user.text)
    }
}

fn section(prefix: &str, name: &str, added: &str, count: usize) -> String {
    format!(r#"<{prefix}{name} count="{count}">{added}</{prefix}{name}>"#)
}

fn extend(edits: &mut Edits, tree: &Tree<'_>, name: &str, added: &str, count: usize) {
    if let Some(list) = tree.child(tree.root(), name) {
        if let Some(attribute) = tree.attribute(list, "count") {
            edits.replace(attribute.value, count.to_string());
        }
        append_to(edits, tree, list, added);
        return;
    }
    let whole = section(tree.prefix(), name, added, count);
    let rank = |name: &str| ORDER.iter().position(|other| *other == name).unwrap_or(ORDER.len());
    let before = tree.children(tree.root()).filter(|child| rank(tree.local(child)) < rank(name)).last();
    edits.insert(before.map_or(tree.root().inner.start, |child| child.whole.end), whole);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::style_text::EMPTY;
    use super::*;

    const OURS: &str = concat!(
        r#"<styleSheet xmlns="m"><numFmts count="1"><numFmt numFmtId="164" formatCode="0&quot;x&quot;"/></numFmts>"#,
        r#"<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="9"/></font></fonts>"#,
        r#"<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>"#,
        r#"<borders count="1"><border><left/></border></borders>"#,
        r#"<cellStyleXfs count="1"><xf/></cellStyleXfs>"#,
        r#"<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>"#,
        r#"<xf numFmtId="164" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>"#,
        r#"<dxfs count="1"><dxf><font><b/></font></dxf></dxfs></styleSheet>"#,
    );

    fn merged(user: &str) -> (String, usize, usize) {
        let mut styles = Styles::read(user, OURS).unwrap();
        assert_eq!(styles.cell_format(0).unwrap(), 0);
        let (cell, dxf) = (styles.cell_format(1).unwrap(), styles.dxf(0).unwrap());
        (styles.finish(), cell, dxf)
    }

    #[test]
    fn what_is_added_once_is_found_the_second_time() {
        for user in [
            EMPTY,
            OURS,
            r#"<x:styleSheet xmlns:x="m"><x:fonts count="1"><x:font/></x:fonts><x:dxfs count='0'/></x:styleSheet>"#,
            r#"<styleSheet xmlns="m"/>"#,
            "\u{feff}<styleSheet xmlns=\"m\">\n <numFmts><numFmt numFmtId='200' formatCode='0.0'/></numFmts>\n</styleSheet>",
        ] {
            let (once, cell, dxf) = merged(user);
            assert_eq!(merged(&once), (once.clone(), cell, dxf));
            assert_eq!(once.starts_with('\u{feff}'), user.starts_with('\u{feff}'));
        }
    }

    #[test]
    fn new_formats_come_last_and_sections_stay_in_order() {
        let user = concat!(
            r#"<styleSheet xmlns="m"><numFmts count="1"><numFmt numFmtId="170" formatCode="0"/></numFmts>"#,
            r#"<fonts count="1"><font><sz val="12"/></font></fonts>"#,
            r#"<cellXfs count="1"><xf fontId="0"/></cellXfs><tableStyles count="0"/></styleSheet>"#,
        );
        let (text, cell, dxf) = merged(user);
        assert_eq!((cell, dxf), (1, 0));
        assert!(
            text.contains(
                r#"<numFmts count="2"><numFmt numFmtId="170" formatCode="0"/><numFmt numFmtId="171""#
            )
        );
        assert!(
            text.contains(r#"<font><sz val="12"/></font><font><b/><sz val="9"/></font></fonts>"#),
            "{text}"
        );
        // Without named styles a cell format must not point at one.
        assert!(
            text.contains(
                r#"<xf numFmtId="171" fontId="1" fillId="0" borderId="0" applyFont="1"/></cellXfs>"#
            )
        );
        assert!(
            text.contains("</cellXfs><dxfs count=\"1\">")
                && text.ends_with("<tableStyles count=\"0\"/></styleSheet>")
        );
    }
}
