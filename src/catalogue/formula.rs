//! The formulas of the blanks, with holes.
//!
//! `{column}` is the cell of the same row, `{column@above}` the cell one row
//! up, `{table.column}` the whole range of another column and `{list:choice}`
//! the word of a choice in the workbook's language. `{#…}` is the number a cell
//! means, also where somebody typed `500万元`: `{#column}`, `{#column@above}`,
//! and `{#table.column@key}` in the row of the other table that has this row's
//! key. Who fills the holes knows where things stand; this module does not.

use std::fmt;

/// A piece of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Formula text as it stands.
    Text(&'a str),
    /// `{column}`: the cell of the same row.
    Cell(&'a str),
    /// `{column@above}`: the cell one row up.
    Above(&'a str),
    /// `{table.column}`: a whole column of a table.
    Range(&'a str, &'a str),
    /// `{list:choice}`: the word of a choice.
    Word(&'a str, &'a str),
    /// `{#…}`: the number a cell means.
    Number(Of<'a>),
}

/// Whose number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of<'a> {
    /// `{#column}`: the cell of the same row.
    Cell(&'a str),
    /// `{#column@above}`: the cell one row up.
    Above(&'a str),
    /// `{#table.column@key}`: the column of another table where its key is that of this row.
    Looked {
        /// The other table.
        table: &'a str,
        /// Its column.
        column: &'a str,
        /// The column of both that must be equal.
        key: &'a str,
    },
}

/// A hole that is never closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclosed(String);

impl fmt::Display for Unclosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the hole `{{{}` is not closed", self.0)
    }
}

/// The pieces of a formula, in order.
pub fn pieces(formula: &str) -> Result<Vec<Piece<'_>>, Unclosed> {
    let mut pieces = Vec::new();
    let mut rest = formula;
    while let Some((text, after)) = rest.split_once('{') {
        let Some((hole, tail)) = after.split_once('}') else { return Err(Unclosed(after.to_owned())) };
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        pieces.push(read_hole(hole));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

fn read_hole(hole: &str) -> Piece<'_> {
    if let Some(number) = hole.strip_prefix('#') {
        return Piece::Number(read_number(number));
    }
    if let Some((list, choice)) = hole.split_once(':') {
        Piece::Word(list, choice)
    } else if let Some((table, column)) = hole.split_once('.') {
        Piece::Range(table, column)
    } else if let Some(column) = hole.strip_suffix("@above") {
        Piece::Above(column)
    } else {
        Piece::Cell(hole)
    }
}

fn read_number(hole: &str) -> Of<'_> {
    match (hole.split_once('@'), hole.split_once('.')) {
        (Some((column, "above")), None) => Of::Above(column),
        (Some((_, key)), Some((table, rest))) => {
            Of::Looked { table, column: rest.split('@').next().unwrap_or_default(), key }
        }
        _ => Of::Cell(hole),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_hole_is_told_apart() {
        assert_eq!(
            pieces("{a}/{a@above}-SUM({kpi.target})={level:high}").unwrap(),
            [
                Piece::Cell("a"),
                Piece::Text("/"),
                Piece::Above("a"),
                Piece::Text("-SUM("),
                Piece::Range("kpi", "target"),
                Piece::Text(")="),
                Piece::Word("level", "high"),
            ]
        );
    }

    #[test]
    fn a_number_says_whose_it_is() {
        let holes = pieces("{#a}{#a@above}{#kpi.target@name}").unwrap();
        let looked = Of::Looked { table: "kpi", column: "target", key: "name" };
        assert_eq!(holes, [Of::Cell("a"), Of::Above("a"), looked].map(Piece::Number));
    }

    #[test]
    fn an_open_hole_is_an_error() {
        assert!(pieces("{a}+{b").is_err());
    }
}
