//! A story told in every table: one function a table, rows by column id.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveTime, Weekday};

use super::chance::Chance;
use super::draft::{Bound, Draft, Row, Say, Unit as Counted};
use super::story::{Aim, DEPTS, Goal, Story, Unit, after, nice, parts};

macro_rules! row {
    ($($column:ident : $say:expr),* $(,)?) => {{
        let mut row = Row::new();
        $(if let Some(say) = ($say).say() { row.insert(stringify!($column).to_owned(), say); })*
        row
    }};
}

/// What can stand in a row: a meaning, words, or nothing.
trait Sayable {
    fn say(self) -> Option<Say>;
}
impl Sayable for Say {
    fn say(self) -> Option<Say> {
        Some(self)
    }
}
impl Sayable for &str {
    fn say(self) -> Option<Say> {
        (!self.is_empty()).then(|| Say::Text(self.into()))
    }
}
impl Sayable for String {
    fn say(self) -> Option<Say> {
        self.as_str().say()
    }
}
impl Sayable for Option<Say> {
    fn say(self) -> Option<Say> {
        self
    }
}

use Say::{Computed, ComputedWord, Day, FullDay, Pick, Rate};

fn money(n: i64) -> Say {
    Say::Money(n as f64)
}

fn count(n: i64) -> Say {
    Say::Count(n as f64)
}

fn unit(unit: Unit) -> Counted {
    match unit {
        Unit::Money => Counted::Yuan,
        Unit::Rate => Counted::Percent,
        Unit::Times => Counted::Times,
        Unit::Of(word) => Counted::Word(word),
    }
}

fn aim(goal: &Goal) -> Say {
    match goal.aim {
        Aim::AtLeast(n) => {
            Say::Aim(if goal.unit == Unit::Rate { Bound::AtLeast } else { Bound::Plain }, n, unit(goal.unit))
        }
        Aim::AtMost(n) => Say::Aim(Bound::AtMost, n, unit(goal.unit)),
        Aim::Within(low, high) => Say::Range(low, high, unit(goal.unit)),
        Aim::Growth(share, _) => Say::Growth(share),
    }
}

/// The draft of a story for the tables of a template.
pub fn tell(story: &Story, tables: &[&str]) -> Draft {
    let mut draft = Draft::default();
    for table in tables {
        let rows = match *table {
            "basics" => vec![basics(story)],
            "strategy" => vec![strategy(story)],
            "summary" => vec![summary(story)],
            "team" => team(story),
            "materials" => materials(),
            "demand" => demand(story),
            "competitors" => competitors(story),
            "kpi" => kpi(story),
            "phases" => phases(story),
            "budget" => budget(story),
            "approvals" => approvals(story),
            "risk_plan" => risk_plan(story),
            "tasks" => tasks(story),
            "progress" => progress(story),
            "risk_log" => risk_log(story),
            "daily" => daily(story),
            "staffing" => staffing(story),
            "results" => results(story),
            "weekly" => weekly(story),
            "channels" => channels(story),
            "funnel" => funnel(story),
            "sales" => sales(story),
            "categories" => categories(story),
            "users" => users(story),
            "traffic" => traffic(story),
            "interactions" => interactions(story),
            "promotions" => promotions(story),
            "costs" => costs(story),
            "marginal" => marginal(story),
            "service" => service(),
            "feedback" => feedback(story),
            "process" => process(story),
            "problems" => problems(story),
            "experience" => experience(story),
            "teamwork" => teamwork(),
            "actions" => actions(story),
            other => panic!("no story for the table {other}"),
        };
        draft.tables.insert((*table).to_owned(), rows);
    }
    draft
}

fn basics(s: &Story) -> Row {
    let goal = |name: &str| s.goals.iter().find(|goal| goal.name == name);
    let of = |name: &str| match goal(name).map(|goal| goal.aim) {
        Some(Aim::AtLeast(n)) => n,
        _ => 0.0,
    };
    let goals = if of("新客成交人数") > 0.0 {
        format!("销售额{}万元，新客成交{}人", of("销售额") / 10_000.0, of("新客成交人数"))
    } else {
        format!("销售额{}万元", of("销售额") / 10_000.0)
    };
    row! {
        code: format!("MKT-{}-{:03}", s.start.year(), s.seed % 900 + 100), name: s.name.clone(), kind: Pick(s.theme.kind), theme: s.theme.motto,
        period: Say::Span(s.start, s.end), review_period: Say::Span(s.start, after(s.end, 7)), background: s.theme.background, goals: goals,
        audience: s.theme.audience, strategy: s.theme.strategy, budget: money(s.total), owner: s.person("市场部"),
        participants: Say::List(DEPTS[..5].iter().map(|dept| format!("{dept}（{}）", s.person(dept))).collect()),
        coverage: Say::List(s.channels.iter().take(4).map(|it| it.name.to_owned()).collect()),
        questions: "哪些渠道值得加大投放？新客为什么没有留下来？", scope: "全部线上渠道与线下触点", roi_basis: Pick("revenue"),
        benchmark_roi: Say::Number(3.5), filled_by: s.person("数据部"), filled_on: FullDay(after(s.end, 9)),
    }
}

