//! One copy as it was read: what it was issued with, what it holds, what it claims.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::{Claim, Seat, Source, Union};
use super::computed::{Position, inputs};
use super::issue::{Issue, Issued};
use super::reading::{Claimed, FORM, Holding, claimed, holdings};
use super::rows::Row;
use super::{Ladder, Settled};
use crate::catalogue::issued::RowIds;
use crate::catalogue::record::Records;
use crate::catalogue::{Catalogue, Layout, Table};
use crate::workbook::Workbook;

/// One copy as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Copied {
    /// What it was issued with.
    pub issue: Issue,
    /// Template id; empty for one made by hand.
    pub template: String,
    /// What it holds.
    pub holdings: BTreeMap<String, Holding>,
    /// What it claims.
    pub claimed: Claimed,
    /// Hash of what it holds, whatever program saved it.
    pub digest: String,
    /// Hidden ids of its rows, where it carries them.
    pub row_ids: RowIds,
}

/// More cells than this no table of a campaign has: a log somebody pasted in is not put together row by row.
pub const MOST_CELLS: usize = 100_000;

impl Copied {
    /// Whether a workbook is small enough to be put together with others cell by cell.
    pub fn is_manageable(records: &Records) -> bool {
        let cells = |table: &crate::catalogue::record::TableRecords| {
            table.rows.iter().map(|row| row.fields.len()).sum::<usize>()
        };
        records.tables.values().map(cells).sum::<usize>() <= MOST_CELLS
    }

    /// Puts what was read against what it was issued with.
    pub fn of(
        catalogue: &Catalogue,
        issue: Issue,
        template: &str,
        records: &Records,
        workbook: &Workbook,
        row_ids: RowIds,
    ) -> Copied {
        let holdings = holdings(catalogue, records, workbook, &row_ids);
        let mut said = String::new();
        for (table, holding) in &holdings {
            for (at, row) in holding.rows.iter().enumerate() {
                let at = at.to_string();
                for (column, held) in &row.cells {
                    for word in [table, &at, column, &held.key] {
                        said.push_str(word);
                        said.push('\u{1f}');
                    }
                }
            }
        }
        said.push_str(&issue.id);
        let digest = blake3::hash(said.as_bytes()).to_hex()[..32].to_owned();
        let claimed = claimed(catalogue, &issue, &holdings, &digest);
        Copied { issue, template: template.to_owned(), holdings, claimed, digest, row_ids }
    }

    /// Where its rows stand.
    pub fn order(&self) -> Vec<Position> {
        let rows = self.claimed.rows.iter().flat_map(|(table, rows)| {
            rows.iter().enumerate().map(|(at, row)| Position { table: table.clone(), row: row.clone(), at })
        });
        rows.collect()
    }

    /// Hash of what it holds, in whatever order its rows stand and whatever it was issued with.
    pub fn content(&self) -> String {
        let mut rows: Vec<String> = Vec::new();
        for (table, holding) in &self.holdings {
            let row = |row: &Row| format!("{table}\u{1f}{}", inputs(row));
            rows.extend(holding.rows.iter().filter(|row| !row.cells.is_empty()).map(row));
        }
        rows.sort();
        blake3::hash(rows.join("\u{1e}").as_bytes()).to_hex()[..16].to_owned()
    }

    /// Everything it knows: what it was issued with knowing, and its own edits.
    pub fn union(&self, source: Source) -> Union {
        let mut union = self.issue.known.clone();
        union.claims.extend(self.claimed.claims.iter().cloned());
        union.sources.insert(self.digest.clone(), source);
        union
    }

    /// The issue it was made from.
    pub fn base(&self) -> String {
        format!("{}:{}", self.issue.id, self.issue.generation)
    }

    /// Whether nobody typed anything into it since it was issued.
    pub fn is_as_issued(&self) -> bool {
        self.claimed.claims.is_empty()
    }

