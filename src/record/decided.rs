//! What people decided on pages of 汇总.xlsx: obeyed by the runs that follow, and carried by their records.

use serde::{Deserialize, Serialize};

use crate::locale::fold;

/// Everything that is decided, by what it is about; of two decisions about one thing the later one stands here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Decided {
    /// Names of channels: whether they are one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelNames>,
    /// Actions that were put off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionDecided>,
    /// Problems that keep coming.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<ProblemDecided>,
    /// What tables with certain headers are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableDecided>,
    /// What words outside their lists mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<WordDecided>,
}

/// Whether names of channels are one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChannelNames {
    /// The names, the one they go by first.
    pub names: Vec<String>,
    /// Whether they are one channel.
    pub one: bool,
    /// The week on whose page it was decided.
    pub period: String,
}

/// What was decided about an action that was put off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ActionDecided {
    /// The campaign's id.
    pub campaign: String,
    /// 行动编号; empty where there is none.
    pub code: String,
    /// 改进措施, as it stood when it was asked.
    pub action: String,
    /// What was decided.
    pub verdict: Verdict,
    /// How often it had been put off when it was asked.
    pub times: usize,
    /// The week on whose page it was decided.
    pub period: String,
}

/// What was decided about a problem that keeps coming.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProblemDecided {
    /// As the page put it.
    pub problem: String,
    /// What was decided.
    pub verdict: Verdict,
    /// How often it had been met when it was asked.
    pub times: usize,
    /// The week on whose page it was decided.
    pub period: String,
}

/// What tables with these headers are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TableDecided {
    /// The headers as typed, left to right.
    pub headers: Vec<String>,
    /// The table's id; nothing for none of ours.
    pub table: Option<String>,
    /// What each header means, as an answer writes it; nothing where the words say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// The week it was decided.
    pub period: String,
}

impl TableDecided {
    /// Whether it is about these headers, however they are spaced.
    pub fn is_of(&self, headers: &[String]) -> bool {
        folded(&self.headers).eq(folded(headers))
    }
}

/// What somebody says a table is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableIs {
    /// None of ours.
    NotOurs,
    /// The one with this id.
    Ours(String),
}

impl TableIs {
    /// Of a table's id; of none, none of ours.
    pub fn of(table: Option<String>) -> TableIs {
        table.map_or(TableIs::NotOurs, TableIs::Ours)
    }

    /// The table's id.
    pub fn table(self) -> Option<String> {
        match self {
            TableIs::NotOurs => None,
            TableIs::Ours(id) => Some(id),
        }
    }
}

/// What a word outside its list means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WordDecided {
    /// As typed.
    pub word: String,
    /// The list.
    pub list: String,
    /// The choice's id.
    pub choice: String,
    /// The week it was decided.
    pub period: String,
}

impl WordDecided {
    /// Whether it is about this word of this list.
    pub fn is_of(&self, list: &str, word: &str) -> bool {
        self.list == list && fold(&self.word) == fold(word)
    }
}

fn folded(headers: &[String]) -> impl Iterator<Item = String> {
    headers.iter().map(|header| fold(header))
}

/// What becomes of something that was put off, or keeps coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 继续: as before, until it happens once more.
    GoOn,
    /// 放弃: nobody is asked for it any more.
    GiveUp,
    /// 升级: it is taken higher up.
    GoUp,
}

impl Verdict {
    /// Every verdict, in the order they are offered.
    pub const ALL: [Verdict; 3] = [Verdict::GoOn, Verdict::GiveUp, Verdict::GoUp];

    /// Whether it still holds of something it was said of at `times`, and that is at `now`: to go on is said of
    /// how it stood, the others once and for all.
    pub fn holds(self, times: usize, now: usize) -> bool {
        self != Verdict::GoOn || now <= times
    }
}

