//! The MAMUT parser never panics: an instance, and after a zero byte the arrival functions.

#![no_main]

use libfuzzer_sys::fuzz_target;
use routeforce::solver::format::{ReadOptions, parse_mamut};

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let instance = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let functions = parts.next().unwrap_or_default();
    let _ = parse_mamut("fuzz", &instance, functions, &ReadOptions::default());
});
