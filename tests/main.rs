//! Everything that runs the program, or a whole floor of it, from outside. One
//! binary, so that the library is linked once.

#![allow(clippy::unwrap_used)]

mod batch;
mod blanks;
mod cases;
mod changed;
mod enriched;
mod faults;
mod fixtures;
mod floors;
mod graft;
mod hostile;
mod mutants;
mod oracle;
mod reading;
mod recalc;
mod support;
mod write;
