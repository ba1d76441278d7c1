//! Values spelt another way: the meaning stays.

use fupan::catalogue::Kind;
use fupan::cell::Content;
use fupan::workbook::{Cell, Shown};

use super::made::{Above, Block, Lane, Lie, Made, Typed, number, shipped, text, tidy};
use crate::injection::chance::Chance;
use crate::injection::draft::{Say, Unit};
use crate::injection::voice::{Voice, decimal, grouped};

/// Some of the blocks that fit, at least one if there is any.
pub fn some<'a>(made: &'a mut Made, r: &mut Chance, fits: impl Fn(&Block) -> bool) -> Vec<&'a mut Block> {
    let all = r.happens(0.3);
    let mut blocks: Vec<&mut Block> = made.blocks_mut().filter(|block| fits(block)).collect();
    if all || blocks.is_empty() {
        return blocks;
    }
    let sure = r.below(blocks.len());
    let kept: Vec<bool> = (0..blocks.len()).map(|at| at == sure || r.happens(0.25)).collect();
    let mut at = 0;
    blocks.retain(|_| {
        at += 1;
        kept[at - 1]
    });
    blocks
}

/// Applies something to every typed cell of blocks; marks those where it did something.
fn each(
    made: &mut Made,
    r: &mut Chance,
    kind: &'static str,
    mut change: impl FnMut(&Block, usize, &mut Chance) -> Option<Vec<(usize, Cell)>>,
) -> bool {
    let mut any = false;
    for block in some(made, r, |_| true) {
        for lane in 0..block.lanes.len() {
            let Some(changes) = change(block, lane, r) else { continue };
            if changes.is_empty() {
                continue;
            }
            let mut typed: Vec<&mut Typed> = block.typed_mut(lane).collect();
            for (at, cell) in changes {
                typed[at].cell = cell;
            }
            block.kinds.insert(kind);
            any = true;
        }
    }
    any
}

fn typed(block: &Block, lane: usize) -> Vec<Typed> {
    block.clone().typed_mut(lane).map(|it| it.clone()).collect()
}

fn has_unit(block: &Block, lane: usize) -> bool {
    let head = &block.lanes[lane].head;
    block.lanes[lane].column.is_some_and(|column| *head != column.label.zh)
        && head.contains(['万', '千', '%', '％'])
}

pub fn numbers_as_text(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    each(made, r, kind, |block, lane, r| {
        if has_unit(block, lane) {
            return None;
        }
        let habit = r.below(4);
        let changes = typed(block, lane).into_iter().enumerate().filter_map(|(at, typed)| {
            let plain = matches!(typed.say, Some(Say::Money(_) | Say::Count(_) | Say::Number(_)));
            let Content::Number(n) = typed.cell.content else { return None };
            let words = match habit {
                0 => decimal(n),
                1 => grouped(n),
                2 => format!("{} ", decimal(n)),
                _ => format!("'{}", decimal(n)),
            };
            (plain && n.abs() >= 1000.0 && typed.cell.shown == Shown::General).then(|| (at, text(words)))
        });
        Some(changes.collect())
    })
}

pub fn percentages(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    each(made, r, kind, |block, lane, r| {
        if has_unit(block, lane) {
            return None;
        }
        let habit = r.below(5);
        let changes = typed(block, lane).into_iter().enumerate().filter_map(|(at, typed)| {
            let n = match typed.say {
                Some(Say::Rate(n) | Say::Measure(n, Unit::Percent)) => n,
                _ => return None,
            };
            let share = decimal(n * 100.0);
            let cell = match habit {
                0 => text(format!("{share}%")),
                1 => text(format!("{share}％")),
                2 => text(format!("{share} %")),
                3 => text(format!("百分之{share}")),
                _ => Cell { shown: Shown::Percent, ..number(tidy(n)) },
            };
            Some((at, cell))
        });
        Some(changes.collect())
    })
}

fn respelt(made: &mut Made, r: &mut Chance, kind: &'static str, fits: impl Fn(&Say) -> bool) -> bool {
    let voice = Voice { seed: r.below(1 << 30) as u64, plain: false, ..made.voice };
    each(made, r, kind, |block, lane, _| {
        let column = block.lanes[lane].column?;
        if has_unit(block, lane) {
            return None;
        }
        let changes = typed(block, lane).into_iter().enumerate().filter_map(|(at, typed)| {
            let say = typed.say.as_ref().filter(|say| fits(say))?;
            let cell = voice.spell(shipped(), &block.lanes[lane].table.id, column, say)?;
            (cell != typed.cell).then_some((at, cell))
        });
        Some(changes.collect())
    })
}

pub fn dates(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    respelt(made, r, kind, |say| {
        matches!(say, Say::Day(_) | Say::FullDay(_) | Say::Moment(_) | Say::Span(..))
    })
}

