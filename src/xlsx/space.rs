//! Whether blank space at the ends of a text counts: an element says so for all
//! inside it, and calamine looks at the innermost one only.

use std::borrow::Cow;

use crate::xlsx::xml::{Fault, Tag, Token, Tokens};

const ATTRIBUTE: &str = " xml:space=\"preserve\"";

/// What an element says about blank space inside it.
pub fn is_kept(tag: &Tag<'_>) -> Option<bool> {
    let said = tag.attributes().find(|(key, _)| *key == "xml:space")?;
    Some(said.1 == "preserve")
}

/// The inside of an element whose blank space counts, with every text in it saying so.
pub fn spaced(inside: &str, counts: bool) -> Result<Cow<'_, str>, Fault> {
    if !counts {
        return Ok(Cow::Borrowed(inside));
    }
    let whole = format!("<a>{inside}</a>");
    let mut tokens = Tokens::new(&whole);
    let mut said = String::with_capacity(whole.len());
    let mut copied = "<a>".len();
    while let Some(token) = tokens.next()? {
        let Token::Open(tag) = token else { continue };
        if tag.local() == "t" && !tag.empty && is_kept(&tag).is_none() {
            let end = tokens.position() - 1;
            said += &whole[copied..end];
            said += ATTRIBUTE;
            copied = end;
        }
    }
    said += &whole[copied..whole.len() - "</a>".len()];
    Ok(Cow::Owned(said))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_text_says_what_was_said_for_all() {
        let inside = "<si><r><t>微信</t></r><r><t> Video</t></r></si><si><t xml:space='default'> a</t></si>";
        assert_eq!(
            spaced(inside, true).unwrap(),
            "<si><r><t xml:space=\"preserve\">微信</t></r><r><t xml:space=\"preserve\"> Video</t></r></si>\
             <si><t xml:space='default'> a</t></si>"
        );
        assert_eq!(spaced(inside, false).unwrap(), inside);
    }
}
