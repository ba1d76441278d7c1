//! Mistakes of sheets, tables and headers, made to the workbook as it stands.

use fupan::catalogue::{Kind, Layout as Shape};
use fupan::cell::{Area, CellRef, Content, Place};
use fupan::workbook::{Cell, Quirk, Sheet};

use super::chance::Chance;
use super::clean::Book;
use super::layout::{Laid, Layout};
use super::plant::{Fault, Spot};

fn text(text: impl Into<String>) -> Cell {
    Cell { content: Content::Text(text.into()), ..Cell::default() }
}

/// A list that is filled, alone on its sheet, by chance.
fn list<'a>(laid: &Laid, book: &'a Book, r: &mut Chance) -> Option<&'a str> {
    let catalogue = fupan::catalogue::Catalogue::shipped();
    let alone = |id: &str| {
        let sheet = laid.headers.iter().find(|((table, _), _)| table == id).map(|(_, at)| at.sheet.clone());
        sheet
            .is_some_and(|sheet| laid.headers.iter().all(|((table, _), at)| at.sheet != sheet || table == id))
    };
    let lists: Vec<&str> = book
        .draft
        .tables
        .iter()
        .filter(|(id, rows)| catalogue.tables[*id].layout == Shape::List && rows.len() >= 2 && alone(id))
        .map(|(id, _)| id.as_str())
        .collect();
    (!lists.is_empty()).then(|| *r.one(&lists))
}

/// The header row, first and last column, first and last row of a list.
fn extent(laid: &Laid, book: &Book, table: &str) -> Option<(Place, u32, u32, u32)> {
    let mut headers: Vec<&Place> =
        laid.headers.iter().filter(|((t, _), _)| t == table).map(|(_, at)| at).collect();
    headers.sort();
    let first = (*headers.first()?).clone();
    let right = headers.iter().map(|at| at.cell.col).max()?;
    let rows = book.draft.rows(table).len() as u32;
    Some((first.clone(), right, first.cell.row + 1, first.cell.row + rows))
}

fn header_cell(laid: &Laid, table: &str, column: &str) -> Option<Place> {
    laid.headers.get(&(table.to_owned(), column.to_owned())).cloned()
}

/// Every mistake of structure.
pub fn faults() -> Vec<Fault> {
    let mut all = Vec::new();
    headers(&mut all);
    sheets(&mut all);
    rows(&mut all);
    workbook(&mut all);
    extra_figures(&mut all);
    all
}

