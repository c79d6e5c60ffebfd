//! The program as its users run it: commands, exit codes, messages, files.

mod detect;
mod explain;
mod forecast;
mod network;
mod replan;
mod retrain;
mod service_time;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

fn routeforce(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_routeforce"))
        .arg("--quiet")
        .args(arguments)
        .output()
        .unwrap()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub fn succeeds(arguments: &[&str]) -> String {
    let output = routeforce(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Exit code 2 and one message with all of `parts`.
pub fn refuses(arguments: &[&str], parts: &[&str]) {
    let output = routeforce(arguments);
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    for part in parts {
        assert!(
            message.contains(part),
            "{arguments:?}: no `{part}` in {message}"
        );
    }
}

/// A small demo, run once for all tests of this module.
pub fn demo() -> &'static Path {
    static DEMO: OnceLock<PathBuf> = OnceLock::new();
    DEMO.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap().keep();
        let printed = succeeds(&["demo", "--small", "--seed", "3", "--dir", text(&folder)]);
        for part in ["What the forecast is worth", "report.html", "serve --demo"] {
            assert!(printed.contains(part), "no `{part}` in {printed}");
        }
        folder
    })
}

pub fn raw_stops() -> PathBuf {
    let raw = demo().join("raw");
    let is_stops = |path: &PathBuf| text(path).contains("stops_");
    let files = std::fs::read_dir(raw)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files.into_iter().find(is_stops).unwrap()
}

/// The day in the name of the stops file.
pub fn date() -> String {
    let path = raw_stops();
    let name = path.file_stem().unwrap().to_str().unwrap();
    name.trim_start_matches("stops_").to_owned()
}

#[test]
fn a_day_is_planned_checked_and_reported_from_files() {
    let out = tempfile::tempdir().unwrap();
    let (plan, report) = (out.path().join("plan.json"), out.path().join("report"));
    let (stops, fleet) = (raw_stops(), demo().join("raw/fleet.csv"));
    let (models, clean) = (demo().join("models"), demo().join("clean"));
    let (orders, demand) = (clean.join("orders.parquet"), clean.join("demand.parquet"));
    let printed = succeeds(&[
        "plan",
        "--stops",
        text(&stops),
        "--fleet",
        text(&fleet),
        "--date",
        &date(),
        "--models",
        text(&models),
        "--orders",
        text(&orders),
        "--demand",
        text(&demand),
        "--time-limit",
        "0.3",
        "--out",
        text(&plan),
    ]);
    assert!(printed.contains("expected by the forecast"), "{printed}");
    assert!(!printed.contains("(0 expected"), "{printed}");
    assert!(succeeds(&["check", text(&plan)]).contains("no fault found"));
    succeeds(&["report", "--plan", text(&plan), "--out", text(&report)]);
    assert!(report.join("report.xlsx").exists());

    // A plan that somebody changed is found out.
    let changed =
        std::fs::read_to_string(&plan)
            .unwrap()
            .replacen("\"waiting_s\": 0", "\"waiting_s\": 7", 1);
    let altered = out.path().join("altered.json");
    std::fs::write(&altered, changed).unwrap();
    let costs = plan.with_extension("costs");
    let output = routeforce(&["check", text(&altered), "--costs", text(&costs)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("do not follow from the tensor"));
}

#[test]
fn an_instance_is_solved_and_its_solution_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (instance, solution) = (folder.path().join("a.vrp"), folder.path().join("a.sol"));
    std::fs::write(
        &instance,
        "NAME : a\nTYPE : CVRP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 2\n\
         NODE_COORD_SECTION\n1 0 0\n2 0 10\n3 0 20\n4 30 0\nDEMAND_SECTION\n1 0\n2 1\n3 1\n4 1\n\
         DEPOT_SECTION\n1\n-1\nEOF\n",
    )
    .unwrap();
    succeeds(&[
        "solve",
        text(&instance),
        "--time-limit",
        "1",
        "--max-iterations",
        "200",
        "--out",
        text(&solution),
    ]);
    assert!(
        std::fs::read_to_string(&solution)
            .unwrap()
            .contains("Cost 100")
    );
    let checked = succeeds(&["check", text(&instance), text(&solution)]);
    assert!(
        checked.contains("cost 100") && checked.contains("no fault found"),
        "{checked}"
    );
    std::fs::write(&solution, "Route #1: 1 2 3\nCost 100\n").unwrap();
    let output = routeforce(&["check", text(&instance), text(&solution)]);
    assert_eq!(output.status.code(), Some(1));
    refuses(&["check", text(&solution)], &["a.sol", "no instance"]);
    let table = folder.path().join("a.csv");
    succeeds(&[
        "solve",
        text(&instance),
        "--max-iterations",
        "50",
        "--initial",
        text(&solution),
        "--objective",
        "vehicles-first",
        "--rounding",
        "tenths",
        "--out",
        text(&table),
    ]);
    assert!(
        std::fs::read_to_string(&table)
            .unwrap()
            .contains(",stop,3,")
    );
    refuses(
        &["solve", text(&instance), "--format", "vroom"],
        &["a.vrp", "not JSON"],
    );
    refuses(
        &["solve", text(&instance), "--format", "excel"],
        &["--format", "excel", "pragmatic"],
    );
}

