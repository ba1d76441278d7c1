//! Lines as weeks compare them, each worked out once: the same lines stand in week after week, and folding their
//! texts anew for every pair of weeks is what comparing them costs.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::{KeptAction, KeptFinding};
use crate::likeness::{Pairs, bare};
use crate::locale::fold;
use crate::record::summary::ProblemLine;

/// A text by its number: equal numbers are equal texts.
pub(super) type Text = u32;
/// The text in which nothing is said.
pub(super) const NOTHING: Text = 0;

/// An action as it is compared.
#[derive(Debug)]
pub(super) struct ActionWords {
    /// 行动编号, folded.
    pub(super) code: Text,
    /// 改进措施, bare.
    pub(super) text: Text,
    /// The same with its punctuation.
    pub(super) folded: Text,
    /// 责任人, bare.
    pub(super) owner: Text,
    pub(super) pairs: Lazy,
}

/// A problem as it is compared.
#[derive(Debug)]
pub(super) struct ProblemWords {
    /// 问题编号, folded.
    pub(super) code: Text,
    /// The description, bare.
    pub(super) text: Text,
    /// 问题分类.
    pub(super) class: Text,
    pub(super) pairs: Lazy,
}

/// A finding as it is compared.
#[derive(Debug)]
pub(super) struct FindingWords {
    /// One mark for each of its cells.
    pub(super) marks: Vec<Text>,
    /// Code, table and column.
    pub(super) column: Text,
    /// Those and the row, where there is one.
    pub(super) row: Option<Text>,
    /// Pairs of the row, where there is one.
    pub(super) pairs: Option<Lazy>,
}

/// The pairs of a text, once somebody asks.
#[derive(Debug)]
pub(super) struct Lazy {
    text: String,
    pairs: OnceCell<Pairs>,
}

impl Lazy {
    fn of(text: &str) -> Lazy {
        Lazy { text: text.to_owned(), pairs: OnceCell::new() }
    }

    pub(super) fn pairs(&self) -> &Pairs {
        self.pairs.get_or_init(|| Pairs::of(&self.text))
    }
}

/// What was worked out so far. A line is known by where it lies: all weeks it stood in share it.
#[derive(Debug, Default)]
pub(super) struct Folded {
    texts: HashMap<String, Text>,
    bare: HashMap<String, Text>,
    actions: HashMap<*const KeptAction, Rc<ActionWords>>,
    problems: HashMap<*const ProblemLine, Rc<ProblemWords>>,
    findings: HashMap<*const KeptFinding, Rc<FindingWords>>,
}

impl Folded {
    fn text(&mut self, text: String) -> Text {
        number(&mut self.texts, text)
    }

    /// A text without its punctuation.
    pub(super) fn bare(&mut self, text: &str) -> Text {
        if let Some(known) = self.bare.get(text) {
            return *known;
        }
        let is = number(&mut self.texts, bare(text));
        self.bare.insert(text.to_owned(), is);
        is
    }

    pub(super) fn action(&mut self, line: &KeptAction) -> Rc<ActionWords> {
        if let Some(known) = self.actions.get(&std::ptr::from_ref(line)) {
            return Rc::clone(known);
        }
        let words = Rc::new(ActionWords {
            code: self.text(fold(&line.code)),
            text: self.bare(&line.action),
            folded: self.text(fold(&line.action)),
            owner: self.bare(&line.owner),
            pairs: Lazy::of(&line.action),
        });
        self.actions.insert(std::ptr::from_ref(line), Rc::clone(&words));
        words
    }

    pub(super) fn problem(&mut self, line: &ProblemLine) -> Rc<ProblemWords> {
        if let Some(known) = self.problems.get(&std::ptr::from_ref(line)) {
            return Rc::clone(known);
        }
        let words = Rc::new(ProblemWords {
            code: self.text(fold(&line.code)),
            text: self.bare(&line.description),
            class: line.class.as_ref().map_or(NOTHING, |class| self.text(format!("{class}\u{1f}"))),
            pairs: Lazy::of(&line.description),
        });
        self.problems.insert(std::ptr::from_ref(line), Rc::clone(&words));
        words
    }

    pub(super) fn finding(&mut self, line: &KeptFinding) -> Rc<FindingWords> {
        if let Some(known) = self.findings.get(&std::ptr::from_ref(line)) {
            return Rc::clone(known);
        }
        // What is not there is no empty text.
        let part = |part: Option<&String>| part.map_or("\u{1e}", String::as_str).to_owned();
        let column =
            format!("{}\u{1f}{}\u{1f}{}", line.code, part(line.table.as_ref()), part(line.column.as_ref()));
        let row = line.row.as_ref().map(|row| format!("{column}\u{1f}{row}"));
        let words = Rc::new(FindingWords {
            marks: line.marks.iter().map(|mark| self.text(format!("{mark}\u{1d}"))).collect(),
            column: self.text(column),
            row: row.map(|row| self.text(row)),
            pairs: line.row.as_deref().map(Lazy::of),
        });
        self.findings.insert(std::ptr::from_ref(line), Rc::clone(&words));
        words
    }
}

/// The number of a text, a new one where it has none yet.
fn number(texts: &mut HashMap<String, Text>, text: String) -> Text {
    if text.is_empty() {
        return NOTHING;
    }
    let next = Text::try_from(texts.len() + 1).unwrap_or(Text::MAX);
    *texts.entry(text).or_insert(next)
}
