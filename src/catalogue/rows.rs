//! Which rows below a header are records, and which are totals, examples,
//! prefilled lines nobody touched, remarks at the foot, or the header again.

use std::collections::HashSet;

use super::grid::Grid;
use super::header::{Header, halves};
use super::labels::Matcher;
use super::{Kind, Table};
use crate::cell::{CellRef, Content};
use crate::locale::fold;
use crate::workbook::Cell;

/// What a row below a header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A record.
    Record,
    /// 合计 小计 总计.
    Total,
    /// 示例：…, or nothing but placeholders.
    Example,
    /// Only what the blank prefills or computes.
    Untouched,
    /// The header once more.
    Header,
    /// A remark below the table.
    Remark,
}

/// A column as rows are judged by it.
#[derive(Debug, Clone)]
pub struct RowColumn {
    /// Sheet column.
    pub col: u32,
    /// Column index in the table; `None` for a column of the team's own.
    pub column: Option<usize>,
    /// The header as typed.
    pub header: String,
}

/// Judges the rows of one table.
pub struct RowJudge<'a> {
    grid: &'a Grid<'a>,
    table: &'a Table,
    columns: Vec<RowColumn>,
    prefilled: &'a HashSet<(usize, String)>,
    serial: HashSet<u32>,
    width: (u32, u32),
}

/// Rows of this many empty lines or more are a gap worth a word.
pub const GAP: u32 = 3;

