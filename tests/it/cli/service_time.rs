//! Service times from raw visits to a plan, as a user would go.

use super::{date, demo, raw_stops, refuses, succeeds, text};
use routeforce::domain::Document;
use routeforce::domain::plan::Plan;
use routeforce::simulation::operator::service_factors;
use std::path::{Path, PathBuf};

/// The demo's stops without their service times.
fn stops_without_service(folder: &Path) -> PathBuf {
    let table = std::fs::read_to_string(raw_stops()).unwrap();
    let column = table
        .lines()
        .next()
        .unwrap()
        .split(',')
        .position(|name| name == "service_s");
    let without = |line: &str| {
        let fields = line.split(',').enumerate();
        let kept: Vec<&str> = fields
            .filter(|(i, _)| Some(*i) != column)
            .map(|(_, f)| f)
            .collect();
        kept.join(",") + "\n"
    };
    let path = folder.join("stops.csv");
    std::fs::write(&path, table.lines().map(without).collect::<String>()).unwrap();
    path
}

fn plan(stops: &Path, models: &Path, out: &Path, more: &[&str]) -> Plan {
    let (fleet, date) = (demo().join("raw/fleet.csv"), date());
    let mut arguments = vec!["plan", "--stops", text(stops), "--fleet", text(&fleet)];
    arguments.extend([
        "--date",
        &date,
        "--models",
        text(models),
        "--time-limit",
        "0.3",
    ]);
    arguments.extend(["--out", text(out)]);
    arguments.extend(more);
    succeeds(&arguments);
    assert!(succeeds(&["check", text(out)]).contains("no fault found"));
    Plan::read(out).unwrap()
}

#[test]
fn visits_are_ingested_learned_from_and_planned_with() {
    let folder = tempfile::tempdir().unwrap();
    let (clean, models) = (folder.path().join("clean"), folder.path().join("models"));
    let raw = demo().join("raw/visits.csv.gz");
    let zone = "Europe/Berlin";
    let ingest = [
        "ingest",
        "visits",
        text(&raw),
        "--out",
        text(&clean),
        "--time-zone",
        zone,
    ];
    let printed = succeeds(&ingest);
    assert!(printed.contains("service_start from"), "{printed}");
    assert!(clean.join("visits.quarantine.csv").exists());

    let train = [
        "train",
        "service-time",
        "--data",
        text(&clean),
        "--models",
        text(&models),
    ];
    let printed = succeeds(&train);
    for part in ["baseline", "median", "effects", "exported"] {
        assert!(printed.contains(part), "no `{part}` in {printed}");
    }
    let printed = succeeds(&["models", "--models", text(&models), "list"]);
    assert!(printed.contains("service-time"), "{printed}");
    let card = folder.path().join("card.md");
    let at = ["models", "--models", text(&models), "card", "service-time"];
    succeeds(&[&at[..], &["--out", text(&card)]].concat());
    assert!(
        std::fs::read_to_string(&card)
            .unwrap()
            .contains("how long serving a customer takes")
    );

    let out = folder.path().join("predictions.csv");
    let backtest = [
        "backtest",
        "service-time",
        "--data",
        text(&clean),
        "--out",
        text(&out),
    ];
    let figures: serde_json::Value = serde_json::from_str(&succeeds(&backtest)).unwrap();
    let covered = figures["coverage_80_percent"].as_f64().unwrap();
    assert!((72.0..88.0).contains(&covered), "{figures}");
    let lines = std::fs::read_to_string(&out).unwrap().lines().count();
    assert_eq!(lines as f64, 1.0 + figures["visits"].as_f64().unwrap());

    // A second training is a second version; retraining on the same data is none.
    let printed = succeeds(&[
        "retrain",
        "--once",
        "--data",
        text(&clean),
        "--models",
        text(&models),
    ]);
    assert!(printed.contains("service-time"), "{printed}");
}

#[test]
fn gaps_are_filled_and_what_is_stated_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (models, out) = (demo().join("models"), folder.path().join("plan.json"));
    let stated = plan(&raw_stops(), &models, &out, &[]);
    assert!(
        stated.models.iter().any(|m| m.starts_with("service-time/")),
        "{:?}",
        stated.models
    );
    assert!(
        stated
            .stops
            .iter()
            .all(|s| s.service_sd_s.is_some_and(|sd| sd > 0.0))
    );
    assert!(
        stated
            .fleet
            .vehicles
            .iter()
            .all(|v| v.service_factor.is_none())
    );

    let gaps = stops_without_service(folder.path());
    let filled = plan(&gaps, &models, &out, &[]);
    let learned = plan(&raw_stops(), &models, &out, &["--service-times", "learned"]);
    for ((stated, filled), learned) in stated.stops.iter().zip(&filled.stops).zip(&learned.stops) {
        assert_eq!(filled.service_s, learned.service_s);
        // What the simulation would have stated, learned from what it did.
        let ratio = f64::from(learned.service_s) / f64::from(stated.service_s);
        assert!((0.6..1.6).contains(&ratio), "{}: {ratio}", stated.id);
    }
    // Drivers as they are in the simulation, up to the level, which customers have too.
    let truth = service_factors(3, &learned.fleet);
    let vehicles = learned.fleet.vehicles.iter();
    let off: Vec<f64> = vehicles
        .map(|v| (v.service_factor.unwrap() / truth[&v.id]).ln())
        .collect();
    let level = off.iter().sum::<f64>() / off.len() as f64;
    assert!(off.iter().all(|o| (o - level).abs() < 0.04), "{off:?}");
}

#[test]
fn gaps_without_a_model_are_refused_by_stop() {
    let folder = tempfile::tempdir().unwrap();
    let gaps = stops_without_service(folder.path());
    let models = folder.path().join("models");
    let (fleet, date) = (demo().join("raw/fleet.csv"), date());
    let out = folder.path().join("plan.json");
    let mut arguments = vec!["plan", "--stops", text(&gaps), "--fleet", text(&fleet)];
    arguments.extend([
        "--date",
        &date,
        "--models",
        text(&models),
        "--out",
        text(&out),
    ]);
    arguments.extend(["--time-zone", "Europe/Berlin"]);
    let parts = [
        "stops.csv",
        "`service_s`",
        "no service time for",
        "train service-time",
    ];
    refuses(&arguments, &parts);
    let stops = raw_stops();
    arguments[2] = text(&stops);
    arguments.extend(["--service-times", "learned"]);
    refuses(&arguments, &["no model of service times"]);
    assert!(!out.exists());
}
