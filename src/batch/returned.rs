//! A portfolio of ours among the files: what people wrote on its pages counts like what they write into the one in
//! the results folder. It is no campaign, and none of its figures is.

use super::done::Done;
use super::findings::returned;
use super::previous::Written;
use crate::asked::Answer;
use crate::diagnostic::Finding;
use crate::record::decided::Decided;

/// Positions of portfolios that came back, those that were handed in first coming first.
fn in_order(done: &[Done]) -> Vec<usize> {
    let mut came: Vec<usize> = (0..done.len()).filter(|at| done[*at].written.is_some()).collect();
    came.sort_by_cached_key(|at| {
        let one = &done[*at];
        let mailed = one.input.origin.as_ref().and_then(|origin| origin.date.clone());
        // A mail's day and a file's moment are told apart by nothing but their length.
        (mailed.or_else(|| one.copy.at.clone()).unwrap_or_default(), one.input.name.clone())
    });
    came
}

/// Obeys what came back: decisions where nothing later was decided, and answers to questions. Every such file says
/// what became of its words.
pub(super) fn obey(done: &mut [Done], decided: &mut Decided, answers: &mut Vec<Answer>) -> Vec<Finding> {
    let mut told = Vec::new();
    for at in in_order(done) {
        let one = &mut done[at];
        let Some(written) = one.written.as_deref() else { continue };
        let Written { decided: said, answers: answered } = written;
        let taken = said.iter().filter(|said| decided.take_unless_later((*said).clone())).count();
        answers.extend(answered.iter().cloned());
        let finding = returned(&one.input.name, taken + answered.len(), said.len() - taken);
        one.result = Err(Box::new(finding.clone()));
        told.push(finding);
    }
    told
}
