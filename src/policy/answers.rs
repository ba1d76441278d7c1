//! What a team has answered once: `[[header]]` and `[[word]]` of `fupan.toml`.
//!
//! Which tables, columns and choices there are is not known here; whoever knows them says what is wrong with a name.

use super::{Complaint, Problem};

/// What a header is: `[[header]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderSetting {
    /// The line it stands on.
    pub line: usize,
    /// The headers as typed, left to right.
    pub headers: Vec<String>,
    /// The table, or [`NOT_OURS`].
    pub table: String,
    /// What each header means; empty where it is not read. `None`: by what the words mean.
    pub columns: Option<Vec<String>>,
}

/// What a word outside a list means: `[[word]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordSetting {
    /// The line it stands on.
    pub line: usize,
    /// The word as typed.
    pub word: String,
    /// `list.choice`.
    pub means: String,
}

/// The name of no table: it is none of ours.
pub const NOT_OURS: &str = "none";

/// Names of the groups.
pub(super) const GROUPS: [&str; 2] = ["header", "word"];

/// What is allowed, as a complaint shows it.
const HEADER: &str = "headers = [\"…\"], table = \"…\", columns = [\"…\"]";
const WORD: &str = "word = \"…\", means = \"list.choice\"";

/// The headers of `[[header]]`.
pub(super) fn headers(
    value: &toml::Value,
    text: &str,
    complaints: &mut Vec<Complaint>,
) -> Vec<HeaderSetting> {
    let one = |line: usize, value: &toml::Value| {
        let table = value.as_table()?;
        let headers = texts(table.get("headers")?)?;
        let columns = match table.get("columns") {
            Some(columns) => {
                Some(texts(columns)?).filter(|columns| columns.len() == headers.len()).map(Some)?
            }
            None => None,
        };
        let known = |key: &String| matches!(key.as_str(), "headers" | "table" | "columns");
        let named = table.get("table")?.as_str()?.to_owned();
        let whole = !headers.is_empty() && table.keys().all(known);
        whole.then_some(HeaderSetting { line, headers, table: named, columns })
    };
    entries(GROUPS[0], HEADER, value, text, complaints, one)
}

/// The words of `[[word]]`.
pub(super) fn words(value: &toml::Value, text: &str, complaints: &mut Vec<Complaint>) -> Vec<WordSetting> {
    let one = |line: usize, value: &toml::Value| {
        let table = value.as_table()?;
        let text = |key: &str| table.get(key)?.as_str().map(str::to_owned);
        let (word, means) = (text("word")?, text("means")?);
        (table.len() == 2).then_some(WordSetting { line, word, means })
    };
    entries(GROUPS[1], WORD, value, text, complaints, one)
}

fn entries<T>(
    group: &str,
    allowed: &str,
    value: &toml::Value,
    text: &str,
    complaints: &mut Vec<Complaint>,
    one: impl Fn(usize, &toml::Value) -> Option<T>,
) -> Vec<T> {
    let opening = format!("[[{group}]]");
    let opens = |line: &str| line.split_whitespace().collect::<String>().starts_with(&opening);
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| opens(line)).map(|(number, _)| number);
    let mut wrong = |line: usize| {
        let problem = Problem::Impossible(allowed.to_owned());
        complaints.push(Complaint { line, key: group.to_owned(), problem });
    };
    let Some(values) = value.as_array() else {
        wrong(super::line_of(text, group));
        return Vec::new();
    };
    let mut read = Vec::new();
    for value in values {
        let line = lines.next().unwrap_or_default();
        match one(line, value) {
            Some(entry) => read.push(entry),
            None => wrong(line),
        }
    }
    read
}

/// What a header is, as [`headers`] reads it; `columns` say what each means, nothing where the words say it.
pub fn header_lines(headers: &[String], table: &str, columns: Option<&[String]>) -> String {
    let mut lines = format!("[[{}]]\nheaders = {}\ntable = {}\n", GROUPS[0], array(headers), quoted(table));
    if let Some(columns) = columns.filter(|_| table != NOT_OURS) {
        lines += &format!("columns = {}\n", array(columns));
    }
    lines
}

/// What a word means (`list.choice`), as [`words`] reads it.
pub fn word_lines(word: &str, means: &str) -> String {
    format!("[[{}]]\nword = {}\nmeans = {}\n", GROUPS[1], quoted(word), quoted(means))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn array(all: &[String]) -> String {
    format!("[{}]", all.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", "))
}

fn texts(value: &toml::Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;

    #[test]
    fn what_a_team_has_answered_is_read_with_its_line() {
        let text = "[goal]\nmostly = 0.85\n\n[[header]]\nheaders = [\"媒体\", \"金额\"]\ntable = \"channels\"\n\
                    columns = [\"channel\", \"spend\"]\n\n[[header]]\nheaders = [\"甲\"]\ntable = \"none\"\n\n\
                    [[word]]\nword = \"正常-已完成\"\nmeans = \"status.done\"\n";
        let (policy, complaints) = load(text);
        assert_eq!(complaints, []);
        let [one, other] = &policy.headers[..] else { panic!("{:?}", policy.headers) };
        assert_eq!((one.line, one.table.as_str()), (4, "channels"));
        assert_eq!(one.columns.as_deref(), Some(&["channel".to_owned(), "spend".to_owned()][..]));
        assert_eq!((other.line, other.table.as_str(), &other.columns), (9, NOT_OURS, &None));
        assert_eq!(policy.words[0].means, "status.done");
    }

    #[test]
    fn an_answer_that_is_none_is_told_with_its_line() {
        for (text, line) in [
            ("header = 3\n", 1),
            ("[[header]]\ntable = \"channels\"\n", 1),
            ("\n[[header]]\nheaders = [\"甲\", \"乙\"]\ntable = \"channels\"\ncolumns = [\"channel\"]\n", 2),
            ("[[header]]\nheaders = [\"甲\"]\ntable = \"none\"\ncolums = [\"\"]\n", 1),
            ("[[word]]\nword = \"完\"\n", 1),
        ] {
            let (policy, complaints) = load(text);
            let told: Vec<usize> = complaints.iter().map(|complaint| complaint.line).collect();
            assert_eq!(told, [line], "{text}");
            assert!(policy.headers.is_empty() && policy.words.is_empty(), "{text}");
        }
    }
}
