//! Problems that come back across campaigns (spec: `3-metrics` §3.7).
//!
//! Two problems are one when their class or their root cause is the same and
//! their words are alike. Nothing here knows a page.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::Serialize;

use crate::likeness::{Pairs, bare};
use crate::policy::Policy;
use crate::record::summary::{CampaignSummary, ProblemLine};

/// Words that say nothing of what a problem is about.
const STOP_WORDS: &[&str] = &[
    "没有达到目标",
    "没有达成目标",
    "未达到目标",
    "未达目标",
    "低于目标",
    "没有达标",
    "未达标",
    "未完成",
    "没有完成",
    "目标",
    "问题",
    "出现",
    "存在",
    "发生",
    "导致",
    "造成",
    "由于",
    "因为",
    "没有",
    "未能",
    "未及时",
    "不够",
    "不足",
    "比较",
    "有点",
    "部分",
    "一些",
    "以及",
    "我们",
    "活动",
    "本次",
    "此次",
    "期间",
    "时候",
    "情况",
    "进行",
    "的",
    "了",
    "在",
    "和",
    "与",
    "对",
    "被",
    "把",
    "也",
    "又",
    "很",
    "较",
    "仍",
    "还",
];

/// A problem met more than once.
#[derive(Debug, Clone, Serialize)]
pub struct Recurrence {
    /// As first written.
    pub description: String,
    /// Its class, where it has one.
    pub class: Option<String>,
    /// Where it stands: campaign as position among the entries, problem as position in that campaign; first seen first.
    pub members: Vec<(usize, usize)>,
    /// How many campaigns.
    pub campaigns: usize,
    /// The first campaign's first day.
    pub first: Option<NaiveDate>,
    /// The last campaign's first day.
    pub last: Option<NaiveDate>,
    /// Often enough that it is no longer one team's alone.
    pub escalate: bool,
}

/// Folded, without punctuation and without words that say nothing, numerals as digits; all of it where nothing else
/// would be left.
fn normalised(text: &str) -> String {
    let digit = |c: char| match c {
        '两' => '2',
        c => "零一二三四五六七八九"
            .chars()
            .position(|numeral| numeral == c)
            .map_or(c, |n| char::from_digit(u32::try_from(n).unwrap_or(0), 10).unwrap_or(c)),
    };
    let bare: String = bare(text).chars().map(digit).collect();
    let kept = STOP_WORDS.iter().fold(bare.clone(), |text, word| text.replace(word, ""));
    if kept.chars().count() >= 2 { kept } else { bare }
}

/// Problems of different campaigns, and of one, that say the same; those met most often first.
pub fn recurrences(entries: &[CampaignSummary], policy: &Policy) -> Vec<Recurrence> {
    let counted = entries.iter().enumerate().filter(|(_, entry)| entry.set_aside_for.is_none());
    let all = counted.flat_map(|(campaign, entry)| {
        let day = entry.period.map(|period| period.start);
        entry.problems.iter().enumerate().map(move |(row, problem)| ((campaign, row), problem, day))
    });
    grouped(all.collect(), policy)
}

/// A problem with where it stands (campaign and row) and its day.
type Placed<'a> = ((usize, usize), &'a ProblemLine, Option<NaiveDate>);

