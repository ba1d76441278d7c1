//! What stands in a campaign's workbook in a week, cell by cell.

use chrono::NaiveDate;

use super::calendar::Weeks;
use super::pool::POOL;
use super::story::{Reached, Story};
use crate::cell::Content;

/// The part of a workbook one hand fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Basics, goals and results: the owner's.
    Owner,
    /// Channels and funnel.
    Channels,
    /// Money.
    Budget,
    /// Problems and lessons.
    Problems,
    /// Measures.
    Actions,
}

impl Part {
    /// Every part, in the order hands are counted.
    pub const ALL: [Part; 5] = [Part::Owner, Part::Channels, Part::Budget, Part::Problems, Part::Actions];

    /// The department that fills it.
    pub fn dept(self) -> &'static str {
        match self {
            Part::Owner => "",
            Part::Channels => "市场部",
            Part::Budget => "财务部",
            Part::Problems => "客服部",
            Part::Actions => "会员运营部",
        }
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub part: Part,
    pub table: &'static str,
    /// Which row of a list; 0 in a form.
    pub row: usize,
    pub column: &'static str,
    pub value: Content,
}

/// The cells of a week under construction.
struct Sheet<'s, 'p> {
    story: &'s Story<'p>,
    week: usize,
    cells: Vec<Typed>,
}

/// A day as a cell holds it.
pub(super) fn day(day: NaiveDate) -> Content {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    Content::Serial((day - first).num_days() as f64)
}

/// Money as people type it: every third time in 万.
pub(super) fn money(amount: f64, style: usize) -> Content {
    let wan = amount / 10_000.0;
    if style.is_multiple_of(3) && wan >= 1.0 {
        Content::Text(format!("{wan}万"))
    } else {
        Content::Number(amount)
    }
}

/// Everything that stands in the workbook in a week.
pub(super) fn cells(story: &Story<'_>, weeks: &Weeks, week: usize) -> Vec<Typed> {
    let mut sheet = Sheet { story, week, cells: Vec::new() };
    sheet.basics(weeks);
    sheet.goals();
    sheet.channels();
    sheet.budget();
    sheet.problems();
    sheet.lessons();
    sheet.actions(weeks);
    sheet.cells
}

