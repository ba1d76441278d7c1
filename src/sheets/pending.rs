//! 合并-待定: what copies of this campaign say differently.

use super::{Board, Ctx, Sheet};
use crate::asked;
use crate::page::{Page, Tab};
use crate::review::Review;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "pending", text: include_str!("../asked/words.toml"), tab: Tab::Action, wanted, fill };

fn wanted(review: &Review<'_>) -> bool {
    review.merge.as_ref().is_some_and(|merge| !merge.pending.is_empty())
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board) {
    if let Some(merge) = &ctx.review.merge {
        asked::fill(page, &[(ctx.review.name(), merge)], ctx.review.catalogue, ctx.lang);
    }
}
