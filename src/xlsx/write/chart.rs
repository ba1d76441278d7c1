//! Native charts: every kind drawn quietly, in one hand.
//!
//! Gridlines and axes stay in the background, colours come from the palette,
//! a legend stands only where there is something to tell apart. Nothing is
//! drawn as zero that is unknown: labels of zero are empty.

use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisLabelPosition, ChartAxisTickType, ChartDataLabel,
    ChartDataLabelPosition, ChartFont, ChartFormat, ChartLayout, ChartLegendPosition, ChartLine, ChartMarker,
    ChartMarkerType, ChartPoint, ChartRange, ChartSeries, ChartSolidFill, ChartType, Color, ObjectMovement,
    XlsxError,
};

use crate::expr::{Range, Val};
use crate::locale::Lang;
use crate::page::{self, ChartKind, Ink, Series, Shape};

use super::style::{self, FONT, SLICES, ink};
use super::text;

/// Draws a chart. `category` is how its categories are shown, where a cell of ours says so.
pub(super) fn draw(chart: &page::Chart, category: Shape, lang: Lang) -> Result<Chart, XlsxError> {
    let mut drawn = Chart::new(chart_type(chart.kind));
    frame(&mut drawn, chart);
    match chart.kind {
        ChartKind::Doughnut => {
            drawn.set_hole_size(58);
            for series in &chart.series {
                drawn.push_series(&slices(series)?);
            }
            drawn.legend().set_position(ChartLegendPosition::Right).set_font(&font(10.0, ink::TEXT));
            return Ok(drawn);
        }
        ChartKind::ColumnsAndLine => {
            let mut lines = Chart::new(ChartType::Line);
            for series in &chart.series {
                let on = if series.second { &mut lines } else { &mut drawn };
                on.push_series(&plotted(series, chart, lang)?);
            }
            axes(&mut drawn, chart, category, lang);
            if chart.series.iter().any(|series| series.second) {
                if let Some((title, shape)) = &chart.y2 {
                    second_axis(&mut drawn, chart, title, *shape, lang);
                }
                drawn.combine(&lines);
            }
        }
        _ => {
            for series in &chart.series {
                drawn.push_series(&plotted(series, chart, lang)?);
            }
            axes(&mut drawn, chart, category, lang);
        }
    }
    legend(&mut drawn, chart);
    Ok(drawn)
}

fn chart_type(kind: ChartKind) -> ChartType {
    match kind {
        ChartKind::Bars => ChartType::Bar,
        ChartKind::StackedBars => ChartType::BarStacked,
        ChartKind::Columns | ChartKind::ColumnsAndLine => ChartType::Column,
        ChartKind::StackedColumns => ChartType::ColumnStacked,
        ChartKind::Lines => ChartType::Line,
        ChartKind::Scatter => ChartType::Scatter,
        ChartKind::Doughnut => ChartType::Doughnut,
    }
}

/// Size, title, ground and what it says to those who cannot see it.
fn frame(drawn: &mut Chart, chart: &page::Chart) {
    drawn
        .set_width(chart.size.0)
        .set_height(chart.size.1)
        .set_alt_text(text::line(&chart.alt, 1_000))
        .set_object_movement(ObjectMovement::MoveButDontSizeWithCells);
    let title = text::chart_text(&chart.title);
    if title.is_empty() {
        drawn.title().set_hidden();
    } else {
        let mut font = font(12.0, ink::ACCENT);
        // Bold would reach only the Latin letters where the font is missing.
        font.unset_bold();
        drawn.title().set_name(&title).set_font(&font).set_layout(&ChartLayout::new().set_offset(0.02, 0.03));
    }
    drawn.chart_area().set_format(
        ChartFormat::new()
            .set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(0xFFFFFF)))
            .set_border(&line(ink::RULE, 0.75)),
    );
    drawn.plot_area().set_format(ChartFormat::new().set_no_fill().set_no_border());
}

