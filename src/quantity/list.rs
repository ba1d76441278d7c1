//! Lists of names: `抖音、小红书`, `市场部（经理）、销售部（主管）`, `T001,T002`.

use super::opening::{Opened, open};
use super::scan::split_outside_brackets;
use super::{Reading, Remark, Unreadable};
use crate::cell::{Content, is_invisible};

/// Reads names separated by 、 , ; / or lines; each as it was typed, without its mask.
pub fn read(content: &Content) -> Reading<Vec<String>> {
    let text = match typed(content) {
        Ok(text) => text,
        Err(reading) => return reading.map(|_: String| Vec::new()),
    };
    let mut remarks = Vec::new();
    let separates =
        |c: char| matches!(c, '、' | ',' | '，' | ';' | '；' | '/' | '／' | '|' | '｜' | '\n' | '\r' | '﹑');
    let names: Vec<String> = split_outside_brackets(&text, separates)
        .into_iter()
        .map(|name| unmasked(name, &mut remarks))
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        Reading::unreadable(Unreadable::NotThisKind)
    } else {
        Reading::with(names, remarks)
    }
}

/// Reads one name, or several left together as they were typed, without its mask.
pub fn person(content: &Content) -> Reading<String> {
    let text = match typed(content) {
        Ok(text) => text,
        Err(reading) => return reading,
    };
    if matches!(content, Content::Number(_)) {
        return Reading::unreadable(Unreadable::NotThisKind);
    }
    let mut remarks = Vec::new();
    let name = unmasked(&text, &mut remarks);
    if name.is_empty() { Reading::unreadable(Unreadable::NotThisKind) } else { Reading::with(name, remarks) }
}

/// The text of a cell that is not one of the kinds of nothing, exactly as typed.
fn typed(content: &Content) -> Result<String, Reading<String>> {
    match open(content) {
        Err(nothing) => Err(Reading::nothing(nothing)),
        Ok(Opened::Serial(_)) => Err(Reading::unreadable(Unreadable::TurnedIntoDate)),
        Ok(Opened::Bool(_)) => Err(Reading::unreadable(Unreadable::NotThisKind)),
        Ok(Opened::Number(_) | Opened::Text(_)) => Ok(content.to_text()),
    }
}

/// A name without the stars that hide the rest of it.
fn unmasked(name: &str, remarks: &mut Vec<Remark>) -> String {
    let name = name.trim_matches(is_invisible);
    let bare = name.trim_matches(|c| matches!(c, '*' | '＊') || is_invisible(c));
    if bare.len() != name.len() && !bare.is_empty() && !remarks.contains(&Remark::Masked) {
        remarks.push(Remark::Masked);
    }
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        read(&Content::Text(text.into())).get().cloned().unwrap_or_default()
    }

    #[test]
    fn names_are_separated_but_not_inside_brackets() {
        for (text, expected) in [
            ("抖音、小红书", vec!["抖音", "小红书"]),
            ("抖音,小红书；微信/微博", vec!["抖音", "小红书", "微信", "微博"]),
            ("市场部（经理）、销售部（主管）", vec!["市场部（经理）", "销售部（主管）"]),
            ("市场部（经理、主管）", vec!["市场部（经理、主管）"]),
            ("T001\nT002", vec!["T001", "T002"]),
            ("市场部*、销售部*", vec!["市场部", "销售部"]),
            ("抖音、", vec!["抖音"]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
        assert_eq!(read(&Content::Number(1001.0)).get(), Some(&vec!["1001".to_owned()]));
    }

    #[test]
    fn masks_are_taken_off_and_said() {
        for (text, name) in
            [("市场部*", "市场部"), ("*展览公司", "展览公司"), ("张**", "张"), ("技术部＊", "技术部")]
        {
            let reading = person(&Content::Text(text.into()));
            assert_eq!(reading.get().map(String::as_str), Some(name), "{text}");
            assert_eq!(reading.remarks, [Remark::Masked], "{text}");
        }
        assert_eq!(person(&Content::Text("张三".into())), Reading::value("张三".into()));
        assert_eq!(person(&Content::Text("-".into())).get(), None);
        assert_eq!(person(&Content::Number(3.0)).get(), None);
    }
}
