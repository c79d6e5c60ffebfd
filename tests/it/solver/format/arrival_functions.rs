//! MAMUT instances with arrival-time functions.

use super::there_and_back;
use proptest::prelude::*;
use routeforce::domain::InputError;
use routeforce::solver::format::{Instance, ReadOptions, read_instance};
use serde_json::{Value, json};
use std::fs;

/// Two customers; leaving node 0 at 10 or later takes 5 longer.
fn functions() -> Value {
    let flat = |from: u32, to: u32| json!([from, to, [0.0, 100.0], [7.5, 107.5]]);
    let jump = json!([0, 1, [0.0, 10.0, 10.0, 100.0], [7.5, 17.5, 22.5, 112.5]]);
    json!({
        "format": "mamut-td-atf",
        "format_version": 1,
        "instance_name": "two",
        "benchmark_name": "made",
        "horizon": [0.0, 100.0],
        "num_customers": 2,
        "generator": { "name": "by hand" },
        "arcs": [jump, flat(0, 2), flat(1, 0), flat(1, 2), flat(2, 0), flat(2, 1)],
    })
}

fn instance() -> Value {
    json!({
        "instance_name": "two",
        "instance_origin": "here",
        "benchmark_name": "made",
        "num_customers": 2,
        "num_vehicles": 2,
        "vehicle_capacity": 5,
        "coordinates": [[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]],
        "demands": [0, 2, 3],
        "service_times": [0, 1.5, 2],
        "time_windows": [[0, 100], [20, 60], [0, 80.0005]],
        "depot": 0,
        "horizon": [0, 100],
        "td": { "model": "atf-ndcpwlf", "atf_path": "two.atf.json" },
        "metadata": {},
    })
}

/// Reads the two documents from files.
fn read(instance: &Value, functions: &Value) -> Result<Instance, InputError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.vrp.json");
    fs::write(&path, instance.to_string()).unwrap();
    fs::write(folder.path().join("two.atf.json"), functions.to_string()).unwrap();
    read_instance(&path, &ReadOptions::default())
}

#[test]
fn functions_are_read_in_thousandths() {
    let instance = read(&instance(), &functions()).unwrap();
    let travel = instance.problem.travel();
    assert_eq!(travel.duration_s(0, 0, 1, 5_000), 7_500);
    assert_eq!(
        travel.duration_s(0, 0, 1, 10_000),
        7_500,
        "a step takes its smaller value"
    );
    assert_eq!(travel.duration_s(0, 0, 1, 10_001), 12_500);
    let stops = instance.problem.stops();
    assert_eq!(
        (stops[0].service_s, stops[1].windows[0].close_s),
        (1_500, 80_000)
    );
    let (solution, _) = there_and_back(&instance, 300);
    // 0 → 2 → 1 → 0 or 0 → 1 → 2 → 0: three legs of 7.5 and 3.5 of service; the window at 20 is
    // met without waiting by leaving late enough, before the jump.
    assert_eq!(instance.show_cost(solution.cost), "26.000");
}

#[test]
fn what_is_wrong_is_named() {
    let spoilt = |path: &str, value: Value| {
        let (mut instance, mut functions) = (instance(), functions());
        let target = match instance.pointer(path) {
            Some(_) => instance.pointer_mut(path),
            None => functions.pointer_mut(path),
        };
        *target.unwrap() = value;
        let refused = read(&instance, &functions);
        refused.expect_err(path).to_string()
    };
    for (path, value, field) in [
        ("/td/model", json!("igp-profile"), "td.model"),
        ("/td/atf_path", json!("../up.json"), "td.atf_path"),
        ("/num_customers", json!(0), "num_customers"),
        ("/demands", json!([0, 1]), "demands"),
        ("/demands/1", json!(-1), "demands[1]"),
        ("/demands/0", json!(1), "demands[0]"),
        ("/service_times/2", json!("long"), "service_times[2]"),
        ("/service_times/0", json!(1), "service_times[0]"),
        ("/time_windows/1/1", json!(5), "time_windows[1][1]"),
        ("/horizon/1", json!(1e12), "horizon[1]"),
        ("/depot", json!(3), "depot"),
        ("/format", json!("other"), "format"),
        ("/format_version", json!(2), "format_version"),
        ("/arcs/0/2", json!([0.0, 50.0]), "arcs[0]"),
        ("/arcs/0/3", json!([7.5, 17.5, 12.5, 112.5]), "arcs[0]"),
        ("/arcs/0/3", json!([7.5, 9.5, 22.5, 112.5]), "arcs[0]"),
        (
            "/arcs/1",
            json!([0, 1, [0.0, 100.0], [0.0, 100.0]]),
            "arcs[1]",
        ),
        ("/arcs/1/0", json!(3), "arcs[1]"),
        ("/arcs", json!([]), "arcs"),
    ] {
        let message = spoilt(path, value);
        assert!(
            message.contains(&format!("field `{field}`")),
            "{path}: {message}"
        );
    }
    let mut named = instance();
    named["td"]["atf_sha256"] = json!("00");
    let message = read(&named, &functions()).unwrap_err().to_string();
    assert!(message.contains("SHA-256"), "{message}");
    named["td"]["speeds"] = json!([]);
    let message = read(&named, &functions()).unwrap_err().to_string();
    assert!(message.contains("td.speeds"), "{message}");
    let mut unknown = instance();
    unknown["tolls"] = json!([1]);
    let message = read(&unknown, &functions()).unwrap_err().to_string();
    assert!(message.contains("field `tolls`, value `[1]`"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// In thousandths no departure arrives earlier than the function says, nor much later.
    #[test]
    fn rounding_never_flatters(
        steps in prop::collection::vec((0.0_f64..9.0, 0.0_f64..9.0), 1..12),
        departures in prop::collection::vec(0_i64..100_000, 1..30),
    ) {
        let (mut xs, mut ys) = (vec![0.0], vec![3.7]);
        for (run, rise) in steps {
            let (x, y) = (xs[xs.len() - 1] + run, ys[ys.len() - 1] + rise);
            if x < 100.0 {
                xs.push(x);
                ys.push(y.max(x));
            }
        }
        xs.push(100.0);
        ys.push(ys[ys.len() - 1].max(100.0) + 1.0);
        let mut functions = functions();
        functions["arcs"][0] = json!([0, 1, xs, ys]);
        let instance = read(&instance(), &functions).unwrap();
        for depart in departures {
            let real = depart as f64 / 1_000.0;
            let after = xs.partition_point(|x| *x < real);
            let exact = match xs[after] == real || after == 0 {
                true => ys[after],
                false => {
                    let share = (real - xs[after - 1]) / (xs[after] - xs[after - 1]);
                    ys[after - 1] + share * (ys[after] - ys[after - 1])
                }
            };
            let found = depart + instance.problem.travel().duration_s(0, 0, 1, depart);
            prop_assert!(found as f64 >= exact * 1_000.0 - 1e-6, "{found} for {exact}");
            prop_assert!(found as f64 <= exact * 1_000.0 + 3.0, "{found} for {exact}");
        }
    }
}
