//! Everything that runs the program, or a whole floor of it, from outside. One
//! binary, so that the library is linked once.

#![allow(clippy::unwrap_used)]

mod across;
mod analysed;
mod apply;
mod asked;
mod batch;
mod blanks;
mod cases;
mod catalogue_of_findings;
mod changed;
mod check;
mod detection;
mod distorted;
mod distortion;
mod enriched;
mod faults;
mod fixtures;
mod floors;
mod foreign;
mod fuzz;
mod graft;
mod hostile;
mod injection;
mod isolation;
mod kept;
mod machine;
mod marks;
mod mutants;
mod oracle;
mod reading;
mod recalc;
mod report;
mod spoiling;
mod support;
mod told;
mod tracing;
mod write;

use injection::chance;
use support::archive;
