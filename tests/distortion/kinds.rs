//! Every kind of distortion, in the order in which a workbook goes through them.

use super::made::Made;
use super::{arranged, headed, lined, spelt, tabs, together};
use crate::injection::chance::Chance;

/// One kind of distortion.
pub struct Kind {
    pub name: &'static str,
    /// Distorts a workbook; false where there is nothing to distort.
    pub distort: fn(&mut Made, &mut Chance, &'static str) -> bool,
}

const fn kind(name: &'static str, distort: fn(&mut Made, &mut Chance, &'static str) -> bool) -> Kind {
    Kind { name, distort }
}

/// All of them, values first, then headers, lines, places and sheets.
pub const KINDS: &[Kind] = &[
    kind("long numbers as text", spelt::numbers_as_text),
    kind("percentages in other forms", spelt::percentages),
    kind("dates in other forms", spelt::dates),
    kind("figures in other forms", spelt::figures),
    kind("units in headers", spelt::units),
    kind("two tables in the same rows", together::in_same_rows),
    kind("headers by other names", headed::aliases),
    kind("headers of the team's own (fupan.toml)", headed::own_names),
    kind("headers in English", headed::english),
    kind("headers in Traditional Chinese", headed::traditional),
    kind("headers in full width", headed::full_width),
    kind("line feeds and marks in headers", headed::decorated),
    kind("the unit in a line above", spelt::unit_above),
    kind("columns in another order", lined::reordered),
    kind("columns of the team's own", lined::extra_columns),
    kind("a header twice, blank below", lined::blank_twin),
    kind("a header twice, other figures below", lined::other_twin),
    kind("header under merged groups", headed::grouped),
    kind("header under groups, not merged", headed::loose),
    kind("header cells over two rows", headed::tall),
    kind("rows that share a cell", lined::joined),
    kind("blank rows between", lined::blank_rows),
    kind("a total row", lined::total),
    kind("notes below", lined::notes),
    kind("the header again", lined::repeated_header),
    kind("form turned sideways", arranged::sideways),
    kind("form in pairs", arranged::pairs),
    kind("form without its top line", arranged::bare_form),
    kind("header moved down", headed::moved_down),
    kind("a table on two sheets", tabs::split),
    kind("tables below each other", arranged::stacked),
    kind("tables side by side", arranged::beside),
    kind("tables side by side, no gap", arranged::touching),
    kind("blank columns at the left", arranged::indented),
    kind("sheet called by another name", tabs::renamed),
    kind("sheet called Sheet3", tabs::unnamed),
    kind("sheets in another order", tabs::reordered),
    kind("sheet hidden", tabs::hidden),
    kind("a copy of a sheet", tabs::copied),
    kind("identity lost", tabs::no_identity),
    kind("table ids lost", tabs::no_ids),
];