fn team(s: &Story) -> Vec<Row> {
    let rest = ["设计部", "技术部", "物流部", "财务部"];
    let known = [
        ("lead", "市场部", "统筹复盘与结论"),
        ("analyst", "数据部", "取数与归因"),
        ("channel", "运营部", "渠道数据与素材"),
        ("sales", "销售部", "销售数据"),
        ("product", "产品部", "页面与功能问题"),
        ("service", "客服部", "用户反馈"),
    ];
    let mut rows: Vec<Row> = known
        .into_iter()
        .map(|(role, dept, duty)| row! { role: Pick(role), name: s.person(dept), dept: dept, duty: duty })
        .collect();
    rows.extend(rest.into_iter().map(|dept| row! { role: format!("{}对接", dept.trim_end_matches('部')), name: s.person(dept), dept: dept, duty: "提供本部门数据" }));
    rows
}

fn materials() -> Vec<Row> {
    let all = [
        ("strategy", &["营销策划案", "目标设定文档", "预算审批表"][..]),
        ("execution", &["任务清单", "负责人排期", "进度跟踪记录", "突发问题应对记录"]),
        ("data", &["各渠道曝光/点击/转化数据", "用户调研结果", "客服反馈记录", "销售业绩报表"]),
        ("resource", &["物料清单", "投放渠道合同", "合作方沟通记录"]),
    ];
    all.into_iter()
        .flat_map(|(class, names)| names.iter().map(move |name| row! { class: Pick(class), name: *name, ready: Pick("yes"), provider: "市场部", location: "共享盘/复盘资料" }))
        .collect()
}

fn working_day(s: &Story, before: i64) -> Say {
    let mut day = after(s.start, -before);
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day = after(day, -1);
    }
    FullDay(day)
}

fn demand(s: &Story) -> Vec<Row> {
    vec![
        row! { dept: "销售部", request: "完成季度销售额缺口", background: "前两月完成率不足", priority: Pick("high"), outcome: aim(&s.goals[0]), owner: s.person("销售部"), due: working_day(s, 30) },
        row! { dept: "运营部", request: "补充年轻新客", background: s.theme.background, priority: Pick("medium"), outcome: "沉淀可持续运营的新客群", owner: s.person("运营部"), due: working_day(s, 27) },
    ]
}

fn competitors(s: &Story) -> Vec<Row> {
    let mut r = Chance::of(s.seed, "competitors");
    ["云上集", "朴石生活", "北纬三十", "青禾严选"][..2 + s.seed as usize % 3]
        .iter()
        .map(|name| {
            row! {
                name: *name, activity: *r.one(&["限时满减", "新品买一送一", "社群拼团", "会员专场"]), period: Say::Span(after(s.start, -5), after(s.start, 5)),
                price: *r.one(&["满300减50", "第二件半价", "全场八折"]), mechanics: "预售定金膨胀", channels: Say::List(vec!["抖音".into(), "小红书".into()]),
                resources: "头部达人3位", exposure: count(r.whole(20, 90) * 100_000), conversion: Rate(r.whole(20, 60) as f64 / 1000.0),
                lesson: "预热期用互动任务沉淀预约用户", opportunity: "服务承诺与专属权益", threat: Pick(["high", "medium", "low"][r.below(3)]),
            }
        })
        .collect()
}

fn strategy(s: &Story) -> Row {
    let goods = s.theme.goods;
    row! {
        form: "线上主会场+直播专场+线下触点联动", highlight: s.theme.motto, insight: format!("{}，在意品质与服务承诺", s.theme.audience), mechanics: s.theme.strategy,
        product: format!("主推{}，引流{}，利润{}", goods[0], goods[1], goods[goods.len() - 1]), price: "满300减40，会员折上95折", promotion: "预热种草，爆发直播，收尾复购", risk: "履约高峰与库存不均",
    }
}

fn kpi(s: &Story) -> Vec<Row> {
    let goal = |goal: &Goal| {
        let baseline = match goal.aim {
            Aim::Growth(_, baseline) => Some(Say::Measure(baseline, unit(goal.unit))),
            _ => None,
        };
        let direction = match goal.aim {
            Aim::AtMost(_) => "lower",
            Aim::Within(..) => "range",
            _ => "higher",
        };
        row! {
            type: Pick(if goal.result { "result" } else { "process" }), class: Pick(goal.class), name: goal.name, definition: goal.logic, logic: goal.logic, target: aim(goal), baseline: baseline,
            direction: Pick(direction), weight: Rate(goal.weight as f64 / 100.0), source: goal.source, owner: s.person(goal.dept),
        }
    };
    s.goals.iter().map(goal).collect()
}

