//! The parser of route files never panics, nor does the judge of what it reads.

#![no_main]

use libfuzzer_sys::fuzz_target;
use routeforce::solver::check::check;
use routeforce::solver::format::{Instance, ReadOptions, parse_instance, parse_solution};
use std::sync::LazyLock;

static INSTANCE: LazyLock<Instance> = LazyLock::new(|| {
    let content = include_str!("../instances/rich.vrp");
    parse_instance("rich.vrp", content, &ReadOptions::default()).expect("a good instance")
});

fuzz_target!(|data: &[u8]| {
    if let Ok(solution) = parse_solution("fuzz", &String::from_utf8_lossy(data), &INSTANCE) {
        let _ = check(&INSTANCE.problem, &solution);
    }
});
