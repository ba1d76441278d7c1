//! Which formulas can be carried over as they are.
//!
//! Only what every spreadsheet computes alike from cells of the workbook
//! itself: a formula that calls out, or that one program writes in a way the
//! next cannot read, would make a whole workbook unreadable. Its value stays.

/// Functions that are carried over.
const FUNCTIONS: [&str; 67] = [
    "ABS",
    "AND",
    "AVERAGE",
    "AVERAGEIF",
    "AVERAGEIFS",
    "CEILING",
    "COLUMN",
    "COLUMNS",
    "CONCATENATE",
    "COUNT",
    "COUNTA",
    "COUNTBLANK",
    "COUNTIF",
    "COUNTIFS",
    "DATE",
    "DATEDIF",
    "DAY",
    "EDATE",
    "EOMONTH",
    "EXACT",
    "FIND",
    "FLOOR",
    "HLOOKUP",
    "HOUR",
    "IF",
    "IFERROR",
    "INDEX",
    "INT",
    "ISBLANK",
    "ISERROR",
    "ISNUMBER",
    "ISTEXT",
    "LARGE",
    "LEFT",
    "LEN",
    "LOOKUP",
    "MATCH",
    "MAX",
    "MEDIAN",
    "MID",
    "MIN",
    "MINUTE",
    "MOD",
    "MONTH",
    "N",
    "NA",
    "NETWORKDAYS",
    "NOT",
    "OR",
    "PRODUCT",
    "RANK",
    "RIGHT",
    "ROUND",
    "ROUNDDOWN",
    "ROUNDUP",
    "ROW",
    "ROWS",
    "SMALL",
    "SUBSTITUTE",
    "SUBTOTAL",
    "SUM",
    "SUMIF",
    "SUMIFS",
    "SUMPRODUCT",
    "TEXT",
    "TRIM",
    "VALUE",
];
/// Functions that may also stand there, told apart because they take other shapes.
const MORE: [&str; 9] =
    ["VLOOKUP", "WEEKDAY", "WORKDAY", "YEAR", "TODAY", "STDEV", "TRUE", "FALSE", "MROUND"];
/// Longest formula that is carried over.
const LONGEST: usize = 2_000;

/// Whether a formula (without `=`) can be written as it is. `has_sheet` knows the sheets there are.
pub(super) fn portable(formula: &str, has_sheet: &mut dyn FnMut(&str) -> bool) -> bool {
    if formula.is_empty() || formula.len() > LONGEST {
        return false;
    }
    let chars: Vec<char> = formula.chars().collect();
    let (mut at, mut open) = (0, 0usize);
    let mut operand = false;
    while let Some(&c) = chars.get(at) {
        match c {
            '"' => match quoted(&chars, at, '"') {
                Some((end, _)) => (at, operand) = (end, true),
                None => return false,
            },
            '\'' => match quoted(&chars, at, '\'') {
                Some((end, name)) if chars.get(end) == Some(&'!') && has_sheet(&name) => at = end + 1,
                _ => return false,
            },
            '(' => (at, open, operand) = (at + 1, open + 1, false),
            ')' => {
                if open == 0 || (!operand && chars[at - 1] != '(') {
                    return false;
                }
                (at, open, operand) = (at + 1, open - 1, true);
            }
            ',' if open > 0 => (at, operand) = (at + 1, false),
            '+' | '-' => (at, operand) = (at + 1, false),
            '*' | '/' | '^' | '&' | '=' | '<' | '>' | ':' => {
                let pair = matches!(chars.get(at.wrapping_sub(1)), Some('<' | '>')) && matches!(c, '=' | '>');
                if !operand && !pair {
                    return false;
                }
                (at, operand) = (at + 1, false);
            }
            '%' if operand => at += 1,
            ' ' => at += 1,
            c if c.is_ascii_digit() => {
                at = number(&chars, at);
                operand = true;
            }
            c if c.is_alphabetic() || matches!(c, '$' | '_') => {
                let end = at + chars[at..].iter().take_while(|&&c| is_word(c)).count();
                let word: String = chars[at..end].iter().collect();
                match chars.get(end) {
                    Some('(') if is_function(&word) => at = end,
                    Some('!') if has_sheet(&word) => at = end + 1,
                    Some('(' | '!') => return false,
                    _ if is_reference(&word) || matches!(word.as_str(), "TRUE" | "FALSE") => {
                        (at, operand) = (end, true);
                    }
                    _ => return false,
                }
            }
            _ => return false,
        }
    }
    open == 0 && operand
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '$' | '_' | '.')
}

fn is_function(word: &str) -> bool {
    FUNCTIONS.contains(&word) || MORE.contains(&word)
}

/// `A1`, `$A$1`, or a whole column `A` of `A:A` — the last only beside a colon, which its neighbours check.
fn is_reference(word: &str) -> bool {
    crate::cell::CellRef::parse(word).is_some()
}