fn phases(s: &Story) -> Vec<Row> {
    let channels: Vec<String> = s.channels.iter().take(3).map(|it| it.name.to_owned()).collect();
    s.phases
        .iter()
        .map(|it| row! { phase: Pick(it.id), start: Day(it.first), end: Day(it.last), action: it.action, channels: Say::List(channels.clone()), dept: "市场部", resources: "设计、投放、赠品", effect: it.effect.clone() })
        .collect()
}

fn budget(s: &Story) -> Vec<Row> {
    s.budget
        .iter()
        .map(|line| {
            let (price, quantity, total) = match line.plain {
                Some((price, quantity)) => (Say::Number(price as f64), Say::Number(quantity as f64), Computed(line.plan as f64)),
                None => (Say::text(&line.price), Say::text(&line.quantity), money(line.plan)),
            };
            row! {
                type: Pick(line.kind), item: line.item.clone(), unit_price: price, quantity: quantity, total: total, actual: money(line.actual),
                variance: Computed((line.actual - line.plan) as f64), execution: Computed(line.actual as f64 / line.plan as f64),
                supplier: line.supplier.clone(), remark: line.remark.clone().map(Say::Text),
            }
        })
        .collect()
}

fn approvals(s: &Story) -> Vec<Row> {
    vec![
        row! { item: Pick("kpi"), submitted: working_day(s, 28), approver: s.person("销售部"), approved: working_day(s, 26), conclusion: Pick("approved"), opinion: "权重合理" },
        row! { item: Pick("budget"), submitted: working_day(s, 25), approver: s.person("财务部"), approved: working_day(s, 24), conclusion: Pick("amended"), opinion: "备用金提到8%左右" },
        row! { item: Pick("plan-and-budget"), submitted: working_day(s, 23), approver: "营销总监", approved: working_day(s, 21), conclusion: Pick("approved") },
    ]
}

fn risk_plan(s: &Story) -> Vec<Row> {
    let all = [
        (
            "预热期曝光不足",
            "traffic",
            "medium",
            "high",
            "前三天曝光低于计划70%",
            "追加社交媒体预算，联动头部达人",
            "24小时",
            "市场部",
        ),
        (
            "爆款断货",
            "stock",
            "medium",
            "medium",
            "可售天数低于3天",
            "提前与供应链锁定安全库存，切换预售",
            "12小时",
            "产品部",
        ),
        (
            "支付链路拥堵",
            "technology",
            "low",
            "high",
            "下单成功率低于98%",
            "启用备用支付通道",
            "2小时内",
            "技术部",
        ),
        (
            "揽收积压",
            "logistics",
            "medium",
            "medium",
            "超24小时未揽收超过5%",
            "切换备用快递",
            "1天",
            "物流部",
        ),
        ("恶劣天气影响配送", "weather", "low", "low", "气象橙色预警", "分区延长时效承诺", "24小时", "物流部"),
    ];
    all.into_iter()
        .map(|(risk, kind, probability, impact, trigger, response, limit, dept)| {
            let level = match (probability, impact) {
                ("high", "high") => "major",
                ("high", "medium") | ("medium", "high") => "larger",
                _ => "ordinary",
            };
            row! { risk: risk, type: Pick(kind), probability: Pick(probability), impact: Pick(impact), level: ComputedWord(level), trigger: trigger, response: response, limit: limit, owner: s.person(dept) }
        })
        .collect()
}

fn tasks(s: &Story) -> Vec<Row> {
    s.tasks
        .iter()
        .map(|task| {
            row! {
                code: task.code.clone(), phase: Pick(s.phases[task.phase].id), module: task.module, action: task.action.clone(), owner: s.person(task.dept), depts: Say::List(vec![task.dept.to_owned()]),
                start: Day(task.first), end: Day(task.last), predecessors: task.before.clone().map(|before| Say::List(vec![before])), deliverable: task.deliverable, standard: task.standard,
            }
        })
        .collect()
}

fn progress(s: &Story) -> Vec<Row> {
    s.tasks
        .iter()
        .enumerate()
        .map(|(at, task)| {
            let late = at % 5 == 3 && task.last < s.phases[task.phase].last;
            let done = after(task.last, i64::from(late));
            row! {
                code: task.code.clone(), status: Pick("done"), done: Rate(1.0), actual_start: Day(task.first), actual_end: Day(done), reason: late.then_some(Pick("dependency")),
                adjustment: if late { "协调备用供应商，次日补齐" } else { "" }, updated: Day(done),
            }
        })
        .collect()
}

fn moment(s: &Story, days: i64, hour: u32, minute: u32) -> Say {
    Say::Moment(after(s.phases[2].first, days).and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap()))
}

