//! Malformed files give an error that names file and row, never a panic.

use super::round_trip::{CVRP, EXPLICIT, SOLOMON};
use proptest::prelude::*;
use routeforce::solver::format::{ReadOptions, parse_instance, parse_solution};

fn refused(content: &str) -> String {
    parse_instance("bad.vrp", content, &ReadOptions::default())
        .expect_err("must be refused")
        .to_string()
}

#[test]
fn faults_are_named_with_their_row() {
    for (good, bad, row, word) in [
        ("1 0 0\n", "1 zero 0\n", 8, "zero"),
        ("2 3 4\n", "2 3\n", 9, "1 fields after the number"),
        ("2 3 4\n", "2 NaN 4\n", 9, "NaN"),
        ("2 3 4\n", "2 1e300 4\n", 9, "1e300"),
        ("2 5\n", "2 -5\n", 14, "-5"),
        (
            "2 5\n",
            "2 99999999999999999999\n",
            14,
            "99999999999999999999",
        ),
        ("1 0\n2 5\n", "1 5\n2 5\n", 13, "DEMAND_SECTION"),
        ("CAPACITY : 10", "CAPACITY : ten", 6, "ten"),
        ("DIMENSION : 4", "DIMENSION : 0", 4, "DIMENSION"),
        ("TYPE : CVRP", "TYPE : PDPTW", 3, "PDPTW"),
        ("EUC_2D", "GEO", 5, "GEO"),
        ("EUC_2D\n", "EUC_2D\nDISTANCE : 5\n", 6, "DISTANCE"),
        (
            "NODE_COORD_SECTION",
            "PICKUP_AND_DELIVERY_SECTION",
            7,
            "PICKUP_AND_DELIVERY_SECTION",
        ),
        (
            "CAPACITY : 10\n",
            "CAPACITY : 10\nCAPACITY : 10\n",
            7,
            "twice",
        ),
        ("1\n-1\n", "2\n-1\n", 18, "DEPOT_SECTION"),
        ("NAME : tiny\n", "hello\n", 1, "hello"),
    ] {
        let content = CVRP.replacen(good, bad, 1);
        assert_ne!(content, CVRP, "{good:?} does not occur");
        let message = refused(&content);
        assert!(
            message.starts_with(&format!("bad.vrp, row {row},")),
            "{bad:?}: {message}"
        );
        assert!(message.contains(word), "{bad:?}: {message}");
    }
}

#[test]
fn missing_parts_are_named() {
    for (good, bad, word) in [
        ("CAPACITY : 10\n", "", "CAPACITY"),
        ("DIMENSION : 4", "DIMENSION : 900000000", "DIMENSION"),
        ("4 -6 0\n", "", "NODE_COORD_SECTION"),
        ("4 5\n", "", "DEMAND_SECTION"),
        ("1\n-1\n", "", "DEPOT_SECTION"),
    ] {
        let message = refused(&CVRP.replacen(good, bad, 1));
        assert!(message.contains(word), "{bad:?}: {message}");
    }
    assert!(refused("").contains("TYPE"));
    let huge = EXPLICIT.replace("DIMENSION : 3", "DIMENSION : 900000000");
    assert!(refused(&huge).contains("nodes"));
    let short = EXPLICIT.replace("8 9\n", "8\n");
    assert!(refused(&short).contains("2 numbers, expected 3"));
    let crossed = SOLOMON.replace("50       60", "60       50");
    assert!(refused(&crossed).contains("row 11"));
    assert!(refused(&SOLOMON.replace("    2      2 ", "    3      2 ")).contains("row 12"));
}

#[test]
fn bad_solutions_are_refused() {
    let instance = parse_instance("a.vrp", CVRP, &ReadOptions::default()).unwrap();
    for (content, word) in [
        ("Route #1: 1 4\n", "row 1"),
        ("Route #1: 1\nRoute #2: x\n", "row 2"),
        ("Route #1: 0\n", "row 1"),
        ("Cost five\n", "five"),
        ("<html>\n", "<html>"),
    ] {
        let error = parse_solution("bad.sol", content, &instance).expect_err(content);
        assert!(error.to_string().contains(word), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_truncation_or_mutation_panics(
        which in 0_usize..3,
        cut in 0_usize..600,
        edits in prop::collection::vec((0_usize..600, any::<u8>()), 0..6),
    ) {
        let mut bytes = [CVRP, SOLOMON, EXPLICIT][which].as_bytes().to_vec();
        for (at, byte) in edits {
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        bytes.truncate(cut.max(1));
        let content = String::from_utf8_lossy(&bytes);
        if let Err(error) = parse_instance("mutated", &content, &ReadOptions::default()) {
            prop_assert!(!error.remedy.is_empty());
        }
        let instance = parse_instance("a.vrp", CVRP, &ReadOptions::default()).unwrap();
        let _ = parse_solution("mutated", &content, &instance);
    }
}
