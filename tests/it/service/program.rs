//! The program itself: `serve` and `migrate`.

use super::database::{Database, on_both_engines};
use super::road_network::town;
use crate::network::map::at;
use routeforce::network::osm::Profile;
use routeforce::network::save;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

on_both_engines!(
    it_migrates_serves_and_stops,
    an_address_in_use_is_told,
    networks_are_loaded_at_start
);

pub fn routeforce(database: &Database) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_routeforce"));
    command
        .env("DATABASE_URL", &database.text)
        .env("RUST_LOG", "warn");
    command
}

/// Starts the service; gives its URL.
pub fn serve(database: &Database, options: &[&str]) -> (Child, String) {
    let mut child = routeforce(database)
        .args(["serve", "--addr", "127.0.0.1:0"])
        .args(options)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line
        .trim()
        .strip_prefix("RouteForce is at ")
        .unwrap()
        .to_owned();
    (child, url)
}

pub fn terminate(child: &Child) {
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(killed.success());
}

pub fn wait(child: &mut Child, patience: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    panic!("it did not stop");
}

async fn it_migrates_serves_and_stops(database: Database) {
    let output: Output = routeforce(&database).arg("migrate").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.contains("schema version 2"), "{text}");
    for _ in 0..2 {
        let (mut child, url) = serve(&database, &[]);
        let alive = reqwest::get(format!("{url}/livez")).await.unwrap();
        assert!(alive.status().is_success());
        // A keep-alive connection and a listener are open when it is told to stop.
        let live = format!("{}/api/v1/live", url.replace("http", "ws"));
        let listener = tokio_tungstenite::connect_async(live).await.unwrap();
        terminate(&child);
        // Ten seconds are promised; the rest is for a machine that is busy.
        assert!(wait(&mut child, Duration::from_secs(10)));
        drop(listener);
    }
}

async fn an_address_in_use_is_told(database: Database) {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = routeforce(&database)
        .args(["serve", "--addr", &address])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains(&address) && text.contains("in use") && text.contains("--addr"),
        "{text}"
    );
}

async fn networks_are_loaded_at_start(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let roads = folder.path().join("town.rfroads");
    save(&town(Profile::Car), &roads).unwrap();
    let file = roads.to_str().unwrap();
    let (mut child, url) = serve(&database, &["--network", file]);
    let question = json!({ "places": [at(-400.0, 3.0), at(3.0, 400.0)] });
    let request = reqwest::Client::new().post(format!("{url}/api/v1/roads/matrix"));
    let response = request.json(&question).send().await.unwrap();
    let answer: Value = response.json().await.unwrap();
    let seconds = answer["durations_s"][0][1].as_f64();
    assert!(seconds.unwrap() > 60.0, "{answer}");
    terminate(&child);
    assert!(wait(&mut child, Duration::from_secs(10)));
    let other = folder.path().join("other.rfroads");
    std::fs::write(&other, "no network").unwrap();
    for (second, words) in [
        (file, "one network for each profile"),
        (other.to_str().unwrap(), "network build"),
    ] {
        let output = routeforce(&database)
            .args(["serve", "--addr", "127.0.0.1:0"])
            .args(["--network", file, "--network", second])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(second) && text.contains(words), "{text}");
    }
}