fn headers(all: &mut Vec<Fault>) {
    for way in 0..3 {
        all.push(
            Fault::done("duplicate-header", format!("headers copied {way}"), move |laid, book, r| {
                let table = list(laid, book, r)?;
                let (_, right, first, last) = extent(laid, book, table)?;
                let columns: Vec<Place> =
                    laid.headers.iter().filter(|((t, _), _)| t == table).map(|(_, at)| at.clone()).collect();
                let mut columns = columns;
                columns.sort();
                let at = columns[r.below(columns.len())].clone();
                let sheet = laid.sheet_mut(&at.sheet);
                let label = sheet.content(at.cell).to_text();
                sheet.cells.insert(CellRef::new(at.cell.row, right + 1), text(label));
                for row in first..=last {
                    if let Some(cell) = sheet.cells.get(&CellRef::new(row, at.cell.col)).cloned() {
                        sheet.cells.insert(CellRef::new(row, right + 1), cell);
                    }
                }
                let copy = Place::new(at.sheet.clone(), CellRef::new(at.cell.row, right + 1));
                Some(vec![Spot::At(at), Spot::At(copy)])
            })
            .also(EVERYTHING),
        );
        all.push(
            Fault::done("required-column-missing", format!("headers emptied {way}"), move |laid, book, r| {
                let catalogue = fupan::catalogue::Catalogue::shipped();
                let table = list(laid, book, r)?;
                let required: Vec<&str> = catalogue.tables[table]
                    .columns
                    .iter()
                    .filter(|column| column.required)
                    .map(|column| column.id.as_str())
                    .collect();
                let kept = catalogue.tables[table].columns.len();
                if required.len() < 3 || kept < 4 {
                    return None;
                }
                let column = *r.one(&required);
                let at = header_cell(laid, table, column)?;
                let (head, _, first, last) = extent(laid, book, table)?;
                let sheet = laid.sheet_mut(&at.sheet);
                for row in std::iter::once(at.cell.row).chain(first..=last) {
                    sheet.cells.remove(&CellRef::new(row, at.cell.col));
                }
                Some(vec![Spot::Sheet(head.sheet.to_string())])
            })
            .also(EVERYTHING),
        );
        all.push(Fault::done("extra-column", format!("headers added {way}"), move |laid, book, r| {
            let table = list(laid, book, r)?;
            let (head, right, first, _) = extent(laid, book, table)?;
            let at = Place::new(head.sheet.clone(), CellRef::new(head.cell.row, right + 1));
            let sheet = laid.sheet_mut(&head.sheet);
            if !sheet.content(at.cell).is_blank() {
                return None;
            }
            sheet.cells.insert(at.cell, text(["截图链接", "对接微信群", "物料编号"][way]));
            sheet.cells.insert(CellRef::new(first, right + 1), text("见共享盘"));
            Some(vec![Spot::At(at)])
        }));
        all.push(Fault::done("header-renamed", format!("headers renamed {way}"), move |laid, book, r| {
            let catalogue = fupan::catalogue::Catalogue::shipped();
            let table = list(laid, book, r)?;
            let columns: Vec<_> = catalogue.tables[table]
                .columns
                .iter()
                .filter(|column| column.required && column.label.zh.chars().count() > 3)
                .collect();
            let column = *r.one(if columns.is_empty() { return None } else { &columns });
            let at = header_cell(laid, table, &column.id)?;
            let bare: String = column.label.zh.split('(').next()?.to_owned();
            let alias = column.aliases.iter().find(|alias| !alias.is_ascii())?.clone();
            let label = [format!("{bare}情况"), format!("本次{bare}"), alias][way].clone();
            laid.sheet_mut(&at.sheet).cells.insert(at.cell, text(label));
            Some(vec![Spot::At(at)])
        }));
        all.push(Fault::done("header-moved", format!("headers moved {way}"), move |laid, book, r| {
            let table = list(laid, book, r)?;
            if book.layout != Layout::Blank {
                return None;
            }
            let (head, ..) = extent(laid, book, table)?;
            let down = [8, 12, 20][way];
            shift(laid, &head.sheet, down);
            let sheet = laid.sheet_mut(&head.sheet);
            for row in 0..down - 1 {
                sheet
                    .cells
                    .insert(CellRef::new(row, 0), text(format!("会议记录第{}条：素材与排期讨论", row + 1)));
            }
            Some(vec![Spot::Sheet(head.sheet.to_string())])
        }));
        all.push(
            Fault::done("sheet-not-recognised", format!("headers numbered {way}"), move |laid, book, r| {
                let table = list(laid, book, r)?;
                if book.layout != Layout::Blank {
                    return None;
                }
                let (head, right, ..) = extent(laid, book, table)?;
                let sheet = laid.sheet_mut(&head.sheet);
                sheet.tables.clear();
                for col in 0..=right {
                    let label =
                        [format!("{}", col + 1), format!("列{}", col + 1), format!("Column{}", col + 1)][way]
                            .clone();
                    sheet.cells.insert(CellRef::new(head.cell.row, col), text(label));
                }
                Some(vec![Spot::Sheet(head.sheet.to_string())])
            })
            .also(EVERYTHING),
        );
        all.push(Fault::done("ambiguous-value", format!("headers percent {way}"), move |laid, book, r| {
            let (table, column) = [("traffic", "bounce"), ("kpi", "weight"), ("competitors", "conversion")]
                [(way + r.below(3)) % 3];
            let at = header_cell(laid, table, column)?;
            let rows = book.draft.rows(table).len();
            if rows == 0 {
                return None;
            }
            let mut spots = Vec::new();
            let label = laid.sheet_mut(&at.sheet).content(at.cell).to_text();
            laid.sheet_mut(&at.sheet).cells.insert(at.cell, text(format!("{label}(%)")));
            for row in 0..rows {
                let place = laid.at(table, row, column)?.clone();
                let rate = book.draft.figure(table, row, column)?;
                laid.sheet_mut(&place.sheet)
                    .cells
                    .insert(place.cell, Cell { content: Content::Number(rate), ..Cell::default() });
                spots.push(Spot::At(place));
            }
            Some(spots)
        }));
    }
    for way in 0..3 {
        all.push(
            Fault::done("unit-note-applied", format!("headers unit above {way}"), move |laid, book, r| {
                let catalogue = fupan::catalogue::Catalogue::shipped();
                let table = list(laid, book, r)?;
                let columns = catalogue.tables[table].columns.iter();
                let amounts: Vec<&str> = columns
                    .filter(|column| column.kind == Kind::Money && !column.per_one)
                    .filter(|column| header_cell(laid, table, &column.id).is_some())
                    .map(|column| column.id.as_str())
                    .collect();
                let number = |laid: &mut Laid, at: &Place| match laid.sheet_mut(&at.sheet).content(at.cell) {
                    Content::Number(n) => Some(*n),
                    _ => None,
                };
                let mut typed = Vec::new();
                for column in &amounts {
                    for row in 0..book.draft.rows(table).len() {
                        let at = laid.at(table, row, column)?.clone();
                        typed.push((number(laid, &at)?, at));
                    }
                }
                if typed.is_empty() {
                    return None;
                }
                for (n, at) in typed {
                    laid.sheet_mut(&at.sheet).cells.entry(at.cell).or_default().content =
                        Content::Number(n / 1e4);
                }
                for column in amounts {
                    let at = header_cell(laid, table, column)?;
                    let label = laid.sheet_mut(&at.sheet).content(at.cell).to_text();
                    let bare = label.split(['(', '（']).next()?.to_owned();
                    laid.sheet_mut(&at.sheet).cells.insert(at.cell, text(bare));
                }
                stated_above(laid, book, table, ["单位：万元", "（金额单位：万元）", "單位：萬元"][way])
            })
            .also(EVERYTHING),
        );
        all.push(Fault::done(
            "unit-note-unclear",
            format!("headers unit unclear {way}"),
            move |laid, book, r| {
                let catalogue = fupan::catalogue::Catalogue::shipped();
                let table = list(laid, book, r)?;
                let spoken_of = |id: &str| {
                    let column = catalogue.tables[table].columns.iter().find(|column| column.id == id);
                    column.is_some_and(|column| column.kind == Kind::Money && !column.per_one)
                };
                let mut ours = laid.headers.keys().filter(|(id, _)| id == table);
                ours.find(|(_, column)| spoken_of(column))?;
                let said = ["单位：万元", "单位：万", "单位：千元、万元"][way];
                stated_above(laid, book, table, said)
            },
        ));
    }
    // What names a goal and what explains it are both called so.
    for word in ["指标信息", "指标内容", "指标明细"] {
        all.push(
            Fault::done("ambiguous-header", format!("kpi.name {word}"), move |laid, _, _| {
                let at = header_cell(laid, "kpi", "name")?;
                laid.sheet_mut(&at.sheet).cells.insert(at.cell, text(word));
                Some(vec![Spot::At(at)])
            })
            .also(EVERYTHING),
        );
    }
}