fn risk_log(s: &Story) -> Vec<Row> {
    vec![
        row! { risk: "仓库揽收延误，部分包裹超时", level: Pick("ordinary"), occurred: moment(s, 1, 14, 20), response: "切换备用快递，加派夜班", result: "次日清零", solved: moment(s, 1, 19, 0), affected: count(320), owner: s.person("物流部"), improvement: "提前签约备用快递" },
        row! { risk: "直播间商品链接失效", level: Pick("larger"), occurred: moment(s, 2, 20, 15), response: "技术部重挂链接，主播口播补偿券", result: "15分钟恢复", solved: moment(s, 2, 20, 40), affected: count(1500), owner: s.person("技术部"), improvement: "开播前30分钟链接巡检" },
    ]
}

fn daily(s: &Story) -> Vec<Row> {
    let mut r = Chance::of(s.seed, "daily");
    let days: Vec<_> = (0..s.days).map(|at| after(s.start, at)).collect();
    let peak = &s.phases[2];
    let weights: Vec<f64> = days
        .iter()
        .map(|day| r.between(0.95, 1.05) * if (peak.first..=peak.last).contains(day) { 1.25 } else { 1.0 })
        .collect();
    let shared = |total: i64, step: i64| parts(total, &weights, step);
    let (exposure, clicks, orders) = (shared(s.exposure, 100), shared(s.clicks, 1), shared(s.orders, 1));
    let (spend, sales) = (shared(s.spend, 100), shared(s.sales, 100));
    days.iter()
        .enumerate()
        .map(|(at, day)| {
            row! {
                date: Day(*day), exposure: count(exposure[at]), clicks: count(clicks[at]), ctr: Computed(clicks[at] as f64 / exposure[at] as f64), conversions: count(orders[at]),
                cvr: Rate((orders[at] as f64 / clicks[at] as f64 * 10_000.0).round() / 10_000.0), orders: count(orders[at]), spend: money(spend[at]), sales: money(sales[at]),
                advice: if *day == peak.first { "直播时段加投信息流" } else { "" },
            }
        })
        .collect()
}

fn staffing(s: &Story) -> Vec<Row> {
    let mut r = Chance::of(s.seed, "staffing");
    [("planning", 3), ("design", 4), ("operation", 6), ("service", 12), ("logistics", 10), ("technology", 5)]
        .into_iter()
        .map(|(link, heads)| row! { link: Pick(link), planned_heads: count(heads), actual_heads: count(heads), planned_hours: Say::Number(heads as f64 * 80.0), actual_hours: Say::Number(heads as f64 * 80.0 + r.whole(-8, 8) as f64), verdict: Pick("right") })
        .collect()
}

fn results(s: &Story) -> Vec<Row> {
    let mut rows: Vec<Row> = s
        .goals
        .iter()
        .map(|goal| {
            let outcome = match goal.completion {
                n if n > 1.000_05 => "exceeded",
                n if n > 0.999_95 => "reached",
                n if n >= 0.9 => "nearly",
                _ => "missed",
            };
            row! {
                name: goal.name, dimension: Pick("overall"), actual: Say::Measure(goal.actual, unit(goal.unit)), completion: Computed(goal.completion), outcome: ComputedWord(outcome), source: goal.source,
                reason: if goal.completion < 1.0 { "预热期素材过审晚两天，曝光少于计划" } else { "" },
            }
        })
        .collect();
    for channel in s.channels.iter().take(2) {
        let target = nice(channel.sales as f64 / 1.02);
        rows.push(row! {
            name: "销售额", dimension: Pick("channel"), member: channel.name, target: Say::Aim(Bound::Plain, target, Counted::Yuan), actual: Say::Measure(channel.sales as f64, Counted::Yuan),
            completion: Computed(channel.sales as f64 / target), source: "ERP系统", reason: "按计划完成",
        });
    }
    rows
}

fn weekly(s: &Story) -> Vec<Row> {
    let Some(sales) = s.goals.iter().find(|goal| goal.name == "销售额") else { return Vec::new() };
    let shares = [("第1周", 0.3), ("第2周", 0.3), ("第3周", 0.4)];
    shares
        .into_iter()
        .map(|(week, share)| {
            let actual = nice(sales.actual * share);
            let target = nice(actual / 1.02);
            row! {
                week: week, name: "销售额", target: Say::Aim(Bound::Plain, target, Counted::Yuan), actual: Say::Measure(actual, Counted::Yuan),
                completion: Computed(actual / target), remark: "周三换了素材",
            }
        })
        .collect()
}

