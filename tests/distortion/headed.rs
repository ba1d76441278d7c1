//! Headers distorted: other names, languages, marks, more rows, further down.

use fupan::locale::{Lang, traditional as to_traditional};

use super::made::{Above, Block, HeaderForm, Lie, Made, shipped};
use super::spelt::some;
use crate::injection::chance::Chance;
use crate::injection::draft::Say;

fn plain_list(block: &Block) -> bool {
    block.lie == Lie::List && block.header == HeaderForm::One
}

pub fn aliases(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |_| true) {
        let share = *r.one(&[0.2, 0.5, 1.0]);
        for lane in &mut block.lanes {
            let Some(column) = lane.column else { continue };
            // A unit that was put into the header stays in force.
            let scaled = lane.head.contains(['万', '千', '%', '％', '秒', '分']);
            if scaled || column.aliases.is_empty() || !r.happens(share) {
                continue;
            }
            lane.head = r.one(&column.aliases).clone();
            block.kinds.insert(kind);
            any = true;
        }
    }
    any
}

/// Headers nobody else would understand; the team's `fupan.toml` says what they mean.
pub fn own_names(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut names: Vec<(String, String)> = Vec::new();
    for block in some(made, r, |_| true) {
        let share = *r.one(&[0.3, 0.6, 1.0]);
        for lane in &mut block.lanes {
            let Some(column) = lane.column else { continue };
            if lane.head.contains(['万', '千', '%', '％', '秒', '分']) || !r.happens(share) {
                continue;
            }
            let digit = |at: usize| char::from(b'A' + (at % 26) as u8);
            lane.head = format!("口径{}{}", digit(names.len() / 26), digit(names.len()));
            names.push((format!("{}.{}", lane.table.id, column.id), lane.head.clone()));
        }
        block.kinds.insert(kind);
    }
    let any = !names.is_empty();
    made.names.extend(names);
    any
}

/// The block in another language: headers, title and the words of its lists.
fn translated(made: &mut Made, r: &mut Chance, kind: &'static str, lang: Lang) -> bool {
    let voice = crate::injection::voice::Voice { lang, ..made.voice };
    if made.voice.lang == lang {
        return false;
    }
    let mut any = false;
    for block in some(made, r, |_| true) {
        let table = block.table;
        let before = table.label.get(made_voice(block));
        for lane in 0..block.lanes.len() {
            let Some(column) = block.lanes[lane].column else { continue };
            let head = &block.lanes[lane].head;
            if head.contains(['万', '千', '%', '％', '秒', '分']) {
                continue;
            }
            block.lanes[lane].head = column.label.get(lang);
            let of = block.lanes[lane].table;
            for typed in block.typed_mut(lane) {
                if let Some(say @ (Say::Pick(_) | Say::ComputedWord(_))) = &typed.say
                    && let Some(cell) = voice.spell(shipped(), &of.id, column, say)
                {
                    typed.cell = cell;
                }
            }
        }
        for above in &mut block.above {
            if above.title && above.text == before {
                above.text = table.label.get(lang);
            }
        }
        block.kinds.insert(kind);
        any = true;
    }
    any
}

fn made_voice(block: &Block) -> Lang {
    let title = block.above.iter().find(|above| above.title).map(|above| above.text.clone());
    [Lang::Zh, Lang::ZhHant, Lang::En]
        .into_iter()
        .find(|lang| Some(block.table.label.get(*lang)) == title)
        .unwrap_or(Lang::Zh)
}

pub fn english(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    translated(made, r, kind, Lang::En)
}

pub fn traditional(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    if made.voice.lang != Lang::Zh {
        return false;
    }
    let mut any = false;
    for block in some(made, r, |_| true) {
        let was = made_voice(block);
        if was != Lang::Zh {
            continue;
        }
        for lane in &mut block.lanes {
            lane.head = to_traditional(&lane.head);
        }
        for above in &mut block.above {
            above.text = to_traditional(&above.text);
        }
        block.kinds.insert(kind);
        any = true;
    }
    any
}

pub fn full_width(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |_| true) {
        for lane in &mut block.lanes {
            let wide: String = lane
                .head
                .chars()
                .map(|c| match c {
                    '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
                    ' ' => '\u{3000}',
                    other => other,
                })
                .collect();
            if wide != lane.head {
                lane.head = wide;
                block.kinds.insert(kind);
                any = true;
            }
        }
    }
    any
}

