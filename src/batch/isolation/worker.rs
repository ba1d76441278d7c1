//! The worker's side: one file after another from standard input, until there are no more.

#![expect(clippy::disallowed_methods, reason = "the worker watches its own clock")]

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};

use super::frame::{receive, send};
use super::job::{Job, Task, answer, work};
use crate::batch::one::Settings;
use crate::batch::paper::Paper;
use crate::catalogue::Catalogue;
use crate::locale::Lang;
use crate::policy;
use crate::review::Review;

/// What a worker is told before its first file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setup {
    /// The text of the team's `fupan.toml`.
    pub config: String,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// Language of the sheets.
    pub lang: String,
    /// Whether findings are marked on the team's own cells.
    pub mark: bool,
    /// What forms reports take beside the workbooks.
    pub papers: Vec<Paper>,
    /// Language of the console.
    pub console: String,
    /// Most seconds of the processor a file may take.
    pub seconds: u64,
    /// Most bytes of memory the worker may hold.
    pub memory: u64,
    /// What to do wrong, and at which file; only tests ask for it.
    pub fault: Option<(Fault, String)>,
}

/// What a worker can be asked to do wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Work for ever.
    Hang,
    /// Wait for ever.
    Sleep,
    /// Panic.
    Panic,
    /// Ask for memory without end.
    Memory,
    /// Call itself without end.
    Stack,
    /// Be killed.
    Abort,
    /// Leave as if all were well.
    Leave,
    /// Answer what is no message.
    Garbage,
    /// Answer a message whose pieces mean nothing.
    Nonsense,
    /// Announce more than anybody may say.
    Long,
    /// Say less than announced.
    Short,
}

impl Setup {
    /// A fault by its name, for tests: `hang`, or `hang:坏.xlsx` for one file.
    pub fn fault_named(text: &str) -> Option<(Fault, String)> {
        let (fault, file) = text.split_once(':').unwrap_or((text, ""));
        let fault = serde_json::from_value(serde_json::Value::String(fault.into())).ok()?;
        Some((fault, file.to_owned()))
    }
}