fn legend(drawn: &mut Chart, chart: &page::Chart) {
    let hidden: Vec<usize> = chart
        .series
        .iter()
        .enumerate()
        .filter(|(_, series)| series.ink == Ink::None || series.name.is_empty())
        .map(|(index, _)| index)
        .collect();
    if chart.series.len() - hidden.len() < 2 || names_points(chart) {
        drawn.legend().set_hidden();
        return;
    }
    drawn.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(10.0, ink::TEXT));
    // LibreOffice counts the entries of lying stacks from the other end and would
    // take the wrong one away; there the series goes without a name instead.
    if chart.kind != ChartKind::StackedBars {
        drawn.legend().delete_entries(&hidden);
    }
}

/// A scatter with a series a point writes each series' name beside it.
fn names_points(chart: &page::Chart) -> bool {
    chart.kind == ChartKind::Scatter && chart.series.iter().all(|series| series.values.values.len() == 1)
}

fn plotted(series: &Series, chart: &page::Chart, lang: Lang) -> Result<ChartSeries, XlsxError> {
    let mut plotted = referring(series)?;
    if chart.kind == ChartKind::StackedBars && series.ink == Ink::None {
        plotted.set_name("\u{a0}");
    }
    let color = style::series_color(series.ink);
    let drawn_as_line =
        chart.kind == ChartKind::Lines || (chart.kind == ChartKind::ColumnsAndLine && series.second);
    match (drawn_as_line, color) {
        (_, None) => {
            plotted.set_format(ChartFormat::new().set_no_fill().set_no_line());
            if drawn_as_line || chart.kind == ChartKind::Scatter {
                plotted.set_marker(ChartMarker::new().set_none());
            }
        }
        (true, Some(color)) => {
            plotted.set_format(ChartFormat::new().set_line(&line(color, 2.25))).set_marker(&marker(color, 6));
        }
        (false, Some(color)) if chart.kind == ChartKind::Scatter => {
            plotted.set_format(ChartFormat::new().set_no_line()).set_marker(&marker(color, 9));
        }
        (false, Some(color)) => {
            plotted.set_format(ChartFormat::new().set_solid_fill(&fill(color)).set_no_border());
        }
    }
    if !drawn_as_line {
        plotted.set_gap(match chart.kind {
            ChartKind::StackedColumns => 45,
            ChartKind::Bars | ChartKind::StackedBars => 55,
            _ => 75,
        });
        if matches!(chart.kind, ChartKind::Bars | ChartKind::Columns) && chart.series.len() > 1 {
            plotted.set_overlap(-8);
        }
    }
    if chart.series.iter().any(|series| series.second) && series.second && chart.y2.is_some() {
        plotted.set_secondary_axis(true);
    }
    // Bars of plan beside bars of actual say what they are by their place.
    let compared = chart.kind == ChartKind::Bars && series.ink == Ink::Plan && chart.series.len() > 1;
    if chart.labels && color.is_some() && !compared {
        let label = label(series, chart, drawn_as_line, lang);
        if chart.kind == ChartKind::ColumnsAndLine && !series.second && series.ink != Ink::Plan {
            plotted.set_custom_data_labels(&inside_labels(series, chart, &label, lang));
        }
        if chart.kind == ChartKind::StackedBars && chart.shape != Shape::Date && drawn_alone(chart) {
            plotted.set_custom_data_labels(&beside_narrow_bars(series, chart, &label, lang));
        }
        plotted.set_data_label(&label);
    }
    Ok(plotted)
}

