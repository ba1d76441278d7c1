//! A step of the funnel with more people than the step before it.

use super::{Ctx, Rule, stages};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::mark::is_more;

code!(FUNNEL_GROWS = "funnel-grows", Error, Table, "funnel_grows.toml");

pub static RULE: Rule = Rule { codes: &[&FUNNEL_GROWS], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for pair in stages(ctx).windows(2) {
        let (above, stage) = (pair[0], pair[1]);
        let (Some(before), Some(after)) = (above.count.value, stage.count.value) else { continue };
        if after <= before {
            continue;
        }
        let mut finding = ctx
            .finding(&FUNNEL_GROWS, "funnel", "count", &stage.count)
            .arg("stage", Arg::Quote(stage.stage.as_str().to_owned()))
            .arg("after", Arg::Number(after))
            .arg("above", Arg::Quote(above.stage.as_str().to_owned()))
            .arg("before", Arg::Number(before));
        if let Some(at) = &above.count.at {
            finding = finding.related(at);
        }
        if let Some(at) = &stage.count.at {
            finding = finding.mark(at, is_more(stage.count.expr(), above.count.expr()));
        }
        sink.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_later_step_is_never_larger() {
        let funnel = |order: [&str; 3]| {
            sheets().list(
                "funnel",
                "order stage count",
                &[
                    &format!("{}|曝光|100000", order[0]),
                    &format!("{}|点击|6000", order[1]),
                    &format!("{}|加购|8000", order[2]),
                ],
            )
        };
        funnel(["1", "2", "3"]).tells(&RULE, &["funnel-grows funnel!C4"]);
        funnel(["1", "3", "2"]).silent(&RULE);
    }
}
