//! Charts drawn as SVG: a line over weeks, bars by name; every value beside its point, as text.

use std::fmt::Write as _;

use super::escape;
use crate::document::{Illustration, shown};
use crate::expr::Val;
use crate::locale::Lang;
use crate::page::{ChartKind, PageCell};

const WIDTH: f64 = 620.0;
const LINE_HEIGHT: f64 = 170.0;
const BAR: f64 = 26.0;
/// Room for names beside bars, and for values behind them.
const NAMES: f64 = 220.0;
const VALUES: f64 = 80.0;

/// A point: its name and its value, where it has one.
type Point = (String, Option<f64>);

/// The first series of a chart.
pub(super) fn draw(illustration: &Illustration, lang: Lang) -> String {
    let chart = &illustration.chart;
    let Some(series) = chart.series.first() else { return String::new() };
    let name = |value: &Val| match value {
        Val::Text(text) => text.to_string(),
        Val::Number(n) => shown(&PageCell::from(*n).shaped(illustration.categories), lang),
        _ => String::new(),
    };
    let points: Vec<Point> =
        series.categories.values.iter().map(name).zip(series.values.values.iter().map(Val::number)).collect();
    let label = |value: f64| shown(&PageCell::from(value).shaped(chart.shape), lang);
    let (height, drawn) = match chart.kind {
        ChartKind::Lines => (LINE_HEIGHT, line(&points, &label)),
        _ => (BAR * points.len() as f64 + 8.0, bars(&points, &label)),
    };
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\" font-size=\"14\" fill=\"#262b33\">{drawn}</svg>",
        escape(&chart.alt)
    )
}

fn line(points: &[Point], label: &dyn Fn(f64) -> String) -> String {
    let (low, high) = bounds(points);
    let (top, bottom) = (30.0, LINE_HEIGHT - 28.0);
    let step = (WIDTH - 80.0) / (points.len().saturating_sub(1).max(1)) as f64;
    let x = |at: usize| 40.0 + step * at as f64;
    let y = |value: f64| {
        if high > low { bottom - (value - low) / (high - low) * (bottom - top) } else { (top + bottom) / 2.0 }
    };
    // So many names fit beneath; the last is always told.
    let every = points.len().div_ceil(9);
    let mut out = String::new();
    let mut path = String::new();
    for (at, (name, value)) in points.iter().enumerate() {
        let told = (points.len() - 1 - at).is_multiple_of(every);
        if told {
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#6b7280\">{}</text>",
                x(at),
                LINE_HEIGHT - 8.0,
                escape(name)
            );
        }
        let Some(value) = value else {
            path.push(' ');
            continue;
        };
        // A week nobody knows parts the line.
        let begins = at == 0 || points[at - 1].1.is_none();
        let _ = write!(path, "{}{:.1},{:.1} ", if begins { "M" } else { "L" }, x(at), y(*value));
        let _ = write!(out, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"#2e75b6\"/>", x(at), y(*value));
        if told {
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                x(at),
                y(*value) - 9.0,
                escape(&label(*value))
            );
        }
    }
    format!("<path d=\"{}\" fill=\"none\" stroke=\"#2e75b6\" stroke-width=\"2\"/>{out}", path.trim())
}

fn bars(points: &[Point], label: &dyn Fn(f64) -> String) -> String {
    let longest = points.iter().filter_map(|(_, value)| *value).fold(0.0, f64::max);
    let mut out = String::new();
    for (at, (name, value)) in points.iter().enumerate() {
        let y = BAR * at as f64 + 4.0;
        let _ = write!(out, "<text x=\"0\" y=\"{:.1}\">{}</text>", y + 14.0, escape(&shortened(name)));
        let Some(value) = value else { continue };
        let width = if longest > 0.0 { value.max(0.0) / longest * (WIDTH - NAMES - VALUES) } else { 0.0 };
        let _ = write!(
            out,
            "<rect x=\"{NAMES}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"18\" fill=\"#9dc3e6\"/>"
        );
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            NAMES + width + 6.0,
            y + 14.0,
            escape(&label(*value))
        );
    }
    out
}

/// The lowest and the highest value.
fn bounds(points: &[Point]) -> (f64, f64) {
    let values = points.iter().filter_map(|(_, value)| *value);
    let (low, high) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    // A tenth of what is shown, above and below: a steady line looks steady.
    let room = high.abs().max(low.abs()) / 10.0;
    (low - room, high + room)
}

/// A name that fits beside its bar.
fn shortened(name: &str) -> String {
    const MOST: usize = 32;
    let mut short = String::new();
    for c in name.chars() {
        if crate::locale::width(&short) + 2 > MOST {
            return short + "…";
        }
        short.push(c);
    }
    short
}