/// What a column or table that is not read may bring with it.
const EVERYTHING: &[&str] = &[
    "required-column-missing",
    "missing-required",
    "kpi-without-result",
    "unknown-task",
    "unknown-predecessor",
    "core-table-missing",
    "verdict-mismatch",
    "unmet-goal-without-cause",
    "growth-without-baseline",
    "incomplete-action",
    "duplicate-key",
    "daily-duplicate",
    "status-date-contradiction",
    "late-without-reason",
    "sales-total-mismatch",
    "channel-spend-mismatch",
    "budget-variance-unexplained",
];

/// Moves everything on a sheet down.
/// A line right above the headers of a table that states its unit.
fn stated_above(laid: &mut Laid, book: &Book, table: &str, said: &str) -> Option<Vec<Spot>> {
    let (head, right, ..) = extent(laid, book, table)?;
    shift(laid, &head.sheet, 1);
    let (head, ..) = extent(laid, book, table)?;
    let sheet = laid.sheet_mut(&head.sheet);
    // The title and the hint go up again.
    let above: Vec<(CellRef, Cell)> = sheet
        .cells
        .iter()
        .filter(|(at, _)| at.row < head.cell.row)
        .map(|(at, cell)| (*at, cell.clone()))
        .collect();
    for (at, cell) in above {
        sheet.cells.remove(&at);
        sheet.cells.insert(CellRef::new(at.row - 1, at.col), cell);
    }
    for merge in sheet.merges.iter_mut().filter(|merge| merge.last.row < head.cell.row) {
        *merge = Area::new(
            CellRef::new(merge.first.row - 1, merge.first.col),
            CellRef::new(merge.last.row - 1, merge.last.col),
        );
    }
    let at = Place::new(head.sheet.clone(), CellRef::new(head.cell.row - 1, right));
    sheet.cells.insert(at.cell, text(said));
    Some(vec![Spot::At(at)])
}

