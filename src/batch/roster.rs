//! Roll call: who was to return what, how it stands, and what each person still owes.

#![expect(clippy::disallowed_methods, reason = "the roster is read here and nowhere else")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};

use crate::catalogue::{Catalogue, Table};
use crate::cell::{CellRef, Content};
use crate::diagnostic::Finding;
use crate::locale::{Lang, fold};
use crate::mail::{Attachment, Draft, write};
use crate::page::{Page, PageCell, Role, Shape, Tab};
use crate::quantity::{Calendar, Said, date};
use crate::record::merge::{Merge, Owing, Roster, RosterRow, State};
use crate::record::run::{File, Run};
use crate::record::summary::CampaignSummary;
use crate::words::Words;
use crate::workbook::Sheet;
use crate::xlsx::guard::Limits;
use crate::xlsx::read::{ReadOptions, read_with};

const TEXT: &str = include_str!("roster.toml");
/// So many things a person is asked for at once.
const OWED: usize = 5;
/// Larger mails are refused on the way.
const LARGEST_MAIL: usize = 20 << 20;

/// One line of the roster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expected {
    /// 活动编号, or the id `fupan new` issued.
    pub campaign: String,
    /// 活动名称.
    pub name: String,
    /// 负责人.
    pub person: String,
    /// 部门.
    pub dept: String,
    /// 邮箱.
    pub mail: String,
    /// 交哪些表: titles; all of the template where none is named.
    pub tables: Vec<String>,
    /// 截止.
    #[serde(deserialize_with = "day")]
    pub due: Option<NaiveDate>,
}

/// A day, with quotation marks around it or without.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Day {
        Text(NaiveDate),
        Plain(toml::value::Datetime),
    }
    let plain = |day: toml::value::Datetime| {
        let day = day.date?;
        NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into())
    };
    Ok(match Day::deserialize(from)? {
        Day::Text(day) => Some(day),
        Day::Plain(day) => plain(day),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    row: Vec<Expected>,
}

/// What a run knows of one campaign that came.
#[derive(Debug, Clone, Default)]
pub struct Came<'a> {
    /// What the portfolio keeps of it.
    pub summary: Option<&'a CampaignSummary>,
    /// Hashes of what its copies hold.
    pub digests: BTreeSet<&'a str>,
    /// The highest generation its copies were issued as.
    pub generation: i64,
    /// Template version, the highest of its copies.
    pub version: Option<u32>,
    /// The first day one of its copies was sent or saved.
    pub at: Option<NaiveDate>,
    /// What its campaign still owes.
    pub owing: Option<&'a Owing>,
    /// The mail it came in, to answer to: sender and id.
    pub mail: Option<(&'a str, &'a str)>,
}

/// The words of roster and replies.
pub fn words(lang: Lang) -> Words {
    Words::load(&[TEXT], lang)
}

/// Reads a roster, a workbook or TOML.
///
/// # Errors
/// In words of the reader, what is wrong with it.
pub fn read(path: &Path, limits: &Limits) -> Result<Vec<Expected>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
        return toml::from_str::<Written>(&text)
            .map(|written| written.row)
            .map_err(|error| error.to_string());
    }
    let workbook =
        read_with(&bytes, limits, &ReadOptions::default()).map_err(|refusal| format!("{refusal:?}"))?;
    let rows = workbook.sheets.iter().find_map(rows);
    rows.ok_or_else(|| words(Lang::Zh).get("no_header"))
}

