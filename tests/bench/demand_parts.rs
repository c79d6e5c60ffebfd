//! What the parts of a demand forecast cost on one core, on a table of daily series: feature rows,
//! models of single series, prediction through ONNX. Prints `reports/bench/demand_parts.csv`:
//!
//! ```sh
//! RAYON_NUM_THREADS=1 cargo bench --bench demand_parts TABLE.parquet
//! ```
//!
//! Time is that on the processor, so that other programs disturb little.

use routeforce::features::demand::history::History;
use routeforce::features::demand::local;
use routeforce::features::demand::{DemandSpec, RowBuilder, table};
use routeforce::forecast::{TrainOptions, train};
use routeforce::onnx::Session;
use routeforce::runtime::{Cancel, Progress};
use std::path::PathBuf;

const HORIZON: u32 = 28;
/// Clock ticks of `/proc` in a second, the same on every Linux (`USER_HZ`).
const TICKS: f64 = 100.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo passes `--bench`.
    let data = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let data = PathBuf::from(data.ok_or("give a table of daily series")?);
    let panel = table::read(&data)?;
    let spec = DemandSpec::of(&panel, HORIZON);
    let builder = RowBuilder::new(&spec);
    let (columns, ahead) = (builder.names().len(), i64::from(HORIZON));
    println!("part,amount,unit,cpu_s");

    let (mut rows, mut cells) = (0_u64, Vec::new());
    let spent = cpu_s()?;
    for series in &panel.series {
        let history = History::new(series, &spec);
        let targets = series.start + ahead..series.end();
        let pairs: Vec<_> = targets.map(|target| (target - ahead, target)).collect();
        cells.clear();
        builder.build(&history, &pairs, &mut cells);
        rows += pairs.len() as u64;
    }
    println!(
        "feature rows with models of single series,{},cells,{:.2}",
        rows * columns as u64,
        cpu_s()? - spent
    );

    let spent = cpu_s()?;
    let mut sum = 0.0;
    for series in &panel.series {
        let history = History::new(series, &spec);
        let origin = series.end() - 1;
        let pairs: Vec<_> = (1..=ahead).map(|step| (origin, origin + step)).collect();
        let found = local::forecasts(&history, &spec, &pairs);
        sum += found.iter().map(|local| local.combined).sum::<f64>();
    }
    println!(
        "models of single series,{},series,{:.2}",
        panel.series.len(),
        cpu_s()? - spent
    );
    assert!(sum.is_finite());

    let options = TrainOptions {
        horizon: Some(HORIZON),
        ..TrainOptions::default()
    };
    let spent = cpu_s()?;
    let trained = train(
        &panel,
        "bench",
        &options,
        &Cancel::new(),
        &Progress::silent(),
    )?;
    println!(
        "training of all candidates,{},series,{:.2}",
        panel.series.len(),
        cpu_s()? - spent
    );
    let session = Session::from_bytes("bench", &trained.onnx)?;
    let mut matrix = builder.matrix(0);
    for series in &panel.series {
        let history = History::new(series, &spec);
        let targets = (series.start + ahead..series.end()).rev().take(200);
        let pairs: Vec<_> = targets.map(|target| (target - ahead, target)).collect();
        builder.build(&history, &pairs, &mut matrix.data);
        matrix.rows += pairs.len();
    }
    let spent = cpu_s()?;
    let predictions = session.predict(&matrix)?;
    println!(
        "prediction through ONNX of p10 p50 p90 and mean,{},rows,{:.2}",
        predictions.len(),
        cpu_s()? - spent
    );
    Ok(())
}

/// Seconds on the processor so far, of all threads (`proc(5)`, fields 14 and 15 of `stat`).
fn cpu_s() -> Result<f64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, behind_name) = stat.rsplit_once(')').ok_or("no such field")?;
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3).map_or(Ok(0.0), |f| f.parse::<f64>());
    Ok((ticks(14)? + ticks(15)?) / TICKS)
}
