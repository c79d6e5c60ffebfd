//! Published solutions cost what is published, and break no rule.

use routeforce::solver::check::check;
use routeforce::solver::format::{Instance, ReadOptions, read_instance, read_solution};
use std::path::{Path, PathBuf};

/// The benchmark folder, where there is one.
pub fn benchmark() -> Option<PathBuf> {
    let named = std::env::var_os("ROUTEFORCE_BENCH").map(PathBuf::from);
    let folder = named
        .unwrap_or_else(|| PathBuf::from("../shared/bench"))
        .join("vrp");
    if !folder.is_dir() {
        eprintln!("skipped: no benchmark folder; set ROUTEFORCE_BENCH to run this test");
        return None;
    }
    Some(folder)
}

/// Rows of `bks.csv` whose objective is the default one: instance, cost, source.
fn best_known(folder: &Path) -> Vec<(String, f64, String)> {
    let table = std::fs::read_to_string(folder.join("bks.csv")).unwrap();
    let rows = table.lines().skip(1).map(|row| row.split(',').collect());
    rows.filter(|row: &Vec<&str>| !row[1].ends_with("hierarchical"))
        .map(|row| {
            (
                row[0].to_owned(),
                row[2].parse().unwrap(),
                row[4].to_owned(),
            )
        })
        .collect()
}

fn read(folder: &Path, name: &str) -> Instance {
    read_instance(&folder.join(name), &ReadOptions::default()).unwrap()
}

#[test]
fn published_solutions_cost_what_is_published() {
    let Some(folder) = benchmark() else { return };
    let mut judged = 0;
    for (name, cost, source) in best_known(&folder) {
        let file = folder.join(&name).with_extension("sol");
        if !file.is_file() || source.contains("no routes") {
            continue;
        }
        let instance = read(&folder, &name);
        let solution = read_solution(&file, &instance).unwrap();
        let report = check(&instance.problem, &solution);
        assert!(report.is_feasible(), "{name}: {:?}", report.faults.first());
        let units = (cost * instance.cost_scale as f64).round() as i128;
        assert_eq!(report.cost, units, "{name}");
        judged += 1;
    }
    assert!(judged > 30, "only {judged} solutions judged");
}

#[test]
fn published_time_dependent_solutions_cost_what_is_published() {
    let Some(folder) = benchmark() else { return };
    let mut judged = 0;
    for (name, cost, _) in best_known(&folder) {
        let Some(stem) = name.strip_suffix(".vrp.json") else {
            continue;
        };
        let instance = read(&folder, &name);
        let file = folder.join(format!("{stem}.bks.Duration.json"));
        let solution = read_solution(&file, &instance).unwrap();
        let report = check(&instance.problem, &solution);
        assert!(report.is_feasible(), "{name}: {:?}", report.faults.first());
        let found = report.cost as f64 / instance.cost_scale as f64;
        // Rounding never flatters, and costs little.
        let excess = (found - cost) / cost;
        eprintln!("{name}: {found} for {cost}");
        assert!(
            (-1e-9..1e-4).contains(&excess),
            "{name}: {found}, published {cost}"
        );
        judged += 1;
    }
    assert_eq!(judged, 7);
}
