//! A week's returns of one campaign as they arrive: copies by several hands, mails, mistakes, bad files.

use chrono::NaiveDate;

use super::Plan;
use super::book::{Blank, Hand};
use super::calendar::Weeks;
use super::dice::Dice;
use super::planted::{Kind, Said};
use super::pool::{POOL, Person};
use super::story::{Return, Story};
use super::told;
use super::typed::{Part, Typed, cells};
use crate::cell::Content;
use crate::mail::{Attachment, Draft, Sent, write};

/// What arrives of a campaign in a week, and what was planted in it.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub files: Vec<(String, Vec<u8>)>,
    pub said: Vec<Said>,
}

/// One copy about to be saved.
#[derive(Debug, Clone)]
struct Copy {
    name: String,
    by: &'static Person,
    /// The day, and the minute of it.
    at: (NaiveDate, usize),
    mailed: bool,
    cells: Vec<Typed>,
}

/// One campaign's desk in one week.
struct Desk<'a, 'p> {
    story: &'a Story<'p>,
    blank: &'a Blank,
    weeks: &'a Weeks,
    week: usize,
    dice: Dice,
    made: Made,
}

/// What arrives of a campaign in a week.
pub(super) fn week(
    plan: &Plan,
    weeks: &Weeks,
    story: &Story<'_>,
    blank: &Blank,
    week: usize,
) -> Result<Made, String> {
    let dice = Dice::of(plan.seed, &[story.number as u64, week as u64, 7]);
    let said = told::in_week(story, weeks, week);
    let mut desk = Desk { story, blank, weeks, week, dice, made: Made { said, ..Made::default() } };
    match (story.returns[week], story.shown(week)) {
        (Return::Fresh, _) => desk.fresh(plan.copies)?,
        (Return::Unchanged, Some(shown)) => desk.unchanged(shown)?,
        (Return::Damaged, Some(shown)) => desk.damaged(shown)?,
        _ => {}
    }
    Ok(desk.made)
}

impl Desk<'_, '_> {
    fn said(&self, kind: Kind) -> Said {
        Said::new(self.weeks.name(self.week), &self.story.id, kind)
    }

