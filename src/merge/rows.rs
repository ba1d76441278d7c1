//! Which row is it: rows of a copy against the rows it was issued with.
//!
//! It is decided between a copy and its own issue, never copy against copy, so
//! that putting copies together stays a union. The ladder: the issued row's own
//! hidden id where what stands there bears it out, the declared name, the main
//! text, the id alone, most of its other cells; else it is new. The id is no
//! proof: people paste over a row, or clear it and begin another one in its place.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::claims::Held;
use crate::catalogue::{Kind, Table};
use crate::likeness::Pairs;
use crate::locale::fold;

/// A text this alike is the same text, changed.
const SAME_TEXT: f64 = 0.75;
/// From so many characters on an equal text says more than a number beside it.
const TELLING: usize = 4;

/// One row, wherever it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// The hidden id it was issued with, where it still carries it.
    pub id: Option<String>,
    /// What it holds, by column; blank cells are left out.
    pub cells: BTreeMap<String, Held>,
}

impl Row {
    fn text(&self, column: &str) -> String {
        self.cells.get(column).map(|held| fold(&held.text)).unwrap_or_default()
    }

    /// Cells that hold the same in both.
    fn shared(&self, other: &Row) -> usize {
        let same =
            |(column, held): &(&String, &Held)| other.cells.get(*column).is_some_and(|it| it.key == held.key);
        self.cells.iter().filter(same).count()
    }
}

/// How rows of a table are known again.
#[derive(Debug, Clone, Default)]
pub struct Ladder {
    /// Columns that name a row one by one: numbers people give.
    codes: Vec<String>,
    /// Columns that name it together.
    key: Vec<String>,
    /// The column that says what it is about.
    main: Option<String>,
}

impl Ladder {
    /// As the table declares it.
    pub fn of(table: &Table) -> Ladder {
        let codes = table.columns.iter().filter(|column| column.unique && column.kind == Kind::Code);
        Ladder {
            codes: codes.map(|column| column.id.clone()).collect(),
            key: table.key.clone(),
            main: table.main_text.clone(),
        }
    }

    fn named<'a>(&self, row: &'a Row) -> Named<'a> {
        let code = self.codes.iter().map(|column| row.text(column)).find(|text| !text.is_empty());
        let name = code.unwrap_or_else(|| {
            let parts: Vec<String> = self.key.iter().map(|column| row.text(column)).collect();
            if parts.iter().all(String::is_empty) { String::new() } else { parts.join("\u{1e}") }
        });
        let main = self.main.as_ref().map(|column| row.text(column)).unwrap_or_default();
        Named { row, name, main }
    }

    /// The identity of each row of a copy, and the position of the issued row it is; nobody issued a row without
    /// one, and two people who add the same name add the same row.
    pub fn identify<'a>(
        &self,
        issued: impl Iterator<Item = (&'a str, &'a Row)>,
        rows: &[Row],
    ) -> Vec<(String, Option<usize>)> {
        let (ids, issued): (Vec<&str>, Vec<Named<'_>>) =
            issued.map(|(id, row)| (id, self.named(row))).unzip();
        let rows: Vec<Named<'_>> = rows.iter().map(|row| self.named(row)).collect();
        let of = matched(&issued, &rows);
        let mut taken: BTreeSet<Cow<'_, str>> = ids.iter().copied().map(Cow::Borrowed).collect();
        let identify = |(row, of): (&Named<'_>, Option<usize>)| {
            let id = of.map_or_else(|| fresh(row, &mut taken), |at| ids[at].to_owned());
            (id, of)
        };
        rows.iter().zip(of).map(identify).collect()
    }
}

/// A row with the words it is known by, folded.
#[derive(Debug)]
struct Named<'a> {
    row: &'a Row,
    /// Its number, else what names it together.
    name: String,
    /// What it is about.
    main: String,
}