fn channels(s: &Story) -> Vec<Row> {
    s.channels
        .iter()
        .map(|it| {
            row! {
                channel: it.name, kind: Pick(if it.online { "online" } else { "offline" }), budget: money(it.plan), spend: money(it.spend), exposure: count(it.exposure), clicks: count(it.clicks), signups: count(it.signups),
                conversions: count(it.orders), new_customers: count(it.fresh), sales: money(it.sales), target: Say::Aim(Bound::Plain, it.target as f64, Counted::Word("")), source: if it.online { format!("{}后台", it.name) } else { "门店统计".into() },
            }
        })
        .collect()
}

fn funnel(s: &Story) -> Vec<Row> {
    let steps = [
        ("exposure", s.exposure),
        ("click", s.clicks),
        ("view", s.visitors),
        ("cart", s.carted),
        ("order", s.ordered),
        ("pay", s.buyers),
    ];
    let mut above = None;
    let mut rows = Vec::new();
    for (at, (stage, n)) in steps.into_iter().enumerate() {
        let rate = above.map(|above: i64| n as f64 / above as f64);
        rows.push(row! {
            order: Say::Number(at as f64 + 1.0), stage: Pick(stage), count: count(n), step_rate: rate.map(Computed), drop_rate: rate.map(|rate| Computed(1.0 - rate)),
            reason: if stage == "click" { "主图与利益点" } else { "" },
        });
        above = Some(n);
    }
    rows
}

fn sales(s: &Story) -> Vec<Row> {
    let mut r = Chance::of(s.seed, "sales");
    let mut before = |total: i64, share: f64| {
        (total as f64 * 30.0 / s.days as f64 * share * r.between(0.98, 1.0)) as i64 / 100 * 100
    };
    let (sales, buyers, visits) =
        (before(s.sales, 0.5), before(s.buyers, 0.55) + 100, before(s.visitors, 0.5));
    let mut r = Chance::of(s.seed, "sales later");
    let mut later = |total: i64| (total as f64 * 7.0 / s.days as f64 * r.between(0.55, 0.8)) as i64 / 10 * 10;
    let (later_sales, later_fresh, later_old, later_visits) =
        (later(s.sales), later(s.fresh), later(s.returning), later(s.visitors));
    let mut r = Chance::of(s.seed, "sales a year ago");
    let mut year = |total: i64| (total as f64 * r.between(0.8, 0.95)) as i64 / 10 * 10;
    let (year_sales, year_fresh, year_old) = (year(s.sales), year(s.fresh), year(s.returning));
    let fresh = (buyers as f64 * 0.3) as i64;
    let fresh_sales = (s.sales as f64 * s.fresh as f64 / s.buyers as f64 * 0.9) as i64 / 100 * 100;
    let grown = |before: i64, during: i64| (during as f64 / s.days as f64) / (before as f64 / 30.0) - 1.0;
    let of = |n: i64| Some(count(n));
    type Line = (&'static str, Option<Say>, Say, Option<Say>, Option<Say>, Option<f64>);
    let lines: [Line; 11] = [
        ("days", of(30), count(s.days), of(7), of(s.days), None),
        (
            "sales",
            Some(money(sales)),
            money(s.sales),
            Some(money(later_sales)),
            Some(money(year_sales)),
            Some(grown(sales, s.sales)),
        ),
        (
            "orders",
            of((buyers as f64 * 1.07) as i64),
            count(s.orders),
            of(((later_fresh + later_old) as f64 * 1.06) as i64),
            of(((year_fresh + year_old) as f64 * 1.06) as i64),
            None,
        ),
        ("buyers", of(buyers), count(s.buyers), of(later_fresh + later_old), of(year_fresh + year_old), None),
        ("new-buyers", of(fresh), count(s.fresh), of(later_fresh), of(year_fresh), None),
        ("old-buyers", of(buyers - fresh), count(s.returning), of(later_old), of(year_old), None),
        ("new-sales", None, money(fresh_sales), None, None, None),
        ("old-sales", None, money(s.sales - fresh_sales), None, None, None),
        ("visitors", of(visits), count(s.visitors), of(later_visits), None, None),
        ("margin", Some(money((sales as f64 * 0.36) as i64 / 100 * 100)), money(s.gross), None, None, None),
        (
            "refunds",
            Some(money((sales as f64 * 0.03) as i64 / 100 * 100)),
            money((s.sales as f64 * 0.04) as i64 / 100 * 100),
            None,
            None,
            None,
        ),
    ];
    lines
        .into_iter()
        .map(|(name, before, during, later, year, growth)| row! { name: Pick(name), before: before, during: during, after: later, last_year: year, daily_growth: growth.map(Computed) })
        .collect()
}

fn categories(s: &Story) -> Vec<Row> {
    let mut r = Chance::of(s.seed, "categories");
    let weights: Vec<f64> = s.theme.goods.iter().map(|_| r.between(0.6, 1.6)).collect();
    let (during, gross) = (parts(s.sales, &weights, 100), parts(s.gross, &weights, 100));
    s.theme
        .goods
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let units = during[at] / 160;
            let left = units / 5;
            row! {
                name: *name, position: Pick(["hero", "traffic", "profit", "new"][at % 4]), before: money((during[at] as f64 * r.between(0.5, 0.8)) as i64 / 100 * 100), during: money(during[at]), units: count(units),
                margin: money(gross[at]), stock_start: count(units + left), stock_end: count(left), returns: count(units * 3 / 100),
            }
        })
        .collect()
}

