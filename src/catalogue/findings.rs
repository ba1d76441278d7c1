//! What reading may say about structure and cells; the words lie beside, in `findings/`.

use crate::code;
use crate::diagnostic::Code;
use crate::mark::Mended::{Unless, WhenCalculated};
use crate::mark::{is_blank, is_error, is_negative, is_no_score, is_over_one};

code!(pub SHEET_RENAMED = "sheet-renamed", Note, Structure, "findings/sheet_renamed.toml");
code!(pub HEADER_MOVED = "header-moved", Note, Structure, "findings/header_moved.toml");
code!(pub HEADER_RENAMED = "header-renamed", Note, Structure, "findings/header_renamed.toml");
code!(pub COLUMNS_REORDERED = "columns-reordered", Note, Structure, "findings/columns_reordered.toml");
code!(pub REQUIRED_COLUMN_MISSING = "required-column-missing", Error, Structure, "findings/required_column_missing.toml");
code!(pub DUPLICATE_HEADER = "duplicate-header", Error, Structure, "findings/duplicate_header.toml");
code!(pub AMBIGUOUS_HEADER = "ambiguous-header", Error, Structure, "findings/ambiguous_header.toml");
code!(pub AMBIGUOUS_TABLE = "ambiguous-table", Error, Structure, "findings/ambiguous_table.toml");
code!(pub WHICH_TABLE = "which-table", Warning, Structure, "findings/which_table.toml");
code!(pub ANSWER_NOT_UNDERSTOOD = "answer-not-understood", Warning, Structure, "findings/answer_not_understood.toml");
code!(pub ANSWERS_OBEYED = "answers-obeyed", Note, Structure, "findings/answers_obeyed.toml");
code!(pub UNIT_NOTE_APPLIED = "unit-note-applied", Note, Structure, "findings/unit_note_applied.toml");
code!(pub UNIT_NOTE_UNCLEAR = "unit-note-unclear", Warning, Structure, "findings/unit_note_unclear.toml");
code!(pub EXTRA_COLUMN = "extra-column", Note, Structure, "findings/extra_column.toml");
code!(pub EXTRA_SHEET = "extra-sheet", Note, Structure, "findings/extra_sheet.toml");
code!(pub SHEET_NOT_RECOGNISED = "sheet-not-recognised", Warning, Structure, "findings/sheet_not_recognised.toml");
code!(pub TABLE_TWICE = "table-twice", Warning, Structure, "findings/table_twice.toml");
code!(pub SAME_FIGURES = "same-figures", Warning, Structure, "findings/same_figures.toml");
code!(pub TABLE_COPIED = "table-copied", Note, Structure, "findings/table_copied.toml");
code!(pub TABLE_SPLIT = "table-split", Note, Structure, "findings/table_split.toml");
code!(pub HIDDEN_DATA = "hidden-data", Note, Structure, "findings/hidden_data.toml");
code!(pub DATA_BELOW_GAP = "data-below-gap", Note, Structure, "findings/data_below_gap.toml");
code!(pub TOTAL_ROW = "total-row", Note, Structure, "findings/total_row.toml");
code!(pub STATISTIC_ROW = "statistic-row", Note, Structure, "findings/statistic_row.toml");
code!(pub MERGED_ROWS = "merged-rows", Note, Structure, "findings/merged_rows.toml");
code!(pub MERGED_AMOUNT = "merged-amount", Warning, Structure, "findings/merged_amount.toml");
code!(pub CORE_TABLE_MISSING = "core-table-missing", Warning, Structure, "findings/core_table_missing.toml");
code!(pub TABLE_MISSING = "table-missing", Note, Structure, "findings/table_missing.toml");
code!(pub NO_TABLE_RECOGNISED = "no-table-recognised", Error, File, "findings/no_table_recognised.toml");
code!(pub NEWER_TEMPLATE = "newer-template", Warning, File, "findings/newer_template.toml");
code!(pub OLDER_TEMPLATE = "older-template", Note, File, "findings/older_template.toml");
code!(pub HAS_MACROS = "has-macros", Note, File, "findings/has_macros.toml");
code!(pub EXTERNAL_LINKS = "external-links", Note, File, "findings/external_links.toml");
code!(pub EMBEDDED_OBJECTS = "embedded-objects", Note, File, "findings/embedded_objects.toml");
code!(pub WORKBOOK_PROTECTED = "workbook-protected", Note, File, "findings/workbook_protected.toml");
code!(pub SIGNATURE = "digital-signature", Warning, File, "findings/digital_signature.toml");
code!(pub SHARED_WORKBOOK = "shared-workbook", Note, File, "findings/shared_workbook.toml");
code!(pub EXTENSION_LIES = "extension-lies", Note, File, "findings/extension_lies.toml");
code!(pub OTHER_SHEET = "other-sheet", Note, Structure, "findings/other_sheet.toml");
code!(pub TYPED_ON_OURS = "typed-on-generated-sheet", Warning, Structure, "findings/typed_on_generated_sheet.toml");
code!(pub COPIED_SHEET = "copied-sheet", Note, Structure, "findings/copied_sheet.toml");
code!(pub FAR_CELL = "far-cell", Note, Structure, "findings/far_cell.toml");
code!(pub IDENTITY_CONTRADICTION = "identity-contradiction", Warning, Structure, "findings/identity_contradiction.toml");
code!(pub MISSING_REQUIRED = "missing-required", Error, Cell, "findings/missing_required.toml", Unless(is_blank));
code!(pub PLACEHOLDER_LEFT = "placeholder-left", Warning, Cell, "findings/placeholder_left.toml");
code!(pub UNREADABLE_NUMBER = "unreadable-number", Error, Cell, "findings/unreadable_number.toml");
code!(pub UNREADABLE_PERCENT = "unreadable-percent", Error, Cell, "findings/unreadable_percent.toml");
code!(pub UNREADABLE_DATE = "unreadable-date", Error, Cell, "findings/unreadable_date.toml");
code!(pub UNREADABLE_PERIOD = "unreadable-period", Error, Cell, "findings/unreadable_period.toml");
code!(pub UNREADABLE_TARGET = "unreadable-target", Error, Cell, "findings/unreadable_target.toml");
code!(pub UNREADABLE_MEASURE = "unreadable-measure", Error, Cell, "findings/unreadable_measure.toml");
code!(pub UNREADABLE_DURATION = "unreadable-duration", Error, Cell, "findings/unreadable_duration.toml");
code!(pub UNREADABLE_PRICE = "unreadable-price", Error, Cell, "findings/unreadable_price.toml");
code!(pub UNREADABLE_QUANTITY = "unreadable-quantity", Error, Cell, "findings/unreadable_quantity.toml");
code!(pub UNREADABLE_SCORE = "unreadable-score", Error, Cell, "findings/unreadable_score.toml");
code!(pub UNREADABLE_YESNO = "unreadable-yesno", Error, Cell, "findings/unreadable_yesno.toml");
code!(pub AMBIGUOUS_VALUE = "ambiguous-value", Error, Cell, "findings/ambiguous_value.toml");
code!(pub NOT_IN_LIST = "not-in-list", Error, Cell, "findings/not_in_list.toml");
code!(pub CHOICE_ALIAS = "choice-alias", Note, Cell, "findings/choice_alias.toml");
code!(pub PERCENT_AS_WHOLE_NUMBER = "percent-as-whole-number", Warning, Cell, "findings/percent_as_whole_number.toml", Unless(is_over_one));
code!(pub UNIT_CONTRADICTS_COLUMN = "unit-contradicts-column", Error, Cell, "findings/unit_contradicts_column.toml");
code!(pub NEGATIVE_VALUE = "negative-value", Error, Cell, "findings/negative_value.toml", Unless(is_negative));
code!(pub RATE_OVER_100 = "rate-over-100", Error, Cell, "findings/rate_over_100.toml");
code!(pub FORMULA_ERROR = "formula-error", Error, Cell, "findings/formula_error.toml", Unless(is_error));
code!(pub FORMULA_WITHOUT_RESULT = "formula-without-result", Warning, Cell, "findings/formula_without_result.toml", WhenCalculated);
code!(pub TEXT_NUMBER = "text-number", Note, Cell, "findings/text_number.toml");
code!(pub TEXT_DATE = "text-date", Note, Cell, "findings/text_date.toml");
code!(pub VAGUE_DATE = "vague-date", Warning, Cell, "findings/vague_date.toml");
code!(pub YEAR_MISSING = "year-missing", Warning, Cell, "findings/year_missing.toml");
code!(pub YEAR_ASSUMED = "year-assumed", Note, Cell, "findings/year_assumed.toml");
code!(pub DATE_1904 = "date-1904", Note, Cell, "findings/date_1904.toml");
code!(pub END_BEFORE_START = "end-before-start", Error, Cell, "findings/end_before_start.toml");
code!(pub SCORE_OUT_OF_RANGE = "score-out-of-range", Error, Cell, "findings/score_out_of_range.toml", Unless(is_no_score));
code!(pub TEXT_TOO_LONG = "text-too-long", Warning, Cell, "findings/text_too_long.toml");
code!(pub SEVERAL_VALUES_IN_CELL = "several-values-in-cell", Error, Cell, "findings/several_values_in_cell.toml");
code!(pub CONTACT_DATA = "contact-data", Warning, Cell, "findings/contact_data.toml");
code!(pub VALUE_TURNED_INTO_DATE = "value-turned-into-date", Error, Cell, "findings/value_turned_into_date.toml");
code!(pub TOO_MANY_DIGITS = "too-many-digits", Warning, Cell, "findings/too_many_digits.toml");
code!(pub FOREIGN_CURRENCY = "foreign-currency", Warning, Cell, "findings/foreign_currency.toml");
code!(pub CURRENCY_CONVERTED = "currency-converted", Note, Cell, "findings/currency_converted.toml");
code!(pub UNIT_BY_ROW = "unit-by-row", Note, Cell, "findings/unit_by_row.toml");
code!(pub PENDING_VALUE = "pending-value", Note, Cell, "findings/pending_value.toml");
code!(pub PICTURE_CELL = "picture-cell", Warning, Cell, "findings/picture_cell.toml");
code!(pub RELATIVE_DATE = "relative-date", Note, Cell, "findings/relative_date.toml");
code!(pub APPROXIMATE_VALUE = "approximate-value", Note, Cell, "findings/approximate_value.toml");