fn rows(sheet: &Sheet) -> Option<Vec<Expected>> {
    let keys = ["campaign", "name", "person", "dept", "mail", "tables", "due"];
    let heads: Vec<Vec<String>> = [Lang::Zh, Lang::ZhHant, Lang::En]
        .iter()
        .map(|lang| words(*lang).all(keys).iter().map(|word| fold(word)).collect())
        .collect();
    let is = |content: &Content, key: usize| heads.iter().any(|words| fold(&content.to_text()) == words[key]);
    let header = sheet.cells.iter().find(|(_, cell)| is(&cell.content, 0) || is(&cell.content, 1))?.0.row;
    let column = |key: usize| sheet.row(header).find(|(_, cell)| is(&cell.content, key)).map(|(col, _)| col);
    let columns: Vec<Option<u32>> = (0..keys.len()).map(column).collect();
    let last = sheet.cells.keys().next_back()?.row;
    let text = |row: u32, key: usize| {
        let content = columns[key].map(|col| sheet.content(CellRef::new(row, col)).clone());
        content.unwrap_or_default()
    };
    let said = |row: u32, key: usize| text(row, key).to_text().trim().to_owned();
    let rows = (header + 1..=last).map(|row| Expected {
        campaign: said(row, 0),
        name: said(row, 1),
        person: said(row, 2),
        dept: said(row, 3),
        mail: said(row, 4),
        tables: said(row, 5)
            .split(['、', ',', '，', ';', '；', '\n', '/'])
            .map(|table| table.trim().to_owned())
            .filter(|table| !table.is_empty())
            .collect(),
        due: match date::read(&text(row, 6), &Calendar::default()).said {
            Said::Value(day) => Some(day),
            _ => None,
        },
    });
    Some(rows.filter(|one| !(one.campaign.is_empty() && one.name.is_empty())).collect())
}

/// A roster to fill in, with the campaigns of a run.
pub fn blank(run: Option<&Run>, lang: Lang) -> Page {
    let words = words(lang);
    let mut page = Page::new(words.get("roster"), Tab::First);
    page.set_widths(&[24.0, 36.0, 12.0, 16.0, 28.0, 40.0, 14.0]);
    page.row(Role::Header, words.all(["campaign", "name", "person", "dept", "mail", "tables", "due"]));
    page.freeze = Some(CellRef::new(1, 0));
    for summary in run.into_iter().flat_map(|run| &run.files).filter_map(|file| file.campaign.as_ref()) {
        if summary.set_aside_for.is_some() {
            continue;
        }
        page.row(
            Role::Body,
            [
                PageCell::from(summary.campaign.as_str()),
                PageCell::from(summary.name.as_str()).shaped(Shape::Wrapped),
                PageCell::from(summary.owner.as_str()),
            ],
        );
    }
    page
}

/// Whom the last run knew of, where there is no roster.
pub fn of_run(run: &Run) -> Vec<Expected> {
    let summaries = run.files.iter().filter_map(|file| file.campaign.as_ref());
    let counted = summaries.filter(|summary| summary.set_aside_for.is_none());
    let one = |summary: &CampaignSummary| Expected {
        campaign: summary.campaign.clone(),
        name: summary.name.clone(),
        person: summary.owner.clone(),
        ..Expected::default()
    };
    counted.map(one).collect()
}

/// Lines of a roster that say one campaign twice: the campaign, and the lines.
pub fn twice(expected: &[Expected]) -> Vec<(String, usize)> {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for one in expected {
        let key = if one.campaign.is_empty() { &one.name } else { &one.campaign };
        *seen.entry((fold(key), fold(&one.person))).or_default() += 1;
    }
    seen.into_iter().filter(|(_, times)| *times > 1).map(|((campaign, _), times)| (campaign, times)).collect()
}

/// One line of the roll call with whom to tell.
#[derive(Debug, Clone)]
pub struct Called<'a> {
    /// Who was expected; `None` for a campaign nobody expected.
    pub expected: Option<&'a Expected>,
    /// What came.
    pub came: Option<&'a Came<'a>>,
    /// How it stands.
    pub row: RosterRow,
    /// Whether it came by its day.
    pub on_time: bool,
}

/// Calls the roll.
pub fn call<'a>(
    expected: &'a [Expected],
    came: &'a BTreeMap<String, Came<'a>>,
    unread: &[String],
    merges: &[Merge],
    before: Option<&Run>,
    as_of: NaiveDate,
    lang: Lang,
) -> Vec<Called<'a>> {
    let desk = Desk { words: words(lang), catalogue: Catalogue::shipped(), merges, before, as_of, lang };
    let mut called = Vec::new();
    let mut seen: BTreeSet<&String> = BTreeSet::new();
    let mut listed: BTreeSet<(String, String)> = BTreeSet::new();
    for one in expected {
        if !listed.insert((fold(&one.campaign), fold(&format!("{} {}", one.name, one.person)))) {
            continue;
        }
        let found = came.iter().find(|(id, came)| is_of(one, id, came));
        seen.extend(found.map(|(id, _)| id));
        let unreadable = unread.iter().any(|file| names(one, file));
        called.push(desk.one(one, found.map(|(_, came)| came), unreadable));
    }
    for (id, one) in came.iter().filter(|(id, _)| !seen.contains(id)) {
        let owner = one.summary.map(|summary| summary.owner.clone()).unwrap_or_default();
        let row = RosterRow {
            campaign: one.summary.map_or_else(|| id.clone(), |summary| summary.name.clone()),
            person: owner,
            state: State::Unlisted,
            owed: Vec::new(),
        };
        called.push(Called { expected: None, came: Some(one), row, on_time: false });
    }
    called
}

