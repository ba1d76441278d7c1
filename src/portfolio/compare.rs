//! What workbooks say against each other: copies, names, people, campaigns that are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Portfolio;
use crate::code;
use crate::diagnostic::{Arg, Code, Finding};
use crate::likeness::bare;
use crate::locale::fold;
use crate::record::merge::{Merge, Pending};
use crate::record::summary::CampaignSummary;
use crate::review::identity;

code!(pub IDENTICAL_COPIES = "identical-copies", Note, Portfolio, "findings/identical_copies.toml");
code!(pub COPIES_CONTRADICT = "copies-contradict", Warning, Portfolio, "findings/copies_contradict.toml");
code!(pub SAME_NAME_OTHER_CAMPAIGN = "same-name-other-campaign", Warning, Portfolio, "findings/same_name_other_campaign.toml");
code!(pub CAMPAIGN_VANISHED = "campaign-vanished", Warning, Portfolio, "findings/campaign_vanished.toml");
code!(pub NAME_CLUSTER = "name-cluster", Note, Portfolio, "findings/name_cluster.toml");
code!(pub PERSON_SPELLED_DIFFERENTLY = "person-spelled-differently", Note, Portfolio, "findings/person_spelled_differently.toml");

/// Everything workbooks may say against each other.
pub static CODES: &[&Code] = &[
    &IDENTICAL_COPIES,
    &COPIES_CONTRADICT,
    &SAME_NAME_OTHER_CAMPAIGN,
    &CAMPAIGN_VANISHED,
    &NAME_CLUSTER,
    &PERSON_SPELLED_DIFFERENTLY,
];

/// So many differences between copies are named.
const DIFFERENCES: usize = 5;

/// A campaign of an earlier run: who it was, what it was called, the file it came in.
pub type Earlier<'a> = (&'a str, &'a str, &'a str);

/// Looks at all workbooks side by side; `earlier` are the campaigns of the run before, where one is known.
pub fn compare(portfolio: &Portfolio, earlier: &[Earlier<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (copy, counts) in &portfolio.identical {
        findings.push(told(&IDENTICAL_COPIES, &[copy, counts], &[("file", copy), ("other", counts)]));
    }
    findings.extend(portfolio.merges.iter().filter_map(|merge| contradiction(merge, portfolio)));
    findings.extend(same_names(portfolio));
    findings.extend(vanished(portfolio, earlier));
    findings.extend(portfolio.clusters.iter().map(|names| cluster(names)));
    findings.extend(people(portfolio));
    findings
}

/// A finding that goes by these words from one run to the next.
pub(super) fn told(code: &'static Code, words: &[&str], args: &[(&'static str, &str)]) -> Finding {
    let mut finding = Finding::new(code);
    let mut name = vec![code.name];
    name.extend(words);
    finding.fingerprints = vec![identity::of_words(&name)];
    for (key, text) in args {
        finding = finding.arg(key, Arg::Text((*text).to_owned()));
    }
    finding
}

/// Copies of one campaign that say different things, each question with its answers.
fn contradiction(merge: &Merge, portfolio: &Portfolio) -> Option<Finding> {
    let host = portfolio.entries.iter().find(|entry| entry.file == merge.host)?;
    if merge.pending.is_empty() {
        return None;
    }
    let difference = |pending: &Pending| {
        let sides: Vec<&str> = pending.sides.iter().map(|side| side.value.as_str()).collect();
        let place = if pending.row.is_empty() { pending.column.clone() } else { pending.row.clone() };
        Arg::Text(format!("{place} {}", sides.join(" ≠ ")))
    };
    let mut shown: Vec<Arg> = merge.pending.iter().take(DIFFERENCES).map(difference).collect();
    if merge.pending.len() > shown.len() {
        shown.push(Arg::Text("…".into()));
    }
    let finding = told(&COPIES_CONTRADICT, &[&merge.campaign], &[("file", &merge.host)]);
    Some(
        finding
            .arg("campaign", Arg::Quote(host.name.clone()))
            .arg("copies", Arg::Count(merge.copies.len()))
            .arg("count", Arg::Count(merge.pending.len()))
            .arg("differences", Arg::All(shown)),
    )
}