    fn ending(&mut self) -> &'static str {
        self.dice.pick(&POOL.names.endings).map_or("", String::as_str)
    }

    /// When a copy is sent: by Friday, or after it.
    fn sent(&mut self, late: bool) -> (NaiveDate, usize) {
        let day = if late { 5 } else { self.dice.between(1, 4) };
        (self.weeks.day(self.week, day), 9 * 60 + self.dice.below(540))
    }

    /// As last time, saved again under another name.
    fn unchanged(&mut self, shown: usize) -> Result<(), String> {
        let name = format!("{}{}", self.story.name, self.ending());
        let at = self.sent(false);
        let cells = cells(self.story, self.weeks, shown);
        self.save(&Copy { name, by: self.story.owner, at, mailed: false, cells })
    }

    /// Cut short on the way.
    fn damaged(&mut self, shown: usize) -> Result<(), String> {
        let at = self.sent(false);
        let cells = cells(self.story, self.weeks, shown);
        let name = format!("{}{}", self.story.name, self.ending());
        self.save(&Copy { name, by: self.story.owner, at, mailed: false, cells })?;
        let mut said = self.said(Kind::Damaged);
        if let Some((name, bytes)) = self.made.files.last_mut() {
            bytes.truncate(bytes.len() * 2 / 3);
            said.files.push(name.clone());
        }
        self.made.said.push(said);
        Ok(())
    }

    /// With what is new, in one copy or in several.
    fn fresh(&mut self, most: usize) -> Result<(), String> {
        let late = self.dice.one_in(10);
        let mut copies = self.copies(most, late);
        let conflict = if self.dice.one_in(5) { contradict(&mut copies, &mut self.dice) } else { None };
        let slip = if self.dice.one_in(6) { self.slip_of_the_keyboard(&copies) } else { None };
        if let Some(mut said) = conflict {
            (said.week, said.campaign) = (self.weeks.name(self.week), self.story.id.clone());
            self.made.said.push(said);
        }
        if let Some((wrong, mut said)) = slip {
            self.save(&wrong)?;
            said.files.push(file_name(&wrong));
            self.made.said.push(said);
        }
        for copy in &copies {
            self.save(copy)?;
        }
        let names: Vec<String> = copies.iter().map(file_name).collect();
        if late {
            let said = self.said(Kind::Late);
            self.made.said.push(Said { files: names.clone(), ..said });
        }
        if copies.len() > 1 {
            let said = self.said(Kind::Copies).times(copies.len());
            self.made.said.push(Said { files: names, ..said });
        }
        if self.dice.one_in(12) {
            let name = format!("~${}.xlsx", copies[0].name);
            let said = self.said(Kind::Open);
            self.made.said.push(Said { files: vec![name.clone()], ..said });
            self.made.files.push((name, vec![0; 165]));
        }
        Ok(())
    }

    /// The workbook torn into as many copies as there were hands.
    fn copies(&mut self, most: usize, late: bool) -> Vec<Copy> {
        let hands = if self.dice.one_in(2) { 1 } else { 1 + self.dice.below(most.clamp(1, Part::ALL.len())) };
        let all = cells(self.story, self.weeks, self.week);
        let ending = self.ending();
        let mut copies = Vec::new();
        for n in 0..hands {
            let mine = |cell: &&Typed| (cell.part as usize) % hands == n;
            let cells: Vec<Typed> = all.iter().filter(mine).cloned().collect();
            let here = self.blank.tables();
            if n > 0 && !cells.iter().any(|cell| here.contains(cell.table)) {
                continue;
            }
            let by = self.hand(n);
            let dept = if n == 0 { String::new() } else { format!("-{}", by.dept) };
            let name = format!("{}{dept}{ending}", self.story.name);
            let (at, mailed) = (self.sent(late), self.dice.one_in(4));
            copies.push(Copy { name, by, at, mailed, cells });
        }
        copies
    }

    /// Whoever fills a part, and not the owner twice.
    fn hand(&self, n: usize) -> &'static Person {
        let owner = self.story.owner;
        let Some(part) = Part::ALL.get(n).filter(|part| **part != Part::Owner) else { return owner };
        let one = POOL.of_dept(part.dept(), self.story.number);
        if one == owner { POOL.of_dept(part.dept(), self.story.number + 1) } else { one }
    }

    /// Somebody sends a copy with one figure ten times too large, and later the one that is right.
    fn slip_of_the_keyboard(&mut self, copies: &[Copy]) -> Option<(Copy, Said)> {
        let right = copies.iter().find(|copy| !copy.mailed)?;
        let mut wrong = right.clone();
        let slip = wrong.cells.iter_mut().find(|cell| cell.table == "budget" && cell.column == "actual")?;
        let Content::Number(n) = slip.value else { return None };
        let (was, is) = (format!("{}", n * 10.0), format!("{n}"));
        slip.value = Content::Number(n * 10.0);
        let row = POOL.cost.get(slip.row)?.item.clone();
        wrong.name += "-初稿";
        wrong.at = (self.weeks.day(self.week, 0), right.at.1);
        Some((wrong, self.said(Kind::Corrected).at("budget", &row, "actual").then(&was).now(&is)))
    }

    fn save(&mut self, copy: &Copy) -> Result<(), String> {
        let (day, minute) = copy.at;
        let (hour, minute) = (minute / 60, minute % 60);
        let stamp = format!("{day}T{hour:02}:{minute:02}:00Z");
        // What came by mail says so itself; the file then was saved by whoever's machine it was.
        let by = if copy.mailed { "" } else { &*copy.by.name };
        let bytes = self.blank.filled(&copy.cells, Hand { by, at: &stamp })?;
        if !copy.mailed {
            self.made.files.push((file_name(copy), bytes));
            return Ok(());
        }
        let attached = format!("{}.xlsx", copy.name);
        let date = format!("{} {hour:02}:{minute:02}:00 +0800", day.format("%a, %d %b %Y"));
        let sender = format!("{} <{}@example.com>", copy.by.name, copy.by.mail);
        let id = format!("{}.{}.{}@example.com", self.weeks.name(self.week), self.story.code, copy.by.mail);
        let mail = write(&Draft {
            to: "汇总 <review@example.com>",
            subject: &format!("{} 复盘表", self.story.name),
            text: "附件是本周的复盘表，请查收。\n",
            attachments: vec![Attachment { name: &attached, bytes: &bytes }],
            sent: Some(Sent { from: &sender, date: &date, id: &id }),
            ..Draft::default()
        });
        let name = file_name(copy);
        let said = self.said(Kind::Mail);
        self.made.said.push(Said { files: vec![name.clone()], ..said });
        self.made.files.push((name, mail));
        Ok(())
    }
}

fn file_name(copy: &Copy) -> String {
    format!("{}.{}", copy.name, if copy.mailed { "eml" } else { "xlsx" })
}

/// Somebody else writes another figure for the same channel.
fn contradict(copies: &mut [Copy], dice: &mut Dice) -> Option<Said> {
    let has = |copy: &&Copy| copy.cells.iter().any(|cell| cell.part == Part::Channels);
    let first = copies.iter().find(has)?;
    let spends = |cell: &&Typed| (cell.table, cell.column) == ("channels", "spend");
    let figures: Vec<Typed> = first.cells.iter().filter(spends).cloned().collect();
    let mut spend = dice.pick(&figures)?.clone();
    let named = |cell: &&Typed| (cell.table, cell.column, cell.row) == ("channels", "channel", spend.row);
    let name = first.cells.iter().find(named)?.clone();
    let Content::Number(figure) = spend.value else { return None };
    let mine = file_name(first);
    let other = copies.iter_mut().find(|copy| !copy.cells.iter().any(|cell| cell.part == Part::Channels))?;
    let otherwise = (figure * 1.1 / 100.0).round() * 100.0;
    spend.value = Content::Number(otherwise);
    let mut said = Said::new(String::new(), "", Kind::Conflict);
    said = said.at("channels", &name.value.to_text(), "spend");
    said = said.then(&figure.to_string()).now(&otherwise.to_string());
    said.files = vec![mine, file_name(other)];
    other.cells.extend([name, spend]);
    Some(said)
}
