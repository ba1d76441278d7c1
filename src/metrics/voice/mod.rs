//! What people said and what went wrong, counted (spec: `3-metrics` §3.6, §3.7;
//! D0 五, D2 人货场, D3 五、七).

use indexmap::IndexMap;

use crate::campaign::{Feedback, ProblemClass, ProcessDimension, ProcessKind, ProcessNote};
use crate::cell::Place;
use crate::expr::{Expr, Fun, Leaf, Op};
use crate::locale::fold;
use crate::metrics;

use super::{Basis, Figure};
use crate::likeness::alike;

metrics! {
    FEEDBACK_SHARE = "feedback-share",
    TOP_THREE_SHARE = "top-three-share",
    SATISFACTION = "satisfaction",
    PROBLEM_SHARE = "problem-share",
    WHY_DEPTH = "why-depth",
}

/// What people said and what went wrong.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Voice {
    /// Tags by how often they were mentioned, most first.
    pub tags: Vec<Tally>,
    /// What the feedback was about.
    pub objects: Vec<Tally>,
    /// Where it came from.
    pub channels: Vec<Tally>,
    /// 平均满意度.
    pub satisfaction: Figure,
    /// 前三项占比.
    pub top_three: Figure,
    /// Root causes of problems, alike ones together, most frequent first.
    pub roots: Vec<Root>,
    /// Classes of 问题清单, most problems first.
    pub classes: Vec<Class<ProblemClass>>,
    /// 人货场 of the problems of 过程分析表, most first.
    pub dimensions: Vec<Class<ProcessDimension>>,
    /// Every chain of whys, in the order of 过程分析表.
    pub chains: Vec<WhyChain>,
}

/// The problems of one class.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Class<T> {
    /// Which.
    pub class: T,
    /// Rows of the table.
    pub rows: Vec<usize>,
    /// Of all problems that have a class.
    pub share: Figure,
    /// This class and those before it.
    pub cumulative: Expr,
}

/// One 5Why.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WhyChain {
    /// Row of 过程分析表.
    pub row: usize,
    /// Why after why, as far as it was asked.
    pub whys: Vec<String>,
    /// What it ends in.
    pub root: String,
    /// How many whys were answered.
    pub depth: Figure,
}

/// How often one thing was mentioned.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tally {
    /// As first written.
    pub name: String,
    /// Rows of the feedback table.
    pub rows: Vec<usize>,
    /// Mentions.
    pub count: Expr,
    /// Of all mentions.
    pub share: Figure,
}

/// Root causes that say the same.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Root {
    /// As first written.
    pub text: String,
    /// The cell where it was first written.
    pub at: Option<Place>,
    /// Rows of 问题清单.
    pub problems: Vec<usize>,
    /// Rows of 过程分析表.
    pub notes: Vec<usize>,
}

impl Root {
    /// How many problems come from it.
    pub fn count(&self) -> usize {
        self.problems.len() + self.notes.len()
    }
}

/// How many pieces of feedback a row stands for: 数量, or one where it is empty.
pub fn weight(row: &Feedback) -> Expr {
    row.count.expr().known_or(Expr::Num(1.0))
}

/// A part of all mentions.
pub fn share(part: &Expr, all: Expr) -> Expr {
    (part.clone() / Expr::call(Fun::Sum, [all])).known()
}

/// 前三项占比, of counts with the most frequent first.
pub fn top_three(first_three: Expr, all: Expr) -> Expr {
    (Expr::call(Fun::Sum, [first_three]) / Expr::call(Fun::Sum, [all])).known()
}

/// 追问层数: how many of the whys are filled in.
pub fn why_depth(whys: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::call(Fun::CountA, whys)
}

/// 平均满意度, weighted by the pieces of feedback; rows without a score do not count.
pub fn satisfaction(scores: Expr, weights: Expr) -> Expr {
    let scored = Expr::call(Fun::SumIf, [scores.clone(), Expr::text(">=0"), weights.clone()]);
    let mean = Expr::call(Fun::SumProduct, [scores, weights]) / scored.clone();
    scored.op(Op::Gt, 0.0).then(mean, Expr::nothing())
}

/// Counts everything.
pub fn analyse(basis: Basis<'_>) -> Voice {
    let campaign = basis.campaign;
    let rows = &campaign.feedback;
    let tags = tally(rows, |row| row.tags.value.clone().unwrap_or_default());
    let one = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    let counts: Vec<&Expr> = tags.iter().map(|tag| &tag.count).collect();
    let top = top_three(Expr::loose(counts.iter().take(3).copied()), Expr::loose(counts.iter().copied()));
    let scores: Vec<Expr> = rows.iter().map(|row| row.satisfaction.expr()).collect();
    let weights: Vec<Expr> = rows.iter().map(weight).collect();
    Voice {
        objects: tally(rows, |row| one(row.object.as_str())),
        channels: tally(rows, |row| one(row.channel.as_str())),
        satisfaction: Figure {
            metric: &SATISFACTION,
            expr: satisfaction(Expr::loose(&scores), Expr::loose(&weights)),
        },
        top_three: Figure { metric: &TOP_THREE_SHARE, expr: top },
        roots: roots(basis),
        classes: classes(
            ProblemClass::ALL,
            campaign.problems.iter().map(|problem| (problem.class.value, problem.class.cell())).collect(),
        ),
        dimensions: classes(
            ProcessDimension::ALL,
            campaign
                .process
                .iter()
                .map(|note| {
                    let problem = note.kind.value == Some(ProcessKind::Problem);
                    (note.dimension.value.filter(|_| problem), note.dimension.cell())
                })
                .collect(),
        ),
        chains: chains(&campaign.process),
        tags,
    }
}

