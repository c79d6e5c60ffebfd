//! The parser of MAMUT solutions never panics, nor does the judge of what it reads.

#![no_main]

use libfuzzer_sys::fuzz_target;
use routeforce::solver::check::check;
use routeforce::solver::format::{Instance, ReadOptions, parse_mamut, parse_solution};
use std::sync::LazyLock;

static INSTANCE: LazyLock<Instance> = LazyLock::new(|| {
    let content = include_str!("../instances/two.vrp.json");
    let functions = include_bytes!("../instances/two.atf.json");
    let options = ReadOptions::default();
    parse_mamut("two", content, functions, &options).expect("a good instance")
});

fuzz_target!(|data: &[u8]| {
    if let Ok(solution) = parse_solution("fuzz", &String::from_utf8_lossy(data), &INSTANCE) {
        let _ = check(&INSTANCE.problem, &solution);
    }
});