pub fn decorated(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |_| true) {
        for (at, lane) in block.lanes.iter_mut().enumerate() {
            if lane.column.is_none() || !r.happens(0.6) {
                continue;
            }
            let head = lane.head.trim_end_matches([' ', '*']).to_owned();
            let chars: Vec<char> = head.chars().collect();
            let latin = head.is_ascii();
            lane.head = match r.below(6) {
                0 if chars.len() >= 4 && !latin => {
                    let half = chars.len() / 2;
                    chars[..half].iter().chain(&['\n']).chain(&chars[half..]).collect()
                }
                0 if latin => head.replacen(' ', "\n", 1),
                1 => format!("{head}\n（必填）"),
                2 => format!("*{head}"),
                3 => format!("{head}(必填)"),
                4 => format!("{}.{head}", at + 1),
                _ => format!(" {head} ："),
            };
            block.kinds.insert(kind);
            any = true;
        }
    }
    any
}

/// Two headers beside each other that end alike become a group and what tells them apart: 计划人数, 实际人数.
fn stems(block: &mut Block) -> bool {
    let mut any = false;
    for at in 0..block.lanes.len().saturating_sub(1) {
        if block.lanes[at].group.is_some()
            || block.lanes[at].column.is_none()
            || block.lanes[at + 1].column.is_none()
        {
            continue;
        }
        let (one, other) = (block.lanes[at].head.clone(), block.lanes[at + 1].head.clone());
        let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
        let same = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
        let stem: String = one[one.len() - same..].iter().collect();
        let words = stem.chars().take_while(|c| !matches!(c, '(' | '（' | ' ' | '*')).count();
        // Nobody parts a header inside of its brackets.
        let whole = stem.matches(['(', '（']).count() == stem.matches([')', '）']).count();
        if words < 2 || stem.is_ascii() || same >= one.len() || same >= other.len() || !whole {
            continue;
        }
        for (lane, chars) in [(at, &one), (at + 1, &other)] {
            block.lanes[lane].head = chars[..chars.len() - same].iter().collect();
            block.lanes[lane].group = Some(stem.trim_end_matches([' ', '*']).to_owned());
        }
        any = true;
    }
    any
}

/// Groups over some runs of neighbours.
fn groups(block: &mut Block, r: &mut Chance) -> bool {
    if r.happens(0.35) && stems(block) {
        return true;
    }
    let names = ["基本信息", "投放情况", "结果", "数据", "说明", "明细", "其他"];
    let first = r.below(2);
    let mut at = first;
    let mut name = r.below(names.len());
    let mut any = false;
    while at + 1 < block.lanes.len() {
        let size = (2 + r.below(3)).min(block.lanes.len() - at);
        if r.happens(0.7) && size >= 2 {
            for lane in &mut block.lanes[at..at + size] {
                lane.group = Some(names[name % names.len()].to_owned());
            }
            any = true;
            name += 1;
        }
        at += size;
    }
    any
}

pub fn grouped(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| plain_list(block) && block.lanes.len() >= 4) {
        if groups(block, r) {
            block.header = HeaderForm::Grouped;
            block.kinds.insert(kind);
            any = true;
        }
    }
    any
}

pub fn loose(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| plain_list(block) && block.lanes.len() >= 4) {
        if groups(block, r) {
            block.header = HeaderForm::Loose { upper: r.happens(0.5) };
            block.kinds.insert(kind);
            any = true;
        }
    }
    any
}

pub fn tall(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, plain_list) {
        block.header = HeaderForm::Tall;
        block.kinds.insert(kind);
        any = true;
    }
    any
}

pub fn moved_down(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let lines = [
        "2024双十一大促复盘",
        "制表：市场部",
        "数据截至 12 月 31 日",
        "说明：请各渠道负责人于周五前填写完毕",
        "内部资料，请勿外传",
        "版本 V2.3",
        "",
        "",
        "",
    ];
    let mut any = false;
    for block in some(made, r, |_| true) {
        let more = 1 + r.below(7);
        let at = r.below(block.above.len() + 1);
        for _ in 0..more {
            let text = r.one(&lines).to_string();
            let merged = r.happens(0.4);
            block.above.insert(at, Above { text, merged, title: false });
        }
        block.kinds.insert(kind);
        any = true;
    }
    any
}
