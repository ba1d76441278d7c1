//! Tables placed otherwise: forms turned, tables on one sheet, further right.

use super::made::{Above, Band, HeaderForm, Lie, Made, Tab};
use super::spelt::some;
use crate::injection::chance::Chance;

pub fn sideways(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| matches!(block.lie, Lie::Form { .. })) {
        block.lie = Lie::Sideways;
        block.kinds.insert(kind);
        any = true;
    }
    any
}

pub fn pairs(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| matches!(block.lie, Lie::Form { .. })) {
        block.lie = Lie::Form { pairs: 2, topped: r.happens(0.3), examples: false };
        block.kinds.insert(kind);
        any = true;
    }
    any
}

pub fn bare_form(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| matches!(block.lie, Lie::Form { pairs: 1, .. })) {
        block.lie = Lie::Form { pairs: 1, topped: false, examples: false };
        block.kinds.insert(kind);
        any = true;
    }
    any
}

/// Tabs that hold one list, by position.
fn lists(made: &Made) -> Vec<usize> {
    let one = |tab: &Tab| tab.only().is_some_and(|block| block.lie == Lie::List && !block.copied);
    (0..made.tabs.len()).filter(|at| one(&made.tabs[*at])).collect()
}

/// Takes some of these tabs out, in order.
fn take(made: &mut Made, mut tabs: Vec<usize>) -> (usize, Vec<Tab>) {
    tabs.sort_unstable();
    let first = tabs[0];
    let taken: Vec<Tab> = tabs.iter().rev().map(|at| made.tabs.remove(*at)).collect();
    (first, taken.into_iter().rev().collect())
}

pub fn stacked(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let of = lists(made);
    if of.len() < 2 {
        return false;
    }
    let count = (2 + r.below(3)).min(of.len());
    let (first, tabs) = take(made, r.shuffled(&of)[..count].to_vec());
    let titled = r.happens(0.8);
    let mut all = tabs[0].clone();
    all.bands = tabs.into_iter().flat_map(|tab| tab.bands).collect();
    for band in &mut all.bands {
        band.below = 1 + r.below(3) as u32;
        for block in &mut band.blocks {
            block.kinds.insert(kind);
            let has = block.above.iter().any(|above| above.title);
            if titled && !has {
                let text = block.table.label.get(made.voice.lang);
                block.above.insert(0, Above { text, merged: false, title: true });
            }
        }
    }
    all.name = if r.happens(0.5) {
        all.name
    } else {
        made.free_name(r.one::<&str>(&["数据汇总", "明细", "全部表格"]))
    };
    made.tabs.insert(first.min(made.tabs.len()), all);
    true
}

fn beside_with(made: &mut Made, r: &mut Chance, kind: &'static str, gap: u32) -> bool {
    let mut of = lists(made);
    of.retain(|at| made.tabs[*at].only().is_some_and(|block| block.header == HeaderForm::One));
    if of.len() < 2 {
        return false;
    }
    let count = if r.happens(0.8) { 2 } else { 3.min(of.len()) };
    let (first, tabs) = take(made, r.shuffled(&of)[..count].to_vec());
    let titled = r.happens(0.7);
    let mut all = tabs[0].clone();
    let mut blocks: Vec<_> =
        tabs.into_iter().flat_map(|tab| tab.bands).flat_map(|band| band.blocks).collect();
    for block in &mut blocks {
        block.kinds.insert(kind);
        if !titled {
            block.above.retain(|above| !above.title);
        }
    }
    all.bands = vec![Band { blocks, gap, below: 0 }];
    all.name = if r.happens(0.5) {
        all.name
    } else {
        made.free_name(r.one::<&str>(&["数据汇总", "对照", "两表合一"]))
    };
    made.tabs.insert(first.min(made.tabs.len()), all);
    true
}

pub fn beside(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let gap = 1 + r.below(2) as u32;
    beside_with(made, r, kind, gap)
}

pub fn touching(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    beside_with(made, r, kind, 0)
}

pub fn indented(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for tab in &mut made.tabs {
        if r.happens(0.5) {
            tab.left += 1 + r.below(3) as u32;
            if r.happens(0.5) {
                tab.top += 1 + r.below(2) as u32;
            }
            for block in tab.blocks_mut() {
                block.kinds.insert(kind);
            }
            any = true;
        }
    }
    any
}
