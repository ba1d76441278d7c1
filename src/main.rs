//! The program: everything is in the library, but for the memory it may hold.

use std::alloc::System;
use std::process::ExitCode;

use cap::Cap;

/// Every allocation is counted, so that a worker process can be held to a limit on every system.
#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

fn main() -> ExitCode {
    fupan::command::main(&|bytes| {
        // A limit below what is already held cannot be; then what is held is little, and the parent watches the clock.
        let _ = HEAP.set_limit(bytes);
    })
}
