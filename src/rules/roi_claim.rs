//! A column of ROI that people added to the channels, against spend and return (D0).
//!
//! D0's channels (2 万 bring 12,000 conversions, ROI 6.0; 3 万 bring 15,000,
//! 5.0) hold only at 10 元 a conversion: the common factor is the missing
//! 单次转化价值, and it is said once.

use super::claims::{self, Claim, Sort};
use super::{Ctx, Rule};
use crate::campaign::{Channel, RoiBasis};
use crate::catalogue::header_key;
use crate::catalogue::record::Field;
use crate::cell::{Content, Place};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::expr::Expr;
use crate::quantity::percent;

code!(ROI_MISMATCH = "roi-mismatch", Warning, Row, "roi_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&ROI_MISMATCH], check };

const HEADERS: &[&str] =
    &["roi", "投产比", "投入产出比", "投资回报率", "roas", "投资回报比", "渠道roi", "产出比"];

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(table) = ctx.records.tables.get("channels") else { return };
    let basis = ctx.campaign.basics.as_ref().and_then(|basics| basics.roi_basis.value);
    let mut header = None;
    let (mut valued, mut counted) = (Vec::new(), Vec::new());
    for (record, channel) in table.rows.iter().zip(&ctx.campaign.channels) {
        let Some((label, place, content)) =
            record.extra.iter().find(|(label, ..)| HEADERS.contains(&header_key(label).as_str()))
        else {
            continue;
        };
        header = header.or(Some(label));
        let has_value = channel.sales.value.is_some() || channel.unit_value.value.is_some();
        let claims = if has_value { &mut valued } else { &mut counted };
        claims.extend(claim(channel, basis, typed(place, content)));
    }
    let Some(header) = header else { return };
    let unit_value = ctx.label("channels", "unit_value");
    let blank: Vec<&Place> = (ctx.campaign.channels.iter())
        .filter(|channel| channel.unit_value.value.is_none() && channel.sales.value.is_none())
        .filter_map(|channel| channel.unit_value.at.as_ref())
        .collect();
    let findings = |claims| claims::findings(ctx, &ROI_MISMATCH, ("channels", header), Sort::Times, claims);
    // Conversions without a value give no ROI; only a factor that several channels share says something.
    let shared = findings(counted).into_iter().filter(|finding| finding.cells() > 1);
    for mut finding in findings(valued).into_iter().chain(shared) {
        for place in &blank {
            finding = finding.related(place);
        }
        sink.report(finding.arg("unit_value", Arg::Text(unit_value.clone())));
    }
}

fn typed(at: &Place, content: &Content) -> Field<f64> {
    let number = percent::ratio(content).get().map(|number| number.value);
    let stored = matches!(content, Content::Number(_));
    Field {
        value: number,
        at: Some(at.clone()),
        text: content.to_text(),
        scale: stored.then_some(1.0),
        ..Field::absent()
    }
}

/// What the row gives: 销售额 ÷ 花费, else 转化价值 ÷ 花费; where the basis is
/// not said, with or without the spend taken off.
fn claim(channel: &Channel, basis: Option<RoiBasis>, typed: Field<f64>) -> Option<Claim> {
    channel.spend.value.filter(|spend| *spend > 0.0)?;
    let over_spend = |income: Expr| (income / channel.spend.expr()).known();
    let value = || {
        let count = channel.conversions.expr();
        if channel.unit_value.value.is_some() { count * channel.unit_value.expr() } else { count }
    };
    let revenue = over_spend(if channel.sales.value.is_some() { channel.sales.expr() } else { value() });
    revenue.number()?;
    let claim = match basis {
        Some(RoiBasis::NetProfit) => return None,
        Some(RoiBasis::Financial) => Claim::new(&typed, channel.channel.as_str(), (revenue - 1.0).known()),
        Some(RoiBasis::Revenue) => Claim::new(&typed, channel.channel.as_str(), revenue),
        None => Claim::new(&typed, channel.channel.as_str(), revenue.clone()).or((revenue - 1.0).known()),
    };
    let claim =
        claim.from([channel.spend.at.as_ref(), channel.conversions.at.as_ref(), channel.sales.at.as_ref()]);
    // Both a value per conversion and sales may be given: either is a return.
    Some(match (channel.sales.value, channel.unit_value.value, channel.conversions.value) {
        (Some(_), Some(_), Some(_)) => claim.or(over_spend(value())),
        _ => claim,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    #[test]
    fn the_channels_of_d0_share_a_missing_ten_yuan() {
        let told = sheets()
            .list(
                "channels",
                "channel spend conversions unit_value ROI source",
                &["渠道A|2万|1.2万||6.0|后台", "渠道B|3万|1.5万||5.0|后台"],
            )
            .tells(&RULE, &["roi-mismatch channels!E2 +1"]);
        let (message, help) = (told[0].message(Lang::Zh), told[0].help(Lang::Zh));
        assert!(message.contains("10 倍"), "{message}");
        assert!(help.contains("单次转化价值") && help.contains("10 元"), "{help}");
    }

    #[test]
    fn without_sales_and_without_a_common_factor_nothing_can_be_said() {
        sheets()
            .list(
                "channels",
                "channel spend conversions ROI source",
                &["抖音|30000|52|1.5|后台", "小红书|28000|70|1:0.8|后台"],
            )
            .silent(&RULE);
    }

    #[test]
    fn with_the_value_of_a_conversion_they_hold() {
        sheets()
            .list(
                "channels",
                "channel spend conversions unit_value 投产比 source",
                &["渠道A|2万|1.2万|10|6.0|后台", "渠道B|3万|1.5万|10|1:5|后台"],
            )
            .silent(&RULE);
    }

    #[test]
    fn sales_come_before_conversions_and_either_basis_holds_unless_one_is_chosen() {
        let table = |roi: &str| {
            let row = format!("抖音|10000|80|50000|{roi}|后台");
            sheets().list("channels", "channel spend conversions sales ROI source", &[&row])
        };
        table("5").silent(&RULE);
        table("400%").silent(&RULE);
        table("8").tells(&RULE, &["roi-mismatch channels!E2"]);
        table("4")
            .form("basics", &[("name", "双11"), ("roi_basis", "收入÷花费"), ("owner", "高远")])
            .tells(&RULE, &["roi-mismatch channels!E2"]);
    }
}
