//! Every figure of an analysis under one name: `metric/label`, as the oracle and the case pages name it.
//!
//! The names are spelt out here and not taken from the sheets, so that neither
//! the pages nor the oracle know how anything is laid out.

use std::collections::BTreeMap;

use fupan::expr::{Expr, Val};
use fupan::metrics::channels::{self, shift};
use fupan::metrics::daily::{Watched, from_median, median, robust_deviation, usual_distance};
use fupan::metrics::goals::Goal;
use fupan::metrics::{Figure, completeness};
use fupan::review::Review;

/// What the program says of one figure.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A number.
    Number(f64),
    /// A word: an id of a verdict, a list of codes.
    Text(String),
    /// 无法计算.
    Unknown,
}

/// Names in order of the analysis, each with what the program says.
#[derive(Default)]
pub struct Figures(pub BTreeMap<String, Told>);

const PERIODS: [&str; 4] = ["活动前", "活动期", "活动后一周", "去年同期"];

impl Figures {
    pub fn of(review: &Review<'_>) -> Figures {
        let mut all = Figures::default();
        all.goals(review);
        all.attribution(review);
        all.channels(review);
        all.funnel(review);
        all.traffic(review);
        all.money(review);
        all.sales(review);
        all.schedule(review);
        all.daily(review);
        all.risk(review);
        all.people(review);
        all.actions(review);
        all.voice(review);
        all
    }

    fn put(&mut self, name: &str, label: &str, told: Told) {
        let key = if label.is_empty() { name.to_owned() } else { format!("{name}/{label}") };
        let taken = (2..).map(|n| format!("{key}#{n}"));
        let free = std::iter::once(key.clone()).chain(taken).find(|key| !self.0.contains_key(key));
        self.0.insert(free.unwrap_or(key), told);
    }

    fn figure(&mut self, label: &str, figure: &Figure) {
        self.expr(figure.metric.name, label, &figure.expr);
    }

    fn expr(&mut self, name: &str, label: &str, expr: &Expr) {
        let told = match expr.value() {
            Val::Number(n) if n.is_finite() => Told::Number(n),
            Val::Text(text) if !text.is_empty() => Told::Text(text.to_string()),
            _ => Told::Unknown,
        };
        self.put(name, label, told);
    }

    fn text(&mut self, name: &str, label: &str, text: impl Into<String>) {
        let text = text.into();
        self.put(name, label, if text.is_empty() { Told::Unknown } else { Told::Text(text) });
    }

    fn goals(&mut self, review: &Review<'_>) {
        let goals = &review.analysis.goals;
        let label = |goal: &Goal| match &goal.member {
            Some((_, member)) => format!("{}/{member}", goal.name),
            None => goal.name.clone(),
        };
        for goal in goals.overall.iter().chain(&goals.by_dimension) {
            let label = label(goal);
            self.figure(&label, &goal.completion);
            self.figure(&label, &goal.gap);
            self.figure(&label, &goal.improvement);
            self.figure(&label, &goal.excess);
            self.text("direction", &label, goal.direction.id());
            self.text("outcome", &label, goal.outcome.id());
        }
        self.figure("", &goals.composite);
        self.text("verdict", "", goals.verdict.map(|verdict| verdict.id()).unwrap_or_default());
        for filled in &review.analysis.filled {
            let n = |n: usize| Expr::Num(n as f64);
            let share = completeness::completeness(n(filled.filled), n(filled.required));
            self.expr(completeness::COMPLETENESS.name, &filled.table, &share);
        }
    }

    fn attribution(&mut self, review: &Review<'_>) {
        let attribution = &review.analysis.attribution;
        for split in &attribution.splits {
            for (i, part) in split.parts.iter().enumerate() {
                self.figure(&format!("{}/{}", split.against.id(), split.factor_id(i)), part);
            }
            self.expr("contribution-gap", split.against.id(), &split.gap);
        }
        if let Some(mix) = &attribution.mix {
            mix.effects.iter().for_each(|effect| self.figure("", effect));
            self.expr("mix-gap", "", &mix.gap);
        }
    }

