//! Where settled values stand in the host, and their writing: each is read back, and what did not come out
//! as it was meant is written otherwise, or told and left.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::findings::not_grafted;
use super::super::one::{Opened, Settings, read_opened};
use super::overflow::{Housed, house};
use super::{Copy, Known};
use crate::catalogue::record::{Record, Records, Region};
use crate::catalogue::{Catalogue, Layout, Table};
use crate::cell::{CellRef, Content, Place};
use crate::diagnostic::Finding;
use crate::locale::fold;
use crate::merge::reading::{FORM, OWN, held, of_content, own, to_content};
use crate::merge::{Held, Seat, Settled};
use crate::workbook::{Sheet, Workbook};
use crate::xlsx::graft::{Amendment, amend};

/// What was written into the host.
pub(super) struct Written {
    /// The package.
    pub package: Vec<u8>,
    /// Cells, in order of their places: where, which seat, what was there, what is.
    pub cells: Vec<(Place, Seat, Held, Held)>,
    /// Rows of other copies that were added, and where they begin.
    pub added: Vec<(String, String, Place)>,
    /// Rows that were taken out, and where they began.
    pub removed: Vec<(String, String, Place)>,
    /// What found no place.
    pub left: Vec<(Seat, Held)>,
    /// Settled values as they read where they stand now.
    pub as_read: BTreeMap<Seat, Held>,
    /// Where each settled value stands.
    pub places: BTreeMap<Seat, Place>,
}

/// A cell about to be written.
struct Planned {
    at: Place,
    seat: Seat,
    was: Held,
    is: Held,
    factor: f64,
    attempt: usize,
}

impl Planned {
    /// First as the other cell stores it, then the value in this column's unit, then as a text.
    fn content(&self) -> Option<Content> {
        if self.is.key.is_empty() {
            return (self.attempt == 0).then_some(Content::Blank);
        }
        match self.attempt {
            0 => Some(to_content(&self.is.stored)),
            1 => {
                let number = self.is.key.strip_prefix('n').and_then(|number| number.parse::<f64>().ok());
                Some(number.map_or_else(
                    || Content::Text(self.is.text.clone()),
                    |n| Content::Number(n / self.factor),
                ))
            }
            2 => Some(Content::Text(self.is.text.clone())),
            _ => None,
        }
    }
}

/// Writes what is settled into a copy.
pub(super) fn write(
    host: &Copy<'_, '_>,
    known: &Known,
    settled: &Settled,
    settings: &Settings<'_>,
) -> Result<Written, Box<Finding>> {
    let mut desk = Desk::of(host, known, settings.catalogue);
    desk.plan(settled);
    let housed = house(host.opened.package(), &desk.homeless(), &known.headers, settled, settings)?;
    let original = match &housed {
        Some(housed) => housed.package.as_slice(),
        None => host.opened.package(),
    };
    if let Some(housed) = &housed {
        desk.take(housed);
    }
    let mut package = original.to_vec();
    let mut unread = housed.is_some();
    loop {
        let mut amendments = Vec::new();
        for one in &desk.planned {
            amendments.extend(one.content().map(|value| Amendment { at: one.at.clone(), value }));
        }
        let headers = desk.headers.iter().cloned();
        let all: Vec<Amendment> = amendments.into_iter().chain(headers).collect();
        if all.is_empty() && !unread {
            break;
        }
        unread = false;
        let amended = amend(original, &all).map_err(|error| Box::new(not_grafted(&error)))?;
        package = amended.package;
        let unwritable: BTreeSet<Place> =
            amended.left.iter().filter_map(|(at, _)| all.get(*at)).map(|it| it.at.clone()).collect();
        let read = read_opened(&Opened::of(&package), &host.handed.name, settings)?;
        let now = Cells::of(&read.review.records, &read.workbook);
        let mut again = false;
        let planned = std::mem::take(&mut desk.planned);
        for mut one in planned {
            if unwritable.contains(&one.at) {
                again = true;
                desk.left.push((one.seat, one.is));
                continue;
            }
            let there = now.at(&one.at, &one.seat.column, &read.workbook);
            // What somebody wrote instead of all answers is what it reads as.
            let own = one.is.key.starts_with('t')
                && !there.key.starts_with('x')
                && there.text.trim() == one.is.text.trim();
            if there.key == one.is.key || own {
                desk.as_read.insert(one.seat.clone(), there);
                desk.planned.push(one);
                continue;
            }
            again = true;
            one.attempt += 1;
            if one.content().is_some() {
                desk.planned.push(one);
            } else {
                desk.left.push((one.seat, one.is));
            }
        }
        if !again {
            break;
        }
        if desk.planned.is_empty() {
            package = original.to_vec();
            break;
        }
    }
    let mut cells: Vec<(Place, Seat, Held, Held)> =
        desk.planned.into_iter().map(|one| (one.at, one.seat, one.was, one.is)).collect();
    cells.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    desk.left.sort();
    Ok(Written {
        package,
        cells,
        added: desk.added,
        removed: desk.removed,
        left: desk.left,
        as_read: desk.as_read,
        places: desk.places,
    })
}

