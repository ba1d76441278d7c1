//! Sheets distorted: names, order, copies, hiding, and what they carry unseen.

use fupan::workbook::Visibility;

use super::made::{Band, Line, Made, Tab};
use crate::injection::chance::Chance;

fn mark(tab: &mut Tab, kind: &'static str) {
    for block in tab.blocks_mut() {
        block.kinds.insert(kind);
    }
}

pub fn renamed(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for at in 0..made.tabs.len() {
        let Some(block) = made.tabs[at].only() else { continue };
        if block.table.aliases.is_empty() || !r.happens(0.4) {
            continue;
        }
        let name = r.one(&block.table.aliases).clone();
        let name = if r.happens(0.3) { format!("{}.{name}", at + 1) } else { name };
        made.tabs[at].name = made.free_name(&name);
        mark(&mut made.tabs[at], kind);
        any = true;
    }
    any
}

pub fn unnamed(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let names =
        ["Sheet3", "数据", "附件二", "工作表1", "最终版", "新建工作表", "Sheet12", "表格3", "备份", "1"];
    let without_titles = r.happens(0.5);
    let share = *r.one(&[0.2, 0.5, 1.0]);
    let mut any = false;
    for at in 0..made.tabs.len() {
        if !r.happens(share) {
            continue;
        }
        made.tabs[at].name = made.free_name(r.one::<&str>(&names));
        if without_titles {
            for block in made.tabs[at].blocks_mut() {
                block.above.retain(|above| !above.title);
            }
        }
        mark(&mut made.tabs[at], kind);
        any = true;
    }
    any
}

pub fn reordered(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    made.tabs = r.shuffled(&made.tabs);
    made.kinds.insert(kind);
    true
}

pub fn hidden(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let at = r.below(made.tabs.len());
    made.tabs[at].visible = if r.happens(0.7) { Visibility::Hidden } else { Visibility::VeryHidden };
    mark(&mut made.tabs[at], kind);
    true
}

pub fn copied(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let at = r.below(made.tabs.len());
    mark(&mut made.tabs[at], kind);
    let mut copy = made.tabs[at].clone();
    let looks = [Visibility::Visible, Visibility::Hidden, Visibility::VeryHidden];
    copy.visible = *r.one(&looks);
    copy.blocks_mut().for_each(|block| block.copied = true);
    let name = match r.below(3) {
        0 => format!("{} (2)", copy.name.chars().take(20).collect::<String>()),
        1 => format!("{}-副本", copy.name.chars().take(20).collect::<String>()),
        _ => "备份0612".to_owned(),
    };
    copy.name = made.free_name(&name);
    let to = if r.happens(0.5) { made.tabs.len() } else { r.below(made.tabs.len() + 1) };
    made.tabs.insert(to, copy);
    true
}

/// The later rows of a list on a sheet of their own, under the same header.
pub fn split(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let fit: Vec<usize> = (0..made.tabs.len())
        .filter(|at| {
            made.tabs[*at].only().is_some_and(|block| {
                block.is_list()
                    && block.lines.len() >= 4
                    && block.lines.iter().all(|line| match line {
                        Line::Data(_, cells) => cells.iter().flatten().all(|typed| !typed.joined),
                        Line::Other(_) => false,
                    })
            })
        })
        .collect();
    if fit.is_empty() {
        return false;
    }
    let at = *r.one(&fit);
    mark(&mut made.tabs[at], kind);
    let mut rest = made.tabs[at].clone();
    let lines = made.tabs[at].only().unwrap().lines.len();
    let from = 2 + r.below(lines - 3);
    made.tabs[at].blocks_mut().for_each(|block| block.lines.truncate(from));
    rest.blocks_mut().for_each(|block| drop(block.lines.drain(..from)));
    let name = match r.below(3) {
        0 => format!("{}（续）", rest.name.chars().take(20).collect::<String>()),
        1 => format!("{}2", rest.name.chars().take(20).collect::<String>()),
        _ => "下半场".to_owned(),
    };
    rest.name = made.free_name(&name);
    rest.bands = rest.bands.into_iter().map(|band| Band { ..band }).collect();
    made.tabs.insert(at + 1, rest);
    true
}

pub fn no_identity(made: &mut Made, _: &mut Chance, kind: &'static str) -> bool {
    if !made.identity {
        return false;
    }
    made.identity = false;
    made.kinds.insert(kind);
    true
}

pub fn no_ids(made: &mut Made, _: &mut Chance, kind: &'static str) -> bool {
    if !made.ids {
        return false;
    }
    made.ids = false;
    made.kinds.insert(kind);
    true
}
