//! Labels beside live figures follow their rows: what a cell of ours repeats of a row of the team's is a reference to
//! it, so that a table sorted afterwards takes name, owner and amount along together.

use std::collections::HashMap;

use crate::cell::{CellRef, Place};
use crate::page::{Page, Role, Show};
use crate::review::Source;

/// The texts of a row of the team's with their cells.
type Row<'a> = Vec<(&'a str, &'a Place)>;

/// Lets labels and what stands beside them follow. Only where a label leads to its row is it sure to be of it; what
/// else in the line says the same as a cell of that row is taken from there.
pub fn follow(pages: &mut [Page], sources: &[Source]) {
    let mut rows: HashMap<(&str, u32), Row<'_>> = HashMap::new();
    for (at, text) in sources.iter().flat_map(|source| &source.texts) {
        rows.entry((&at.sheet, at.cell.row)).or_default().push((text, at));
    }
    for page in pages.iter_mut().filter(|page| !page.hidden) {
        for (at, from) in following(page, &rows) {
            if let Some(mut cell) = page.cells.get(&at).cloned() {
                cell.follows = Some(from);
                page.cells.insert(at, cell);
            }
        }
    }
}

/// The cells of a page that repeat a cell of the team's, with that cell.
fn following(page: &Page, rows: &HashMap<(&str, u32), Row<'_>>) -> Vec<(CellRef, Place)> {
    let cells: Vec<_> = page.cells.iter().collect();
    let mut following = Vec::new();
    for line in cells.chunk_by(|(one, _), (other, _)| one.row == other.row) {
        let labelled = line.iter().find_map(|(_, cell)| match &cell.show {
            Show::Link(text, to) => {
                rows.get(&(&*to.sheet, to.cell.row)).filter(|row| row.iter().any(|(said, _)| said == text))
            }
            _ => None,
        });
        let Some(row) = labelled else { continue };
        following.extend(line.iter().filter(|(_, cell)| cell.role != Role::Input).filter_map(
            |(at, cell)| {
                let (Show::Text(text) | Show::Link(text, _)) = &cell.show else { return None };
                let (_, from) = row.iter().find(|(said, _)| said == text)?;
                Some((**at, (*from).clone()))
            },
        ));
    }
    following
}
