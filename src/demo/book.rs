//! A blank of our own, and what people type into it.

use std::collections::{BTreeMap, BTreeSet};

use super::story::Story;
use super::typed::Typed;
use crate::catalogue::decode::{ReadPolicy, decode};
use crate::catalogue::{Catalogue, Layout};
use crate::cell::{CellRef, Place};
use crate::diagnostic::Sink;
use crate::locale::Lang;
use crate::xlsx::blank::{Identity, blank};
use crate::xlsx::graft::{Amendment, amend, sign};
use crate::xlsx::guard::Limits;
use crate::xlsx::read::read;

/// A blank as it was issued, and where its columns stand.
#[derive(Debug)]
pub(super) struct Blank {
    package: Vec<u8>,
    /// Table and column → header cell, and whether values stand beside it.
    columns: BTreeMap<(String, String), (Place, Layout)>,
}

/// Who saved a workbook, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hand<'a> {
    pub by: &'a str,
    pub at: &'a str,
}

impl Blank {
    /// The blank a campaign is issued with.
    pub fn issue(story: &Story<'_>) -> Result<Blank, String> {
        let catalogue = Catalogue::shipped();
        let template = catalogue.templates.get(&story.facts.template).ok_or("no such template")?;
        let identity = Identity {
            campaign: Some(story.id.clone()),
            name: Some(story.name.clone()),
            issued: Some(story.issued),
            snapshot: true,
            ..Identity::of(template)
        };
        let package = blank(catalogue, template, &identity, Lang::Zh).map_err(|error| error.to_string())?;
        let workbook = read(&package, &Limits::default()).map_err(|refusal| format!("{refusal:?}"))?;
        let records = decode(catalogue, &workbook, &ReadPolicy::default(), &mut Sink::default());
        let mut columns = BTreeMap::new();
        for (id, table) in &records.tables {
            let layout = catalogue.tables.get(id).map_or(Layout::List, |table| table.layout);
            for (column, matched) in table.regions.iter().flat_map(|region| &region.columns) {
                columns.insert((id.clone(), column.clone()), (matched.at.clone(), layout));
            }
        }
        Ok(Blank { package, columns })
    }

    /// Tables it has.
    pub fn tables(&self) -> BTreeSet<&str> {
        self.columns.keys().map(|(table, _)| table.as_str()).collect()
    }

    /// The blank with this typed in, saved by somebody. What it has no column for is left out.
    pub fn filled(&self, cells: &[Typed], hand: Hand<'_>) -> Result<Vec<u8>, String> {
        let amendments: Vec<Amendment> = cells.iter().filter_map(|cell| self.typed(cell)).collect();
        let amended = amend(&self.package, &amendments).map_err(|error| error.to_string())?;
        if let Some((at, why)) = amended.left.first() {
            return Err(format!("{} {why:?}", amendments[*at].at));
        }
        sign(&amended.package, hand.by, hand.at).map_err(|error| error.to_string())
    }

    fn typed(&self, cell: &Typed) -> Option<Amendment> {
        let (header, layout) = self.columns.get(&(cell.table.to_owned(), cell.column.to_owned()))?;
        let CellRef { row, col } = header.cell;
        let at = match layout {
            Layout::Form => CellRef::new(row, col + 1),
            Layout::List => CellRef::new(row + 1 + cell.row as u32, col),
        };
        Some(Amendment { at: Place { sheet: header.sheet.clone(), cell: at }, value: cell.value.clone() })
    }
}