/// One line of a page, and what somebody wrote beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decides", rename_all = "kebab-case")]
pub enum Decides {
    /// Whether names are one channel; `word` is what was decided.
    Channels {
        /// The week of the page.
        period: String,
        /// The names, the one they go by first.
        names: Vec<String>,
        /// Whether they are one; nothing where nobody says.
        word: Option<bool>,
    },
    /// What becomes of an action.
    Action {
        /// The week of the page.
        period: String,
        /// The campaign's id.
        campaign: String,
        /// 行动编号.
        code: String,
        /// 改进措施.
        action: String,
        /// How often it was put off.
        times: usize,
        /// The decision; nothing where nobody says.
        word: Option<Verdict>,
    },
    /// What becomes of a problem.
    Problem {
        /// The week of the page.
        period: String,
        /// The problem.
        problem: String,
        /// How often it was met.
        times: usize,
        /// The decision; nothing where nobody says.
        word: Option<Verdict>,
    },
    /// What tables with these headers are.
    Table {
        /// The week of the page.
        period: String,
        /// The headers as typed.
        headers: Vec<String>,
        /// The table it was shown as, and what its headers would mean as that.
        shown: (Option<String>, Vec<String>),
        /// What they are; nothing where nobody says.
        word: Option<TableIs>,
    },
    /// What one header of such a table means.
    Header {
        /// The week of the page.
        period: String,
        /// The headers as typed.
        headers: Vec<String>,
        /// The table it was shown as, and what its headers would mean as that.
        shown: (Option<String>, Vec<String>),
        /// Which of them it is about.
        at: usize,
        /// What it means, as an answer writes it; empty where it is not to be read.
        word: String,
    },
    /// What a word outside its list means.
    Word {
        /// The week of the page.
        period: String,
        /// As typed.
        typed: String,
        /// The list.
        list: String,
        /// The choice's id; nothing where nobody says.
        word: Option<String>,
    },
}

