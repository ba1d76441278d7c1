//! A sheet as we lay it out: cells with roles, charts, print; no file format.
//!
//! A [`Page`] is filled from the top with a cursor, so that the code of a
//! sheet reads like the sheet. Roles say what a cell is for; the writer alone
//! decides what that looks like.

mod cells;
mod clock;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use crate::cell::{Area, CellRef, Place};
use crate::expr::{Expr, Range, Val};

pub use cells::Cells;
pub use clock::{Clock, TimeUnit};

/// What a cell is for; the writer turns it into fonts, fills and borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// The page's title.
    Title,
    /// A line under the title: as-of date, versions.
    Subtitle,
    /// The heading of a block.
    Section,
    /// A column header.
    Header,
    /// An ordinary cell of a table.
    #[default]
    Body,
    /// The total row of a table.
    Total,
    /// The one sentence over everything, large.
    Headline,
    /// A conclusion written from the numbers, bold.
    Conclusion,
    /// Explanatory text, small and grey.
    Note,
    /// Label of a key figure.
    FigureLabel,
    /// A key figure, large.
    Figure,
    /// What a key figure is compared with, under it.
    FigureNote,
    /// Good news: green, with the word said in text.
    Good,
    /// Needs attention: amber.
    Warn,
    /// Bad: red.
    Bad,
    /// A cell people may change (what-if, 采纳).
    Input,
    /// Plain running text (report).
    Paragraph,
}

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Shape {
    /// As it is.
    #[default]
    General,
    /// `1,234`
    Integer,
    /// `1,234.56`
    Decimal,
    /// `12.3%`
    Percent,
    /// `+3.0%` / `-3.0%`, for gaps.
    PercentSigned,
    /// `¥1,234`
    Money,
    /// `12.3万` from the whole number; for columns whose numbers are all large.
    Wan,
    /// `6.00`, a multiple.
    Ratio,
    /// `2024-10-08`
    Date,
    /// `2024-10-08 10:30`
    Moment,
    /// Wrapped text.
    Wrapped,
    /// `+3.0 个百分点`, for the gap between two rates, a hundred times their difference.
    Points,
    /// `35秒`, `12.0分钟`, `28.2小时`, `3.0天`: a duration in its unit of time, see [`Clock`].
    Duration(TimeUnit),
}

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Show {
    /// Nothing, but formatted.
    #[default]
    Blank,
    /// Text, always as text.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// A live formula with its value.
    Formula(Expr),
    /// Text that leads to a cell of this workbook.
    Link(String, Place),
    /// Text that leads to another file, relative, and possibly a place in it.
    File(String, String),
}

/// One laid-out cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PageCell {
    /// What it shows.
    pub show: Show,
    /// What it is for.
    pub role: Role,
    /// How its value is shown.
    pub shape: Shape,
    /// A remark shown when the pointer rests on it.
    pub note: Option<String>,
    /// The cell whose text it repeats: a text that follows it, whatever comes to stand there.
    pub follows: Option<Place>,
}

/// A sheet of ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Name on the tab.
    pub name: Arc<str>,
    /// Tab colour by rank: the first page of a group is darker.
    pub tab: Tab,
    /// Cells by place.
    pub cells: Cells,
    /// Column widths in characters (a Chinese character takes two); columns left out get the default.
    pub widths: BTreeMap<u32, f64>,
    /// Row heights in points.
    pub heights: BTreeMap<u32, f64>,
    /// Merged rectangles; the first cell carries the content.
    pub merges: Vec<Area>,
    /// Charts.
    pub charts: Vec<Chart>,
    /// Rules that colour cells by their value.
    pub dresses: Vec<Dress>,
    /// Dropdowns: cells and the choices.
    pub dropdowns: Vec<(Area, Vec<String>)>,
    /// A header row with filter buttons over its data.
    pub filter: Option<Area>,
    /// Whether what the filter stands over is a table of Excel's own, for slicers and pivots.
    pub listed: bool,
    /// Small lines in a cell over a range of this page.
    pub sparklines: Vec<(CellRef, Area)>,
    /// Rows above and columns left of this cell stay in view.
    pub freeze: Option<CellRef>,
    /// Rows printed on every page.
    pub repeat_rows: Option<(u32, u32)>,
    /// Paper orientation.
    pub landscape: bool,
    /// Whether all of it is printed on one sheet of paper.
    pub one_paper: bool,
    /// Rows that are folded away until somebody opens them.
    pub folded: Option<(u32, u32)>,
    /// Not for people: the writer hides it.
    pub hidden: bool,
    /// The next row the cursor writes.
    row: u32,
}

/// Tab colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The overview.
    First,
    /// Analysis.
    Analysis,
    /// Actions and report.
    Action,
    /// Findings, definitions, sources.
    Appendix,
}