/// Where the name of each point of a scatter stands so that as few as possible cover one another.
///
/// The plot is taken as what titles and axes leave of the picture, its axes as
/// reaching from zero to a little over the largest.
fn name_positions(chart: &page::Chart) -> Vec<ChartDataLabelPosition> {
    const HIGH: f64 = 15.0;
    const SIDES: [ChartDataLabelPosition; 4] = [
        ChartDataLabelPosition::Right,
        ChartDataLabelPosition::Left,
        ChartDataLabelPosition::Above,
        ChartDataLabelPosition::Below,
    ];
    let (wide, high) = (f64::from(chart.size.0) - 110.0, f64::from(chart.size.1) - 110.0);
    let largest = |of: fn(&Series) -> &Range| {
        chart.series.iter().flat_map(|series| numbers_of(of(series))).fold(f64::MIN_POSITIVE, f64::max) * 1.1
    };
    let (x_most, y_most) = (largest(|series| &series.categories), largest(|series| &series.values));
    let point = |series: &Series| {
        let x = numbers_of(&series.categories).next().unwrap_or_default() / x_most * wide;
        (x, high - numbers_of(&series.values).next().unwrap_or_default() / y_most * high)
    };
    // Left, top, right, bottom; markers are in the way like names.
    let mut taken: Vec<[f64; 4]> =
        chart.series.iter().map(point).map(|(x, y)| [x - 5.0, y - 5.0, x + 5.0, y + 5.0]).collect();
    let overlap = |a: &[f64; 4], b: &[f64; 4]| {
        (a[2].min(b[2]) - a[0].max(b[0])).max(0.0) * (a[3].min(b[3]) - a[1].max(b[1])).max(0.0)
    };
    let mut positions = Vec::new();
    for series in &chart.series {
        let (x, y) = point(series);
        let name = crate::locale::width(&series.name) as f64 * 6.5;
        let box_at = |side: ChartDataLabelPosition| match side {
            ChartDataLabelPosition::Left => [x - 8.0 - name, y - HIGH / 2.0, x - 8.0, y + HIGH / 2.0],
            ChartDataLabelPosition::Above => [x - name / 2.0, y - 7.0 - HIGH, x + name / 2.0, y - 7.0],
            ChartDataLabelPosition::Below => [x - name / 2.0, y + 7.0, x + name / 2.0, y + 7.0 + HIGH],
            _ => [x + 8.0, y - HIGH / 2.0, x + 8.0 + name, y + HIGH / 2.0],
        };
        let cost = |side: ChartDataLabelPosition| {
            let own = box_at(side);
            let outside = (own[2] - wide).max(0.0) + (-own[0]).max(0.0) + (own[3] - high).max(0.0);
            taken.iter().map(|other| overlap(&own, other)).sum::<f64>() + outside * HIGH
        };
        let best = SIDES.into_iter().reduce(|best, side| if cost(side) < cost(best) { side } else { best });
        let side = best.unwrap_or(ChartDataLabelPosition::Right);
        taken.push(box_at(side));
        positions.push(side);
    }
    positions
}

/// Under a line, labels of tall columns stand inside them, out of the line's way.
fn inside_labels(
    series: &Series,
    chart: &page::Chart,
    outside: &ChartDataLabel,
    lang: Lang,
) -> Vec<ChartDataLabel> {
    let largest = numbers_of(&series.values).fold(0.0, f64::max);
    let labels = series.values.values.iter().map(|val| {
        if val.number().is_none_or(|n| n < largest * 0.2) {
            return outside.clone();
        }
        let mut label = ChartDataLabel::new();
        label
            .show_value()
            .set_num_format(label_format(chart.shape, lang))
            .set_font(&font(10.0, 0xFFFFFF))
            .set_position(ChartDataLabelPosition::InsideEnd);
        label.to_custom()
    });
    labels.collect()
}

/// Whether bars stand alone on an undrawn base, as in a funnel.
fn drawn_alone(chart: &page::Chart) -> bool {
    chart.series.iter().filter(|series| series.ink != Ink::None).count() == 1
}

