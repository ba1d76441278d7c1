//! Items of the 资料清单 that are not there when the review begins (D2 阶段一).

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::Sink;

code!(MATERIALS_MISSING = "materials-missing", Note, Cross, "materials_missing.toml");

pub static RULE: Rule = Rule { codes: &[&MATERIALS_MISSING], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &MATERIALS_MISSING, "materials", "ready");
    for row in ctx.campaign.materials.iter().filter(|row| row.ready.value == Some(false)) {
        cause.add(&row.ready, &row.row, row.name.as_str());
    }
    cause.report(sink);
}
