//! A 指标方向 that its own target contradicts: 越小越好 with ≥.

use super::{Ctx, Rule};
use crate::campaign::Direction;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::quantity::{Aim, Comparator, Target};

code!(DIRECTION_CONTRADICTION = "direction-contradiction", Warning, Cross, "direction_contradiction.toml");

pub static RULE: Rule = Rule { codes: &[&DIRECTION_CONTRADICTION], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
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
    fn a_direction_agrees_with_its_target() {
        let kpi = |target: &str, direction: &str| {
            sheets().list(
                "kpi",
                "type name target direction source",
                &[&format!("结果指标|获客成本|{target}|{direction}|ERP")],
            )
        };
        kpi("≤30元", "越小越好").silent(&RULE);
        kpi("30元", "越大越好").silent(&RULE);
        kpi("≥8%", "").silent(&RULE);
        let told = kpi("≤30元", "越大越好").tells(&RULE, &["direction-contradiction kpi!D2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("越小越好"));
        kpi("从3秒缩短至1.5秒内", "越大越好").tells(&RULE, &["direction-contradiction kpi!D2"]);
    }
}
