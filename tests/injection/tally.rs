//! Plants mistakes, asks the program, and counts: found at all, found at the right cell, and what else was said.

use std::collections::{BTreeMap, BTreeSet};

use fupan::cell::Place;
use fupan::diagnostic::{Code, Family, Finding, Severity};
use indexmap::IndexMap;
use rayon::prelude::*;

use super::chance::Chance;
use super::clean::{Book, Judge, alarms, book};
use super::plant::{Fault, Spot};
use super::{beyond, cells, files, rows, structure};

/// What is to be tried.
pub struct Plan {
    pub seed: u64,
    /// Mistakes of each kind in each column.
    pub variants: usize,
    /// At most so many columns for each code and template; all where not said.
    pub columns: Option<usize>,
    pub templates: Vec<String>,
    /// Which ways of filling a template are spoilt.
    pub ways: Vec<u64>,
    /// Only this code.
    pub only: Option<String>,
}

/// One mistake and what became of it.
pub struct Outcome {
    pub template: String,
    pub code: &'static str,
    pub about: String,
    pub book: String,
    pub found: bool,
    pub right: bool,
    /// Errors and warnings that are neither the mistake nor its consequence.
    pub others: Vec<String>,
    /// Where it was to be pointed at, and where the code was found.
    pub expected: String,
    pub pointed: String,
}

/// Everything that was tried.
pub struct Report {
    pub outcomes: Vec<Outcome>,
    /// Clean workbooks looked at, and what was wrongly said about them.
    pub clean: usize,
    pub alarms: Vec<String>,
}

