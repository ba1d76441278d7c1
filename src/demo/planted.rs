//! What was planted, for people and for whoever measures what is found.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Plan;
use super::calendar::Weeks;
use super::story::Story;
use crate::locale::Lang;
use crate::words::Words;

const TEXT: &str = include_str!("readme.toml");
/// The folder of the rosters, a file a week.
pub(super) const ROSTERS: &str = "名单";

/// Everything that was planted: `planted.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    /// The seed it was made from.
    pub seed: u64,
    /// Weeks, in order.
    pub weeks: Vec<Week>,
    /// Campaigns, in order.
    pub campaigns: Vec<Campaign>,
    /// What happens, by week and campaign.
    pub said: Vec<Said>,
    /// Every way a problem is put, where and from when on: what is of one theme is one problem.
    pub problems: Vec<Wording>,
}

/// A week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Its name, and that of its folder.
    pub week: String,
    /// The day returns are due.
    pub due: NaiveDate,
    /// The day it is looked at: `--as-of`.
    pub as_of: NaiveDate,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// The id it is issued with.
    pub campaign: String,
    /// 活动编号.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its template.
    pub template: String,
    /// Who answers for it.
    pub owner: String,
}

/// One way a problem is put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// What it is about: the same for one problem in whatever words.
    pub theme: String,
    /// The campaign's id.
    pub campaign: String,
    /// 问题编号.
    pub row: String,
    /// From which week on.
    pub week: String,
    /// The words.
    pub text: String,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A measure gets a later day.
    Slipped,
    /// A measure gets another owner.
    Reassigned,
    /// A measure is put in other words.
    ActionReworded,
    /// A measure that was not done is gone.
    ActionGone,
    /// A measure that was gone is back.
    ActionBack,
    /// A measure is done, with a day and a result.
    Done,
    /// A measure is said to be done, and nothing shows it.
    DoneUnshown,
    /// A problem is written down.
    ProblemNew,
    /// A problem is put in other words.
    ProblemReworded,
    /// A problem's row is gone.
    ProblemGone,
    /// A problem that was gone is back.
    ProblemAgain,
    /// A required cell is empty.
    GapOpened,
    /// It is filled in.
    GapClosed,
    /// It is empty again.
    GapAgain,
    /// A campaign that was there is not returned.
    Missing,
    /// A campaign is back.
    CameBack,
    /// A campaign is returned as it was last time.
    Unchanged,
    /// A campaign's file cannot be read.
    Damaged,
    /// A campaign is returned after the day it was due.
    Late,
    /// A campaign comes in several copies that fill each other's gaps.
    Copies,
    /// Two copies say different things.
    Conflict,
    /// Somebody sends a wrong figure and then the right one.
    Corrected,
    /// A copy comes by mail.
    Mail,
    /// A workbook is open in Excel.
    Open,
}

impl Kind {
    /// Every kind, in the order they are told.
    pub const ALL: [Kind; 24] = [
        Kind::Slipped,
        Kind::Reassigned,
        Kind::ActionReworded,
        Kind::ActionGone,
        Kind::ActionBack,
        Kind::Done,
        Kind::DoneUnshown,
        Kind::ProblemNew,
        Kind::ProblemReworded,
        Kind::ProblemGone,
        Kind::ProblemAgain,
        Kind::GapOpened,
        Kind::GapClosed,
        Kind::GapAgain,
        Kind::Missing,
        Kind::CameBack,
        Kind::Unchanged,
        Kind::Damaged,
        Kind::Late,
        Kind::Copies,
        Kind::Conflict,
        Kind::Corrected,
        Kind::Mail,
        Kind::Open,
    ];

    fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// One thing that happens to a campaign in a week.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Said {
    /// The week it can first be seen.
    pub week: String,
    /// The campaign's id.
    pub campaign: String,
    /// What.
    pub kind: Kind,
    /// The table's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub table: String,
    /// The row by its code or name; of a gap in a table without codes, which row, from 1.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub row: String,
    /// The column's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// What was there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub was: String,
    /// What is there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub is: String,
    /// The how-manieth time; of copies, how many.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub times: usize,
    /// The files it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Said {
    pub(super) fn new(week: String, campaign: &str, kind: Kind) -> Said {
        Said {
            week,
            campaign: campaign.to_owned(),
            kind,
            table: String::new(),
            row: String::new(),
            column: String::new(),
            was: String::new(),
            is: String::new(),
            times: 0,
            files: Vec::new(),
        }
    }

