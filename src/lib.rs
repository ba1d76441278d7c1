//! `fupan` (复盘): marketing workbooks read, checked, analysed and consolidated.
//!
//! The house has floors; a module imports only from floors below its own, and
//! modules that share a floor do not know each other. `tests/floors.rs` reads
//! the list below, so the list is the rule.
//!
//! ```text
//! floor 8  command
//! floor 7  batch
//! floor 6  review portfolio sheets
//! floor 5  rules suggestions
//! floor 4  metrics
//! floor 3  campaign
//! floor 2  xlsx catalogue policy
//! floor 1  workbook page diagnostic words
//! floor 0  cell quantity locale expr
//! ```

pub mod campaign;
pub mod catalogue;
pub mod cell;
pub mod diagnostic;
pub mod expr;
pub mod locale;
pub mod metrics;
pub mod page;
pub mod policy;
pub mod portfolio;
pub mod quantity;
pub mod review;
pub mod rules;
pub mod sheets;
pub mod words;
pub mod workbook;
pub mod xlsx;
