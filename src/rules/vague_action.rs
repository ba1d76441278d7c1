//! An action that is only a good intention: 加强 优化 提升 without an object or a figure.

use super::cause::Cause;
use super::likeness::{bare, has_figure};
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::Sink;

code!(VAGUE_ACTION = "vague-action", Note, Row, "vague_action.toml");

pub static RULE: Rule = Rule { codes: &[&VAGUE_ACTION], check };

const INTENTIONS: &[&str] = &[
    "加强",
    "优化",
    "提升",
    "完善",
    "改进",
    "强化",
    "提高",
    "改善",
    "重视",
    "加大",
    "推进",
    "增强",
    "做好",
    "深化",
    "跟进",
    "提前规划",
    "规划",
    "注意",
    "充分准备",
    "准备",
    "落实",
    "关注",
    "improve",
    "optimize",
    "optimise",
    "enhance",
    "strengthen",
];

/// Words that name no object of their own.
const EMPTY: &[&str] = &[
    "进一步",
    "细节",
    "提前",
    "充分",
    "问题",
    "情况",
    "持续",
    "不断",
    "继续",
    "及时",
    "相关",
    "各项",
    "整体",
    "全面",
    "有效",
    "沟通",
    "协作",
    "协同",
    "管理",
    "工作",
    "水平",
    "能力",
    "质量",
    "效率",
    "效果",
    "力度",
    "体验",
    "流程",
    "机制",
    "意识",
    "建设",
    "宣传",
    "推广",
    "执行",
    "监控",
    "策略",
    "方案",
    "服务",
    "团队",
    "部门",
    "活动",
    "运营",
    "后续",
    "下次",
    "的",
    "和",
    "与",
    "及",
    "跨",
    "等",
    "并",
    "对",
];

/// More characters than this beside the empty words name an object.
const OBJECT: usize = 2;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &VAGUE_ACTION, "actions", "action");
    for row in &ctx.campaign.actions {
        let Some(action) = &row.action.value else { continue };
        if row.target.value.is_none() && !has_figure(action) && is_vague(action) {
            cause.add(&row.action, &row.row, action);
        }
    }
    cause.report(sink);
}

fn is_vague(action: &str) -> bool {
    let mut rest = bare(action);
    if !INTENTIONS.iter().any(|word| rest.contains(word)) {
        return false;
    }
    for word in INTENTIONS.iter().chain(EMPTY) {
        rest = rest.replace(word, "");
    }
    rest.chars().count() <= OBJECT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn intentions_are_noted_and_objects_and_figures_are_not() {
        for (action, vague) in [
            ("加强沟通", true),
            ("优化流程", true),
            ("进一步提升团队协作能力", true),
            ("优化详情页图片加载速度", false),
            ("优化用户画像标签体系", false),
            ("提升转化率3个百分点", false),
            ("建立活动物料清单核对机制", false),
            ("加强活动前压力测试", false),
            ("优化提升", true),
        ] {
            assert_eq!(is_vague(action) && !has_figure(action), vague, "{action}");
        }
        sheets()
            .list(
                "actions",
                "action owner due standard impact difficulty",
                &["加强沟通|高远|2024-11-15|无投诉|高|低"],
            )
            .tells(&RULE, &["vague-action actions!A2"]);
    }
}
