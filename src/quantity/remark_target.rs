//! A rate somebody names as the target in a remark: `点击率低于目标值(8%)3个百分点`.
//!
//! `低于目标值20%` names no target: it says by how much one was missed.

use super::opening::plain;
use super::scan::Cursor;
use super::target::ask;
use super::{Aim, Comparator, Unit};

/// Before 目标, these make a bare figure behind it a distance from the target.
const COMPARED: &[&str] =
    &["低于", "高于", "低", "高", "超", "超过", "超出", "超了", "不及", "少于", "多于", "距", "差"];

/// Every rate the remark names as a target, with what stands before the word 目标 in its clause.
pub fn named_rates(text: &str) -> Vec<(String, f64)> {
    let text = plain(text);
    let mut found = Vec::new();
    for clause in text.split([',', ';', '。', '，', '；', '\n']) {
        let mut from = 0;
        while let Some(at) = clause[from..].find("目标") {
            let (before, behind) = (&clause[..from + at], &clause[from + at + "目标".len()..]);
            if let Some(rate) = rate(before, behind) {
                found.push((before.to_owned(), rate));
            }
            from += at + "目标".len();
        }
    }
    found
}

fn rate(before: &str, behind: &str) -> Option<f64> {
    let mut cursor = Cursor::new(behind);
    cursor.eat("值");
    let mut said = cursor.eat_any(&["为", "是", ":", "="]).is_some();
    let bracket = cursor.eat_any(&["(", "[", "【", "（"]).is_some();
    said |= bracket;
    let before = before.trim_end();
    if !said && COMPARED.iter().any(|word| before.ends_with(word)) {
        return None;
    }
    let (target, _) = ask(&mut cursor, 1.0)?.ok()?;
    let level = match target.aim {
        Aim::Level(level) if target.unit == Unit::Percent => level,
        _ => return None,
    };
    let meant = matches!(target.comparator, Comparator::Plain | Comparator::AtLeast);
    (meant && level > 0.0 && level <= 1.0).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_named_as_the_target_is_read_and_a_distance_from_it_is_not() {
        for (remark, rates) in [
            ("点击率低于目标值(8%)3个百分点", &[("点击率低于", 0.08)][..]),
            ("点击率低于目标值（8%）3个百分点", &[("点击率低于", 0.08)]),
            ("目标8%，实际5%", &[("", 0.08)]),
            ("CTR目标值8%未达成", &[("CTR", 0.08)]),
            ("点击率目标：≥8%", &[("点击率", 0.08)]),
            ("点击率低于目标值20%", &[]),
            ("高于目标 20%", &[]),
            ("低于目标值3个百分点", &[]),
            ("目标客群不准", &[]),
            ("目标300单没有完成", &[]),
            ("", &[]),
        ] {
            let found = named_rates(remark);
            let found: Vec<(String, f64)> = found.into_iter().map(|(b, r)| (b.to_uppercase(), r)).collect();
            let wanted: Vec<(String, f64)> = rates.iter().map(|(b, r)| (b.to_uppercase(), *r)).collect();
            assert_eq!(found, wanted, "{remark}");
        }
    }
}