/// Campaigns that count, share a name and were given different ids.
fn same_names(portfolio: &Portfolio) -> Vec<Finding> {
    let mut names: BTreeMap<String, Vec<&CampaignSummary>> = BTreeMap::new();
    for entry in portfolio.counted().filter(|entry| is_given(entry)) {
        names.entry(fold(&entry.name)).or_default().push(entry);
    }
    let several = names.into_iter().filter(|(_, entries)| entries.len() > 1);
    several
        .map(|(name, entries)| {
            let files = entries.iter().map(|entry| format!("{} ({})", entry.file, entry.campaign)).collect();
            let quoted = entries.first().map(|entry| entry.name.clone()).unwrap_or_default();
            told(&SAME_NAME_OTHER_CAMPAIGN, &[&name], &[])
                .arg("count", Arg::Count(entries.len()))
                .arg("name", Arg::Quote(quoted))
                .arg("files", Arg::List(files))
        })
        .collect()
}

/// Whether the id was given, not made up from name and period.
fn is_given(entry: &CampaignSummary) -> bool {
    !entry.campaign.contains('|') && entry.campaign != fold(&entry.name)
}

fn vanished(portfolio: &Portfolio, earlier: &[Earlier<'_>]) -> Vec<Finding> {
    let here: BTreeSet<&str> = portfolio.entries.iter().map(|entry| entry.campaign.as_str()).collect();
    let gone = earlier.iter().filter(|(campaign, ..)| !here.contains(campaign));
    gone.map(|(campaign, name, file)| {
        told(&CAMPAIGN_VANISHED, &[campaign], &[("file", file)]).arg("name", Arg::Quote((*name).to_owned()))
    })
    .collect()
}

#[derive(Deserialize)]
struct Names {
    channels: Vec<Vec<String>>,
    endings: Vec<String>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    toml::from_str(include_str!("names.toml")).unwrap_or_else(|error| panic!("names.toml: {error}"))
});

/// What a channel is at bottom: its usual name where it has one, without the endings that say nothing.
fn channel_key(name: &str) -> String {
    let mut key = bare(name);
    for ending in &NAMES.endings {
        if let Some(rest) = key.strip_suffix(ending.as_str()).filter(|rest| rest.chars().count() > 1) {
            key = rest.to_owned();
        }
    }
    let usual = NAMES.channels.iter().find(|names| names.iter().any(|name| bare(name) == key));
    usual.and_then(|names| names.first()).map_or(key, |name| bare(name))
}

/// Names that look like one channel, but where people have decided; the one most used first.
pub(super) fn clusters(portfolio: &Portfolio) -> Vec<Vec<String>> {
    let typed = portfolio.counted().flat_map(|entry| entry.channels.iter().map(|line| line.channel.trim()));
    let spellings = spellings(typed, channel_key).into_iter();
    let names = spellings.map(|(_, names)| names.into_iter().map(|(name, _)| name).collect::<Vec<&str>>());
    names
        .filter(|names| !portfolio.decided.are_apart(names))
        .map(|names| names.into_iter().map(str::to_owned).collect())
        .collect()
}

fn cluster(names: &[String]) -> Finding {
    let key = names.first().map(|name| channel_key(name)).unwrap_or_default();
    told(&NAME_CLUSTER, &[&key], &[])
        .arg("names", Arg::List(names.to_vec()))
        .arg("setting", Arg::Text(settings(names).join("; ")))
}

/// The lines of `fupan.toml` by which names go by the first of them.
pub fn settings(names: &[String]) -> Vec<String> {
    let Some((main, others)) = names.split_first() else { return Vec::new() };
    let main = toml::Value::String(main.clone());
    others.iter().map(|name| format!("{} = {main}", toml_key(name))).collect()
}

