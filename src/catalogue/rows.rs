//! Which rows below a header are records, and which are totals, examples,
//! prefilled lines nobody touched, remarks at the foot, or the header again.

use std::collections::{HashMap, HashSet};

use super::choices::Choices;
use super::grid::Grid;
use super::header::{Header, halves, unit_of};
use super::labels::Matcher;
use super::sums::{self, Worked};
use super::{Column, Kind, Table};
use crate::cell::{CellRef, Content};
use crate::locale::fold;
use crate::workbook::Cell;

/// What a row below a header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A record.
    Record,
    /// 合计 小计 总计, or the sum of other rows whatever it is called.
    Total,
    /// 平均 环比 去年同期: worked out from other rows, or about another time. No data and no sum.
    Statistic,
    /// 万元 ¦ 次 ¦ 单: only the units of the columns.
    Units,
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
    /// Rows whose figures are worked out from others.
    worked: HashMap<u32, Worked>,
    /// The last row that has a name, where all before it have one and what follows says much less.
    named_until: Option<u32>,
    choices: &'a Choices<'a>,
}

/// Rows of this many empty lines or more are a gap worth a word.
pub const GAP: u32 = 3;

impl<'a> RowJudge<'a> {
    /// Prepares for a table below its header.
    pub fn new(
        grid: &'a Grid<'a>,
        matcher: &'a Matcher<'a>,
        table: usize,
        columns: Vec<RowColumn>,
        width: (u32, u32),
        rows: &[u32],
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
        let worked = sums::worked(grid, rows, width);
        let named_until = named_until(grid, table, &columns, rows, width);
        RowJudge {
            grid,
            table,
            columns,
            prefilled,
            serial,
            width,
            worked,
            named_until,
            choices: &matcher.choices,
        }
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
        if is_unit_line(filled.iter().map(|(_, cell)| *cell)) {
            return RowKind::Units;
        }
        if let Some(kind) = self.worked_out(row, &filled) {
            return kind;
        }
        if unknown {
            return RowKind::Record;
        }
        let touched: Vec<_> = filled.iter().filter(|(column, cell)| !self.untouched(column, cell)).collect();
        let counted = |(column, cell): &(&RowColumn, &Cell)| {
            self.serial.contains(&column.col)
                || matches!(cell.content, Content::Number(0.0) | Content::Serial(0.0))
        };
        // A number in front and formulas pulled down to 0 are no entry.
        if touched.is_empty() || touched.iter().all(|it| counted(it)) {
            return RowKind::Untouched;
        }
        if is_example(&filled) || touched.iter().all(|(_, cell)| is_placeholder(&cell.content)) {
            return RowKind::Example;
        }
        let foot = self.named_until.is_some_and(|last| row > last);
        if foot || self.is_remark(row, &filled, after_gap) {
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

    /// Whether a row is worked out from others: by its figures first, by what it is called second.
    fn worked_out(&self, row: u32, filled: &[(&RowColumn, &Cell)]) -> Option<RowKind> {
        let worked = self.worked.get(&row);
        if self.is_total(row, filled) {
            return Some(RowKind::Total);
        }
        let names: Vec<String> = filled
            .iter()
            .take(3)
            .filter(|(column, cell)| !self.offers(column, cell))
            .filter_map(|(_, cell)| short_word(cell))
            .collect();
        let called = |is: fn(&str) -> bool| names.iter().any(|name| is(name));
        let has_figures = filled.iter().any(|(_, cell)| matches!(cell.content, Content::Number(_)));
        let of_figures = |column: &&Column| matches!(column.kind, Kind::Count | Kind::Money);
        // In a list of indicators 增长率 is one of them.
        let measured = self.table.columns.iter().filter(of_figures).count() >= 3;
        match worked {
            Some(Worked::Sum) => Some(RowKind::Total),
            Some(Worked::PerhapsSum) if names.is_empty() || called(is_whole_word) || sums_up(filled, row) => {
                Some(RowKind::Total)
            }
            _ if measured && called(is_statistic_word) => Some(RowKind::Statistic),
            _ if called(is_mean_word) && has_figures => Some(RowKind::Statistic),
            Some(Worked::Mean) => Some(RowKind::Statistic),
            _ => None,
        }
    }

    /// Whether a cell holds one of the choices its column offers: Share is a kind of interaction.
    fn offers(&self, column: &RowColumn, cell: &Cell) -> bool {
        let list = column.column.and_then(|index| self.table.columns[index].choices.as_ref());
        list.is_some_and(|list| self.choices.share(list, &[cell.content.to_text()]) > 0.0)
    }

    fn is_total(&self, row: u32, filled: &[(&RowColumn, &Cell)]) -> bool {
        // A total may stand under any of the first columns, also one of the team's own.
        let first_text = filled.iter().take(3).find_map(|(_, cell)| match &cell.content {
            Content::Text(text) if text.chars().count() <= 20 => Some(text.as_str()),
            _ => None,
        });
        // 推广资源 ¦ 小计: the word may stand in the second column.
        let second =
            filled.iter().take(3).filter_map(|(_, cell)| short_word(cell)).any(|word| is_total_word(&word));
        let says_total = second || first_text.is_some_and(says_total);
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
        // One cell in a wide table: a heading, or a sentence about the whole.
        let sentence = text.chars().count() > 8
            && (text.contains(['：', '。', '；', ':', ';']) || text.chars().count() > 24);
        if first.column.is_none() && text.chars().count() > 4 || is_heading(text) || after_gap && sentence {
            return true;
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

/// So many rows with names tell that a row without one at the end is none of them.
const TELLING_NAMES: usize = 5;

/// Where the rows with names end, if those after it have none and hold at most half as much as the others: dates and
/// sums noted at the foot of a table.
fn named_until(
    grid: &Grid,
    table: &Table,
    columns: &[RowColumn],
    rows: &[u32],
    width: (u32, u32),
) -> Option<u32> {
    let names = |column: &&RowColumn| {
        let id = column.column.map(|index| table.columns[index].id.as_str());
        table.needs.first().is_some_and(|need| need.split('|').any(|it| Some(it) == id))
    };
    let names: Vec<u32> = columns.iter().filter(names).map(|column| column.col).collect();
    let has_name = |row: &u32| {
        names.iter().any(|col| !grid.cell(grid.anchor(CellRef::new(*row, *col))).content.is_blank())
    };
    let last = rows.iter().rposition(has_name)?;
    let (named, foot) = rows.split_at(last + 1);
    let filled = |row: &u32| grid.filled(*row, width.0, width.1).count();
    let told = named.len() >= TELLING_NAMES && named.iter().all(has_name);
    let usual = named.iter().map(filled).sum::<usize>() / named.len().max(1);
    (told && !foot.is_empty() && foot.iter().all(|row| filled(row) * 2 <= usual)).then_some(named[last])
}

/// Whether the first words of a row say that it adds up others: 合计, 线上小计, 总计 12 项, Grand total.
pub fn says_total(text: &str) -> bool {
    let plain: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    let sums = ["合计", "小计", "总计"];
    is_total_word(&plain)
        || halves(&plain).iter().any(|(one, other)| is_total_word(one) && is_total_word(other))
        || (sums.iter().any(|word| plain.ends_with(word)) && plain.chars().count() <= 10)
        || (sums.iter().any(|word| plain.starts_with(word)) && plain.chars().count() <= 6)
        || is_total_phrase(text)
}

fn is_total_word(word: &str) -> bool {
    matches!(
        word,
        "合计"
            | "总计"
            | "小计"
            | "总和"
            | "共计"
            | "汇总"
            | "累计"
            | "总数"
            | "总额"
            | "本页合计"
            | "total"
            | "subtotal"
            | "grandtotal"
            | "sum"
            | "totals"
    )
}

/// `Total Expenses`, `Grand total (EUR)`.
fn is_total_phrase(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let mut words = lower.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let opens = words.next().is_some_and(|word| matches!(word, "total" | "subtotal" | "sub-total" | "grand"));
    opens && lower.split_whitespace().count() <= 3
}

/// What may be the sum of all rows, and may be the name of one.
pub fn is_whole_word(word: &str) -> bool {
    is_total_word(word)
        || matches!(
            word,
            "整体"
                | "总体"
                | "全部"
                | "全渠道"
                | "大盘"
                | "所有"
                | "全店"
                | "全国"
                | "all"
                | "overall"
                | "whole"
                | "accounttotal"
        )
}

/// What stands for no row of data in a table of figures.
fn is_statistic_word(word: &str) -> bool {
    is_mean_word(word)
        || matches!(
            word,
            "同比"
                | "环比"
                | "去年同期"
                | "上年同期"
                | "上期"
                | "上月"
                | "上周"
                | "占比"
                | "目标"
                | "差异"
                | "差额"
                | "增长率"
                | "增幅"
                | "完成率"
                | "达成率"
                | "比率"
                | "yoy"
                | "mom"
                | "wow"
                | "target"
                | "variance"
                | "difference"
                | "change"
                | "growth"
                | "share"
                | "同比增长"
                | "环比增长"
                | "本周目标"
                | "月目标"
        )
}

/// Whether a word is that of a sum, a mean or a change: 合计, 日均, 环比.
pub(super) fn is_worked_out(text: &str) -> bool {
    let plain: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    is_whole_word(&plain)
        || plain.ends_with("合计")
        || plain.ends_with("小计")
        || plain.starts_with("total")
        || ["平均", "均值", "日均", "月均", "周均", "同比", "环比", "增长", "占比", "average", "avg", "mean"]
            .iter()
            .any(|word| plain.starts_with(word))
}

fn is_mean_word(word: &str) -> bool {
    matches!(
        word,
        "平均"
            | "平均值"
            | "均值"
            | "日均"
            | "人均"
            | "月均"
            | "周均"
            | "平均数"
            | "中位数"
            | "最大值"
            | "最小值"
            | "标准差"
            | "avg"
            | "average"
            | "mean"
            | "median"
            | "max"
            | "min"
    )
}

/// The letters of a short text, folded.
fn short_word(cell: &Cell) -> Option<String> {
    match &cell.content {
        Content::Text(text) if text.chars().count() <= 20 => {
            Some(fold(text).chars().filter(|c| c.is_alphanumeric()).collect())
        }
        _ => None,
    }
}

/// Whether a row adds up cells with a formula.
fn sums_up(filled: &[(&RowColumn, &Cell)], row: u32) -> bool {
    filled.iter().any(|(_, cell)| {
        let formula = cell.formula.as_deref().unwrap_or_default().to_ascii_uppercase();
        (formula.starts_with("SUM(") || formula.starts_with("SUBTOTAL(")) && formula.contains(':') && row > 0
    })
}

/// Whether the filled cells of a line hold only the units of its columns: 万元 ¦ 万次 ¦ 单, with 年月日 for days.
pub(super) fn is_unit_line<'c>(filled: impl Iterator<Item = &'c Cell>) -> bool {
    let word = |cell: &Cell| match &cell.content {
        Content::Text(text) if text.chars().count() <= 8 => Some(fold(text)),
        _ => None,
    };
    let Some(words) = filled.map(word).collect::<Option<Vec<String>>>() else { return false };
    let named = |text: &str| {
        matches!(text, "年月日" | "日期" | "-" | "/" | "文本" | "yyyy-mm-dd" | "单位" | "(单位)")
    };
    let units = words.iter().filter(|word| unit_of(word.trim_matches(['(', ')'])).is_some()).count();
    units >= 2 && words.iter().all(|word| named(word) || unit_of(word.trim_matches(['(', ')'])).is_some())
}

/// `二、改进行动`, `（三）预算`.
fn is_heading(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['(', '（']);
    let numbers = text.chars().take_while(|c| "一二三四五六七八九十".contains(*c)).count();
    let next = text.chars().nth(numbers);
    numbers > 0 && matches!(next, Some('、' | ')' | '）' | '．')) && text.chars().count() > numbers + 1
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
