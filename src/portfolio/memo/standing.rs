//! What changed most, what is behind, what keeps coming, what went well, and what nobody saw.

use super::{CHANGES, COMPOSITE, ERRORS, Memo, NEAR, ROI, composite_moved, percent, points};
use crate::diagnostic::number;
use crate::document::Source;
use crate::metrics::goals::Outcome;
use crate::page::Role;
use crate::portfolio::pages::changes::{against, outlier_shape};
use crate::record::decided::Verdict;
use crate::record::summary::{ActionLine, CampaignSummary};
use crate::record::weeks::{CampaignWeek, FindingState};

/// One point: how it is to be taken, what it says, what proves it.
type Point = (Role, String, Vec<Source>);

impl Memo<'_> {
    /// 变化最大的三件: each campaign's largest, by how far it moved.
    pub(super) fn changed(&mut self) {
        let mut changes: Vec<(f64, Point)> =
            self.weeks.campaigns.iter().filter_map(|one| self.change(one)).collect();
        changes.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut told: Vec<Point> = changes.into_iter().take(CHANGES).map(|(_, point)| point).collect();
        told.extend(self.unusual());
        if self.weeks.previous.is_none() {
            let first = (Role::Note, self.words.get("first_week"), Vec::new());
            told.insert(0, first);
        }
        self.part("changed", told);
    }

    /// What moved most in one campaign, and how far: points of a rate and shares of a return weigh alike, an
    /// error as much as five points.
    fn change(&self, one: &CampaignWeek) -> Option<(f64, Point)> {
        const ERROR: f64 = 0.05;
        let (was, is) = (one.was?, one.is?);
        let name = one.name.as_str();
        let role = |better: bool| if better { Role::Good } else { Role::Bad };
        let mut moved: Vec<(f64, Point)> = Vec::new();
        if let (Some(gap), Some(before), Some(now)) = (composite_moved(one), was.composite, is.composite) {
            let holes = [
                ("campaign", name),
                ("was", &percent(before)),
                ("is", &percent(now)),
                ("points", &points(gap)),
            ];
            let text = self.say("moved_composite", &holes);
            moved.push((gap.abs(), (role(gap > 0.0), text, self.of(&one.campaign, &[COMPOSITE]))));
        }
        if let (Some(before), Some(now)) = (was.roi.filter(|roi| *roi > 0.0), is.roi) {
            let holes = [("campaign", name), ("was", &*number(before, 2)), ("is", &number(now, 2))];
            let text = self.say("moved_roi", &holes);
            let far = (now / before - 1.0).abs();
            moved.push((far, (role(now > before), text, self.of(&one.campaign, &[ROI]))));
        }
        let errors = is.errors.abs_diff(was.errors);
        if errors > 0 {
            let holes =
                [("campaign", name), ("was", &*was.errors.to_string()), ("is", &is.errors.to_string())];
            let text = self.say("moved_errors", &holes);
            let point = (role(is.errors < was.errors), text, self.of(&one.campaign, &[ERRORS]));
            moved.push((ERROR * errors as f64, point));
        }
        moved.into_iter().filter(|(far, _)| *far >= NEAR).max_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// Figures unlike those before.
    fn unusual(&self) -> Vec<Point> {
        let shown = |value: f64, shape| {
            crate::document::shown(&crate::page::PageCell::from(value).shaped(shape), self.lang)
        };
        let column = |figure: &str| match figure {
            "composite" => COMPOSITE,
            "roi" => ROI,
            _ => super::EXECUTION,
        };
        let one = |it: &crate::record::weeks::Outlier| {
            let shape = outlier_shape(it);
            let holes = [
                ("campaign", &*self.name(&it.campaign)),
                ("figure", &*self.titles.get(&it.figure)),
                ("value", &*shown(it.value, shape)),
                ("usual", &*shown(it.usual, shape)),
                ("against", &*self.titles.get(against(it.against))),
            ];
            (Role::Warn, self.say("unusual", &holes), self.of(&it.campaign, &[column(&it.figure)]))
        };
        self.weeks.outliers.iter().take(CHANGES).map(one).collect()
    }

    /// 落后: campaigns below what counts as mostly done, and the action that answers it.
    pub(super) fn behind(&mut self) {
        let mostly = self.policy.thresholds.goal.mostly;
        let mut behind: Vec<(f64, &CampaignSummary)> = self
            .portfolio
            .counted()
            .filter_map(|entry| Some((entry.composite?, entry)))
            .filter(|(composite, _)| *composite < mostly)
            .collect();
        behind.sort_by(|a, b| a.0.total_cmp(&b.0));
        let points = behind.into_iter().map(|(composite, entry)| self.one_behind(composite, entry)).collect();
        self.part("behind", points);
    }

    fn one_behind(&self, composite: f64, entry: &CampaignSummary) -> Point {
        let missed = entry.goals.iter().filter(|goal| goal.outcome == Outcome::Missed);
        let furthest =
            missed.filter_map(|goal| Some((goal, goal.completion?))).min_by(|a, b| a.1.total_cmp(&b.1));
        let goal = furthest.map_or_else(String::new, |(goal, completion)| {
            self.say("furthest", &[("goal", &goal.name), ("completion", &percent(completion))])
        });
        let (answer, mut sources) = match self.answering(entry) {
            Some(action) => {
                let due = action.due.map_or_else(|| self.words.get("no_date"), |due| due.to_string());
                let holes = [("action", &*action.action), ("owner", &*action.owner), ("due", &*due)];
                (self.say("answer", &holes), self.own(&entry.campaign, action.at.as_ref()))
            }
            None => (self.words.get("no_answer"), Vec::new()),
        };
        let holes = [
            ("campaign", &*entry.name),
            ("composite", &*percent(composite)),
            ("goal", &*goal),
            ("answer", &*answer),
        ];
        let mut proof = self.of(&entry.campaign, &[COMPOSITE]);
        proof.extend(furthest.iter().flat_map(|(goal, _)| self.own(&entry.campaign, goal.at.as_ref())));
        proof.append(&mut sources);
        (Role::Bad, self.say("one_behind", &holes), proof)
    }

    /// 反复出现.
    pub(super) fn again(&mut self) {
        let mut points: Vec<Point> = Vec::new();
        for one in &self.weeks.problems {
            let names: Vec<&str> = one.campaigns.iter().map(String::as_str).collect();
            let times = one.times.to_string();
            let holes =
                [("problem", one.description.trim()), ("n", &*times), ("campaigns", &*self.names(&names))];
            let key = match one.verdict {
                Some(Verdict::GoUp) => "problem_gone_up",
                Some(Verdict::GoOn) => "problem_goes_on",
                // Nobody is to be asked for it any more.
                Some(Verdict::GiveUp) => continue,
                None if one.escalate => "problem_escalated",
                None => "problem_again",
            };
            let role = if one.escalate { Role::Bad } else { Role::Warn };
            let page = if self.weeks.previous.is_some() { "changes" } else { "problems" };
            points.push((role, self.say(key, &holes), vec![self.row(page, &one.description)]));
        }
        let back = self.weeks.findings.again;
        if back > 0 {
            let text = self.say("findings_again", &[("n", &back.to_string())]);
            points.push((Role::Warn, text, vec![self.page("changes")]));
        }
        self.part("again", points);
    }

    /// 好消息.
    pub(super) fn good(&mut self) {
        let reached = self.policy.thresholds.goal.reached;
        let mut points: Vec<Point> = Vec::new();
        let mut moved: Vec<(f64, &CampaignWeek)> =
            self.weeks.campaigns.iter().filter_map(|one| Some((composite_moved(one)?, one))).collect();
        moved.retain(|(gap, one)| *gap >= NEAR && one.is.is_some_and(|is| is.composite >= Some(reached)));
        moved.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (gap, one) in moved.into_iter().take(2) {
            let now = one.is.and_then(|is| is.composite).map_or_else(String::new, percent);
            let holes = [("campaign", one.name.as_str()), ("is", &now), ("points", &super::points(gap))];
            points.push((
                Role::Good,
                self.say("good_composite", &holes),
                self.of(&one.campaign, &[COMPOSITE]),
            ));
        }
        let done = self.portfolio.counted().filter(|entry| entry.composite >= Some(reached)).count();
        if done > 0 {
            let text = self.say("good_reached", &[("n", &done.to_string())]);
            points.push((Role::Good, text, vec![self.column(COMPOSITE)]));
        }
        for item in self.weeks.items.iter().filter(|it| !it.state.is_open() && it.effect >= Some(1.0)) {
            let holes = [("campaign", &*self.name(&item.campaign)), ("action", item.action.trim())];
            points.push((
                Role::Good,
                self.say("good_action", &holes),
                self.own(&item.campaign, item.at.as_ref()),
            ));
        }
        let fixed = self.weeks.findings.fixed;
        if fixed > 0 {
            let text = self.say("good_fixed", &[("n", &fixed.to_string())]);
            points.push((Role::Good, text, vec![self.page("changes")]));
        }
        self.part("good", points);
    }

    /// 没看到的: what nobody may take for fine.
    pub(super) fn unseen(&mut self) {
        let mut points: Vec<Point> = Vec::new();
        let absent: Vec<&str> =
            self.weeks.campaigns.iter().filter(|one| !one.here).map(|one| one.name.as_str()).collect();
        if !absent.is_empty() {
            let of = |state: &crate::record::weeks::FindingWeek| state.state == FindingState::Unknown;
            let unknown = self.weeks.changed.iter().filter(|one| of(one)).count().to_string();
            let holes = [
                ("n", &*absent.len().to_string()),
                ("campaigns", &*self.names(&absent)),
                ("unknown", &*unknown),
            ];
            points.push((Role::Warn, self.say("unseen_campaigns", &holes), vec![self.page("changes")]));
        }
        for refused in &self.portfolio.refused {
            let holes = [("file", &*refused.file), ("message", &*refused.message)];
            points.push((Role::Bad, self.say("unseen_file", &holes), vec![self.page("sources")]));
        }
        let (gone, unproven) = (self.weeks.actions.gone, self.weeks.actions.done_without_evidence);
        if gone > 0 {
            points.push((
                Role::Bad,
                self.say("unseen_gone", &[("n", &gone.to_string())]),
                vec![self.page("chase")],
            ));
        }
        if unproven > 0 {
            let page = if self.weeks.items.iter().any(|item| item.unproven) { "chase" } else { "actions" };
            let text = self.say("unseen_unproven", &[("n", &unproven.to_string())]);
            points.push((Role::Warn, text, vec![self.page(page)]));
        }
        let unknown = self.portfolio.counted().filter(|entry| entry.composite.is_none());
        let unknown: Vec<&str> = unknown.map(|entry| entry.name.as_str()).collect();
        if !unknown.is_empty() {
            let text = self.say("unseen_composite", &[("campaigns", &self.names(&unknown))]);
            points.push((Role::Warn, text, vec![self.column(COMPOSITE)]));
        }
        self.part("unseen", points);
    }

    /// The open action that answers the goal furthest away; else one that answers what keeps coming.
    fn answering<'e>(&self, entry: &'e CampaignSummary) -> Option<&'e ActionLine> {
        let is_open = |action: &&ActionLine| self.standing.of(entry, action).is_open();
        let open = || entry.actions.iter().filter(is_open);
        let named = open().filter(|action| action.gap.is_some());
        let furthest = named.max_by(|a, b| a.gap.unwrap_or(0.0).total_cmp(&b.gap.unwrap_or(0.0)));
        furthest.or_else(|| open().find(|action| action.recurring))
    }
}
