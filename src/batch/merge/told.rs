//! What a merge did, as the run's record, the workbook and people are told.

use std::collections::{BTreeMap, BTreeSet};

use super::super::findings::why_not;
use super::place::Written;
use super::{Copy, Settings};
use crate::asked::{Asked, words};
use crate::catalogue::Catalogue;
use crate::locale::Lang;
use crate::merge::reading::FORM;
use crate::merge::{Held, Kind, Question, Seat, Settled, Union};
use crate::portfolio::campaign_id;
use crate::record::merge::{Base, CopyFile, Line, Merge, Pending, Role, RowOf, Side, What};
use crate::words::Words;

/// The merge as it is recorded.
pub(super) fn merge(
    copies: &[Copy<'_, '_>],
    host: usize,
    settled: &Settled,
    union: &Union,
    written: &Written,
    settings: &Settings<'_>,
) -> Merge {
    let campaign = campaign_id(&copies[host].read.review);
    let (catalogue, words) = (settings.catalogue, words(settings.lang));
    let lang = settings.lang;
    let desk = Desk { copies, host, settled, union, written, catalogue, words, lang, campaign };
    let mut pending: Vec<Pending> = settled.questions.iter().map(|question| desk.pending(question)).collect();
    pending.sort_by(|a, b| (&a.table, &a.row, &a.column, &a.id).cmp(&(&b.table, &b.row, &b.column, &b.id)));
    let lines = desk.lines();
    Merge {
        campaign: desk.campaign.clone(),
        host: copies[host].handed.name.clone(),
        copies: desk.copies(),
        pending,
        settled: desk.settled(),
        removed: desk.rows(settled.removed.iter().map(|one| (&one.table, &one.row, &one.sources))),
        added: desk.rows(settled.added.iter().map(|((table, row), sources)| (table, row, sources))),
        taken: lines.iter().filter(|line| matches!(line.what, What::Taken | What::Cleared)).count(),
        lines,
    }
}

struct Desk<'a> {
    copies: &'a [Copy<'a, 'a>],
    host: usize,
    settled: &'a Settled,
    union: &'a Union,
    written: &'a Written,
    catalogue: &'a Catalogue,
    words: Words,
    lang: Lang,
    campaign: String,
}