/// A rule that colours cells by their value.
#[derive(Debug, Clone, PartialEq)]
pub enum Dress {
    /// A bar behind the number, from zero to the largest.
    Bar(Area),
    /// Good at or above `good`, bad below `bad`, amber between.
    Bands {
        /// Cells.
        area: Area,
        /// At least this is good.
        good: f64,
        /// Less than this is bad.
        bad: f64,
    },
    /// Cells equal to a word take the colours of a role.
    Word {
        /// Cells.
        area: Area,
        /// The word.
        word: String,
        /// Good, Warn or Bad.
        role: Role,
    },
    /// From light to dark by value (heat map).
    Heat(Area),
}

/// A native chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The name by which a report asks for it; empty where only its own sheet shows it.
    pub name: &'static str,
    /// What kind.
    pub kind: ChartKind,
    /// Title.
    pub title: String,
    /// What the picture shows, for people who cannot see it.
    pub alt: String,
    /// Series, in order.
    pub series: Vec<Series>,
    /// Top-left cell.
    pub at: CellRef,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Title of the category axis.
    pub x_title: Option<String>,
    /// Title of the value axis (with its unit).
    pub y_title: Option<String>,
    /// How values are shown on the axis and labels.
    pub shape: Shape,
    /// Whether each point shows its value.
    pub labels: bool,
    /// A second value axis for the series that ask for it: its title and shape.
    pub y2: Option<(String, Shape)>,
}

/// Chart kinds, by what they look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Horizontal bars, first category on top.
    Bars,
    /// Horizontal stacked bars (Gantt, funnel: an unfilled series before).
    StackedBars,
    /// Columns.
    Columns,
    /// Stacked columns (waterfall: an unfilled series below).
    StackedColumns,
    /// Lines.
    Lines,
    /// Points by two numbers.
    Scatter,
    /// Columns with lines on a second axis (Pareto).
    ColumnsAndLine,
    /// Shares of a whole.
    Doughnut,
}

/// One series of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name in the legend.
    pub name: String,
    /// Categories (or x values of a scatter).
    pub categories: Range,
    /// Values.
    pub values: Range,
    /// Colour.
    pub ink: Ink,
    /// Drawn as a line on the second axis (for `ColumnsAndLine`).
    pub second: bool,
}

impl Chart {
    /// A chart without series yet, its axes untitled, its points unlabelled.
    pub fn new(kind: ChartKind, at: CellRef, size: (u32, u32), title: String, alt: String) -> Chart {
        Chart {
            name: "",
            kind,
            title,
            alt,
            series: Vec::new(),
            at,
            size,
            x_title: None,
            y_title: None,
            shape: Shape::General,
            labels: false,
            y2: None,
        }
    }
}

impl Series {
    /// A series on the first axis.
    pub fn new(name: String, categories: Range, values: Range, ink: Ink) -> Series {
        Series { name, categories, values, ink, second: false }
    }
}

/// Colours of series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The accent.
    Accent,
    /// A quieter second.
    Second,
    /// Grey: comparison, plan.
    Plan,
    /// Good.
    Good,
    /// Attention.
    Warn,
    /// Bad.
    Bad,
    /// Not drawn (the step below a floating bar).
    None,
}

impl Page {
    /// An empty page.
    pub fn new(name: impl Into<Arc<str>>, tab: Tab) -> Page {
        Page {
            name: name.into(),
            tab,
            cells: Cells::default(),
            widths: BTreeMap::new(),
            heights: BTreeMap::new(),
            merges: Vec::new(),
            charts: Vec::new(),
            dresses: Vec::new(),
            dropdowns: Vec::new(),
            filter: None,
            listed: false,
            sparklines: Vec::new(),
            freeze: None,
            repeat_rows: None,
            landscape: true,
            one_paper: false,
            folded: None,
            hidden: false,
            row: 0,
        }
    }

    /// The next row the cursor writes.
    pub fn next_row(&self) -> u32 {
        self.row
    }

    /// Moves the cursor down.
    pub fn skip(&mut self, rows: u32) {
        self.row += rows;
    }

    /// Moves the cursor to a row.
    pub fn go_to(&mut self, row: u32) {
        self.row = row;
    }

    /// Sets widths from column A on.
    pub fn set_widths(&mut self, widths: &[f64]) {
        for (col, width) in (0u32..).zip(widths) {
            self.widths.insert(col, *width);
        }
    }

    /// Puts one cell and says where it stands and what it holds, for later formulas.
    pub fn put(&mut self, at: CellRef, cell: PageCell) -> Expr {
        let value = cell.show.value();
        self.cells.insert(at, cell);
        Expr::cell(Place { sheet: self.name.clone(), cell: at }, value)
    }

    /// Puts a row of cells of one role from column A and moves on; answers with the cells for later formulas.
    pub fn row<C: Into<PageCell>>(&mut self, role: Role, cells: impl IntoIterator<Item = C>) -> Vec<Expr> {
        let row = self.row;
        self.row += 1;
        let mut put = Vec::new();
        for (col, cell) in (0u32..).zip(cells) {
            let mut cell: PageCell = cell.into();
            if cell.role == Role::Body {
                cell.role = role;
            }
            put.push(self.put(CellRef::new(row, col), cell));
        }
        put
    }

