//! 逾期与催办: what is late, put off, gone or unproven, by person; and a text to forward to each.

use indexmap::IndexMap;

use super::{Desk, source, whole, wrapped};
use crate::cell::{Area, CellRef};
use crate::locale::fold;
use crate::metrics::actions::State;
use crate::page::{Dress, Page, PageCell, Role, Shape, Show, Tab};
use crate::portfolio::decided::{self, ASKED, DECIDE};
use crate::record::decided::{Decides, Verdict};
use crate::record::weeks::ActionWeek;

/// Nobody reads a longer list of what they owe.
const OWED: usize = 5;

impl Desk<'_> {
    /// Open actions with their past, by person; `None` where there is nothing to chase.
    pub(super) fn chase(&self) -> Option<Page> {
        const COLUMNS: u32 = 14;
        let given_up = |item: &ActionWeek| item.verdict == Some(Verdict::GiveUp);
        let weeks = self.portfolio.weeks.as_ref()?;
        let mut lines: Vec<&ActionWeek> = weeks.items.iter().filter(|item| is_chased(item)).collect();
        if lines.is_empty() {
            return None;
        }
        let as_of = self.portfolio.as_of;
        lines.sort_by_key(|item| {
            let late = item.due.map_or(i64::MAX, |due| (due - as_of).num_days());
            (given_up(item), fold(&item.owner), !item.escalate, late, item.campaign.clone())
        });
        let mut page = self.listing(
            "chase",
            Tab::Action,
            &[11.0, 26.0, 36.0, 12.0, 12.0, 10.0, 8.0, 8.0, 10.0, 8.0, 22.0, 16.0, 27.0],
        );
        page.widths.insert(COLUMNS, 0.0);
        let count = |of: &dyn Fn(&&&ActionWeek) -> bool| lines.iter().filter(of).count().to_string();
        let holes = [
            ("overdue", count(&|item| item.state == State::Overdue && !item.gone && !given_up(item))),
            ("replanned", weeks.actions.replanned.to_string()),
            ("gone", count(&|item| item.gone)),
            ("unproven", count(&|item| item.unproven)),
            ("escalate", count(&|item| item.escalate)),
        ];
        let holes: Vec<(&str, &str)> = holes.iter().map(|(key, n)| (*key, n.as_str())).collect();
        page.line(Role::Conclusion, COLUMNS - 1, self.words.say("chase_head", &holes));
        page.line(Role::Note, COLUMNS - 1, self.word("chase_note"));
        page.skip(1);
        let header = self.header(
            &mut page,
            [
                "owner",
                "campaign",
                "action",
                "first_due",
                "due",
                "late",
                "slips",
                "reassigned",
                "quiet",
                "age",
                "chase_state",
                DECIDE,
                "place",
                "file",
                ASKED,
            ],
        );
        let first = page.next_row();
        for item in &lines {
            self.chased(&mut page, item);
        }
        // What each row is about moves with it, whatever it is sorted by.
        self.keep_header(&mut page, header, COLUMNS + 1);
        let last = page.next_row() - 1;
        let late = Area::new(CellRef::new(first, 5), CellRef::new(last, 5));
        page.dresses.push(Dress::Bar(late));
        lines.retain(|item| !given_up(item));
        self.to_forward(&mut page, &lines, COLUMNS - 1);
        Some(page)
    }

    fn chased(&self, page: &mut Page, item: &ActionWeek) {
        let entry = self.portfolio.counted().find(|entry| entry.campaign == item.campaign);
        let [file, place] = match entry {
            Some(entry) => source(entry, &item.at),
            None => {
                [PageCell::default(), item.at.as_ref().map(ToString::to_string).unwrap_or_default().into()]
            }
        };
        let late = item.due.map(|due| (self.portfolio.as_of - due).num_days()).filter(|days| *days > 0);
        let late = PageCell::from(late.map_or(Show::Blank, |days| Show::Number(days as f64)));
        let is_asked = item.escalate || item.verdict.is_some();
        let (mut decide, mut about) = (PageCell::default(), PageCell::default());
        if is_asked {
            decide = decided::choice(page, CellRef::new(page.next_row(), 11), item.verdict, self.words);
            about = decided::asked(&Decides::Action {
                period: self.period(),
                campaign: item.campaign.clone(),
                code: item.code.clone(),
                action: item.action.clone(),
                times: item.slips,
                word: item.verdict,
            });
        }
        let decided_in = item.decided.as_deref().unwrap_or_default();
        let standing = self.words.say(self.standing(item), &[("period", decided_in)]);
        let role = match self.standing(item) {
            "chase_given_up" => Role::Note,
            "chase_gone" | "chase_escalate" | "chase_overdue" | "chase_gone_up" => Role::Bad,
            _ => Role::Warn,
        };
        page.row(
            Role::Body,
            [
                wrapped(&item.owner),
                self.named(&item.campaign, &self.name_of(&item.campaign)),
                wrapped(&item.action),
                PageCell::from(item.first_due),
                PageCell::from(item.due),
                late.shaped(Shape::Integer),
                whole(item.slips),
                whole(item.reassigned),
                PageCell::from(item.quiet as f64).shaped(Shape::Integer),
                whole(item.age),
                wrapped(&standing).role(role),
                decide,
                place,
                file,
                about,
            ],
        );
    }

    /// What is to be said of an action, the gravest first.
    pub(in crate::portfolio) fn standing(&self, item: &ActionWeek) -> &'static str {
        if item.gone {
            "chase_gone"
        } else if item.verdict == Some(Verdict::GiveUp) {
            "chase_given_up"
        } else if item.verdict == Some(Verdict::GoUp) {
            "chase_gone_up"
        } else if item.escalate {
            "chase_escalate"
        } else if item.back {
            "chase_back"
        } else if item.unproven {
            "chase_unproven"
        } else if item.unseen {
            "chase_unseen"
        } else if item.replanned {
            "chase_replanned"
        } else if item.state == State::Overdue {
            "chase_overdue"
        } else {
            "chase_soon"
        }
    }

    /// The week the pages are of.
    pub(in crate::portfolio) fn period(&self) -> String {
        self.portfolio.weeks.as_ref().map(|weeks| weeks.period.clone()).unwrap_or_default()
    }

    /// A campaign's name, returned this week or not.
    pub(in crate::portfolio) fn name_of(&self, campaign: &str) -> String {
        let weeks = self.portfolio.weeks.iter().flat_map(|weeks| &weeks.campaigns);
        let mut named = weeks.filter(|one| one.campaign == campaign).map(|one| one.name.clone());
        named.next().unwrap_or_else(|| campaign.to_owned())
    }

    /// A text for each person, to copy and send as it is.
    fn to_forward(&self, page: &mut Page, lines: &[&ActionWeek], columns: u32) {
        let mut people: IndexMap<&str, Vec<&ActionWeek>> = IndexMap::new();
        for item in lines.iter().filter(|item| !item.owner.trim().is_empty()) {
            people.entry(item.owner.trim()).or_default().push(item);
        }
        page.skip(1);
        page.line(Role::Section, columns, self.word("to_forward"));
        for (person, items) in people {
            let mut text = vec![self.words.say("forward_head", &[("person", person)])];
            for (n, item) in (1..).zip(items.iter().take(OWED)) {
                let due = item.due.map(|due| due.to_string()).unwrap_or_else(|| self.word("undated"));
                let slips = match item.slips {
                    0 => String::new(),
                    n => self.words.say("forward_slips", &[("n", &n.to_string())]),
                };
                let decided_in = item.decided.as_deref().unwrap_or_default();
                let state = self.words.say(self.standing(item), &[("period", decided_in)]);
                let holes = [
                    ("n", &*n.to_string()),
                    ("campaign", &*self.name_of(&item.campaign)),
                    ("action", &*item.action),
                    ("due", &*due),
                    ("state", &*state),
                    ("slips", &*slips),
                ];
                text.push(self.words.say("forward_line", &holes));
            }
            if items.len() > OWED {
                text.push(self.words.say("forward_more", &[("n", &(items.len() - OWED).to_string())]));
            }
            let row = page.next_row();
            page.row(Role::Body, [wrapped(person), wrapped(&text.join("\n"))]);
            page.merges.push(Area::new(CellRef::new(row, 1), CellRef::new(row, columns - 1)));
            page.heights.insert(row, 16.0 * text.len() as f64 + 4.0);
        }
    }
}

/// Whether somebody has to be asked about an action: it is late or due, was put off, is gone, or nothing shows it.
fn is_chased(item: &ActionWeek) -> bool {
    let soon = matches!(item.state, State::Overdue | State::DueSoon);
    soon || item.replanned
        || item.escalate
        || item.verdict.is_some()
        || item.gone
        || item.back
        || item.unproven
}
