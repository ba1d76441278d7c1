//! What the packages of Word and PowerPoint share: escaped text, relationships, a chart that knows its workbook.

/// How every part begins.
pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// Where the kinds of relationships of Office documents are named.
pub const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Where packages are.
pub const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Text for content and attribute values, without what XML cannot carry.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// One line of text for an attribute.
pub fn line(text: &str) -> String {
    escape(&text.replace(['\n', '\r', '\t'], " "))
}

/// One relationship.
pub fn relationship(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>")
}

/// A part of relationships.
pub fn relationships(of: &str) -> String {
    format!("{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">{of}</Relationships>")
}

/// A chart part that knows its workbook (`rId1`); how a sheet would print it does not matter here.
pub fn attached(part: &str) -> String {
    let mut part = part.to_owned();
    let (open, close) = ("<c:printSettings>", "</c:printSettings>");
    if let (Some(start), Some(end)) = (part.find(open), part.find(close)) {
        part.replace_range(start..end + close.len(), "");
    }
    let link = "<c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>";
    part.replacen("</c:chartSpace>", link, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_breaks_the_markup() {
        assert_eq!(escape("a<b>&\"\u{1}c"), "a&lt;b&gt;&amp;&quot;c");
        assert_eq!(line("一\n二"), "一 二");
    }
}