fn users(s: &Story) -> Vec<Row> {
    let word = |n: f64, unit: &'static str| Say::Measure(n, Counted::Word(unit));
    let rate = |n: f64| Say::Measure(n, Counted::Percent);
    let least = |n: f64| Some(Say::Aim(Bound::AtLeast, n, Counted::Percent));
    let signups = s.signups as f64;
    let rows: [(&str, Say, Say, Option<Say>); 9] = [
        (
            "new-users",
            word((signups / 2.0).floor(), "人"),
            word(signups, "人"),
            Some(Say::Aim(Bound::Plain, nice(signups / 1.03), Counted::Word("人"))),
        ),
        ("new-members", word((signups / 3.0).floor(), "人"), word((signups * 0.7).floor(), "人"), None),
        ("active-users", word((s.visitors / 2) as f64, "人"), word(s.visitors as f64, "人"), None),
        ("paying-users", word((s.buyers / 2) as f64, "人"), word(s.buyers as f64, "人"), None),
        ("retention-1", rate(0.31), rate(0.352), least(0.33)),
        ("retention-7", rate(0.18), rate(0.205), least(0.2)),
        ("retention-30", rate(0.09), rate(0.101), None),
        ("repurchase", rate(0.14), rate(0.163), Some(Say::Range(0.15, 0.2, Counted::Percent))),
        ("preferences", word(1200.0, "条"), word((s.clicks / 8) as f64, "条"), None),
    ];
    rows.into_iter().map(|(name, before, during, target)| row! { name: Pick(name), before: before, during: during, target: target, source: "会员系统" }).collect()
}

fn traffic(s: &Story) -> Vec<Row> {
    let pages = ["活动主会场", "商品详情页", "直播间", "店铺首页"];
    let mut r = Chance::of(s.seed, "traffic");
    let weights: Vec<f64> = pages.iter().map(|_| r.between(0.7, 1.5)).collect();
    let shared = |total: i64| parts(total, &weights, 1);
    let (uv, cart, order, pay) = (shared(s.visitors), shared(s.carted), shared(s.ordered), shared(s.buyers));
    pages
        .iter()
        .enumerate()
        .map(|(at, page)| {
            row! {
                source: *page, pv: count(uv[at] * 11 / 5), uv: count(uv[at]), new_visitors: count(uv[at] * 2 / 5), bounce: Rate((r.between(0.35, 0.5) * 1000.0).round() / 1000.0), stay: Say::Number(r.whole(40, 110) as f64),
                cart: count(cart[at]), order: count(order[at]), pay: count(pay[at]),
            }
        })
        .collect()
}

fn interactions(s: &Story) -> Vec<Row> {
    [("draw", 30), ("share", 12), ("comment", 6), ("check-in", 20), ("invite", 5)]
        .into_iter()
        .map(|(kind, share)| {
            let times = s.visitors * share / 100;
            row! { kind: Pick(kind), times: count(times), people: count(times * 3 / 5), conversions: count(times / 30) }
        })
        .collect()
}

fn coupon_cost(s: &Story) -> i64 {
    s.buyers / 2 * 40 + s.sales / 50 / 100 * 100 + s.fresh * 3 / 10 * 15
}

fn promotions(s: &Story) -> Vec<Row> {
    let coupon = s.buyers / 2;
    let part = |share: i64| money(s.sales * share / 100 / 100 * 100);
    vec![
        row! { name: "满300减40券", kind: Pick("coupon"), issued: count(coupon * 5), claimed: count(coupon * 3), redeemed: count(coupon), sales: part(35), cost: money(coupon * 40), feedback: "门槛合适", reuse: Pick("yes") },
        row! { name: "整点秒杀", kind: Pick("flash-sale"), people: count(s.visitors / 5), sales: part(18), cost: money(s.sales / 50 / 100 * 100), feedback: "希望加场", reuse: Pick("yes") },
        row! { name: "老带新双人礼", kind: Pick("referral"), people: count(s.fresh * 3 / 10), sales: part(7), cost: money(s.fresh * 3 / 10 * 15), feedback: "规则清楚", reuse: Pick("no") },
    ]
}

