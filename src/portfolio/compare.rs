//! What workbooks say against each other: copies, names, people, campaigns that are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Portfolio;
use crate::code;
use crate::diagnostic::{Arg, Code, Finding, number};
use crate::likeness::bare;
use crate::locale::fold;
use crate::record::summary::CampaignSummary;
use crate::review::identity;

code!(pub IDENTICAL_COPIES = "identical-copies", Note, Portfolio, "findings/identical_copies.toml");
code!(pub COPIES_CONTRADICT = "copies-contradict", Warning, Portfolio, "findings/copies_contradict.toml");
code!(pub EARLIER_COPY = "earlier-copy", Note, Portfolio, "findings/earlier_copy.toml");
code!(pub SAME_NAME_OTHER_CAMPAIGN = "same-name-other-campaign", Warning, Portfolio, "findings/same_name_other_campaign.toml");
code!(pub CAMPAIGN_VANISHED = "campaign-vanished", Warning, Portfolio, "findings/campaign_vanished.toml");
code!(pub NAME_CLUSTER = "name-cluster", Note, Portfolio, "findings/name_cluster.toml");
code!(pub PERSON_SPELLED_DIFFERENTLY = "person-spelled-differently", Note, Portfolio, "findings/person_spelled_differently.toml");

/// Everything workbooks may say against each other.
pub static CODES: &[&Code] = &[
    &IDENTICAL_COPIES,
    &COPIES_CONTRADICT,
    &EARLIER_COPY,
    &SAME_NAME_OTHER_CAMPAIGN,
    &CAMPAIGN_VANISHED,
    &NAME_CLUSTER,
    &PERSON_SPELLED_DIFFERENTLY,
];

/// So many differences between copies are named.
const DIFFERENCES: usize = 5;

/// What the figures of [`values`] are called.
const FIGURES: [&str; 6] =
    ["figure-target", "figure-actual", "figure-spend", "figure-revenue", "figure-planned", "figure-spent"];

/// A campaign of an earlier run: who it was, what it was called, the file it came in.
pub type Earlier<'a> = (&'a str, &'a str, &'a str);

/// Looks at all workbooks side by side; `earlier` are the campaigns of the run before, where one is known.
pub fn compare(portfolio: &Portfolio, earlier: &[Earlier<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (copy, counts) in &portfolio.identical {
        findings.push(told(&IDENTICAL_COPIES, &[copy, counts], &[("file", copy), ("other", counts)]));
    }
    findings.extend(portfolio.entries.iter().filter_map(|entry| contradiction(entry, portfolio)));
    findings.extend(same_names(portfolio));
    findings.extend(vanished(portfolio, earlier));
    findings.extend(clusters(portfolio));
    findings.extend(people(portfolio));
    findings
}

/// A finding that goes by these words from one run to the next.
fn told(code: &'static Code, words: &[&str], args: &[(&'static str, &str)]) -> Finding {
    let mut finding = Finding::new(code);
    let mut name = vec![code.name];
    name.extend(words);
    finding.fingerprints = vec![identity::of_words(&name)];
    for (key, text) in args {
        finding = finding.arg(key, Arg::Text((*text).to_owned()));
    }
    finding
}

/// A copy that was set aside and says something else than the one that counts.
fn contradiction(entry: &CampaignSummary, portfolio: &Portfolio) -> Option<Finding> {
    let other = portfolio.entries.iter().find(|other| entry.set_aside_for.as_ref() == Some(&other.file))?;
    let (left, right) = (values(entry), values(other));
    let differences: Vec<Arg> = left
        .iter()
        .filter_map(|(name, value)| Some((name, value, right.get(name)?)))
        .filter(|(_, left, right)| (**left - **right).abs() > 1e-9 * left.abs().max(right.abs()))
        .map(|((name, what), left, right)| {
            let figures = format!("{} ≠ {}", number(*left, 2), number(*right, 2));
            Arg::Phrase(vec![
                Arg::Text(name.clone()),
                Arg::Word(FIGURES[usize::from(*what)]),
                Arg::Text(figures),
            ])
        })
        .collect();
    if differences.is_empty() {
        return None;
    }
    let mut shown: Vec<Arg> = differences.iter().take(DIFFERENCES).cloned().collect();
    if differences.len() > shown.len() {
        shown.push(Arg::Text("…".into()));
    }
    let finding = told(
        &COPIES_CONTRADICT,
        &[&entry.file, &other.file],
        &[("file", &entry.file), ("other", &other.file)],
    );
    Some(finding.arg("count", Arg::Count(differences.len())).arg("differences", Arg::All(shown)))
}

/// Whether all figures of a copy stand in the other just the same, which has more filled in: the other is the newer.
pub fn is_earlier(entry: &CampaignSummary, other: &CampaignSummary) -> bool {
    let (left, right) = (values(entry), values(other));
    entry.filled.0 < other.filled.0
        && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| other == value))
}

/// The figures of an entry by what they are of, and which of its figures.
fn values(entry: &CampaignSummary) -> BTreeMap<(String, u8), f64> {
    let goals =
        entry.goals.iter().flat_map(|goal| [(&goal.name, 0, goal.target), (&goal.name, 1, goal.actual)]);
    let channels = entry
        .channels
        .iter()
        .flat_map(|line| [(&line.channel, 2, line.spend), (&line.channel, 3, line.revenue)]);
    let lines = entry
        .budget_lines
        .iter()
        .flat_map(|line| [(&line.item, 4, line.planned), (&line.item, 5, line.actual)]);
    let mut values = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for (name, what, value) in goals.chain(channels).chain(lines) {
        let key = (name.trim().to_owned(), what);
        if let Some(value) = value
            && values.insert(key.clone(), value).is_some()
        {
            // Several phases of one channel: which is which is not known here.
            twice.insert(key);
        }
    }
    values.retain(|key, _| !twice.contains(key));
    values
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

/// Channels that are one under several names.
fn clusters(portfolio: &Portfolio) -> Vec<Finding> {
    let typed = portfolio.counted().flat_map(|entry| entry.channels.iter().map(|line| line.channel.trim()));
    let spellings = spellings(typed, channel_key);
    spellings
        .into_iter()
        .map(|(key, names)| {
            // Most used first: the others are to be called so.
            let main = names[0].0;
            let setting: Vec<String> =
                names[1..].iter().map(|(name, _)| format!("{} = \"{main}\"", toml_key(name))).collect();
            told(&NAME_CLUSTER, &[&key], &[])
                .arg("names", Arg::List(names.iter().map(|(name, _)| (*name).to_owned()).collect()))
                .arg("setting", Arg::Text(setting.join("; ")))
        })
        .collect()
}

/// A key as TOML takes it: letters and digits bare, anything else in quotation marks.
fn toml_key(name: &str) -> String {
    if name.bytes().all(|b| b.is_ascii_alphanumeric()) { name.to_owned() } else { format!("\"{name}\"") }
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

/// Names that mean one thing and are written differently: each with how often it is used, most used first.
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
            names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
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
