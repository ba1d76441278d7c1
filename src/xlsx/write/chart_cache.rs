//! What a chart shows before anything is recalculated.
//!
//! The library fills the caches of charts only from plain cells; ours stand on
//! formulas, and previews on phones draw the caches. So each reference in a
//! chart part gets the values we know. The same pass mends what else the library
//! leaves: the font of Chinese characters, the order of a scatter's elements,
//! defaults that programs do not agree on.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use memchr::memmem;

use crate::cell::Area;
use crate::expr::Val;

use super::style::FONT;

/// Values by the sheet and rectangle they stand in, with their number format.
pub(super) type Caches<'a> = BTreeMap<(Arc<str>, Area), (&'a [Val], &'static str)>;

/// The chart part with every reference we know filled in.
pub(super) fn fill(part: &str, caches: &Caches<'_>) -> String {
    let mut out = String::with_capacity(part.len() * 2);
    let mut rest = part;
    while let Some((before, reference, after)) = next_reference(rest) {
        out.push_str(before);
        match known(reference.formula, caches) {
            Some((values, format)) => write_reference(&mut out, &reference, values, format),
            None => out.push_str(reference.whole),
        }
        rest = after;
    }
    out.push_str(rest);
    // The library shows the value beside the name of a series, asked or not.
    let out = out.replace(r#"<c:showVal val="1"/><c:showSerName"#, r#"<c:showVal val="0"/><c:showSerName"#);
    name_font(&say_defaults(&order_elements(&say_what_labels_show(&out))))
}

/// What the library leaves to a default, programs take for this or for that: unknown
/// is a gap and not zero, lines are straight, corners are square.
fn say_defaults(part: &str) -> String {
    const LINES: &str = "<c:lineChart>";
    let mut out = String::with_capacity(part.len() + 256);
    let mut rest = part;
    while let Some(start) = find(rest, LINES) {
        let (before, from) = rest.split_at(start + LINES.len());
        let (lines, after) = from.split_once("</c:lineChart>").unwrap_or((from, ""));
        out.push_str(before);
        out.push_str(&lines.replace("</c:val></c:ser>", "</c:val><c:smooth val=\"0\"/></c:ser>"));
        out.push_str("</c:lineChart>");
        rest = after;
    }
    out.push_str(rest);
    if find(&out, "<c:dispBlanksAs").is_none() {
        insert_before("</c:chart>", "<c:dispBlanksAs val=\"gap\"/>", &mut out);
    }
    if find(&out, "<c:roundedCorners").is_none() {
        insert_before("<c:chart>", "<c:roundedCorners val=\"0\"/>", &mut out);
    }
    out
}

fn insert_before(element: &str, added: &str, out: &mut String) {
    if let Some(at) = find(out, element) {
        out.insert_str(at, added);
    }
}

/// What a label can show, in the order of the schema.
const SHOWN: [&str; 6] =
    ["showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize"];

/// The library names only what labels show; programs differ on what is left out, so all of it is said.
fn say_what_labels_show(part: &str) -> String {
    let mut out = String::with_capacity(part.len() * 2);
    let mut rest = part;
    while let Some(start) = find(rest, "<c:show") {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let mut shown = [None; SHOWN.len()];
        while let Some((index, value, after)) = next_shown(rest) {
            shown[index] = Some(value);
            rest = after;
        }
        if shown.iter().all(Option::is_none) {
            out.push_str("<c:show");
            rest = &rest["<c:show".len()..];
            continue;
        }
        for (name, shown) in SHOWN.iter().zip(shown) {
            let _ = write!(out, "<c:{name} val=\"{}\"/>", u8::from(shown == Some(true)));
        }
    }
    out.push_str(rest);
    out
}

/// The element at the start of a text that says what a label shows: which, whether, and what follows.
fn next_shown(text: &str) -> Option<(usize, bool, &str)> {
    let (name, from) = text.strip_prefix("<c:")?.split_once(' ')?;
    let index = SHOWN.iter().position(|shown| *shown == name)?;
    let (value, after) = from.strip_prefix("val=\"")?.split_once("/>")?;
    Some((index, value.starts_with('1'), after))
}

/// The schema wants a series' own look before that of its markers; scatters come the other way round.
fn order_elements(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(middle) = find(rest, "</c:marker><c:spPr>") {
        let middle = middle + "</c:marker>".len();
        let (Some(start), Some(length)) =
            (rest[..middle].rfind("<c:marker>"), rest[middle..].find("</c:spPr>"))
        else {
            break;
        };
        let end = middle + length + "</c:spPr>".len();
        out.push_str(&rest[..start]);
        out.push_str(&rest[middle..end]);
        out.push_str(&rest[start..middle]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn find(text: &str, part: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), part.as_bytes())
}

/// A `c:numRef` or `c:strRef` element.
struct Reference<'a> {
    whole: &'a str,
    /// The content of its `c:f`, escaped as it stands.
    formula: &'a str,
    /// The element it stands in is numeric whatever the cells hold.
    values: bool,
}

/// The text before the next reference, the reference, the text after it.
fn next_reference(text: &str) -> Option<(&str, Reference<'_>, &str)> {
    let (start, close) = memmem::find_iter(text.as_bytes(), "Ref>").find_map(|end| {
        let opened = |open: &str| text[..end].ends_with(open).then(|| end - open.len());
        let number = opened("<c:num").map(|start| (start, "</c:numRef>"));
        number.or_else(|| Some((opened("<c:str")?, "</c:strRef>")))
    })?;
    let (before, from) = text.split_at(start);
    let end = find(from, close)? + close.len();
    let (whole, after) = from.split_at(end);
    let formula = whole.split_once("<c:f>")?.1.split_once("</c:f>")?.0;
    let values = before.ends_with("<c:val>") || before.ends_with("<c:yVal>");
    Some((before, Reference { whole, formula, values }, after))
}

fn known<'a>(formula: &str, caches: &Caches<'a>) -> Option<(&'a [Val], &'static str)> {
    let formula = formula.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let (sheet, area) = formula.rsplit_once('!')?;
    let sheet = match sheet.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => sheet.to_owned(),
    };
    caches.get(&(Arc::from(sheet), Area::parse(area)?)).copied()
}

