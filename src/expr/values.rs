//! What a rectangle of cells holds, and what the summing functions see in it.
//!
//! A column is referred to from each of its rows, for shares and ranks: what all of it amounts to is worked out
//! once and not once a row.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::Val;

/// Values, row by row; shared.
#[derive(Debug, Clone, Default)]
pub struct Values(Arc<Held>);

#[derive(Debug, Default)]
struct Held {
    all: Box<[Val]>,
    totals: OnceLock<Totals>,
    sorted: OnceLock<Option<Box<[f64]>>>,
}

/// What is known of all of it together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    /// How many are numbers.
    pub numbers: usize,
    /// How many hold anything.
    pub filled: usize,
    /// The numbers added up; `None` where one is an error.
    pub sum: Option<f64>,
}

impl Values {
    /// How many, and how much.
    pub(super) fn totals(&self) -> Totals {
        *self.0.totals.get_or_init(|| {
            let numbers = numbers(&self.0.all);
            Totals {
                numbers: self.iter().filter(|val| matches!(val, Val::Number(_))).count(),
                filled: self.iter().filter(|val| !matches!(val, Val::Blank)).count(),
                sum: numbers.map(|numbers| numbers.iter().sum()),
            }
        })
    }

    /// The numbers in their order; `None` where one is an error.
    pub(super) fn sorted(&self) -> Option<&[f64]> {
        let sort = || {
            let mut numbers = numbers(&self.0.all)?;
            numbers.sort_by(f64::total_cmp);
            Some(numbers.into())
        };
        self.0.sorted.get_or_init(sort).as_deref()
    }
}

/// The numbers among them as they stand; `None` where one is an error.
pub(super) fn numbers(values: &[Val]) -> Option<Vec<f64>> {
    let mut numbers = Vec::new();
    for val in values {
        match val {
            Val::Number(n) => numbers.push(*n),
            Val::Error => return None,
            _ => {}
        }
    }
    Some(numbers)
}

impl Deref for Values {
    type Target = [Val];

    fn deref(&self) -> &[Val] {
        &self.0.all
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Values) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.all == other.0.all
    }
}

impl From<Vec<Val>> for Values {
    fn from(all: Vec<Val>) -> Values {
        Values(Arc::new(Held { all: all.into(), ..Held::default() }))
    }
}

impl FromIterator<Val> for Values {
    fn from_iter<I: IntoIterator<Item = Val>>(all: I) -> Values {
        all.into_iter().collect::<Vec<Val>>().into()
    }
}