impl Named<'_> {
    /// Whether a row says itself that it is the issued one: by its name or by what it is about.
    fn bears_out(&self, before: &Named<'_>) -> bool {
        (!self.name.is_empty() && self.name == before.name)
            || (!self.main.is_empty() && self.main == before.main)
            || Pairs::of(&self.main).alike(&Pairs::of(&before.main)) >= SAME_TEXT
    }

    /// Name and text together, where it has both.
    fn both(&self) -> String {
        let has_both = !self.name.is_empty() && !self.main.is_empty();
        if has_both { format!("{}\u{1f}{}", self.name, self.main) } else { String::new() }
    }

    /// The text, where it is long enough to tell.
    fn telling(&self) -> &str {
        if self.main.chars().count() >= TELLING { &self.main } else { "" }
    }
}

/// The id of a row nobody issued.
fn fresh(named: &Named<'_>, taken: &mut BTreeSet<Cow<'_, str>>) -> String {
    let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex()[..12].to_owned();
    let id = match (named.name.is_empty(), named.main.is_empty()) {
        (false, _) => format!("k:{}", named.name),
        (true, false) => format!("t:{}", hash(&named.main)),
        (true, true) => {
            let all: Vec<&str> = named.row.cells.values().map(|held| held.key.as_str()).collect();
            format!("c:{}", hash(&all.join("\u{1f}")))
        }
    };
    let mut free = (1..).map(|n| if n == 1 { id.clone() } else { format!("{id}#{n}") });
    let id = free.find(|id| !taken.contains(id.as_str())).unwrap_or_default();
    taken.insert(Cow::Owned(id.clone()));
    id
}

/// Of each row of a copy, the position of the issued row it is.
fn matched(issued: &[Named<'_>], rows: &[Named<'_>]) -> Vec<Option<usize>> {
    let mut finder = Finder { of: vec![None; rows.len()], taken: vec![false; issued.len()], issued, rows };
    finder.by_id(&|row, before| row.bears_out(before));
    finder.by_order(&|named| named.both().into());
    finder.by_single(&Named::telling);
    finder.by_order(&|named| named.name.as_str().into());
    finder.by_order(&|named| named.main.as_str().into());
    finder.by_id(&|row, before| row.row.shared(before.row) > 0);
    finder.by_likeness();
    finder.by_the_rest();
    finder.of
}

