//! A 指标方向 that its own target contradicts: 越小越好 with ≥.

use super::{Ctx, Rule};
use crate::campaign::Direction;
use crate::code;
use crate::diagnostic::{Arg, Finding, Sink};
use crate::metrics::goals::less_is_better;
use crate::quantity::{Aim, Comparator, Target};

code!(DIRECTION_CONTRADICTION = "direction-contradiction", Warning, Cross, "direction_contradiction.toml");

code!(DIRECTION_UNLIKELY = "direction-unlikely", Warning, Cross, "direction_unlikely.toml");

pub static RULE: Rule = Rule { codes: &[&DIRECTION_CONTRADICTION, &DIRECTION_UNLIKELY], check };

/// Words that turn a name around: 投诉解决率 is the better the higher.
const TURNED: &[&str] = &[
    "解决", "处理", "及时", "修复", "召回", "挽回", "节约", "节省", "降低", "下降", "减少", "改善", "满意", "达标", "合格", "响应率",
    "停留", "观看", "直播", "在线", "使用",
];

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    unlikely(ctx, sink);
    for kpi in &ctx.campaign.kpis {
        let (Some(given), Some(target)) = (kpi.direction.value, &kpi.target.value) else { continue };
        let Some(meant) = meant(target) else { continue };
        if given == Direction::Range || given == meant {
            continue;
        }
        let mut finding = ctx
            .finding(&DIRECTION_CONTRADICTION, "kpi", "direction", &kpi.direction)
            .arg("name", Arg::Quote(kpi.name.as_str().to_owned()))
            .arg("target", Arg::Quote(kpi.target.text.clone()))
            .arg("right", Arg::Text(ctx.choice_label("direction", meant.id())))
            .suggest(ctx.choice_label("direction", meant.id()));
        if let Some(at) = &kpi.target.at {
            finding = finding.related(at);
        }
        sink.report(finding);
    }
}

/// What is usually the better the less there is of it, counted the other way.
fn unlikely(ctx: &Ctx<'_>, sink: &mut Sink) {
    for kpi in &ctx.campaign.kpis {
        let name = kpi.name.as_str();
        if !less_is_better(name) || TURNED.iter().any(|word| name.contains(word)) {
            continue;
        }
        let by_target = kpi.target.value.as_ref().and_then(meant);
        let (column, found, at) = match (kpi.direction.value, by_target) {
            (Some(Direction::Higher), None) => {
                ("direction", &kpi.direction.text, &kpi.direction.at)
            }
            (None, Some(Direction::Higher)) => ("target", &kpi.target.text, &kpi.target.at),
            _ => continue,
        };
        let Some(at) = at else { continue };
        sink.report(
            Finding::new(&DIRECTION_UNLIKELY)
                .at(at)
                .of("kpi", ctx.label("kpi", column))
                .found(found.clone())
                .arg("name", Arg::Quote(name.to_owned()))
                .arg("how", Arg::Quote(found.clone())),
        );
    }
}

/// The direction a target's own words give.
fn meant(target: &Target) -> Option<Direction> {
    let up = |more: bool| if more { Direction::Higher } else { Direction::Lower };
    match (&target.aim, target.comparator) {
        (Aim::FromTo(from, to), _) => (from != to).then(|| up(to > from)),
        (Aim::Growth(growth) | Aim::GrowthPoints(growth) | Aim::GrowthBy(growth), _) if *growth != 0.0 => {
            Some(up(*growth > 0.0))
        }
        (Aim::Level(_), Comparator::AtLeast) => Some(Direction::Higher),
        (Aim::Level(_), Comparator::AtMost) => Some(Direction::Lower),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn less_of_some_things_is_usually_better() {
        let kpi = |name: &str, target: &str, direction: &str| {
            let row = format!("结果指标|{name}|{target}|{direction}|后台");
            sheets().list("kpi", "type name target direction source", &[&row])
        };
        kpi("投诉率", "2%", "越大越好").tells(&RULE, &["direction-unlikely kpi!D2"]);
        kpi("获客成本", "≥30元", "").tells(&RULE, &["direction-unlikely kpi!C2"]);
        kpi("投诉率", "2%", "").silent(&RULE);
        kpi("投诉率", "2%", "越小越好").silent(&RULE);
        kpi("投诉解决率", "98%", "越大越好").silent(&RULE);
    }

    #[test]
    fn a_direction_agrees_with_its_target() {
        let kpi = |target: &str, direction: &str| {
            sheets().list(
                "kpi",
                "type name target direction source",
                &[&format!("结果指标|获客成本|{target}|{direction}|ERP")],
            )
        };
        kpi("≤30元", "越小越好").silent(&RULE);
        kpi("30元", "越大越好").tells(&RULE, &["direction-unlikely kpi!D2"]);
        kpi("≥30元", "越大越好").silent(&RULE);
        kpi("≥8%", "").tells(&RULE, &["direction-unlikely kpi!C2"]);
        let told = kpi("≤30元", "越大越好").tells(&RULE, &["direction-contradiction kpi!D2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("越小越好"));
        kpi("从3秒缩短至1.5秒内", "越大越好").tells(&RULE, &["direction-contradiction kpi!D2"]);
    }
}
