//! What a team has answered, wherever it stands: in its settings, and on the sheet 认表 of a workbook.

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::catalogue::answers::{Answers, Meant, TableAnswer, WordAnswer, signature};
use crate::catalogue::findings::{ANSWER_NOT_UNDERSTOOD, ANSWERS_OBEYED};
use crate::catalogue::labels::TeamAliases;
use crate::catalogue::record::{Answered, Records};
use crate::diagnostic::{Arg, Finding};
use crate::locale::fold;
use crate::policy::answers::{NOT_OURS, header_lines, word_lines};
use crate::policy::{self, Complaint, Policy, Problem, nearest};
use crate::record::decided::{Decided, TableDecided, WordDecided};
use crate::record::summary::CampaignSummary;
use crate::sheets::tables::{self, Wrong};
use crate::workbook::Workbook;

/// What the settings answer, as far as there are such tables, columns and choices; what is wrong with the rest.
pub fn of_settings(catalogue: &Catalogue, policy: &Policy) -> (Answers, Vec<Complaint>) {
    let mut answers = Answers::default();
    let mut complaints = Vec::new();
    for setting in &policy.headers {
        let mut unknown = |key: &str, known: Option<String>| {
            let problem = Problem::Unknown(known);
            complaints.push(Complaint { line: setting.line, key: format!("header.{key}"), problem });
        };
        let mut answer = TableAnswer { headers: setting.headers.clone(), ..TableAnswer::default() };
        if setting.table != NOT_OURS {
            let Some(table) = catalogue.tables.get_index_of(&setting.table) else {
                unknown(&setting.table, nearest(&setting.table, catalogue.tables.keys().map(String::as_str)));
                continue;
            };
            let wrong =
                setting.columns.iter().flatten().find(|it| Meant::read(catalogue, table, it).is_none());
            if let Some(wrong) = wrong {
                let all = Meant::all(catalogue, table);
                let known: Vec<String> = all.iter().map(|meant| meant.written(catalogue, table)).collect();
                unknown(wrong, nearest(wrong, known.iter().map(String::as_str)));
                continue;
            }
            answer.table = Some(setting.table.clone());
            answer.columns.clone_from(&setting.columns);
        }
        answers.tables.push(answer);
    }
    for setting in &policy.words {
        let choices =
            || catalogue.choices.iter().flat_map(|(list, all)| all.iter().map(move |it| (list, it)));
        let choice = setting
            .means
            .split_once('.')
            .filter(|(list, choice)| choices().any(|(known, it)| known == list && it.id == *choice));
        let Some((list, choice)) = choice else {
            let known: Vec<String> = choices().map(|(list, it)| format!("{list}.{}", it.id)).collect();
            let problem = Problem::Unknown(nearest(&setting.means, known.iter().map(String::as_str)));
            complaints.push(Complaint {
                line: setting.line,
                key: format!("word.{}", setting.means),
                problem,
            });
            continue;
        };
        answers.words.push(WordAnswer {
            word: setting.word.clone(),
            list: list.to_owned(),
            choice: choice.to_owned(),
            column: None,
            at: None,
        });
    }
    (answers, complaints)
}

/// Adds answers to what the team calls things; those that come later count before those that are there.
pub fn add(aliases: &mut TeamAliases, answers: &Answers) {
    aliases.headers.extend(answers.tables.iter().cloned());
    let words = answers.words.iter().map(|it| (it.word.clone(), format!("{}.{}", it.list, it.choice)));
    aliases.choices.splice(0..0, words);
}

/// Takes the sheet 认表 out of a workbook: it is ours, and not the team's to be judged. What it answers, and what of it
/// is no answer.
pub fn take(workbook: &mut Workbook, catalogue: &Catalogue) -> (Answers, Vec<Finding>) {
    let titles = tables::titles();
    let mut taken = None;
    workbook.sheets.retain(|sheet| {
        let named = titles.iter().any(|title| sheet.name.starts_with(title.as_str()));
        let read = if named && taken.is_none() { tables::read(sheet, catalogue) } else { None };
        let keep = read.is_none();
        taken = taken.take().or(read);
        keep
    });
    let (answers, wrong) = taken.unwrap_or_default();
    (answers, wrong.iter().map(not_understood).collect())
}

fn not_understood(wrong: &Wrong) -> Finding {
    let finding = Finding::new(&ANSWER_NOT_UNDERSTOOD).found(wrong.said.clone());
    let finding = finding.arg("said", Arg::Quote(wrong.said.clone())).arg("why", Arg::Word(wrong.what));
    match &wrong.at {
        Some(at) => finding.at(at),
        None => finding,
    }
}

/// One remark that answers of the workbook's own were obeyed which the settings do not know.
pub fn obeyed(records: &Records, own: &Answers, policy: &Policy) -> Option<Finding> {
    let count = to_learn(records, own, policy).len();
    (count > 0).then(|| Finding::new(&ANSWERS_OBEYED).arg("count", Arg::Count(count)))
}