fn costs(s: &Story) -> Vec<Row> {
    let of = |kind: &str, actual: bool| {
        s.budget
            .iter()
            .filter(|line| line.kind == kind)
            .map(|line| if actual { line.actual } else { line.plan })
            .sum::<i64>()
    };
    let target = match s.goals[0].aim {
        Aim::AtLeast(n) => n as i64,
        _ => s.sales,
    };
    let lines = [
        ("revenue", Some(target), s.sales),
        ("goods", None, s.sales - s.gross),
        ("ads", Some(of("promotion", false)), s.spend),
        ("materials", Some(of("material", false)), of("material", true)),
        ("subsidy", Some(coupon_cost(s) * 102 / 100), coupon_cost(s)),
        ("commission", Some(s.sales / 20), s.sales / 20),
        ("people", Some(of("people", false)), of("people", true)),
        ("logistics", Some(s.orders * 6), s.orders * 6),
    ];
    lines
        .into_iter()
        .map(|(item, plan, actual)| row! { item: Pick(item), budget: plan.map(money), actual: money(actual) })
        .collect()
}

fn marginal(s: &Story) -> Vec<Row> {
    let step = s.reserve / 4 / 100 * 100;
    [4.2, 2.6, 1.3]
        .into_iter()
        .enumerate()
        .map(|(at, roi)| row! { batch: format!("第{}批", at + 1), channel: s.channels[1].name, date: Day(after(s.phases[2].first, at as i64)), spend: money(step), revenue: money((step as f64 * roi) as i64 / 100 * 100) })
        .collect()
}

fn service() -> Vec<Row> {
    let lines = "service|咨询量|8000次|7650次
        service|30秒应答率|≥85%|88%
        service|平均响应时长|≤40秒|35秒
        service|投诉量|≤80件|72件
        service|投诉处理时长|≤24小时|20小时
        service|服务满意度|≥4.5分|4.6分
        logistics|发货时长|≤24小时|22小时
        logistics|包裹完好率|≥99%|99.3%
        logistics|签收及时率|≥95%|96.1%
        logistics|缺货率|≤2%|1.6%
        tech|页面加载时间|2秒以内|1.7秒
        tech|系统可用率|≥99.9%|99.95%
        tech|支付成功率|不低于98%|98.6%
        tech|故障时长|≤30分钟|18分钟";
    lines
        .lines()
        .map(|line| {
            let cells: Vec<&'static str> = line.trim().split('|').collect();
            let dept = BTreeMap::from([("service", "客服部"), ("logistics", "物流部"), ("tech", "技术部")])
                [cells[0]];
            row! { module: Pick(cells[0]), name: cells[1], target: cells[2], actual: cells[3], dept: dept }
        })
        .collect()
}

fn feedback(s: &Story) -> Vec<Row> {
    let all = [
        ("survey", "flow", "满减规则要看两遍才懂", "规则", 46, 3.0),
        ("service", "logistics", "希望能查到预计送达时间", "物流、时效", 31, 4.0),
        ("community", "incentive", "老带新礼品实用", "礼品、拉新", 28, 5.0),
        ("comment", "product", "做工比预期好，会推荐", "品质", 65, 5.0),
        ("store", "product", "试用区人多要排队", "试用", 12, 4.0),
    ];
    all.into_iter()
        .enumerate()
        .map(|(at, (channel, object, content, tags, times, score))| {
            row! { channel: Pick(channel), object: Pick(object), content: content, tags: tags, count: count(times), satisfaction: Say::Number(score), date: Day(after(s.start, at as i64 + 1)) }
        })
        .collect()
}

fn process(s: &Story) -> Vec<Row> {
    let missed = s.missed().next();
    let (problem, evidence) = match missed {
        Some(goal) => (format!("{}低于目标", goal.name), format!("完成率{:.1}%", goal.completion * 100.0)),
        None => ("社群转化低于预期".into(), "社群转化率3.1%，预期4%".into()),
    };
    vec![
        row! { dimension: Pick("people"), kind: Pick("highlight"), description: "客服提前培训，高峰期应答率保持在85%以上", evidence: "30秒应答率88%", root: "人力预测做到小时" },
        row! { dimension: Pick("product"), kind: Pick("highlight"), description: format!("{}备货充足，未断货", s.theme.goods[0]), evidence: "缺货率1.6%", root: "预售数据驱动备货" },
        row! { dimension: Pick("place"), kind: Pick("problem"), description: problem, evidence: evidence, why1: "预热期曝光少", why2: "素材上线晚", why3: "送审排队", why4: "送审没有提前量", why5: "排期表没有送审节点", root: "排期缺少送审节点" },
    ]
}

