//! The program's side: as many workers as there are threads, each given file
//! after file, watched, and replaced where it dies.

#![expect(clippy::disallowed_methods, reason = "a file is worked on in a process of its own")]

use std::io::{self, BufReader, BufWriter, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use super::frame::{receive, send};
use super::job::{Describe, Done, Job, Said, in_this_process, understand};
use super::worker::{Setup, TOO_MUCH, by_the_clock};
use crate::batch::findings::failed;
use crate::batch::one::Settings;
use crate::diagnostic::Finding;
use crate::xlsx::sniff::{Kind, sniff};

/// The longest a worker may take to get ready: it loads the declarations, and the machine may be busy.
const READY: Duration = Duration::from_secs(60);
/// How much of a dead worker's last words is read.
const LAST_WORDS: u64 = 8 << 10;

/// Why a file came to nothing though nothing was said against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The program panicked on it.
    Panic(String),
    /// It needed more memory than a worker may hold: bytes.
    Memory(u64),
    /// It took longer than it may: seconds.
    Time(u64),
    /// The worker died, and how.
    Crash(String),
    /// The worker answered what is no answer.
    Garbage,
    /// No worker could be started, and why.
    NoWorker(String),
}

/// The workers of a run.
pub struct Workers<'a, 's> {
    settings: &'a Settings<'s>,
    describe: Describe<'a>,
    program: Option<PathBuf>,
    setup: Setup,
    idle: Mutex<Vec<Worker>>,
}

impl<'a, 's> Workers<'a, 's> {
    /// Workers to be started when there is something to do, from a program that serves when called with `__worker`.
    ///
    /// Without a program everything is done in this process.
    pub fn new(
        program: Option<PathBuf>,
        setup: Setup,
        settings: &'a Settings<'s>,
        describe: Describe<'a>,
    ) -> Workers<'a, 's> {
        Workers { settings, describe, program, setup, idle: Mutex::default() }
    }

    /// Others that read under other settings of the team's.
    pub fn under<'b>(&'b self, settings: &'b Settings<'b>) -> Workers<'b, 'b> {
        let setup = Setup { config: settings.policy.source.clone(), ..self.setup.clone() };
        Workers::new(self.program.clone(), setup, settings, self.describe)
    }

    /// Has a file worked on.
    ///
    /// # Errors
    /// A finding that says why the file came to nothing.
    pub fn work(&self, job: &Job, bytes: &[u8]) -> Result<Done, Box<Finding>> {
        self.work_on(job, &[bytes])
    }

    /// Has several copies of one campaign worked on together.
    ///
    /// # Errors
    /// A finding that says why they came to nothing.
    pub fn work_on(&self, job: &Job, files: &[&[u8]]) -> Result<Done, Box<Finding>> {
        let Some(program) = &self.program else {
            return in_this_process(job, files, self.settings, self.describe);
        };
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(worker) = idle {
            match self.ask(worker, job, files) {
                // A worker that had other files before may not die of this one: a fresh one decides.
                Err(Failure::Memory(_) | Failure::Crash(_) | Failure::Garbage) => {}
                told => return self.settle(told),
            }
        }
        match Worker::start(program, &self.setup) {
            Ok(worker) => self.settle(self.ask(worker, job, files)),
            // Where no process can be started, our own reader is still good enough for what it reads itself.
            Err(_) if files.iter().all(|bytes| matches!(sniff(bytes), Kind::Xlsx | Kind::Xlsm)) => {
                in_this_process(job, files, self.settings, self.describe)
            }
            Err(error) => self.settle(Err(Failure::NoWorker(error.to_string()))),
        }
    }

    fn settle(&self, told: Result<Box<Result<Done, Box<Finding>>>, Failure>) -> Result<Done, Box<Finding>> {
        match told {
            Ok(outcome) => *outcome,
            Err(failure) => Err(Box::new(failed(&failure))),
        }
    }

    /// Gives a worker a file; one that answers in order is kept for the next.
    fn ask(
        &self,
        mut worker: Worker,
        job: &Job,
        files: &[&[u8]],
    ) -> Result<Box<Result<Done, Box<Finding>>>, Failure> {
        let head = serde_json::to_vec(job).unwrap_or_default();
        let pieces: Vec<&[u8]> = [head.as_slice()].into_iter().chain(files.iter().copied()).collect();
        match worker.talk(by_the_clock(self.setup.seconds), &pieces) {
            Ok(pieces) => match understand(pieces) {
                Some(Said::Outcome(outcome)) => {
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
                    Ok(outcome)
                }
                // What a panic left half done is left behind with its worker.
                Some(Said::Panicked(words)) => Err(Failure::Panic(words)),
                None => Err(Failure::Garbage),
            },
            Err(Broken::Late) => Err(Failure::Time(self.setup.seconds)),
            Err(Broken::Garbage) => Err(Failure::Garbage),
            Err(Broken::Gone) => Err(worker.cause_of_death(&self.setup)),
        }
    }
}