/// An answer that may be kept in the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// What it is about: the headers, or the word and its list.
    pub about: String,
    /// As it stands in `fupan.toml`.
    pub lines: String,
    /// What the settings say instead: the line they say it on.
    pub other: Option<usize>,
}

/// What a workbook answers and the settings do not, as `fupan.toml` says it.
pub fn to_learn(records: &Records, own: &Answers, policy: &Policy) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    let questions = records.questions.iter();
    for question in questions.filter(|question| question.answered == Some(Answered::Here)) {
        let headers: Vec<String> = question.columns.iter().map(|header| header.typed.clone()).collect();
        let columns: Vec<String> = question.columns.iter().map(|header| header.column.clone()).collect();
        let table = question.table.as_deref().unwrap_or(NOT_OURS);
        let known = policy.headers.iter().find(|it| signature(&it.headers) == signature(&headers));
        let same = known.is_some_and(|it| {
            it.table == table && (table == NOT_OURS || it.columns.as_ref().is_none_or(|it| *it == columns))
        });
        if same {
            continue;
        }
        let lines = header_lines(&headers, table, Some(&columns));
        let about = headers.join(" | ");
        lessons.push(Lesson { about, lines, other: known.map(|it| it.line) });
    }
    for answer in &own.words {
        let means = format!("{}.{}", answer.list, answer.choice);
        let of_list = |it: &str| it.split_once('.').is_some_and(|(list, _)| list == answer.list);
        let known = policy.words.iter();
        let known = known.filter(|it| of_list(&it.means)).find(|it| fold(&it.word) == fold(&answer.word));
        if known.is_none_or(|it| it.means != means) {
            let lines = word_lines(&answer.word, &means);
            let about = format!("{} ({})", answer.word, answer.list);
            lessons.push(Lesson { about, lines, other: known.map(|it| it.line) });
        }
    }
    lessons
}

/// The settings, with what was decided of tables and words; what they say themselves stands.
pub fn with_decided(policy: &Policy, decided: &Decided) -> Policy {
    let lines = decided_lines(policy, decided);
    if lines.is_empty() {
        return policy.clone();
    }
    policy::load(&format!("{}\n{}", policy.source, lines.join("\n"))).0
}

/// What was decided of tables and words and the settings say nothing of, as `fupan.toml` says it.
pub fn decided_lines(policy: &Policy, decided: &Decided) -> Vec<String> {
    let is_set = |it: &TableDecided| policy.headers.iter().any(|known| it.is_of(&known.headers));
    let tables =
        decided.tables.iter().filter(|it| !is_set(it)).map(|it| {
            header_lines(&it.headers, it.table.as_deref().unwrap_or(NOT_OURS), it.columns.as_deref())
        });
    let is_set = |it: &WordDecided| {
        let mut known = policy.words.iter();
        known.any(|known| known.means.split_once('.').is_some_and(|(list, _)| it.is_of(list, &known.word)))
    };
    let words = decided.words.iter().filter(|it| !is_set(it));
    tables.chain(words.map(|it| word_lines(&it.word, &format!("{}.{}", it.list, it.choice)))).collect()
}

/// What workbooks say of their own tables and words, where nothing was decided of these and none says otherwise: it
/// counts for all that have them.
pub fn said_by<'e>(
    entries: impl Iterator<Item = &'e CampaignSummary> + Clone,
    decided: &Decided,
    period: &str,
) -> Decided {
    let mut said = Decided::default();
    let mut contradicted: Vec<TableDecided> = Vec::new();
    for asked in entries.clone().flat_map(|entry| &entry.questions).filter(|asked| asked.own && !asked.open) {
        let columns = asked.table.is_some().then(|| asked.columns());
        let one = TableDecided {
            headers: asked.typed(),
            table: asked.table.clone(),
            columns,
            period: period.to_owned(),
        };
        let known = said.tables.iter().find(|it| it.is_of(&one.headers));
        match known {
            _ if decided.tables.iter().any(|it| it.is_of(&one.headers)) => {}
            None => said.tables.push(one),
            Some(known) if (&known.table, &known.columns) == (&one.table, &one.columns) => {}
            Some(_) => contradicted.push(one),
        }
    }
    said.tables.retain(|it| !contradicted.iter().any(|other| other.is_of(&it.headers)));
    let mut contradicted: Vec<WordDecided> = Vec::new();
    for asked in entries.flat_map(|entry| &entry.unknown_words) {
        let Some(choice) = &asked.answer else { continue };
        let one = WordDecided {
            word: asked.word.clone(),
            list: asked.list.clone(),
            choice: choice.clone(),
            period: period.to_owned(),
        };
        match said.words.iter().find(|it| it.is_of(&one.list, &one.word)) {
            _ if decided.words.iter().any(|it| it.is_of(&one.list, &one.word)) => {}
            None => said.words.push(one),
            Some(known) if known.choice == one.choice => {}
            Some(_) => contradicted.push(one),
        }
    }
    said.words.retain(|it| !contradicted.iter().any(|other| other.is_of(&it.list, &it.word)));
    said
}
