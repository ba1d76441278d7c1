//! Made-up campaigns, one model each: channels, days and categories add up to the sales, new and returning buyers
//! to the buyers, the budget lines to their total; the funnel falls. Nothing here knows a table or a cell.

use chrono::{Days, NaiveDate};

use super::chance::Chance;

/// What a campaign is about; everything a story says in words comes from here.
pub struct Theme {
    pub name: &'static str,
    pub kind: &'static str,
    pub start: (i32, u32, u32),
    pub days: u64,
    pub motto: &'static str,
    pub audience: &'static str,
    pub strategy: &'static str,
    pub background: &'static str,
    pub goods: &'static [&'static str],
    pub channels: &'static [(&'static str, bool)],
}

/// Industries and occasions.
pub const THEMES: &[Theme] = &[
    Theme {
        name: "暖冬焕新家居节",
        kind: "festival",
        start: (2024, 11, 20),
        days: 23,
        motto: "把冬天穿暖、住暖",
        audience: "25-40岁二三线城市家庭用户",
        strategy: "老客预售锁单，达人直播拉新，会员满减促复购",
        background: "冬季家纺库存偏高，竞品提前一周开售",
        goods: &["羽绒被", "法兰绒四件套", "乳胶枕", "珊瑚绒毯"],
        channels: &[
            ("天猫旗舰店", true),
            ("抖音直播", true),
            ("小红书种草", true),
            ("京东自营", true),
            ("华东门店", false),
        ],
    },
    Theme {
        name: "“鲜醒”气泡茶上市",
        kind: "launch",
        start: (2024, 9, 16),
        days: 30,
        motto: "一口鲜醒",
        audience: "18-30岁一线城市白领与学生",
        strategy: "短视频挑战赛造势，快闪店试饮，便利店首发铺货",
        background: "无糖茶饮增速放缓，需要用风味新品进入年轻人群",
        goods: &["白桃乌龙", "青柠茉莉", "联名礼盒"],
        channels: &[
            ("抖音挑战赛", true),
            ("微博话题", true),
            ("美团闪购", true),
            ("便利店陈列", false),
            ("快闪店试饮", false),
        ],
    },
    Theme {
        name: "金秋会员回馈季",
        kind: "user-operation",
        start: (2024, 10, 10),
        days: 24,
        motto: "老朋友，新礼遇",
        audience: "近一年有消费记录的会员及其亲友",
        strategy: "等级权益升级，积分翻倍，老带新裂变",
        background: "会员活跃率下降，竞品推出付费会员卡",
        goods: &["护肤套装", "洗护组合", "香氛礼盒"],
        channels: &[("企业微信社群", true), ("微信小程序", true), ("短信唤醒", true), ("门店导购", false)],
    },
    Theme {
        name: "开学焕新数码节",
        kind: "promotion",
        start: (2024, 8, 20),
        days: 12,
        motto: "新学期，新装备",
        audience: "高校新生及家长",
        strategy: "以旧换新+学生认证立减",
        background: "暑期库存待清，开学前两周搜索量翻倍",
        goods: &["平板电脑", "蓝牙耳机", "机械键盘"],
        channels: &[("京东自营", true), ("B站测评", true), ("校园快闪", false)],
    },
    Theme {
        name: "华东智能制造展参展",
        kind: "exhibition",
        start: (2024, 10, 22),
        days: 8,
        motto: "看得见的产线",
        audience: "华东地区制造企业采购与工程负责人",
        strategy: "样机实演+预约专场+展后7日跟进",
        background: "华东市场占有率低于全国平均",
        goods: &["视觉检测方案", "协作机械臂"],
        channels: &[("行业媒体", true), ("公众号推文", true), ("展位现场", false)],
    },
    Theme {
        name: "山野×竹编联名系列",
        kind: "co-branding",
        start: (2024, 9, 5),
        days: 14,
        motto: "把手艺背在身上",
        audience: "25-35岁户外与国潮爱好者",
        strategy: "限量编号发售，匠人纪录片传播",
        background: "品牌在国潮人群中认知偏低",
        goods: &["竹编双肩包", "竹编水杯套", "联名冲锋衣"],
        channels: &[("天猫旗舰店", true), ("小红书种草", true), ("品牌门店", false)],
    },
    Theme {
        name: "618餐饮外卖狂欢",
        kind: "festival",
        start: (2025, 6, 1),
        days: 18,
        motto: "一顿好饭，半价开吃",
        audience: "写字楼白领与居家用户",
        strategy: "满减红包+整点秒杀+骑手箱贴",
        background: "外卖平台补贴收紧，自有小程序需要拉新",
        goods: &["招牌牛肉饭", "轻食沙拉", "下午茶双人餐", "家庭四人餐"],
        channels: &[("美团外卖", true), ("饿了么", true), ("微信小程序", true), ("门店扫码", false)],
    },
    Theme {
        name: "春季招生开放日",
        kind: "growth",
        start: (2025, 3, 8),
        days: 16,
        motto: "先听一节，再做决定",
        audience: "6-12岁孩子的家长",
        strategy: "试听课1元购，老学员转介绍，社区地推",
        background: "春季续费率低于去年同期",
        goods: &["编程启蒙课", "英语阅读课", "美术体验课"],
        channels: &[("视频号直播", true), ("家长社群", true), ("社区地推", false)],
    },
    Theme {
        name: "年终信用卡消费季",
        kind: "branding",
        start: (2023, 12, 18),
        days: 21,
        motto: "每一笔都有回响",
        audience: "30-45岁持卡用户",
        strategy: "消费达标返现，商户联合立减",
        background: "四季度户均交易额连续下滑",
        goods: &["返现权益", "分期券包", "里程兑换"],
        channels: &[("App开屏", true), ("公众号推文", true), ("商户立牌", false), ("短信触达", true)],
    },
    Theme {
        name: "云协作平台增长月",
        kind: "growth",
        start: (2024, 5, 6),
        days: 26,
        motto: "把会开短，把事做完",
        audience: "50-300人企业的行政与IT负责人",
        strategy: "免费试用30天，行业案例直播，销售回访",
        background: "试用转付费率停滞，竞品降价",
        goods: &["团队版", "企业版", "培训服务包"],
        channels: &[("搜索广告", true), ("行业社群", true), ("案例直播", true), ("线下沙龙", false)],
    },
];

