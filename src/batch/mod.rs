//! The weekly batch: a folder of workbooks in, one folder of results out.
//!
//! Files are read, judged and enriched one at a time on every core, each in a
//! worker process; what is kept of each is an [`CampaignSummary`](crate::record::summary::CampaignSummary). One bad file is one
//! row. The output folder is built beside its place and moved there whole.

mod again;
pub mod answers;
pub mod apply;
pub mod carried;
pub mod data;
pub mod diff;
pub mod discover;
mod done;
pub mod extract;
pub mod findings;
pub mod input;
pub mod isolation;
pub mod marks;
pub mod memory;
pub mod merge;
pub mod one;
pub mod out;
pub mod paper;
pub mod previous;
mod returned;
pub mod roster;
pub mod run;
pub mod shards;
mod tried;
mod written;

/// The codes a run looks for: all but those the settings silence.
pub fn looked_for(policy: &crate::policy::Policy) -> std::collections::BTreeSet<String> {
    let silenced = |name: &str| policy.levels.get(name).is_some_and(Option::is_none);
    codes().map(|code| code.name).filter(|name| !silenced(name)).map(str::to_owned).collect()
}

/// Every code there is: of files, of reading, of rules, of workbooks against each other.
pub fn codes() -> impl Iterator<Item = &'static crate::diagnostic::Code> {
    use crate::portfolio::{compare, exports};
    let across = compare::CODES.iter().chain(exports::CODES).copied();
    findings::CODES.iter().copied().chain(crate::review::codes()).chain(across)
}
