//! Finding forms: label cells with the value beside them.
//!
//! Vertical as in the blank (项目 | 内容说明 | 示例), reduced to two columns, or in
//! blocks with several pairs side by side as hand-made forms are. A form turned
//! sideways (labels in a row, values below) is found by `lists`.

use super::grid::Grid;
use super::labels::{CARRIED, Hit};
use super::lists::{COLUMN_FLOOR, SheetEvidence};
use super::sightings::Sightings;
use crate::cell::{Area, CellRef, Content, MAX_COLUMNS};
use crate::locale::fold;

/// Labels further apart than this belong to two forms.
const FARTHEST: u32 = 12;
/// Forms are looked for above this row.
const LOWEST: u32 = 1_000;
/// Headers over the labels of a form.
const ITEM_WORDS: [&str; 9] =
    ["项目", "字段", "要素", "栏目", "填写项", "填写项目", "item", "field", "信息项"];
/// Headers over the values of a form.
const VALUE_WORDS: [&str; 16] = [
    "内容说明",
    "内容",
    "填写内容",
    "填写",
    "填写处",
    "请填写",
    "值",
    "具体内容",
    "详细内容",
    "content",
    "value",
    "yourentry",
    "fillin",
    "entry",
    "answer",
    "填写说明",
];

/// Labels of one form, each with its value cell.
#[derive(Debug, Clone)]
pub struct FormFind {
    /// Index of the table.
    pub table: usize,
    /// From the first label to the last value.
    pub area: Area,
    /// Label cell, label as typed, value cell, column.
    pub items: Vec<FormItem>,
    /// Labels of the form that stand twice: column, label cells.
    pub duplicates: Vec<(usize, Vec<CellRef>)>,
    /// Labels that are none of ours and have a value: label cell, label, value cell.
    pub extra: Vec<(CellRef, String, CellRef)>,
    /// Evidence, best first.
    pub evidence: Vec<&'static str>,
    /// From 0 to 1.
    pub score: f64,
}

/// One label with its value.
#[derive(Debug, Clone)]
pub struct FormItem {
    /// The label cell.
    pub at: CellRef,
    /// The label as typed.
    pub typed: String,
    /// The cell where its value stands.
    pub value: CellRef,
    /// The column it names.
    pub hit: Hit,
}

/// Forms of a sheet, top to bottom, whatever their score.
pub fn find(grid: &Grid, sightings: &mut Sightings, evidence: &SheetEvidence) -> Vec<FormFind> {
    let forms: Vec<usize> = sightings.matcher.forms().collect();
    let mut seen: Vec<(CellRef, String, Vec<Hit>)> = Vec::new();
    for (at, cell) in &grid.sheet.cells {
        let Content::Text(text) = &cell.content else { continue };
        if at.row >= LOWEST {
            break;
        }
        let Some(sighting) = sightings.of_text(text) else { continue };
        if sighting.hits.is_empty()
            || grid.anchor(*at) != *at
            || ITEM_WORDS.contains(&sighting.header.bare.as_str()) && heads_values(grid, *at)
        {
            continue;
        }
        let hits: Vec<Hit> = sighting.hits.iter().filter(|hit| forms.contains(&hit.table)).copied().collect();
        if !hits.is_empty() {
            seen.push((*at, text.clone(), hits));
        }
    }
    // A label somebody renamed is still the one a carrier of the blank points at.
    for (table, column, at) in &evidence.columns {
        let Content::Text(text) = &grid.cell(*at).content else { continue };
        if forms.contains(table) && !text.trim().is_empty() && seen.iter().all(|(known, ..)| known != at) {
            let hit = Hit { table: *table, column: *column, how: CARRIED, score: 1.0 };
            seen.push((*at, text.clone(), vec![hit]));
        }
    }
    let mut finds = Vec::new();
    for table in forms {
        let mut labels: Vec<(CellRef, String, Hit)> = Vec::new();
        for (at, text, hits) in &seen {
            let of_table = hits.iter().filter(|hit| hit.table == table);
            if let Some(hit) = of_table.max_by(|a, b| a.score.total_cmp(&b.score)) {
                labels.push((*at, text.clone(), *hit));
            }
        }
        for cluster in clusters(labels) {
            finds.extend(fit(grid, sightings, evidence, table, cluster));
        }
    }
    // A label cell belongs to one form: the one that fits best.
    finds.sort_by(|a: &FormFind, b| b.score.total_cmp(&a.score).then(a.area.cmp(&b.area)));
    let mut kept: Vec<FormFind> = Vec::new();
    for find in finds {
        let taken = kept.iter().any(|known| {
            let shared =
                find.items.iter().filter(|item| known.items.iter().any(|it| it.at == item.at)).count();
            shared * 2 > find.items.len()
        });
        if !taken {
            kept.push(find);
        }
    }
    kept.sort_by_key(|find| find.area);
    kept
}

