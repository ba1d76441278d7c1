//! Whether two texts speak of the same thing, by the pairs of characters they share.

use crate::locale::fold;

/// The letters, digits and characters of a text, folded, without punctuation.
pub fn bare(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The pairs of characters of a text, for comparing it with many others.
#[derive(Debug, Clone, Default)]
pub struct Pairs(Vec<(char, char)>);

impl Pairs {
    /// Of a text, folded and without punctuation.
    pub fn of(text: &str) -> Pairs {
        let bare: Vec<char> = bare(text).chars().collect();
        let mut pairs: Vec<(char, char)> = bare.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.sort_unstable();
        pairs.dedup();
        Pairs(pairs)
    }

    /// The pairs, each once.
    pub fn iter(&self) -> impl Iterator<Item = (char, char)> + '_ {
        self.0.iter().copied()
    }

    /// From 0 to 1: shared pairs, twice, of all pairs of both.
    pub fn alike(&self, other: &Pairs) -> f64 {
        let (mut left, mut right) = (self.0.as_slice(), other.0.as_slice());
        let all = left.len() + right.len();
        if left.is_empty() || right.is_empty() {
            return 0.0;
        }
        let mut shared = 0;
        while let ([a, rest @ ..], [b, others @ ..]) = (left, right) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => left = rest,
                std::cmp::Ordering::Greater => right = others,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    (left, right) = (rest, others);
                }
            }
        }
        2.0 * f64::from(shared) / all as f64
    }

    /// From 0 to 1: how much of them the whole holds.
    pub fn held(&self, Pairs(whole): &Pairs) -> f64 {
        if self.0.is_empty() {
            return 0.0;
        }
        let held = self.0.iter().filter(|pair| whole.binary_search(pair).is_ok()).count();
        held as f64 / self.0.len() as f64
    }
}

/// From 0 to 1: shared pairs, twice, of all pairs of both.
pub fn alike(left: &str, right: &str) -> f64 {
    Pairs::of(left).alike(&Pairs::of(right))
}

/// From 0 to 1: how much of the part's pairs the whole holds.
pub fn held(part: &str, whole: &str) -> f64 {
    Pairs::of(part).held(&Pairs::of(whole))
}

/// Whether a text holds a figure, in digits or in Chinese numerals with a measure.
pub fn has_figure(text: &str) -> bool {
    let text = crate::locale::narrow(text);
    text.chars().any(|c| c.is_ascii_digit())
        || ["百分之", "成", "倍", "万", "亿", "千"].iter().any(|unit| {
            text.split(unit).next().is_some_and(|before| {
                text.contains(unit)
                    && before.chars().last().is_some_and(|c| "一二三四五六七八九十两百千数几".contains(c))
            })
        })
}