fn shift(laid: &mut Laid, name: &str, down: u32) {
    let sheet = laid.sheet_mut(name);
    let moved = |at: CellRef| CellRef::new(at.row + down, at.col);
    sheet.cells = std::mem::take(&mut sheet.cells).into_iter().map(|(at, cell)| (moved(at), cell)).collect();
    for merge in &mut sheet.merges {
        *merge = Area::new(moved(merge.first), moved(merge.last));
    }
    for (_, area) in &mut sheet.tables {
        *area = Area::new(moved(area.first), moved(area.last));
    }
    sheet.notes = sheet.notes.iter().map(|at| moved(*at)).collect();
    sheet.hidden_rows = sheet.hidden_rows.iter().map(|row| row + down).collect();
    for place in laid.places.values_mut().chain(laid.headers.values_mut()) {
        if &*place.sheet == name {
            place.cell = moved(place.cell);
        }
    }
}

fn copy_of(laid: &Laid, name: &str) -> (usize, Sheet) {
    let at = laid.workbook.sheets.iter().position(|sheet| &*sheet.name == name).unwrap_or(0);
    let mut copy = laid.workbook.sheets[at].clone();
    copy.name = format!("{name} (2)").into();
    // A copied Excel table gets a name of its own.
    for (name, _) in &mut copy.tables {
        name.push('2');
    }
    (at, copy)
}