/// Everything reading may say.
pub static CODES: &[&Code] = &[
    &SHEET_RENAMED,
    &HEADER_MOVED,
    &HEADER_RENAMED,
    &COLUMNS_REORDERED,
    &REQUIRED_COLUMN_MISSING,
    &DUPLICATE_HEADER,
    &AMBIGUOUS_HEADER,
    &AMBIGUOUS_TABLE,
    &WHICH_TABLE,
    &ANSWER_NOT_UNDERSTOOD,
    &ANSWERS_OBEYED,
    &UNIT_NOTE_APPLIED,
    &UNIT_NOTE_UNCLEAR,
    &EXTRA_COLUMN,
    &EXTRA_SHEET,
    &SHEET_NOT_RECOGNISED,
    &TABLE_TWICE,
    &TABLE_COPIED,
    &SAME_FIGURES,
    &TABLE_SPLIT,
    &HIDDEN_DATA,
    &DATA_BELOW_GAP,
    &TOTAL_ROW,
    &STATISTIC_ROW,
    &MERGED_ROWS,
    &MERGED_AMOUNT,
    &CORE_TABLE_MISSING,
    &TABLE_MISSING,
    &NO_TABLE_RECOGNISED,
    &NEWER_TEMPLATE,
    &OLDER_TEMPLATE,
    &HAS_MACROS,
    &EXTERNAL_LINKS,
    &EMBEDDED_OBJECTS,
    &WORKBOOK_PROTECTED,
    &SIGNATURE,
    &SHARED_WORKBOOK,
    &EXTENSION_LIES,
    &OTHER_SHEET,
    &TYPED_ON_OURS,
    &COPIED_SHEET,
    &FAR_CELL,
    &IDENTITY_CONTRADICTION,
    &MISSING_REQUIRED,
    &PLACEHOLDER_LEFT,
    &UNREADABLE_NUMBER,
    &UNREADABLE_PERCENT,
    &UNREADABLE_DATE,
    &UNREADABLE_PERIOD,
    &UNREADABLE_TARGET,
    &UNREADABLE_MEASURE,
    &UNREADABLE_DURATION,
    &UNREADABLE_PRICE,
    &UNREADABLE_QUANTITY,
    &UNREADABLE_SCORE,
    &UNREADABLE_YESNO,
    &AMBIGUOUS_VALUE,
    &NOT_IN_LIST,
    &CHOICE_ALIAS,
    &PERCENT_AS_WHOLE_NUMBER,
    &UNIT_CONTRADICTS_COLUMN,
    &NEGATIVE_VALUE,
    &RATE_OVER_100,
    &FORMULA_ERROR,
    &FORMULA_WITHOUT_RESULT,
    &TEXT_NUMBER,
    &TEXT_DATE,
    &VAGUE_DATE,
    &YEAR_MISSING,
    &YEAR_ASSUMED,
    &DATE_1904,
    &END_BEFORE_START,
    &SCORE_OUT_OF_RANGE,
    &TEXT_TOO_LONG,
    &SEVERAL_VALUES_IN_CELL,
    &CONTACT_DATA,
    &VALUE_TURNED_INTO_DATE,
    &TOO_MANY_DIGITS,
    &FOREIGN_CURRENCY,
    &CURRENCY_CONVERTED,
    &UNIT_BY_ROW,
    &PENDING_VALUE,
    &PICTURE_CELL,
    &RELATIVE_DATE,
    &APPROXIMATE_VALUE,
];
