//! 填写完整度: how much of what is required was filled in (spec: `1-tables`).

use crate::catalogue::Catalogue;
use crate::catalogue::record::{Field, Records, Value};
use crate::expr::Expr;
use crate::metrics;
use crate::quantity::Nothing;

metrics! {
    COMPLETENESS = "completeness",
}

/// How much of one table was filled in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Filled {
    /// Table id.
    pub table: String,
    /// Rows in use.
    pub rows: usize,
    /// Cells that are required: required columns × rows; one row where a core table is empty.
    pub required: usize,
    /// Those of them that were filled in.
    pub filled: usize,
    /// Whether the workbook's template marks the table as core.
    pub core: bool,
}

/// 填写完整度: filled ÷ required.
pub fn completeness(filled: Expr, required: Expr) -> Expr {
    (filled / required).known()
}

/// Counts every table in use, and the core tables that are not, in catalogue order.
pub fn count(catalogue: &Catalogue, records: &Records) -> Vec<Filled> {
    let template = records.identity.template.as_ref().and_then(|id| catalogue.templates.get(id));
    let is_core =
        |id: &str| template.is_some_and(|t| t.tables.iter().any(|member| member.id == id && member.core));
    let mut counts = Vec::new();
    for (id, table) in &catalogue.tables {
        let columns: Vec<&str> =
            table.columns.iter().filter(|column| column.required).map(|column| column.id.as_str()).collect();
        let rows = records.tables.get(id).map_or(&[][..], |table| &table.rows);
        let core = is_core(id);
        if rows.is_empty() && !core {
            continue;
        }
        let filled = rows
            .iter()
            .flat_map(|row| columns.iter().map(|column| row.fields.get(*column)))
            .filter(|field| field.is_some_and(is_filled))
            .count();
        counts.push(Filled {
            table: id.clone(),
            rows: rows.len(),
            required: columns.len() * rows.len().max(1),
            filled,
            core,
        });
    }
    counts
}

/// Something was typed that is not a placeholder; what does not apply counts as answered, what is pending does not.
fn is_filled(field: &Field<Value>) -> bool {
    !matches!(field.nothing, Some(Nothing::Blank | Nothing::Placeholder | Nothing::Pending))
        && field.at.is_some()
}
