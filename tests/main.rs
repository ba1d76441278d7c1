//! Everything that runs the program, or a whole floor of it, from outside. One
//! binary, so that the library is linked once.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod across;
mod afterwards;
mod analysed;
mod apply;
mod asked;
mod batch;
mod blanks;
mod cases;
mod catalogue_of_findings;
mod changed;
mod check;
mod demo;
mod detection;
mod distorted;
mod distortion;
mod enriched;
mod exports;
mod faults;
mod fixtures;
mod floors;
mod foreign;
mod fuzz;
mod graft;
mod hostile;
mod injection;
mod instructions;
mod isolation;
mod kept;
mod language;
mod machine;
mod marks;
mod mutants;
mod oracle;
mod paper;
mod reading;
mod readmes;
mod recalc;
mod repairs;
mod report;
mod spoiling;
mod support;
mod tables;
mod told;
mod tracing;
mod weekly;
mod without_terminal;
mod write;

use injection::chance;
use support::archive;
