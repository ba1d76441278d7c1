//! Our dates in a workbook that counts its days from 1904.
//!
//! rust_xlsxwriter writes days counted from 1900. There a date is only a number
//! with a date's format, so the format decides which numbers move.

use super::styles::Styles;

/// Days between the two ways of counting.
const BETWEEN: f64 = 1462.0;

/// The number of a cell that shows a date, counted from 1904; `None` for any other number.
pub(super) fn moved(days: &str, format: Option<usize>, styles: &Styles<'_>) -> Option<String> {
    let days = days.trim().parse::<f64>().ok().filter(|days| *days >= BETWEEN)?;
    styles.shows_a_date(format?).then(|| (days - BETWEEN).to_string())
}

/// Whether a number format shows a day: `[h]` and text in quotation marks do not count.
pub(super) fn is_date(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|&c| c == '"')),
            '[' => drop(chars.by_ref().find(|&c| c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            'y' | 'Y' | 'd' | 'D' | 'e' | 'a' => return !code.starts_with("General"),
            _ => {}
        }
    }
    code.contains("mm") && !code.contains(['h', 's', '0', '#'])
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn a_format_tells_whether_it_shows_a_day() {
        for (code, date) in [
            ("yyyy-mm-dd", true),
            ("yyyy\"年\"m\"月\"d\"日\"", true),
            ("[$-804]aaaa", true),
            ("0\\.0,\"万\"", false),
            ("[Red]0.0", false),
            ("0\"day\"", false),
            ("[h]:mm:ss", false),
            ("General", false),
            ("@", false),
        ] {
            assert_eq!(is_date(code), date, "{code}");
        }
    }
}