fn sheets(all: &mut Vec<Fault>) {
    for way in 0..3 {
        all.push(Fault::done("table-copied", format!("sheets copied {way}"), move |laid, book, r| {
            let table = list(laid, book, r)?;
            let (head, ..) = extent(laid, book, table)?;
            let (at, copy) = copy_of(laid, &head.sheet);
            laid.workbook.sheets.insert(if way == 0 { at + 1 } else { laid.workbook.sheets.len() }, copy);
            Some(vec![Spot::Sheet(head.sheet.to_string()), Spot::Sheet(format!("{} (2)", head.sheet))])
        }));
        all.push(
            Fault::done("table-twice", format!("sheets copied-and-changed {way}"), move |laid, book, r| {
                let catalogue = fupan::catalogue::Catalogue::shipped();
                let table = list(laid, book, r)?;
                let (head, _, first, last) = extent(laid, book, table)?;
                // Of some row a figure differs, in another column than the one that names it.
                let column = catalogue.tables[table]
                    .columns
                    .iter()
                    .find(|column| matches!(column.kind, Kind::Money | Kind::Count) && column.required)?;
                let at = header_cell(laid, table, &column.id)?;
                let (index, mut copy) = copy_of(laid, &head.sheet);
                let row = first + r.below((last - first + 1) as usize) as u32;
                let old = copy.content(CellRef::new(row, at.cell.col)).clone();
                copy.cells.insert(
                    CellRef::new(row, at.cell.col),
                    match old {
                        Content::Number(n) => Cell { content: Content::Number(n + 100.0), ..Cell::default() },
                        _ => Cell { content: Content::Number(12_345.0), ..Cell::default() },
                    },
                );
                laid.workbook.sheets.insert(index + 1, copy);
                Some(vec![Spot::Sheet(head.sheet.to_string()), Spot::Sheet(format!("{} (2)", head.sheet))])
            })
            .also(EVERYTHING),
        );
        all.push(
            Fault::done("table-split", format!("sheets split {way}"), move |laid, book, r| {
                let table = list(laid, book, r)?;
                let (head, _, first, last) = extent(laid, book, table)?;
                if !matches!(table, "channels" | "categories" | "tasks" | "traffic" | "promotions" | "kpi")
                    || last < first + 1
                {
                    return None;
                }
                let (index, mut copy) = copy_of(laid, &head.sheet);
                let cut = first + (last - first).div_ceil(2);
                copy.cells.retain(|at, _| at.row < first || at.row >= cut);
                // What stood below closes up.
                let gap = cut - first;
                copy.cells = copy
                    .cells
                    .into_iter()
                    .map(|(at, cell)| {
                        (if at.row >= cut { CellRef::new(at.row - gap, at.col) } else { at }, cell)
                    })
                    .collect();
                laid.workbook.sheets[index].cells.retain(|at, cell| at.row < cut || cell.formula.is_some());
                laid.workbook.sheets.insert(index + 1, copy);
                Some(vec![Spot::Sheet(head.sheet.to_string()), Spot::Sheet(format!("{} (2)", head.sheet))])
            })
            .also(&["total-row-mismatch"]),
        );
        all.push(Fault::done("sheet-renamed", format!("sheets renamed {way}"), move |laid, book, r| {
            let table = list(laid, book, r)?;
            let (head, ..) = extent(laid, book, table)?;
            let name = ["Sheet3", "附件二", "工作表1"][way];
            let sheet = laid.sheet_mut(&head.sheet);
            sheet.name = name.into();
            // The title goes too: only the headers tell what it is.
            sheet.cells.retain(|at, _| at.row >= head.cell.row);
            sheet.tables.clear();
            Some(vec![Spot::Sheet(name.into())])
        }));
        all.push(Fault::done("extra-sheet", format!("sheets added {way}"), move |laid, _, _| {
            let mut sheet = Sheet::new(["会议纪要之二", "通讯录", "计算草稿"][way]);
            for (row, line) in
                [["时间", "地点"], ["周三下午", "三楼会议室"], ["周五上午", "线上"]].iter().enumerate()
            {
                for (col, word) in line.iter().enumerate() {
                    sheet.cells.insert(CellRef::new(row as u32, col as u32), text(*word));
                }
            }
            let name = sheet.name.to_string();
            laid.workbook.sheets.push(sheet);
            Some(vec![Spot::Sheet(name)])
        }));
        all.push(
            Fault::done("core-table-missing", format!("sheets deleted {way}"), move |laid, book, r| {
                if book.layout != Layout::Blank {
                    return None;
                }
                let catalogue = fupan::catalogue::Catalogue::shipped();
                let core: Vec<&str> = catalogue.templates[&book.template]
                    .tables
                    .iter()
                    .filter(|member| member.core && member.id != "basics")
                    .map(|member| member.id.as_str())
                    .collect();
                let id = *r.one(&core);
                let name = catalogue.tables[id].label.get(book.voice.lang);
                laid.workbook.sheets.retain(|sheet| *sheet.name != *name);
                Some(vec![Spot::Anywhere])
            })
            .also(EVERYTHING),
        );
        all.push(
            Fault::done("table-missing", format!("sheets deleted too {way}"), move |laid, book, r| {
                if book.layout != Layout::Blank {
                    return None;
                }
                let catalogue = fupan::catalogue::Catalogue::shipped();
                let others: Vec<&str> = catalogue.templates[&book.template]
                    .tables
                    .iter()
                    .filter(|member| !member.core && member.id != "basics")
                    .map(|member| member.id.as_str())
                    .collect();
                let name = catalogue.tables[*r.one(&others)].label.get(book.voice.lang);
                let before = laid.workbook.sheets.len();
                laid.workbook.sheets.retain(|sheet| *sheet.name != *name);
                (laid.workbook.sheets.len() < before).then(|| vec![Spot::Anywhere])
            })
            .also(EVERYTHING),
        );
        all.push(Fault::done("columns-reordered", format!("headers swapped {way}"), move |laid, book, r| {
            if book.layout != Layout::Blank {
                return None;
            }
            let table = list(laid, book, r)?;
            let (head, right, first, last) = extent(laid, book, table)?;
            let (one, other) =
                (head.cell.col, right - r.below(2).min((right - head.cell.col - 1) as usize) as u32);
            let sheet = laid.sheet_mut(&head.sheet);
            // A sheet of another name has no order to keep.
            for row in head.cell.row..=last.max(first) {
                let (one, other) = (CellRef::new(row, one), CellRef::new(row, other));
                let (left, right) = (sheet.cells.remove(&one), sheet.cells.remove(&other));
                sheet.cells.extend(left.map(|cell| (other, cell)));
                sheet.cells.extend(right.map(|cell| (one, cell)));
            }
            Some(vec![Spot::Sheet(head.sheet.to_string())])
        }));
        all.push(Fault::done("hidden-data", format!("sheets hidden {way}"), move |laid, book, r| {
            let table = list(laid, book, r)?;
            let (head, right, first, last) = extent(laid, book, table)?;
            let sheet = laid.sheet_mut(&head.sheet);
            match way {
                0 => sheet.hidden_rows.extend(first..=first + (last - first) / 2),
                1 => drop(sheet.hidden_columns.insert(head.cell.col + (right - head.cell.col) / 2)),
                _ => sheet.visible = fupan::workbook::Visibility::Hidden,
            }
            Some(vec![Spot::Sheet(head.sheet.to_string())])
        }));
        all.push(Fault::done("ambiguous-table", format!("sheets ambiguous {way}"), move |laid, _, _| {
            // Headers that sales and users share.
            let mut sheet = Sheet::new(["Sheet9", "数据", "汇总1"][way]);
            for (col, word) in ["指标", "活动前", "活动期"].iter().enumerate() {
                sheet.cells.insert(CellRef::new(0, col as u32), text(*word));
            }
            for row in 1..4u32 {
                sheet.cells.insert(CellRef::new(row, 0), text(format!("项目{row}")));
                for col in 1..3u32 {
                    sheet.cells.insert(
                        CellRef::new(row, col),
                        Cell { content: Content::Number(f64::from(row * 10 + col)), ..Cell::default() },
                    );
                }
            }
            let name = sheet.name.to_string();
            laid.workbook.sheets.push(sheet);
            Some(vec![Spot::Sheet(name)])
        }));
    }
}

