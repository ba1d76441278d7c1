//! Owners who are not in the review team, where a team is listed.

use std::collections::BTreeSet;

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::catalogue::record::Field;
use crate::cell::Place;
use crate::code;
use crate::diagnostic::Sink;
use crate::locale::fold;

code!(OWNER_NOT_IN_TEAM = "owner-not-in-team", Note, Cross, "owner_not_in_team.toml");

pub static RULE: Rule = Rule { codes: &[&OWNER_NOT_IN_TEAM], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let campaign = ctx.campaign;
    let known: BTreeSet<String> = campaign
        .team
        .iter()
        .flat_map(|member| [&member.name, &member.dept, &member.role])
        .filter_map(|field| field.value.as_deref())
        .flat_map(people)
        .collect();
    if campaign.team.iter().all(|member| member.name.value.is_none()) {
        return;
    }
    let owners = |table: &str, rows: Vec<(&Field<String>, &Place)>| {
        let mut cause = Cause::new(ctx, &OWNER_NOT_IN_TEAM, table, "owner");
        for (owner, row) in rows {
            let strangers = owner.value.as_deref().map(people).into_iter().flatten();
            if strangers.filter(|person| !is_dept(person)).any(|person| !known.contains(&person)) {
                cause.add(owner, row, owner.as_str());
            }
        }
        cause.arg("team", ctx.title("team"));
        cause.finding()
    };
    let found = [
        owners("basics", campaign.basics.iter().map(|row| (&row.owner, &row.row)).collect()),
        owners("kpi", campaign.kpis.iter().map(|row| (&row.owner, &row.row)).collect()),
        owners("actions", campaign.actions.iter().map(|row| (&row.owner, &row.row)).collect()),
    ];
    for finding in found.into_iter().flatten() {
        sink.report(finding);
    }
}

/// The people one cell names: `高远、陈静` are two.
fn people(text: &str) -> Vec<String> {
    let names = text.split(['、', '，', ',', ';', '；', '/', '&', '+', '和']);
    names.map(|name| fold(name.trim_matches('*'))).filter(|name| !name.is_empty()).collect()
}

/// D1 names departments as owners (`设计部*`): they are not expected in a list of people.
fn is_dept(name: &str) -> bool {
    ["部", "组", "中心", "团队", "公司", "科", "处", "室", "店", "team", "dept"]
        .iter()
        .any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn review(owner: &str) -> crate::rules::fixture::Sheets {
        sheets().list("team", "role name dept", &["活动负责人|高远|市场部", "数据分析师|陈静|数据部"]).list(
            "actions",
            "action owner due standard impact difficulty",
            &[&format!("压缩图片|{owner}|2024-11-15|1.5秒|高|低")],
        )
    }

    #[test]
    fn owners_are_of_the_team() {
        review("高远").silent(&RULE);
        review("高远、陈静").silent(&RULE);
        review("设计部*").silent(&RULE);
        review("王磊").tells(&RULE, &["owner-not-in-team actions!B2"]);
    }
}
