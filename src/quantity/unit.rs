//! The words behind a figure: 元, %, 倍, 折, 分, 小时, 工作日, 次 …

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::scan::Cursor;

/// What the word after a figure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Yuan,
    /// A currency that is not 元.
    Foreign,
    Percent,
    Permille,
    Points,
    Times,
    /// 八折.
    Discount,
    /// 一成 is 10%.
    Tenths,
    /// 分, which a duration reads as minutes.
    Score,
    /// Milliseconds in one of them.
    Duration(i64),
    WorkingDays,
    /// 岁, 码, 期, 级: a label, never an amount.
    Label,
    Counter,
}

/// A unit as written, and its kind.
pub(crate) type Word = (&'static str, Kind);

const DAY: i64 = 86_400_000;

/// Units with a meaning of their own. The longest match wins.
static UNITS: &[Word] = &[
    ("元整", Kind::Yuan),
    ("元正", Kind::Yuan),
    ("元人民币", Kind::Yuan),
    ("元", Kind::Yuan),
    ("圆整", Kind::Yuan),
    ("圆", Kind::Yuan),
    ("块钱", Kind::Yuan),
    ("块", Kind::Yuan),
    ("人民币", Kind::Yuan),
    ("rmb", Kind::Yuan),
    ("cny", Kind::Yuan),
    ("yuan", Kind::Yuan),
    ("美元", Kind::Foreign),
    ("美金", Kind::Foreign),
    ("usd", Kind::Foreign),
    ("港币", Kind::Foreign),
    ("港元", Kind::Foreign),
    ("hkd", Kind::Foreign),
    ("欧元", Kind::Foreign),
    ("eur", Kind::Foreign),
    ("日元", Kind::Foreign),
    ("jpy", Kind::Foreign),
    ("新台币", Kind::Foreign),
    ("台币", Kind::Foreign),
    ("英镑", Kind::Foreign),
    ("gbp", Kind::Foreign),
    ("韩元", Kind::Foreign),
    ("krw", Kind::Foreign),
    ("円", Kind::Foreign),
    ("日圆", Kind::Foreign),
    ("美刀", Kind::Foreign),
    ("新加坡元", Kind::Foreign),
    ("新币", Kind::Foreign),
    ("sgd", Kind::Foreign),
    ("澳元", Kind::Foreign),
    ("澳币", Kind::Foreign),
    ("aud", Kind::Foreign),
    ("加元", Kind::Foreign),
    ("加币", Kind::Foreign),
    ("cad", Kind::Foreign),
    ("澳门元", Kind::Foreign),
    ("泰铢", Kind::Foreign),
    ("越南盾", Kind::Foreign),
    ("卢布", Kind::Foreign),
    ("林吉特", Kind::Foreign),
    ("ntd", Kind::Foreign),
    ("twd", Kind::Foreign),
    ("%", Kind::Percent),
    ("‰", Kind::Permille),
    ("个百分点", Kind::Points),
    ("百分点", Kind::Points),
    ("个点", Kind::Points),
    ("pp", Kind::Points),
    ("pct", Kind::Points),
    ("倍", Kind::Times),
    ("x", Kind::Times),
    ("折", Kind::Discount),
    ("成", Kind::Tenths),
    ("分", Kind::Score),
    ("星", Kind::Score),
    ("毫秒", Kind::Duration(1)),
    ("ms", Kind::Duration(1)),
    ("秒钟", Kind::Duration(1000)),
    ("秒", Kind::Duration(1000)),
    ("s", Kind::Duration(1000)),
    ("sec", Kind::Duration(1000)),
    ("secs", Kind::Duration(1000)),
    ("second", Kind::Duration(1000)),
    ("seconds", Kind::Duration(1000)),
    ("分钟", Kind::Duration(60_000)),
    ("min", Kind::Duration(60_000)),
    ("mins", Kind::Duration(60_000)),
    ("minute", Kind::Duration(60_000)),
    ("minutes", Kind::Duration(60_000)),
    ("小时", Kind::Duration(3_600_000)),
    ("个小时", Kind::Duration(3_600_000)),
    ("个钟头", Kind::Duration(3_600_000)),
    ("钟头", Kind::Duration(3_600_000)),
    ("h", Kind::Duration(3_600_000)),
    ("hr", Kind::Duration(3_600_000)),
    ("hrs", Kind::Duration(3_600_000)),
    ("hour", Kind::Duration(3_600_000)),
    ("hours", Kind::Duration(3_600_000)),
    ("天", Kind::Duration(DAY)),
    ("日", Kind::Duration(DAY)),
    ("个自然日", Kind::Duration(DAY)),
    ("自然日", Kind::Duration(DAY)),
    ("d", Kind::Duration(DAY)),
    ("day", Kind::Duration(DAY)),
    ("days", Kind::Duration(DAY)),
    ("周", Kind::Duration(7 * DAY)),
    ("个星期", Kind::Duration(7 * DAY)),
    ("星期", Kind::Duration(7 * DAY)),
    ("week", Kind::Duration(7 * DAY)),
    ("weeks", Kind::Duration(7 * DAY)),
    ("个月", Kind::Duration(30 * DAY)),
    ("month", Kind::Duration(30 * DAY)),
    ("months", Kind::Duration(30 * DAY)),
    ("个季度", Kind::Duration(90 * DAY)),
    ("年", Kind::Duration(365 * DAY)),
    ("个工作日", Kind::WorkingDays),
    ("工作日", Kind::WorkingDays),
    ("工作天", Kind::WorkingDays),
    ("岁", Kind::Label),
    ("周岁", Kind::Label),
    ("月", Kind::Label),
    ("号", Kind::Label),
    ("级", Kind::Label),
    ("等奖", Kind::Label),
    ("期", Kind::Label),
    ("届", Kind::Label),
    ("楼", Kind::Label),
    ("后", Kind::Label),
    ("人次", Kind::Counter),
    ("个", Kind::Counter),
];

/// Counter words, and the nouns people put straight behind a figure.
static COUNTERS: &str = "次 人 单 件 篇 名 项 场 桌 间 条 张 份 套 家 位 台 只 支 瓶 盒 箱 包 组 款 种 类 例 起 户 店 家店 门店 人天 人日 人月 \
    人时 工时 小时工时 平 平米 平方米 平方 米 m2 公里 公斤 kg g 克 吨 斤 箱次 车 车次 辆 趟 批 批次 轮 期次 课时 节 集 部 个人 粉丝 用户 会员 \
    新用户 新客 老客 客户 访客 订单 笔 封 页 字 帧 gb mb tb 券 张券 卡 码洋 分钟数 点击 曝光 展示 阅读 播放 下载 注册 报名 线索 留资 样本 作品 \
    视频 直播 图文 稿 帖 帖子 评论 点赞 转发 分享 收藏 问卷 站 城 城市 省 校 班 队 层 排 屏 块屏 面 幅 根 杯 碗 袋 罐 听 桶 提 双 对 副 顶 \
    把 本 册 枚 颗 粒 座 栋 幢 处 片 道 门 版 头 匹 口 艘 架 艺人 达人 主播 人份 单位 uv pv ip pcs 万次 sku spu 餐 晚 宿 席 标准间 展位 时段 期数 \
    个赞 家企业 家媒体 媒体 话题 活动 渠道 商品 产品 库存 件次 单次 人头 户次 票 例次 起次 个次 个用户 个会员 个粉丝 个订单 个品 个店";

/// Takes the longest unit that comes next.
pub(crate) fn unit(cursor: &mut Cursor) -> Option<(String, Kind)> {
    let mut ahead = *cursor;
    ahead.blanks();
    let candidates = BY_FIRST.get(&ahead.peek()?.to_ascii_lowercase())?;
    let (word, kind) = candidates.iter().find(|(word, _)| is_next(&ahead, word))?;
    ahead.eat(word);
    *cursor = ahead;
    Some(((*word).to_owned(), *kind))
}

/// Every unit under its first character, the longest first; of two equals the one with a meaning of its own.
static BY_FIRST: LazyLock<BTreeMap<char, Vec<Word>>> = LazyLock::new(|| {
    let mut by_first: BTreeMap<char, Vec<Word>> = BTreeMap::new();
    let counters = COUNTERS.split_ascii_whitespace().map(|word| (word, Kind::Counter));
    for (word, kind) in UNITS.iter().copied().chain(counters) {
        by_first.entry(word.chars().next().unwrap_or(' ')).or_default().push((word, kind));
    }
    for words in by_first.values_mut() {
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    by_first
});

/// Latin units end where the word ends: `10d` is ten days, `10dx` is nothing.
fn is_next(cursor: &Cursor, word: &str) -> bool {
    let mut ahead = *cursor;
    if !ahead.eat(word) {
        return false;
    }
    let latin = word.ends_with(|c: char| c.is_ascii_alphanumeric());
    // 1h30m goes on with digits; 3x2 is a product.
    let goes_on =
        |c: char| c.is_ascii_alphabetic() || c.is_ascii_digit() && !matches!(word, "h" | "min" | "d");
    !(latin && ahead.peek().is_some_and(goes_on))
}

/// A currency before the figure; the name of a currency that is not 元.
pub(crate) fn currency_sign(cursor: &mut Cursor) -> Option<Option<&'static str>> {
    if cursor.eat_any(&["¥", "人民币", "rmb", "cny", "cn¥"]).is_some() {
        cursor.eat(":");
        return Some(None);
    }
    const SIGNS: &[&str] = &[
        "us$", "hk$", "nt$", "au$", "ca$", "mop$", "s$", "a$", "c$", "usd", "hkd", "twd", "ntd", "gbp",
        "eur", "jpy", "krw", "sgd", "aud", "cad", "thb", "vnd", "myr", "$", "€", "£", "₩", "฿", "₫", "₽",
        "₹", "美元", "港币", "欧元",
    ];
    let sign = cursor.eat_any(SIGNS)?;
    cursor.blanks();
    Some(Some(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unit_wins() {
        for (text, kind) in [
            ("个百分点", Kind::Points),
            ("个月", Kind::Duration(30 * DAY)),
            ("个工作日内", Kind::WorkingDays),
            ("min", Kind::Duration(60_000)),
            ("分钟", Kind::Duration(60_000)),
            ("分", Kind::Score),
            ("人次", Kind::Counter),
            ("pct", Kind::Points),
        ] {
            assert_eq!(unit(&mut Cursor::new(text)).map(|(_, kind)| kind), Some(kind), "{text}");
        }
        assert_eq!(unit(&mut Cursor::new("dxy")), None);
        assert_eq!(unit(&mut Cursor::new("公司")), None);
    }
}
