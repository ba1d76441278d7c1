//! A chart away from any sheet of ours: the part that draws it, and a small
//! workbook of the numbers it shows for those who edit it.

use std::io::{Cursor, Read};
use std::sync::Arc;

use zip::ZipArchive;

use crate::cell::{Area, CellRef};
use crate::expr::{Range, Val};
use crate::page::{Chart, ChartKind, Page, PageCell, Role, Series, Shape, Tab};
use crate::words::Words;

use super::{WriteError, WriteOptions, write};

/// A chart on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standalone {
    /// The chart part; its references lead into the workbook, its caches hold the values.
    pub part: String,
    /// The workbook's bytes.
    pub workbook: Vec<u8>,
}

/// Draws a chart with the numbers it shows; `categories` is how its categories are shown.
///
/// # Errors
/// When the chart cannot be written: it has no series, or more rows than a sheet.
pub fn standalone(
    chart: &Chart,
    categories: Shape,
    options: &WriteOptions,
) -> Result<Standalone, WriteError> {
    let words = Words::load(&[include_str!("words.toml")], options.lang);
    let mut page = Page::new(words.get("chart_numbers"), Tab::Analysis);
    let series = chart.series.iter().map(|series| placed(series, chart, categories, &mut page)).collect();
    let workbook = write(std::slice::from_ref(&page), options)?.package;
    page.charts.push(Chart { series, at: CellRef::new(0, 0), ..chart.clone() });
    let drawn = write(std::slice::from_ref(&page), options)?.package;
    let mut part = String::new();
    ZipArchive::new(Cursor::new(drawn))?.by_name("xl/charts/chart1.xml")?.read_to_string(&mut part)?;
    Ok(Standalone { part, workbook })
}

/// Puts the numbers of a series into columns of the page; answers with the series that draws from them.
fn placed(series: &Series, chart: &Chart, categories: Shape, page: &mut Page) -> Series {
    let next = page.cells.keys().map(|at| at.col + 1).max().unwrap_or(0);
    // Series over the same categories share their column.
    let shared = (0..next).find(|col| {
        column(page, *col, &series.categories).is_some_and(|range| range.values == series.categories.values)
    });
    let own = shared.unwrap_or_else(|| {
        put(page, next, "", &series.categories, categories);
        next
    });
    let next = page.cells.keys().map(|at| at.col + 1).max().unwrap_or(0);
    let shape = match &chart.y2 {
        Some((_, shape)) if series.second => *shape,
        _ if chart.kind == ChartKind::Scatter => Shape::General,
        _ => chart.shape,
    };
    put(page, next, &series.name, &series.values, shape);
    Series {
        categories: column(page, own, &series.categories).unwrap_or_else(|| series.categories.clone()),
        values: column(page, next, &series.values).unwrap_or_else(|| series.values.clone()),
        ..series.clone()
    }
}

fn put(page: &mut Page, col: u32, name: &str, range: &Range, shape: Shape) {
    page.put(CellRef::new(0, col), PageCell::from(name).role(Role::Header));
    for (row, val) in (1u32..).zip(range.values.iter()) {
        let cell = match val {
            Val::Number(n) => PageCell::from(*n),
            Val::Text(text) => PageCell::from(text.as_ref()),
            _ => PageCell::default(),
        };
        page.put(CellRef::new(row, col), cell.shaped(shape));
    }
}

/// The column of a page below its header, as long as a range is; `None` where it is a column of values.
fn column(page: &Page, col: u32, like: &Range) -> Option<Range> {
    let rows = u32::try_from(like.values.len()).ok().filter(|rows| *rows > 0)?;
    page.cells.get(&CellRef::new(0, col))?;
    let area = Area::new(CellRef::new(1, col), CellRef::new(rows, col));
    Some(Range { sheet: Arc::clone(&page.name), ..page.range(area) })
}