/// Counts what rows are about; what a row says twice counts once.
fn tally(rows: &[Feedback], about: impl Fn(&Feedback) -> Vec<String>) -> Vec<Tally> {
    let mut groups: IndexMap<String, (String, Vec<usize>)> = IndexMap::new();
    for (i, row) in rows.iter().enumerate() {
        for name in about(row) {
            let key = fold(&name);
            if key.is_empty() {
                continue;
            }
            let (_, members) = groups.entry(key).or_insert_with(|| (name, Vec::new()));
            if members.last() != Some(&i) {
                members.push(i);
            }
        }
    }
    let mut tallies: Vec<Tally> = groups
        .into_values()
        .map(|(name, members)| {
            let count = Expr::sum(members.iter().map(|row| weight(&rows[*row])));
            Tally {
                name,
                rows: members,
                count,
                share: Figure { metric: &FEEDBACK_SHARE, expr: Expr::nothing() },
            }
        })
        .collect();
    let all = Expr::loose(tallies.iter().map(|tally| &tally.count).collect::<Vec<_>>());
    for tally in &mut tallies {
        tally.share.expr = share(&tally.count, all.clone());
    }
    let count = |tally: &Tally| tally.count.number().unwrap_or_default();
    tallies.sort_by(|a, b| count(b).total_cmp(&count(a)));
    tallies
}

/// Rows by their class, most first; rows without one do not count.
fn classes<T: Copy + PartialEq>(all: &[T], of_rows: Vec<(Option<T>, Option<Leaf>)>) -> Vec<Class<T>> {
    let rows = |class: T| -> Vec<usize> {
        let of_class = of_rows.iter().enumerate().filter(|(_, (of, _))| *of == Some(class));
        of_class.map(|(row, _)| row).collect()
    };
    let mut found: Vec<(T, Vec<usize>)> =
        all.iter().map(|class| (*class, rows(*class))).filter(|(_, rows)| !rows.is_empty()).collect();
    found.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let counts: Vec<Expr> = found
        .iter()
        .map(|(_, rows)| Expr::tally(rows.iter().map(|row| (true, of_rows[*row].1.clone()))))
        .collect();
    let classed = || Expr::loose(&counts);
    (0..)
        .zip(found)
        .map(|(i, (class, rows))| Class {
            class,
            rows,
            share: Figure { metric: &PROBLEM_SHARE, expr: share(&counts[i], classed()) },
            cumulative: share(&Expr::sum(counts[..=i].iter().cloned()), classed()),
        })
        .collect()
}

/// The chains of whys that somebody began.
fn chains(notes: &[ProcessNote]) -> Vec<WhyChain> {
    notes
        .iter()
        .enumerate()
        .filter(|(_, note)| !note.whys().is_empty())
        .map(|(row, note)| {
            let whys: Vec<String> = note.whys().into_iter().map(str::to_owned).collect();
            let asked = [&note.why1, &note.why2, &note.why3, &note.why4, &note.why5];
            let depth = why_depth(asked.into_iter().filter_map(|why| why.cell().map(Expr::Leaf)));
            WhyChain {
                row,
                root: note.root.as_str().to_owned(),
                depth: Figure { metric: &WHY_DEPTH, expr: depth },
                whys,
            }
        })
        .collect()
}

