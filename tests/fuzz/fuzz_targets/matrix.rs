//! The parser of routing matrices never panics: two matrices with a zero byte between.

#![no_main]

use libfuzzer_sys::fuzz_target;
use routeforce::solver::format::{ReadOptions, parse_pragmatic};

const PROBLEM: &str = include_str!("../../data/pragmatic/indices.problem.json");

fuzz_target!(|data: &[u8]| {
    let texts = data.split(|byte| *byte == 0).take(2);
    let texts: Vec<String> = texts
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    let matrices: Vec<&str> = texts.iter().map(String::as_str).collect();
    let _ = parse_pragmatic("fuzz", PROBLEM, &matrices, &ReadOptions::default());
});
