//! Columns and rows distorted: another order, more of them, gaps, totals, shared cells.

use fupan::catalogue::Kind;
use fupan::cell::Content;
use fupan::workbook::Cell;

use super::made::{Block, HeaderForm, Lane, Lie, Line, Made, Typed, number, text};
use super::spelt::some;
use crate::injection::chance::Chance;

fn list(block: &Block) -> bool {
    block.lie == Lie::List
}

pub fn reordered(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| list(block) && block.lanes.len() > 2) {
        let order = r.shuffled(&(0..block.lanes.len()).collect::<Vec<_>>());
        block.reorder(&order);
        block.kinds.insert(kind);
        any = true;
    }
    any
}

pub fn extra_columns(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let heads = [
        "截图链接",
        "达人数",
        "对接群",
        "内部编号",
        "负责小组",
        "飞书文档",
        "花费占比",
        "核对",
        "序号",
        "上轮数据",
        "是否归档",
    ];
    let mut any = false;
    for block in some(made, r, list) {
        let heads = r.shuffled(&heads);
        for head in &heads[..1 + r.below(3)] {
            let at = r.below(block.lanes.len() + 1);
            let filled = *r.one(&[0.3, 1.0]);
            let words = r.happens(0.5);
            let mut chance = r.clone();
            block.insert(at, head, |row| {
                let cell =
                    if words { text(format!("见{}号件", row + 1)) } else { number(row as f64 + 1.0) };
                chance.happens(filled).then_some(cell)
            });
            r.below(2);
        }
        block.kinds.insert(kind);
        any = true;
    }
    any
}

pub fn blank_twin(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, list) {
        let of = r.below(block.lanes.len());
        let head = block.lanes[of].head.clone();
        let at = of + 1 + r.below(block.lanes.len() - of);
        block.insert(at, &head, |_| None);
        block.kinds.insert(kind);
        any = true;
    }
    any
}

/// The same header again with other figures below: which of the two counts nobody can know.
pub fn other_twin(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| list(block) && block.data_lines() > 0) {
        let amounts: Vec<usize> = (0..block.lanes.len())
            .filter(|at| {
                let money = block.lanes[*at].column.is_some_and(|column| column.kind == Kind::Money);
                money && block.typed_mut(*at).next().is_some()
            })
            .collect();
        if amounts.is_empty() {
            continue;
        }
        let of = *r.one(&amounts);
        let head = block.lanes[of].head.clone();
        let at = of + 1 + r.below(block.lanes.len() - of);
        block.insert(at, &head, |row| Some(number(1_700.0 + 31.0 * row as f64)));
        block.kinds.insert(kind);
        any = true;
    }
    any
}

/// Neighbours that say the same in one of the first columns become one cell.
pub fn joined(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, list) {
        for lane in 0..block.lanes.len() {
            let words = block.lanes[lane].column.is_some_and(|column| {
                matches!(
                    column.kind,
                    Kind::Text | Kind::Choice | Kind::Open | Kind::Dept | Kind::Person | Kind::Date
                )
            });
            if !words {
                continue;
            }
            for at in 1..block.lines.len() {
                let (before, after) = block.lines.split_at_mut(at);
                let (Some(Line::Data(_, above)), Some(Line::Data(_, below))) =
                    (before.last(), after.first_mut())
                else {
                    continue;
                };
                if let (Some(above), Some(below)) = (&above[lane], &mut below[lane])
                    && above.cell == below.cell
                    && above.say == below.say
                {
                    below.joined = true;
                    block.kinds.insert(kind);
                    any = true;
                }
            }
        }
    }
    any
}

pub fn blank_rows(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| list(block) && block.lines.len() > 1) {
        for _ in 0..1 + r.below(2) {
            let at = 1 + r.below(block.lines.len() - 1);
            let joined = matches!(&block.lines[at], Line::Data(_, cells) if cells.iter().flatten().any(|it| it.joined));
            if joined {
                continue;
            }
            for _ in 0..1 + r.below(4) {
                let empty = vec![None; block.lanes.len()];
                block.lines.insert(at, Line::Other(empty));
            }
            block.kinds.insert(kind);
            any = true;
        }
    }
    any
}

pub fn total(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| list(block) && block.data_lines() > 1) {
        let mut cells: Vec<Option<Cell>> = vec![None; block.lanes.len()];
        let mut sums = 0;
        for lane in 0..block.lanes.len() {
            let summed = block.lanes[lane].column.is_some_and(|column| {
                matches!(column.kind, Kind::Money | Kind::Count) && column.id != "unit_value"
            });
            let figures: Vec<Option<f64>> = block
                .typed_mut(lane)
                .map(|typed: &mut Typed| match typed.cell.content {
                    Content::Number(n) => Some(n),
                    _ => None,
                })
                .collect();
            if let (true, Some(figures)) = (summed, figures.into_iter().collect::<Option<Vec<f64>>>()) {
                cells[lane] = Some(number(figures.iter().sum()));
                sums += 1;
            }
        }
        let first = block.lanes.iter().position(|lane| lane.column.is_some());
        let Some(first) = first.filter(|first| sums > 0 && cells[*first].is_none()) else { continue };
        cells[first] = Some(text(*r.one(&["合计", "总计", "合 计", "Total"])));
        block.lines.push(Line::Other(cells));
        block.kinds.insert(kind);
        any = true;
    }
    any
}

pub fn notes(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let notes = [
        "注：以上数据来自各平台后台",
        "备注：财务口径以结算为准",
        "说明：退款未剔除",
        "* 数据截至 12 月 31 日",
        "制表人：王芳",
        "审核：李强",
    ];
    let mut any = false;
    for block in some(made, r, |block| block.is_list() && block.lanes.len() > 3) {
        block.notes.push(String::new());
        for _ in 0..1 + r.below(2) {
            block.notes.push((*r.one(&notes)).to_owned());
        }
        block.kinds.insert(kind);
        any = true;
    }
    any
}

/// The header once more in the middle, as pages printed one after another are pasted together.
pub fn repeated_header(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in
        some(made, r, |block| list(block) && block.header == HeaderForm::One && block.lines.len() > 2)
    {
        let at = 1 + r.below(block.lines.len() - 1);
        let joined =
            matches!(&block.lines[at], Line::Data(_, cells) if cells.iter().flatten().any(|it| it.joined));
        if joined {
            continue;
        }
        let heads = block.lanes.iter().map(|lane: &Lane| Some(text(lane.head.clone())));
        block.lines.insert(at, Line::Other(heads.collect()));
        block.kinds.insert(kind);
        any = true;
    }
    any
}
