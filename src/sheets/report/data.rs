//! 数据分析: what was put in, what was done, what came out.

use super::{Board, Ctx, charts, own_words, sentences, summary, tables};
use crate::document::Document;
use crate::page::Role;

/// Sheets whose sentences tell what was put in.
const INPUT: &[&str] = &["money"];
/// Sheets whose sentences tell what was done.
const PROCESS: &[&str] = &["progress", "schedule", "time", "risk", "people"];
/// Sheets whose sentences stand elsewhere in the report, or not at all.
const ELSEWHERE: &[&str] =
    &["overview", "goals", "lessons", "whatif", "actions", "report", "findings", "definitions"];

/// One part: its title, whose sentences, key figures, then tables with their charts.
struct Part {
    title: &'static str,
    belongs: fn(&str) -> bool,
    figures: &'static [&'static str],
    shown: &'static [Shown],
}

/// A table where there is one, and the charts of these names.
type Shown = (fn(&mut Document, &Ctx<'_>) -> bool, &'static [&'static str]);

const PARTS: [Part; 3] = [
    Part {
        title: "data_input",
        belongs: |sheet| INPUT.contains(&sheet),
        figures: &["budget-execution", "total-input", "expense-ratio"],
        shown: &[(tables::budget, &["budget"])],
    },
    Part {
        title: "data_process",
        belongs: |sheet| PROCESS.contains(&sheet),
        figures: &["task-completion", "on-time-completion", "teamwork-mean"],
        shown: &[(tables::incidents, &["daily"])],
    },
    Part {
        title: "data_result",
        belongs: |sheet| ![INPUT, PROCESS, ELSEWHERE].iter().any(|known| known.contains(&sheet)),
        figures: &["roi", "financial-roi", "net-profit-roi", "overall-conversion", "satisfaction"],
        shown: &[
            (tables::channels, &["returns"]),
            (tables::funnel, &["funnel"]),
            (|_, _| false, &["periods", "categories"]),
        ],
    },
];

/// Every part, or the line that there is nothing to it.
pub fn fill(report: &mut Document, ctx: &Ctx<'_>, board: &Board) {
    report.heading(1, ctx.word("data"));
    own_words(report, ctx, summary(ctx).map(|summary| &summary.data));
    for part in &PARTS {
        report.heading(2, ctx.word(part.title));
        let said = sentences(report, ctx, board, part.belongs);
        let figures = tables::figures(report, ctx, board, part.figures);
        let mut shown = false;
        for (table, names) in part.shown {
            shown |= table(report, ctx);
            shown |= charts(report, board, names);
        }
        if !(said || figures || shown) {
            report.text(Role::Note, ctx.word("no_data"));
        }
    }
}