/// Root causes of 问题清单 and of the problems of 过程分析表, alike ones together.
fn roots(basis: Basis<'_>) -> Vec<Root> {
    let campaign = basis.campaign;
    let least = basis.policy.thresholds.recurrence.similarity;
    let mut roots: Vec<Root> = Vec::new();
    let mut place = |text: &str, at: Option<&Place>, problem: Option<usize>, note: Option<usize>| {
        if text.is_empty() {
            return;
        }
        let same = |root: &&mut Root| fold(&root.text) == fold(text) || alike(&root.text, text) >= least;
        match roots.iter_mut().find(same) {
            Some(root) => {
                root.problems.extend(problem);
                root.notes.extend(note);
            }
            None => roots.push(Root {
                text: text.to_owned(),
                at: at.cloned(),
                problems: problem.into_iter().collect(),
                notes: note.into_iter().collect(),
            }),
        }
    };
    for (i, row) in campaign.problems.iter().enumerate() {
        place(row.root.as_str(), row.root.at.as_ref(), Some(i), None);
    }
    for (i, row) in campaign.process.iter().enumerate() {
        if row.kind.value != Some(ProcessKind::Highlight) {
            place(row.root.as_str(), row.root.at.as_ref(), None, Some(i));
        }
    }
    roots.sort_by_key(|root| std::cmp::Reverse(root.count()));
    roots
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::campaign::fixture::{Cell, blank, choice, number, records, text};
    use crate::catalogue::record::Value;
    use crate::metrics::fixture::analysed;

    fn said(rows: &[(&[&str], Cell, Cell)]) -> Voice {
        let list = |tags: &[&str]| Some(Value::List(tags.iter().map(|tag| (*tag).to_owned()).collect()));
        let rows: Vec<[(&str, Cell); 3]> = rows
            .iter()
            .map(|(tags, count, score)| {
                [("tags", list(tags)), ("count", count.clone()), ("satisfaction", score.clone())]
            })
            .collect();
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        analysed(records(&[("feedback", &rows)])).voice
    }

    #[test]
    fn feedback_without_a_count_is_one_piece() {
        let voice = said(&[
            (&["物流慢"], number(5.0), number(2.0)),
            (&["活动复杂", "物流慢"], blank(), number(4.0)),
            (&["活动复杂"], number(2.0), blank()),
        ]);
        let counts: Vec<(&str, Option<f64>)> =
            voice.tags.iter().map(|tag| (tag.name.as_str(), tag.count.number())).collect();
        assert_eq!(counts, [("物流慢", Some(6.0)), ("活动复杂", Some(3.0))]);
        let shares: Vec<Option<f64>> = voice.tags.iter().map(|tag| tag.share.value()).collect();
        assert_eq!(shares, [Some(6.0 / 9.0), Some(3.0 / 9.0)]);
        // 5 × 2 and 1 × 4 over the six that have a score.
        assert!((voice.satisfaction.value().unwrap() - 14.0 / 6.0).abs() < 1e-12);
        assert_eq!(voice.top_three.value(), Some(1.0));
    }

    #[test]
    fn no_feedback_no_figures() {
        let voice = said(&[]);
        assert_eq!(voice.satisfaction.value(), None);
        assert_eq!(voice.top_three.value(), None);
    }

    #[test]
    fn causes_that_say_the_same_stand_together() {
        let problem = |root: &str| [("class", choice("execution")), ("root", text(root))];
        let rows = [problem("跨部门对接不及时"), problem("库存预估不足"), problem("跨部门对接不够及时")];
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        let roots = analysed(records(&[("problems", &rows)])).voice.roots;
        let counts: Vec<(&str, usize)> =
            roots.iter().map(|root| (root.text.as_str(), root.count())).collect();
        assert_eq!(counts, [("跨部门对接不及时", 2), ("库存预估不足", 1)]);
    }

    #[test]
    fn classes_stand_most_problems_first_and_add_up_to_all() {
        let problem = |class: &str| [("class", choice(class)), ("description", text("问题"))];
        let rows = ["resource", "execution", "execution", "external", "execution"].map(problem);
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        let classes = analysed(records(&[("problems", &rows)])).voice.classes;
        let told: Vec<(ProblemClass, Option<f64>, Option<f64>)> =
            classes.iter().map(|one| (one.class, one.share.value(), one.cumulative.number())).collect();
        assert_eq!(
            told,
            [
                (ProblemClass::Execution, Some(0.6), Some(0.6)),
                (ProblemClass::Resource, Some(0.2), Some(0.8)),
                (ProblemClass::External, Some(0.2), Some(1.0)),
            ]
        );
    }

    #[test]
    fn a_chain_is_as_deep_as_it_was_answered() {
        let row = [
            ("kind", choice("problem")),
            ("dimension", choice("people")),
            ("why1", text("推送时间不对")),
            ("why2", text("没有活跃时段数据")),
            ("why3", blank()),
            ("root", text("数据没有共享")),
        ];
        let voice = analysed(records(&[("process", &[&row])])).voice;
        assert_eq!(voice.chains[0].depth.value(), Some(2.0));
        assert_eq!(voice.chains[0].whys, ["推送时间不对", "没有活跃时段数据"]);
        assert_eq!(voice.dimensions[0].class, ProcessDimension::People);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn shares_sum_to_one(counts in proptest::collection::vec(1.0f64..1e6, 1..8)) {
            let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
            let tags: Vec<[&str; 1]> = names.iter().map(|name| [*name]).collect();
            let rows: Vec<(&[&str], Cell, Cell)> =
                counts.iter().zip(&tags).map(|(n, tag)| (&tag[..], number(*n), blank())).collect();
            let sum: f64 = said(&rows).tags.iter().map(|tag| tag.share.value().unwrap()).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
        }
    }
}