    /// What it is issued with again, having changed: its rows, and of what is known what they do not tell. All that a
    /// first return says its rows tell.
    pub fn issued_again(&self, catalogue: &Catalogue, source: Source) -> Issue {
        let is_first =
            self.issue.known.claims.is_empty() && self.issue.generation == Issue::rest(&self.template);
        let known = match is_first {
            true => Union { decisions: self.issue.known.decisions.clone(), ..Union::default() },
            false => self.union(source),
        };
        Issue { generation: self.outgoing_generation(), ..self.reissued(catalogue, known, None) }
    }

    /// The generation of what goes out with it.
    pub fn outgoing_generation(&self) -> i64 {
        if self.is_as_issued() {
            return self.issue.generation;
        }
        let own = self.claimed.claims.iter().map(|claim| claim.generation + 2).max().unwrap_or(1);
        self.issue.known.next_generation().max(own)
    }

    /// Whether several said different things of one cell before it was issued, and may still be asked.
    pub fn has_questions(&self) -> bool {
        let known: Vec<&Claim> = self.issue.known.claims.iter().collect();
        known.windows(2).any(|pair| pair[0].seat == pair[1].seat)
    }

    /// Takes over which rows were decided to be another row.
    pub fn join_rows(&mut self, same: &BTreeMap<(String, String), String>) {
        for ((table, row), one) in same {
            let Some(ids) = self.claimed.rows.get_mut(table) else { continue };
            // A copy that holds both keeps both: which cells of the second stand nobody said.
            if !ids.contains(one) {
                ids.iter_mut().filter(|id| *id == row).for_each(|id| id.clone_from(one));
            }
        }
    }

    /// Where a row stands among the records of its table.
    pub fn position(&self, table: &str, row: &str) -> Option<usize> {
        self.claimed.rows.get(table)?.iter().position(|id| id == row)
    }

    /// A row as it holds it.
    pub fn row(&self, table: &str, row: &str) -> Option<&Row> {
        self.holdings.get(table)?.rows.get(self.position(table, row)?)
    }

    /// What is issued from this copy once everything settled was written into it. Nothing new is issued where
    /// nothing is new.
    pub fn reissued(&self, catalogue: &Catalogue, union: Union, settled: Option<&Settled>) -> Issue {
        let mut tables = BTreeMap::new();
        for (id, holding) in &self.holdings {
            let Some(table) = catalogue.tables.get(id) else { continue };
            let ids = match settled {
                Some(settled) if table.layout == Layout::List => self.settled_ids(table, holding, settled),
                _ => self.claimed.rows.get(id).cloned().unwrap_or_default(),
            };
            let hidden = self.issue.hidden_ids(id);
            let rows = ids.into_iter().zip(&holding.rows).map(|(id, row)| {
                let hidden = (id != FORM).then(|| hidden.of(&id));
                Issued { id, in_use: true, row: Row { id: hidden, cells: row.cells.clone() } }
            });
            tables.insert(id.clone(), rows.collect());
        }
        Issue {
            id: String::new(),
            generation: union.next_generation(),
            parent: self.issue.id.clone(),
            name: self.issue.name.clone(),
            tables,
            known: union,
        }
    }

    /// Which rows those of a table are once what was settled stands among them.
    fn settled_ids(&self, table: &Table, holding: &Holding, settled: &Settled) -> Vec<String> {
        let own = self.claimed.rows.get(&table.id).into_iter().flatten().zip(&holding.rows);
        let mut known: Vec<(&str, Row)> = own.map(|(id, row)| (id.as_str(), row.clone())).collect();
        let removed = settled.removed.iter().filter(|one| one.table == table.id);
        let removed: BTreeSet<&str> = removed.map(|one| one.row.as_str()).collect();
        let here = settled.cells.iter().filter(|(seat, _)| seat.table == table.id);
        for (Seat { row, column, .. }, cell) in here.filter(|(seat, _)| !removed.contains(&*seat.row)) {
            let at = known.iter().position(|(id, _)| id == row).unwrap_or_else(|| {
                known.push((row, Row::default()));
                known.len() - 1
            });
            known[at].1.cells.insert(column.clone(), cell.holds.clone());
        }
        let known = known.iter().map(|(id, row)| (*id, row));
        Ladder::of(table).identify(known, &holding.rows).into_iter().map(|(id, _)| id).collect()
    }
}
