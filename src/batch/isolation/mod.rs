//! Each file on its own: read, judged and enriched in a worker process, so that
//! a panic, an endless loop or an exhausted memory is that file's finding and
//! nothing more.
//!
//! A worker is this same program (`fupan __worker`); it takes one file after
//! another over a pipe. The program holds as many as it has threads, watches
//! their clocks, and starts another where one has died. Only bytes cross the
//! pipe.

mod frame;
mod job;
mod told;
mod worker;
mod workers;

pub use job::{CopyFacts, Describe, Done, Job, Task, in_this_process};
pub use worker::{Fault, Setup, serve};
pub use workers::{Failure, Workers};
