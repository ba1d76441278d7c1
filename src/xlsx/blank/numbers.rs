//! Names by which formulas refer to the cells of their row, and to the numbers these mean.
//!
//! A name is written once and its row follows the cell that uses it, so a formula is the same text in every row: that
//! is what makes a column of an Excel table a calculated one, whose formula new rows get. And what a text like `500万元`
//! or `≥15%` amounts to is said once for a column. Functions of Excel 2013 only.

use std::collections::BTreeMap;

use super::site::{FIRST, Site, Sites, absolute, quoted, quoted_sheet};
use crate::catalogue::formula::{Of, Piece, pieces};
use crate::catalogue::{Column, Layout};
use crate::cell::{Area, CellRef, column_name};

/// Words that stand beside a number and say nothing against it.
const BESIDE: [&str; 22] = [
    "元",
    "¥",
    "￥",
    ",",
    "，",
    " ",
    "≥",
    "≤",
    "＞",
    "＜",
    ">",
    "<",
    "=",
    "约",
    "不低于",
    "不超过",
    "以上",
    "以内",
    "人",
    "次",
    "单",
    "件",
];
/// Signs with which Excel would read a day, a time or a span of values.
const NO_NUMBER: [&str; 6] = ["/", "-", ":", "~", "至", "年"];
/// Rows below the last one offered that whole columns still reach.
const SPARE_ROWS: u32 = 100;

/// The names in use and what they stand for.
pub(super) type Names = BTreeMap<String, String>;

/// A column's live formula, the same in every row, with the names it uses; `None` where it has none, or where it
/// needs a table this blank leaves out.
pub(super) fn formula(sites: &Sites, site: &Site, column: &Column, names: &mut Names) -> Option<String> {
    let mut text = String::from("=");
    for piece in pieces(column.formula.as_deref()?).ok()? {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Cell(id) => text.push_str(&cell(site, id, names)?),
            // Nothing but numbers is asked of the row above.
            Piece::Above(id) => text.push_str(&number(sites, site, Of::Above(id), names)?),
            Piece::Number(of) => text.push_str(&number(sites, site, of, names)?),
            Piece::Range(table, id) => {
                let other = sites.get(table)?;
                text.push_str(&range(other, other.position(id)?));
            }
            Piece::Word(list, id) => {
                let choice = sites.catalogue.choices.get(list)?.iter().find(|choice| choice.id == id)?;
                text.push_str(&quoted(&choice.label.get(sites.lang)));
            }
        }
    }
    Some(text)
}

/// The cell of a column in the row of whoever uses the name.
pub(super) fn cell(site: &Site, column: &str, names: &mut Names) -> Option<String> {
    let col = column_name(site.position(column)?);
    let name = format!("_fupan.cell.{}.{column}", site.table.id);
    // As if it were asked for in the first row.
    names.insert(name.clone(), format!("{}!${col}1", quoted_sheet(&site.sheet)));
    Some(name)
}

/// A whole column of a list, or the one cell of a form.
pub(super) fn range(site: &Site, position: u32) -> String {
    site.on_sheet(reach(site, position))
}

/// The same as formulas of its own sheet write it.
pub(super) fn area(site: &Site, position: u32) -> String {
    absolute(reach(site, position))
}

fn reach(site: &Site, position: u32) -> Area {
    let cells = site.cells(position);
    match site.table.layout {
        Layout::Form => cells,
        Layout::List => {
            Area::new(CellRef::new(FIRST, position), CellRef::new(cells.last.row + SPARE_ROWS, position))
        }
    }
}

/// The number a cell means; an empty text where it means none.
pub(super) fn number(sites: &Sites, site: &Site, of: Of<'_>, names: &mut Names) -> Option<String> {
    let table = &site.table.id;
    let (key, typed) = match of {
        Of::Cell(column) => (format!("{table}.{column}"), cell(site, column, names)?),
        Of::Above(column) => {
            let col = column_name(site.position(column)?);
            let whole = format!("{}!${col}:${col}", quoted_sheet(&site.sheet));
            (format!("{table}.{column}.above"), format!("INDEX({whole},ROW()-1)"))
        }
        Of::Looked { table: other, column, key } => {
            let own = cell(site, key, names)?;
            let other = sites.get(other)?;
            let range = |column: &str| Some(range(other, other.position(column)?));
            let typed = format!("INDEX({},MATCH({own},{},0))", range(column)?, range(key)?);
            (format!("{table}.{}.{column}", other.table.id), typed)
        }
    };
    Some(meant(&key, &typed, "\"\"", names))
}

/// The sum of the numbers a column means.
pub(super) fn sum(site: &Site, column: &str, names: &mut Names) -> Option<String> {
    let typed = range(site, site.position(column)?);
    let key = format!("{}.{column}.all", site.table.id);
    Some(format!("SUMPRODUCT({})", meant(&key, &typed, "0", names)))
}

/// The name of what a typed cell means as a number.
pub(super) fn meant(key: &str, typed: &str, otherwise: &str, names: &mut Names) -> String {
    let bare = format!("_fupan.text.{key}");
    let text = BESIDE
        .iter()
        .fold(typed.to_owned(), |text, word| format!("SUBSTITUTE({text},{},\"\")", quoted(word)));
    names.insert(bare.clone(), format!("SUBSTITUTE({text},\"％\",\"%\")"));
    let odd: Vec<String> =
        NO_NUMBER.iter().map(|sign| format!("ISNUMBER(FIND({},{typed}))", quoted(sign))).collect();
    let scaled = |words: [&str; 2], scale: &str, rest: String| {
        let [first, second] = words.map(quoted);
        format!(
            "IF((RIGHT({bare})={first})+(RIGHT({bare})={second})>0,VALUE(LEFT({bare},LEN({bare})-1))*{scale},{rest})"
        )
    };
    let value = scaled(["亿", "億"], "100000000", scaled(["万", "萬"], "10000", format!("VALUE({bare})")));
    let name = format!("_fupan.number.{key}");
    let number = format!(
        "IF(ISNUMBER({typed}),{typed},IF({}>0,{otherwise},IFERROR({value},{otherwise})))",
        odd.join("+")
    );
    names.insert(name.clone(), number);
    name
}