/// Fields by their place.
struct Cells<'a>(HashMap<(Place, &'a str), Held>);

impl<'a> Cells<'a> {
    fn of(records: &'a Records, workbook: &Workbook) -> Cells<'a> {
        let mut cells = HashMap::new();
        for table in records.tables.values() {
            for record in &table.rows {
                for (column, field) in &record.fields {
                    if let Some(at) = &field.at {
                        cells.insert((at.clone(), column.as_str()), held(field, workbook));
                    }
                }
            }
        }
        Cells(cells)
    }

    fn at(&self, place: &Place, column: &str, workbook: &Workbook) -> Held {
        if let Some(held) = self.0.get(&(place.clone(), column)) {
            return held.clone();
        }
        // A column of the team's own, or a cell of a row that is empty now.
        let content = workbook.sheet(&place.sheet).map(|sheet| sheet.content(place.cell));
        let own = column.starts_with(OWN);
        content.filter(|content| own && !content.is_blank()).map(of_content).unwrap_or_default()
    }
}

/// The host while values are given their places.
struct Desk<'a, 'b> {
    host: &'b Copy<'a, 'b>,
    known: &'b Known,
    catalogue: &'b Catalogue,
    planned: Vec<Planned>,
    headers: Vec<Amendment>,
    added: Vec<(String, String, Place)>,
    removed: Vec<(String, String, Place)>,
    left: Vec<(Seat, Held)>,
    as_read: BTreeMap<Seat, Held>,
    places: BTreeMap<Seat, Place>,
    /// Rows given to new records: table and row → where.
    given: BTreeMap<(String, String), Option<(usize, u32)>>,
    taken: BTreeSet<(String, u32)>,
    own_columns: BTreeMap<(String, String), Option<u32>>,
}

impl<'a, 'b> Desk<'a, 'b> {
    fn of(host: &'b Copy<'a, 'b>, known: &'b Known, catalogue: &'b Catalogue) -> Desk<'a, 'b> {
        Desk {
            host,
            known,
            catalogue,
            planned: Vec::new(),
            headers: Vec::new(),
            added: Vec::new(),
            removed: Vec::new(),
            left: Vec::new(),
            as_read: BTreeMap::new(),
            places: BTreeMap::new(),
            given: BTreeMap::new(),
            taken: BTreeSet::new(),
            own_columns: BTreeMap::new(),
        }
    }

    fn records(&self) -> &'b Records {
        &self.host.read.review.records
    }

    fn plan(&mut self, settled: &Settled) {
        let Some(copied) = &self.host.read.review.copied else { return };
        let gone: BTreeSet<(&str, &str)> =
            settled.removed.iter().map(|one| (one.table.as_str(), one.row.as_str())).collect();
        for (table, row) in &gone {
            self.remove(table, row);
        }
        let place = |seat: &Seat| {
            let row = self.known.order.get(&(seat.table.clone(), seat.row.clone())).copied();
            (seat.table.clone(), row.unwrap_or(usize::MAX), seat.clone())
        };
        let mut cells: Vec<_> = settled.cells.iter().collect();
        cells.sort_by_cached_key(|(seat, _)| place(seat));
        for (seat, cell) in cells {
            if gone.contains(&(seat.table.as_str(), seat.row.as_str())) {
                continue;
            }
            let here = copied.row(&seat.table, &seat.row);
            let now = here.and_then(|row| row.cells.get(&seat.column)).cloned().unwrap_or_default();
            let place = self.place(seat, here.is_some(), settled);
            if let Some((at, factor)) = &place {
                self.places.insert(seat.clone(), at.clone());
                if now.key != cell.holds.key {
                    self.planned.push(Planned {
                        at: at.clone(),
                        seat: seat.clone(),
                        was: now,
                        is: cell.holds.clone(),
                        factor: *factor,
                        attempt: 0,
                    });
                }
            } else if now.key != cell.holds.key {
                self.left.push((seat.clone(), cell.holds.clone()));
            }
        }
    }

