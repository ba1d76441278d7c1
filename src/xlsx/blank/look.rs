//! What a blank looks like: one accent, greys and white, and two tints that
//! mean "still missing" and "please check".

use rust_xlsxwriter::{Color, FontScheme, Format, FormatAlign, FormatBorder};

use crate::catalogue::{Column, Kind, Shown, Table};
use crate::locale::{Lang, width};

/// The font people have on Windows and in Office for Mac; others fall back.
pub(super) const FONT: &str = "微软雅黑";

const ACCENT: u32 = 0x1F4E79;
const TINT: u32 = 0xDCE6F1;
const INK: u32 = 0x262626;
const GREY: u32 = 0x6B7280;
const LINE: u32 = 0xD5D9DE;
const CALC: u32 = 0xF3F4F6;
const EXAMPLE: u32 = 0x8A8F98;
const MISSING: u32 = 0xFBE3E0;
const CHECK: u32 = 0xFFF2CC;
const GOOD: u32 = 0x2E7D32;
const WARN: u32 = 0xB26A00;

/// The tab colour of core tables, and of the guide.
pub(super) const TAB_CORE: Color = Color::RGB(ACCENT);
/// The tab colour of optional tables.
pub(super) const TAB_OPTIONAL: Color = Color::RGB(0xB8C4D2);

/// The heights of rows, in points.
pub(super) mod height {
    pub const TITLE: f64 = 36.0;
    pub const HEADER: f64 = 37.5;
    pub const FORM_HEADER: f64 = 27.0;
    /// Rows people write in; they grow with what is typed (see `growing`).
    pub const ROW: f64 = 24.0;
    pub const LONG_ITEM: f64 = 57.0;
}

/// The formats of a blank.
pub(super) struct Look {
    base: Format,
}

impl Look {
    pub fn new() -> Look {
        let base = Format::new()
            .set_font_name(FONT)
            .set_font_scheme(FontScheme::None)
            .set_font_size(10)
            .set_font_color(Color::RGB(INK))
            .set_align(FormatAlign::VerticalCenter);
        Look { base }
    }

    pub fn base(&self) -> Format {
        self.base.clone()
    }

    pub fn title(&self) -> Format {
        self.base().set_font_size(16).set_bold().set_font_color(Color::RGB(ACCENT))
    }

    pub fn hint(&self) -> Format {
        self.base().set_font_size(9).set_font_color(Color::RGB(GREY)).set_text_wrap()
    }

    pub fn back(&self) -> Format {
        self.base().set_font_size(9).set_font_color(Color::RGB(GREY))
    }

    /// What is said live above a table.
    pub fn live(&self) -> Format {
        self.base().set_font_size(9).set_bold().set_font_color(Color::RGB(ACCENT))
    }

    pub fn section(&self) -> Format {
        self.base()
            .set_font_size(12)
            .set_bold()
            .set_font_color(Color::RGB(ACCENT))
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(Color::RGB(ACCENT))
    }

    fn boxed(&self) -> Format {
        self.base().set_border(FormatBorder::Thin).set_border_color(Color::RGB(LINE)).set_text_wrap()
    }

    fn indented(&self) -> Format {
        self.boxed().set_align(FormatAlign::Left).set_indent(1)
    }

    /// A header in the accent: required, or of a table of ours.
    pub fn header(&self) -> Format {
        self.indented().set_bold().set_font_color(Color::White).set_background_color(Color::RGB(ACCENT))
    }

    pub fn header_optional(&self) -> Format {
        self.indented().set_bold().set_font_color(Color::RGB(ACCENT)).set_background_color(Color::RGB(TINT))
    }

    pub fn header_computed(&self) -> Format {
        self.indented().set_bold().set_font_color(Color::RGB(GREY)).set_background_color(Color::RGB(0xE5E7EB))
    }

    /// The header over a column, or the label beside an item.
    pub fn header_of(&self, column: &Column) -> Format {
        match (column.kind, column.required) {
            (Kind::Calc, _) => self.header_computed(),
            (_, true) => self.header(),
            _ => self.header_optional(),
        }
    }

    pub fn body(&self) -> Format {
        self.indented()
    }

    pub fn centred(&self) -> Format {
        self.boxed().set_align(FormatAlign::Center)
    }

    pub fn link(&self) -> Format {
        self.indented().set_font_color(Color::RGB(0x0B5CAD)).set_bold()
    }

    pub fn example(&self) -> Format {
        self.indented().set_font_color(Color::RGB(EXAMPLE)).set_italic()
    }

    pub fn note(&self) -> Format {
        self.base().set_font_size(9).set_font_color(Color::RGB(GREY)).set_text_wrap()
    }

    pub fn rule(&self) -> Format {
        self.base().set_text_wrap()
    }

    pub fn figure_label(&self) -> Format {
        self.base().set_font_color(Color::RGB(GREY)).set_background_color(Color::RGB(0xF5F8FB))
    }

    pub fn figure(&self) -> Format {
        self.figure_label()
            .set_font_size(18)
            .set_bold()
            .set_font_color(Color::RGB(ACCENT))
            .set_align(FormatAlign::Left)
    }

