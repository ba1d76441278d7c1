//! The target a day's remark names, for days that no goal is set for (D1: 点击率低于目标值(8%)3个百分点).

use crate::catalogue::record::Field;
use crate::expr::{Expr, Normalised};
use crate::locale::fold;
use crate::quantity::remark_target::named_rates;

use super::Watched;

/// The target of that rate a remark names, with the cell it was read from.
pub(super) fn target(remark: &Field<String>, watched: Watched) -> Expr {
    let part = match watched {
        Watched::Ctr => "ctr-target",
        _ => "cvr-target",
    };
    let named = named_rates(remark.as_str()).into_iter().find(|(before, _)| about(before) == Some(watched));
    match (&remark.at, named) {
        (Some(at), Some((_, value))) => {
            let text = remark.as_str().to_owned();
            Normalised { at: at.clone(), text, part, value }.into()
        }
        _ => Expr::nothing(),
    }
}

/// The rate named last before the target.
fn about(before: &str) -> Option<Watched> {
    let before = fold(before);
    let last = |words: [&str; 2]| words.iter().filter_map(|word| before.rfind(word)).max();
    let (clicks, conversions) = (last(["点击率", "ctr"]), last(["转化率", "cvr"]));
    match clicks.max(conversions) {
        None => None,
        found if found == clicks => Some(Watched::Ctr),
        _ => Some(Watched::Cvr),
    }
}