/// A bar narrower than its label has it to its right, in a colour that reads on the ground.
fn beside_narrow_bars(
    series: &Series,
    chart: &page::Chart,
    inside: &ChartDataLabel,
    lang: Lang,
) -> Vec<ChartDataLabel> {
    // Beside the names of the categories; a label takes some sixty pixels, a blank three.
    let plot = f64::from(chart.size.0.saturating_sub(130));
    let largest = numbers_of(&series.values).fold(0.0, f64::max) * 1.15;
    let labels = series.values.values.iter().map(|val| {
        let wide = val.number().map_or(0.0, |n| n / largest * plot);
        if wide > 60.0 {
            return inside.clone();
        }
        let blanks = " ".repeat((wide / 3.0) as usize + 2);
        let mut label = ChartDataLabel::new();
        label
            .show_value()
            .set_num_format(format!("\"{blanks}\"{}", label_format(chart.shape, lang)))
            .set_font(&font(10.0, ink::TEXT))
            .set_position(ChartDataLabelPosition::InsideBase);
        label.to_custom()
    });
    labels.collect()
}

fn label(series: &Series, chart: &page::Chart, drawn_as_line: bool, lang: Lang) -> ChartDataLabel {
    let mut label = ChartDataLabel::new();
    let stacked = matches!(chart.kind, ChartKind::StackedBars | ChartKind::StackedColumns);
    let on_dark = stacked && matches!(series.ink, Ink::Accent | Ink::Second | Ink::Good | Ink::Bad);
    label.set_font(&font(10.0, if on_dark { 0xFFFFFF } else { ink::TEXT }));
    if names_points(chart) {
        let own = chart.series.iter().position(|other| std::ptr::eq(other, series));
        let position = own.and_then(|own| name_positions(chart).get(own).copied());
        label.show_series_name().set_position(position.unwrap_or(ChartDataLabelPosition::Right));
        return label;
    }
    if drawn_as_line && chart.kind == ChartKind::ColumnsAndLine {
        // The line crosses the columns: its labels bring their own ground.
        label.set_format(ChartFormat::new().set_solid_fill(&fill(0xFFFFFF)));
    }
    let shape = match &chart.y2 {
        // The lengths of a Gantt chart's bars are days, only its axis shows dates.
        _ if stacked && chart.shape == Shape::Date => Shape::Integer,
        Some((_, shape)) if series.second => *shape,
        _ => chart.shape,
    };
    label.show_value().set_num_format(label_format(shape, lang)).set_position(if stacked {
        ChartDataLabelPosition::Center
    } else if drawn_as_line {
        ChartDataLabelPosition::Above
    } else if chart.kind == ChartKind::Scatter {
        ChartDataLabelPosition::Right
    } else {
        ChartDataLabelPosition::OutsideEnd
    });
    label
}

/// Slices in the palette's order, each with its share in a colour that reads on it.
fn slices(series: &Series) -> Result<ChartSeries, XlsxError> {
    let mut plotted = referring(series)?;
    let (mut points, mut labels) = (Vec::new(), Vec::new());
    let whole: f64 = numbers_of(&series.values).sum();
    for (slice, val) in series.values.values.iter().enumerate() {
        let color = SLICES[slice % SLICES.len()];
        let border = line(0xFFFFFF, 1.0);
        points.push(
            ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&fill(color)).set_border(&border)),
        );
        if val.number().is_none_or(|n| n < whole * 0.03) {
            // No room for its share.
            labels.push(ChartDataLabel::new().set_hidden().to_custom());
            continue;
        }
        let on_dark = color != ink::SOFT && color != ink::PLAN && color != 0xF0CF8E;
        labels.push(
            ChartDataLabel::new()
                .set_font(&font(10.0, if on_dark { 0xFFFFFF } else { ink::TEXT }))
                .to_custom(),
        );
    }
    plotted.set_points(&points);
    plotted.set_data_label(
        ChartDataLabel::new().show_percentage().set_num_format("0%").set_font(&font(10.0, ink::TEXT)),
    );
    plotted.set_custom_data_labels(&labels);
    Ok(plotted)
}

