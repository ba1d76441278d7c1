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

/// From 0 (different) to below 1 (surely the same label, written a little differently).
///
/// Both texts are folded headers.
pub fn likeness(left: &str, right: &str) -> f64 {
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    if left == right {
        return 0.97;
    }
    if left.is_ascii() && right.is_ascii() {
        return english(left, right);
    }
    if core(left) == core(right) {
        return 0.84;
    }
    typo(left, right)
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

/// One slip in four or more characters, and not in a telling one.
fn typo(left: &str, right: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let longest = a.len().max(b.len());
    // One slip changes the length by one at most, and lengths are cheap.
    if longest < 4 || a.len().abs_diff(b.len()) > 1 || strsim::damerau_levenshtein(left, right) != 1 {
        return 0.0;
    }
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let differing = a[start..a.len() - end].iter().chain(&b[start..b.len() - end]);
    if differing.clone().any(|c| TELLING.contains(*c)) {
        // Two neighbours changing places (曝量光) is a slip whatever they are.
        let swapped = a.len() == b.len() && a.len() - end - start == 2;
        return if swapped { 0.78 } else { 0.0 };
    }
    1.0 - 1.2 / longest as f64
}

fn english(left: &str, right: &str) -> f64 {
    let longest = left.len().max(right.len());
    let distance = strsim::damerau_levenshtein(left, right);
    let singular = |text: &str| text.trim_end_matches('s').to_owned();
    if singular(left) == singular(right) {
        return 0.88;
    }
    let allowed = match longest {
        0..=5 => 0,
        6..=10 => 1,
        _ => 2,
    };
    if distance > allowed
        || left.chars().filter(char::is_ascii_digit).ne(right.chars().filter(char::is_ascii_digit))
    {
        return 0.0;
    }
    0.9 - distance as f64 * 0.06
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

    #[test]
    fn harmless_differences_are_alike() {
        for (left, right) in [
            ("渠道名称", "渠道"),
            ("活动目标人群", "目标人群"),
            ("补救措施说明", "补救措施"),
            ("责仁部门", "责任部门"),
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
