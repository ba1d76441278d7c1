//! What roles and shapes look like: one palette, few formats, each built once.
//!
//! Restrained on purpose: one deep blue, greys and white; green, amber and red
//! only where something is judged, and then the word is always in the text.

use std::collections::HashMap;

use rust_xlsxwriter::{Color, FontScheme, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::locale::Lang;
use crate::page::{Ink, Role, Shape, Tab, TimeUnit};

/// The font of everything we write.
pub(super) const FONT: &str = "微软雅黑";

/// The palette.
pub(super) mod ink {
    /// The one accent.
    pub const ACCENT: u32 = 0x1F4E79;
    /// The accent, quieter: second series, links.
    pub const MID: u32 = 0x2E75B6;
    /// The accent, lighter still: third slices.
    pub const SOFT: u32 = 0x9DC3E6;
    /// Ground of headers.
    pub const HEADER: u32 = 0xE3ECF5;
    /// Ground of key figures and totals.
    pub const TINT: u32 = 0xF3F7FB;
    /// Bars behind numbers.
    pub const BAR: u32 = 0xBDD7EE;
    /// Rules between rows, gridlines.
    pub const RULE: u32 = 0xD9DEE4;
    /// Plan and comparison.
    pub const PLAN: u32 = 0xB4BCC6;
    /// Small print.
    pub const GREY: u32 = 0x6B7280;
    /// Running text.
    pub const TEXT: u32 = 0x262B33;
    /// Good news, as text and as ground.
    pub const GOOD: (u32, u32) = (0x1B7A45, 0xE5F4EA);
    /// Needs attention.
    pub const WARN: (u32, u32) = (0x8F5600, 0xFFF3D6);
    /// Bad.
    pub const BAD: (u32, u32) = (0xB3261E, 0xFCE6E4);
    /// Solid amber for bars and lines.
    pub const AMBER: u32 = 0xE0A030;
    /// Solid green.
    pub const GREEN: u32 = 0x4C9F70;
    /// Solid red.
    pub const RED: u32 = 0xC9504A;
    /// The dark end of a heat map.
    pub const HEAT: u32 = 0xF0907F;
    /// Cells people may change.
    pub const INPUT: u32 = 0xFFF9DB;
}

/// Where text stands in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

/// Everything a format depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Look {
    pub role: Role,
    pub shape: Shape,
    pub align: Align,
    /// Text breaks into lines.
    pub wrap: bool,
    /// Leads somewhere.
    pub link: bool,
    /// Text that would become a formula on editing.
    pub quoted: bool,
}

/// The formats in use, each built once.
pub(super) struct Styles {
    lang: Lang,
    built: HashMap<Look, Format>,
}

impl Styles {
    pub fn new(lang: Lang) -> Styles {
        Styles { lang, built: HashMap::new() }
    }

    pub fn format(&mut self, look: Look) -> &Format {
        let lang = self.lang;
        self.built.entry(look).or_insert_with(|| build(look, lang))
    }
}

fn build(look: Look, lang: Lang) -> Format {
    let mut format = font(Format::new(), size(look.role), text_color(look.role))
        .set_align(FormatAlign::VerticalCenter)
        .set_align(match look.align {
            Align::Left => FormatAlign::Left,
            Align::Center => FormatAlign::Center,
            Align::Right => FormatAlign::Right,
        });
    if let Some(code) = number_format(look.shape, lang) {
        format = format.set_num_format(code);
    }
    format = match look.role {
        Role::Title => format.set_bold(),
        Role::Section => {
            format.set_bold().set_border_bottom(FormatBorder::Medium).set_border_bottom_color(ink::ACCENT)
        }
        Role::Header => ruled(format.set_bold(), ink::HEADER)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(ink::ACCENT),
        Role::Body => rule(format),
        Role::Total => ruled(format.set_bold(), ink::TINT)
            .set_border_top(FormatBorder::Thin)
            .set_border_top_color(ink::ACCENT)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(ink::ACCENT),
        Role::Conclusion => format.set_bold(),
        Role::Headline => ruled(format.set_bold(), ink::TINT),
        Role::FigureLabel => gap(ruled(format, ink::TINT))
            .set_border_top(FormatBorder::Medium)
            .set_border_top_color(ink::ACCENT),
        Role::Figure => gap(ruled(format.set_bold(), ink::TINT)),
        Role::FigureNote => gap(ruled(format, ink::TINT)),
        Role::Good => rule(ruled(format, ink::GOOD.1)),
        Role::Warn => rule(ruled(format, ink::WARN.1)),
        Role::Bad => rule(ruled(format, ink::BAD.1)),
        Role::Input => ruled(format, ink::INPUT)
            .set_border(FormatBorder::Thin)
            .set_border_color(ink::RULE)
            .set_unlocked(),
        Role::Subtitle | Role::Note | Role::Paragraph => format,
    };
    if look.wrap {
        format = format.set_text_wrap();
    } else if look.role == Role::Figure || look.align != Align::Left {
        // A number without room would be no number any more.
        format = format.set_shrink();
    }
    if look.align != Align::Center && indented(look.role) {
        format = format.set_indent(1);
    }
    if look.link {
        format = format.set_font_color(Color::RGB(ink::MID)).set_underline(FormatUnderline::Single);
    }
    if look.quoted {
        format = format.set_quote_prefix();
    }
    format
}

/// Our font in a size and a colour.
fn font(format: Format, size: f64, color: u32) -> Format {
    format
        .set_font_name(FONT)
        .set_font_scheme(FontScheme::None)
        .set_font_charset(134)
        .set_font_size(size)
        .set_font_color(Color::RGB(color))
}

fn ruled(format: Format, ground: u32) -> Format {
    format.set_background_color(Color::RGB(ground))
}