fn rows(all: &mut Vec<Fault>) {
    for way in 0..3 {
        all.push(
            Fault::done("data-below-gap", format!("rows gap {way}"), move |laid, book, r| {
                let table = list(laid, book, r)?;
                let (head, right, first, last) = extent(laid, book, table)?;
                // The last row goes some way down.
                let down = [4, 6, 9][way];
                let sheet = laid.sheet_mut(&head.sheet);
                if book.layout != Layout::Blank || last <= first {
                    return None;
                }
                for col in head.cell.col..=right {
                    let from = CellRef::new(last, col);
                    if sheet.cells.get(&from).is_some_and(|cell| cell.formula.is_none())
                        && let Some(cell) = sheet.cells.remove(&from)
                    {
                        sheet.cells.insert(CellRef::new(last + down, col), cell);
                    }
                }
                Some(vec![Spot::Sheet(head.sheet.to_string())])
            })
            .also(&["customers-mismatch"]),
        );
        all.push(Fault::done("merged-rows", format!("rows merged {way}"), move |laid, book, r| {
            let columns =
                [("budget", "type"), ("tasks", "phase"), ("channels", "kind"), ("service", "module")];
            // Neighbours that say the same, in whichever of these has any.
            let (table, column, at) = r.shuffled(&columns).into_iter().find_map(|(table, column)| {
                let rows = book.draft.rows(table);
                (0..rows.len().checked_sub(1)?)
                    .find(|at| rows[*at].get(column) == rows[*at + 1].get(column))
                    .map(|at| (table, column, at))
            })?;
            let (one, two) = (laid.at(table, at, column)?.clone(), laid.at(table, at + 1, column)?.clone());
            let sheet = laid.sheet_mut(&one.sheet);
            sheet.cells.remove(&two.cell);
            sheet.merges.push(Area::new(one.cell, two.cell));
            Some(vec![Spot::At(one)])
        }));
        all.push(
            Fault::done("merged-amount", format!("rows merged-amount {way}"), move |laid, book, r| {
                let (table, column) = *r.one(&[
                    ("channels", "spend"),
                    ("daily", "sales"),
                    ("categories", "during"),
                    ("budget", "actual"),
                ]);
                let rows = book.draft.rows(table).len();
                let at = r.below(rows.checked_sub(1)?);
                let (one, two) =
                    (laid.at(table, at, column)?.clone(), laid.at(table, at + 1, column)?.clone());
                let sum = book.draft.figure(table, at, column)? + book.draft.figure(table, at + 1, column)?;
                let sheet = laid.sheet_mut(&one.sheet);
                sheet.cells.remove(&two.cell);
                sheet.cells.insert(one.cell, Cell { content: Content::Number(sum), ..Cell::default() });
                sheet.merges.push(Area::new(one.cell, two.cell));
                Some(vec![Spot::At(one)])
            })
            .also(&["rate-mismatch", "budget-variance-unexplained", "total-row-mismatch"]),
        );
        all.push(Fault::done("picture-cell", format!("rows picture {way}"), move |laid, book, r| {
            let (table, column) = *r.one(&[
                ("results", "actual"),
                ("channels", "spend"),
                ("budget", "actual"),
                ("kpi", "target"),
            ]);
            let row = r.below(book.draft.rows(table).len());
            let at = laid.at(table, row, column)?.clone();
            laid.workbook.quirks.push(Quirk::PictureCell(at.sheet.clone(), at.cell));
            let formula = Some(format!("_xlfn.DISPIMG(\"ID_{way}\",1)"));
            laid.sheet_mut(&at.sheet).cells.insert(at.cell, Cell { formula, ..Cell::default() });
            Some(vec![Spot::At(at)])
        }));
    }
}

