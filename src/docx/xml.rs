//! Paragraphs and runs of WordprocessingML.

use crate::office::escape;

/// A run of text in the look of its paragraph, with `look` over it; line breaks stay.
pub(super) fn run(text: &str, look: &str) -> String {
    let look = if look.is_empty() { String::new() } else { format!("<w:rPr>{look}</w:rPr>") };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(&line.replace('\t', " "))))
        .collect();
    format!("<w:r>{look}{}</w:r>", lines.join("<w:br/>"))
}

/// A paragraph of a style.
pub(super) fn paragraph(style: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
}

/// A field with the result it shows until it is updated.
pub(super) fn field(instruction: &str, result: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
         <w:r><w:instrText xml:space=\"preserve\"> {instruction} </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}\
         <w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
        run(result, "")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_text_stay_lines() {
        assert_eq!(
            run("一\r\n二", ""),
            "<w:r><w:t xml:space=\"preserve\">一</w:t><w:br/><w:t xml:space=\"preserve\">二</w:t></w:r>"
        );
    }
}