/// Whether 项目 stands over labels, with 内容说明 or nothing beside it; with anything else beside it, it is a label.
fn heads_values(grid: &Grid, at: CellRef) -> bool {
    let beside = &grid.cell(CellRef::new(at.row, grid.span(at).last.col + 1)).content;
    beside.is_blank() || VALUE_WORDS.contains(&fold_short(&beside.to_text()).as_str())
}

fn fold_short(text: &str) -> String {
    if text.len() > 40 { String::new() } else { fold(text) }
}

fn clusters(mut labels: Vec<(CellRef, String, Hit)>) -> Vec<Vec<(CellRef, String, Hit)>> {
    labels.sort_by_key(|(at, _, _)| *at);
    let mut clusters: Vec<Vec<(CellRef, String, Hit)>> = Vec::new();
    for label in labels {
        match clusters.last_mut() {
            Some(cluster) if cluster.last().is_some_and(|last| label.0.row <= last.0.row + FARTHEST) => {
                cluster.push(label)
            }
            _ => clusters.push(vec![label]),
        }
    }
    clusters
}

fn fit(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    table: usize,
    labels: Vec<(CellRef, String, Hit)>,
) -> Option<FormFind> {
    let label_columns = label_columns(&labels);
    let labels: Vec<_> = labels.into_iter().filter(|(at, _, _)| label_columns.contains(&at.col)).collect();
    let labels = of_one_block(grid, labels);
    let first = labels.first()?.0;
    let value_column = value_column(grid, first, &label_columns);
    let mut items: Vec<FormItem> = Vec::new();
    let mut duplicates: Vec<(usize, Vec<CellRef>)> = Vec::new();
    for (at, typed, hit) in &labels {
        let beside = CellRef::new(at.row, grid.span(*at).last.col + 1);
        if beside.col >= MAX_COLUMNS || labels.iter().any(|(other, _, _)| *other == beside) {
            continue;
        }
        let value = match value_column {
            Some(col) if col > at.col && label_columns.len() == 1 => grid.anchor(CellRef::new(at.row, col)),
            _ => grid.anchor(beside),
        };
        if value == *at {
            continue;
        }
        let item = FormItem { at: *at, typed: typed.clone(), value, hit: *hit };
        match items.iter_mut().find(|known| known.hit.column == hit.column) {
            None => items.push(item),
            Some(known) if known.hit.score + 0.02 < hit.score => *known = item,
            Some(known) if known.hit.score <= hit.score + 0.02 => {
                match duplicates.iter_mut().find(|(column, _)| *column == hit.column) {
                    Some((_, cells)) => cells.push(*at),
                    None => duplicates.push((hit.column, vec![known.at, *at])),
                }
            }
            Some(_) => {}
        }
    }
    // The same label twice with the same value, or one of them empty, asks nothing.
    duplicates.retain(|(column, cells)| {
        let contents: Vec<&Content> = cells
            .iter()
            .map(|at| &grid.cell(grid.anchor(CellRef::new(at.row, grid.span(*at).last.col + 1))).content)
            .filter(|content| !content.is_blank())
            .collect();
        if let Some(item) = items.iter_mut().find(|item| item.hit.column == *column)
            && grid.cell(item.value).content.is_blank()
            && let Some(at) = cells.iter().find(|at| {
                !grid.cell(grid.anchor(CellRef::new(at.row, grid.span(**at).last.col + 1))).content.is_blank()
            })
        {
            item.at = *at;
            item.value = grid.anchor(CellRef::new(at.row, grid.span(*at).last.col + 1));
        }
        contents.windows(2).any(|pair| pair[0] != pair[1])
    });
    items.retain(|item| duplicates.iter().all(|(column, _)| *column != item.hit.column));

    let last_row = items.iter().map(|item| item.at.row).max()?;
    let mut extra =
        strangers(grid, sightings, table, &mut items, &label_columns, value_column, (first.row, last_row));
    extra.retain(|(_, _, value)| !grid.cell(*value).content.is_blank());

    let matcher = sightings.matcher;
    let columns = &matcher.table(table).columns;
    let any_required = columns.iter().any(|column| column.required);
    let (mut asked, mut there, mut named) = (0.0, 0.0, 0.0);
    for (index, column) in columns.iter().enumerate() {
        let weight = matcher.weight(table, index);
        let score = items
            .iter()
            .find(|item| item.hit.column == index)
            .map(|item| item.hit.score)
            .or_else(|| duplicates.iter().any(|(it, _)| *it == index).then_some(0.9))
            .unwrap_or(0.0);
        named += weight * score;
        if column.required || !any_required {
            asked += weight;
            there += weight * score;
        }
    }
    let precision = named / (named + 0.35 * extra.len() as f64);
    let recall = if asked > 0.0 { there / asked } else { 0.0 };
    let labels_fit = (precision * recall).sqrt();
    let mut area = Area::new(first, first);
    for cell in items.iter().flat_map(|item| [grid.span(item.at).last, grid.span(item.value).last, item.at]) {
        area.first = CellRef::new(area.first.row.min(cell.row), area.first.col.min(cell.col));
        area.last = CellRef::new(area.last.row.max(cell.row), area.last.col.max(cell.col));
    }
    let mut doubt = 1.0;
    let mut said = Vec::new();
    for (carried, how, at) in &evidence.carriers {
        if *carried == table && at.first.row <= area.last.row && at.first.row + 4 >= area.first.row {
            doubt *= if *how == "id" { 0.05 } else { 0.1 };
            said.push(*how);
        }
    }
    if let Some((_, score)) = evidence.name.iter().find(|(named, _)| *named == table) {
        doubt *= 1.0 - 0.6 * score;
        said.push("sheet-name");
    }
    let title = title_above(grid, sightings, area.first.row, table);
    if title > 0.0 {
        doubt *= 1.0 - 0.55 * title;
        said.push("title");
    }
    said.push("headers");
    let least = 3.min(columns.len());
    let score = if items.len() + duplicates.len() >= least {
        1.0 - doubt * (1.0 - 0.9 * labels_fit)
    } else {
        labels_fit * 0.4
    };
    Some(FormFind { table, area, items, duplicates, extra, evidence: said, score })
}

