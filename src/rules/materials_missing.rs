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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn what_is_not_there_is_named() {
        sheets()
            .list(
                "materials",
                "class name ready",
                &["策略类|营销策划案|是", "数据类|客服反馈记录|否", "数据类|销售报表|否"],
            )
            .tells(&RULE, &["materials-missing materials!C3 +1"]);
        sheets().list("materials", "class name ready", &["策略类|营销策划案|是"]).silent(&RULE);
    }
}
