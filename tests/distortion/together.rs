//! Two tables in the same rows: how far each task is, in the list of tasks; the problem that each action answers, in
//! the list of actions.

use fupan::catalogue::Column;

use super::made::{Block, Lane, Lie, Line, Made, Typed};
use crate::injection::chance::Chance;

/// The position of a tab that holds one list and nothing else.
fn tab_of(made: &Made, table: &str) -> Option<usize> {
    made.tabs.iter().position(|tab| tab.only().is_some_and(|it| it.table.id == table && it.lie == Lie::List))
}

pub fn in_same_rows(made: &mut Made, r: &mut Chance, kind: &'static str) -> bool {
    let guests: Vec<String> = made.tabs.iter().filter_map(|tab| Some(tab.only()?.table.id.clone())).collect();
    let mut any = false;
    for guest in guests {
        let find = |made: &Made| {
            let at = tab_of(made, &guest)?;
            let table = made.tabs[at].only()?.table;
            Some((tab_of(made, table.kept_in.as_ref()?)?, at))
        };
        let Some((host, at)) = find(made) else { continue };
        let (Some(one), Some(other)) = (made.tabs[host].only(), made.tabs[at].only()) else { continue };
        let Some(block) = joined(one, other, r, kind) else { continue };
        made.tabs[host].bands[0].blocks[0] = block;
        made.tabs.remove(at);
        any = true;
    }
    any
}

/// The rows of a guest beside those of its host; `None` where they do not go together.
fn joined(host: &Block, guest: &Block, r: &mut Chance, kind: &'static str) -> Option<Block> {
    let is_shared = |lane: &Lane| lane.column.is_some_and(|column| host.table.column(&column.id).is_some());
    let refers = |column: &&Column| column.references.as_ref() == Some(&guest.table.id);
    // The problem itself stands where the action would name it.
    let link = host.table.columns.iter().find(refers);
    let rows = pairs(host, guest, link.is_some())?;
    let is = |lane: &Lane, column: Option<&Column>| {
        lane.column.zip(column).is_some_and(|(own, column)| own.id == column.id)
    };
    let kept: Vec<usize> = (0..host.lanes.len()).filter(|at| !is(&host.lanes[*at], link)).collect();
    let own: Vec<usize> = (0..guest.lanes.len()).filter(|at| !is_shared(&guest.lanes[*at])).collect();
    let first = link.is_some() && r.happens(0.8);
    let mut block = host.clone();
    let of_host = kept.iter().map(|at| host.lanes[*at].clone()).collect();
    let of_guest = own.iter().map(|at| guest.lanes[*at].clone()).collect();
    block.lanes = beside(of_host, of_guest, first);
    block.lines.clear();
    for (number, (mine, theirs)) in rows.into_iter().enumerate() {
        let some = |cells: Cells, lanes: &[usize]| -> Vec<Option<Typed>> {
            lanes.iter().map(|at| cells.and_then(|cells| cells[*at].clone())).collect()
        };
        let (mut of_host, mut of_guest) = (some(mine, &kept), some(theirs, &own));
        if of_guest.iter().any(Option::is_some) {
            for (at, typed) in kept.iter().zip(&mut of_host) {
                let column = host.lanes[*at].column.and_then(|column| guest.table.column(&column.id));
                if let (Some(typed), Some(column)) = (typed, column) {
                    typed.also = Some((guest.table, column));
                }
            }
        }
        if let (Some(link), true) = (link, mine.is_some()) {
            let subject = guest.table.subject();
            for (at, typed) in own.iter().zip(&mut of_guest) {
                if let (Some(typed), true) = (typed, is(&guest.lanes[*at], subject)) {
                    typed.also = Some((host.table, link));
                }
            }
        }
        block.lines.push(Line::Data(number, beside(of_host, of_guest, first)));
    }
    block.kinds.insert(kind);
    Some(block)
}

fn beside<T: Clone>(of_host: Vec<T>, of_guest: Vec<T>, guest_first: bool) -> Vec<T> {
    if guest_first { [of_guest, of_host].concat() } else { [of_host, of_guest].concat() }
}

type Cells<'a> = Option<&'a Vec<Option<Typed>>>;

/// Which row of one goes with which row of the other: by what names them, or, where nothing does, one by one.
fn pairs<'a>(host: &'a Block, guest: &'a Block, one_by_one: bool) -> Option<Vec<(Cells<'a>, Cells<'a>)>> {
    let cells = |block: &'a Block| -> Option<Vec<&'a Vec<Option<Typed>>>> {
        block
            .lines
            .iter()
            .map(|line| if let Line::Data(_, cells) = line { Some(cells) } else { None })
            .collect()
    };
    let (mine, theirs) = (cells(host)?, cells(guest)?);
    if one_by_one {
        let count = mine.len().max(theirs.len());
        return Some((0..count).map(|at| (mine.get(at).copied(), theirs.get(at).copied())).collect());
    }
    let key = guest.table.key.first()?;
    let lane = |block: &Block| {
        block.lanes.iter().position(|lane| lane.column.is_some_and(|column| column.id == *key))
    };
    let (at, other) = (lane(host)?, lane(guest)?);
    let name =
        |cells: &Vec<Option<Typed>>, at: usize| cells[at].as_ref().map(|typed| typed.cell.content.to_text());
    let of =
        |cells: &Vec<Option<Typed>>| theirs.iter().copied().find(|it| name(it, other) == name(cells, at));
    let known = theirs.iter().all(|it| mine.iter().any(|cells| name(cells, at) == name(it, other)));
    known.then(|| mine.iter().map(|cells| (Some(*cells), of(cells))).collect())
}