impl<'a> RowJudge<'a> {
    /// Prepares for a table below its header.
    pub fn new(
        grid: &'a Grid<'a>,
        matcher: &'a Matcher<'_>,
        table: usize,
        columns: Vec<RowColumn>,
        width: (u32, u32),
    ) -> RowJudge<'a> {
        let (table, prefilled) = (matcher.table(table), matcher.prefilled(table));
        let serial = columns
            .iter()
            .filter(|column| {
                matches!(
                    Header::parse(&column.header).bare.as_str(),
                    "序号" | "no." | "no" | "#" | "编号" | "行号" | "index" | ""
                )
            })
            .map(|column| column.col)
            .collect();
        RowJudge { grid, table, columns, prefilled, serial, width }
    }

    /// What a row is; `after_gap` when the line above is empty, `unknown` when somebody put a formula without
    /// result or a picture in it.
    pub fn judge(&self, row: u32, after_gap: bool, unknown: bool) -> RowKind {
        let filled: Vec<(&RowColumn, &Cell)> = self
            .columns
            .iter()
            .map(|column| (column, self.grid.cell(CellRef::new(row, column.col))))
            .filter(|(_, cell)| !cell.content.is_blank())
            .collect();
        if self.repeats_header(&filled) {
            return RowKind::Header;
        }
        if self.is_total(row, &filled) {
            return RowKind::Total;
        }
        if unknown {
            return RowKind::Record;
        }
        let touched: Vec<_> = filled.iter().filter(|(column, cell)| !self.untouched(column, cell)).collect();
        if touched.is_empty() {
            return RowKind::Untouched;
        }
        if is_example(&filled) || touched.iter().all(|(_, cell)| is_placeholder(&cell.content)) {
            return RowKind::Example;
        }
        if self.is_remark(row, &filled, after_gap) {
            return RowKind::Remark;
        }
        RowKind::Record
    }

    fn repeats_header(&self, filled: &[(&RowColumn, &Cell)]) -> bool {
        let same = filled.iter().filter(|(column, cell)| {
            matches!(&cell.content, Content::Text(text) if text.trim() == column.header.trim() && !text.trim().is_empty())
        });
        let same = same.count();
        same >= 2 && same * 2 > filled.len()
    }

    fn is_total(&self, row: u32, filled: &[(&RowColumn, &Cell)]) -> bool {
        // A total may stand under any of the first columns, also one of the team's own.
        let first_text = filled.iter().take(3).find_map(|(_, cell)| match &cell.content {
            Content::Text(text) if text.chars().count() <= 20 => Some(text.as_str()),
            _ => None,
        });
        let says_total = first_text.is_some_and(|text| {
            let plain: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
            is_total_word(&plain)
                || halves(&plain).iter().any(|(one, other)| is_total_word(one) && is_total_word(other))
                || ((plain.ends_with("合计") || plain.ends_with("小计") || plain.ends_with("总计"))
                    && plain.chars().count() <= 10)
                || ((plain.starts_with("合计") || plain.starts_with("总计") || plain.starts_with("小计"))
                    && plain.chars().count() <= 6)
        });
        if says_total {
            let figures = filled
                .iter()
                .filter(|(_, cell)| matches!(cell.content, Content::Number(_)) || cell.formula.is_some());
            return figures.count() > 0 || filled.len() <= 2;
        }
        // No word at all, only sums: every filled cell adds up the rows above it.
        first_text.is_none()
            && !filled.is_empty()
            && filled.iter().all(|(_, cell)| {
                cell.formula.as_deref().is_some_and(|formula| {
                    let formula = formula.to_ascii_uppercase();
                    let above = formula.contains(&format!("{}", row)) && formula.contains(':');
                    (formula.starts_with("SUM(") || formula.starts_with("SUBTOTAL(")) && above
                })
            })
    }

    fn untouched(&self, column: &RowColumn, cell: &Cell) -> bool {
        if self.serial.contains(&column.col)
            && column.column.is_none_or(|index| !self.table.columns[index].required)
        {
            return true;
        }
        let Some(index) = column.column else { return false };
        let declared = &self.table.columns[index];
        if declared.kind == Kind::Calc || (declared.formula.is_some() && cell.formula.is_some()) {
            return true;
        }
        matches!(&cell.content, Content::Text(text) if self.prefilled.contains(&(index, fold(text))))
    }

    fn is_remark(&self, row: u32, filled: &[(&RowColumn, &Cell)], after_gap: bool) -> bool {
        let [(first, cell)] = filled else { return false };
        let Content::Text(text) = &cell.content else { return false };
        if self.columns.len() < 3 {
            return false;
        }
        let span = self.grid.span(CellRef::new(row, first.col));
        if span.last.col >= span.first.col + 2 && span.last.row == span.first.row {
            return true;
        }
        let folded = fold(text);
        let opens = [
            "注:",
            "注",
            "备注",
            "说明",
            "填表",
            "制表",
            "审核",
            "审批人",
            "签字",
            "数据来源:",
            "单位:",
            "日期:",
            "※",
            "*",
            "note",
            "ps",
            "附:",
            "提示",
        ];
        let opening = opens.iter().any(|word| folded.starts_with(word)) && folded.chars().count() > 2;
        opening
            && (after_gap || folded.contains(':') || folded.starts_with('*') || folded.starts_with('※'))
            && first.col <= self.width.0 + 1
    }
}

fn is_total_word(word: &str) -> bool {
    matches!(
        word,
        "合计" | "总计" | "小计" | "总和" | "共计" | "total" | "subtotal" | "grandtotal" | "sum" | "totals"
    )
}

fn is_example(filled: &[(&RowColumn, &Cell)]) -> bool {
    filled.first().is_some_and(|(_, cell)| match &cell.content {
        Content::Text(text) => {
            let folded = fold(text);
            [
                "示例:",
                "示例-",
                "(示例)",
                "[示例]",
                "【示例】",
                "例:",
                "例如:",
                "例如",
                "样例",
                "e.g.",
                "example:",
                "(example)",
            ]
            .iter()
            .any(|word| folded.starts_with(word))
                || matches!(folded.as_str(), "示例" | "例" | "例子" | "example" | "示例行")
        }
        _ => false,
    })
}

/// Whether a cell holds what the template left to be replaced.
pub fn is_placeholder(content: &Content) -> bool {
    matches!(crate::quantity::nothing::of(content), Some(crate::quantity::Nothing::Placeholder))
}
