//! By numbers that can be checked by hand.