    pub(super) fn at(self, table: &str, row: &str, column: &str) -> Said {
        Said { table: table.to_owned(), row: row.to_owned(), column: column.to_owned(), ..self }
    }

    pub(super) fn then(self, was: &str) -> Said {
        Said { was: was.to_owned(), ..self }
    }

    pub(super) fn now(self, is: &str) -> Said {
        Said { is: is.to_owned(), ..self }
    }

    pub(super) fn times(self, times: usize) -> Said {
        Said { times, ..self }
    }
}

impl Planted {
    /// The frame of a plan; what happens is added week by week.
    pub(super) fn of(plan: &Plan, weeks: &Weeks, stories: &[Story<'_>]) -> Planted {
        let week = |week| Week { week: weeks.name(week), due: weeks.due(week), as_of: weeks.as_of(week) };
        let campaign = |story: &Story<'_>| Campaign {
            campaign: story.id.clone(),
            code: story.code.clone(),
            name: story.name.clone(),
            template: story.facts.template.clone(),
            owner: story.owner.name.clone(),
        };
        let mut problems = Vec::new();
        for story in stories {
            for trouble in &story.troubles {
                for (from, _) in &trouble.wording {
                    problems.push(Wording {
                        theme: trouble.of.theme.clone(),
                        campaign: story.id.clone(),
                        row: trouble.code.clone(),
                        week: weeks.name(*from),
                        text: trouble.text(*from).to_owned(),
                    });
                }
            }
        }
        Planted {
            seed: plan.seed,
            weeks: (0..plan.weeks).map(week).collect(),
            campaigns: stories.iter().map(campaign).collect(),
            said: Vec::new(),
            problems,
        }
    }

    /// The page for people.
    pub(super) fn readme(&self, plan: &Plan, lang: Lang) -> String {
        let words = Words::load(&[TEXT], lang);
        let (weeks, campaigns) = (plan.weeks.to_string(), plan.campaigns.to_string());
        let seed = plan.seed.to_string();
        let mut page = words.say("head", &[("weeks", &weeks), ("campaigns", &campaigns), ("seed", &seed)]);
        let mut before: Option<&Week> = None;
        page += "\n\n```sh\n";
        for week in &self.weeks {
            let previous = before.map(|week| format!(" --previous 产出/{}", week.week)).unwrap_or_default();
            page += &format!(
                "fupan batch {0} -o 产出/{0} --as-of {1} --roster {ROSTERS}/{0}.toml{previous}\n",
                week.week, week.as_of
            );
            before = Some(week);
        }
        page += &format!("```\n\n{}\n\n", words.get("kinds"));
        let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
        for said in &self.said {
            *counts.entry(said.kind).or_default() += 1;
        }
        page += &format!("| {} | {} |\n|---|---:|\n", words.get("what"), words.get("times"));
        for kind in Kind::ALL {
            page +=
                &format!("| {} | {} |\n", words.get(&kind.word()), counts.get(&kind).copied().unwrap_or(0));
        }
        page += &format!("\n{}\n\n", words.get("list"));
        let names: BTreeMap<&str, &str> =
            self.campaigns.iter().map(|one| (one.campaign.as_str(), one.name.as_str())).collect();
        for said in &self.said {
            let name = names.get(said.campaign.as_str()).copied().unwrap_or_default();
            page += &format!("- {} · {name} · {}", said.week, words.get(&said.kind.word()));
            let place = [&*said.row, &*said.column].into_iter().filter(|it| !it.is_empty());
            let place = place.collect::<Vec<_>>().join(" ");
            let change = match (said.was.as_str(), said.is.as_str()) {
                ("", is) => is.to_owned(),
                (was, "") => was.to_owned(),
                (was, is) => format!("{was} → {is}"),
            };
            let files = said.files.join("、");
            for more in [place, change, files].into_iter().filter(|it| !it.is_empty()) {
                page += &format!(" · {more}");
            }
            page.push('\n');
        }
        page
    }
}

/// Who is to return what in a week, as `--roster` takes it.
pub(super) fn roster(stories: &[Story<'_>], weeks: &Weeks, week: usize) -> String {
    let mut text = String::new();
    for story in stories.iter().filter(|story| story.shown(week).is_some()) {
        text += &format!(
            "[[row]]\ncampaign = \"{}\"\nname = \"{}\"\nperson = \"{}\"\ndept = \"{}\"\nmail = \"{}@example.com\"\ndue = \"{}\"\n\n",
            story.id,
            story.name,
            story.owner.name,
            story.owner.dept,
            story.owner.mail,
            weeks.due(week)
        );
    }
    text
}
