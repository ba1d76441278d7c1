//! Rows and forms the host has no room for: a sheet of their own, 合并新增-<表>. It is the team's like any other,
//! so that figures are made of it and the next run reads it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::findings::{INTERNAL_ERROR, not_grafted};
use super::super::one::Settings;
use crate::asked::words;
use crate::catalogue::{Column, Layout, Table};
use crate::cell::{CellRef, Content, Place};
use crate::diagnostic::Finding;
use crate::merge::reading::{OWN, to_content};
use crate::merge::{Held, Seat, Settled};
use crate::page::{Page, PageCell, Role, Shape, Tab};
use crate::xlsx::graft::{Addition, Owner, Placement, graft};
use crate::xlsx::write::{WriteOptions, addition};

/// A title runs over so many columns.
const WIDE: u32 = 4;
/// Excel's names of sheets are no longer.
const LONGEST: usize = 31;

/// The host with the sheets, and what stands on them.
pub(super) struct Housed {
    /// The package.
    pub package: Vec<u8>,
    /// Where each value stands.
    pub cells: Vec<(Place, Seat, Held)>,
    /// Where each row begins.
    pub rows: Vec<(String, String, Place)>,
}

/// One sheet being laid out.
struct Leaf<'a> {
    page: Page,
    table: &'a Table,
    cells: Vec<(Place, Seat, Held)>,
    rows: Vec<(String, String, Place)>,
}

impl Leaf<'_> {
    fn put(&mut self, row: u32, col: u32, seat: &Seat, held: &Held) {
        let at = CellRef::new(row, col);
        self.page.put(at, shown(&to_content(&held.stored)));
        self.cells.push((Place::new(self.page.name.clone(), at), seat.clone(), held.clone()));
    }

    /// A form: an item a row.
    fn form(&mut self, values: &[(&Seat, &Held)], settings: &Settings<'_>) {
        for column in &self.table.columns {
            let row = self.page.next_row();
            self.page.put(CellRef::new(row, 0), PageCell::from(column.label.get(settings.lang)));
            if let Some((seat, held)) = values.iter().find(|(seat, _)| seat.column == column.id) {
                self.put(row, 1, seat, held);
            }
            self.page.skip(1);
        }
    }

    /// A list: its header with every column of the blank and those of the teams, then a row each.
    fn list(
        &mut self,
        values: &[(&Seat, &Held)],
        headers: &BTreeMap<String, String>,
        settings: &Settings<'_>,
    ) {
        let typed = |column: &Column| values.iter().any(|(seat, _)| seat.column == column.id);
        let plain = self.table.columns.iter().filter(|column| column.formula.is_none() || typed(column));
        let mut columns: Vec<(String, String)> =
            plain.map(|column| (column.id.clone(), column.label.get(settings.lang))).collect();
        let own: BTreeSet<&String> =
            values.iter().map(|(seat, _)| &seat.column).filter(|column| column.starts_with(OWN)).collect();
        let own = own.into_iter().map(|id| {
            let header = headers.get(id).cloned();
            (id.clone(), header.unwrap_or_else(|| id.trim_start_matches(OWN).to_owned()))
        });
        columns.extend(own);
        self.page.row(Role::Header, columns.iter().map(|(_, label)| label.clone()));
        let mut rows: Vec<&String> = values.iter().map(|(seat, _)| &seat.row).collect();
        rows.dedup();
        for id in rows {
            let row = self.page.next_row();
            let at = Place::new(self.page.name.clone(), CellRef::new(row, 0));
            self.rows.push((self.table.id.clone(), id.clone(), at));
            for (seat, held) in values.iter().filter(|(seat, _)| seat.row == *id) {
                if let Some(col) = columns.iter().position(|(column, _)| *column == seat.column) {
                    self.put(row, col as u32, seat, held);
                }
            }
            self.page.skip(1);
        }
    }
}

/// Adds the sheets; `homeless` are the rows that have no place. `None` where nothing of them is filled in.
pub(super) fn house(
    package: &[u8],
    homeless: &BTreeSet<(String, String)>,
    headers: &BTreeMap<String, String>,
    settled: &Settled,
    settings: &Settings<'_>,
) -> Result<Option<Housed>, Box<Finding>> {
    let (mut pages, mut cells, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for table in settings.catalogue.tables.values() {
        let here = |seat: &&Seat| homeless.contains(&(seat.table.clone(), seat.row.clone()));
        let of = settled
            .cells
            .iter()
            .filter(|(seat, cell)| seat.table == table.id && !cell.holds.key.is_empty() && here(seat));
        let values: Vec<(&Seat, &Held)> = of.map(|(seat, cell)| (seat, &cell.holds)).collect();
        if values.is_empty() {
            continue;
        }
        let title = table.label.get(settings.lang);
        let name = words(settings.lang).say("overflow", &[("table", &title)]);
        let name: String = name.chars().take(LONGEST).collect();
        let mut leaf =
            Leaf { page: Page::new(name, Tab::Appendix), table, cells: Vec::new(), rows: Vec::new() };
        leaf.page.set_widths(&[18.0; 24]);
        leaf.page.line(Role::Title, WIDE, title);
        match table.layout {
            Layout::Form => leaf.form(&values, settings),
            Layout::List => leaf.list(&values, headers, settings),
        }
        pages.push(leaf.page);
        cells.extend(leaf.cells);
        rows.extend(leaf.rows);
    }
    if pages.is_empty() {
        return Ok(None);
    }
    let options = WriteOptions { lang: settings.lang, title: String::new(), properties: Vec::new() };
    let unfinished = addition(&pages, &[], &options).map_err(|_| Box::new(Finding::new(&INTERNAL_ERROR)))?;
    let written = unfinished.written();
    let addition = Addition {
        package: &written.package,
        last_touch: unfinished.last_touch(),
        sheets: &written.sheets,
        theirs: &[],
        placement: Placement::After,
        activate: false,
        owner: Owner::Team,
        issue: None,
    };
    let grafted = graft(package, &addition, &[]).map_err(|error| Box::new(not_grafted(&error)))?;
    // Where there is a sheet of that name, ours has a number behind its own.
    let renamed = |place: &mut Place| {
        if let Some((_, given)) = grafted.names.iter().find(|(wanted, _)| **wanted == *place.sheet) {
            place.sheet = given.as_str().into();
        }
    };
    cells.iter_mut().for_each(|(at, ..)| renamed(at));
    rows.iter_mut().for_each(|(.., at)| renamed(at));
    Ok(Some(Housed { package: grafted.package, cells, rows }))
}

fn shown(content: &Content) -> PageCell {
    match content {
        Content::Number(n) => PageCell::from(*n),
        Content::Serial(day) => PageCell::from(*day).shaped(Shape::Date),
        Content::Blank => PageCell::default(),
        other => PageCell::from(other.to_text()).shaped(Shape::Wrapped),
    }
}
