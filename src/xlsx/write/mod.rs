//! Pages to a workbook's bytes.
//!
//! Every figure is written as the formula it is, with its value cached, so that
//! previews and protected views show what we computed. The same pages give the
//! same bytes. Nothing here knows a campaign, or the user's own package.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use thiserror::Error;

use crate::cell::Place;
use crate::expr::Range;
use crate::locale::Lang;
use crate::page::{Chart, ChartKind, Page, Shape};
use crate::words::Words;

use super::graft::LastTouch;
use super::normalised::Normalised;
use package::Finish;
pub(in crate::xlsx) use package::computed;

pub use standalone::{Standalone, standalone};

mod chart;
mod chart_cache;
mod columns;
mod dress;
mod extent;
mod measure;
mod package;
mod paper;
mod sheet;
mod standalone;
mod style;
mod text;

/// What a workbook says about itself, and in which language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// The language of number formats, footers and the writer's own words.
    pub lang: Lang,
    /// The workbook's title: document property and footer.
    pub title: String,
    /// Custom document properties, in order (`fupan.campaign` …).
    pub properties: Vec<(String, String)>,
}

/// A written workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The bytes of the xlsx package.
    pub package: Vec<u8>,
    /// Our sheets in tab order: the pages, then those the writer added (normalised numbers, lists).
    pub sheets: Vec<String>,
    /// What could not be written as it was asked for.
    pub remarks: Vec<Remark>,
}

/// Something written otherwise than asked for, because Excel cannot hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A text was longer than a cell holds and ends in `…`.
    TextCut(Place),
    /// A formula was beyond Excel's limits; its value stands there instead.
    FormulaFrozen(Place),
    /// A sheet had more links than Excel opens; the rest is plain text.
    LinksLeftOut {
        /// The sheet.
        sheet: Arc<str>,
        /// How many.
        count: usize,
    },
    /// A chart referred to a sheet that is not in the workbook.
    ChartLeftOut {
        /// The sheet it was to stand on.
        sheet: Arc<str>,
        /// Its title.
        title: String,
    },
}

/// Why a workbook could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A page asks for what a sheet cannot be: two merged blocks over each other, a name Excel refuses.
    #[error("the sheet `{sheet}` cannot be laid out")]
    Layout {
        /// The sheet.
        sheet: Arc<str>,
        /// What the library said.
        source: XlsxError,
    },
    /// The whole could not be put together.
    #[error("the workbook cannot be saved")]
    Save(#[from] XlsxError),
    /// The package could not be finished.
    #[error("the package cannot be finished")]
    Package(#[from] zip::result::ZipError),
    /// A part of the package could not be read back.
    #[error("a part of the package cannot be read back")]
    Part(#[from] std::io::Error),
}

/// Our sheets as the library saved them, with the last touch they still need when they are grafted.
#[derive(Debug)]
pub struct Unfinished<'a> {
    written: Written,
    finish: Finish<'a>,
}

impl Unfinished<'_> {
    /// What was written. Charts show nothing before the last touch.
    pub fn written(&self) -> &Written {
        &self.written
    }

    /// What the parts of the package still need.
    pub fn last_touch(&self) -> &dyn LastTouch {
        &self.finish
    }
}

/// Saves pages as a workbook: our sheets in order.
pub fn write(pages: &[Page], options: &WriteOptions) -> Result<Written, WriteError> {
    let Unfinished { mut written, finish } = saved(pages, &[], options, COMPRESSION)?;
    written.package = finish.package(written.package, COMPRESSION)?;
    Ok(written)
}

/// Of a package of its own.
const COMPRESSION: u8 = 4;
/// Of one that is unpacked again at once.
const LEAST_COMPRESSION: u8 = 1;

/// The same as an addition to be grafted onto a user's workbook.
///
/// Where charts refer to the user's sheets, empty stubs of these names come
/// first, for the library wants every sheet that a chart refers to.
pub fn addition<'a>(
    pages: &'a [Page],
    user_sheets: &[String],
    options: &WriteOptions,
) -> Result<Unfinished<'a>, WriteError> {
    saved(pages, user_sheets, options, LEAST_COMPRESSION)
}