/// Passes, each one to one over what is left.
struct Finder<'a> {
    issued: &'a [Named<'a>],
    rows: &'a [Named<'a>],
    of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl<'a> Finder<'a> {
    fn take(&mut self, row: usize, issued: usize) {
        self.of[row] = Some(issued);
        self.taken[issued] = true;
    }

    fn left(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|row| self.of[*row].is_none()).collect()
    }

    /// A pasted row carries an id twice: the one more like what was issued keeps it.
    fn by_id(&mut self, believed: &dyn Fn(&Named<'_>, &Named<'_>) -> bool) {
        let free = self.issued.iter().enumerate().filter(|(at, _)| !self.taken[*at]);
        let by_id: HashMap<&str, usize> =
            free.filter_map(|(at, named)| Some((named.row.id.as_deref()?, at))).collect();
        if by_id.is_empty() {
            return;
        }
        let mut best: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for at in self.left() {
            let row = &self.rows[at];
            let Some(issued) = row.row.id.as_deref().and_then(|id| by_id.get(id)) else { continue };
            let before = &self.issued[*issued];
            if !believed(row, before) {
                continue;
            }
            let shared = row.row.shared(before.row);
            let known = best.entry(*issued).or_insert((shared, at));
            if shared > known.0 {
                *known = (shared, at);
            }
        }
        for (issued, (_, row)) in best {
            self.take(row, issued);
        }
    }

    /// Equal words in both, the k-th to the k-th.
    fn by_order(&mut self, word: &dyn Fn(&'a Named<'a>) -> Cow<'a, str>) {
        let mut free: HashMap<Cow<'a, str>, VecDeque<usize>> = HashMap::new();
        for (at, named) in self.issued.iter().enumerate().filter(|(at, _)| !self.taken[*at]) {
            let word = word(named);
            if !word.is_empty() {
                free.entry(word).or_default().push_back(at);
            }
        }
        if free.is_empty() {
            return;
        }
        // Of several rows of one name, those that say the same first.
        for exact in [true, false] {
            for row in self.left() {
                let Some(left) = free.get_mut(&word(&self.rows[row])) else { continue };
                let same = |at: &usize| self.issued[*at].row.cells == self.rows[row].row.cells;
                let at = if exact { left.iter().position(same) } else { (!left.is_empty()).then_some(0) };
                if let Some(issued) = at.and_then(|at| left.remove(at)) {
                    self.take(row, issued);
                }
            }
        }
    }

    /// Equal words that stand once in what is left of either.
    fn by_single(&mut self, word: &dyn Fn(&'a Named<'a>) -> &'a str) {
        let mut ours: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, named) in self.issued.iter().enumerate().filter(|(at, _)| !self.taken[*at]) {
            ours.entry(word(named)).or_default().push(at);
        }
        let mut theirs: HashMap<&str, Vec<usize>> = HashMap::new();
        for row in self.left() {
            theirs.entry(word(&self.rows[row])).or_default().push(row);
        }
        for (word, rows) in theirs.into_iter().filter(|(word, _)| !word.is_empty()) {
            if let ([row], Some([issued])) = (&rows[..], ours.get(&word).map(Vec::as_slice)) {
                self.take(*row, *issued);
            }
        }
    }

    /// Each the other's best, and alike enough.
    fn by_likeness(&mut self) {
        let (issued, rows) = self.open();
        let ours: Vec<Pairs> = issued.iter().map(|at| Pairs::of(&self.issued[*at].main)).collect();
        let theirs: Vec<Pairs> = rows.iter().map(|at| Pairs::of(&self.rows[*at].main)).collect();
        let score = |row: usize, at: usize| theirs[row].alike(&ours[at]);
        self.mutual(&issued, &rows, &score, SAME_TEXT);
    }

    /// Renamed, and nothing else: at least two cells and more than half of what was issued still stand.
    fn by_the_rest(&mut self) {
        let (issued, rows) = self.open();
        let score = |row: usize, at: usize| {
            let before = self.issued[issued[at]].row;
            let shared = self.rows[rows[row]].row.shared(before);
            if shared < 2 { 0.0 } else { shared as f64 / before.cells.len() as f64 }
        };
        let score: Vec<Vec<f64>> =
            (0..rows.len()).map(|row| (0..issued.len()).map(|at| score(row, at)).collect()).collect();
        self.mutual(&issued, &rows, &|row, at| score[row][at], 0.500_001);
    }

    fn open(&self) -> (Vec<usize>, Vec<usize>) {
        /// More pairs than this are not weighed: a table that was replaced whole.
        const MOST: usize = 250_000;
        let issued: Vec<usize> = (0..self.issued.len()).filter(|at| !self.taken[*at]).collect();
        let rows = self.left();
        if issued.len() * rows.len() > MOST { (Vec::new(), Vec::new()) } else { (issued, rows) }
    }

    fn mutual(&mut self, issued: &[usize], rows: &[usize], score: &dyn Fn(usize, usize) -> f64, least: f64) {
        let best = |n: usize, of: &dyn Fn(usize) -> f64| {
            let mut best: Option<(usize, f64)> = None;
            let mut ties = false;
            for at in 0..n {
                let score = of(at);
                match best {
                    Some((_, known)) if score < known => {}
                    Some((_, known)) if score <= known => ties = true,
                    _ => (best, ties) = (Some((at, score)), false),
                }
            }
            best.filter(|(_, score)| *score >= least && !ties).map(|(at, _)| at)
        };
        let mut found = Vec::new();
        for row in 0..rows.len() {
            let Some(at) = best(issued.len(), &|at| score(row, at)) else { continue };
            if best(rows.len(), &|row| score(row, at)) == Some(row) {
                found.push((rows[row], issued[at]));
            }
        }
        for (row, issued) in found {
            self.take(row, issued);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn row(cells: &[(&str, &str)]) -> Row {
        let cells = cells.iter().filter(|(_, text)| !text.is_empty());
        Row { id: None, cells: cells.map(|(id, text)| ((*id).to_owned(), Held::text(text))).collect() }
    }

    fn action(code: &str, action: &str, owner: &str) -> Row {
        row(&[("code", code), ("action", action), ("owner", owner)])
    }

    fn found(table: &str, issued: &[Row], rows: &[Row]) -> Vec<Option<usize>> {
        let issued: Vec<Row> = issued
            .iter()
            .enumerate()
            .map(|(n, row)| Row { id: Some(format!("r{n}")), ..row.clone() })
            .collect();
        let ladder = Ladder::of(&Catalogue::shipped().tables[table]);
        let issued = issued.iter().map(|row| (row.id.as_deref().unwrap_or_default(), row));
        ladder.identify(issued, rows).into_iter().map(|(_, of)| of).collect()
    }

    #[test]
    fn every_list_declares_how_its_rows_are_known_again() {
        for table in Catalogue::shipped().tables.values() {
            let list = table.layout == crate::catalogue::Layout::List;
            assert_eq!(list, table.main_text.is_some(), "{}", table.id);
        }
    }

    #[test]
    fn a_row_is_known_by_its_number_its_text_or_most_of_its_cells() {
        let issued =
            [action("A01", "大促前两周锁定客服排班", "何川"), action("", "建立库存预警机制", "王敏")];
        let sorted = [issued[1].clone(), issued[0].clone()];
        assert_eq!(found("actions", &issued, &sorted), [Some(1), Some(0)]);
        let changed = [action("A01", "另写一条", "何川"), action("", "建立库存的预警机制", "王敏")];
        assert_eq!(found("actions", &issued, &changed), [Some(0), Some(1)]);
        let inserted = [action("", "全新的一条措施", "李雷"), issued[0].clone(), issued[1].clone()];
        assert_eq!(found("actions", &issued, &inserted), [None, Some(0), Some(1)]);
        let renumbered =
            [action("A01", "建立库存预警机制", "王敏"), action("A02", "大促前两周锁定客服排班", "何川")];
        assert_eq!(found("actions", &issued, &renumbered), [Some(1), Some(0)]);
        let channel = |name: &str, spend: &str| row(&[("channel", name), ("spend", spend), ("kind", "线上")]);
        let renamed = [channel("抖音平台", "20000")];
        assert_eq!(found("channels", &[channel("抖音", "20000")], &renamed), [Some(0)]);
    }

    #[test]
    fn a_pasted_row_leaves_its_original_what_it_was() {
        let issued = [action("A01", "大促前两周锁定客服排班", "何川")];
        let pasted = [action("A01", "大促前两周锁定主播排班", "李雷"), issued[0].clone()];
        assert_eq!(found("actions", &issued, &pasted), [None, Some(0)]);
        let with_id = |row: &Row| Row { id: Some("r0".into()), ..row.clone() };
        let pasted = [with_id(&pasted[0]), with_id(&pasted[1])];
        assert_eq!(found("actions", &issued, &pasted), [None, Some(0)]);
    }

    #[test]
    fn two_people_who_add_one_name_add_one_row() {
        let ladder = Ladder::of(&Catalogue::shipped().tables["actions"]);
        let (one, other) = (action("A09", "甲的写法", "何川"), action("A09", "乙的写法", "王敏"));
        let fresh = |rows: &[Row]| ladder.identify(std::iter::empty(), rows);
        assert_eq!(fresh(std::slice::from_ref(&one)), fresh(std::slice::from_ref(&other)));
        let both = fresh(&[one, other]);
        assert_ne!(both[0], both[1]);
    }
}
