//! `fupan` (复盘): marketing workbooks read, checked, analysed and consolidated.
//!
//! The house has floors; a module imports only from floors below its own, and
//! modules that share a floor do not know each other. `tests/floors.rs` reads
//! the list below, so the list is the rule.
//!
//! ```text
//! floor 12  command
//! floor 11  batch
//! floor 10  export trace ledger tables
//! floor  9  sheets portfolio exchange demo
//! floor  8  review asked mail weeks exports
//! floor  7  rules suggestions record
//! floor  6  metrics docx pptx markup
//! floor  5  campaign xlsx merge
//! floor  4  catalogue policy document
//! floor  3  workbook page diagnostic system
//! floor  2  quantity words likeness mark
//! floor  1  locale expr office
//! floor  0  cell
//! ```

// Tests read fixtures and write what was asked to be shown: the fences of clippy.toml are for the program.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

// The tests' support code names the crate as tests outside of it do.
#[cfg(test)]
extern crate self as fupan;

pub mod asked;
pub mod batch;
pub mod campaign;
pub mod catalogue;
pub mod cell;
pub mod command;
pub mod demo;
pub mod diagnostic;
pub mod document;
pub mod docx;
pub mod exchange;
pub mod export;
pub mod exports;
pub mod expr;
pub mod ledger;
mod likeness;
pub mod locale;
pub mod mail;
pub mod mark;
pub mod markup;
pub mod merge;
pub mod metrics;
mod office;
pub mod page;
pub mod policy;
pub mod portfolio;
pub mod pptx;
pub mod quantity;
pub mod record;
pub mod review;
pub mod rules;
pub mod sheets;
pub mod suggestions;
pub mod system;
pub mod tables;
pub mod trace;
pub mod weeks;
pub mod words;
pub mod workbook;
pub mod xlsx;