/// A label that stands in two blocks of rows belongs to the block with far more labels: below a form, the rows of a
/// list may begin with the same words (活动负责人 as an item, and as a role of the team).
fn of_one_block(grid: &Grid, labels: Vec<(CellRef, String, Hit)>) -> Vec<(CellRef, String, Hit)> {
    let mut blocks: Vec<usize> = Vec::new();
    let mut last: Option<u32> = None;
    for (at, _, _) in &labels {
        let parted = last.is_some_and(|last| {
            (last + 1..at.row).any(|row| grid.filled(row, 0, MAX_COLUMNS - 1).next().is_none())
        });
        blocks.push(blocks.last().copied().unwrap_or(0) + usize::from(parted));
        last = Some(at.row);
    }
    let size = |block: usize| blocks.iter().filter(|it| **it == block).count();
    let kept: Vec<bool> = (0..labels.len())
        .map(|i| {
            (0..labels.len()).all(|other| {
                labels[other].2.column != labels[i].2.column
                    || blocks[other] == blocks[i]
                    || size(blocks[other]) < 3 * size(blocks[i])
            })
        })
        .collect();
    labels.into_iter().zip(kept).filter_map(|(label, keep)| keep.then_some(label)).collect()
}

/// The columns labels stand in: those with a good share of them.
fn label_columns(labels: &[(CellRef, String, Hit)]) -> Vec<u32> {
    let mut counts: Vec<(u32, usize)> = Vec::new();
    for (at, _, _) in labels {
        match counts.iter_mut().find(|(col, _)| *col == at.col) {
            Some((_, count)) => *count += 1,
            None => counts.push((at.col, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.retain(|(_, count)| *count * 4 >= most);
    counts.sort_unstable();
    counts.into_iter().map(|(col, _)| col).collect()
}

/// The column under 内容说明, where the form has its header row.
fn value_column(grid: &Grid, first: CellRef, label_columns: &[u32]) -> Option<u32> {
    for row in (first.row.saturating_sub(3)..first.row).rev() {
        let line: Vec<_> = grid.filled(row, 0, MAX_COLUMNS - 1).collect();
        let item = line.iter().any(|(at, cell)| {
            label_columns.contains(&at.col)
                && ITEM_WORDS.contains(&fold_short(&cell.content.to_text()).as_str())
        });
        let value = line.iter().find(|(at, cell)| {
            at.col > first.col && VALUE_WORDS.contains(&fold_short(&cell.content.to_text()).as_str())
        });
        match value {
            Some((at, _)) if item || line.len() >= 2 => return Some(at.col),
            _ => {}
        }
    }
    None
}

/// Labels between ours: one that resembles a missing one is it, the others are the team's own.
fn strangers(
    grid: &Grid,
    sightings: &mut Sightings,
    table: usize,
    items: &mut Vec<FormItem>,
    label_columns: &[u32],
    value_column: Option<u32>,
    rows: (u32, u32),
) -> Vec<(CellRef, String, CellRef)> {
    let mut strangers = Vec::new();
    for row in rows.0..=(rows.1 + 3).max(rows.0) {
        for &col in label_columns {
            let at = CellRef::new(row, col);
            let Content::Text(text) = &grid.cell(at).content else { continue };
            if text.chars().count() > 30 || items.iter().any(|item| item.at == at || item.value == at) {
                continue;
            }
            let Some(sighting) = sightings.of_text(text) else { continue };
            if sighting.hits.iter().any(|hit| hit.table == table) {
                continue;
            }
            let beside = grid.anchor(CellRef::new(row, grid.span(at).last.col + 1));
            let value = value_column
                .filter(|value| *value > col && label_columns.len() == 1)
                .map_or(beside, |value| grid.anchor(CellRef::new(row, value)));
            if value == at {
                continue;
            }
            let alike = sightings.alike(table, &sighting.header);
            let best = alike.first().filter(|hit| {
                hit.score >= COLUMN_FLOOR
                    && hit.score - alike.get(1).map_or(0.0, |second| second.score) >= super::lists::CLOSE
                    && items.iter().all(|item| item.hit.column != hit.column)
            });
            match best {
                Some(hit) => items.push(FormItem { at, typed: text.clone(), value, hit: *hit }),
                // Below the last label of ours, anything may stand.
                None if row <= rows.1 && !items.iter().any(|item| item.value == at) => {
                    strangers.push((at, text.clone(), value))
                }
                None => {}
            }
        }
    }
    strangers
}

fn title_above(grid: &Grid, sightings: &mut Sightings, row: u32, table: usize) -> f64 {
    let mut best: f64 = 0.0;
    for above in row.saturating_sub(6)..row {
        for (_, cell) in grid.filled(above, 0, MAX_COLUMNS - 1).take(3) {
            if let Content::Text(text) = &cell.content
                && let Some(hit) = sightings.titles(text).iter().find(|hit| hit.table == table)
            {
                best = best.max(hit.score);
            }
        }
    }
    best
}