/// A key as TOML takes it: letters and digits bare, anything else in quotation marks.
fn toml_key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if bare { name.to_owned() } else { toml::Value::String(name.to_owned()).to_string() }
}

/// Who a name means: without blanks, and without what stands in brackets behind it.
fn person_key(name: &str) -> String {
    bare(name.split(['(', '（', '[', '【', '<']).next().unwrap_or_default())
}

/// People who are one under several spellings. Cells that name several people are left alone.
fn people(portfolio: &Portfolio) -> Vec<Finding> {
    let owners = |entry: &'_ CampaignSummary| {
        let actions = entry.actions.iter().map(|action| action.owner.clone());
        std::iter::once(entry.owner.clone()).chain(actions).collect::<Vec<String>>()
    };
    let typed: Vec<String> = portfolio.counted().flat_map(owners).collect();
    let single = |name: &&str| !name.contains(['、', ',', '，', '/', ';', '；', '&', '\n']);
    let spellings = spellings(typed.iter().map(|name| name.trim()).filter(single), person_key);
    let finding = |(key, names): (String, Vec<(&str, usize)>)| {
        let names = names.iter().map(|(name, _)| (*name).to_owned()).collect();
        told(&PERSON_SPELLED_DIFFERENTLY, &[&key], &[]).arg("names", Arg::List(names))
    };
    spellings.into_iter().map(finding).collect()
}

/// Names that mean one thing and are written differently: each with how often it is used, most used first; of those
/// used as often the one that is usual.
fn spellings<'a>(
    typed: impl Iterator<Item = &'a str>,
    key: fn(&str) -> String,
) -> Vec<(String, Vec<(&'a str, usize)>)> {
    let mut groups: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for name in typed {
        let key = key(name);
        if !key.is_empty() {
            *groups.entry(key).or_default().entry(name).or_default() += 1;
        }
    }
    let several = groups.into_iter().filter(|(_, names)| names.len() > 1);
    several
        .map(|(key, names)| {
            let mut names: Vec<(&str, usize)> = names.into_iter().collect();
            let unusual = |name: &str| bare(name) != key;
            names.sort_by(|a, b| b.1.cmp(&a.1).then(unusual(a.0).cmp(&unusual(b.0))).then(a.0.cmp(b.0)));
            (key, names)
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    #[test]
    fn one_channel_goes_by_one_key() {
        for (name, same) in [
            ("抖音", "抖音平台"),
            ("抖音", "dy"),
            ("抖音", "DouYin "),
            ("小红书", "小红书（官方）"),
            ("B站", "哔哩哔哩"),
        ] {
            assert_eq!(channel_key(name), channel_key(same), "{name} {same}");
        }
        for (name, other) in
            [("抖音", "抖音直播"), ("微信", "微信社群"), ("端", "平台"), ("线下门店", "线上门店")]
        {
            assert_ne!(channel_key(name), channel_key(other), "{name} {other}");
        }
    }

    #[test]
    fn of_names_used_as_often_the_usual_one_comes_first() {
        let names = |typed: &[&'static str]| {
            let found = spellings(typed.iter().copied(), channel_key);
            found[0].1.iter().map(|(name, _)| *name).collect::<Vec<_>>()
        };
        assert_eq!(names(&["dy", "抖音平台", "抖音"]), ["抖音", "dy", "抖音平台"]);
        assert_eq!(names(&["dy", "dy", "抖音"]), ["dy", "抖音"]);
    }

    #[test]
    fn one_person_goes_by_one_key() {
        for (name, same) in
            [("张三", "张 三"), ("张三", "張三"), ("张三", "张三（市场部）"), ("Li Lei", "LI LEI")]
        {
            assert_eq!(person_key(name), person_key(same), "{name} {same}");
        }
        assert_ne!(person_key("张三"), person_key("张三丰"));
    }

    #[test]
    fn every_code_is_worded() {
        for code in CODES {
            for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
                assert!(!code.wording(lang).help.is_empty(), "{}", code.name);
            }
        }
    }
}