fn saved<'a>(
    pages: &'a [Page],
    user_sheets: &[String],
    options: &WriteOptions,
    compression: u8,
) -> Result<Unfinished<'a>, WriteError> {
    let words = Words::load(&[include_str!("words.toml")], options.lang);
    let mut taken: BTreeSet<String> =
        user_sheets.iter().map(String::as_str).chain(pages.iter().map(|page| &*page.name)).map(key).collect();
    let mut free_name = |word: &str| -> Arc<str> {
        let base = words.get(word);
        let mut name = base.clone();
        let mut count = 2;
        while !taken.insert(key(&name)) {
            name = format!("{base} ({count})");
            count += 1;
        }
        name.into()
    };
    let normalised = Normalised::new(free_name("normalised"), &words);
    let lists = dress::Lists::collect(pages);
    let lists_name = free_name("lists");
    let lists_page = lists.page(&lists_name);

    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(compression).set_properties(&properties(options, &words)?);
    let mut known: BTreeSet<&str> = pages.iter().map(|page| &*page.name).collect();
    let charted: BTreeSet<&str> = charted(pages).collect();
    for name in user_sheets.iter().filter(|name| charted.contains(name.as_str())) {
        let mut stub = Worksheet::new();
        // A name only other programs allow cannot be referred to from here; what refers to it is left out.
        if !known.contains(name.as_str()) && stub.set_name(name).is_ok() {
            known.insert(name);
            workbook.push_worksheet(stub);
        }
    }
    let mut bench = Bench {
        lang: options.lang,
        title: options.title.clone(),
        footer: words.get("footer"),
        author: words.get("author"),
        normalised: &normalised,
        lists: (&lists, &lists_name),
        remarks: Vec::new(),
        marked_texts: false,
        shown: false,
    };
    let mut styles = style::Styles::new(options.lang);
    let mut caches = chart_cache::Caches::new();
    for page in pages {
        let layout = |source| WriteError::Layout { sheet: page.name.clone(), source };
        let (mut worksheet, widths) = worksheet(page, &mut styles, &mut bench).map_err(layout)?;
        charts(&mut worksheet, page, &widths, pages, &known, &mut caches, &mut bench).map_err(layout)?;
        workbook.push_worksheet(worksheet);
    }
    // Only now it is known which numbers the formulas asked for.
    let normalised_page = normalised.page();
    for page in normalised_page.iter().chain(&lists_page) {
        let layout = |source| WriteError::Layout { sheet: page.name.clone(), source };
        workbook.push_worksheet(worksheet(page, &mut styles, &mut bench).map_err(layout)?.0);
    }
    let sheets = pages.iter().chain(&normalised_page).chain(&lists_page);
    let written = Written {
        package: workbook.save_to_buffer()?,
        sheets: sheets.map(|page| page.name.to_string()).collect(),
        remarks: bench.remarks,
    };
    Ok(Unfinished { written, finish: Finish { caches, marked_texts: bench.marked_texts } })
}

/// One page as a worksheet, its charts aside, with the width of its columns as they are printed.
fn worksheet(
    page: &Page,
    styles: &mut style::Styles,
    bench: &mut Bench<'_>,
) -> Result<(Worksheet, BTreeMap<u32, f64>), XlsxError> {
    let mut worksheet = Worksheet::new();
    let widths = sheet::fill(&mut worksheet, page, styles, bench)?;
    for rule in &page.dresses {
        dress::dress(&mut worksheet, rule)?;
    }
    let (lists, name) = bench.lists;
    for (area, choices) in &page.dropdowns {
        if let Some(choices) = lists.choices(choices, name) {
            dress::dropdown(&mut worksheet, area, choices)?;
        }
    }
    if !page.hidden && !bench.shown {
        worksheet.set_active(true);
        worksheet.set_first_tab(true);
        bench.shown = true;
    }
    Ok((worksheet, widths))
}

/// What lies at hand while sheets are filled.
struct Bench<'a> {
    lang: Lang,
    title: String,
    footer: String,
    author: String,
    normalised: &'a Normalised<'a>,
    /// Choices too many for a cell's own list, and the sheet they stand on.
    lists: (&'a dress::Lists, &'a Arc<str>),
    remarks: Vec<Remark>,
    /// Whether a formula's text result had to be marked as text.
    marked_texts: bool,
    /// Whether a sheet is open already when the workbook is.
    shown: bool,
}