fn problems(s: &Story) -> Vec<Row> {
    let mut rows: Vec<Row> = s
        .missed()
        .map(|goal| row! { class: Pick("execution"), description: format!("{}没有达到目标", goal.name), evidence: format!("完成率{:.1}%", goal.completion * 100.0), root: "素材送审没有提前量，上线晚两天", impact: Pick("high"), dept: "市场部", recurring: Pick("no") })
        .collect();
    rows.push(row! { class: Pick("resource"), description: "直播间商品链接失效15分钟", evidence: "影响1500人", root: "开播前没有巡检清单", impact: Pick("medium"), dept: "技术部", recurring: Pick("no") });
    rows.push(row! { class: Pick("strategy"), description: "满减规则理解成本高", evidence: "相关反馈46条", root: "规则说明没有做用户测试", impact: Pick("medium"), dept: "产品部", recurring: Pick("yes") });
    for (at, row) in rows.iter_mut().enumerate() {
        row.shift_insert(0, "code".into(), Say::Text(format!("P{:02}", at + 1)));
    }
    rows
}

fn experience(s: &Story) -> Vec<Row> {
    let best =
        s.channels.iter().max_by(|one, two| (one.sales * two.spend).cmp(&(two.sales * one.spend))).unwrap();
    vec![
        row! { kind: Pick("success"), content: format!("{}按小时调价，投产比最高", best.name), evidence: format!("投产比{:.1}", best.sales as f64 / best.spend as f64), scope: "大促爆发期", advice: "写入投放手册" },
        row! { kind: Pick("success"), content: "预约用户专属客服群提升支付率", evidence: "群内支付率32%", scope: "预售类活动", advice: "社群SOP" },
        row! { kind: Pick("failure"), content: "素材送审没有提前量", evidence: "上线晚2天", scope: "所有投放", advice: "排期模板加送审节点" },
        row! { kind: Pick("surprise"), content: "复购券在收尾期周末打开率翻倍", evidence: "打开率21%", scope: "会员触达", advice: "触达日历" },
    ]
}

fn teamwork() -> Vec<Row> {
    [("communication", 4.0, "每日站会同步", "增加销售部"), ("allocation", 3.5, "客服临时加班两天", "预留机动班次"), ("standards", 4.5, "清单执行完整", "补充巡检表"), ("appraisal", 4.0, "权重会前公布", "增加过程分")]
        .into_iter()
        .map(|(dimension, score, remark, advice)| row! { dimension: Pick(dimension), score: Say::Number(score), remark: remark, advice: advice })
        .collect()
}

fn actions(s: &Story) -> Vec<Row> {
    let mut rows: Vec<Row> = s
        .missed()
        .enumerate()
        .map(|(at, goal)| {
            row! {
                direction: Pick("strategy"), action: format!("排期模板增加送审节点，保障{}达标", goal.name), problem: format!("P{:02}", at + 1), owner: s.person("市场部"), dept: "市场部", due: FullDay(after(s.as_of, 12)),
                standard: "素材提前3个工作日过审", baseline: "0天", target: "3天", impact: Pick("high"), difficulty: Pick("low"), status: Pick("doing"),
            }
        })
        .collect();
    let n = rows.len();
    let done = after(s.end, 14);
    rows.push(row! {
        direction: Pick("risk"), action: "开播前30分钟巡检商品链接", problem: format!("P{:02}", n + 1), owner: s.person("技术部"), dept: "技术部", due: FullDay(done), standard: "链接失效0次",
        baseline: "1次", target: "0次", impact: Pick("medium"), difficulty: Pick("low"), status: Pick("done"), done_on: FullDay(after(done, -1)), verification: "0次",
    });
    rows.push(row! {
        direction: Pick("process"), action: "规则文案上线前做10人可用性测试", problem: format!("P{:02}", n + 2), owner: s.person("产品部"), dept: "产品部", due: FullDay(after(s.as_of, 20)), standard: "规则类反馈减少到20条以内",
        baseline: "46条", target: "20条以内", impact: Pick("medium"), difficulty: Pick("medium"), status: Pick("not-started"),
    });
    for (at, row) in rows.iter_mut().enumerate() {
        row.shift_insert(0, "code".into(), Say::Text(format!("A{:02}", at + 1)));
    }
    rows
}

fn summary(s: &Story) -> Row {
    let told: Vec<String> =
        s.goals.iter().take(4).map(|goal| format!("{}{:.1}%", goal.name, goal.completion * 100.0)).collect();
    row! {
        overview: format!("{}，{}月{}日至{}月{}日，{}", s.name, s.start.month(), s.start.day(), s.end.month(), s.end.day(), s.theme.strategy), goals: told.join("、"),
        data: format!("销售额{:.1}万元，推广花费{:.1}万元，投产比{:.2}", s.sales as f64 / 1e4, s.spend as f64 / 1e4, s.sales as f64 / s.spend as f64),
        successes: "按小时调价；预约用户专属客服群", failures: "素材送审没有提前量", advice: "排期模板加送审节点；规则文案先测后发", verdict: Pick(s.verdict()), signature: s.person("市场部"), signed_on: FullDay(after(s.end, 9)),
    }
}