    fn channels(&mut self, review: &Review<'_>) {
        let found = &review.analysis.channels;
        for one in &found.each {
            let (name, amounts) = (one.name.as_str(), &one.amounts);
            for figure in [
                &one.roi,
                &one.ctr,
                &one.cvr,
                &one.efficiency,
                &one.spend_share,
                &one.revenue_share,
                &one.completion,
            ] {
                self.figure(name, figure);
            }
            self.expr(channels::CHANNEL_VALUE.name, name, &amounts.value);
            self.expr(channels::CPM.name, name, &channels::cpm(&amounts.spend, &amounts.exposure));
            self.expr(channels::CPC.name, name, &channels::cost_per(&amounts.spend, &amounts.clicks));
            self.expr(channels::CPA.name, name, &channels::cost_per(&amounts.spend, &amounts.conversions));
            self.expr(channels::CAC.name, name, &channels::cost_per(&amounts.spend, &amounts.new_customers));
            self.expr(channels::RATE_INTERVAL.name, &format!("{name}/下限"), &one.cvr_interval.0);
            self.expr(channels::RATE_INTERVAL.name, &format!("{name}/上限"), &one.cvr_interval.1);
            let ten_thousand = Expr::Num(10_000.0);
            let damping = Expr::Num(review.policy.thresholds.channel.damping);
            let more = shift::damped(&amounts.value, &one.roi.expr, &ten_thousand, &damping);
            self.expr(channels::EXPECTED_VALUE.name, &format!("{name}/多花1万元"), &more);
            let rank = one.rank.map_or(Told::Unknown, |rank| Told::Number(rank as f64));
            self.put("rank", name, rank);
            self.text("advice", name, one.advice.id());
            let cause = one.cause.map(|cause| format!("{}→{}", cause.from.id(), cause.to.id()));
            self.text("cause", name, cause.unwrap_or_default());
        }
        if !found.each.is_empty() {
            self.figure("全部渠道", &found.roi);
            let named = |index: Option<usize>| index.map(|i| found.each[i].name.clone()).unwrap_or_default();
            self.text("best-channel", "", named(found.best));
            self.text("worst-channel", "", named(found.worst));
        }
        for step in &found.marginal {
            let label = format!("{}/{}", step.channel, step.batch);
            self.figure(&label, &step.marginal);
            self.text("marginal-verdict", &label, step.verdict.id());
        }
    }

    fn funnel(&mut self, review: &Review<'_>) {
        let funnel = &review.analysis.funnel;
        for step in &funnel.steps {
            self.figure(&step.name, &step.rate);
            self.figure(&step.name, &step.drop);
            self.figure(&step.name, &step.cumulative);
        }
        if !funnel.steps.is_empty() {
            let leak = funnel.leak.map(|leak| funnel.steps[leak].name.clone());
            self.text("biggest-leak", "", leak.unwrap_or_default());
        }
    }

    fn traffic(&mut self, review: &Review<'_>) {
        let (traffic, campaign) = (&review.analysis.traffic, &review.campaign);
        for (row, share) in campaign.traffic.iter().zip(&traffic.sources) {
            self.figure(row.source.as_str(), share);
        }
        for figure in [&traffic.conversion, &traffic.bounce, &traffic.new_share, &traffic.visitor_value] {
            self.figure("", figure);
        }
        for (row, rate) in campaign.interactions.iter().zip(&traffic.participation) {
            self.figure(row.kind.as_str(), rate);
        }
        for user in &traffic.users {
            self.figure(&user.name, &user.completion);
            self.figure(&user.name, &user.growth);
        }
    }

    fn money(&mut self, review: &Review<'_>) {
        let money = &review.analysis.money;
        let budget = &money.budget;
        let lines = budget.lines.iter().map(|line| (line.name.clone(), line));
        let types = budget.by_type.iter().map(|of| {
            let kind = of.kind.map_or("none", |kind| kind.id());
            (format!("类型:{kind}"), of)
        });
        for (label, figures) in lines.chain(types).chain([("合计".to_owned(), &budget.total)]) {
            self.expr("planned", &label, &figures.planned);
            self.figure(&label, &figures.variance);
            self.figure(&label, &figures.rate);
            self.figure(&label, &figures.execution);
            self.text("deviation", &label, figures.deviation.id());
        }
        self.figure("", &budget.reserve_share);
        self.text("reserve-verdict", "", budget.reserve_verdict.id());
        let profit = &money.profit;
        for figure in [&profit.input, &profit.gross, &profit.net, &profit.roi, &profit.expense_ratio] {
            self.figure("", figure);
        }
        for one in &money.promotions {
            for figure in [&one.claim, &one.redemption, &one.unit_cost, &one.roi, &one.contribution] {
                self.figure(&one.name, figure);
            }
        }
    }

    fn sales(&mut self, review: &Review<'_>) {
        let sales = &review.analysis.sales;
        for line in &sales.lines {
            for (period, daily) in PERIODS.iter().zip(&line.daily) {
                let metric = fupan::metrics::sales::DAILY_MEAN.name;
                self.expr(metric, &format!("{}/{period}", line.name), daily);
            }
            self.figure(&line.name, &line.growth);
            self.figure(&line.name, &line.year_on_year);
            self.figure(&line.name, &line.long_tail);
        }
        for average in &sales.averages {
            for (period, value) in PERIODS.iter().zip(&average.values) {
                self.expr(average.metric.name, period, value);
            }
        }
        for one in &sales.categories {
            for figure in [&one.contribution, &one.growth, &one.margin, &one.returns, &one.sell_through] {
                self.figure(&one.name, figure);
            }
        }
    }

