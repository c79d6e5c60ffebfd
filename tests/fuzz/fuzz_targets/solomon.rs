//! The Solomon parser never panics, whatever it reads; what it accepts can be written.

#![no_main]

use libfuzzer_sys::fuzz_target;
use routeforce::solver::Solution;
use routeforce::solver::format::{
    Dialect, OutputFormat, ReadOptions, parse_instance, write_solution,
};

fuzz_target!(|data: &[u8]| {
    let options = ReadOptions {
        dialect: Some(Dialect::Solomon),
        ..ReadOptions::default()
    };
    if let Ok(instance) = parse_instance("fuzz", &String::from_utf8_lossy(data), &options) {
        let unplanned = (0..instance.problem.stops().len()).collect();
        let nothing = Solution {
            unplanned,
            ..Solution::default()
        };
        let _ = write_solution(&instance, &nothing, OutputFormat::Own);
        let _ = write_solution(&instance, &nothing, OutputFormat::Csv);
    }
});