/// The sheets that charts refer to.
fn charted(pages: &[Page]) -> impl Iterator<Item = &str> {
    let series = pages.iter().flat_map(|page| &page.charts).flat_map(|chart| &chart.series);
    series.flat_map(|series| [&*series.categories.sheet, &*series.values.sheet])
}

/// Two names are the same sheet to Excel when they differ only in case.
fn key(name: &str) -> String {
    name.to_lowercase()
}

fn charts<'a>(
    worksheet: &mut Worksheet,
    page: &'a Page,
    widths: &BTreeMap<u32, f64>,
    pages: &'a [Page],
    known: &BTreeSet<&str>,
    caches: &mut chart_cache::Caches<'a>,
    bench: &mut Bench<'_>,
) -> Result<(), XlsxError> {
    for chart in &page.charts {
        let ranges = || chart.series.iter().flat_map(|series| [&series.categories, &series.values]);
        if chart.series.is_empty() || !ranges().all(|range| known.contains(&*range.sheet)) {
            bench.remarks.push(Remark::ChartLeftOut { sheet: page.name.clone(), title: chart.title.clone() });
            continue;
        }
        let category =
            chart.series.first().map_or(Shape::General, |series| shape_at(&series.categories, pages));
        // Off the row's edge: on it, print draws the frame's upper line on the paper before as well.
        worksheet.insert_chart_with_offset(
            chart.at.row,
            column(chart.at.col)?,
            &chart::draw(&within(chart, page, widths), category, bench.lang)?,
            2,
            4,
        )?;
        for series in &chart.series {
            for (range, shape) in [
                (&series.values, chart.shape),
                (
                    &series.categories,
                    if chart.kind == ChartKind::Scatter { Shape::General } else { category },
                ),
            ] {
                let format = style::number_format(shape, bench.lang).unwrap_or("General");
                caches.insert((range.sheet.clone(), range.area), (&range.values, format));
            }
        }
    }
    Ok(())
}

/// A chart no wider than there is room from where it begins: to the paper's edge, or the chart beside it.
fn within<'c>(chart: &'c Chart, page: &Page, widths: &BTreeMap<u32, f64>) -> Cow<'c, Chart> {
    let Some(printed) = paper::printed(page) else { return Cow::Borrowed(chart) };
    let beside =
        page.charts.iter().filter(|other| other.at.row == chart.at.row && other.at.col > chart.at.col);
    let end = beside.map(|other| other.at.col - 1).fold(printed.last.col, u32::min);
    let columns = chart.at.col..=end;
    let room: f64 = columns.map(|col| extent::pixels(widths.get(&col).copied())).sum();
    // The chart's own edge, and where it begins within its cell.
    let room = (room - 4.0).max(0.0) as u32;
    match room < chart.size.0 && room > 0 {
        true => Cow::Owned(Chart { size: (room, chart.size.1), ..chart.clone() }),
        false => Cow::Borrowed(chart),
    }
}

/// How the first cell of a range is shown, where it is one of ours.
fn shape_at(range: &Range, pages: &[Page]) -> Shape {
    let page = pages.iter().find(|page| page.name == range.sheet);
    page.and_then(|page| page.cells.get(&range.area.first)).map_or(Shape::General, |cell| cell.shape)
}

fn properties(options: &WriteOptions, words: &Words) -> Result<DocProperties, XlsxError> {
    // Same workbook, same bytes: the moment of writing is nowhere in the file.
    let mut properties = DocProperties::new()
        .set_title(text::line(&options.title, 255))
        .set_author(words.get("author"))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?);
    for (name, value) in &options.properties {
        properties = properties.set_custom_property(text::line(name, 255), text::line(value, 255));
    }
    Ok(properties)
}

/// Excel's columns fit sixteen bits; beyond them is off the grid.
fn column(col: u32) -> Result<u16, XlsxError> {
    u16::try_from(col).map_err(|_| XlsxError::RowColumnLimitError)
}