    fn schedule(&mut self, review: &Review<'_>) {
        let schedule = &review.analysis.schedule;
        for figure in [&schedule.completion, &schedule.on_time, &schedule.progress] {
            self.figure("", figure);
        }
        for task in &schedule.tasks {
            for figure in [&task.delay, &task.slip, &task.overrun] {
                self.figure(&task.code, figure);
            }
            self.text("task-state", &task.code, task.state.id());
        }
        if let Some(chain) = &schedule.chain {
            self.figure("", &chain.days);
            let codes: Vec<&str> = chain.tasks.iter().map(|i| schedule.tasks[*i].code.as_str()).collect();
            self.text("critical-chain-tasks", "", codes.join("→"));
        }
        for wait in &schedule.approvals.each {
            self.figure(&wait.name, &wait.days);
            self.text("approval-promptness", &wait.name, wait.promptness.id());
        }
        if let Some(data) = &schedule.approvals.data {
            self.figure("", &data.days);
        }
    }

    fn daily(&mut self, review: &Review<'_>) {
        let daily = &review.analysis.daily;
        let loose = |exprs: &[Expr]| Expr::loose(exprs);
        let sales: Vec<Expr> = daily.days.iter().map(|day| day.sales.clone()).collect();
        let middle = median(&loose(&sales));
        let distances: Vec<Expr> = sales.iter().map(|value| from_median(value, &middle)).collect();
        let usual = usual_distance(&loose(&distances), review.policy);
        for (day, distance) in daily.days.iter().zip(&distances) {
            let label = format!("{}日监控", day.date);
            for figure in [&day.ctr, &day.cvr, &day.points, &day.relative, &day.deviation] {
                self.figure(&label, figure);
            }
            let metric = fupan::metrics::daily::ROBUST_DEVIATION.name;
            self.expr(metric, &label, &robust_deviation(distance, &usual));
            for watched in Watched::ALL {
                let said = day.anomalies.iter().find(|(odd, _)| *odd == watched);
                let id = said.map(|(_, anomaly)| anomaly.id()).unwrap_or_default();
                self.text("anomaly", &format!("{label}/{}", watched.id()), id);
            }
        }
        if let Some(pace) = &daily.pace {
            self.figure("", &pace.pace);
            pace.projected.iter().for_each(|projected| self.figure("", projected));
        }
    }

    fn risk(&mut self, review: &Review<'_>) {
        let (risks, campaign) = (&review.analysis.risk, &review.campaign);
        for planned in &risks.planned {
            let name = campaign.risk_plan[planned.row].risk.as_str();
            self.text("risk-level", name, planned.level.map(|level| level.id()).unwrap_or_default());
        }
        for incident in &risks.incidents {
            self.figure(campaign.risk_log[incident.row].risk.as_str(), &incident.hours);
        }
        self.figure("", &risks.foreseen);
    }

    fn people(&mut self, review: &Review<'_>) {
        let (people, campaign) = (&review.analysis.people, &review.campaign);
        for link in &people.staffing {
            let name = campaign.staffing[link.row].link.as_str();
            self.figure(name, &link.ratios.heads);
            self.figure(name, &link.ratios.hours);
        }
        self.figure("合计", &people.staffing_total.heads);
        self.figure("合计", &people.staffing_total.hours);
        self.figure("", &people.teamwork);
        let weakest = people.weakest.map(|row| campaign.teamwork[row].dimension.as_str());
        self.text("weakest-dimension", "", weakest.unwrap_or_default());
        for service in &people.services {
            let name = campaign.service[service.row].name.as_str();
            self.figure(name, &service.completion);
        }
    }

    fn actions(&mut self, review: &Review<'_>) {
        let (actions, campaign) = (&review.analysis.actions, &review.campaign);
        let code = |row: usize| campaign.actions[row].code.as_str();
        for ranked in &actions.ranked {
            let name = code(ranked.row);
            let score = ranked.score.map_or(Told::Unknown, |score| Told::Number(f64::from(score)));
            self.put("priority", name, score);
            self.text("quadrant", name, ranked.quadrant.id());
            self.text("action-state", name, ranked.state.id());
            let left = ranked.days_left.map_or(Told::Unknown, |days| Told::Number(days as f64));
            self.put("days-left", name, left);
            self.figure(name, &ranked.effect);
        }
        let order: Vec<&str> = actions.ranked.iter().map(|ranked| code(ranked.row)).collect();
        self.text("action-order", "", order.join(" "));
        self.figure("", &actions.completion);
    }

    fn voice(&mut self, review: &Review<'_>) {
        let voice = &review.analysis.voice;
        for tag in &voice.tags {
            self.figure(&tag.name, &tag.share);
        }
        self.figure("", &voice.satisfaction);
        self.figure("", &voice.top_three);
        for class in &voice.classes {
            self.figure(class.class.id(), &class.share);
        }
        for chain in &voice.chains {
            let name = review.campaign.process[chain.row].description.as_str();
            self.figure(name, &chain.depth);
        }
    }
}
