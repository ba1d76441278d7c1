//! What key figures would be with another answer: each is written, read and judged like the one in use.

use super::Settings;
use super::place::Written;
use crate::asked::words;
use crate::batch::one::{Opened, read_opened};
use crate::diagnostic::number;
use crate::merge::reading::to_content;
use crate::merge::{Kind, Settled};
use crate::portfolio::entry;
use crate::record::merge::Merge;
use crate::record::summary::CampaignSummary;
use crate::review::Review;
use crate::xlsx::graft::{Amendment, amend};

/// So many answers are tried out: each is a workbook read anew.
const MOST: usize = 24;

/// Says beside every question what another answer would change, and puts those that change most first.
pub(super) fn weigh(
    merge: &mut Merge,
    settled: &Settled,
    written: &Written,
    review: &Review<'_>,
    settings: &Settings<'_>,
) {
    let words = words(settings.lang);
    let letters: Vec<String> = words.get("letters").chars().map(String::from).collect();
    let before = figures(&entry(review));
    let mut tried = 0;
    let mut weights: Vec<(f64, String)> = Vec::new();
    for pending in &mut merge.pending {
        let question = settled.questions.iter().find(|question| question.id(&merge.campaign) == pending.id);
        let Some(question) = question.filter(|question| question.kind == Kind::Value) else { continue };
        let Some(at) = written.places.get(&question.seat) else { continue };
        let (mut told, mut weight) = (Vec::new(), 0.0f64);
        for (n, (held, _)) in question.sides.iter().enumerate().skip(1) {
            // What a text says no figure is made of.
            if tried >= MOST || held.key.starts_with('t') {
                continue;
            }
            tried += 1;
            let amendment = Amendment { at: at.clone(), value: to_content(&held.stored) };
            let Ok(amended) = amend(&written.package, &[amendment]) else { continue };
            let Ok(read) = read_opened(&Opened::of(&amended.package), &review.file, settings) else {
                continue;
            };
            let changes: Vec<String> = before
                .iter()
                .zip(figures(&entry(&read.review)))
                .filter(|((_, was), (_, is))| differ(*was, *is))
                .map(|((key, was), (_, is))| {
                    weight = weight.max(relative(*was, is));
                    format!("{} {} → {}", words.get(key), shown(key, *was), shown(key, is))
                })
                .collect();
            if !changes.is_empty() {
                let letter = letters.get(n).cloned().unwrap_or_default();
                told.push(format!("{letter}：{}", changes.join("，")));
            }
        }
        pending.effect = told.join("\n");
        weights.push((weight, pending.id.clone()));
    }
    let weight = |id: &str| weights.iter().find(|(_, known)| known == id).map_or(0.0, |(weight, _)| *weight);
    merge.pending.sort_by(|a, b| weight(&b.id).total_cmp(&weight(&a.id)));
}

/// Key figures of a campaign; nothing where it cannot be said.
fn figures(summary: &CampaignSummary) -> [(&'static str, Option<f64>); 5] {
    let sum = |values: &mut dyn Iterator<Item = Option<f64>>| {
        let known: Vec<f64> = values.flatten().collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>())
    };
    let spend = sum(&mut summary.channels.iter().map(|line| line.spend));
    let revenue = sum(&mut summary.channels.iter().map(|line| line.revenue));
    let cost = sum(&mut summary.budget_lines.iter().map(|line| line.actual));
    let ratio = |top: Option<f64>, bottom: Option<f64>| Some(top? / bottom.filter(|n| *n != 0.0)?);
    [
        ("composite", summary.composite),
        ("spend", spend),
        ("revenue", revenue),
        ("roi", ratio(revenue, spend)),
        ("execution", ratio(cost, summary.budget)),
    ]
}

fn differ(was: Option<f64>, is: Option<f64>) -> bool {
    match (was, is) {
        (Some(was), Some(is)) => (was - is).abs() > 1e-9 * was.abs().max(is.abs()),
        (was, is) => was.is_some() != is.is_some(),
    }
}

fn relative(was: Option<f64>, is: Option<f64>) -> f64 {
    match (was, is) {
        (Some(was), Some(is)) => (was - is).abs() / was.abs().max(is.abs()).max(f64::MIN_POSITIVE),
        _ => 1.0,
    }
}

fn shown(key: &str, value: Option<f64>) -> String {
    match (key, value) {
        (_, None) => "—".into(),
        ("composite" | "execution", Some(n)) => format!("{}%", number(n * 100.0, 1)),
        ("roi", Some(n)) => number(n, 2),
        (_, Some(n)) => number(n, 0),
    }
}