impl Desk<'_> {
    /// A row as people call it: what it is about, else its name.
    fn label(&self, table: &str, row: &str) -> String {
        if row == FORM {
            return String::new();
        }
        let declared = self.catalogue.tables.get(table);
        let columns = declared.into_iter().flat_map(|table| table.main_text.iter().chain(&table.key));
        for column in columns {
            let seat = Seat { table: table.into(), row: row.into(), column: column.clone() };
            let settled = self.settled.cells.get(&seat).map(|cell| cell.holds.text.clone());
            let held = || {
                let rows =
                    self.copies.iter().filter_map(|copy| copy.read.review.copied.as_ref()?.row(table, row));
                rows.filter_map(|row| row.cells.get(column)).map(|held| held.text.clone()).min()
            };
            if let Some(text) = settled.filter(|text| !text.is_empty()).or_else(held) {
                return text;
            }
        }
        let name = row.strip_prefix("k:").or_else(|| row.strip_prefix("t:")).unwrap_or(row);
        name.replace('\u{1e}', " · ")
    }

    fn sources(&self, sources: &[String]) -> [String; 3] {
        let known = || sources.iter().filter_map(|id| self.union.sources.get(id));
        let all = |of: fn(&crate::merge::Source) -> &String| {
            let set: BTreeSet<&String> = known().map(of).filter(|text| !text.is_empty()).collect();
            set.into_iter().cloned().collect::<Vec<String>>().join("、")
        };
        [all(|it| &it.file), all(|it| &it.by), all(|it| &it.at)]
    }

    fn copies(&self) -> Vec<CopyFile> {
        let mut seen: BTreeSet<&str> = BTreeSet::from([self.copies[self.host].digest()]);
        let mut all = Vec::new();
        for (at, copy) in self.copies.iter().enumerate() {
            let Some(copied) = &copy.read.review.copied else { continue };
            let role = match () {
                () if at == self.host => Role::Host,
                () if !seen.insert(copy.digest()) => Role::SameContent,
                () if self.settled.superseded.contains(copy.digest()) => Role::Superseded,
                () => Role::Copy,
            };
            let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
            all.push(CopyFile {
                file: copy.handed.name.clone(),
                role,
                base: if copied.issue.generation < 0 { Base::Unknown } else { Base::Known },
                generation: u32::try_from(copied.issue.generation).unwrap_or(0),
                by: some(&copy.handed.by),
                at: some(&copy.handed.at),
                not_handed_in: copied.claimed.not_handed_in.clone(),
            });
        }
        all.sort_by(|a, b| a.file.cmp(&b.file));
        all
    }

    fn rows<'r>(&self, rows: impl Iterator<Item = (&'r String, &'r String, &'r Vec<String>)>) -> Vec<RowOf> {
        let one = |(table, row, sources): (&String, &String, &Vec<String>)| RowOf {
            table: table.clone(),
            row: self.label(table, row),
            file: self.sources(sources)[0].clone(),
        };
        rows.map(one).filter(|row| !row.file.is_empty()).collect()
    }

    fn shown(&self, question: &Question, held: &Held) -> String {
        let word = |key: &str| self.words.get(key);
        match question.kind {
            Kind::Value if held.key.is_empty() => word("blank"),
            Kind::Value => held.text.clone(),
            Kind::SameRow if held.key == "1" => format!("{}：{}", word("one_row"), held.text),
            Kind::SameRow => format!("{}：{}", word("two_rows"), held.text),
            Kind::Row | Kind::Removed if held.key.is_empty() => word("remove"),
            Kind::Row | Kind::Removed => word("keep"),
        }
    }

    fn pending(&self, question: &Question) -> Pending {
        let side = |(held, sources): &(Held, Vec<String>)| {
            let [file, by, at] = self.sources(sources);
            let some = |text: String| Some(text).filter(|text| !text.is_empty());
            Side { value: self.shown(question, held), file, by: some(by), at: some(at) }
        };
        let asked = Asked {
            campaign: self.campaign.clone(),
            seat: question.seat.clone(),
            generation: question.generation,
            sides: question.sides.iter().map(|(held, _)| held.clone()).collect(),
        };
        let Seat { table, row, column } = &question.seat;
        let row = match question.kind {
            Kind::Removed | Kind::SameRow => {
                let rows: Vec<String> = question.rows.iter().map(|row| self.label(table, row)).collect();
                rows.join("、")
            }
            _ => self.label(table, row),
        };
        let used = question.sides.first().map(|(held, _)| self.shown(question, held)).unwrap_or_default();
        Pending {
            id: question.id(&self.campaign),
            table: table.clone(),
            row,
            column: if question.kind == Kind::Value { column.clone() } else { String::new() },
            kind: question.kind,
            sides: question.sides.iter().map(side).collect(),
            used,
            effect: String::new(),
            issued: question.from.text.clone(),
            asked: serde_json::to_string(&asked).unwrap_or_default(),
        }
    }

    fn settled(&self) -> Vec<crate::record::merge::Settled> {
        let obeyed = self.settled.obeyed.iter();
        let one = |decision: &crate::merge::Decision| crate::record::merge::Settled {
            id: blake3::hash(format!("{:?}", (&decision.seat, &decision.asked)).as_bytes()).to_hex()[..16]
                .to_owned(),
            table: decision.seat.table.clone(),
            row: self.label(&decision.seat.table, &decision.seat.row),
            column: decision.seat.column.clone(),
            value: decision.chosen.text.clone(),
            by: None,
            at: None,
            source: decision.place.clone(),
            decision: serde_json::to_string(decision).unwrap_or_default(),
        };
        obeyed.map(one).collect()
    }

    fn line(&self, what: What, seat: &Seat, was: &str, is: &str, sources: &[String]) -> Line {
        let [file, by, at_time] = self.sources(sources);
        Line {
            what,
            at: self.written.places.get(seat).cloned(),
            table: seat.table.clone(),
            row: self.label(&seat.table, &seat.row),
            column: seat.column.clone(),
            was: was.to_owned(),
            is: is.to_owned(),
            file,
            by,
            at_time,
        }
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let whole =
            |table: &str, row: &str| Seat { table: table.into(), row: row.into(), column: String::new() };
        for (table, row, at) in &self.written.removed {
            let gone = self.settled.removed.iter().find(|one| (&one.table, &one.row) == (table, row));
            let sources = gone.map_or(&[][..], |one| &one.sources);
            let line = self.line(What::Removed, &whole(table, row), &self.label(table, row), "", sources);
            lines.push(Line { at: Some(at.clone()), ..line });
        }
        for (table, row, at) in &self.written.added {
            let sources = self.settled.added.get(&(table.clone(), row.clone()));
            let sources = sources.map_or(&[][..], Vec::as_slice);
            let line = self.line(What::Added, &whole(table, row), "", &self.label(table, row), sources);
            lines.push(Line { at: Some(at.clone()), ..line });
        }
        let removed: BTreeSet<(&String, &String)> =
            self.written.removed.iter().map(|(table, row, _)| (table, row)).collect();
        for (at, seat, was, is) in &self.written.cells {
            if removed.contains(&(&seat.table, &seat.row)) {
                continue;
            }
            let sources = self.settled.cells.get(seat).map_or(&[][..], |cell| &cell.sources);
            let what = if is.key.is_empty() { What::Cleared } else { What::Taken };
            lines.push(Line { at: Some(at.clone()), ..self.line(what, seat, &was.text, &is.text, sources) });
        }
        for (seat, held) in &self.written.left {
            let sources = self.settled.cells.get(seat).map_or(&[][..], |cell| &cell.sources);
            lines.push(self.line(What::NoPlace, seat, "", &held.text, sources));
        }
        for decision in &self.settled.obeyed {
            let line = self.line(What::Decided, &decision.seat, "", &decision.chosen.text, &[]);
            lines.push(Line { file: decision.place.clone(), ..line });
        }
        for (seat, cell) in self.settled.cells.iter().filter(|(_, cell)| !cell.open) {
            let mut told: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for (held, source) in &cell.overtaken {
                told.entry(&held.text).or_default().push(source.clone());
            }
            for (text, sources) in told {
                lines.push(self.line(What::Overtaken, seat, text, &cell.holds.text, &sources));
            }
        }
        self.about_copies(&mut lines);
        lines
    }

    /// Why what a copy says it was issued with is not believed, in words.
    fn trouble(&self, copy: &Copy<'_, '_>) -> String {
        why_not(copy.read.carried.trouble.unwrap_or_default()).show(self.lang)
    }

    fn about_copies(&self, lines: &mut Vec<Line>) {
        let newest = self.copies.iter().map(Copy::generation).max().unwrap_or(0);
        let digest = self.copies[self.host].digest();
        let mut copies: Vec<(usize, &Copy<'_, '_>)> = self.copies.iter().enumerate().collect();
        copies.sort_by(|a, b| a.1.handed.name.cmp(&b.1.handed.name));
        for (at, copy) in copies {
            let Some(copied) = &copy.read.review.copied else { continue };
            let mut tell = |what: What, table: &str, was: &str| {
                let handed = copy.handed;
                lines.push(Line {
                    what,
                    at: None,
                    table: table.to_owned(),
                    row: String::new(),
                    column: String::new(),
                    was: was.to_owned(),
                    is: String::new(),
                    file: handed.name.clone(),
                    by: handed.by.clone(),
                    at_time: handed.at.clone(),
                });
            };
            for table in &copied.claimed.not_handed_in {
                tell(What::NotHandedIn, table, "");
            }
            if at != self.host && copy.digest() == digest {
                tell(What::SameContent, "", "");
            }
            if self.settled.superseded.contains(copy.digest()) {
                tell(What::Superseded, "", "");
            }
            if copy.read.carried.trouble.is_some() {
                tell(What::BadBase, "", &self.trouble(copy));
            } else if copied.issue.generation < 0 {
                tell(What::NoBase, "", "");
            } else if copied.issue.generation < newest {
                let issued = copy.read.review.records.identity.issued.map(|day| day.to_string());
                let day = issued.unwrap_or_default();
                tell(What::Stale, "", &self.words.say("blank_issue", &[("day", &day)]));
            }
        }
    }
}