impl Sheet<'_, '_> {
    fn row(&mut self, part: Part, table: &'static str, row: usize, cells: Vec<(&'static str, Content)>) {
        self.row_of(part, table, row, row, cells);
    }

    /// A row that is the `nth` of its kind in the story, wherever it stands.
    fn row_of(
        &mut self,
        part: Part,
        table: &'static str,
        row: usize,
        nth: usize,
        cells: Vec<(&'static str, Content)>,
    ) {
        for (column, value) in cells {
            let gaps = self.story.gaps.iter();
            let mut open = gaps.filter(|gap| (gap.table, gap.row, gap.column) == (table, nth, column));
            if !value.is_blank() && !open.any(|gap| gap.is_open(self.week)) {
                self.cells.push(Typed { part, table, row, column, value });
            }
        }
    }

    fn basics(&mut self, weeks: &Weeks) {
        let story = self.story;
        let last = weeks.as_of(story.plan.weeks.saturating_sub(1));
        let goals = POOL.goal.iter().zip(&story.goals).take(2);
        let goals: Vec<String> =
            goals.map(|(goal, (target, _))| format!("{}{target}{}", goal.name, goal.unit)).collect();
        let cells = vec![
            ("code", text(&story.code)),
            ("name", text(&story.name)),
            ("kind", text(&story.facts.kind)),
            ("period", Content::Text(format!("{}~{last}", weeks.day(0, 0)))),
            ("goals", Content::Text(goals.join("，"))),
            ("audience", text(&story.facts.audience)),
            ("budget", money(story.budget(), story.number)),
            ("owner", text(&story.owner.name)),
            (
                "participants",
                Content::Text(format!("{}（{}）、财务部、客服部", story.owner.dept, story.owner.name)),
            ),
        ];
        self.row(Part::Owner, "basics", 0, cells);
    }

    fn goals(&mut self) {
        let story = self.story;
        let progress = story.progress(self.week);
        for (n, (goal, (target, reached))) in POOL.goal.iter().zip(&story.goals).enumerate() {
            let planned = vec![
                ("type", text(&goal.kind)),
                ("name", text(&goal.name)),
                ("target", Content::Text(format!("{target}{}", goal.unit))),
                ("weight", Content::Number(goal.weight)),
                ("source", text(&goal.source)),
                ("owner", text(&story.owner.name)),
            ];
            self.row(Part::Owner, "kpi", n, planned);
            let sold = story.channels.iter().map(|line| line.at(progress).sales).sum::<f64>() / 10_000.0;
            let actual =
                if n == 0 { (sold * 10.0).round() / 10.0 } else { (target * reached * progress).round() };
            let done = vec![
                ("name", text(&goal.name)),
                ("dimension", text("整体")),
                ("actual", Content::Text(format!("{actual}{}", goal.unit))),
                ("source", text(&goal.source)),
            ];
            self.row(Part::Owner, "results", n, done);
        }
    }

    fn channels(&mut self) {
        let story = self.story;
        let progress = story.progress(self.week);
        let mut funnel = [0.0; 3];
        for (n, line) in story.channels.iter().enumerate() {
            let channel = &POOL.channel[line.of];
            let Reached { spend, exposure, clicks, conversions, sales } = line.at(progress);
            for (sum, more) in funnel.iter_mut().zip([exposure, clicks, conversions]) {
                *sum += more;
            }
            let cells = vec![
                ("channel", text(line.name)),
                ("kind", text(&channel.kind)),
                ("budget", Content::Number(line.spend)),
                ("spend", money(spend, n + 1)),
                ("exposure", Content::Number(exposure)),
                ("clicks", Content::Number(clicks)),
                ("conversions", Content::Number(conversions)),
                ("new_customers", Content::Number((conversions * 0.4).round())),
                ("sales", money(sales, n)),
                ("source", text("渠道后台")),
            ];
            self.row(Part::Channels, "channels", n, cells);
        }
        let stages = ["曝光", "点击", "支付"].into_iter().zip(funnel);
        for (n, (stage, count)) in stages.enumerate() {
            let cells = vec![("stage", text(stage)), ("count", Content::Number(count))];
            self.row(Part::Channels, "funnel", n, cells);
        }
    }

    fn budget(&mut self) {
        let story = self.story;
        let progress = story.progress(self.week);
        for (n, cost) in POOL.cost.iter().enumerate() {
            let planned = story.cost(cost, 1.0);
            // A reserve is there to be left alone.
            let spent = (n + 1 < POOL.cost.len()).then(|| story.cost(cost, progress));
            // What is no promotion comes out a little under or over what was planned.
            let off = if n < 2 { 0 } else { (story.number + n) % 5 };
            let spent =
                spent.map(|spent| (spent * (0.9 + 0.05 * off as f64)).round()).filter(|_| n > 1).or(spent);
            let cells = vec![
                ("type", text(&cost.kind)),
                ("item", text(&cost.item)),
                ("total", Content::Number(planned)),
                ("actual", spent.map(|spent| money(spent, n + 2)).unwrap_or_default()),
            ];
            self.row(Part::Budget, "budget", n, cells);
        }
    }

    fn problems(&mut self) {
        let (story, week) = (self.story, self.week);
        let there = story.troubles.iter().enumerate().filter(|(_, trouble)| trouble.is_there(week));
        for (row, (nth, trouble)) in there.enumerate() {
            let cells = vec![
                ("code", text(&trouble.code)),
                ("class", text(&trouble.of.class)),
                ("description", text(trouble.text(week))),
                ("evidence", Content::Text(trouble.of.evidence.replace("{n}", &trouble.figure.to_string()))),
                ("root", text(&trouble.of.root)),
                ("impact", text(["高", "中", "低"][nth % 3])),
                ("dept", text(&trouble.of.dept)),
                ("recurring", text(if trouble.again.is_some_and(|again| week >= again) { "是" } else { "" })),
            ];
            self.row_of(Part::Problems, "problems", row, nth, cells);
        }
    }

    fn lessons(&mut self) {
        // Written when there is something to look back at.
        let known = self.story.lessons.len().min(1 + self.week / 3);
        for (n, at) in self.story.lessons.iter().take(known).enumerate() {
            let lesson = &POOL.lesson[*at];
            let figure = (self.story.number * 7 + at * 5) % 60 + 20;
            let cells = vec![
                ("kind", text(&lesson.kind)),
                ("content", text(&lesson.said)),
                ("evidence", Content::Text(lesson.evidence.replace("{n}", &figure.to_string()))),
                ("scope", text(&lesson.scope)),
            ];
            self.row(Part::Problems, "experience", n, cells);
        }
    }

    fn actions(&mut self, weeks: &Weeks) {
        let (story, week) = (self.story, self.week);
        let there = story.promises.iter().enumerate().filter(|(_, promise)| promise.is_there(week));
        for (row, (nth, promise)) in there.enumerate() {
            let done = promise.done.filter(|(when, _)| week >= *when);
            let shown = done.filter(|(_, shown)| *shown);
            let status = match done {
                Some(_) => "已完成",
                None if nth % 3 == 2 => "未开始",
                None => "进行中",
            };
            let cells = vec![
                ("code", text(&promise.code)),
                ("direction", text(["流程改进", "策略优化", "风险防范"][nth % 3])),
                ("action", text(promise.text(week))),
                ("problem", text(&promise.problem)),
                ("owner", promise.owner(week).map(|who| text(&who.name)).unwrap_or_default()),
                ("dept", promise.owner(week).map(|who| text(&who.dept)).unwrap_or_default()),
                ("due", promise.due(week).map(day).unwrap_or_default()),
                ("standard", text(&promise.of.standard)),
                ("impact", text(["高", "高", "中"][nth % 3])),
                ("difficulty", text(["低", "中", "高"][(nth + story.number) % 3])),
                ("status", text(status)),
                ("done_on", shown.map(|(when, _)| day(weeks.day(when, 2))).unwrap_or_default()),
                ("verification", shown.map(|_| Content::Text("98%".into())).unwrap_or_default()),
            ];
            self.row_of(Part::Actions, "actions", row, nth, cells);
        }
    }
}

fn text(text: &str) -> Content {
    if text.is_empty() { Content::Blank } else { Content::Text(text.to_owned()) }
}