    /// One line of text across `columns` columns, and moves on.
    pub fn line(&mut self, role: Role, columns: u32, text: impl Into<PageCell>) -> Expr {
        let row = self.row;
        self.row += 1;
        let mut cell: PageCell = text.into();
        cell.role = role;
        if columns > 1 {
            self.merges.push(Area::new(CellRef::new(row, 0), CellRef::new(row, columns - 1)));
        }
        self.put(CellRef::new(row, 0), cell)
    }

    /// The cells of a rectangle with what they hold, for formulas and charts.
    pub fn range(&self, area: Area) -> Range {
        let mut values = Vec::new();
        for row in area.first.row..=area.last.row {
            for col in area.first.col..=area.last.col {
                values.push(
                    self.cells.get(&CellRef::new(row, col)).map_or(Val::Blank, |cell| cell.show.value()),
                );
            }
        }
        Range { sheet: self.name.clone(), area, values: values.into(), leaves: Vec::new().into() }
    }

    /// A cell already put, for formulas; blank where nothing stands.
    pub fn at(&self, row: u32, col: u32) -> Expr {
        let at = CellRef::new(row, col);
        let value = self.cells.get(&at).map_or(Val::Blank, |cell| cell.show.value());
        Expr::cell(Place { sheet: self.name.clone(), cell: at }, value)
    }

    /// Rows `first..=last` of one column as a range.
    pub fn column(&self, col: u32, first: u32, last: u32) -> Range {
        self.range(Area::new(CellRef::new(first, col), CellRef::new(last, col)))
    }
}

impl Show {
    /// What the cell amounts to in formulas.
    pub fn value(&self) -> Val {
        match self {
            Show::Blank => Val::Blank,
            Show::Text(text) | Show::Link(text, _) | Show::File(text, _) => Val::Text(text.as_str().into()),
            Show::Number(n) => Val::Number(*n),
            Show::Date(day) => Val::Number(serial(*day)),
            Show::Formula(expr) => expr.value(),
        }
    }
}

/// Text that leads to the cell it comes from.
pub fn link(text: &str, to: Option<&Place>) -> PageCell {
    match to {
        Some(place) if !text.is_empty() => Show::Link(text.to_owned(), place.clone()).into(),
        _ => text.into(),
    }
}

/// Rows `first..=last` of a column of a page as an argument of a function.
pub fn column(page: &Page, col: u32, first: u32, last: u32) -> Expr {
    page.column(col, first, last).into()
}

/// The serial number of a day in the 1900 system.
pub fn serial(day: NaiveDate) -> f64 {
    NaiveDate::from_ymd_opt(1899, 12, 30).map_or(0.0, |epoch| (day - epoch).num_days() as f64)
}

/// The serial number of a moment in the 1900 system.
pub fn moment(at: NaiveDateTime) -> f64 {
    let seconds = (at - at.date().and_time(chrono::NaiveTime::MIN)).num_seconds() as f64;
    serial(at.date()) + seconds / 86_400.0
}

impl PageCell {
    /// The cell with a shape.
    pub fn shaped(mut self, shape: Shape) -> PageCell {
        self.shape = shape;
        self
    }

    /// The cell with a role of its own.
    pub fn role(mut self, role: Role) -> PageCell {
        self.role = role;
        self
    }

    /// The cell with a remark.
    pub fn note(mut self, note: impl Into<String>) -> PageCell {
        self.note = Some(note.into());
        self
    }
}

impl From<Show> for PageCell {
    fn from(show: Show) -> PageCell {
        PageCell { show, ..PageCell::default() }
    }
}

impl From<&str> for PageCell {
    fn from(text: &str) -> PageCell {
        String::from(text).into()
    }
}

impl From<String> for PageCell {
    fn from(text: String) -> PageCell {
        if text.is_empty() { Show::Blank.into() } else { Show::Text(text).into() }
    }
}

impl From<f64> for PageCell {
    fn from(n: f64) -> PageCell {
        Show::Number(n).into()
    }
}

impl From<Option<NaiveDate>> for PageCell {
    fn from(day: Option<NaiveDate>) -> PageCell {
        PageCell::from(day.map_or(Show::Blank, Show::Date)).shaped(Shape::Date)
    }
}

/// A formula; a constant expression becomes the plain value it is.
impl From<Expr> for PageCell {
    fn from(expr: Expr) -> PageCell {
        match &expr {
            // A bare reference to an empty cell would read zero, today or once the cell is emptied.
            Expr::Leaf(leaf) if matches!(leaf.value(), Val::Number(_) | Val::Blank) => {
                return Show::Formula(expr.known()).into();
            }
            _ if !expr.is_constant() => return Show::Formula(expr).into(),
            _ => {}
        }
        match expr.value() {
            Val::Number(n) => n.into(),
            Val::Text(text) => (&*text).into(),
            _ => Show::Blank.into(),
        }
    }
}
