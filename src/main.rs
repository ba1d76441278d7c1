//! The program: everything is in the library, but for the memory it may hold.

use std::process::ExitCode;

use cap::Cap;
use mimalloc::MiMalloc;

/// Every allocation is counted, so that a worker process can be held to a limit on every system.
/// Formulas are many small pieces: mimalloc hands those out a tenth faster than what systems bring.
#[global_allocator]
static HEAP: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

fn main() -> ExitCode {
    fupan::command::main(&|bytes| {
        // A limit below what is already held cannot be; then what is held is little, and the parent watches the clock.
        let _ = HEAP.set_limit(bytes);
    })
}