/// The workbook under another version of its template, by each of its carriers.
fn of_version(laid: &mut Laid, book: &Book, version: &str) -> Option<Vec<Spot>> {
    if book.layout != Layout::Blank {
        return None;
    }
    laid.workbook.properties.insert("fupan.version".into(), version.into());
    laid.workbook.names.insert("_fupan.version".into(), format!("=\"{version}\""));
    let carrier = laid.workbook.sheets.iter_mut().find(|sheet| &*sheet.name == "_fupan")?;
    let row = (0..9).find(|row| carrier.content(CellRef::new(*row, 0)).to_text() == "fupan.version")?;
    carrier.cells.insert(CellRef::new(row, 1), text(version));
    Some(vec![Spot::Anywhere])
}

fn workbook(all: &mut Vec<Fault>) {
    for way in 0..3 {
        all.push(Fault::done("date-1904", format!("workbook epoch {way}"), |laid, _, _| {
            laid.workbook.epoch_1904 = true;
            Some(vec![Spot::Anywhere])
        }));
        all.push(
            Fault::done("newer-template", format!("workbook version {way}"), move |laid, book, _| {
                of_version(laid, book, ["2", "3", "17"][way])
            })
            .also(&["identity-contradiction"]),
        );
        all.push(
            Fault::done("older-template", format!("workbook version before {way}"), move |laid, book, _| {
                of_version(laid, book, "0")
            })
            .also(&["identity-contradiction"]),
        );
        // What the reader met in the package; tests of reading hold that it does.
        for code in [
            "has-macros",
            "external-links",
            "embedded-objects",
            "workbook-protected",
            "digital-signature",
            "shared-workbook",
            "extension-lies",
            "other-sheet",
            "copied-sheet",
            "typed-on-generated-sheet",
            "far-cell",
        ] {
            all.push(Fault::done(code, format!("workbook quirk {code} {way}"), move |laid, _, _| {
                let sheet = laid.workbook.sheets.first()?.name.clone();
                let (quirk, spot) = match code {
                    "has-macros" => (Quirk::Macros, Spot::Anywhere),
                    "external-links" => (Quirk::ExternalLinks, Spot::Anywhere),
                    "embedded-objects" => (Quirk::EmbeddedObjects, Spot::Anywhere),
                    "workbook-protected" => (Quirk::Protected, Spot::Anywhere),
                    "digital-signature" => (Quirk::Signed, Spot::Anywhere),
                    "shared-workbook" => (Quirk::Shared, Spot::Anywhere),
                    "typed-on-generated-sheet" => {
                        let at = Place::new("行动清单", CellRef::new(3, 20));
                        (Quirk::Typed(at.clone()), Spot::At(at))
                    }
                    "copied-sheet" => {
                        (Quirk::Copy("行动清单 (2)".into()), Spot::Sheet("行动清单 (2)".into()))
                    }
                    "extension-lies" => {
                        (Quirk::ExtensionLies(["xls", "et", "csv"][way].into()), Spot::Anywhere)
                    }
                    "other-sheet" => (Quirk::OtherSheet("图表1".into()), Spot::Sheet("图表1".into())),
                    _ => {
                        let at = CellRef::new(90_000 + way as u32, 0);
                        (Quirk::FarCell(sheet.clone(), at), Spot::At(Place::new(sheet, at)))
                    }
                };
                laid.workbook.quirks.push(quirk);
                Some(vec![spot])
            }));
        }
        all.push(
            Fault::done(
                "identity-contradiction",
                format!("workbook identity {way}"),
                move |laid, book, _| {
                    if book.layout != Layout::Blank {
                        return None;
                    }
                    let other = if book.template == "review" { "campaign" } else { "review" };
                    let template = laid.workbook.properties.get_mut("fupan.template")?;
                    *template = other.into();
                    Some(vec![Spot::Anywhere])
                },
            )
            .also(&["core-table-missing"]),
        );
        all.push(Fault::done(
            "no-table-recognised",
            format!("workbook of something else {way}"),
            move |laid, _, _| {
                let mut sheet = Sheet::new(["考勤", "通讯录", "菜单"][way]);
                for (row, line) in [["姓名工号", "打卡"], ["甲", "08:59"], ["乙", "09:03"]].iter().enumerate()
                {
                    for (col, word) in line.iter().enumerate() {
                        sheet.cells.insert(CellRef::new(row as u32, col as u32), text(*word));
                    }
                }
                laid.workbook = fupan::workbook::Workbook { sheets: vec![sheet], ..Default::default() };
                Some(vec![Spot::Anywhere])
            },
        ));
    }
}