type Hit = (&'static str, Option<Place>, Option<String>);

fn hits(findings: &[Finding]) -> BTreeSet<Hit> {
    let mut hits = BTreeSet::new();
    for finding in findings {
        let sheet = finding.sheet.clone();
        hits.insert((finding.code.name, finding.at.clone(), sheet.clone()));
        for at in &finding.more {
            hits.insert((finding.code.name, Some(at.clone()), Some(at.sheet.to_string())));
        }
    }
    hits
}

/// A clean workbook with what is said about it anyway.
struct Clean {
    book: Book,
    hits: BTreeSet<Hit>,
    alarms: Vec<String>,
}

/// Tries a plan.
pub fn run(judge: &Judge, plan: &Plan) -> Report {
    let wanted: Vec<(String, u64)> = plan
        .templates
        .iter()
        .flat_map(|template| plan.ways.iter().map(|way| (template.clone(), *way)))
        .collect();
    let clean: IndexMap<(String, u64), Clean> = wanted
        .par_iter()
        .map(|(template, way)| {
            let book = book(judge.catalogue, template, *way, plan.seed);
            let laid = book.laid(judge.catalogue);
            let findings = judge.findings(&laid.workbook, book.story.as_of);
            let alarms =
                alarms(&findings).into_iter().map(|alarm| format!("{}: {alarm}", book.name)).collect();
            ((template.clone(), *way), Clean { book, hits: hits(&findings), alarms })
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let mut outcomes = Vec::new();
    for template in &plan.templates {
        let faults: Vec<Fault> = cells::faults(judge.catalogue, template)
            .into_iter()
            .chain(rows::faults())
            .chain(beyond::faults())
            .chain(structure::faults())
            .filter(|fault| plan.only.as_deref().is_none_or(|only| only == fault.code))
            .collect();
        let mut groups: IndexMap<(&'static str, &str), Vec<&Fault>> = IndexMap::new();
        for fault in &faults {
            groups.entry((fault.code, fault.group.as_str())).or_default().push(fault);
        }
        let mut r = Chance::of(plan.seed, template);
        let mut by_code: IndexMap<&'static str, Vec<Vec<&Fault>>> = IndexMap::new();
        for ((code, _), group) in groups {
            by_code.entry(code).or_default().push(group);
        }
        // A column that cannot be spoilt in these workbooks gives its turn to the next.
        let most = plan.columns.unwrap_or(usize::MAX);
        let codes: Vec<Vec<Vec<&Fault>>> = by_code
            .into_values()
            .map(|groups| {
                let groups = if plan.columns.is_some() { r.shuffled(&groups) } else { groups };
                groups.iter().map(|group| r.shuffled(group)).collect()
            })
            .collect();
        let tried: Vec<Vec<Outcome>> = codes
            .par_iter()
            .enumerate()
            .map(|(code, groups)| {
                let mut outcomes = Vec::new();
                let mut taken = 0;
                for (at, group) in groups.iter().enumerate() {
                    let before = outcomes.len();
                    for variant in 0..plan.variants {
                        let mut order = group.clone();
                        order.rotate_left(variant % group.len());
                        let seed = ((code * 1000 + at * 10 + variant) as u64)
                            .wrapping_mul(7919)
                            .wrapping_add(plan.seed);
                        outcomes.extend(attempt(judge, &clean, plan, template, &order, seed));
                    }
                    taken += usize::from(outcomes.len() > before);
                    if taken >= most {
                        break;
                    }
                }
                outcomes
            })
            .collect();
        let tried = tried.into_iter().flatten();
        outcomes.extend(tried);
        for (at, file) in files::files(judge.catalogue, template).into_iter().enumerate() {
            if plan.columns.is_some() && at % 3 != 0 {
                continue;
            }
            let said = files::refused(judge.catalogue, &file.bytes);
            outcomes.push(Outcome {
                template: template.clone(),
                code: file.code,
                about: file.about.to_owned(),
                book: format!("{template} blank"),
                found: said == Some(file.code),
                right: said == Some(file.code),
                others: said.filter(|said| *said != file.code).map(str::to_owned).into_iter().collect(),
                expected: "the file".into(),
                pointed: said.unwrap_or("nothing").to_owned(),
            });
        }
    }
    let alarms = clean.values().flat_map(|clean| clean.alarms.clone()).collect();
    Report { outcomes, clean: clean.len(), alarms }
}

/// Plants one of these mistakes in some workbook that takes it.
fn attempt(
    judge: &Judge,
    clean: &IndexMap<(String, u64), Clean>,
    plan: &Plan,
    template: &str,
    faults: &[&Fault],
    seed: u64,
) -> Option<Outcome> {
    let mut r = Chance::of(seed, "attempt");
    for fault in faults {
        for way in r.shuffled(&plan.ways) {
            let clean = &clean[&(template.to_owned(), way)];
            let Some((laid, places, spots)) =
                fault.plant(judge.catalogue, &clean.book, Chance::of(seed, "plant"))
            else {
                continue;
            };
            // What is said of that cell anyway proves nothing.
            let known = clean.hits.iter().any(|(code, at, _)| {
                *code == fault.code && at.as_ref().is_some_and(|at| places.contains(at)) && places.len() == 1
            });
            if known {
                continue;
            }
            let findings = judge.findings(&laid.workbook, clean.book.story.as_of);
            return Some(judge_one(template, fault, clean, &places, &spots, &findings));
        }
    }
    None
}

fn judge_one(
    template: &str,
    fault: &Fault,
    clean: &Clean,
    places: &BTreeSet<Place>,
    spots: &[Spot],
    findings: &[Finding],
) -> Outcome {
    let now = hits(findings);
    let fresh: Vec<&Hit> = now.iter().filter(|hit| !clean.hits.contains(*hit)).collect();
    let of_code: Vec<&&Hit> = fresh.iter().filter(|(code, ..)| *code == fault.code).collect();
    let on_sheet = |sheet: &Option<String>| {
        spots.iter().any(|spot| matches!(spot, Spot::Sheet(name) if sheet.as_deref() == Some(name.as_str())))
    };
    let right = of_code.iter().any(|(_, at, sheet)| {
        spots.contains(&Spot::Anywhere)
            || at.as_ref().is_some_and(|at| places.contains(at))
            || on_sheet(sheet)
            || at.as_ref().is_some_and(|at| on_sheet(&Some(at.sheet.to_string())))
    });
    // What was said of it at a cell that moved was said before.
    let told_before =
        |finding: &Finding| hits(std::slice::from_ref(finding)).iter().all(|hit| clean.hits.contains(hit));
    let others: Vec<String> = findings
        .iter()
        .filter(|finding| {
            finding.severity > Severity::Note
                && finding.code.name != fault.code
                && !fault.also.contains(&finding.code.name)
                && !told_before(finding)
        })
        .map(super::clean::told)
        .collect();
    let places_of = |mut texts: Vec<String>| {
        texts.truncate(4);
        texts.join(" ")
    };
    Outcome {
        template: template.to_owned(),
        code: fault.code,
        about: fault.about.clone(),
        book: clean.book.name.clone(),
        found: !of_code.is_empty(),
        right,
        others,
        expected: if places.is_empty() {
            format!("{spots:?}")
        } else {
            places_of(places.iter().map(ToString::to_string).collect())
        },
        // Where nothing of the code came, what came instead.
        pointed: places_of(
            fresh
                .iter()
                .filter(|(code, ..)| of_code.is_empty() || *code == fault.code)
                .map(|(code, at, sheet)| {
                    let place =
                        at.as_ref().map_or_else(|| sheet.clone().unwrap_or_default(), ToString::to_string);
                    if of_code.is_empty() { format!("({code} {place})") } else { place }
                })
                .collect(),
        ),
    }
}

/// Every code the program can say, of files, workbooks and their cells.
pub fn codes() -> Vec<&'static Code> {
    fupan::batch::codes().collect()
}

/// Why codes are not injected here, and which.
pub const NOT_INJECTED: &[(&str, &[&str])] = &[
    (
        "needs a file no template gives: fixtures/hostile, tests/hostile.rs and tests/faults.rs hold one each",
        &["encrypted", "decompression-bomb", "hostile", "wrong-encoding"],
    ),
    ("needs a file above the limit: tests/faults.rs lowers the limit instead", &["too-large"]),
    ("needs a package broken from inside: tests/faults.rs", &["unsound-sheet", "no-sheets"]),
    (
        "told of a file in a folder while it is in use: tests/batch.rs",
        &["cannot-open", "still-changing", "not-downloaded", "lock-file"],
    ),
    ("rarely fits a made-up workbook: src/catalogue/tests/shapes.rs holds one", &["merged-amount"]),
    (
        "about the process a file is worked on in: tests/isolation.rs",
        &["took-too-long", "out-of-memory", "no-worker"],
    ),
    ("told of files in other formats: tests/foreign.rs", &["converted-format"]),
    ("would be a defect of the program itself", &["internal-error"]),
    (
        "remarks on how a figure was read: their pages in fixtures/cases/findings and the tests beside the rules",
        &["foreign-currency", "currency-converted", "unit-by-row", "year-missing"],
    ),
    (
        "told of tables nobody made from a template, and of answers about them: src/catalogue/tests and tests/asked.rs",
        &["which-table", "answers-obeyed", "answer-not-understood", "same-figures", "statistic-row"],
    ),
    (
        "told of mails, rosters and what a workbook was issued with: tests/weekly.rs",
        &["mail-unreadable", "mail-attachment", "roster-twice", "issue-not-believed"],
    ),
    ("told of a workbook that cannot take our sheets: tests/graft.rs", &["cannot-graft"]),
    (
        "told of several files together: tests/batch.rs and src/portfolio/compare.rs",
        &[
            "same-campaign-twice",
            "identical-copies",
            "copies-contradict",
            "same-name-other-campaign",
            "campaign-vanished",
            "name-cluster",
            "person-spelled-differently",
            "platform-export",
            "export-differs",
            "export-of-none",
            "portfolio-returned",
        ],
    ),
];

/// Why a code is not injected here, if it is not.
pub fn not_injected(code: &str) -> Option<&'static str> {
    NOT_INJECTED.iter().find(|(_, names)| names.contains(&code)).map(|(why, _)| *why)
}

/// The family of a code, as people read it.
pub fn family(code: &str) -> &'static str {
    match codes().into_iter().find(|it| it.name == code).map(|it| it.family) {
        Some(Family::File) => "file",
        Some(Family::Structure) => "structure",
        Some(Family::Cell) => "cell",
        Some(Family::Row) => "row",
        Some(Family::Table) => "table",
        Some(Family::Cross) => "cross",
        Some(Family::Portfolio) => "portfolio",
        Some(Family::Quality) => "quality",
        None => "unknown",
    }
}

/// How often of how many.
#[derive(Default, Clone, Copy)]
pub struct Rate {
    pub tried: usize,
    pub found: usize,
    pub right: usize,
    pub with_others: usize,
}

impl Rate {
    pub fn add(&mut self, outcome: &Outcome) {
        self.tried += 1;
        self.found += usize::from(outcome.found);
        self.right += usize::from(outcome.right);
        self.with_others += usize::from(!outcome.others.is_empty());
    }
}

impl Report {
    pub fn all(&self) -> Rate {
        self.rate(|_| true)
    }

    pub fn rate(&self, of: impl Fn(&Outcome) -> bool) -> Rate {
        let mut rate = Rate::default();
        self.outcomes.iter().filter(|outcome| of(outcome)).for_each(|outcome| rate.add(outcome));
        rate
    }

    /// The tables, as printed and as kept in the README.
    pub fn tables(&self) -> String {
        let mut lines = Vec::new();
        let row = |name: &str, rate: Rate| {
            let share = |n: usize| format!("{:.2}%", n as f64 / rate.tried.max(1) as f64 * 100.0);
            format!(
                "| {name} | {} | {} | {} | {} |",
                rate.tried,
                share(rate.found),
                share(rate.right),
                share(rate.with_others)
            )
        };
        lines.push("| template | planted | found | right cell | something else told too |\n|---|---:|---:|---:|---:|".to_owned());
        let mut templates: Vec<&str> = Vec::new();
        for outcome in &self.outcomes {
            if !templates.contains(&outcome.template.as_str()) {
                templates.push(&outcome.template);
            }
        }
        for template in templates {
            lines.push(row(template, self.rate(|outcome| outcome.template == template)));
        }
        lines.push(row("**all**", self.all()));
        lines.push("\n| family | planted | found | right cell | something else told too |\n|---|---:|---:|---:|---:|".to_owned());
        for name in ["file", "structure", "cell", "row", "table", "cross", "quality"] {
            lines.push(row(name, self.rate(|outcome| family(outcome.code) == name)));
        }
        lines.push(format!("\nClean workbooks: {}, false alarms: {}.", self.clean, self.alarms.len()));
        lines.join("\n")
    }

    /// Every code, with how often it was planted and found.
    pub fn by_code(&self) -> String {
        let mut lines = Vec::new();
        for code in codes() {
            let rate = self.rate(|outcome| outcome.code == code.name);
            lines.push(match (rate.tried, not_injected(code.name)) {
                (0, Some(why)) => format!("{:32} not injected: {why}", code.name),
                (0, None) => format!("{:32} not injected: no clean workbook of these took it", code.name),
                (tried, _) => format!(
                    "{:32} {:5} planted, {:5} found, {:5} at the cell, {:5} with something else",
                    code.name, tried, rate.found, rate.right, rate.with_others
                ),
            });
        }
        lines.join("\n")
    }

    /// What was missed, misplaced or accompanied, by kind.
    pub fn misses(&self, most: usize) -> String {
        let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for outcome in &self.outcomes {
            let group = outcome.about.split(' ').next().unwrap_or_default();
            let line = format!(
                "{} in {}: expected {}, pointed {}",
                outcome.about, outcome.book, outcome.expected, outcome.pointed
            );
            if !outcome.found {
                kinds.entry(format!("missed {} {group}", outcome.code)).or_default().push(line.clone());
            } else if !outcome.right {
                kinds.entry(format!("misplaced {} {group}", outcome.code)).or_default().push(line.clone());
            }
            for other in &outcome.others {
                let code = other.split(' ').next().unwrap_or_default();
                kinds
                    .entry(format!("with {code}: {} {group}", outcome.code))
                    .or_default()
                    .push(format!("{}: {other}", outcome.about));
            }
        }
        let mut lines: Vec<String> = Vec::new();
        for (kind, all) in kinds {
            lines.push(format!("{kind} ({})", all.len()));
            lines.extend(all.iter().take(most).map(|line| format!("    {line}")));
        }
        lines.join("\n")
    }

    /// Codes of a review that were neither planted nor have a reason not to be.
    pub fn forgotten(&self) -> Vec<&'static str> {
        let planted: BTreeSet<&str> = self.outcomes.iter().map(|outcome| outcome.code).collect();
        codes()
            .into_iter()
            .map(|code| code.name)
            .filter(|code| !planted.contains(code) && not_injected(code).is_none())
            .collect()
    }
}
