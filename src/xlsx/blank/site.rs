//! Where the tables of a blank stand, so that formulas, links and lists can
//! point at them.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::catalogue::{Catalogue, Column, Layout, Member, Table, Template};
use crate::cell::{Area, CellRef};
use crate::locale::Lang;

/// The header row of every table, counted from zero: title and hint stand above.
pub(super) const HEADER: u32 = 2;
/// The first row of data.
pub(super) const FIRST: u32 = HEADER + 1;
/// The column of a form in which people write.
pub(super) const CONTENT: u32 = 1;

/// One table of the blank, with its sheet.
pub(super) struct Site<'a> {
    pub table: &'a Table,
    pub core: bool,
    pub hidden: bool,
    pub sheet: String,
}

/// The tables of the blank, in order.
pub(super) struct Sites<'a> {
    pub catalogue: &'a Catalogue,
    pub lang: Lang,
    by_id: IndexMap<&'a str, Site<'a>>,
}

impl<'a> Sites<'a> {
    /// The tables of a template; `hidden` names those out of sight, which no core table is.
    pub fn new(
        catalogue: &'a Catalogue,
        template: &'a Template,
        hidden: &BTreeSet<String>,
        lang: Lang,
    ) -> Sites<'a> {
        let site = |member: &'a Member| {
            let table = catalogue.tables.get(&member.id)?;
            let hidden = !member.core && hidden.contains(&member.id);
            Some((
                member.id.as_str(),
                Site { table, core: member.core, hidden, sheet: table.label.get(lang) },
            ))
        };
        Sites { catalogue, lang, by_id: template.tables.iter().filter_map(site).collect() }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Site<'a>> {
        self.by_id.values()
    }

    pub fn get(&self, table: &str) -> Option<&Site<'a>> {
        self.by_id.get(table)
    }

    /// The range a reference (`tasks.code`, or `problems` for its codes) offers to choose from.
    pub fn referred(&self, target: &str) -> Option<String> {
        let (table, column) = target.split_once('.').map_or((target, None), |(table, id)| (table, Some(id)));
        let site = self.get(table)?;
        let position = match column {
            Some(id) => site.position(id)?,
            None => site.table.columns.iter().position(|column| column.unique)? as u32,
        };
        Some(site.range(position))
    }
}

impl Site<'_> {
    /// The place of a column among its table's columns.
    pub fn position(&self, column: &str) -> Option<u32> {
        self.table.columns.iter().position(|it| it.id == column).map(|position| position as u32)
    }

    /// The last row offered for data.
    pub fn last(&self) -> u32 {
        let rows = match self.table.layout {
            Layout::Form => self.table.columns.len() as u32,
            Layout::List => (self.table.rows.len() as u32 + self.table.blank_rows).max(1),
        };
        FIRST + rows - 1
    }

    /// The data cells of a column of this list, or of an item of this form.
    pub fn cells(&self, position: u32) -> Area {
        match self.table.layout {
            Layout::Form => {
                let cell = CellRef::new(FIRST + position, CONTENT);
                Area::new(cell, cell)
            }
            Layout::List => Area::new(CellRef::new(FIRST, position), CellRef::new(self.last(), position)),
        }
    }

    /// The same with the sheet, absolute, as formulas of other sheets write it.
    pub fn range(&self, position: u32) -> String {
        self.on_sheet(self.cells(position))
    }

    /// Any area of this sheet, absolute, with the sheet.
    pub fn on_sheet(&self, area: Area) -> String {
        format!("{}!{}", quoted_sheet(&self.sheet), absolute(area))
    }

    /// Columns a person fills in and the blank does not: what puts a row to use.
    pub fn telling(&self) -> impl Iterator<Item = (u32, &Column)> {
        let columns = (0u32..).zip(&self.table.columns);
        columns.filter(|(_, column)| column.formula.is_none() && !self.table.prefills(&column.id))
    }
}

/// `$A$1:$C$3`, or `$A$1`.
pub(super) fn absolute(area: Area) -> String {
    if area.first == area.last {
        area.first.absolute()
    } else {
        format!("{}:{}", area.first.absolute(), area.last.absolute())
    }
}

/// A sheet name as formulas write it.
pub(super) fn quoted_sheet(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// A text as formulas write it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