fn rule(format: Format) -> Format {
    format.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(Color::RGB(ink::RULE))
}

/// A white edge parts a key figure from the next.
fn gap(format: Format) -> Format {
    format.set_border_right(FormatBorder::Thick).set_border_right_color(Color::RGB(0xFFFFFF))
}

/// Whether cells of a role have an edge or a ground of their own.
pub(super) fn frames(role: Role) -> bool {
    !matches!(role, Role::Title | Role::Subtitle | Role::Note | Role::Paragraph | Role::Conclusion)
}

/// What stands in tables keeps a little off the edge, so that words and numbers never touch.
pub(super) fn indented(role: Role) -> bool {
    matches!(
        role,
        Role::Header
            | Role::Body
            | Role::Total
            | Role::Good
            | Role::Warn
            | Role::Bad
            | Role::Input
            | Role::Figure
            | Role::FigureLabel
    )
}

/// Points. Nothing is smaller than ten: a page is printed at four fifths at the least, see `measure::LEAST_SCALE`.
pub(super) fn size(role: Role) -> f64 {
    match role {
        Role::Title => 18.0,
        Role::Section => 12.0,
        Role::Figure => 20.0,
        Role::Headline => 14.0,
        Role::Paragraph | Role::Conclusion => 10.5,
        _ => 10.0,
    }
}

fn text_color(role: Role) -> u32 {
    match role {
        Role::Title | Role::Section | Role::Header | Role::Figure | Role::Headline => ink::ACCENT,
        Role::Subtitle | Role::Note | Role::FigureLabel | Role::FigureNote => ink::GREY,
        Role::Good => ink::GOOD.0,
        Role::Warn => ink::WARN.0,
        Role::Bad => ink::BAD.0,
        _ => ink::TEXT,
    }
}

/// Text and ground of a judgement, for rules that colour by value.
pub(super) fn judged(role: Role) -> Format {
    let (text, ground) = match role {
        Role::Good => ink::GOOD,
        Role::Warn => ink::WARN,
        Role::Bad => ink::BAD,
        _ => (ink::ACCENT, ink::TINT),
    };
    Format::new().set_font_color(Color::RGB(text)).set_background_color(Color::RGB(ground))
}

/// The number format of a shape; `None` for General.
///
/// 万 is written `0\.0,` — a thousand and a shifted point — because no program
/// divides by ten thousand; `!` instead of `\` would be a literal outside Excel.
pub(super) fn number_format(shape: Shape, lang: Lang) -> Option<&'static str> {
    Some(match shape {
        Shape::General | Shape::Wrapped => return None,
        Shape::Integer => "#,##0",
        Shape::Decimal => "#,##0.00",
        Shape::Percent => "0.0%",
        Shape::PercentSigned => "+0.0%;-0.0%;0.0%",
        Shape::Money => "¥#,##0;-¥#,##0",
        Shape::Wan => match lang {
            Lang::Zh => "0\\.0,\"万\"",
            Lang::ZhHant => "0\\.0,\"萬\"",
            Lang::En => "#,##0,\"k\"",
        },
        Shape::Ratio => "0.00",
        Shape::Date => "yyyy-mm-dd",
        // What happened within a campaign: its year is on the page.
        Shape::Moment => "mm-dd hh:mm",
        Shape::Points => match lang {
            Lang::Zh => "+0.0\"个百分点\";-0.0\"个百分点\";0.0\"个百分点\"",
            Lang::ZhHant => "+0.0\"個百分點\";-0.0\"個百分點\";0.0\"個百分點\"",
            Lang::En => "+0.0\" pp\";-0.0\" pp\";0.0\" pp\"",
        },
        Shape::Duration(unit) => match (unit, lang) {
            (TimeUnit::Second, Lang::Zh | Lang::ZhHant) => "#,##0.0\"秒\"",
            (TimeUnit::Minute, Lang::Zh) => "#,##0.0\"分钟\"",
            (TimeUnit::Minute, Lang::ZhHant) => "#,##0.0\"分鐘\"",
            (TimeUnit::Hour, Lang::Zh) => "#,##0.0\"小时\"",
            (TimeUnit::Hour, Lang::ZhHant) => "#,##0.0\"小時\"",
            (TimeUnit::Day, Lang::Zh | Lang::ZhHant) => "#,##0.0\"天\"",
            (TimeUnit::Second, Lang::En) => "#,##0.0\" s\"",
            (TimeUnit::Minute, Lang::En) => "#,##0.0\" min\"",
            (TimeUnit::Hour, Lang::En) => "#,##0.0\" h\"",
            (TimeUnit::Day, Lang::En) => "#,##0.0\" d\"",
        },
    })
}

/// The colour of a series; `None` where it is not drawn.
pub(super) fn series_color(ink: Ink) -> Option<u32> {
    Some(match ink {
        Ink::Accent => ink::ACCENT,
        Ink::Second => ink::MID,
        Ink::Plan => ink::PLAN,
        Ink::Good => ink::GREEN,
        Ink::Warn => ink::AMBER,
        Ink::Bad => ink::RED,
        Ink::None => return None,
    })
}

/// Colours of slices, in order; neighbours differ in lightness, not only in hue.
pub(super) const SLICES: [u32; 8] =
    [ink::ACCENT, ink::SOFT, ink::MID, ink::PLAN, ink::GREEN, 0xF0CF8E, 0x7A6C9D, ink::GREY];

/// The colour of a tab.
pub(super) fn tab_color(tab: Tab) -> u32 {
    match tab {
        Tab::First => ink::ACCENT,
        Tab::Analysis => ink::MID,
        Tab::Action => ink::AMBER,
        Tab::Appendix => ink::PLAN,
    }
}