/// Why a talk came to nothing.
enum Broken {
    Late,
    Garbage,
    Gone,
}

/// One worker process.
struct Worker {
    child: Mutex<Child>,
    to: BufWriter<ChildStdin>,
    from: BufReader<ChildStdout>,
    complaints: ChildStderr,
}

impl Worker {
    fn start(program: &PathBuf, setup: &Setup) -> io::Result<Worker> {
        let mut command = Command::new(program);
        command
            .arg("__worker")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Without it Windows finds neither its libraries nor its random numbers.
        if let Some(root) = std::env::var_os("SystemRoot").filter(|_| cfg!(windows)) {
            command.env("SystemRoot", root);
        }
        let mut child = command.spawn()?;
        let (Some(to), Some(from), Some(complaints)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut worker = Worker {
            child: Mutex::new(child),
            to: BufWriter::with_capacity(64 << 10, to),
            from: BufReader::with_capacity(64 << 10, from),
            complaints,
        };
        let setup = serde_json::to_vec(setup)?;
        match worker.talk(READY, &[&setup]) {
            Ok(ready) if ready.is_empty() => Ok(worker),
            _ => Err(io::Error::other("the worker did not get ready")),
        }
    }

    /// Says something and waits for the answer, no longer than it may take: then the worker is killed,
    /// which ends both the saying and the waiting.
    fn talk(&mut self, limit: Duration, pieces: &[&[u8]]) -> Result<Vec<Vec<u8>>, Broken> {
        let Worker { child, to, from, .. } = self;
        let child = &*child;
        let (answered, waiting) = mpsc::channel::<()>();
        let (told, late) = thread::scope(|scope| {
            let watch = thread::Builder::new().spawn_scoped(scope, move || {
                let late = waiting.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
                if late {
                    let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
                }
                late
            });
            // Nobody is asked without somebody watching.
            let told = match &watch {
                Ok(_) => send(to, pieces).and_then(|()| receive(from)),
                Err(_) => Err(io::ErrorKind::Other.into()),
            };
            drop(answered);
            (told, watch.is_ok_and(|watch| watch.join().unwrap_or(false)))
        });
        match told {
            _ if late => Err(Broken::Late),
            Ok(Some(pieces)) => Ok(pieces),
            Ok(None) => Err(Broken::Gone),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Broken::Garbage),
            Err(_) => Err(Broken::Gone),
        }
    }

    /// What a worker died of, by its last words and its exit.
    fn cause_of_death(mut self, setup: &Setup) -> Failure {
        let mut words = Vec::new();
        let status = {
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            // It has closed its pipe; should it still be about, it has nothing more to say.
            let _ = child.kill();
            child.wait()
        };
        let _ = (&mut self.complaints).take(LAST_WORDS).read_to_end(&mut words);
        let words = String::from_utf8_lossy(&words);
        if words.contains("memory allocation of") {
            return Failure::Memory(setup.memory);
        }
        if words.contains(TOO_MUCH) {
            return Failure::Time(setup.seconds);
        }
        match status {
            Ok(status) => Failure::Crash(format!("{status} {}", words.trim()).trim().to_owned()),
            Err(error) => Failure::Crash(error.to_string()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}