/// The same of problems wherever they stand, a row in as many wordings as it had; those met most often first.
pub fn grouped(problems: Vec<Placed<'_>>, policy: &Policy) -> Vec<Recurrence> {
    let limits = &policy.thresholds.recurrence;
    let mut seen: Vec<Seen<'_>> =
        problems.into_iter().map(|(member, problem, day)| Seen::new(member, problem, day)).collect();
    // By time and then by file, so that a group goes by what was written first; undated campaigns last.
    seen.sort_by_key(|one| (one.day.is_none(), one.day, one.member));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of: Vec<usize> = Vec::new();
    let mut near = Near::new(&seen, limits.similarity);
    let mut rows: HashMap<(usize, usize), usize> = HashMap::new();
    for (i, one) in seen.iter().enumerate() {
        let same = near.of(i).into_iter().filter(|other| seen[*other].same(one, limits.similarity));
        // A row told in other words is the same row.
        let own = rows.insert(one.member, i);
        let same: BTreeSet<usize> = same.chain(own).map(|other| group_of[other]).collect();
        // Who says the same as two that say it differently makes them one.
        let mut same = same.into_iter();
        let group = same.next().unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        for other in same {
            for member in std::mem::take(&mut groups[other]) {
                group_of[member] = group;
                groups[group].push(member);
            }
        }
        groups[group].push(i);
        group_of.push(group);
        near.add(i);
    }
    let mut found: Vec<Recurrence> = groups
        .into_iter()
        .map(|mut group| {
            group.sort_unstable();
            let mut met = BTreeSet::new();
            group.retain(|i| met.insert(seen[*i].member));
            group
        })
        .filter(|group| group.len() > 1)
        .map(|group| recurrence(group.iter().map(|i| &seen[*i]).collect(), limits.escalate))
        .collect();
    found.sort_by_key(|one| std::cmp::Reverse((one.members.len(), one.campaigns)));
    found
}

fn recurrence(group: Vec<&Seen<'_>>, often: f64) -> Recurrence {
    let mut campaigns: Vec<usize> = group.iter().map(|one| one.member.0).collect();
    campaigns.sort_unstable();
    campaigns.dedup();
    Recurrence {
        description: group.first().map(|one| one.problem.description.clone()).unwrap_or_default(),
        class: group.iter().find_map(|one| one.problem.class.clone()),
        members: group.iter().map(|one| one.member).collect(),
        campaigns: campaigns.len(),
        first: group.iter().filter_map(|one| one.day).min(),
        last: group.iter().filter_map(|one| one.day).max(),
        escalate: group.len() as f64 >= often,
    }
}

/// Which problems can be alike at all: those that share one of their rarest pairs of characters. Two texts as
/// alike as asked for share so many pairs that their rarest few cannot all differ.
struct Near {
    rarest: Vec<Vec<(char, char)>>,
    texts: Vec<String>,
    by_pair: HashMap<(char, char), Vec<usize>>,
    by_text: HashMap<String, Vec<usize>>,
}

impl Near {
    fn new(seen: &[Seen<'_>], least: f64) -> Near {
        let mut times: HashMap<(char, char), usize> = HashMap::new();
        for pair in seen.iter().flat_map(|one| one.description.pairs.iter()) {
            *times.entry(pair).or_default() += 1;
        }
        let rarest = |one: &Seen<'_>| {
            let mut pairs: Vec<(char, char)> = one.description.pairs.iter().collect();
            pairs.sort_unstable_by_key(|pair| (times[pair], *pair));
            let shared = (least * pairs.len() as f64 / (2.0 - least)).floor() as usize;
            pairs.truncate(pairs.len() + 1 - shared.min(pairs.len()));
            pairs
        };
        Near {
            rarest: seen.iter().map(rarest).collect(),
            texts: seen.iter().map(|one| one.description.text.clone()).collect(),
            by_pair: HashMap::new(),
            by_text: HashMap::new(),
        }
    }

    /// Problems before this one that can be like it.
    fn of(&self, one: usize) -> BTreeSet<usize> {
        let pairs = self.rarest[one].iter().filter_map(|pair| self.by_pair.get(pair));
        pairs.chain(self.by_text.get(&self.texts[one])).flatten().copied().collect()
    }

    fn add(&mut self, one: usize) {
        for pair in &self.rarest[one] {
            self.by_pair.entry(*pair).or_default().push(one);
        }
        self.by_text.entry(self.texts[one].clone()).or_default().push(one);
    }
}

/// One problem as it is compared.
struct Seen<'a> {
    member: (usize, usize),
    problem: &'a ProblemLine,
    day: Option<NaiveDate>,
    description: Words,
    root: Words,
}

/// A text as it is compared.
struct Words {
    text: String,
    pairs: Pairs,
}

