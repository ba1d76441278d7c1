//! A column of shares that people added (花费占比, 来源占比) and that does not add up to 100%.

use super::{Ctx, Rule};
use crate::catalogue::header_key;
use crate::catalogue::record::Field;
use crate::cell::{Content, Place};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::quantity::percent;

code!(SHARES_NOT_100 = "shares-not-100", Warning, Table, "shares_not_100.toml");

pub static RULE: Rule = Rule { codes: &[&SHARES_NOT_100], check };

/// Shares of the table's own total. 新客占比 of a channel is a share of something else.
const HEADERS: &[&str] = &[
    "占比",
    "花费占比",
    "预算占比",
    "费用占比",
    "收入占比",
    "销售占比",
    "销售额占比",
    "贡献占比",
    "来源占比",
    "渠道占比",
    "流量占比",
    "访客占比",
    "订单占比",
    "总价占比",
    "成本占比",
    "频次占比",
];

/// Tables whose rows together are a whole.
const TABLES: &[&str] = &["budget", "channels", "categories", "traffic", "costs", "promotions", "feedback"];

/// Beyond this it is no share of one total.
const PLAUSIBLE: std::ops::Range<f64> = 0.5..1.5;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for (table, records) in &ctx.records.tables {
        if !TABLES.contains(&table.as_str()) {
            continue;
        }
        let Some(header) = records
            .rows
            .iter()
            .flat_map(|row| &row.extra)
            .map(|(label, ..)| label)
            .find(|label| is_share(label))
        else {
            continue;
        };
        let cells: Vec<_> = records
            .rows
            .iter()
            .map(|row| {
                row.extra
                    .iter()
                    .find(|(label, ..)| label == header)
                    .and_then(|(_, at, content)| read(at, content))
            })
            .collect();
        // A share that is missing makes the sum unknown, not smaller.
        let Some(cells) = cells.into_iter().collect::<Option<Vec<Field<f64>>>>() else { continue };
        let Some(sum) = cells.iter().map(|cell| cell.value).sum::<Option<f64>>() else { continue };
        let rounding = 0.0005 * cells.len() as f64;
        if cells.len() < 2
            || !PLAUSIBLE.contains(&sum)
            || (sum - 1.0).abs() <= rounding.max(ctx.policy.thresholds.tolerance.rate) + 1e-9
        {
            continue;
        }
        let mut finding =
            ctx.finding(&SHARES_NOT_100, table, header, &cells[0]).arg("sum", Arg::Percent(sum));
        for cell in &cells[1..] {
            if let Some(at) = &cell.at {
                finding = finding.also(at);
            }
        }
        sink.report(finding);
    }
}

fn is_share(header: &str) -> bool {
    HEADERS.contains(&header_key(header).as_str())
}

fn read(at: &Place, content: &Content) -> Option<Field<f64>> {
    let value = percent::read(content, false).get().map(|number| number.value)?;
    Some(Field { value: Some(value), at: Some(at.clone()), text: content.to_text(), ..Field::absent() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn channels(first: &str, second: &str) -> crate::rules::fixture::Sheets {
        sheets().list(
            "channels",
            "channel spend conversions source 花费占比",
            &[&format!("抖音|100|1|后台|{first}"), &format!("小红书|100|1|后台|{second}")],
        )
    }

    #[test]
    fn shares_make_a_hundred_percent() {
        channels("50%", "40%").tells(&RULE, &["shares-not-100 channels!E2 +1"]);
        channels("50%", "50%").silent(&RULE);
        channels("50%", "").silent(&RULE);
        channels("33.3%", "66.6%").silent(&RULE);
    }
}