impl Decided {
    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        *self == Decided::default()
    }

    /// Takes a decision in; no word takes back what was decided.
    pub fn take(&mut self, said: Decides) {
        match said {
            Decides::Channels { period, names, word } => self.take_names(names, word, period),
            Decides::Action { period, campaign, code, action, times, word } => {
                self.actions.retain(|known| !known.is_of(&campaign, &code, &action));
                let decided = |verdict| ActionDecided { campaign, code, action, verdict, times, period };
                self.actions.extend(word.map(decided));
                let key = |it: &ActionDecided| (it.campaign.clone(), it.code.clone(), it.action.clone());
                self.actions.sort_by_key(key);
            }
            Decides::Problem { period, problem, times, word } => {
                self.problems.retain(|known| fold(&known.problem) != fold(&problem));
                self.problems.extend(word.map(|verdict| ProblemDecided { problem, verdict, times, period }));
                self.problems.sort_by(|a, b| a.problem.cmp(&b.problem));
            }
            Decides::Table { period, headers, shown: (looks, meant), word } => {
                self.tables.retain(|known| !known.is_of(&headers));
                let decided = |is: TableIs| {
                    let table = is.table();
                    // What its headers mean was shown for another table: there the words say it.
                    let columns = Some(meant).filter(|_| table.is_some() && table == looks);
                    TableDecided { headers, table, columns, period }
                };
                self.tables.extend(word.map(decided));
                self.tables.sort_by(|a, b| a.headers.cmp(&b.headers));
            }
            Decides::Header { period, headers, shown: (looks, meant), at, word } => {
                let known = self.tables.iter_mut().find(|known| known.is_of(&headers));
                if let Some(known) = known.filter(|known| known.table == looks) {
                    let columns = known.columns.get_or_insert(meant);
                    if let Some(column) = columns.get_mut(at) {
                        (*column, known.period) = (word, period);
                    }
                }
            }
            Decides::Word { period, typed, list, word } => {
                self.words.retain(|known| !known.is_of(&list, &typed));
                self.words.extend(word.map(|choice| WordDecided { word: typed, list, choice, period }));
                self.words.sort_by(|a, b| (&a.list, &a.word).cmp(&(&b.list, &b.word)));
            }
        }
    }

    /// Takes a decision in where nothing of a later week stands about the same thing; answers whether it did.
    pub fn take_unless_later(&mut self, said: Decides) -> bool {
        let later = match &said {
            Decides::Channels { period, names, .. } => {
                let of = |it: &ChannelNames| it.names.iter().any(|name| is_among(name, names));
                self.channels.iter().any(|it| it.period > *period && of(it))
            }
            Decides::Action { period, campaign, code, action, .. } => {
                self.actions.iter().any(|it| it.period > *period && it.is_of(campaign, code, action))
            }
            Decides::Problem { period, problem, .. } => {
                self.problems.iter().any(|it| it.period > *period && fold(&it.problem) == fold(problem))
            }
            Decides::Table { period, headers, .. } | Decides::Header { period, headers, .. } => {
                self.tables.iter().any(|it| it.period > *period && it.is_of(headers))
            }
            Decides::Word { period, typed, list, .. } => {
                self.words.iter().any(|it| it.period > *period && it.is_of(list, typed))
            }
        };
        if !later {
            self.take(said);
        }
        !later
    }

    /// Names that are one are one with all they were one with before.
    fn take_names(&mut self, mut names: Vec<String>, word: Option<bool>, period: String) {
        let within =
            |known: &ChannelNames, names: &[String]| known.names.iter().all(|it| is_among(it, names));
        self.channels.retain(|known| !within(known, &names) || (word == Some(true) && known.one));
        if word == Some(true) {
            let others =
                |known: &ChannelNames| known.one && known.names.iter().any(|it| is_among(it, &names));
            let (joined, kept) = std::mem::take(&mut self.channels).into_iter().partition(others);
            self.channels = kept;
            let joined: Vec<ChannelNames> = joined;
            for name in joined.into_iter().flat_map(|known| known.names) {
                if !is_among(&name, &names) {
                    names.push(name);
                }
            }
        }
        self.channels.extend(word.map(|one| ChannelNames { names, one, period }));
        self.channels.sort_by(|a, b| a.names.cmp(&b.names));
    }

    /// Takes in what another record decided, where `counts` its week.
    pub fn join(&mut self, other: &Decided, counts: impl Fn(&str) -> bool) {
        for it in other.channels.iter().filter(|it| counts(&it.period)).cloned() {
            self.take(Decides::Channels { period: it.period, names: it.names, word: Some(it.one) });
        }
        for it in other.actions.iter().filter(|it| counts(&it.period)).cloned() {
            let ActionDecided { campaign, code, action, verdict, times, period } = it;
            self.take(Decides::Action { period, campaign, code, action, times, word: Some(verdict) });
        }
        for it in other.problems.iter().filter(|it| counts(&it.period)).cloned() {
            let ProblemDecided { problem, verdict, times, period } = it;
            self.take(Decides::Problem { period, problem, times, word: Some(verdict) });
        }
        for it in other.tables.iter().filter(|it| counts(&it.period)) {
            self.tables.retain(|known| !known.is_of(&it.headers));
            self.tables.push(it.clone());
        }
        self.tables.sort_by(|a, b| a.headers.cmp(&b.headers));
        for it in other.words.iter().filter(|it| counts(&it.period)).cloned() {
            let WordDecided { word, list, choice, period } = it;
            self.take(Decides::Word { period, typed: word, list, word: Some(choice) });
        }
    }

    /// The name a channel goes by, where it was decided that it is one with others.
    pub fn channel(&self, typed: &str) -> Option<&str> {
        let one = self.channels.iter().filter(|known| known.one);
        let mut named = one.filter(|known| is_among(typed, &known.names));
        named.next().and_then(|known| known.names.first()).map(String::as_str)
    }

    /// Whether it was decided that these names are not one channel.
    pub fn are_apart(&self, names: &[&str]) -> bool {
        let apart = self.channels.iter().filter(|known| !known.one);
        apart.into_iter().any(|known| names.iter().all(|name| is_among(name, &known.names)))
    }
}

