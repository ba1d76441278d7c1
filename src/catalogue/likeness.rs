//! How alike two labels are, judged carefully: one Chinese character can turn a
//! figure into another (点击量, 点击率), so only harmless differences count as alike.

/// Words around a label that do not change what it names.
const HARMLESS_ENDS: [&str; 14] = [
    "名称", "名", "情况", "信息", "内容", "明细", "金额", "数值", "数据", "字段", "列表", "描述", "说明",
    "统计",
];
const HARMLESS_STARTS: [&str; 5] = ["活动", "本次", "本期", "具体", "主要"];

/// Characters that carry a distinction: a typo in one of them is not a typo.
const TELLING: &str = "率量数额价比值期前后人次度新老旧目实计划开始结束完总均首末未不环同毛净收支出入上下左右高低大小增减内外主副编号时日月年周一二三四五六七八九十0123456789";

/// A folded label, prepared for being compared with many others.
#[derive(Debug, Clone)]
pub struct Spelling {
    /// The label.
    pub text: String,
    chars: Vec<char>,
    /// Without the words that do not change what it names.
    core: String,
    /// One bit for each character in it, of 64: what is missing here is missing there.
    bits: u64,
}

impl Spelling {
    /// Prepares a folded label.
    pub fn new(text: impl Into<String>) -> Spelling {
        let text = text.into();
        let chars: Vec<char> = text.chars().collect();
        Spelling {
            core: core(&text).to_owned(),
            bits: chars.iter().fold(0, |bits, c| bits | bit(*c)),
            chars,
            text,
        }
    }

    /// Whether the other stands within this one.
    pub fn contains(&self, other: &Spelling) -> bool {
        other.bits & !self.bits == 0 && self.text.contains(&other.text)
    }

    /// How alike as titles, from 0 to 1; 0 where surely below `least`.
    pub fn resembles(&self, other: &Spelling, least: f64) -> f64 {
        // Lengths and missing characters are cheap, and say how many edits it takes at least.
        let longest = self.chars.len().max(other.chars.len());
        let allowed = ((1.0 - least) * longest as f64) as usize;
        if self.chars.len().abs_diff(other.chars.len()) > allowed
            || (self.bits & !other.bits).count_ones() as usize > allowed
            || (other.bits & !self.bits).count_ones() as usize > allowed
        {
            return 0.0;
        }
        let strange = self.chars.iter().filter(|c| !other.chars.contains(c)).count();
        if strange > allowed {
            return 0.0;
        }
        strsim::normalized_damerau_levenshtein(&self.text, &other.text)
    }

    /// From 0 (different) to below 1 (surely the same label, written a little differently).
    pub fn likeness(&self, other: &Spelling) -> f64 {
        if self.text.is_empty() || other.text.is_empty() {
            return 0.0;
        }
        if self.text == other.text {
            return 0.97;
        }
        if self.text.is_ascii() && other.text.is_ascii() {
            return english(&self.text, &other.text);
        }
        if self.core == other.core {
            return 0.84;
        }
        typo(&self.chars, &other.chars)
    }
}

fn bit(c: char) -> u64 {
    1 << (u32::from(c) % 64)
}

fn core(text: &str) -> &str {
    let chars = |text: &str| text.chars().count();
    let mut text = text;
    for end in HARMLESS_ENDS {
        if let Some(rest) = text.strip_suffix(end)
            && chars(rest) >= 2
        {
            text = rest;
            break;
        }
    }
    for start in HARMLESS_STARTS {
        if let Some(rest) = text.strip_prefix(start)
            && chars(rest) >= 2
        {
            text = rest;
            break;
        }
    }
    text
}

/// One slip (a character more, less or another, or two changing places) in
/// four or more characters, and not in a telling one.
fn typo(a: &[char], b: &[char]) -> f64 {
    let longest = a.len().max(b.len());
    if longest < 4 || a.len().abs_diff(b.len()) > 1 {
        return 0.0;
    }
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..a.len() - end], &b[start..b.len() - end]);
    match (a, b) {
        // Two neighbours changing places (曝量光) is a slip whatever they are.
        ([a, c], [d, b]) if a == b && c == d => {
            let telling = TELLING.contains(*a) || TELLING.contains(*c);
            if telling { 0.78 } else { 1.0 - 1.2 / longest as f64 }
        }
        _ if a.len() <= 1 && b.len() <= 1 => {
            if a.iter().chain(b).any(|c| TELLING.contains(*c)) {
                0.0
            } else {
                1.0 - 1.2 / longest as f64
            }
        }
        _ => 0.0,
    }
}

fn english(left: &str, right: &str) -> f64 {
    let longest = left.len().max(right.len());
    if left.trim_end_matches('s') == right.trim_end_matches('s') {
        return 0.88;
    }
    let allowed = match longest {
        0..=5 => 0,
        6..=10 => 1,
        _ => 2,
    };
    if left.len().abs_diff(right.len()) > allowed
        || left.bytes().filter(u8::is_ascii_digit).ne(right.bytes().filter(u8::is_ascii_digit))
    {
        return 0.0;
    }
    let distance = strsim::damerau_levenshtein(left, right);
    if distance > allowed { 0.0 } else { 0.9 - distance as f64 * 0.06 }
}

/// How alike for a suggestion ("did you mean"): generous, because a person decides.
pub fn resemblance(left: &str, right: &str) -> f64 {
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let (short, long) =
        if left.chars().count() <= right.chars().count() { (left, right) } else { (right, left) };
    let share = short.chars().count() as f64 / long.chars().count() as f64;
    let contained = if long.contains(short) { 0.6 + 0.4 * share } else { 0.0 };
    strsim::normalized_damerau_levenshtein(left, right).max(strsim::sorensen_dice(left, right)).max(contained)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(left: &str, right: &str) -> f64 {
        Spelling::new(left).likeness(&Spelling::new(right))
    }

    #[test]
    fn harmless_differences_are_alike() {
        for (left, right) in [
            ("渠道名称", "渠道"),
            ("活动目标人群", "目标人群"),
            ("补救措施说明", "补救措施"),
            ("责仁部门", "责任部门"),
            ("责部任门", "责任部门"),
            ("责任部", "责任部门"),
            ("曝量光次", "曝光量次"),
            ("exposures", "exposure"),
            ("conversoins", "conversions"),
        ] {
            assert!(likeness(left, right) >= 0.6, "{left} {right}");
        }
    }

    #[test]
    fn one_telling_character_makes_another_label() {
        for (left, right) in [
            ("点击量", "点击率"),
            ("新客转化率", "转化率"),
            ("目标转化数", "转化数"),
            ("新客成交人数", "老客成交人数"),
            ("活动前销售额", "活动后销售额"),
            ("开始日期", "结束日期"),
            ("计划人数", "实际人数"),
            ("startdate", "enddate"),
            ("why1", "why2"),
        ] {
            assert!(likeness(left, right) < 0.6, "{left} {right}");
        }
    }
}