#[test]
fn bad_input_is_refused_by_name_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.json");
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let (stops, fleet, models) = (
        raw_stops(),
        demo().join("raw/fleet.csv"),
        demo().join("models"),
    );
    let date = date();
    let attempt = |stops: &Path, fleet: &Path, models: &Path, more: &[&str], parts: &[&str]| {
        let mut arguments = vec![
            "plan",
            "--stops",
            text(stops),
            "--fleet",
            text(fleet),
            "--date",
            &date,
            "--models",
            text(models),
            "--time-zone",
            "Europe/Berlin",
            "--out",
            text(&plan),
        ];
        arguments.extend(more);
        refuses(&arguments, parts);
        assert!(!plan.exists() && !plan.with_extension("costs").exists());
    };
    let nowhere = folder.path().join("nowhere.csv");
    attempt(&nowhere, &fleet, &models, &[], &["nowhere.csv"]);
    let swapped = write(
        "swapped.csv",
        "stop_id,site_id,lat,lon,qty_kg,service_s\na,a,952.1,9.6,5,300\n",
    );
    attempt(
        &swapped,
        &fleet,
        &models,
        &[],
        &["swapped.csv", "row 2", "`lat`", "952.1"],
    );
    let unknown = std::fs::read_to_string(&fleet)
        .unwrap()
        .replace(",van,", ",bicycle,");
    let unknown = write("bicycles.csv", &unknown);
    attempt(
        &stops,
        &unknown,
        &models,
        &[],
        &["`profile`", "bicycle", "van"],
    );
    let empty = folder.path().join("models");
    attempt(&stops, &fleet, &empty, &[], &["models"]);
    attempt(
        &stops,
        &fleet,
        &models,
        &["--time-limit=-1"],
        &["--time-limit", "-1"],
    );

    let broken = write(
        "broken.json",
        "{\"schema\": \"routeforce.plan/1\", \"id\": 5}",
    );
    refuses(&["check", text(&broken)], &["broken.json"]);
    let other = write("other.json", "{\"schema\": \"routeforce.plan/9\"}");
    refuses(
        &["report", "--plan", text(&other), "--out", "x"],
        &["other.json", "schema", "routeforce.plan/1"],
    );
    refuses(&["schema", "plum"], &["KIND", "plum", "plan"]);
}

#[test]
fn a_day_record_of_another_plan_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let plan = demo().join("plan/plan.json");
    let day = std::fs::read_to_string(demo().join("day/day.json")).unwrap();
    let id = day
        .split("\"plan_id\": \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let other = day.replace(id, "00000000-0000-4000-8000-000000000000");
    let path = folder.path().join("day.json");
    std::fs::write(&path, other).unwrap();
    refuses(
        &[
            "report",
            "--plan",
            text(&plan),
            "--day",
            text(&path),
            "--out",
            text(&folder.path().join("r")),
        ],
        &["plan_id", id],
    );
}
