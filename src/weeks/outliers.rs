//! Figures unlike those before: against the campaign's own weeks, and against the last of its type.

use std::collections::BTreeMap;

use super::Seen;
use crate::record::weeks::{Against, Figures, Outlier};

/// Fewer values say nothing of what is usual.
const LEAST: usize = 4;
/// So many robust deviations from the median are unusual; 3.5 is what Iglewicz and Hoaglin recommend.
const FAR: f64 = 3.5;
/// A robust deviation of normal values is the median absolute deviation times this.
const ROBUST: f64 = 1.4826;
/// Nearer to the median than this share of it is nothing to tell anybody, however steady the weeks were.
const NEAR: f64 = 0.2;

type Figure = (&'static str, fn(&Figures) -> Option<f64>);

/// What is followed. Spend and revenue only grow while a campaign runs, so their ratio is.
const FOLLOWED: &[Figure] =
    &[("composite", |it| it.composite), ("roi", |it| it.roi), ("execution", |it| it.execution)];

/// Figures of this week that are unlike those before, campaign by campaign.
pub(super) fn tell(histories: &[Vec<Seen<'_>>]) -> Vec<Outlier> {
    let mut types: BTreeMap<&str, Vec<(usize, &Figures)>> = BTreeMap::new();
    for (n, seen) in histories.iter().enumerate() {
        if let Some(kept) =
            seen.iter().rev().find_map(|seen| seen.kept).filter(|kept| !kept.of.kind.is_empty())
        {
            types.entry(kept.of.kind.trim()).or_default().push((n, &kept.figures));
        }
    }
    let mut outliers = Vec::new();
    for (n, seen) in histories.iter().enumerate() {
        let Some((now, before)) = seen.split_last() else { continue };
        let Some(kept) = now.kept else { continue };
        let own = || before.iter().filter_map(|seen| seen.kept).map(|kept| &kept.figures);
        let akin = || types.get(kept.of.kind.trim()).into_iter().flatten().filter(|(m, _)| *m != n);
        for (figure, value) in FOLLOWED {
            let Some(is) = value(&kept.figures) else { continue };
            let histories = [
                (Against::Own, own().filter_map(value).collect::<Vec<f64>>()),
                (Against::Type, akin().filter_map(|(_, it)| value(it)).collect()),
            ];
            let unlike = histories.into_iter().find_map(|(against, values)| {
                let n = values.len();
                unusual(is, values).map(|usual| (against, usual, n))
            });
            outliers.extend(unlike.map(|(against, usual, n)| Outlier {
                campaign: kept.of.campaign.clone(),
                figure: (*figure).to_owned(),
                value: is,
                usual,
                against,
                n,
            }));
        }
    }
    outliers
}

/// The median, where a value is far from it.
fn unusual(value: f64, mut before: Vec<f64>) -> Option<f64> {
    if before.len() < LEAST {
        return None;
    }
    let usual = median(&mut before);
    let mut deviations: Vec<f64> = before.iter().map(|it| (it - usual).abs()).collect();
    let spread = ROBUST * median(&mut deviations);
    let far = (value - usual).abs();
    (far > FAR * spread && far > NEAR * usual.abs()).then_some(usual)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_from_the_usual_is_told() {
        let before = vec![0.9, 0.92, 0.91, 0.93, 0.9];
        assert_eq!(unusual(0.4, before.clone()), Some(0.91));
        assert_eq!(unusual(0.95, before.clone()), None, "near enough");
        assert_eq!(unusual(0.4, before[..3].to_vec()), None, "three weeks say nothing of what is usual");
        assert_eq!(unusual(1.0, vec![1.0; 6]), None);
        assert_eq!(unusual(0.7, vec![1.0; 6]), Some(1.0), "a steady figure that jumps");
    }
}