pub fn figures(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    respelt(made, r, kind, |say| {
        matches!(
            say,
            Say::Money(_) | Say::Count(_) | Say::Aim(..) | Say::Range(..) | Say::Growth(_) | Say::Measure(..)
        )
    })
}

/// A unit in the header, and bare numbers in that unit below.
pub fn units(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let mut any = false;
    for block in some(made, r, |block| block.is_list()) {
        for lane in 0..block.lanes.len() {
            let Some(column) = block.lanes[lane].column else { continue };
            if !r.happens(0.6) {
                continue;
            }
            let values: Vec<Option<f64>> = typed(block, lane)
                .iter()
                .map(|typed| match typed.say {
                    Some(
                        Say::Money(n) | Say::Count(n) | Say::Rate(n) | Say::Number(n) | Say::Computed(n),
                    ) => Some(n),
                    _ => None,
                })
                .collect();
            let Some(values) = values.into_iter().collect::<Option<Vec<f64>>>() else { continue };
            let choices: &[(&str, f64)] = match column.kind {
                Kind::Money => &[
                    ("(万元)", 1e4),
                    ("（万元）", 1e4),
                    ("(元)", 1.0),
                    ("（单位：万元）", 1e4),
                    ("/万元", 1e4),
                    ("(千元)", 1e3),
                    ("", 1.0),
                ],
                Kind::Count => match column.unit.as_deref() {
                    Some("人") => &[("(人)", 1.0), ("（万人）", 1e4)],
                    _ => &[("（次）", 1.0), ("(万次)", 1e4), ("(万)", 1e4), ("/次", 1.0)],
                },
                Kind::Percent => &[("(%)", 0.01), ("（％）", 0.01), ("%", 0.01)],
                Kind::Duration => &[("(秒)", 1.0), ("（分钟）", 60.0)],
                _ => continue,
            };
            // A rate below one percent under % may be either; nobody fills a whole column so.
            if column.kind == Kind::Percent && values.iter().all(|n| n.abs() <= 0.01) {
                continue;
            }
            let (unit, factor) = *r.one(choices);
            let bare = bare(&column.label.get(made_lang(&block.lanes[lane].head, column)));
            block.lanes[lane].head = format!("{bare}{unit}");
            let scaled = values.into_iter().map(|n| tidy(n / factor)).collect::<Vec<f64>>();
            block.typed_mut(lane).zip(scaled).for_each(|(typed, n)| typed.cell = number(n));
            block.kinds.insert(kind);
            any = true;
        }
    }
    any
}

/// The unit of all amounts in a line above the header, none in the header, and bare numbers below.
pub fn unit_above(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let notes =
        [("单位：万元", 1e4), ("（单位：万元）", 1e4), ("金额单位：人民币千元", 1e3), ("單位：萬元", 1e4)];
    let mut any = false;
    for block in some(made, r, |block| block.lie == Lie::List && block.data_lines() > 0) {
        let money = |lane: &Lane| {
            lane.column.is_some_and(|column| match column.kind {
                Kind::Money => !column.per_one,
                Kind::Calc => column.shown == Some(fupan::catalogue::Shown::Money),
                _ => false,
            })
        };
        // A unit that was put into the header stays in force.
        let own = |lane: &Lane| lane.head.contains(['万', '千', '萬']);
        let lanes: Vec<usize> =
            (0..block.lanes.len()).filter(|at| money(&block.lanes[*at]) && !own(&block.lanes[*at])).collect();
        let figures = |lane: usize| {
            let figure = |typed: &Typed| match typed.say {
                Some(Say::Money(n) | Say::Number(n) | Say::Computed(n)) => Some(n),
                _ => None,
            };
            typed(block, lane).iter().map(figure).collect::<Option<Vec<f64>>>()
        };
        let Some(figures) = lanes.iter().map(|lane| figures(*lane)).collect::<Option<Vec<_>>>() else {
            continue;
        };
        if lanes.is_empty() {
            continue;
        }
        let (note, factor) = *r.one(&notes);
        for (lane, figures) in lanes.into_iter().zip(figures) {
            block.lanes[lane].head = bare(&block.lanes[lane].head);
            block.typed_mut(lane).zip(figures).for_each(|(typed, n)| typed.cell = number(tidy(n / factor)));
        }
        block.above.push(Above { text: note.to_owned(), merged: r.happens(0.3), title: false });
        block.kinds.insert(kind);
        any = true;
    }
    any
}

/// The language a header is in.
fn made_lang(head: &str, column: &fupan::catalogue::Column) -> fupan::locale::Lang {
    use fupan::locale::Lang;
    let bare = head.trim_end_matches([' ', '*']);
    [Lang::Zh, Lang::ZhHant, Lang::En]
        .into_iter()
        .find(|lang| column.label.get(*lang) == bare)
        .unwrap_or(Lang::Zh)
}

/// A label without the unit behind it.
fn bare(label: &str) -> String {
    label.split(['(', '（']).next().unwrap_or(label).trim().to_owned()
}
