//! A table as it was found on a sheet, before its values are read.

use indexmap::IndexMap;

use super::record::Region;
use crate::cell::CellRef;

/// A table found in a workbook.
#[derive(Debug, Clone)]
pub struct LocatedTable {
    /// Index of the table in the catalogue.
    pub table: usize,
    /// Index of the sheet.
    pub sheet: usize,
    /// Where, and why we think so.
    pub region: Region,
    /// How it lies there.
    pub shape: Shape,
    /// The table kept in the same rows, with columns of its own.
    pub guest: Option<Box<LocatedTable>>,
}

/// How a table lies on its sheet.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A header row and one record a row; also a form turned sideways.
    Rows {
        /// First and last column of the header.
        columns: (u32, u32),
        /// Column index in the table → sheet column.
        at: IndexMap<usize, u32>,
        /// Columns that are none of ours: sheet column and header.
        extra: Vec<(u32, String)>,
        /// First and last row that may hold data.
        body: (u32, u32),
        /// Rows of the body that repeat the header or its title.
        repeated: Vec<u32>,
        /// Columns whose one value for all rows stands above them: column index in the table, cell.
        given: Vec<(usize, CellRef)>,
    },
    /// Records whose cells lie anywhere: a crosstab.
    Across {
        /// Column index in the table → cell, for each record.
        records: Vec<IndexMap<usize, CellRef>>,
        /// The first row below its header.
        body: u32,
    },
    /// Labels with their values beside them.
    Form {
        /// Column index in the table → value cell.
        at: IndexMap<usize, CellRef>,
        /// Labels that are none of ours: label and value cell.
        extra: Vec<(String, CellRef)>,
    },
}
