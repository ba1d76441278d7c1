//! Which of the lines of a week are those of the week before: passes, each one to one over what is left.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::folded::Lazy;

/// From here on two texts are one told in other words.
pub const ALIKE: f64 = 0.75;
/// Two texts that share less than this are no rewording of each other, whatever their number says: numbers are
/// given anew when a row goes.
pub const UNLIKE: f64 = 0.2;

/// Lines of now (right) on lines of before (left), as far as they were found.
#[derive(Debug)]
pub struct Pairing {
    /// For each line of now the line before it.
    pub of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairing {
    /// Nothing found yet.
    pub fn new(before: usize, now: usize) -> Pairing {
        Pairing { of: vec![None; now], taken: vec![false; before] }
    }

    /// Whether a line before has its line now.
    pub fn is_taken(&self, before: usize) -> bool {
        self.taken[before]
    }

    fn pair(&mut self, before: usize, now: usize) {
        self.of[now] = Some(before);
        self.taken[before] = true;
    }

    fn free(&self) -> Vec<usize> {
        (0..self.of.len()).filter(|now| self.of[*now].is_none()).collect()
    }

    /// Whether every line of now has found its own: in most weeks most lines are as they were.
    fn is_whole(&self) -> bool {
        self.of.iter().all(Option::is_some)
    }

    /// Pairs what goes by the same key; a line may go by several. Of several lines before the first free one.
    pub fn by_key<K: Hash + Eq, Keys: IntoIterator<Item = K>>(
        &mut self,
        before: impl Iterator<Item = (usize, Keys)>,
        now: impl Fn(usize) -> Keys,
    ) {
        if self.is_whole() {
            return;
        }
        let mut index: HashMap<K, Vec<usize>> = HashMap::new();
        for (at, keys) in before.filter(|(at, _)| !self.taken[*at]) {
            for key in keys {
                index.entry(key).or_default().push(at);
            }
        }
        for at in self.free() {
            let known = now(at).into_iter().filter_map(|key| index.get(&key)).flatten();
            if let Some(known) = known.copied().find(|known| !self.taken[*known]) {
                self.pair(known, at);
            }
        }
    }

    /// Pairs what is alike inside a group, the most alike first.
    pub fn by_likeness<'p, K: Ord>(
        &mut self,
        before: impl Iterator<Item = (usize, K, &'p Lazy)>,
        now: impl Fn(usize) -> Option<(K, &'p Lazy)>,
    ) {
        if self.is_whole() {
            return;
        }
        let mut groups: BTreeMap<K, Vec<(usize, &Lazy)>> = BTreeMap::new();
        for (at, group, words) in before.filter(|(at, ..)| !self.taken[*at]) {
            groups.entry(group).or_default().push((at, words));
        }
        let mut found: Vec<(f64, usize, usize)> = Vec::new();
        for at in self.free() {
            let Some((group, words)) = now(at) else { continue };
            for (known, others) in groups.get(&group).into_iter().flatten() {
                let alike = words.pairs().alike(others.pairs());
                if alike >= ALIKE {
                    found.push((alike, *known, at));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, known, at) in found {
            if !self.taken[known] && self.of[at].is_none() {
                self.pair(known, at);
            }
        }
    }

    /// Pairs the only one left of a group with the only one left of it before.
    pub fn by_being_alone<K: Ord>(
        &mut self,
        before: impl Iterator<Item = (usize, K)>,
        now: impl Fn(usize) -> K,
    ) {
        if self.is_whole() {
            return;
        }
        let mut left: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, group) in before.filter(|(at, _)| !self.taken[*at]) {
            left.entry(group).or_default().0.push(at);
        }
        for at in self.free() {
            left.entry(now(at)).or_default().1.push(at);
        }
        for (before, now) in left.into_values() {
            if let ([known], [at]) = (before.as_slice(), now.as_slice()) {
                self.pair(*known, *at);
            }
        }
    }
}
