//! Counts of what mutants came to, the worst times and sizes among them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use super::judge::Fate;

/// What is known of a mutant once it has been worked on.
pub struct Outcome {
    pub number: usize,
    pub story: String,
    pub fate: Fate,
    pub took: Duration,
    /// Most bytes held at one time.
    pub held: usize,
}

/// What may be used for one mutant.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub time: Duration,
    pub memory: usize,
}

#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<Fate, usize>,
    faults: Vec<String>,
    over_time: Vec<String>,
    over_memory: Vec<String>,
    slowest: Option<(Duration, String)>,
    largest: Option<(usize, String)>,
    total: Duration,
}

impl Tally {
    pub fn add(&mut self, outcome: Outcome, bounds: Bounds) {
        let Outcome { number, story, fate, took, held } = outcome;
        let line = format!("#{number} {story}");
        if fate.is_fault() {
            self.faults.push(format!("{line}\n    {fate:?}"));
        }
        if took > bounds.time {
            self.over_time.push(format!("{line}: {took:.1?}"));
        }
        if held > bounds.memory {
            self.over_memory.push(format!("{line}: {} MiB", held >> 20));
        }
        if self.slowest.as_ref().is_none_or(|(worst, _)| took > *worst) {
            self.slowest = Some((took, line.clone()));
        }
        if self.largest.as_ref().is_none_or(|(worst, _)| held > *worst) {
            self.largest = Some((held, line));
        }
        self.total += took;
        let group = match fate {
            Fate::Panicked(_) => Fate::Panicked(String::new()),
            Fate::Broken(_) => Fate::Broken(String::new()),
            other => other,
        };
        *self.counts.entry(group).or_default() += 1;
    }

    /// Mutants that came to this.
    pub fn count(&self, wanted: impl Fn(&Fate) -> bool) -> usize {
        self.counts.iter().filter(|(fate, _)| wanted(fate)).map(|(_, count)| count).sum()
    }

    /// Whether nothing panicked, broke a law or went over a bound.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.over_time.is_empty() && self.over_memory.is_empty()
    }

    /// Everything counted, in words.
    pub fn told(&self) -> String {
        let mut told = String::new();
        for (fate, count) in &self.counts {
            let _ = writeln!(told, "{count:>7}  {fate:?}");
        }
        let all: usize = self.counts.values().sum();
        let _ = writeln!(told, "{all:>7}  mutants in {:.1?} of work", self.total);
        for (title, lines) in [
            ("panicked or broken", &self.faults),
            ("over time", &self.over_time),
            ("over memory", &self.over_memory),
        ] {
            let _ = writeln!(told, "{:>7}  {title}", lines.len());
            for line in lines.iter().take(40) {
                let _ = writeln!(told, "         {line}");
            }
        }
        if let (Some((time, slow)), Some((held, large))) = (&self.slowest, &self.largest) {
            let _ = writeln!(
                told,
                "slowest  {time:.2?}  {slow}\nlargest  {:.1} MiB  {large}",
                *held as f64 / 1048576.0
            );
        }
        told
    }
}
