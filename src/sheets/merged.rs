//! 合并记录: everything that was written into this workbook from other copies, cell by cell.

use super::{Board, Ctx, Sheet, link};
use crate::asked::when;
use crate::cell::CellRef;
use crate::page::{Page, PageCell, Role, Shape, Tab};
use crate::review::Review;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "merged", text: include_str!("merged.toml"), tab: Tab::Appendix, wanted, fill };

const COLUMNS: u32 = 11;

fn wanted(review: &Review<'_>) -> bool {
    review.merge.is_some()
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board) {
    let Some(merge) = &ctx.review.merge else { return };
    page.set_widths(&[5.0, 14.0, 22.0, 18.0, 24.0, 14.0, 20.0, 20.0, 30.0, 12.0, 18.0]);
    ctx.heading(page, COLUMNS);
    let (n, taken) = (merge.copies.len().to_string(), merge.taken.to_string());
    page.line(
        Role::Note,
        COLUMNS,
        ctx.say("how", &[("n", &n), ("host", &merge.host), ("taken", &taken)]),
    );
    page.skip(1);
    let header = page.next_row();
    page.row(
        Role::Header,
        ctx.words(["order", "what", "place", "table", "row", "column", "was", "is", "file", "by", "when"]),
    );
    page.freeze = Some(CellRef::new(header + 1, 0));
    page.repeat_rows = Some((header, header));
    for (order, line) in merge.lines.iter().enumerate() {
        let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
        let what = serde_json::to_value(line.what).ok();
        let what = what.as_ref().and_then(|what| what.as_str()).map(|key| ctx.word(key)).unwrap_or_default();
        let table = ctx.review.catalogue.tables.get(&line.table);
        let column = table.and_then(|table| table.column(&line.column));
        page.row(
            Role::Body,
            [
                PageCell::from(order as f64 + 1.0).shaped(Shape::Integer),
                wrapped(&what),
                line.at.as_ref().map_or_else(PageCell::default, |at| link(&at.to_string(), Some(at))),
                wrapped(&table.map(|table| table.label.get(ctx.lang)).unwrap_or_default()),
                wrapped(&line.row),
                wrapped(&column.map_or_else(
                    || line.column.trim_start_matches('+').to_owned(),
                    |column| column.label.get(ctx.lang),
                )),
                wrapped(&line.was),
                wrapped(&line.is),
                wrapped(&line.file),
                wrapped(&line.by),
                wrapped(&when(&line.at_time)),
            ],
        );
    }
}