/// Words reviews in a language; the console's.
pub type Describer<'a> = &'a (dyn Fn(Task, &Review<'_>, Lang) -> String + Sync);

/// Serves until there is nothing more to do. `cap_heap` limits the memory of this process.
///
/// # Errors
/// When the program that started this worker has gone away.
pub fn serve(
    from: &mut impl Read,
    to: &mut impl Write,
    cap_heap: &dyn Fn(usize),
    describe: Describer<'_>,
) -> io::Result<()> {
    // What a panic says goes into the answer; nobody reads it anywhere else.
    std::panic::set_hook(Box::new(|_| {}));
    let Some(pieces) = receive(from)? else { return Ok(()) };
    let setup: Setup = serde_json::from_slice(pieces.first().map_or(&[], Vec::as_slice))?;
    let lang = Lang::parse(&setup.lang).unwrap_or_default();
    let console = Lang::parse(&setup.console).unwrap_or_default();
    let (policy, _) = policy::load(&setup.config);
    let mut settings = Settings::new(Catalogue::shipped(), &policy, setup.as_of, lang);
    (settings.mark, settings.papers) = (setup.mark, setup.papers);
    settings.matcher();
    cap_heap(usize::try_from(setup.memory).unwrap_or(usize::MAX));
    let watch = Watch::start(setup.seconds);
    send(to, &[])?;
    let words = |task: Task, review: &Review<'_>| describe(task, review, console);
    while let Some(pieces) = receive(from)? {
        let [head, files @ ..] = &pieces[..] else { return Err(io::ErrorKind::InvalidData.into()) };
        let job: Job = serde_json::from_slice(head)?;
        if files.is_empty() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        watch.busy();
        let pieces = match &setup.fault {
            Some((fault, file)) if file.is_empty() || *file == job.name => match misbehave(*fault, to)? {
                Some(pieces) => pieces,
                None => continue,
            },
            _ => answer(|| work(&job, &files, &settings, &words)),
        };
        watch.idle();
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        send(to, &pieces)?;
    }
    Ok(())
}

/// Does the one thing wrong that a test asked for.
fn misbehave(fault: Fault, to: &mut impl Write) -> io::Result<Option<Vec<Vec<u8>>>> {
    fn deeper(depth: u64) -> u64 {
        let room = std::hint::black_box([depth; 64]);
        if depth == u64::MAX { 0 } else { deeper(depth + 1) + room[7] }
    }
    match fault {
        Fault::Hang => loop {
            std::hint::spin_loop();
        },
        Fault::Sleep => loop {
            std::thread::sleep(Duration::from_secs(1));
        },
        Fault::Panic => return Ok(Some(answer(|| panic!("asked to")))),
        Fault::Memory => {
            let mut held = Vec::new();
            loop {
                held.push(std::hint::black_box(vec![1u8; 16 << 20]));
            }
        }
        Fault::Stack => drop(std::hint::black_box(deeper(0))),
        Fault::Abort => std::process::abort(),
        Fault::Leave => std::process::exit(0),
        Fault::Garbage => to.write_all(b"this is no message at all")?,
        Fault::Nonsense => return Ok(Some(vec![b"{\"done\":1}".to_vec()])),
        Fault::Long => {
            to.write_all(b"FP01\x01\0\0\0")?;
            to.write_all(&u64::MAX.to_le_bytes())?;
        }
        Fault::Short => {
            to.write_all(b"FP01\x01\0\0\0\x10\0\0\0\0\0\0\0only")?;
            to.flush()?;
            std::process::exit(0);
        }
    }
    to.flush()?;
    Ok(None)
}

/// The last words of a worker that ended because a file took too much of the processor.
pub(super) const TOO_MUCH: &str = "fupan: the time of this file is up";

/// How long a file may take by the clock, so much of the processor being allowed: a busy machine, or one that
/// sleeps, must not decide what becomes of a file.
pub(super) fn by_the_clock(seconds: u64) -> Duration {
    const BUSY: u64 = 4;
    const STARTING: u64 = 5;
    Duration::from_secs(seconds.saturating_mul(BUSY).saturating_add(STARTING))
}

/// Ends the process when a file takes more of the processor than allowed, or far longer by the clock than whoever
/// should end it then would have waited.
struct Watch {
    start: Instant,
    /// Milliseconds from the start to the file in hand, plus one; zero between files.
    since: &'static AtomicU64,
    /// Milliseconds of the processor used before the file in hand.
    used: &'static AtomicU64,
}

impl Watch {
    fn start(seconds: u64) -> Watch {
        const LOOK: Duration = Duration::from_millis(100);
        static SINCE: AtomicU64 = AtomicU64::new(0);
        static USED: AtomicU64 = AtomicU64::new(0);
        let (start, since, used) = (Instant::now(), &SINCE, &USED);
        let limit = seconds.saturating_mul(1000);
        let gone = (by_the_clock(seconds) * 2 + Duration::from_secs(10)).as_millis() as u64;
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(LOOK);
                let begun = since.load(Ordering::Acquire);
                if begun == 0 {
                    continue;
                }
                if processor().saturating_sub(used.load(Ordering::Relaxed)) > limit {
                    // Whoever waits for the answer reads why there will be none.
                    let _ = writeln!(io::stderr(), "{TOO_MUCH}");
                    std::process::abort();
                }
                if start.elapsed().as_millis() as u64 > begun.saturating_add(gone) {
                    std::process::abort();
                }
            }
        });
        Watch { start, since, used }
    }

    fn busy(&self) {
        self.used.store(processor(), Ordering::Relaxed);
        self.since.store(self.start.elapsed().as_millis() as u64 + 1, Ordering::Release);
    }

    fn idle(&self) {
        self.since.store(0, Ordering::Release);
    }
}

/// Milliseconds of the processor this process has used.
fn processor() -> u64 {
    ProcessTime::try_now().map_or(0, |now| now.as_duration().as_millis() as u64)
}
