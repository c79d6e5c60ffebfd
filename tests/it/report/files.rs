//! What the files of a report hold.

use super::fixture;
use calamine::{Data, Reader, Xlsx, open_workbook};
use routeforce::domain::Document;
use routeforce::domain::kpi::KpiReport;
use routeforce::report::{self, ReportFiles, ReportSummary};
use std::fs;
use std::path::{Path, PathBuf};

/// A report to look at: stays in the target folder.
fn written(name: &str) -> (report::ReportData, ReportFiles) {
    let data = fixture::report_data(1);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("report")
        .join(name);
    let files = report::write(&data, &folder).unwrap();
    (data, files)
}

#[test]
fn every_promised_file_is_there_and_no_other() {
    let (_, files) = written("complete");
    let mut found = Vec::new();
    for folder in [files.folder.clone(), files.folder.join("charts")] {
        let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        found.extend(entries.filter(|path| path.is_file()));
    }
    let mut promised: Vec<PathBuf> = [&files.csv, &files.charts, &files.json]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    promised.extend([files.html.clone(), files.xlsx.clone()]);
    found.sort();
    promised.sort();
    assert_eq!(found, promised);
    for name in [
        "map",
        "plan-vs-actual",
        "arrival-error",
        "demand-1",
        "travel-time-1",
        "value-of-forecast",
        "value-of-forecast-cumulated",
    ] {
        for ending in ["svg", "png"] {
            let path = files.folder.join(format!("charts/{name}.{ending}"));
            assert!(
                fs::metadata(&path).unwrap().len() > 2_000,
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn stops_csv_has_every_stop_with_its_arrival() {
    let (data, files) = written("stops");
    let text = fs::read_to_string(files.folder.join("stops.csv")).unwrap();
    let lines: Vec<Vec<_>> = text.lines().map(|l| l.split(',').collect()).collect();
    let column = |name: &str| lines[0].iter().position(|c| *c == name).unwrap();
    assert_eq!(lines.len(), data.plan.stops.len() + 1);
    let day = data.day.as_ref().unwrap();
    for route in &data.plan.routes {
        let driven = day
            .routes
            .iter()
            .find(|r| r.vehicle_id == route.vehicle_id)
            .unwrap();
        for (visit, event) in route.visits.iter().zip(&driven.events) {
            let row = lines.iter().find(|l| l[0] == visit.stop_id).unwrap();
            assert_eq!(row[column("vehicle_id")], route.vehicle_id);
            let p50 = chrono::DateTime::parse_from_rfc3339(row[column("arrival_p50")]).unwrap();
            assert_eq!(p50, visit.arrival_p50);
            assert_eq!(p50.offset().local_minus_utc(), 3_600);
            let late: f64 = row[column("realised_late_min")].parse().unwrap();
            assert!((late - f64::from(event.late_s) / 60.0).abs() <= 0.05);
        }
    }
    for left_out in &data.plan.unplanned {
        let row = lines.iter().find(|l| l[0] == left_out.stop_id).unwrap();
        assert_eq!(row[column("vehicle_id")], "");
        assert!(!row[column("unplanned_reason")].is_empty());
    }
}

#[test]
fn the_workbook_holds_numbers_and_dates_as_such() {
    let (data, files) = written("workbook");
    let mut workbook: Xlsx<_> = open_workbook(&files.xlsx).unwrap();
    for sheet in ["Summary", "Routes", "Stops", "KPIs", "Alerts", "Value"] {
        assert!(
            workbook.sheet_names().contains(&sheet.to_owned()),
            "{sheet}"
        );
    }
    let routes = workbook.worksheet_range("Routes").unwrap();
    let heading = |name: &str| {
        routes
            .rows()
            .next()
            .unwrap()
            .iter()
            .position(|c| *c == name)
            .unwrap()
    };
    let (distance, departure) = (
        heading("Distance, planned (km)"),
        heading("Departure, planned"),
    );
    for (row, route) in routes.rows().skip(1).zip(&data.plan.routes) {
        assert_eq!(row[0], route.vehicle_id.as_str());
        let Data::Float(km) = row[distance] else {
            panic!("{:?}", row[distance])
        };
        assert!((km - route.distance_m as f64 / 1000.0).abs() < 1e-9);
        let Data::DateTime(time) = row[departure] else {
            panic!("{:?}", row[departure])
        };
        let wall = route
            .departure
            .with_timezone(&chrono_tz::Europe::Berlin)
            .naive_local();
        let excel_day_0 = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)
            .unwrap()
            .and_hms_opt(0, 0, 0)
            .unwrap();
        let days = (wall - excel_day_0).num_seconds() as f64 / 86_400.0;
        assert!((time.as_f64() - days).abs() < 1e-6);
    }
    assert_eq!(routes.height(), data.plan.routes.len() + 1);
}

#[test]
fn documents_round_trip() {
    let (data, files) = written("documents");
    let kpis = KpiReport::read(&files.folder.join("kpis.json")).unwrap();
    assert_eq!(kpis, data.kpis);
    let path = files.folder.join("report.json");
    let summary = ReportSummary::read(&path).unwrap();
    assert_eq!(summary.stops as usize, data.plan.stops.len());
    assert_eq!(summary.demand, data.demand);
    let json: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&ReportSummary::json_schema_document()).unwrap();
    assert!(schema.is_valid(&json));
    for file in &summary.files {
        assert!(files.folder.join(file).is_file(), "{file}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (_, first) = written("same-1");
    let (_, second) = written("same-2");
    for name in ["report.html", "report.xlsx", "stops.csv", "charts/map.png"] {
        let bytes = |files: &ReportFiles| fs::read(files.folder.join(name)).unwrap();
        assert!(bytes(&first) == bytes(&second), "{name} differs");
    }
}

#[test]
fn every_axis_names_its_unit_or_time_zone() {
    let (_, files) = written("axes");
    for (chart, wanted) in [
        (
            "map",
            vec![
                "Longitude (degrees east, WGS 84)",
                "Latitude (degrees north, WGS 84)",
            ],
        ),
        (
            "plan-vs-actual",
            vec!["Local time (Europe/Berlin) on 2026-03-03", "Vehicle"],
        ),
        (
            "arrival-error",
            vec!["(Europe/Berlin)", "After the planned arrival (min)"],
        ),
        ("demand-1", vec!["Date (local)", "Demand (kg per day)"]),
        (
            "travel-time-1",
            vec!["local time (Europe/Berlin)", "Travel time (min)"],
        ),
        (
            "value-of-forecast",
            vec!["local date", "Realised cost (EUR)"],
        ),
        (
            "value-of-forecast-cumulated",
            vec!["local date", "Cumulated cost above perfect (EUR)"],
        ),
    ] {
        let svg = fs::read_to_string(files.folder.join(format!("charts/{chart}.svg"))).unwrap();
        let wanted = wanted.into_iter();
        wanted.for_each(|text| assert!(svg.contains(text), "{chart}: {text}"));
    }
}

#[test]
fn a_plan_alone_makes_a_report() {
    let mut data = fixture::report_data(2);
    data.day = None;
    data.value = None;
    data.roads = None;
    data.demand.clear();
    data.travel_times.clear();
    data.alerts.clear();
    data.kpis.kpis.clear();
    data.models.clear();
    data.quality.clear();
    data.plan.routes.clear();
    data.plan.unplanned.clear();
    let folder = tempfile::tempdir().unwrap();
    let files = report::write(&data, &folder.path().join("small")).unwrap();
    let html = fs::read_to_string(&files.html).unwrap();
    assert!(html.contains("No alert was raised."));
    assert!(!html.contains("id=\"value\""));
}