impl ActionDecided {
    /// Whether it is about this action.
    pub fn is_of(&self, campaign: &str, code: &str, action: &str) -> bool {
        self.campaign == campaign && fold(&self.code) == fold(code) && fold(&self.action) == fold(action)
    }
}

fn is_among(name: &str, names: &[String]) -> bool {
    names.iter().any(|known| fold(known) == fold(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str], word: Option<bool>) -> Decides {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Decides::Channels { period: "2024-W50".into(), names, word }
    }

    #[test]
    fn the_later_word_counts_and_none_takes_it_back() {
        let mut decided = Decided::default();
        decided.take(names(&["抖音", "dy"], Some(true)));
        assert_eq!(decided.channel("DY"), Some("抖音"));
        // A third name comes along: one line says what they all are.
        decided.take(names(&["抖音平台", "抖音"], Some(true)));
        assert_eq!((decided.channels.len(), decided.channel("dy")), (1, Some("抖音平台")));
        // And a fourth, which is none of them: the three stay one.
        decided.take(names(&["抖音平台", "抖音直播"], Some(false)));
        assert_eq!((decided.channels.len(), decided.channel("dy")), (2, Some("抖音平台")));
        assert!(decided.are_apart(&["抖音直播", "抖音平台"]));
        assert!(!decided.are_apart(&["抖音直播", "dy"]), "of these two nobody said anything");
        decided.take(names(&["抖音平台", "抖音", "dy"], Some(false)));
        assert_eq!((decided.channel("dy"), decided.are_apart(&["dy", "抖音"])), (None, true));
        decided.take(names(&["抖音平台", "抖音", "dy"], None));
        decided.take(names(&["抖音平台", "抖音直播"], None));
        assert!(decided.is_empty());
    }

    #[test]
    fn to_go_on_is_said_of_how_it_stands() {
        assert!(Verdict::GoOn.holds(2, 2) && !Verdict::GoOn.holds(2, 3));
        assert!(Verdict::GiveUp.holds(2, 3) && Verdict::GoUp.holds(2, 5));
    }

    #[test]
    fn what_a_table_is_is_said_once_and_its_columns_one_by_one() {
        let headers = || ["名称".to_owned(), "金 额".to_owned()].to_vec();
        let meant = |columns: [&str; 2]| columns.map(str::to_owned).to_vec();
        let shown = |table: &str, columns| (Some(table.to_owned()), meant(columns));
        let period = || "2024-W50".to_owned();
        let table = |shown, word: Option<TableIs>| Decides::Table {
            period: period(),
            headers: headers(),
            shown,
            word,
        };
        let mut decided = Decided::default();
        let said =
            |decided: &Decided| decided.tables.first().map(|it| (it.table.clone(), it.columns.clone()));
        let budget = || shown("budget", ["item", "total"]);
        decided.take(table(budget(), Some(TableIs::Ours("budget".into()))));
        assert_eq!(said(&decided), Some((Some("budget".into()), Some(meant(["item", "total"])))));
        // Another table than the one its columns were shown for: there the words say what they mean.
        decided.take(table(budget(), Some(TableIs::Ours("channels".into()))));
        assert_eq!(said(&decided), Some((Some("channels".into()), None)));
        let column = |shown, word: &str| Decides::Header {
            period: period(),
            headers: vec!["名称".into(), "金额".into()],
            shown,
            at: 1,
            word: word.into(),
        };
        decided.take(column(budget(), "actual"));
        assert_eq!(said(&decided), Some((Some("channels".into()), None)), "said of another table");
        decided.take(column(shown("channels", ["channel", ""]), "spend"));
        assert_eq!(said(&decided), Some((Some("channels".into()), Some(meant(["channel", "spend"])))));
        decided.take(table(budget(), Some(TableIs::NotOurs)));
        assert_eq!(said(&decided), Some((None, None)));
        decided.take(table(budget(), None));
        assert!(decided.is_empty());
    }
}