    pub fn share(&self) -> Format {
        self.centred().set_num_format("0%")
    }

    /// A cell people write in.
    pub fn input(&self, column: &Column) -> Format {
        let format = match column.kind {
            Kind::Choice | Kind::Yesno | Kind::Date | Kind::Datetime | Kind::Score | Kind::Code => {
                self.centred()
            }
            // Numbers keep to the right, as Excel puts them; what is text beside them to the left.
            Kind::Count
            | Kind::Number
            | Kind::Money
            | Kind::Price
            | Kind::Quantity
            | Kind::Percent
            | Kind::Target
            | Kind::Measure
            | Kind::Duration
            | Kind::Calc => self.boxed(),
            _ => self.body(),
        };
        let format = if column.kind == Kind::Calc {
            format.set_background_color(Color::RGB(CALC)).set_font_color(Color::RGB(GREY))
        } else {
            format
        };
        match number_format(column) {
            Some(code) => format.set_num_format(code),
            None => format,
        }
    }

    /// The tint of something required that is still empty.
    pub fn missing(&self) -> Format {
        Format::new().set_background_color(Color::RGB(MISSING))
    }

    /// The tint of something unlikely.
    pub fn check(&self) -> Format {
        Format::new().set_background_color(Color::RGB(CHECK)).set_font_color(Color::RGB(0x7A5B00))
    }

    pub fn good(&self) -> Format {
        Format::new().set_font_color(Color::RGB(GOOD)).set_bold()
    }

    pub fn warn(&self) -> Format {
        Format::new().set_font_color(Color::RGB(WARN)).set_bold()
    }

    pub fn faint(&self) -> Format {
        Format::new().set_font_color(Color::RGB(0x9AA1AB))
    }
}

fn number_format(column: &Column) -> Option<&'static str> {
    let by_kind = match column.kind {
        // As text, so that 001 stays 001 and 10-15 does not become a date.
        Kind::Code | Kind::Text | Kind::Period | Kind::List | Kind::TargetOrText => Some("@"),
        Kind::Money | Kind::Price => Some("¥#,##0.00"),
        Kind::Count => Some("#,##0"),
        Kind::Percent => Some("0.0%"),
        Kind::Date => Some("yyyy-mm-dd"),
        Kind::Datetime => Some("yyyy-mm-dd hh:mm"),
        _ => None,
    };
    match column.shown {
        Some(Shown::Percent) => Some("0.0%"),
        Some(Shown::Money) => Some("¥#,##0.00;-¥#,##0.00"),
        Some(Shown::Number) => Some("#,##0"),
        Some(Shown::Ratio) => Some("0.00"),
        Some(Shown::Text) => None,
        None => by_kind,
    }
}

/// How wide a column is, in characters: its kind's width, widened for its header on two lines and its choices.
pub(super) fn column_width(
    column: &Column,
    header: &str,
    choices: &[String],
    table: &Table,
    lang: Lang,
) -> f64 {
    let by_kind: f64 = match column.kind {
        Kind::Long => 34.0,
        Kind::Text | Kind::TargetOrText | Kind::List => 20.0,
        Kind::Period => 23.0,
        Kind::Datetime => 18.0,
        Kind::Money | Kind::Price | Kind::Target | Kind::Measure => 15.0,
        Kind::Date | Kind::Person | Kind::Dept | Kind::Duration | Kind::Quantity => 13.0,
        Kind::Calc | Kind::Count | Kind::Number | Kind::Code => 12.0,
        Kind::Choice | Kind::Open | Kind::Percent | Kind::Score | Kind::Yesno => 11.0,
    };
    // Four characters of room: the filter button, and the blank at either side.
    let header = match lang {
        Lang::En if width(header) <= 14 => width(header) + 4,
        Lang::En => longest_word(header).max(width(header).div_ceil(2)) + 4,
        _ => width(header).div_ceil(2) + 4,
    };
    let prefilled =
        table.rows.iter().filter_map(|row| row.get(&column.id)).map(|words| width(&words.get(lang)));
    let longest = choices.iter().map(|choice| width(choice)).chain(prefilled).max().unwrap_or(0) + 3;
    let natural = by_kind.max(header as f64).max((longest as f64).min(28.0));
    column.width.map_or(natural, |declared| declared.max(header as f64))
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(width).max().unwrap_or(0)
}

/// The height that shows a text of small print over so many characters of width.
pub(super) fn note_height(text: &str, characters: f64) -> f64 {
    lines(text, characters) * 14.0 + 8.0
}

/// The height of a row of a reference table: what its fullest cell needs.
pub(super) fn row_height<'a>(cells: impl IntoIterator<Item = (&'a str, f64)>) -> f64 {
    let fullest = cells.into_iter().map(|(text, width)| lines(text, width - 3.0)).fold(1.0, f64::max);
    fullest * 15.0 + 3.0
}

fn lines(text: &str, characters: f64) -> f64 {
    (width(text) as f64 * 1.05 / characters).ceil().max(1.0)
}
