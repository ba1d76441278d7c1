//! Rules of a page that live on in the workbook: colours by value, dropdowns.
//!
//! A rule asks first whether there is a number at all: in Excel a text is
//! larger than any number, and unknown must not turn green.

use std::sync::Arc;

use rust_xlsxwriter::{
    Color, ConditionalFormat2ColorScale, ConditionalFormatCell, ConditionalFormatCellRule,
    ConditionalFormatDataBar, ConditionalFormatFormula, ConditionalFormatType, DataValidation,
    DataValidationErrorStyle, Formula, Worksheet, XlsxError,
};

use crate::cell::{Area, CellRef};
use crate::page::{Dress, Page, Role, Tab};

use super::style::{self, ink};
use super::text;

/// Adds a rule to its sheet.
pub(super) fn dress(sheet: &mut Worksheet, dress: &Dress) -> Result<(), XlsxError> {
    match dress {
        Dress::Bar(area) => {
            let bar = ConditionalFormatDataBar::new()
                .set_fill_color(Color::RGB(ink::BAR))
                .set_solid_fill(true)
                .set_border_off(true)
                .set_minimum(ConditionalFormatType::Number, 0);
            add(sheet, area, &bar)
        }
        Dress::Bands { area, good, bad } => {
            let first = area.first;
            for (role, test) in [
                (Role::Good, format!("{first}>={good}")),
                (Role::Bad, format!("{first}<{bad}")),
                (Role::Warn, format!("{first}<{good}")),
            ] {
                let rule = ConditionalFormatFormula::new()
                    .set_rule(Formula::new(format!("AND(ISNUMBER({first}),{test})")))
                    .set_format(style::judged(role))
                    .set_stop_if_true(true);
                add(sheet, area, &rule)?;
            }
            Ok(())
        }
        Dress::Word { area, word, role } => {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(text::line(word, 255)))
                .set_format(style::judged(*role));
            add(sheet, area, &rule)
        }
        Dress::Heat(area) => {
            let scale = ConditionalFormat2ColorScale::new()
                .set_minimum_color(Color::RGB(0xFFFFFF))
                .set_maximum_color(Color::RGB(ink::HEAT));
            add(sheet, area, &scale)
        }
    }
}

fn add<T: rust_xlsxwriter::ConditionalFormat + Send + Sync>(
    sheet: &mut Worksheet,
    area: &Area,
    rule: &T,
) -> Result<(), XlsxError> {
    sheet
        .add_conditional_format(
            area.first.row,
            super::column(area.first.col)?,
            area.last.row,
            super::column(area.last.col)?,
            rule,
        )
        .map(drop)
}

/// Where the choices of a dropdown stand.
pub(super) enum Choices {
    /// In the rule itself.
    Inline(Vec<String>),
    /// On the sheet of lists.
    On(Arc<str>, Area),
}

/// Excel's limit for choices written into the rule, commas included; beyond it
/// Excel drops every rule of the sheet.
const INLINE_LIMIT: usize = 255;

/// The sheet of lists that the dropdowns of `pages` need, if any do.
#[derive(Default)]
pub(super) struct Lists {
    /// Distinct lists, each a column.
    columns: Vec<Vec<String>>,
}

impl Lists {
    /// Takes in every list too long to stand in its rule.
    pub fn collect(pages: &[Page]) -> Lists {
        let mut lists = Lists::default();
        for (_, choices) in pages.iter().flat_map(|page| &page.dropdowns) {
            if !fits_inline(choices) && !lists.columns.contains(choices) {
                lists.columns.push(choices.clone());
            }
        }
        lists
    }

    /// The hidden page that holds them.
    pub fn page(&self, name: &str) -> Option<Page> {
        if self.columns.is_empty() {
            return None;
        }
        let mut page = Page::new(name, Tab::Appendix);
        page.hidden = true;
        for (col, choices) in (0u32..).zip(&self.columns) {
            for (row, choice) in (0u32..).zip(choices) {
                page.put(CellRef::new(row, col), choice.as_str().into());
            }
        }
        Some(page)
    }

    /// Where these choices stand; `None` for no choices at all.
    pub fn choices(&self, choices: &[String], sheet: &Arc<str>) -> Option<Choices> {
        if choices.is_empty() {
            return None;
        }
        if fits_inline(choices) {
            return Some(Choices::Inline(choices.to_vec()));
        }
        let col = u32::try_from(self.columns.iter().position(|list| list == choices)?).ok()?;
        let last = u32::try_from(choices.len() - 1).ok()?;
        Some(Choices::On(sheet.clone(), Area::new(CellRef::new(0, col), CellRef::new(last, col))))
    }
}

fn fits_inline(choices: &[String]) -> bool {
    let length: usize = choices.iter().map(|choice| text::units(choice) + 1).sum();
    length <= INLINE_LIMIT + 1
        && !choices.iter().any(|choice| choice.contains([',', '"']) || choice != choice.trim())
}

/// Adds a dropdown that warns of anything else but lets it stand.
pub(super) fn dropdown(sheet: &mut Worksheet, area: &Area, choices: Choices) -> Result<(), XlsxError> {
    let rule = match choices {
        Choices::Inline(choices) => DataValidation::new().allow_list_strings(&choices)?,
        Choices::On(name, list) => {
            let range =
                format!("'{}'!{}:{}", name.replace('\'', "''"), list.first.absolute(), list.last.absolute());
            DataValidation::new().allow_list_formula(Formula::new(range))
        }
    };
    sheet
        .add_data_validation(
            area.first.row,
            super::column(area.first.col)?,
            area.last.row,
            super::column(area.last.col)?,
            &rule.set_error_style(DataValidationErrorStyle::Warning),
        )
        .map(drop)
}