/// Columns of a team's own whose figures can be checked: shares of a total, and returns.
fn extra_figures(all: &mut Vec<Fault>) {
    for (table, label) in [("channels", "花费占比"), ("budget", "占比"), ("categories", "销售占比")]
    {
        for missing in [0.1, 0.3, -0.2] {
            all.push(Fault::done(
                "shares-not-100",
                format!("{table}.{label} {missing}"),
                move |laid, book, _| {
                    let rows = book.draft.rows(table).len();
                    if rows < 2 {
                        return None;
                    }
                    let (head, right, first, _) = extent(laid, book, table)?;
                    let beside = CellRef::new(head.cell.row, right + 1);
                    let sheet = laid.sheet_mut(&head.sheet);
                    if !sheet.content(beside).is_blank() {
                        return None;
                    }
                    sheet.cells.insert(beside, text(label));
                    let mut spots = Vec::new();
                    for row in 0..rows as u32 {
                        let share = if row == 0 { 1.0 / rows as f64 - missing } else { 1.0 / rows as f64 };
                        let at = CellRef::new(first + row, right + 1);
                        sheet.cells.insert(at, text(format!("{:.2}%", share * 100.0)));
                        spots.push(Spot::At(Place::new(head.sheet.clone(), at)));
                    }
                    Some(spots)
                },
            ));
        }
    }
    for (about, factor, every) in [("ROI", 10.0, true), ("投产比", 1.8, false), ("投入产出比", 0.5, false)]
    {
        all.push(Fault::done(
            "roi-mismatch",
            format!("channels.{about} ×{factor}"),
            move |laid, book, r| {
                let rows = book.draft.rows("channels").len();
                let wrong = r.below(rows);
                let (head, right, first, _) = extent(laid, book, "channels")?;
                let beside = CellRef::new(head.cell.row, right + 1);
                let sheet = laid.sheet_mut(&head.sheet);
                if !sheet.content(beside).is_blank() {
                    return None;
                }
                sheet.cells.insert(beside, text(about));
                let mut spots = Vec::new();
                for row in 0..rows {
                    let right_roi = book.draft.figure("channels", row, "sales")?
                        / book.draft.figure("channels", row, "spend")?;
                    let off = every || row == wrong;
                    let n = if off { right_roi * factor } else { right_roi };
                    let at = CellRef::new(first + row as u32, right + 1);
                    sheet.cells.insert(
                        at,
                        Cell { content: Content::Number((n * 100.0).round() / 100.0), ..Cell::default() },
                    );
                    if off {
                        spots.push(Spot::At(Place::new(head.sheet.clone(), at)));
                    }
                }
                Some(spots)
            },
        ));
    }
}
