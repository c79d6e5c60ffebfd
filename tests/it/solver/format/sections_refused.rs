//! Malformed sections of VRPLIB files are named with their row.

use super::refusal;
use super::sections::{RICH, rich};

/// What is replaced in a good file and by what, the row at fault, and words that must be said.
const REPLACED: [(&str, &str, Option<u64>, [&str; 2]); 8] = [
    ("3 9\n", "", None, ["CAPACITY_SECTION", "2 rows"]),
    ("3 9\n", "3 nine\n", Some(21), ["CAPACITY", "nine"]),
    ("3 9\n", "4 9\n", Some(21), ["CAPACITY_SECTION", "`4`"]),
    (
        "3 2\nDEP",
        "3 3\nDEP",
        Some(25),
        ["VEHICLES_DEPOT_SECTION", "`3`"],
    ),
    (
        "3 2\nDEP",
        "3 1 2\nDEP",
        Some(25),
        ["VEHICLES_DEPOT_SECTION", "1 2"],
    ),
    ("1\n2\n-1", "2\n1\n-1", Some(27), ["DEPOT_SECTION", "`2`"]),
    ("2 0\n3 2", "2 1\n3 2", Some(14), ["DEMAND_SECTION", "`1`"]),
    ("MDVRPTW", "SDVRP", Some(2), ["TYPE", "SDVRP"]),
];

/// Sections added to a good file from row 26 on, the row at fault, and words that must be said.
const ADDED: [(&str, Option<u64>, [&str; 2]); 9] = [
    (
        "PRIZE_SECTION\n1 0\n2 0\n3 x\n4 0\n5 0",
        Some(29),
        ["PRIZE_SECTION", "`x`"],
    ),
    (
        "PRIZE_SECTION\n1 0\n2 0\n3 1\n4 0\n5 0\nMUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 3 4",
        Some(33),
        ["MUTUALLY_EXCLUSIVE_GROUP_SECTION", "prize"],
    ),
    (
        "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 4",
        Some(27),
        ["MUTUALLY_EXCLUSIVE_GROUP_SECTION", "`2`"],
    ),
    (
        "TIME_WINDOW_SECTION\n1 0 9\n2 0 9\n3 5 4\n4 0 9\n5 0 9",
        Some(29),
        ["TIME_WINDOW_SECTION", "5 4"],
    ),
    (
        "VEHICLES_MAX_RELOADS_SECTION\n1 1\n2 1.5\n3 1",
        Some(28),
        ["VEHICLES_MAX_RELOADS", "1.5"],
    ),
    (
        "VEHICLES_UNIT_DISTANCE_COST_SECTION\n1 1\n2 -1\n3 1",
        Some(28),
        ["VEHICLES_UNIT_DISTANCE_COST", "-1"],
    ),
    (
        "LINEHAUL_SECTION\n1 0",
        None,
        ["LINEHAUL_SECTION", "DEMAND_SECTION"],
    ),
    (
        "SERVICE_TIME_SECTION\n1 5\n2 0\n3 0\n4 0\n5 0",
        Some(27),
        ["SERVICE_TIME_SECTION", "`5`"],
    ),
    (
        "EDGE_WEIGHT_SECTION\n1 2",
        None,
        ["EDGE_WEIGHT_SECTION", "EXPLICIT"],
    ),
];

#[test]
fn malformed_sections_are_named_with_their_row() {
    let replaced = REPLACED.map(|(good, bad, row, words)| {
        assert!(RICH.contains(good), "{good}");
        (RICH.replacen(good, bad, 1), row, words)
    });
    let added = ADDED.map(|(sections, row, words)| (rich(sections), row, words));
    for (content, row, words) in replaced.into_iter().chain(added) {
        let message = refusal("bad.vrp", &content);
        for word in words {
            assert!(message.contains(word), "{word}: {message}");
        }
        if let Some(row) = row {
            let named = format!("bad.vrp, row {row},");
            assert!(message.starts_with(&named), "{message}");
        }
    }
}

#[test]
fn a_key_and_a_section_of_one_name_are_too_much() {
    let service = rich("SERVICE_TIME_SECTION\n1 0\n2 0\n3 0\n4 0\n5 0");
    let both = service.replacen("VEHICLES : 3", "VEHICLES : 3\nSERVICE_TIME : 5", 1);
    let message = refusal("bad.vrp", &both);
    assert!(
        message.starts_with("bad.vrp, row 5, field `SERVICE_TIME`"),
        "{message}"
    );
}
