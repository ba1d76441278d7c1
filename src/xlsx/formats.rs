//! What number formats show, as far as it changes what a number means.
//!
//! Whether a format shows a date is calamine's to say; this knows percentages,
//! text, thousands and foreign money.

use std::collections::HashMap;

use crate::quantity::Currency;
use crate::workbook::Shown;
use crate::xlsx::xml::{Fault, Token, Tokens};

/// The cell formats of a workbook: their number formats, in the order cells refer to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Formats {
    /// Number format of each cell format.
    pub numbers: Vec<u32>,
    /// Formats the workbook defines itself: number and code.
    pub codes: Vec<(u32, String)>,
}

/// The formats in a styles part.
pub fn read(text: &str) -> Result<Formats, Fault> {
    let mut formats = Formats::default();
    let mut tokens = Tokens::new(text);
    let mut inside = "";
    while let Some(token) = tokens.next()? {
        let Token::Open(tag) = token else { continue };
        let number = || tag.attribute("numFmtId").and_then(|id| id.trim().parse().ok()).unwrap_or(0);
        match (tokens.depth(), tag.local()) {
            // Depth counts the element itself unless it is already over.
            (2, list) if !tag.empty => inside = list,
            (_, "numFmt") if inside == "numFmts" => {
                if let Some(code) = tag.attribute("formatCode") {
                    formats.codes.push((number(), code.into_owned()));
                }
            }
            (_, "xf") if inside == "cellXfs" => formats.numbers.push(number()),
            _ => {}
        }
    }
    Ok(formats)
}

impl Formats {
    /// What each cell format shows, dates left out.
    pub fn shown(&self) -> Vec<Shown> {
        let own: HashMap<u32, Shown> =
            self.codes.iter().map(|(number, code)| (*number, shown(code))).collect();
        let common = |number| match number {
            9 | 10 => Shown::Percent,
            49 => Shown::Text,
            _ => Shown::General,
        };
        self.numbers
            .iter()
            .map(|number| own.get(number).copied().unwrap_or_else(|| common(*number)))
            .collect()
    }
}

/// What a format code makes of a number, by its first section.
fn shown(code: &str) -> Shown {
    if code.trim() == "@" {
        return Shown::Text;
    }
    let mut chars = code.chars().peekable();
    let (mut bare, mut literal) = (String::new(), String::new());
    let (mut point, mut currency) = (false, None);
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                let quoted: String = chars.by_ref().take_while(|&c| c != '"').collect();
                point |= quoted == "." && bare.ends_with(['0', '#', '?']);
                currency = currency.or_else(|| Currency::of(&quoted));
                literal.push_str(&quoted);
            }
            '\\' | '!' => {
                let next = chars.next();
                // A literal point among digits is how 万 is shown: the digits behind it are thousands.
                point |= next == Some('.') && bare.ends_with(['0', '#', '?']);
                currency = currency.or_else(|| Currency::of(&next?.to_string()));
                literal.extend(next);
            }
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                // [$€-2], [$USD-409]: a currency and a place; [$-804] is only a place, [$¥-804] is 元.
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                if let Some(sign) = inside.strip_prefix('$') {
                    let (sign, place) = sign.split_once('-').unwrap_or((sign, ""));
                    let yen = matches!(sign, "¥" | "￥") && place == "411";
                    currency = currency.or_else(|| Currency::of(if yen { "円" } else { sign }));
                }
            }
            '$' | '€' | '£' => currency = currency.or_else(|| Currency::of(&c.to_string())),
            c if c.is_ascii() => bare.push(c),
            c => literal.push(c),
        }
    }
    let first = bare.split(';').next().unwrap_or_default();
    // Commas behind the last digit of the whole number divide by a thousand each.
    let digits = first.trim_end_matches(|c: char| !matches!(c, '0' | '#' | '?' | ','));
    let trailing = |digits: &str| digits.len() - digits.trim_end_matches(',').len();
    let thousands = trailing(digits).max(trailing(digits.split('.').next().unwrap_or_default()));
    let power = match (point, u8::try_from(thousands).unwrap_or(0)) {
        (_, 0) => 0,
        (true, thousands) => 3 * thousands + 1,
        (false, thousands) => 3 * thousands,
    };
    match currency {
        _ if first.contains('%') => Shown::Percent,
        Some(currency) => Shown::Foreign(currency),
        None if power > 0 => Shown::Scaled(power),
        None => Shown::General,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn foreign(code: &str) -> Shown {
        Shown::Foreign(Currency::of(code).unwrap())
    }

    #[test]
    fn a_format_changes_what_a_number_means() {
        for (code, meaning) in [
            ("0%", Shown::Percent),
            ("0.00%;[Red]-0.00%", Shown::Percent),
            ("@", Shown::Text),
            ("0\\.0,\"万\"", Shown::Scaled(4)),
            ("0!.0,\"万\"", Shown::Scaled(4)),
            ("[>=10000]0!.0,\"万\";General", Shown::Scaled(4)),
            ("#\".\"0,万", Shown::Scaled(4)),
            ("0!.0,", Shown::Scaled(4)),
            ("#,##0,", Shown::Scaled(3)),
            ("#,##0.0,,", Shown::Scaled(6)),
            ("#,##0", Shown::General),
            ("0.0,", Shown::Scaled(3)),
            ("\"$\"#,##0.00", foreign("USD")),
            ("[$$-409]#,##0.00", foreign("USD")),
            ("[$€-2] #,##0", foreign("EUR")),
            ("$#,##0_);($#,##0)", foreign("USD")),
            ("\"HK$\"0", foreign("HKD")),
            ("[$¥-804]#,##0", Shown::General),
            ("[$¥-411]#,##0", foreign("JPY")),
            ("[$-409]0.00", Shown::General),
            // The sign is only written behind the number: 3.5 is shown as 3.5万 and is 3.5.
            ("0.0\"万\"", Shown::General),
            ("0\"%\"", Shown::General),
            ("0\\%", Shown::General),
            ("¥#,##0.00", Shown::General),
            ("_ * #,##0_ ;_ * \"-\"_ ;_ @_ ", Shown::General),
        ] {
            assert_eq!(shown(code), meaning, "{code}");
        }
    }

    #[test]
    fn cell_formats_refer_to_their_own_and_the_common_codes() {
        let styles = "<styleSheet><numFmts><numFmt numFmtId='176' formatCode='0!.0,&quot;万&quot;'/></numFmts>\
            <cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>\
            <cellXfs><xf/><xf numFmtId='176'><alignment/></xf><xf numFmtId='10'/><xf numFmtId='49'/></cellXfs></styleSheet>";
        let shown = read(styles).unwrap().shown();
        assert_eq!(shown, [Shown::General, Shown::Scaled(4), Shown::Percent, Shown::Text]);
    }
}