fn axes(drawn: &mut Chart, chart: &page::Chart, category: Shape, lang: Lang) {
    let scatter = chart.kind == ChartKind::Scatter;
    let lying = matches!(chart.kind, ChartKind::Bars | ChartKind::StackedBars);
    let numbers =
        || chart.series.iter().filter(|series| !series.second).flat_map(|series| numbers_of(&series.values));
    // The library calls the horizontal axis x, also where bars lie and it carries the values.
    let axis = if lying { drawn.y_axis() } else { drawn.x_axis() };
    axis.set_font(&font(10.0, ink::TEXT))
        .set_format(ChartFormat::new().set_line(&line(ink::PLAN, 0.75)))
        .set_major_tick_type(ChartAxisTickType::None)
        // Below the plot, also where bars go below zero.
        .set_label_position(ChartAxisLabelPosition::Low)
        .set_major_gridlines(scatter);
    if scatter {
        axis.set_major_gridlines_line(&line(ink::RULE, 0.75));
        let largest =
            chart.series.iter().flat_map(|series| numbers_of(&series.categories)).fold(0.0, f64::max);
        let code = match category {
            Shape::General | Shape::Integer | Shape::Money if largest >= 1e5 => axis_format(Shape::Wan, lang),
            Shape::General if largest >= 1e3 => axis_format(Shape::Integer, lang),
            shape => axis_format(shape, lang),
        };
        axis.set_num_format(code);
    } else if matches!(category, Shape::Date | Shape::Moment) {
        // Without a hyphen, at which LibreOffice would break the label in two.
        axis.set_num_format("m\"/\"d").set_text_axis(true);
        // A day takes some forty pixels; where there is less, some go without their name.
        let days = chart.series.first().map_or(0, |series| series.categories.values.len());
        let room = (chart.size.0.saturating_sub(100) / 40).max(1) as usize;
        if days > room {
            axis.set_label_interval(u16::try_from(days.div_ceil(room)).unwrap_or(u16::MAX));
        }
    }
    if lying {
        // Reversing the categories would take the value axis to the top with them.
        axis.set_reverse().set_crossing(ChartAxisCrossing::Max);
        // Where it is left to the program, every second name goes.
        if !matches!(category, Shape::Date | Shape::Moment) {
            axis.set_label_interval(1);
        }
    }
    name_axis(axis, chart.x_title.as_deref());

    let axis = if lying { drawn.x_axis() } else { drawn.y_axis() };
    axis.set_font(&font(10.0, ink::GREY))
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_hidden(true)))
        .set_major_tick_type(ChartAxisTickType::None)
        .set_major_gridlines(true)
        .set_major_gridlines_line(&line(ink::RULE, 0.75))
        .set_num_format(axis_format(chart.shape, lang));
    if scatter {
        axis.set_label_position(ChartAxisLabelPosition::Low);
    }
    if let Some((first, last)) = days(chart) {
        axis.set_min(first).set_max(last).set_num_format("mm-dd");
    } else if chart.kind != ChartKind::Lines && !scatter && numbers().all(|n| n >= 0.0) {
        // Bars that do not begin at zero lie.
        axis.set_min(0);
    }
    name_axis(axis, chart.y_title.as_deref());
}

/// The days a Gantt chart spans: from before the first bar to after the last.
fn days(chart: &page::Chart) -> Option<(f64, f64)> {
    if chart.kind != ChartKind::StackedBars || chart.shape != Shape::Date {
        return None;
    }
    let starts = chart.series.first()?;
    let first = numbers_of(&starts.values).fold(f64::INFINITY, f64::min);
    let last = (0..starts.values.values.len())
        .map(|row| {
            chart.series.iter().filter_map(|series| series.values.values.get(row)?.number()).sum::<f64>()
        })
        .fold(f64::NEG_INFINITY, f64::max);
    (first.is_finite() && last > first).then(|| (first.floor() - 1.0, last.ceil() + 1.0))
}

