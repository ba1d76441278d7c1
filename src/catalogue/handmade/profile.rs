//! What stands below a header, seen as kinds of values: days, figures, names, sentences.

use super::super::Kind;
use super::super::grid::Grid;
use crate::cell::{CellRef, Content};

/// So many rows are looked at; tables that are longer go on as they began.
const LOOKED_AT: usize = 60;
/// A longer text is a sentence, no name (characters).
const LONGEST_NAME: usize = 24;

/// The values of one column, counted by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Profile {
    /// Filled cells looked at.
    pub filled: usize,
    /// Days and months.
    pub days: usize,
    /// Numbers, and texts that begin with one.
    pub figures: usize,
    /// Of the figures: those from 0 to 1 with a fraction.
    pub fractions: usize,
    /// Short texts.
    pub names: usize,
    /// Of the names: different ones.
    pub different: usize,
    /// Longer texts.
    pub sentences: usize,
}

impl Profile {
    /// The column below a header, down to a row.
    pub fn of(grid: &Grid, col: u32, rows: impl Iterator<Item = u32>) -> Profile {
        Profile::over(grid, rows.map(|row| CellRef::new(row, col)))
    }

    /// Any cells.
    pub fn over(grid: &Grid, cells: impl Iterator<Item = CellRef>) -> Profile {
        let mut profile = Profile::default();
        let mut seen: Vec<String> = Vec::new();
        for at in cells {
            let content = &grid.cell(at).content;
            match content {
                Content::Blank => continue,
                _ if content.is_blank() => continue,
                Content::Serial(_) => profile.days += 1,
                Content::Number(number) => {
                    profile.figures += 1;
                    profile.fractions += usize::from(*number > 0.0 && *number < 1.0);
                }
                Content::Text(text) if is_day(text) => profile.days += 1,
                Content::Text(text) if is_figure(text) => profile.figures += 1,
                Content::Text(text) if text.chars().count() <= LONGEST_NAME => {
                    profile.names += 1;
                    if !seen.contains(text) {
                        seen.push(text.clone());
                    }
                }
                Content::Text(_) => profile.sentences += 1,
                Content::Bool(_) | Content::Error(_) => {}
            }
            profile.filled += 1;
            if profile.filled == LOOKED_AT {
                break;
            }
        }
        profile.different = seen.len();
        profile
    }

    /// Whether it names groups of what another column names one by one: it repeats, or stands over several rows.
    pub fn is_coarser_than(&self, other: &Profile) -> bool {
        // Sentences differ.
        let (own, others) = (self.different + self.sentences, other.different + other.sentences);
        let repeats = own * 4 <= self.filled * 3 || self.filled * 3 <= other.filled * 2;
        self.is_words() && others > own && repeats
    }

    /// Whether most of it are days.
    pub fn is_days(&self) -> bool {
        self.days * 10 >= self.filled * 6 && self.days > 0
    }

    /// Whether most of it are words.
    pub fn is_words(&self) -> bool {
        (self.names + self.sentences) * 10 >= self.filled * 6 && self.filled > 0
    }

    /// Whether it could be the values of a column of a kind; an empty one could be anything.
    pub fn could_be(&self, kind: Kind) -> bool {
        use Kind::*;
        if self.filled == 0 {
            return true;
        }
        let most = |count: usize| count * 2 > self.filled;
        match kind {
            Count | Number | Money | Price | Quantity | Score => most(self.figures),
            Percent | Calc => !most(self.days) && !most(self.sentences),
            Measure | Target | TargetOrText | Duration => !most(self.days),
            Date | Datetime | Period => {
                !most(self.sentences) && (most(self.days) || !most(self.figures) || self.days > 0)
            }
            Person | Dept => !most(self.figures) && !most(self.days),
            Text | Long | List | Open => !most(self.days) && self.fractions * 2 <= self.filled,
            Code | Choice | Yesno => !most(self.sentences),
        }
    }
}

/// `2024/1/5`, `5月20日`, `10.08`, `2019年3月第一周`, `Q1 2026`, `Month 3`.
pub fn is_day(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 32 {
        return false;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits == 0 {
        return is_weekday(text);
    }
    let lower = text.to_lowercase();
    let chinese = ["年", "月", "日", "号", "周", "季"].iter().any(|word| text.contains(word));
    let named = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "month", "week",
        "q1", "q2", "q3", "q4", "day",
    ]
    .iter()
    .any(|word| lower.starts_with(word));
    let parts: Vec<&str> =
        lower.split(['-', '/', '.', ' ', ':', 't', '~']).filter(|it| !it.is_empty()).collect();
    let plain = parts.len() >= 2 && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let of_a_year = plain && parts[0].len() == 4 && parts[0].starts_with(['1', '2']) && parts[1].len() <= 2;
    let words = text.chars().filter(|c| c.is_alphabetic()).count();
    (chinese
        && words <= 8
        && text.starts_with(|c: char| c.is_ascii_digit() || "第一二三四五六七八九十".contains(c)))
        || (named && words <= 9)
        || of_a_year
}

/// 周一, 星期三, 四, Mon.
fn is_weekday(text: &str) -> bool {
    let bare = text.trim_start_matches("星期").trim_start_matches("周").trim_start_matches("礼拜");
    matches!(bare, "一" | "二" | "三" | "四" | "五" | "六" | "日" | "天")
        || ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            .contains(&text.to_lowercase().get(..3).unwrap_or(""))
            && text.len() <= 9
}

/// A text that begins with a number: `1.2万`, `35%`, `¥300`.
fn is_figure(text: &str) -> bool {
    let bare =
        text.trim().trim_start_matches(['¥', '￥', '$', '€', '£', '-', '+', '约', '≈', '≥', '≤', '>', '<']);
    let digits = bare.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).count();
    digits > 0 && bare.chars().count() <= digits + 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_known_in_many_hands() {
        for text in [
            "2024/1/5",
            "5月20日",
            "2025-12",
            "2019年3月第一周(01日-03日)",
            "Q1 2026",
            "Month 3",
            "周四",
            "四",
            "2026/03/17 10:06:21",
        ] {
            assert!(is_day(text), "{text}");
        }
        for text in ["1.2万", "35%", "抖音", "3人*2天", "第一阶段的目标是拉新客户", "100-200"]
        {
            assert!(!is_day(text), "{text}");
        }
    }
}