/// The roll call as it is recorded.
pub fn recorded(called: &[Called<'_>]) -> Roster {
    let expected = called.iter().filter(|one| one.expected.is_some());
    let returned =
        expected.clone().filter(|one| !matches!(one.row.state, State::Missing | State::Unreadable));
    Roster {
        expected: expected.count(),
        returned: returned.clone().count(),
        on_time: returned.filter(|one| one.on_time).count(),
        rows: called.iter().map(|one| one.row.clone()).collect(),
    }
}

/// Whether a campaign that came is the one a line of the roster means.
fn is_of(one: &Expected, id: &str, came: &Came<'_>) -> bool {
    let name = came.summary.map(|summary| summary.name.as_str()).unwrap_or_default();
    let by_id = !one.campaign.is_empty() && fold(&one.campaign) == fold(id);
    by_id || (!one.name.is_empty() && fold(&one.name) == fold(name))
}

/// Whether a file that could not be read goes by the campaign's name or id.
fn names(one: &Expected, file: &str) -> bool {
    let file = fold(file);
    [&one.campaign, &one.name].iter().any(|word| word.chars().count() > 2 && file.contains(&fold(word)))
}

struct Desk<'a> {
    words: Words,
    catalogue: &'a Catalogue,
    merges: &'a [Merge],
    before: Option<&'a Run>,
    as_of: NaiveDate,
    lang: Lang,
}