fn second_axis(drawn: &mut Chart, chart: &page::Chart, title: &str, shape: Shape, lang: Lang) {
    let shares = shape == Shape::Percent
        && chart
            .series
            .iter()
            .filter(|series| series.second)
            .flat_map(|series| numbers_of(&series.values))
            .all(|n| (0.0..=1.0 + 1e-9).contains(&n));
    let axis = drawn.y2_axis();
    axis.set_font(&font(10.0, ink::GREY))
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_hidden(true)))
        .set_major_tick_type(ChartAxisTickType::None)
        .set_major_gridlines(false)
        .set_num_format(axis_format(shape, lang));
    if shares {
        axis.set_min(0).set_max(1);
    }
    name_axis(axis, Some(title));
}

fn name_axis(axis: &mut rust_xlsxwriter::ChartAxis, title: Option<&str>) {
    if let Some(title) = title.filter(|title| !title.is_empty()) {
        let mut font = font(10.0, ink::GREY);
        font.unset_bold();
        axis.set_name(&text::chart_text(title)).set_name_font(&font);
    }
}

fn referring(series: &Series) -> Result<ChartSeries, XlsxError> {
    let mut plotted = ChartSeries::new();
    plotted
        .set_categories(&reference(&series.categories)?)
        .set_values(&reference(&series.values)?)
        .set_name(&text::chart_text(&series.name));
    Ok(plotted)
}

fn reference(range: &Range) -> Result<ChartRange, XlsxError> {
    let area = range.area;
    Ok(ChartRange::new_from_range(
        &range.sheet,
        area.first.row,
        super::column(area.first.col)?,
        area.last.row,
        super::column(area.last.col)?,
    ))
}

fn numbers_of(range: &Range) -> impl Iterator<Item = f64> {
    range.values.iter().filter_map(Val::number)
}

fn axis_format(shape: Shape, lang: Lang) -> &'static str {
    match shape {
        Shape::Percent => "0%",
        Shape::PercentSigned => "+0%;-0%;0%",
        Shape::Decimal | Shape::Ratio | Shape::Points | Shape::Duration(_) => "0.0",
        Shape::Date | Shape::Moment => "mm-dd",
        shape => style::number_format(shape, lang).unwrap_or("General"),
    }
}

/// Zero is not worth a label; where a value is unknown it would be a lie.
fn label_format(shape: Shape, lang: Lang) -> &'static str {
    match (shape, lang) {
        (Shape::Percent, _) => "0.0%;-0.0%;;",
        (Shape::PercentSigned, _) => "+0.0%;-0.0%;;",
        (Shape::Money, _) => "¥#,##0;-¥#,##0;;",
        (Shape::Wan, Lang::Zh) => "0\\.0,\"万\";-0\\.0,\"万\";;",
        (Shape::Wan, Lang::ZhHant) => "0\\.0,\"萬\";-0\\.0,\"萬\";;",
        (Shape::Wan, Lang::En) => "#,##0,\"k\";-#,##0,\"k\";;",
        (Shape::Decimal | Shape::Ratio, _) => "0.00;-0.00;;",
        (Shape::Points | Shape::Duration(_), _) => "0.0;-0.0;;",
        (Shape::Date | Shape::Moment, _) => "mm-dd",
        (Shape::Integer, _) => "#,##0;-#,##0;;",
        (Shape::General | Shape::Wrapped, _) => "#,##0.##;-#,##0.##;;",
    }
}

fn font(size: f64, color: u32) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name(FONT).set_size(size).set_color(Color::RGB(color));
    font
}

fn line(color: u32, width: f64) -> ChartLine {
    let mut line = ChartLine::new();
    line.set_color(Color::RGB(color)).set_width(width);
    line
}

fn fill(color: u32) -> ChartSolidFill {
    let mut fill = ChartSolidFill::new();
    fill.set_color(Color::RGB(color));
    fill
}

fn marker(color: u32, size: u8) -> ChartMarker {
    let mut marker = ChartMarker::new();
    marker
        .set_type(ChartMarkerType::Circle)
        .set_size(size)
        .set_format(ChartFormat::new().set_solid_fill(&fill(color)).set_border(&line(0xFFFFFF, 0.75)));
    marker
}