fn write_reference(out: &mut String, reference: &Reference<'_>, values: &[Val], format: &str) {
    let numeric = reference.values || !values.iter().any(|val| val.text().is_some());
    let (element, cache) = if numeric { ("numRef", "numCache") } else { ("strRef", "strCache") };
    let _ = write!(out, "<c:{element}><c:f>{}</c:f><c:{cache}>", reference.formula);
    if numeric {
        let _ = write!(out, "<c:formatCode>{}</c:formatCode>", escape(format));
    }
    let _ = write!(out, "<c:ptCount val=\"{}\"/>", values.len());
    for (index, val) in values.iter().enumerate() {
        let shown = match val {
            Val::Number(n) if n.is_finite() => n.to_string(),
            Val::Text(text) if !numeric && !text.is_empty() => escape(text),
            _ => continue,
        };
        let _ = write!(out, "<c:pt idx=\"{index}\"><c:v>{shown}</c:v></c:pt>");
    }
    let _ = write!(out, "</c:{cache}></c:{element}>");
}

/// Names the font for Chinese characters wherever it is named for Latin ones, and for all other text of the chart.
fn name_font(part: &str) -> String {
    let latin = format!("<a:latin typeface=\"{FONT}\"");
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(start) = find(rest, &latin) {
        let Some(end) = rest[start..].find("/>").map(|end| start + end + 2) else { break };
        out.push_str(&rest[..end]);
        rest = &rest[end..];
        if !rest.starts_with("<a:ea ") {
            let _ = write!(out, "<a:ea typeface=\"{FONT}\"/>");
        }
    }
    out.push_str(rest);
    if let Some(end) = out.find("<c:printSettings>").or_else(|| out.rfind("</c:chartSpace>")) {
        out.insert_str(
            end,
            &format!(
                "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr><a:ea typeface=\"{FONT}\"/></a:defRPr>\
                 </a:pPr><a:endParaRPr lang=\"zh-CN\"/></a:p></c:txPr>"
            ),
        );
    }
    out
}

fn escape(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !c.is_control()).collect();
    visible.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_all_that_they_show() {
        let part = r#"<c:dLbls><c:showVal val="1"/></c:dLbls><c:dLbl><c:showVal val="0"/><c:showSerName val="1"/></c:dLbl>"#;
        let said = say_what_labels_show(part);
        let all = |val, series| {
            format!(
                r#"<c:showLegendKey val="0"/><c:showVal val="{val}"/><c:showCatName val="0"/><c:showSerName val="{series}"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>"#
            )
        };
        assert_eq!(said, format!("<c:dLbls>{}</c:dLbls><c:dLbl>{}</c:dLbl>", all(1, 0), all(0, 1)));
    }

    #[test]
    fn a_series_look_comes_before_its_markers() {
        let part = "<c:tx/><c:marker><c:spPr>m</c:spPr></c:marker><c:spPr>s</c:spPr><c:dLbls/>";
        assert_eq!(
            order_elements(part),
            "<c:tx/><c:spPr>s</c:spPr><c:marker><c:spPr>m</c:spPr></c:marker><c:dLbls/>"
        );
    }

    #[test]
    fn references_get_the_values_we_know() {
        let names = [Val::Text("甲&乙".into()), Val::Blank];
        let numbers = [Val::Number(0.5), Val::Text("".into())];
        let at = |text: &str| (Arc::from("It's"), Area::parse(text).expect("an area"));
        let caches =
            Caches::from([(at("A1:A2"), (&names[..], "General")), (at("B1:B2"), (&numbers[..], "0%"))]);
        let part = "<c:cat><c:numRef><c:f>'It''s'!$A$1:$A$2</c:f><c:numCache>x</c:numCache></c:numRef></c:cat>\
            <c:val><c:numRef><c:f>'It''s'!$B$1:$B$2</c:f></c:numRef></c:val>\
            <c:val><c:numRef><c:f>别处!$B$1</c:f></c:numRef></c:val>";
        assert_eq!(
            fill(part, &caches),
            "<c:cat><c:strRef><c:f>'It''s'!$A$1:$A$2</c:f><c:strCache><c:ptCount val=\"2\"/>\
             <c:pt idx=\"0\"><c:v>甲&amp;乙</c:v></c:pt></c:strCache></c:strRef></c:cat>\
             <c:val><c:numRef><c:f>'It''s'!$B$1:$B$2</c:f><c:numCache><c:formatCode>0%</c:formatCode>\
             <c:ptCount val=\"2\"/><c:pt idx=\"0\"><c:v>0.5</c:v></c:pt></c:numCache></c:numRef></c:val>\
             <c:val><c:numRef><c:f>别处!$B$1</c:f></c:numRef></c:val>"
        );
    }
}
