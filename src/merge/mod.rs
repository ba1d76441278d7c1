//! Copies of one campaign put together so that no edit is lost.
//!
//! Every copy is a set of [`Claim`]s: where, what it was issued with, what it
//! holds now, and the generation of what it was issued from. Putting copies
//! together is the union of these sets, so no order and no grouping can
//! matter; what the union comes to is [`settle`], a pure function over it.
//! Nothing here knows a file.

pub mod claims;
pub mod computed;
pub mod copied;
#[cfg(test)]
#[path = "../../tests/support/history.rs"]
mod history;
pub mod issue;
#[cfg(test)]
mod laws;
pub mod reading;
pub mod rows;
mod settle;

pub use claims::{Claim, Decision, Held, Kind, Seat, Source, Union};
pub use computed::{Account, Computed, Position};
pub use copied::Copied;
pub use issue::Issue;
pub use rows::Ladder;
pub use settle::{Question, Removal, Settled, Standing, settle};
