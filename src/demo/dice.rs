//! Numbers in a fixed order from a seed.

/// Dice that fall the same for the same seed (SplitMix64: Steele, Lea, Flood, “Fast Splittable Pseudorandom Number
/// Generators”, 2014).
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// Dice of their own for one thing, so that what is thrown for another changes nothing here.
    pub fn of(seed: u64, thing: &[u64]) -> Dice {
        let mut dice = Dice(seed);
        for part in thing {
            dice.0 = dice.next().wrapping_add(part.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From zero to below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.below(10_001) as f64 / 10_000.0
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}