impl Desk<'_> {
    fn one<'e>(&self, expected: &'e Expected, came: Option<&'e Came<'e>>, unreadable: bool) -> Called<'e> {
        let (state, owed) = match came {
            None if unreadable => (State::Unreadable, vec![self.words.get("owed_unreadable")]),
            None => (State::Missing, vec![self.words.get("owed_missing")]),
            Some(came) => self.state(expected, came),
        };
        let campaign = [&expected.name, &expected.campaign].into_iter().find(|word| !word.is_empty());
        let row = RosterRow {
            campaign: campaign.cloned().unwrap_or_default(),
            person: expected.person.clone(),
            state,
            owed: owed.into_iter().take(OWED).collect(),
        };
        let at = came.and_then(|came| came.at).unwrap_or(self.as_of);
        let on_time = came.is_some() && expected.due.is_none_or(|due| at <= due);
        Called { expected: Some(expected), came, row, on_time }
    }

    /// What came of a campaign the week before.
    fn earlier<'s>(&'s self, summary: &'s CampaignSummary) -> impl Iterator<Item = &'s File> + 's {
        let files = self.before.into_iter().flat_map(|run| &run.files);
        files.filter(|file| file.copy.as_ref().is_some_and(|copy| copy.campaign == summary.campaign))
    }

    fn state(&self, expected: &Expected, came: &Came<'_>) -> (State, Vec<String>) {
        let Some(summary) = came.summary else { return (State::Unreadable, Vec::new()) };
        let earlier: Vec<_> = self.earlier(summary).filter_map(|file| file.copy.as_ref()).collect();
        let template = summary.template.as_ref().and_then(|id| self.catalogue.templates.get(id));
        let old_form =
            template.zip(came.version).is_some_and(|(template, version)| version < template.version);
        let last_issue = earlier.iter().map(|copy| copy.issued).max();
        // What copies came to is known as one content, however many they were then and are now.
        let content = came.owing.map_or("", |owing| owing.content.as_str());
        let came_to = |file: &&File| file.owing.as_ref().is_some_and(|owing| owing.content == content);
        let same = !earlier.is_empty()
            && (came.digests.iter().all(|digest| earlier.iter().any(|copy| copy.digest == **digest))
                || (!content.is_empty() && self.earlier(summary).any(|file| came_to(&file))));
        if old_form || (!same && last_issue.is_some_and(|issued| came.generation < issued)) {
            return (State::Outdated, vec![self.words.get("owed_outdated")]);
        }
        if same {
            return (State::Unchanged, vec![self.words.get("owed_unchanged")]);
        }
        let mut owed = Vec::new();
        let Some(owing) = came.owing else { return (State::Returned, Vec::new()) };
        let named: BTreeSet<&str> = expected
            .tables
            .iter()
            .filter_map(|table| self.table(table))
            .map(|table| table.id.as_str())
            .collect();
        // Who is to fill in two tables does not owe the others.
        let asked = |table: &str| named.is_empty() || table.is_empty() || named.contains(table);
        let empty = |table: &&String| self.table(table).is_some_and(|known| owing.empty.contains(&known.id));
        let missing: Vec<String> = expected.tables.iter().filter(empty).cloned().collect();
        let sum = |of: &BTreeMap<String, usize>| {
            of.iter().filter(|(table, _)| asked(table)).map(|(_, n)| n).sum::<usize>()
        };
        let (left, errors) = (sum(&owing.left), sum(&owing.errors));
        if !missing.is_empty() {
            owed.push(self.words.say("owed_tables", &[("tables", &missing.join("、"))]));
        }
        if left > 0 {
            owed.push(self.words.say("owed_cells", &[("n", &left.to_string())]));
        }
        owed.extend(
            owing.first.iter().take(3).map(|cells| self.words.say("owed_first", &[("cells", cells)])),
        );
        if errors > 0 {
            owed.push(self.words.say("owed_errors", &[("n", &errors.to_string())]));
        }
        if !missing.is_empty() || left > 0 || errors > 0 {
            return (State::Incomplete, owed);
        }
        let open = self.merges.iter().find(|merge| merge.campaign == summary.campaign);
        let open = open.map_or(0, |merge| merge.pending.len());
        if open > 0 {
            return (State::Pending, vec![self.words.say("owed_pending", &[("n", &open.to_string())])]);
        }
        (State::Returned, Vec::new())
    }

    /// A table as the roster names it.
    fn table(&self, name: &str) -> Option<&Table> {
        self.catalogue.tables.values().find(|known| {
            fold(&known.label.get(self.lang)) == fold(name)
                || known.id == name
                || known.aliases.iter().any(|alias| fold(alias) == fold(name))
        })
    }
}

/// A reply to one person over all their campaigns: the file's name without its ending, the mail, the text.
pub struct Reply {
    /// Name of the files.
    pub name: String,
    /// The draft.
    pub mail: Vec<u8>,
    /// The same to paste from.
    pub text: String,
}

/// One reply a person, where something is owed; `workbook` gives an output's bytes.
pub fn replies(
    called: &[Called<'_>],
    workbook: &dyn Fn(&str) -> Option<Vec<u8>>,
    as_of: NaiveDate,
    lang: Lang,
) -> Vec<Reply> {
    let words = words(lang);
    let mut people: BTreeMap<String, Vec<&Called<'_>>> = BTreeMap::new();
    for one in called.iter().filter(|one| one.expected.is_some() && !one.row.owed.is_empty()) {
        let person =
            if one.row.person.is_empty() { one.row.campaign.clone() } else { one.row.person.clone() };
        people.entry(person).or_default().push(one);
    }
    let mut replies = Vec::new();
    for (person, owing) in people {
        let mut lines = vec![words.say("hello", &[("person", &person)])];
        let mut owed: Vec<String> = Vec::new();
        // In turn, so that every campaign has its most valuable first.
        for nth in 0..OWED {
            for one in &owing {
                if let Some(what) = one.row.owed.get(nth) {
                    owed.push(format!("{}：{}", one.row.campaign, what));
                }
            }
        }
        let more = owed.len().saturating_sub(OWED);
        owed.truncate(OWED);
        lines.extend(owed);
        if more > 0 {
            lines.push(words.say("more", &[("n", &more.to_string())]));
        }
        lines.push(words.get("please"));
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let mut size = 0;
        for output in owing.iter().filter_map(|one| Some(one.came?.summary?.output.as_str())) {
            let Some(bytes) = workbook(output).filter(|bytes| size + bytes.len() <= LARGEST_MAIL) else {
                continue;
            };
            size += bytes.len();
            let name = output.rsplit('/').next().unwrap_or(output).to_owned();
            files.push((name, bytes));
        }
        let mail = owing.iter().find_map(|one| one.came?.mail);
        let address = owing.iter().filter_map(|one| one.expected).find(|one| !one.mail.is_empty());
        let to = match (address, mail) {
            (Some(one), _) => format!("{person} <{}>", one.mail),
            (None, Some((sender, _))) => sender.to_owned(),
            (None, None) => person.clone(),
        };
        let names: Vec<&str> = owing.iter().map(|one| one.row.campaign.as_str()).collect();
        let date = as_of.to_string();
        let subject = words.say("subject", &[("campaigns", &names.join("、")), ("date", &date)]);
        let text = lines.join("\n");
        let draft = Draft {
            to: &to,
            subject: &subject,
            in_reply_to: mail.map(|(_, id)| id).filter(|id| !id.is_empty()),
            text: &text,
            attachments: files.iter().map(|(name, bytes)| Attachment { name, bytes }).collect(),
            ..Draft::default()
        };
        let text = format!("{}\n{}\n\n{text}\n", to, subject);
        replies.push(Reply { name: super::out::safe_name(&person), mail: write(&draft), text });
    }
    replies
}

/// A blank made for one line of a roster.
#[derive(Debug, Clone, Copy)]
pub struct Issued<'a> {
    /// The line.
    pub expected: &'a Expected,
    /// The file's name.
    pub name: &'a str,
    /// The workbook.
    pub package: &'a [u8],
}

