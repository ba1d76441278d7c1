//! 本周变化: this week against the weeks before – campaigns, findings, problems, figures unlike those before.

use super::{Desk, level, share, whole, wrapped};
use crate::cell::{Area, CellRef};
use crate::expr::Expr;
use crate::page::{Dress, Page, PageCell, Role, Shape, Show, Tab};
use crate::portfolio::decided::{self, ASKED, DECIDE};
use crate::portfolio::finding_title;
use crate::record::decided::{Decides, Verdict};
use crate::record::summary::CampaignSummary;
use crate::record::weeks::{Against, CampaignWeek, FindingState, FindingWeek, Outlier, Weeks};

const COLUMNS: u32 = 12;

impl Desk<'_> {
    /// What changed; `None` where no week before is known.
    pub(super) fn changes(&self) -> Option<Page> {
        let weeks = self.portfolio.weeks.as_ref()?;
        let said = self.changes_said()?;
        let mut page = self.page(
            "changes",
            Tab::First,
            &[34.0, 9.0, 10.0, 10.0, 15.0, 11.0, 11.0, 14.0, 14.0, 9.0, 9.0, 11.0, 0.0],
        );
        page.line(Role::Conclusion, COLUMNS, said);
        page.line(Role::Note, COLUMNS, self.word("changes_note"));
        page.skip(1);
        self.changed_campaigns(&mut page, weeks);
        self.changed_findings(&mut page, weeks);
        self.problems_over_weeks(&mut page, weeks);
        self.moved_rows(&mut page, weeks);
        self.outliers(&mut page, weeks);
        Some(page)
    }

    /// What changed, in a sentence; `None` where no week before is known.
    pub(super) fn changes_said(&self) -> Option<String> {
        let weeks = self.portfolio.weeks.as_ref()?;
        let previous = weeks.previous.as_ref()?;
        let counts = [
            ("new", weeks.findings.new),
            ("grown", weeks.findings.grown),
            ("fixed", weeks.findings.fixed),
            ("again", weeks.findings.again),
            ("unknown", weeks.findings.unknown),
            ("rules", weeks.findings.rules),
            ("still", weeks.findings.still),
        ]
        .map(|(key, n)| (key, n.to_string()));
        let mut holes: Vec<(&str, &str)> = counts.iter().map(|(key, n)| (*key, n.as_str())).collect();
        holes.extend([("period", weeks.period.as_str()), ("previous", previous.as_str())]);
        Some(self.words.say("changes_head", &holes))
    }

    fn summary(&self, campaign: &str) -> Option<&CampaignSummary> {
        self.portfolio.counted().find(|entry| entry.campaign == campaign)
    }

    /// A campaign's name, leading to its workbook where there is one.
    pub(super) fn named(&self, campaign: &str, otherwise: &str) -> PageCell {
        match self.summary(campaign) {
            Some(entry) if !entry.output.is_empty() => {
                PageCell::from(Show::File(entry.name.clone(), entry.output.clone())).shaped(Shape::Wrapped)
            }
            Some(entry) => wrapped(&entry.name),
            None => wrapped(otherwise),
        }
    }

    fn changed_campaigns(&self, page: &mut Page, weeks: &Weeks) {
        page.line(Role::Section, COLUMNS, self.word("changes_campaigns"));
        page.row(
            Role::Header,
            self.words.all([
                "campaign",
                "this_week",
                "composite_was",
                "composite_is",
                "moved",
                "roi_was",
                "roi_is",
                "spend",
                "revenue",
                "errors_was",
                "errors",
                "first_week",
            ]),
        );
        let first = page.next_row();
        for one in &weeks.campaigns {
            self.changed_campaign(page, one);
        }
        let last = page.next_row().saturating_sub(1).max(first);
        let area = Area::new(CellRef::new(first, 1), CellRef::new(last, 1));
        page.dresses.push(Dress::Word { area, word: self.word("not_here"), role: Role::Warn });
        page.skip(1);
    }

    fn changed_campaign(&self, page: &mut Page, one: &CampaignWeek) {
        let row = page.next_row();
        let (was, is) = (one.was.unwrap_or_default(), one.is.unwrap_or_default());
        let here = match (one.here, &one.last) {
            (true, None) => "new_here",
            (true, Some(_)) => "here",
            (false, _) => "not_here",
        };
        let money = super::amount;
        let ratio = |n: Option<f64>| PageCell::from(n.map_or(Show::Blank, Show::Number)).shaped(Shape::Ratio);
        let errors = |there: bool, n: usize| if there { whole(n) } else { PageCell::default() };
        let placed = page.row(
            Role::Body,
            [
                self.named(&one.campaign, &one.name),
                self.word(here).into(),
                share(was.composite),
                share(is.composite),
                PageCell::default(),
                ratio(was.roi),
                ratio(is.roi),
                money(is.spend),
                money(is.revenue),
                errors(one.was.is_some(), was.errors),
                errors(one.is.is_some(), is.errors),
                one.first.as_str().into(),
            ],
        );
        let moved: Expr = ((placed[3].clone() - placed[2].clone()) * 100.0).known();
        page.put(CellRef::new(row, 4), PageCell::from(moved).shaped(Shape::Points));
    }

    /// Findings that are not simply still there; what is unknown is counted, a line a campaign.
    fn changed_findings(&self, page: &mut Page, weeks: &Weeks) {
        page.line(Role::Section, COLUMNS, self.word("changes_findings"));
        let told: Vec<&FindingWeek> =
            weeks.changed.iter().filter(|one| one.state != FindingState::Unknown).collect();
        let unknown = |campaign: &CampaignWeek| {
            let of =
                |one: &&FindingWeek| one.campaign == campaign.campaign && one.state == FindingState::Unknown;
            weeks.changed.iter().filter(of).count()
        };
        for campaign in &weeks.campaigns {
            let n = unknown(campaign);
            if n > 0 {
                let key = if campaign.here { "unknown_table" } else { "unknown_campaign" };
                let text = self.words.say(key, &[("campaign", &campaign.name), ("n", &n.to_string())]);
                page.line(Role::Note, COLUMNS, text);
            }
        }
        if told.is_empty() {
            page.line(Role::Note, COLUMNS, self.word("nothing_changed"));
            page.skip(1);
            return;
        }
        let heads = [
            "campaign",
            "state",
            "level",
            "title",
            "",
            "column",
            "row",
            "",
            "place",
            "",
            "first_week",
            "times",
        ];
        let heads = heads.map(|key| if key.is_empty() { String::new() } else { self.word(key) });
        let header = page.next_row();
        page.row(Role::Header, heads);
        let first = page.next_row();
        for one in told {
            let row = page.next_row();
            let place = match (self.summary(&one.campaign), &one.at) {
                (Some(entry), Some(_)) => super::source(entry, &one.at)[1].clone(),
                (_, at) => at.as_ref().map(ToString::to_string).unwrap_or_default().into(),
            };
            page.row(
                Role::Body,
                [
                    self.named(&one.campaign, &one.campaign),
                    self.word(state(one.state)).into(),
                    self.word(level(one.severity)).into(),
                    wrapped(&finding_title(&one.code, self.lang)),
                    PageCell::default(),
                    wrapped(one.column.as_deref().unwrap_or_default()),
                    wrapped(one.row.as_deref().unwrap_or_default()),
                    PageCell::default(),
                    place,
                    PageCell::default(),
                    one.first.as_str().into(),
                    whole(one.times),
                ],
            );
            spread(page, row, &[(3, 4), (6, 7), (8, 9)]);
        }
        spread(page, header, &[(3, 4), (6, 7), (8, 9)]);
        let last = page.next_row() - 1;
        let area = Area::new(CellRef::new(first, 1), CellRef::new(last, 1));
        for (key, role) in [
            (FindingState::New, Role::Warn),
            (FindingState::Grown, Role::Bad),
            (FindingState::Again, Role::Bad),
            (FindingState::Fixed, Role::Good),
        ] {
            page.dresses.push(Dress::Word { area, word: self.word(state(key)), role });
        }
        page.skip(1);
    }

    fn problems_over_weeks(&self, page: &mut Page, weeks: &Weeks) {
        page.line(Role::Section, COLUMNS, self.word("changes_problems"));
        if weeks.problems.is_empty() {
            page.line(Role::Note, COLUMNS, self.word("no_recurrence"));
            page.skip(1);
            return;
        }
        let heads = [
            "description",
            "times",
            "first_week",
            "last_week",
            "escalation",
            "",
            "where",
            "",
            "",
            "",
            "",
            DECIDE,
            ASKED,
        ];
        let header = page.next_row();
        page.row(Role::Header, heads.map(|key| if key.is_empty() { String::new() } else { self.word(key) }));
        spread(page, header, &[(4, 5), (6, 10)]);
        for one in &weeks.problems {
            let row = page.next_row();
            let said = [("period", one.decided.as_deref().unwrap_or_default())];
            let escalate = match one.verdict {
                Some(Verdict::GoOn) => self.words.say("problem_goes_on", &said),
                Some(Verdict::GiveUp) => self.words.say("problem_given_up", &said),
                Some(Verdict::GoUp) => self.words.say("problem_gone_up", &said),
                None if one.escalate => self.word("escalate"),
                None => String::new(),
            };
            let (mut decide, mut about) = (PageCell::default(), PageCell::default());
            if one.escalate || one.verdict.is_some() {
                decide = decided::choice(page, CellRef::new(row, 11), one.verdict, self.words);
                about = decided::asked(&Decides::Problem {
                    period: weeks.period.clone(),
                    problem: one.description.clone(),
                    times: one.times,
                    word: one.verdict,
                });
            }
            let blank = PageCell::default;
            let cells = [
                wrapped(&one.description),
                whole(one.times),
                one.first.as_str().into(),
                one.last.as_str().into(),
                wrapped(&escalate).role(if one.escalate { Role::Bad } else { Role::Body }),
                PageCell::default(),
                wrapped(&one.campaigns.join(&self.word("join_names"))),
                blank(),
                blank(),
                blank(),
                blank(),
                decide,
                about,
            ];
            page.row(Role::Body, cells);
            spread(page, row, &[(4, 5), (6, 10)]);
        }
        page.skip(1);
    }

    /// Rows of problems that went or came back, a line each.
    fn moved_rows(&self, page: &mut Page, weeks: &Weeks) {
        if weeks.rows.is_empty() {
            return;
        }
        page.line(Role::Section, COLUMNS, self.word("changes_rows"));
        for one in &weeks.rows {
            let row = page.next_row();
            let place = match self.summary(&one.campaign) {
                Some(entry) => super::source(entry, &one.at)[1].clone(),
                None => PageCell::default(),
            };
            let state = self.word(if one.back { "row_back" } else { "row_gone" });
            let mut cells =
                vec![self.named(&one.campaign, &one.campaign), state.into(), wrapped(&one.description)];
            cells.extend((0..5).map(|_| PageCell::default()));
            cells.push(place);
            page.row(Role::Body, cells);
            spread(page, row, &[(2, 7), (8, 9)]);
        }
        page.skip(1);
    }

    fn outliers(&self, page: &mut Page, weeks: &Weeks) {
        page.line(Role::Section, COLUMNS, self.word("changes_outliers"));
        if weeks.outliers.is_empty() {
            page.line(Role::Note, COLUMNS, self.word("no_outlier"));
            return;
        }
        let heads = ["campaign", "name", "this_week", "usual", "against", "", "count"];
        let header = page.next_row();
        page.row(Role::Header, heads.map(|key| if key.is_empty() { String::new() } else { self.word(key) }));
        spread(page, header, &[(4, 5)]);
        for one in &weeks.outliers {
            let row = page.next_row();
            let shape = outlier_shape(one);
            page.row(
                Role::Body,
                [
                    self.named(&one.campaign, &one.campaign),
                    self.word(&one.figure).into(),
                    PageCell::from(one.value).shaped(shape),
                    PageCell::from(one.usual).shaped(shape),
                    self.word(against(one.against)).into(),
                    PageCell::default(),
                    whole(one.n),
                ],
            );
            spread(page, row, &[(4, 5)]);
        }
    }
}

/// How an outlier's figure is shown.
pub(in crate::portfolio) fn outlier_shape(one: &Outlier) -> Shape {
    if one.figure == "roi" { Shape::Ratio } else { Shape::Percent }
}

/// The word of a comparison.
pub(in crate::portfolio) fn against(against: Against) -> &'static str {
    match against {
        Against::Own => "against_own",
        Against::Type => "against_type",
    }
}

/// Cells of a row that share one text.
fn spread(page: &mut Page, row: u32, groups: &[(u32, u32)]) {
    for (first, last) in groups {
        page.merges.push(Area::new(CellRef::new(row, *first), CellRef::new(row, *last)));
    }
}

/// The word of a state.
pub(in crate::portfolio) fn state(state: FindingState) -> &'static str {
    match state {
        FindingState::New => "finding_new",
        FindingState::Still => "finding_still",
        FindingState::Grown => "finding_grown",
        FindingState::Fixed => "finding_fixed",
        FindingState::Again => "finding_again",
        FindingState::Unknown => "finding_unknown",
        FindingState::Rules => "finding_rules",
    }
}
