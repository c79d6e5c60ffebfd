//! What is made of answers, good and bad. Those of Valhalla have the form of its version 3.5.1.

use super::local_server::{Answer, LocalServer};
use super::options;
use routeforce::domain::LatLon;
use routeforce::network::RoadMatrix;
use routeforce::routers::{ClientOptions, Osrm, Router, RouterError, RouterOptions, Valhalla};
use routeforce::runtime::{Cancel, Progress};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn places(count: usize) -> Vec<LatLon> {
    (0..count)
        .map(|k| LatLon {
            lat: 43.7 + 0.01 * k as f64,
            lon: 7.4,
        })
        .collect()
}

fn ok(body: &Value) -> Answer {
    (200, "", body.to_string())
}

fn matrix(router: &dyn Router, from: usize, to: usize) -> Result<RoadMatrix, RouterError> {
    router.matrix(
        &places(from),
        &places(to),
        (&Cancel::new(), &Progress::silent()),
    )
}

/// What both make of an answer to a matrix of two by two.
fn both(answer: Answer) -> [Result<RoadMatrix, RouterError>; 2] {
    let server = LocalServer::start(move |_, _| answer.clone());
    let client = ClientOptions {
        timeout: Duration::from_secs(2),
        largest_answer: 10_000,
        attempts: 2,
    };
    let options = |profile: &str| RouterOptions {
        client,
        ..options(profile, 50)
    };
    let osrm = Osrm::new(&server.address, options("driving")).unwrap();
    let valhalla = Valhalla::new(&server.address, options("auto")).unwrap();
    [matrix(&osrm, 2, 2), matrix(&valhalla, 2, 2)]
}

#[test]
fn a_matrix_is_taken_as_it_was_sent() {
    let osrm = json!({ "code": "Ok", "durations": [[0, 61.2], [null, 0]], "distances": [[0.0, 500.26], [null, 0]] });
    let valhalla = json!({ "sources_to_targets": { "durations": [[0, 61.2], [null, 0]],
        "distances": [[0.0, 0.50026], [null, 0]] }, "units": "kilometers" });
    let cell = |time: Value, distance: Value| json!({ "from_index": 0, "to_index": 0, "time": time, "distance": distance });
    let long = json!({ "sources_to_targets": [
        [cell(json!(0), json!(0)), cell(json!(61.2), json!(0.50026))],
        [cell(Value::Null, Value::Null), cell(json!(0), json!(0))]] });
    for (which, answer) in [(0, osrm), (1, valhalla), (1, long)] {
        let found = both(ok(&answer));
        let found = found[which].as_ref().unwrap();
        assert_eq!(
            (found.seconds(0, 1), found.metres(0, 1)),
            (Some(61.2), Some(500.26))
        );
        assert_eq!((found.seconds(1, 0), found.metres(1, 0)), (None, None));
        assert_eq!(found.seconds(1, 1), Some(0.0));
    }
}

#[test]
fn answers_that_cannot_be_used_are_refused() {
    let table = |durations: Value, distances: Value| {
        let mut answer = json!({ "code": "Ok", "durations": durations, "distances": distances });
        answer["sources_to_targets"] = json!({ "durations": durations, "distances": distances });
        ok(&answer)
    };
    let good = json!([[0, 1], [1, 0]]);
    for (answer, words) in [
        (
            table(json!([[0, 1]]), json!([[0, 1]])),
            "2 rows of 2 columns",
        ),
        (
            table(json!([[0, 1], [1]]), json!([[0, 1], [1]])),
            "2 rows of 2 columns",
        ),
        (
            table(good.clone(), json!([[0, 1], [1]])),
            "2 rows of 2 columns",
        ),
        (
            table(good.clone(), json!([[0, 1], [null, 0]])),
            "without a length",
        ),
        (table(json!([[0, -1], [1, 0]]), good.clone()), "-1 seconds"),
        (table(json!([[0, 1e30], [1, 0]]), good.clone()), "seconds"),
        ((200, "", "<html>".into()), "cannot be used"),
        ((200, "", String::new()), "cannot be used"),
        (
            (200, "", format!("[{}", "1,".repeat(10_000))),
            "larger than 10000 bytes",
        ),
        (
            (500, "", "out of order".into()),
            "refused (500): out of order",
        ),
        (
            (302, "location: http://example.invalid/\r\n", String::new()),
            "refused (302)",
        ),
    ] {
        for found in both(answer.clone()) {
            let error = found.unwrap_err().to_string();
            assert!(error.contains(words), "{answer:?}: {error}");
            assert!(error.contains("http://127.0.0.1:"), "{error}");
        }
    }
    let [osrm, _] = both((
        400,
        "",
        json!({ "code": "InvalidValue", "message": "Coordinate is invalid" }).to_string(),
    ));
    assert!(
        osrm.unwrap_err()
            .to_string()
            .contains("refused (400): InvalidValue: Coordinate is invalid")
    );
    let fault = json!({ "error_code": 171, "error": "No suitable edges near location", "status_code": 400 });
    let [_, valhalla] = both((400, "", fault.to_string()));
    assert!(
        valhalla
            .unwrap_err()
            .to_string()
            .contains("No suitable edges near location (error 171)")
    );
}