const PEOPLE: &[&str] = &[
    "周敏", "陈静", "李航", "吴倩", "林楠", "何川", "孙悦", "赵萌", "王磊", "高远", "许然", "郑凯", "唐薇",
    "冯涛", "沈佳", "韩旭",
];
/// Departments; each has one person.
pub const DEPTS: &[&str] =
    &["市场部", "数据部", "销售部", "产品部", "运营部", "客服部", "设计部", "技术部", "物流部", "财务部"];

/// One channel's figures.
#[derive(Clone)]
pub struct Channel {
    pub name: &'static str,
    pub online: bool,
    pub plan: i64,
    pub spend: i64,
    pub exposure: i64,
    pub clicks: i64,
    pub signups: i64,
    pub orders: i64,
    pub fresh: i64,
    pub sales: i64,
    pub target: i64,
}

/// In what an indicator is counted.
#[derive(Clone, Copy, PartialEq)]
pub enum Unit {
    Money,
    Rate,
    Times,
    Of(&'static str),
}

/// How a goal is put.
#[derive(Clone, Copy, PartialEq)]
pub enum Aim {
    AtLeast(f64),
    AtMost(f64),
    Within(f64, f64),
    /// That much more than the baseline.
    Growth(f64, f64),
}

/// One indicator with its outcome.
#[derive(Clone)]
pub struct Goal {
    pub result: bool,
    pub class: &'static str,
    pub name: &'static str,
    pub unit: Unit,
    pub actual: f64,
    pub aim: Aim,
    pub completion: f64,
    pub weight: i64,
    pub logic: &'static str,
    pub source: &'static str,
    pub dept: &'static str,
}

/// One line of the budget.
#[derive(Clone)]
pub struct Line {
    pub kind: &'static str,
    pub item: String,
    pub price: String,
    pub quantity: String,
    pub plain: Option<(i64, i64)>,
    pub plan: i64,
    pub actual: i64,
    pub supplier: String,
    pub remark: Option<String>,
}

/// One phase.
#[derive(Clone)]
pub struct Phase {
    pub id: &'static str,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub action: &'static str,
    pub effect: String,
}

/// One task.
#[derive(Clone)]
pub struct Task {
    pub code: String,
    pub phase: usize,
    pub module: &'static str,
    pub action: String,
    pub dept: &'static str,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub before: Option<String>,
    pub deliverable: &'static str,
    pub standard: &'static str,
}

/// A campaign, whole and without contradiction.
pub struct Story {
    pub seed: u64,
    pub theme: &'static Theme,
    pub name: String,
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub as_of: NaiveDate,
    pub days: i64,
    people: Vec<&'static str>,
    pub channels: Vec<Channel>,
    pub exposure: i64,
    pub clicks: i64,
    pub signups: i64,
    pub orders: i64,
    pub sales: i64,
    pub spend: i64,
    pub buyers: i64,
    pub fresh: i64,
    pub returning: i64,
    pub visitors: i64,
    pub ordered: i64,
    pub carted: i64,
    pub gross: i64,
    pub budget: Vec<Line>,
    pub total: i64,
    pub spent: i64,
    pub reserve: i64,
    pub phases: Vec<Phase>,
    pub tasks: Vec<Task>,
    pub goals: Vec<Goal>,
}

/// The total in whole parts like the weights, nothing lost.
pub fn parts(total: i64, weights: &[f64], step: i64) -> Vec<i64> {
    let whole: f64 = weights.iter().sum();
    let units = total / step;
    let mut parts: Vec<i64> = weights.iter().map(|it| (units as f64 * it / whole) as i64 * step).collect();
    let told: i64 = parts.iter().sum();
    if let Some(first) = parts.first_mut() {
        *first += total - told;
    }
    parts
}

/// Three leading figures, as targets are set.
pub fn nice(value: f64) -> f64 {
    let digits = value.abs().max(1.0).log10().floor() as i32 + 1;
    if digits > 3 {
        let step = 10f64.powi(digits - 3);
        (value / step).round() * step
    } else if digits < 3 {
        (value * 10.0).round() / 10.0
    } else {
        value.round()
    }
}

fn hundreds(value: f64) -> i64 {
    (value / 100.0) as i64 * 100
}

/// The day so many days later (earlier when negative).
pub fn after(day: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        day.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        day.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.unwrap_or(day)
}

impl Story {
    /// The campaign of a seed.
    pub fn of(seed: u64) -> Story {
        let mut r = Chance::of(seed, "story");
        let theme = &THEMES[(seed as usize) % THEMES.len()];
        let large = seed % 3 == 2;
        let start = NaiveDate::from_ymd_opt(theme.start.0, theme.start.1, theme.start.2).unwrap();
        let end = after(start, theme.days as i64 - 1);
        let size = if large { 1.0 } else { 0.4 };
        let channels: Vec<Channel> = theme.channels.iter().map(|it| channel(&mut r, it, size)).collect();
        let total = |of: fn(&Channel) -> i64| channels.iter().map(of).sum::<i64>();
        let (exposure, clicks, orders) =
            (total(|it| it.exposure), total(|it| it.clicks), total(|it| it.orders));
        let (sales, spend) = (total(|it| it.sales), total(|it| it.spend));
        let (fresh, signups) = (total(|it| it.fresh), total(|it| it.signups));
        let buyers = (fresh + 10).max((orders as f64 * 0.94) as i64);
        let ordered = (buyers as f64 * r.between(1.15, 1.3)) as i64;
        let mut story = Story {
            seed,
            theme,
            name: format!("{}·第{}期", theme.name, seed % 90 + 1),
            start,
            end,
            as_of: after(end, 25),
            days: theme.days as i64,
            people: r.shuffled(PEOPLE),
            exposure,
            clicks,
            signups,
            orders,
            sales,
            spend,
            buyers,
            fresh,
            returning: buyers - fresh,
            visitors: (clicks as f64 * 0.8) as i64,
            ordered,
            carted: (ordered as f64 * r.between(1.6, 2.0)) as i64,
            gross: hundreds(sales as f64 * r.between(0.3, 0.38)),
            channels,
            budget: Vec::new(),
            total: 0,
            spent: 0,
            reserve: 0,
            phases: Vec::new(),
            tasks: Vec::new(),
            goals: Vec::new(),
        };
        story.plan_money(&mut r);
        story.plan_phases(&mut r);
        story.plan_tasks(&mut r, large);
        story.set_goals(&mut r);
        story
    }

