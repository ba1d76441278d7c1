//! Everything computed from one workbook: one campaign on one screen, or all of it for programs.

use serde_json::Value;

use crate::campaign::Verdict;
use crate::command::console::Console;
use crate::diagnostic::{Severity, number};
use crate::export::{completeness, key_figures, output};
use crate::locale::Lang;
use crate::metrics::{Evidence, Figure, Measure};
use crate::review::Review;
use crate::sheets::{self, conclusions};
use crate::words::Words;

/// Everything computed from one workbook, for programs.
pub fn json(review: &Review<'_>, lang: Lang) -> Value {
    output(&[(&review.file, Ok(review))], review.as_of, lang)
}

/// One campaign on one screen.
pub fn describe(review: &Review<'_>, console: &Console) {
    let words = &console.words;
    let sheet =
        Words::load(&[include_str!("../../sheets/words.toml"), sheets::channels::SHEET.text], console.lang);
    let as_of = review.as_of.format("%Y-%m-%d").to_string();
    console.print(
        &words.say("analyse_head", &[("name", review.name()), ("file", &review.file), ("as_of", &as_of)]),
    );
    let verdict = words.get(match review.analysis.goals.verdict {
        Some(Verdict::Success) => "analyse_success",
        Some(Verdict::Mostly) => "analyse_mostly",
        Some(Verdict::Challenged) => "analyse_challenged",
        None => "analyse_no_verdict",
    });
    let filled = completeness(review);
    let share =
        filled.share.map_or_else(|| words.get("analyse_cannot"), |share| shown(Measure::Ratio, share));
    console.print(&words.say(
        "analyse_verdict",
        &[
            ("verdict", &verdict),
            ("share", &share),
            ("filled", &filled.filled.to_string()),
            ("of", &filled.of.to_string()),
        ],
    ));
    figures(&key_figures(review), console);
    goals(review, &sheet, console);
    channels(review, &sheet, console);
    said(review, console);
    actions(review, console);
    let count =
        |severity| review.findings.iter().filter(|finding| finding.severity == severity).count().to_string();
    console.print(&words.say(
        "analyse_foot",
        &[
            ("errors", &count(Severity::Error)),
            ("warnings", &count(Severity::Warning)),
            ("notes", &count(Severity::Note)),
            ("suggestions", &review.suggestions.len().to_string()),
        ],
    ));
    console.print("");
}

/// A number as people write what it counts.
fn shown(measure: Measure, n: f64) -> String {
    match measure {
        Measure::Ratio | Measure::Points => format!("{}%", number(n * 100.0, 1)),
        Measure::Yuan => format!("¥{}", number(n, 0)),
        _ => number(n, 2),
    }
}

fn value(figure: &Figure, console: &Console) -> String {
    match figure.value() {
        Some(n) => shown(figure.metric.measure(), n),
        None => console.words.get("analyse_cannot"),
    }
}

fn figures(figures: &[&Figure], console: &Console) {
    let words = &console.words;
    let mut rows =
        vec![words.all(["analyse_figure", "analyse_value", "analyse_coverage", "analyse_reason"]).to_vec()];
    for figure in figures {
        let evidence = Evidence::of(&figure.expr).in_language(console.lang);
        let reason = evidence.reason.map(|reason| reason.text).unwrap_or_default();
        let unlock: Vec<String> = evidence.unlock.iter().take(3).map(ToString::to_string).collect();
        let more = if evidence.unlock.len() > unlock.len() { " …" } else { "" };
        let reason = if unlock.is_empty() { reason } else { format!("{reason}: {}{more}", unlock.join(" ")) };
        rows.push(vec![
            figure.metric.definition(console.lang).title,
            value(figure, console),
            format!("{}/{}", evidence.coverage.filled, evidence.coverage.of),
            reason,
        ]);
    }
    section("analyse_figures", console);
    console.table(&rows);
}

fn goals(review: &Review<'_>, sheet: &Words, console: &Console) {
    let goals = &review.analysis.goals.overall;
    if goals.is_empty() {
        return;
    }
    let mut rows =
        vec![console.words.all(["analyse_goal", "analyse_completion", "analyse_outcome"]).to_vec()];
    for goal in goals {
        rows.push(vec![goal.name.clone(), value(&goal.completion, console), sheet.get(goal.outcome.id())]);
    }
    section("analyse_goals", console);
    console.table(&rows);
}

fn channels(review: &Review<'_>, sheet: &Words, console: &Console) {
    let channels = &review.analysis.channels.each;
    let Some(first) = channels.first() else { return };
    let mut rows = vec![vec![
        console.words.get("analyse_channel"),
        first.roi.metric.definition(console.lang).title,
        console.words.get("analyse_rank"),
        console.words.get("analyse_advice"),
    ]];
    for channel in channels {
        rows.push(vec![
            channel.name.clone(),
            value(&channel.roi, console),
            channel.rank.map(|rank| rank.to_string()).unwrap_or_default(),
            sheet.get(channel.advice.id()),
        ]);
    }
    section("analyse_channels", console);
    console.table(&rows);
}

fn said(review: &Review<'_>, console: &Console) {
    let sentences = conclusions(review, console.lang);
    if !sentences.is_empty() {
        section("analyse_conclusions", console);
        sentences.iter().for_each(|sentence| console.print(&format!("· {sentence}")));
    }
}

/// The open actions that come first, and why.
fn actions(review: &Review<'_>, console: &Console) {
    let open: Vec<_> =
        review.analysis.actions.ranked.iter().filter(|ranked| ranked.state.is_open()).take(5).collect();
    if open.is_empty() {
        return;
    }
    let ctx = sheets::Ctx::new(review, console.lang, sheets::actions::SHEET.text);
    section("analyse_actions", console);
    for (order, ranked) in (1..).zip(open) {
        let action = &review.campaign.actions[ranked.row];
        let due = action.due.value.map(|due| due.format("%Y-%m-%d").to_string());
        let about: Vec<String> =
            [Some(action.owner.as_str().to_owned()), due, Some(ctx.word(ranked.state.id()))]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect();
        let quadrant = ctx.word(ranked.quadrant.id());
        console.print(&format!("{order}. [{quadrant}] {}  {}", action.action.as_str(), about.join(" · ")));
        console.print(&format!("   {}", sheets::actions::why(&ctx, ranked, action)));
    }
}

fn section(key: &str, console: &Console) {
    console.print("");
    console.print(&format!("【{}】", console.words.get(key)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_what_they_count() {
        assert_eq!(shown(Measure::Ratio, 1.04), "104%");
        assert_eq!(shown(Measure::Yuan, 1_234.4), "¥1,234");
        assert_eq!(shown(Measure::Multiple, 6.0), "6");
        assert_eq!(shown(Measure::Days, -2.0), "-2");
    }
}
