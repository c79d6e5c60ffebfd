//! Mutated files of every dialect give an instance or an error, never a panic; what is still read
//! can be written. The targets in `tests/fuzz` do the same for millions of inputs.

use super::round_trip::{CVRP, EXPLICIT, SOLOMON};
use proptest::prelude::*;
use routeforce::solver::Solution;
use routeforce::solver::format::{
    OutputFormat, ReadOptions, parse_instance, parse_pragmatic, parse_solution, write_solution,
};

const PAIRS: &str = "2 10 1\n0 0 0 0 0 100 0 0 0\n1 3 4 6 0 50 5 0 2\n2 6 8 -6 0 60 5 1 0\n";
const VROOM: &str = include_str!("../../../data/vroom/one_matrix.json");
const BREAKS: &str = include_str!("../../../data/vroom/breaks.json");
const PRAGMATIC: &str = include_str!("../../../data/pragmatic/breaks.problem.json");
const INDICES: &str = include_str!("../../../data/pragmatic/indices.problem.json");
const MATRIX: &str = include_str!("../../../data/pragmatic/indices.matrix.json");

/// Tokens that parsers stumble over.
const TOKENS: [&str; 14] = [
    "-1",
    "0",
    "99999999999999999999",
    "1e308",
    "NaN",
    "null",
    "[]",
    "{}",
    "\"\"",
    "\u{0}",
    "EOF",
    "_SECTION",
    ":",
    "2026-07-06T08:00:00Z",
];

/// An edit: where, and which token or byte takes the place of how many bytes.
type Edit = (usize, usize, usize);

fn mutated(content: &str, edits: &[Edit], cut: Option<usize>) -> String {
    let mut bytes = content.as_bytes().to_vec();
    for (at, what, length) in edits {
        let at = at % (bytes.len() + 1);
        let end = (at + length).min(bytes.len());
        let token = TOKENS.get(what % (TOKENS.len() + 6)).copied().unwrap_or("");
        bytes.splice(at..end, token.bytes());
    }
    if let Some(cut) = cut {
        bytes.truncate(cut % (bytes.len() + 1));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_mutation_of_any_dialect_panics(
        which in 0_usize..8,
        edits in prop::collection::vec((any::<usize>(), any::<usize>(), 0_usize..12), 1..5),
        cut in prop::option::weighted(0.1, any::<usize>()),
    ) {
        let originals = [CVRP, SOLOMON, EXPLICIT, PAIRS, VROOM, BREAKS, PRAGMATIC, INDICES];
        let content = mutated(originals[which], &edits, cut);
        let matrices: &[&str] = if which == 7 { &[MATRIX] } else { &[] };
        let options = ReadOptions::default();
        let read = match which {
            6 | 7 => parse_pragmatic("mutated", &content, matrices, &options),
            _ => parse_instance("mutated", &content, &options),
        };
        match read {
            Err(error) => prop_assert!(!error.remedy.is_empty()),
            Ok(instance) => {
                let unplanned = (0..instance.problem.stops().len()).collect();
                let nothing = Solution { unplanned, ..Solution::default() };
                for format in [OutputFormat::Own, OutputFormat::Csv] {
                    prop_assert!(write_solution(&instance, &nothing, format).is_ok());
                }
            }
        }
        let _ = parse_pragmatic("mutated", INDICES, &[&content], &options);
        let instance = parse_instance("a.vrp", CVRP, &options).unwrap();
        let _ = parse_solution("mutated", &content, &instance);
    }
}