#[test]
fn a_busy_server_is_asked_again_and_a_silent_one_is_not_waited_for() {
    let answer = json!({ "code": "Ok", "durations": [[1]], "distances": [[2]] });
    let server = LocalServer::start(move |_, number| match number {
        1 => (429, "retry-after: 0\r\n", "slow down".into()),
        2 => (503, "", "busy".into()),
        _ => ok(&answer),
    });
    let osrm = Osrm::new(&server.address, options("driving", 100)).unwrap();
    assert_eq!(matrix(&osrm, 1, 1).unwrap().seconds(0, 0), Some(1.0));
    assert_eq!(server.asked().len(), 3);
    let busy = LocalServer::start(|_, _| (503, "retry-after: 0\r\n", "busy".into()));
    let mut few = options("driving", 100);
    few.client.attempts = 3;
    let error = matrix(&Osrm::new(&busy.address, few.clone()).unwrap(), 1, 1).unwrap_err();
    assert!(error.to_string().contains("refused (503): busy"), "{error}");
    assert_eq!(busy.asked().len(), 3);
    // A wait can be cancelled, and a server that says nothing is left.
    let later = LocalServer::start(|_, _| (503, "retry-after: 25\r\n", "busy".into()));
    let (cancel, begun) = (Cancel::new(), Instant::now());
    let throw = cancel.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        throw.cancel();
    });
    let osrm = Osrm::new(&later.address, few.clone()).unwrap();
    let one = places(1);
    let error = osrm
        .matrix(&one, &one, (&cancel, &Progress::silent()))
        .unwrap_err();
    assert!(matches!(error, RouterError::Cancelled(_)), "{error}");
    let silent = LocalServer::start(|_, _| {
        std::thread::sleep(Duration::from_secs(20));
        (200, "", String::new())
    });
    few.client.timeout = Duration::from_millis(300);
    let error = matrix(&Osrm::new(&silent.address, few.clone()).unwrap(), 1, 1).unwrap_err();
    assert!(matches!(error, RouterError::Unreachable { .. }), "{error}");
    let nobody = "http://127.0.0.1:1";
    let error = matrix(&Valhalla::new(nobody, few).unwrap(), 1, 1).unwrap_err();
    assert!(error.to_string().contains(nobody), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(15));
}

#[test]
fn matrices_are_cut_to_what_a_server_takes() {
    let server = LocalServer::start(|asked, _| {
        let question: Value = serde_json::from_str(&asked.body).unwrap();
        let list = |name: &str| question[name].as_array().unwrap().clone();
        let (sources, targets) = (list("sources"), list("targets"));
        if sources.len() * targets.len() > 20 {
            let fault = json!({ "error_code": 150, "error": "Exceeded max locations: 20.000000",
                "status_code": 400, "status": "Bad Request" });
            return (400, "", fault.to_string());
        }
        let table = |scale: f64| -> Vec<Vec<f64>> {
            let number = |place: &Value| (place["lat"].as_f64().unwrap() - 43.7) * scale;
            let row = |a| {
                targets
                    .iter()
                    .map(|b| 100.0 * number(a) + number(b))
                    .collect()
            };
            sources.iter().map(row).collect()
        };
        ok(&json!({ "sources_to_targets": { "durations": table(100.0), "distances": table(0.1) } }))
    });
    let valhalla = Valhalla::new(&server.address, options("auto", Valhalla::BLOCK)).unwrap();
    let found = matrix(&valhalla, 11, 7).unwrap();
    for a in 0..11 {
        for b in 0..7 {
            let seconds = found.seconds(a, b).unwrap();
            assert!(
                (seconds - (100 * a + b) as f64).abs() < 0.01,
                "{a} {b} {seconds}"
            );
        }
    }
    assert!(server.asked().len() > 4);
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.line == "POST /sources_to_targets")
    );
}

#[test]
fn a_way_of_valhalla_is_told_and_drawn() {
    // From 43.733604,7.387573 by 43.734,7.388 to 43.735,7.389, with six digits.
    let answer = json!({ "trip": { "status": 0, "units": "kilometers",
        "summary": { "time": 190.334, "length": 0.187 },
        "legs": [{ "shape": "gehlrAiz{aMwWuYo}@o}@", "maneuvers": [
            { "type": 1, "instruction": "Drive southeast on A 500.", "time": 190.334, "length": 0.187, "begin_shape_index": 0 },
            { "type": 4, "instruction": "You have arrived.", "time": 0.0, "length": 0.0, "begin_shape_index": 2 }] }] } });
    let server = LocalServer::start(move |asked, _| {
        assert_eq!(asked.line, "POST /route");
        ok(&answer)
    });
    let valhalla = Valhalla::new(&server.address, options("auto", 50)).unwrap();
    let way = valhalla.route(&places(2), &Cancel::new()).unwrap().unwrap();
    assert_eq!((way.duration_s, way.length_m), (190.334, 187.0));
    assert_eq!((way.line.len(), way.steps.len()), (3, 2));
    assert!(
        way.line[0].great_circle_m(LatLon {
            lat: 43.733604,
            lon: 7.387573
        }) < 1.0,
        "{:?}",
        way.line
    );
    assert!(
        way.line[2].great_circle_m(LatLon {
            lat: 43.735,
            lon: 7.389
        }) < 1.0,
        "{:?}",
        way.line
    );
    assert_eq!(way.steps[1].at, way.line[2]);
    assert_eq!(way.steps[0].what, "Drive southeast on A 500.");
    let fault = json!({ "error_code": 442, "error": "No path could be found for input" });
    let server = LocalServer::start(move |_, _| (400, "", fault.to_string()));
    let valhalla = Valhalla::new(&server.address, options("auto", 50)).unwrap();
    assert_eq!(valhalla.route(&places(2), &Cancel::new()).unwrap(), None);
    assert_eq!(matrix(&valhalla, 2, 3).unwrap().seconds(1, 2), None);
}