    /// Rows of which nothing has a place: what finds none in a row that has one stays where it is listed.
    fn homeless(&self) -> BTreeSet<(String, String)> {
        let none = |row: &(String, String)| match self.given.get(row) {
            Some(room) => room.is_none(),
            None => {
                row.1 == FORM && self.places.keys().all(|seat| (&seat.table, &seat.row) != (&row.0, &row.1))
            }
        };
        let rows = self.left.iter().map(|(seat, _)| (seat.table.clone(), seat.row.clone()));
        rows.filter(|row| none(row)).collect()
    }

    /// Takes over where a sheet of their own has room for them.
    fn take(&mut self, housed: &Housed) {
        for (at, seat, held) in &housed.cells {
            self.left.retain(|(known, _)| known != seat);
            self.places.insert(seat.clone(), at.clone());
            let (seat, was, is) = (seat.clone(), Held::blank(), held.clone());
            self.planned.push(Planned { at: at.clone(), seat, was, is, factor: 1.0, attempt: 0 });
        }
        self.added.extend(housed.rows.iter().cloned());
    }

    fn record(&self, table: &str, row: &str) -> Option<&'b Record> {
        let copied = self.host.read.review.copied.as_ref()?;
        self.records().tables.get(table)?.rows.get(copied.position(table, row)?)
    }

    /// A row somebody removed is emptied: its formulas show nothing then, and nothing below it moves.
    fn remove(&mut self, table: &str, row: &str) {
        let Some(record) = self.record(table, row) else { return };
        self.removed.push((table.to_owned(), row.to_owned(), record.at.clone()));
        for (column, field) in &record.fields {
            let formula = field.computed;
            if let Some(at) = field.at.as_ref().filter(|_| !formula && !field.is_blank()) {
                let seat = Seat { table: table.into(), row: row.into(), column: column.clone() };
                let was = held(field, &self.host.read.workbook);
                let is = Held::blank();
                self.planned.push(Planned { at: at.clone(), seat, was, is, factor: 1.0, attempt: 0 });
            }
        }
    }

    /// Where a value stands, or is to stand, with the factor of its column.
    fn place(&mut self, seat: &Seat, here: bool, settled: &Settled) -> Option<(Place, f64)> {
        if here && let Some(record) = self.record(&seat.table, &seat.row) {
            if let Some(field) = record.fields.get(&seat.column).filter(|field| field.part.is_empty()) {
                let at = field.at.clone()?;
                return Some((at.clone(), self.factor(&seat.table, &seat.column, &at)));
            }
            if !seat.column.starts_with(OWN) {
                return None;
            }
            let known = record.extra.iter().find(|(header, ..)| own(header) == seat.column);
            if let Some((_, at, _)) = known {
                return Some((at.clone(), 1.0));
            }
            let read = self.records().tables.get(&seat.table)?;
            let region = read
                .regions
                .iter()
                .position(|region| region.sheet == record.at.sheet && region.area.contains(record.at.cell))?;
            let col = self.own_column(&seat.table, region, &seat.column)?;
            let sheet = record.at.sheet.clone();
            return Some((Place::new(sheet, CellRef::new(record.at.cell.row, col)), 1.0));
        }
        let table = self.catalogue.tables.get(&seat.table)?;
        if table.layout == Layout::Form {
            return None;
        }
        let key = (seat.table.clone(), seat.row.clone());
        if !self.given.contains_key(&key) {
            let room = self.room(table, &seat.row, settled);
            if let Some((region, row)) = room {
                let region = &self.records().tables[&seat.table].regions[region];
                self.taken.insert((region.sheet.to_string(), row));
                let at = Place::new(region.sheet.clone(), CellRef::new(row, region.area.first.col));
                self.added.push((seat.table.clone(), seat.row.clone(), at));
            }
            self.given.insert(key.clone(), room);
        }
        let (region, row) = self.given[&key]?;
        let found = &self.records().tables[&seat.table].regions[region];
        let col = match found.columns.get(&seat.column) {
            Some(column) => column.at.cell.col,
            None if seat.column.starts_with(OWN) => self.own_column(&seat.table, region, &seat.column)?,
            None => return None,
        };
        let factor = found.columns.get(&seat.column).map_or(1.0, |column| column.factor);
        Some((Place::new(found.sheet.clone(), CellRef::new(row, col)), factor))
    }

    fn factor(&self, table: &str, column: &str, at: &Place) -> f64 {
        let regions = self.records().tables.get(table).map_or(&[][..], |table| &table.regions);
        let region = regions.iter().find(|region| region.sheet == at.sheet);
        region.and_then(|region| region.columns.get(column)).map_or(1.0, |column| column.factor)
    }

    /// A row for a record the host does not have: the blank's own row of that name, else the first free one
    /// below those in use and above a total.
    fn room(&self, table: &Table, id: &str, settled: &Settled) -> Option<(usize, u32)> {
        let read = self.records().tables.get(&table.id)?;
        let (index, region) =
            read.regions.iter().enumerate().rfind(|(_, region)| !region.columns.is_empty())?;
        let sheet = self.host.read.workbook.sheet(&region.sheet)?;
        let header = region.columns.values().map(|column| column.at.cell.row).max()?;
        let on = |record: &&Record| record.at.sheet == region.sheet;
        let used: BTreeSet<u32> = read.rows.iter().filter(on).map(|record| record.at.cell.row).collect();
        let total = read.totals.iter().filter(on).map(|record| record.at.cell.row).min();
        let free = |row: &u32| !used.contains(row) && !self.taken.contains(&(region.sheet.to_string(), *row));
        let wanted: Vec<(&String, String)> = table
            .key
            .iter()
            .filter(|column| table.prefills(column))
            .filter_map(|column| {
                let seat = Seat { table: table.id.clone(), row: id.to_owned(), column: column.clone() };
                let text = settled.cells.get(&seat).map(|cell| cell.holds.text.clone());
                Some((column, fold(&text.or_else(|| prefilled(table, id, column))?)))
            })
            .collect();
        let last = sheet.cells.keys().next_back()?.row.max(region.area.last.row);
        if !wanted.is_empty() {
            let named = (header + 1..=last).filter(free).find(|row| {
                wanted.iter().all(|(column, text)| {
                    let at = region.columns.get(*column).map(|column| CellRef::new(*row, column.at.cell.col));
                    at.is_some_and(|at| fold(&sheet.content(at).to_text()) == *text)
                })
            });
            if named.is_some() {
                return named.map(|row| (index, row));
            }
        }
        let begin = used.iter().next_back().map_or(header + 1, |row| row + 1);
        let end = total.unwrap_or(begin + self.taken.len() as u32 + 1000);
        (begin..end).filter(free).find(|row| is_empty(sheet, region, *row)).map(|row| (index, row))
    }

    /// The column of a header the host does not have: the first free one right of the table.
    fn own_column(&mut self, table: &str, region: usize, column: &str) -> Option<u32> {
        let key = (format!("{table}\u{1f}{region}"), column.to_owned());
        if let Some(known) = self.own_columns.get(&key) {
            return *known;
        }
        let found = &self.records().tables.get(table)?.regions[region];
        let known = found.extra.iter().find(|(_, header)| own(header) == column).map(|(at, _)| at.cell.col);
        let col = known.or_else(|| self.free_column(found, column));
        self.own_columns.insert(key, col);
        col
    }

    fn free_column(&mut self, region: &Region, column: &str) -> Option<u32> {
        /// So far right of a table a column is still beside it.
        const BESIDE: u32 = 64;
        let sheet = self.host.read.workbook.sheet(&region.sheet)?;
        let header = region.columns.values().map(|column| column.at.cell.row).max()?;
        let rows = header..=region.area.last.row;
        let right = region.columns.values().map(|column| column.at.cell.col).max()? + 1;
        let given: BTreeSet<u32> = self.own_columns.values().flatten().copied().collect();
        let copied = self.host.read.review.copied.as_ref();
        let ids = copied.and_then(|copied| copied.row_ids.column(&region.sheet)).map(|header| header.col);
        let empty = |col: &u32| {
            !given.contains(col)
                && ids != Some(*col)
                && rows.clone().all(|row| sheet.content(CellRef::new(row, *col)).is_blank())
        };
        let col = (right..right + BESIDE).find(empty)?;
        let text = self
            .known
            .headers
            .get(column)
            .cloned()
            .unwrap_or_else(|| column.trim_start_matches(OWN).to_owned());
        let at = Place::new(region.sheet.clone(), CellRef::new(header, col));
        self.headers.push(Amendment { at, value: Content::Text(text) });
        Some(col)
    }
}

/// What the blank offers in a column of a row, by the row's identity.
fn prefilled(table: &Table, id: &str, column: &str) -> Option<String> {
    let named = id.strip_prefix("k:")?;
    let parts: Vec<&str> = named.split('\u{1e}').collect();
    let at = table.key.iter().position(|key| key == column)?;
    parts.get(at).map(|part| (*part).to_owned())
}

/// Whether nothing but formulas stands in the columns of a table in one row.
fn is_empty(sheet: &Sheet, region: &Region, row: u32) -> bool {
    region.columns.values().all(|column| {
        let cell = sheet.cells.get(&CellRef::new(row, column.at.cell.col));
        cell.is_none_or(|cell| cell.formula.is_some() || cell.content.is_blank())
    })
}
