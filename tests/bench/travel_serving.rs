//! What a travel-time forecast costs on one core: training, and questions through ONNX, many at once and
//! one by one; three quantiles and the mean, feature rows included. Prints
//! `reports/bench/travel_serving.csv`:
//!
//! ```sh
//! RAYON_NUM_THREADS=1 taskset -c 0 cargo bench --bench travel_serving -- TRIPS.parquet
//! ```
//!
//! Time is that on the processor, so that other programs disturb little.

use routeforce::features::travel::{self, TripQuery};
use routeforce::onnx::Session;
use routeforce::runtime::{Cancel, Progress};
use routeforce::travel_time::{TrainOptions, TravelTimeModel, fit};
use std::path::PathBuf;

/// Questions asked one by one.
const SINGLE: usize = 5_000;
/// Times all trips are asked at once.
const TIMES: usize = 3;
/// Clock ticks of `/proc` in a second, the same on every Linux (`USER_HZ`).
const TICKS: f64 = 100.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo passes `--bench`.
    let data = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let data = PathBuf::from(data.ok_or("give a table of trips")?);
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let trips = travel::read(&data, &cancel)?;
    println!("part,amount,unit,cpu_s,per_s");

    let spent = cpu_s()?;
    let fitted = fit(&trips, &TrainOptions::default(), &cancel, &silent)?;
    row("training", fitted.rows, "trips", cpu_s()? - spent);
    let bytes = fitted.model.to_onnx()?;
    let session = Session::from_bytes("bench", &bytes)?;
    let trees = fitted.parameters.trees;
    let model = TravelTimeModel::from_parts(session, fitted.parameters, "bench".into());
    let queries: Vec<TripQuery> = (0..trips.len())
        .map(|trip| TripQuery {
            origin: trips.origin[trip],
            destination: trips.destination[trip],
            depart: trips.local_depart(trip),
            profile: None,
        })
        .collect();

    let spent = cpu_s()?;
    let mut sum = 0.0;
    for _ in 0..TIMES {
        sum += model.predict(&queries)?.iter().map(|q| q.mean).sum::<f64>();
    }
    let part = format!("questions at once ({trees} trees)");
    row(&part, TIMES * queries.len(), "rows", cpu_s()? - spent);

    let matrix = travel::matrix(&trips, model.conditions(), None);
    let spent = cpu_s()?;
    for _ in 0..TIMES {
        let answers = model.predict_matrix(&matrix)?;
        sum += answers.iter().map(|q| q.mean).sum::<f64>();
    }
    let rows = TIMES * matrix.rows;
    row("ONNX alone", rows, "rows", cpu_s()? - spent);

    let spent = cpu_s()?;
    for query in queries.iter().take(SINGLE) {
        sum += model.predict(std::slice::from_ref(query))?[0].mean;
    }
    let asked = SINGLE.min(queries.len());
    row("questions one by one", asked, "rows", cpu_s()? - spent);
    eprintln!("sum of means: {sum:.0} s");
    Ok(())
}

fn row(part: &str, amount: usize, unit: &str, cpu_s: f64) {
    let per_s = amount as f64 / cpu_s.max(1.0 / TICKS);
    println!("{part},{amount},{unit},{cpu_s:.2},{per_s:.0}");
}

fn cpu_s() -> Result<f64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit_once(')').ok_or("no process name")?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let (user, system): (f64, f64) = (fields[11].parse()?, fields[12].parse()?);
    Ok((user + system) / TICKS)
}
