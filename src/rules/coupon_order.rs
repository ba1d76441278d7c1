//! Coupons: no more redeemed than claimed, no more claimed than issued.

use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::mark::is_more;

code!(COUPON_ORDER = "coupon-order", Error, Table, "coupon_order.toml");

pub static RULE: Rule = Rule { codes: &[&COUPON_ORDER], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for row in &ctx.campaign.promotions {
        let steps = [("issued", &row.issued), ("claimed", &row.claimed), ("redeemed", &row.redeemed)];
        let known: Vec<_> =
            steps.into_iter().filter_map(|(column, field)| Some((column, field, field.value?))).collect();
        for pair in known.windows(2) {
            let ((before, wide, most), (column, field, count)) = (pair[0], pair[1]);
            if count <= most {
                continue;
            }
            let mut finding = ctx
                .finding(&COUPON_ORDER, "promotions", column, field)
                .arg("name", Arg::Quote(row.name.as_str().to_owned()))
                .arg("after", Arg::Number(count))
                .arg("wider", Arg::Text(ctx.label("promotions", before)))
                .arg("before", Arg::Number(most));
            if let Some(at) = &wide.at {
                finding = finding.related(at);
            }
            if let Some(at) = &field.at {
                finding = finding.mark(at, is_more(field.expr(), wide.expr()));
            }
            sink.report(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn coupon(issued: &str, claimed: &str, redeemed: &str) -> crate::rules::fixture::Sheets {
        let row = format!("跨店满减|满减|{issued}|{claimed}|{redeemed}");
        sheets().list("promotions", "name kind issued claimed redeemed", &[&row])
    }

    #[test]
    fn coupons_are_issued_then_claimed_then_redeemed() {
        coupon("1000", "800", "300").silent(&RULE);
        coupon("1000", "1000", "1000").silent(&RULE);
        coupon("", "800", "300").silent(&RULE);
        coupon("1000", "800", "900").tells(&RULE, &["coupon-order promotions!E2"]);
        coupon("1000", "1200", "300").tells(&RULE, &["coupon-order promotions!D2"]);
        coupon("1000", "", "1200").tells(&RULE, &["coupon-order promotions!E2"]);
    }
}
