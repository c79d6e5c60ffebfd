//! Segments: found where they are, named alike and apart, told to the user.

use super::table::{Row, customer, mixed, monday, report, row, write};
use chrono::Days;
use routeforce::domain::Document;
use routeforce::domain::customers::CustomerReport;
use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn customers_that_differ_are_told_apart() {
    let mut rows: Vec<Row> = Vec::new();
    for site in 0..12_u64 {
        let big = |d| row(&format!("big{site}"), d, 200.0);
        let few = |d| row(&format!("few{site}"), d, 10.0);
        rows.extend((0..180).step_by(7).map(big));
        rows.extend((0..180).step_by(2).map(few));
    }
    let found = report(&rows, monday() + Days::new(180));
    assert_eq!(found.segments.len(), 2, "{:?}", found.segments);
    let of = |prefix: &str| -> BTreeSet<String> {
        let some = found
            .customers
            .iter()
            .filter(|c| c.site_id.starts_with(prefix));
        some.map(|c| c.segment.clone()).collect()
    };
    assert_eq!(
        of("big"),
        ["weekly and regular, large orders".to_owned()].into()
    );
    assert_eq!(
        of("few"),
        ["several times a week and regular, small orders".to_owned()].into()
    );
    assert_eq!(found.segments[0].name, customer(&found, "big0").segment);
}

#[test]
fn names_are_unique_and_every_customer_is_in_a_segment() {
    for seed in 0..5 {
        let found = report(&mixed(seed), monday() + Days::new(182));
        let names: BTreeSet<&str> = found.segments.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names.len(), found.segments.len());
        for segment in &found.segments {
            let members = found.customers.iter().filter(|c| c.segment == segment.name);
            assert_eq!(members.count(), segment.customers as usize);
        }
        let customers: u32 = found.segments.iter().map(|s| s.customers).sum();
        assert_eq!(customers as usize, found.customers.len());
        let volume: f64 = found.segments.iter().map(|s| s.volume_share).sum();
        assert!((volume - 1.0).abs() < 1e-9);
    }
}

#[test]
fn the_command_writes_a_row_per_customer_and_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let orders = folder.path().join("orders.parquet");
    write(&orders, &mixed(6));
    let run = |out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_routeforce"));
        command.current_dir(folder.path());
        let arguments = ["customers", "--orders", "orders.parquet", "--out", out];
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        (
            String::from_utf8(output.stderr).unwrap(),
            folder.path().join(out),
        )
    };
    let (told, csv) = run("customers.csv");
    let text = std::fs::read_to_string(csv).unwrap();
    assert!(text.starts_with("site_id,segment,orders,"), "{text}");
    assert_eq!(text.lines().count(), 41);
    let (_, json) = run("customers.json");
    let found = CustomerReport::read(&json).unwrap();
    let schema = jsonschema::validator_for(&CustomerReport::json_schema_document()).unwrap();
    assert!(schema.is_valid(&found.to_json().unwrap()));
    assert_eq!(found.customers.len(), 40);
    for segment in &found.segments {
        assert!(told.contains(&segment.name), "{told}");
    }
    let bytes = std::fs::read(run("customers.parquet").1).unwrap();
    assert!(bytes.starts_with(b"PAR1"));
}