fn number(chars: &[char], start: usize) -> usize {
    let digits = |at: usize| at + chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = digits(start);
    if chars.get(at) == Some(&'.') {
        at = digits(at + 1);
    }
    if matches!(chars.get(at), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(at + 1), Some('+' | '-')));
        at = digits(at + 1 + sign);
    }
    at
}

/// A text between quotation marks, doubled ones inside: where it ends, and what it says.
fn quoted(chars: &[char], start: usize, mark: char) -> Option<(usize, String)> {
    let mut text = String::new();
    let mut at = start + 1;
    loop {
        let c = *chars.get(at)?;
        at += 1;
        if c != mark {
            text.push(c);
        } else if chars.get(at) == Some(&mark) {
            text.push(mark);
            at += 1;
        } else {
            return Some((at, text));
        }
    }
}

/// A formula of OpenDocument as Excel writes it: `of:=SUM([.A1:.B2];1)` is `SUM(A1:B2,1)`.
pub(super) fn from_open_document(formula: &str) -> Option<String> {
    let formula = formula.strip_prefix("of:").unwrap_or(formula).strip_prefix('=')?;
    let chars: Vec<char> = formula.chars().collect();
    let mut written = String::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        match c {
            '"' => {
                let (end, _) = quoted(&chars, at, '"')?;
                written.extend(&chars[at..end]);
                at = end;
            }
            '[' => {
                let (end, reference) = reference(&chars, at + 1)?;
                written += &reference;
                at = end;
            }
            ';' => (at, _) = (at + 1, written.push(',')),
            c => (at, _) = (at + 1, written.push(c)),
        }
    }
    Some(written)
}

/// A reference up to its `]`: `.A1:.B2`, `$表.A1`, `'a b'.A1`.
fn reference(chars: &[char], start: usize) -> Option<(usize, String)> {
    let mut written = String::new();
    let mut at = start;
    loop {
        if chars.get(at) == Some(&'$') && !matches!(chars.get(at + 1), Some('.')) {
            at += 1;
        }
        let sheet = match *chars.get(at)? {
            '.' => String::new(),
            '\'' => {
                let (end, name) = quoted(chars, at, '\'')?;
                at = end;
                name
            }
            _ => {
                let length = chars[at..].iter().position(|&c| c == '.')?;
                let name = chars[at..at + length].iter().collect();
                at += length;
                name
            }
        };
        if chars.get(at) != Some(&'.') {
            return None;
        }
        if !sheet.is_empty() {
            written += &format!("'{}'!", sheet.replace('\'', "''"));
        }
        at += 1;
        let length = chars[at..].iter().take_while(|&&c| c.is_ascii_alphanumeric() || c == '$').count();
        written.extend(&chars[at..at + length]);
        at += length;
        match *chars.get(at)? {
            ']' => return Some((at + 1, written)),
            ':' => (at, _) = (at + 1, written.push(':')),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_portable(formula: &str) -> bool {
        portable(formula, &mut |name| matches!(name, "预算" | "a b"))
    }

    #[test]
    fn sums_and_conditions_are_carried_over() {
        for formula in [
            "SUM(A1:B2)",
            "A1*$B$2/100%",
            "IF(C3>=D3,\"达成\",\"未\"\"达\")",
            "-(A1+1.5e-3)^2",
            "预算!A1+'a b'!B2",
            "IF(A1<>\"\",TODAY(),0)",
        ] {
            assert!(is_portable(formula), "{formula}");
        }
    }

    #[test]
    fn what_calls_out_or_is_broken_is_not() {
        for formula in [
            "",
            "WEBSERVICE(\"http://x\")",
            "cmd|'/c calc'!A0",
            "[1]Sheet1!A1",
            "HYPERLINK(\"http://x\",\"y\")",
            "没有!A1",
            "SUM(A1",
            "SUM(A1))",
            "A1+",
            "*A1",
            "SUM(,)+#REF!",
            "Unrecognised formula for cell (1, 2)",
            "名称",
            "A1048577",
            "{1,2}",
            "\"open",
            "'open",
        ] {
            assert!(!is_portable(formula), "{formula}");
        }
    }

    #[test]
    fn open_document_formulas_are_written_as_excel_does() {
        for (theirs, ours) in [
            ("of:=SUM([.A1:.B2];1)", Some("SUM(A1:B2,1)")),
            ("of:=[$预算.$A$1]*[.B1]", Some("'预算'!$A$1*B1")),
            ("of:=['a b'.A1]&\";[\"", Some("'a b'!A1&\";[\"")),
            ("of:=[.A1", None),
            ("SUM(1)", None),
        ] {
            assert_eq!(from_open_document(theirs).as_deref(), ours, "{theirs}");
        }
    }
}