/// One mail a person with the blanks made for them, to be sent by whoever issues them.
pub fn invitations(issued: &[Issued<'_>], as_of: NaiveDate, lang: Lang) -> Vec<Reply> {
    let words = words(lang);
    let mut people: BTreeMap<&str, Vec<&Issued<'_>>> = BTreeMap::new();
    for one in issued {
        let person = [&one.expected.person, &one.expected.name].into_iter().find(|word| !word.is_empty());
        people.entry(person.map_or("", String::as_str)).or_default().push(one);
    }
    let invitation = |(person, blanks): (&str, Vec<&Issued<'_>>)| {
        let mut lines = vec![words.say("invited", &[("person", person)])];
        lines.extend(blanks.iter().map(|one| asked_of(one.expected, &words)));
        lines.push(words.get("please_fill"));
        let address = blanks.iter().find(|one| !one.expected.mail.is_empty());
        let to = address.map_or_else(|| person.to_owned(), |one| format!("{person} <{}>", one.expected.mail));
        let names: Vec<&str> = blanks.iter().map(|one| one.expected.name.as_str()).collect();
        let date = as_of.to_string();
        let subject = words.say("invitation", &[("campaigns", &names.join("、")), ("date", &date)]);
        let text = lines.join("\n");
        let attachments = blanks.iter().map(|one| Attachment { name: one.name, bytes: one.package });
        let draft = Draft {
            to: &to,
            subject: &subject,
            sent: None,
            in_reply_to: None,
            text: &text,
            attachments: attachments.collect(),
        };
        let mail = write(&draft);
        Reply { name: super::out::safe_name(person), mail, text: format!("{to}\n{subject}\n\n{text}\n") }
    };
    people.into_iter().map(invitation).collect()
}

/// What somebody is asked for: the campaign, the tables where some are named, and the day.
fn asked_of(expected: &Expected, words: &Words) -> String {
    let tables = (!expected.tables.is_empty())
        .then(|| words.say("ask_tables", &[("tables", &expected.tables.join("、"))]));
    let due = expected.due.map(|due| words.say("ask_due", &[("day", &due.to_string())]));
    let said: Vec<String> = [tables, due].into_iter().flatten().collect();
    if said.is_empty() { expected.name.clone() } else { format!("{}：{}", expected.name, said.join("，")) }
}

/// What is to be said of a roster that names a campaign twice.
pub fn remarks(expected: &[Expected], code: &'static crate::diagnostic::Code) -> Vec<Finding> {
    let one = |(campaign, n): (String, usize)| {
        let finding = Finding::new(code).arg("campaign", crate::diagnostic::Arg::Quote(campaign));
        finding.arg("n", crate::diagnostic::Arg::Count(n))
    };
    twice(expected).into_iter().map(one).collect()
}