impl Words {
    fn of(text: &str) -> Words {
        let text = normalised(text);
        Words { pairs: Pairs::of(&text), text }
    }

    fn like(&self, other: &Words, least: f64) -> bool {
        !self.text.is_empty() && (self.text == other.text || self.pairs.alike(&other.pairs) >= least)
    }
}

impl<'a> Seen<'a> {
    fn new(member: (usize, usize), problem: &'a ProblemLine, day: Option<NaiveDate>) -> Seen<'a> {
        Seen {
            member,
            problem,
            day,
            description: Words::of(&problem.description),
            root: Words::of(&problem.root),
        }
    }

    fn same(&self, other: &Seen<'_>, least: f64) -> bool {
        let same_class = self.problem.class.is_some() && self.problem.class == other.problem.class;
        let akin = same_class || self.root.like(&other.root, least);
        akin && self.description.like(&other.description, least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weeks::fixture::{entry, problem};

    fn found(entries: &[CampaignSummary]) -> Vec<(String, usize, usize, bool)> {
        let line = |one: Recurrence| (one.description, one.members.len(), one.campaigns, one.escalate);
        recurrences(entries, &Policy::default()).into_iter().map(line).collect()
    }

    fn campaign(day: &str, problems: &[(&str, &str, &str)]) -> CampaignSummary {
        let problems = problems.iter().map(|(class, text, root)| problem(class, text, root)).collect();
        entry(day, problems)
    }

    #[test]
    fn one_problem_told_in_other_words_is_counted_once_for_each_time_it_came() {
        let entries = [
            campaign("2024-10-01", &[("execution", "跨部门物料审批延迟", "没有提前量")]),
            campaign("2024-09-01", &[("execution", "物料审批延迟，跨部门沟通慢", "流程长")]),
            campaign("2024-11-01", &[("execution", "跨部门的物料审批又延迟了！", "没有提前量")]),
        ];
        let told = found(&entries);
        assert_eq!(told, [("物料审批延迟，跨部门沟通慢".to_owned(), 3, 3, true)]);
        let recurrence = &recurrences(&entries, &Policy::default())[0];
        assert_eq!(recurrence.first, NaiveDate::from_ymd_opt(2024, 9, 1));
        assert_eq!(recurrence.last, NaiveDate::from_ymd_opt(2024, 11, 1));
        assert_eq!(recurrence.members, [(1, 0), (0, 0), (2, 0)]);
    }

    #[test]
    fn alike_words_of_another_class_and_cause_are_another_problem() {
        let first = ("execution", "直播间商品链接失效", "没有巡检");
        let other_cause = ("resource", "直播间商品链接失效", "服务器扩容不及时");
        let same_cause = ("resource", "直播间商品链接失效", "没有巡检");
        assert_eq!(found(&[campaign("2024-10-01", &[first]), campaign("2024-10-02", &[other_cause])]), []);
        let told = found(&[campaign("2024-10-01", &[first]), campaign("2024-10-02", &[same_cause])]);
        assert_eq!(told, [("直播间商品链接失效".to_owned(), 2, 2, false)]);
        let unlike = ("execution", "库存预估偏差大", "没有巡检");
        assert_eq!(found(&[campaign("2024-10-01", &[first, unlike])]), []);
    }

    #[test]
    fn missing_a_target_makes_no_two_goals_one() {
        let clicks = ("execution", "点击率没有达到目标", "素材旧");
        let again = ("execution", "点击率低于目标", "主图不清");
        let exposure = ("execution", "活动曝光量没有达到目标", "素材晚");
        let entries = [campaign("2024-10-01", &[clicks, exposure]), campaign("2024-10-02", &[again])];
        assert_eq!(found(&entries), [("点击率没有达到目标".to_owned(), 2, 2, false)]);
    }

    #[test]
    fn a_copy_set_aside_does_not_count() {
        let one = campaign("2024-10-01", &[("execution", "物料审批延迟", "")]);
        let mut copy = one.clone();
        copy.set_aside_for = Some("a.xlsx".to_owned());
        assert_eq!(found(&[one, copy]), []);
    }
}
