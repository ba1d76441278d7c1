//! A step of the funnel with more people than the step before it.

use super::{Ctx, Rule, stages};
use crate::code;
use crate::diagnostic::{Arg, Sink};

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
        sink.report(finding);
    }
}
