//! Thousands of spoilt workbooks, each read, judged, enriched and held to the laws, with time and memory measured.
//!
//! ```text
//! cargo run --release --example mutants -- [--count 10000] [--from 0] [--seed 1] [--threads 1] [--seconds 5] [--mib 256] [--keep FOLDER]
//! cargo run --profile checked --example mutants -- --seconds 30
//! ```

#![allow(clippy::disallowed_methods, reason = "a tool of the project, no part of the program")]
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/support/archive.rs"]
mod archive;
#[path = "../tests/injection/chance.rs"]
mod chance;
#[path = "../tests/spoiling/mod.rs"]
mod spoiling;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use fupan::policy::Policy;
use spoiling::bases::Wish;
use spoiling::judge::{Fate, held_to_the_laws, keep_panics, work};
use spoiling::tally::{Bounds, Outcome, Tally};
use spoiling::{bases, mutant};

mod counted {
    //! An allocator that knows how much the thread at work holds, and held at most.
    #![allow(unsafe_code)]

    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;

    pub struct Counted;

    thread_local! {
        static HELD: Cell<usize> = const { Cell::new(0) };
        static MOST: Cell<usize> = const { Cell::new(0) };
    }

    fn add(bytes: usize) {
        let _ = HELD.try_with(|held| {
            held.set(held.get().saturating_add(bytes));
            let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
        });
    }

    fn take(bytes: usize) {
        let _ = HELD.try_with(|held| held.set(held.get().saturating_sub(bytes)));
    }

    // SAFETY: every call is handed on to the system's allocator as it came.
    unsafe impl GlobalAlloc for Counted {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            add(layout.size());
            unsafe { System.alloc(layout) }
        }

        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            add(layout.size());
            unsafe { System.alloc_zeroed(layout) }
        }

        unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
            take(layout.size());
            unsafe { System.dealloc(at, layout) }
        }

        unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            add(size);
            take(layout.size());
            unsafe { System.realloc(at, layout, size) }
        }
    }

    /// Bytes held at most while this is done, beyond what was held before.
    pub fn most_held<T>(work: impl FnOnce() -> T) -> (T, usize) {
        let before = HELD.get();
        MOST.set(before);
        let done = work();
        (done, MOST.get().saturating_sub(before))
    }
}

#[global_allocator]
static HEAP: counted::Counted = counted::Counted;

/// What a thread is at: the number of its mutant plus one, and since when (milliseconds).
#[derive(Default)]
struct Slot {
    number: AtomicUsize,
    since: AtomicU64,
}

fn clock() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// One that never ends would hold up all: it is named, and the run ends.
fn watch(slots: &[Slot], bounds: Bounds) {
    loop {
        std::thread::sleep(Duration::from_millis(500));
        for slot in slots {
            let (number, since) = (slot.number.load(Ordering::Relaxed), slot.since.load(Ordering::Relaxed));
            if number > 0 && clock() > Duration::from_millis(since) + 10 * bounds.time {
                println!("#{} does not end", number - 1);
                std::process::exit(1);
            }
        }
    }
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let value =
        |name: &str| given.iter().position(|arg| arg == name).and_then(|at| given.get(at + 1).cloned());
    let number = |name: &str, usual: u64| value(name).map_or(usual, |text| text.parse().unwrap());
    let (seed, from, count) =
        (number("--seed", 1), number("--from", 0) as usize, number("--count", 10_000) as usize);
    let bounds = Bounds {
        time: Duration::from_secs(number("--seconds", 5)),
        memory: (number("--mib", 256) as usize) << 20,
    };
    let keep = value("--keep");
    let threads = number("--threads", 1) as usize;
    keep_panics();
    let policy = Policy::default();
    let marking = bases::settings(&policy, Wish::Marks);
    let bases = bases::all(&marking);
    println!("{} workbooks, seed {seed}, mutants {from} to {}", bases.len(), from + count - 1);

    let (tally, next) = (Mutex::new(Tally::default()), AtomicUsize::new(from));
    let slots: &'static [Slot] = Vec::leak((0..threads).map(|_| Slot::default()).collect());
    clock();
    std::thread::spawn(move || watch(slots, bounds));
    std::thread::scope(|scope| {
        for slot in slots {
            let (bases, tally, next, policy, keep) = (&bases, &tally, &next, &policy, &keep);
            scope.spawn(move || {
                let marked = bases::settings(policy, Wish::Marks);
                let reported = bases::settings(policy, Wish::Report);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= from + count {
                        return;
                    }
                    let made = mutant(bases, seed, number);
                    slot.since.store(clock().as_millis() as u64, Ordering::Relaxed);
                    slot.number.store(number + 1, Ordering::Relaxed);
                    // Every other time with marks on the team's cells, else with a Word report.
                    let settings = if (number / bases.len()).is_multiple_of(2) { &marked } else { &reported };
                    let start = Instant::now();
                    let (done, held) = counted::most_held(|| work(&made.bytes, settings));
                    let took = start.elapsed();
                    let fate = match done {
                        (Fate::Enriched, Some(package)) => held_to_the_laws(&made.bytes, &package, settings),
                        (fate, _) => fate,
                    };
                    slot.number.store(0, Ordering::Relaxed);
                    if let (Some(folder), true) =
                        (keep, fate.is_fault() || took > bounds.time || held > bounds.memory)
                    {
                        std::fs::write(format!("{folder}/{number}.xlsx"), &made.bytes).unwrap();
                    }
                    let outcome = Outcome { number, story: made.story, fate, took, held };
                    tally.lock().unwrap().add(outcome, bounds);
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    println!("{}", tally.told());
    std::process::exit(i32::from(!tally.is_sound()));
}
