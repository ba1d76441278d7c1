//! `laws::formulas` under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::formulas::law(bytes));