    /// Who does the work of a department.
    pub fn person(&self, dept: &str) -> &'static str {
        let at = DEPTS.iter().position(|it| *it == dept).unwrap_or(0);
        self.people[at]
    }

    /// Goals that were clearly missed.
    pub fn missed(&self) -> impl Iterator<Item = &Goal> {
        self.goals.iter().filter(|goal| goal.completion < 0.9)
    }

    /// What the goals amount to, as a choice.
    pub fn verdict(&self) -> &'static str {
        let results: Vec<&Goal> = self.goals.iter().filter(|goal| goal.result).collect();
        let reached = results.iter().filter(|goal| goal.completion >= 1.0).count();
        let whole: f64 = self.goals.iter().map(|goal| goal.weight as f64).sum();
        let composite: f64 =
            self.goals.iter().map(|goal| goal.weight as f64 * goal.completion.min(1.2)).sum::<f64>() / whole;
        if reached == results.len() && self.spent as f64 <= self.total as f64 * 1.1 {
            "success"
        } else if composite >= 0.9 && reached * 2 >= results.len() {
            "mostly"
        } else {
            "challenged"
        }
    }

    fn plan_money(&mut self, r: &mut Chance) {
        let mut lines: Vec<Line> = self
            .channels
            .iter()
            .map(|channel| Line {
                kind: "promotion",
                item: format!("{}投放", channel.name),
                price: channel.plan.to_string(),
                quantity: "1".into(),
                plain: Some((channel.plan, 1)),
                plan: channel.plan,
                actual: channel.spend,
                supplier: format!("{}服务商", channel.name),
                remark: None,
            })
            .collect();
        let (people, price) = (r.whole(3, 8), *r.one(&[300, 350, 400]));
        let plan = people * price * self.days;
        let around = |plan: i64, r: &mut Chance| hundreds(plan as f64 * r.between(0.94, 1.03)).max(100);
        let line =
            |kind, item: &str, price: String, quantity: String, plain, plan, actual, supplier: &str| Line {
                kind,
                item: item.into(),
                price,
                quantity,
                plain,
                plan,
                actual,
                supplier: supplier.into(),
                remark: None,
            };
        lines.push(line(
            "people",
            "临时执行与客服人员",
            format!("{price}元/人/天"),
            format!("{people}人*{}天", self.days),
            None,
            plan,
            around(plan, r),
            "人力外包公司",
        ));
        let units = r.whole(20, 60) * 100;
        lines.push(line(
            "material",
            "赠品与礼盒采购",
            "18".into(),
            format!("{units}"),
            Some((18, units)),
            18 * units,
            around(18 * units, r),
            "礼品供应商",
        ));
        lines.push(line(
            "material",
            "主视觉与页面设计",
            "8000元/套".into(),
            "3套".into(),
            None,
            24_000,
            24_000,
            "设计工作室",
        ));
        let before: i64 = lines.iter().map(|line| line.plan).sum();
        self.reserve = (before as f64 * 0.08 / 1000.0) as i64 * 1000;
        let share = self.reserve as f64 / (before + self.reserve) as f64 * 100.0;
        let item = *r.one(&["应急备用金", "预备费", "机动费用"]);
        let mut reserve = line(
            "other",
            item,
            self.reserve.to_string(),
            "1".into(),
            Some((self.reserve, 1)),
            self.reserve,
            hundreds(self.reserve as f64 * 0.9),
            "内部",
        );
        reserve.remark = r.happens(0.6).then(|| format!("占总预算{share:.1}%"));
        lines.push(reserve);
        self.total = lines.iter().map(|line| line.plan).sum();
        self.spent = lines.iter().map(|line| line.actual).sum();
        self.budget = lines;
    }

    fn plan_phases(&mut self, r: &mut Chance) {
        let edge = (self.days / 4).max(2);
        let spans = [
            ("preparation", -12, -1, "方案评审、物料下单、页面搭建", "物料按时到位".to_owned()),
            (
                "warm-up",
                0,
                edge - 1,
                "悬念海报、达人种草、会员预约",
                format!("预约人数{}人", self.signups / 4),
            ),
            (
                "burst",
                edge,
                self.days - edge - 1,
                "直播专场、限时满减、线下联动",
                format!("完成销售额的{}%", r.whole(58, 66)),
            ),
            (
                "closing",
                self.days - edge,
                self.days - 1,
                "复购券推送、问卷回收、数据归档",
                format!("回收问卷{}份", r.whole(3, 9) * 110),
            ),
        ];
        self.phases = spans
            .into_iter()
            .map(|(id, first, last, action, effect)| Phase {
                id,
                first: after(self.start, first),
                last: after(self.start, last),
                action,
                effect,
            })
            .collect();
    }

    fn plan_tasks(&mut self, r: &mut Chance, large: bool) {
        const WORK: &[(usize, &str, &str, &str, &str, &str)] = &[
            (0, "内容制作", "主视觉设计", "设计部", "主视觉源文件", "3版方案定稿1版"),
            (0, "页面搭建", "主会场页面开发", "技术部", "会场页面", "真机测试通过，加载2秒内"),
            (0, "供应链", "重点款备货", "物流部", "入库单", "备货满足7天销量"),
            (1, "社交媒体", "悬念海报发布", "市场部", "海报3张", "总阅读量20万"),
            (1, "达人种草", "达人笔记发布", "运营部", "笔记链接", "20篇全部发布"),
            (1, "会员", "会员预约页上线", "技术部", "预约页", "预约成功率99%"),
            (2, "直播", "品牌直播专场", "运营部", "直播回放", "场均观看5万"),
            (2, "促销", "满减券投放", "产品部", "券配置单", "核销异常为0"),
            (2, "履约", "分仓发货保障", "物流部", "发货日报", "24小时发货率95%"),
            (3, "复购", "复购券推送", "运营部", "推送记录", "触达率90%"),
            (3, "调研", "用户问卷回收", "客服部", "问卷结果", "有效问卷300份"),
            (3, "数据", "全周期数据归档", "数据部", "数据包", "口径复核无差异"),
        ];
        for (at, (phase, module, action, dept, deliverable, standard)) in WORK.iter().enumerate() {
            if !large && at % 3 == 2 {
                continue;
            }
            let (first, last) = (self.phases[*phase].first, self.phases[*phase].last);
            let room = (last - first).num_days();
            let begin = r.whole(0, (room - 1).max(0));
            let length = r.whole(0, (room - begin).clamp(0, 3));
            let start = after(first, begin);
            let earlier: Vec<String> =
                self.tasks.iter().filter(|it| it.last < start).map(|it| it.code.clone()).collect();
            let before = (!earlier.is_empty() && r.happens(0.6)).then(|| r.one(&earlier).clone());
            self.tasks.push(Task {
                code: format!("T{:03}", self.tasks.len() + 1),
                phase: *phase,
                module,
                action: (*action).to_owned(),
                dept,
                first: start,
                last: after(start, length),
                before,
                deliverable,
                standard,
            });
        }
    }

    fn set_goals(&mut self, r: &mut Chance) {
        use Unit::{Money, Of, Rate, Times};
        let per = |part: i64, whole: i64| (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0;
        type Plan =
            (bool, &'static str, &'static str, f64, Unit, bool, &'static str, &'static str, &'static str);
        let core: [Plan; 3] = [
            (
                true,
                "business",
                "销售额",
                self.sales as f64,
                Money,
                false,
                "∑(订单数×客单价)",
                "ERP系统",
                "销售部",
            ),
            (
                true,
                "user",
                "新客成交人数",
                self.fresh as f64,
                Of("人"),
                false,
                "首次成交的人数",
                "CRM系统",
                "运营部",
            ),
            (
                false,
                "process",
                "活动曝光量",
                self.exposure as f64,
                Of("次"),
                false,
                "各渠道曝光量之和",
                "广告平台",
                "市场部",
            ),
        ];
        let more: [Plan; 12] = [
            (
                true,
                "business",
                "订单量",
                self.orders as f64,
                Of("单"),
                false,
                "支付成功的订单数",
                "订单系统",
                "销售部",
            ),
            (
                false,
                "process",
                "点击率",
                per(self.clicks, self.exposure),
                Rate,
                false,
                "点击量÷曝光量",
                "广告平台",
                "数据部",
            ),
            (
                true,
                "business",
                "获客成本",
                (self.spend as f64 / self.fresh as f64 * 10.0).round() / 10.0,
                Of("元"),
                true,
                "推广花费÷新客成交人数",
                "财务系统",
                "财务部",
            ),
            (
                true,
                "business",
                "毛利",
                self.gross as f64,
                Money,
                false,
                "销售额-商品成本",
                "财务系统",
                "财务部",
            ),
            (
                true,
                "business",
                "整体投产比",
                (self.sales as f64 / self.spend as f64 * 100.0).round() / 100.0,
                Times,
                false,
                "销售额÷推广花费",
                "财务系统",
                "数据部",
            ),
            (
                true,
                "user",
                "成交人数",
                self.buyers as f64,
                Of("人"),
                false,
                "去重成交人数",
                "订单系统",
                "销售部",
            ),
            (
                false,
                "user",
                "新增注册用户",
                self.signups as f64,
                Of("人"),
                false,
                "活动期新注册",
                "会员系统",
                "运营部",
            ),
            (
                false,
                "process",
                "支付转化率",
                per(self.buyers, self.visitors),
                Rate,
                false,
                "支付人数÷访客数",
                "商城后台",
                "数据部",
            ),
            (
                false,
                "process",
                "30秒应答率",
                (r.between(0.84, 0.93) * 1000.0).round() / 1000.0,
                Rate,
                false,
                "30秒内应答÷咨询量",
                "客服系统",
                "客服部",
            ),
            (
                false,
                "process",
                "投诉量",
                r.whole(60, 120) as f64,
                Of("件"),
                true,
                "客服登记的投诉",
                "客服系统",
                "客服部",
            ),
            (
                false,
                "process",
                "平均发货时长",
                r.whole(20, 30) as f64,
                Of("小时"),
                true,
                "付款到揽收",
                "仓储系统",
                "物流部",
            ),
            (true, "user", "复购率", 0.163, Rate, false, "二次购买人数÷成交人数", "会员系统", "运营部"),
        ];
        let many = 1 + (self.seed as usize % 5);
        let chosen: Vec<Plan> = core.into_iter().chain(r.shuffled(&more).into_iter().take(many)).collect();
        let (base, extra) = (100 / chosen.len() as i64, 100 % chosen.len());
        let low = r.below(chosen.len());
        for (at, (result, class, name, actual, unit, less, logic, source, dept)) in
            chosen.into_iter().enumerate()
        {
            let factor = if at == low && !self.seed.is_multiple_of(4) {
                0.85
            } else {
                *r.one(&[0.93, 0.97, 1.02, 1.04, 1.08, 1.15])
            };
            let (aim, completion) = if less {
                let most = nice(actual / (2.0 - factor));
                (Aim::AtMost(most), 2.0 - actual / most)
            } else if name == "复购率" {
                (Aim::Within(0.15, 0.20), 1.0)
            } else if unit == Rate {
                let least = (actual / factor * 1000.0).round() / 1000.0;
                (Aim::AtLeast(least), actual / least)
            } else if unit == Times {
                let least = (actual / factor * 10.0).round() / 10.0;
                (Aim::AtLeast(least), actual / least)
            } else if at > 0 && r.happens(0.2) && unit != Money {
                let growth = *r.one(&[0.1, 0.2, 0.3]);
                let baseline = nice(actual / factor / (1.0 + growth));
                (Aim::Growth(growth, baseline), actual / (baseline * (1.0 + growth)))
            } else {
                let least = nice(actual / factor);
                (Aim::AtLeast(least), actual / least)
            };
            let weight = base + i64::from(at < extra);
            self.goals.push(Goal {
                result,
                class,
                name,
                unit,
                actual,
                aim,
                completion,
                weight,
                logic,
                source,
                dept,
            });
        }
    }
}

fn channel(r: &mut Chance, (name, online): &(&'static str, bool), size: f64) -> Channel {
    let scale = r.between(0.6, 2.4) * size;
    let exposure = (scale * 900.0) as i64 * 1000;
    let clicks = (exposure as f64 * r.between(0.03, 0.07)) as i64;
    let orders = (clicks as f64 * r.between(0.035, 0.08)) as i64;
    let sales = hundreds(orders as f64 * r.between(110.0, 260.0));
    let spend = hundreds(sales as f64 / r.between(3.0, 6.5));
    Channel {
        name,
        online: *online,
        plan: hundreds(spend as f64 * r.between(0.96, 1.06)),
        spend,
        exposure,
        clicks,
        signups: (clicks as f64 * r.between(0.16, 0.3)) as i64,
        orders,
        fresh: (orders as f64 * r.between(0.3, 0.55)) as i64,
        sales,
        target: ((orders as f64 / r.between(0.93, 1.12)) as i64 / 10).max(1) * 10,
    }
}
