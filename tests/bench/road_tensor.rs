//! What a tensor on a road network costs on one core, from places to a finished file: by true
//! routing of every slice, and by the network's matrix times factors. Prints CSV:
//!
//! ```sh
//! RAYON_NUM_THREADS=1 taskset -c 0 cargo bench --bench road_tensor -- X.osm.pbf POINTS.csv roads|factors
//! ```
//!
//! POINTS.csv: id, lat, lon. Time is that on the processor; loading and building the network is not
//! part of it. One way per run, for its peak of memory.

use chrono::{DateTime, Utc};
use routeforce::cost::factors::{BaseFn, BaseLeg, FactorTable, by_factors};
use routeforce::cost::{CostTensor, OnRoads, ProfileSpec, SliceAxis, by_roads, file};
use routeforce::features::places;
use routeforce::network::osm::{Profile, Vehicle};
use routeforce::network::{Network, SnapOptions, Snapped};
use routeforce::runtime::{Cancel, Progress};
use std::error::Error;
use std::path::Path;

const SLICES: usize = 96;
const SLICE_S: u32 = 900;
const CLUSTERS: usize = 16;
const RUNS: usize = 3;
/// Clock ticks of `/proc` in a second, the same on every Linux (`USER_HZ`).
const TICKS: f64 = 100.0;

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let [extract, points, by] = &given[..] else {
        return Err("give X.osm.pbf POINTS.csv roads|factors".into());
    };
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let vehicle = Vehicle::default();
    let network = Network::build(extract.as_ref(), Profile::Car, &vehicle, &cancel, &silent)?;
    let points = places::read(Path::new(points))?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.costs");
    println!("by,places,slices,layers,tensor_cpu_s,with_file_cpu_s,fifo_repairs,bytes,peak_mib");
    let (mut built, mut least) = (f64::INFINITY, f64::INFINITY);
    let mut repairs = 0;
    for _ in 0..RUNS {
        let before = cpu_s()?;
        let snap = |place: &places::Place| network.snap(place.at, &SnapOptions::default());
        let snapped: Vec<Option<Snapped>> = points.iter().map(snap).collect();
        let tensor = match by.as_str() {
            "roads" => on_roads(&network, &snapped)?,
            _ => with_factors(&network, &snapped)?,
        };
        built = built.min(cpu_s()? - before);
        file::write(&path, &tensor)?;
        least = least.min(cpu_s()? - before);
        repairs = tensor.fifo_repairs();
    }
    println!(
        "{by},{},{SLICES},2,{built:.2},{least:.2},{repairs},{},{:.0}",
        points.len(),
        std::fs::metadata(&path)?.len(),
        peak_mib()?
    );
    Ok(())
}

fn axis() -> SliceAxis {
    SliceAxis {
        origin: DateTime::UNIX_EPOCH,
        time_zone: chrono_tz::UTC,
        slice_s: SLICE_S,
        slices: SLICES,
    }
}

fn vans() -> [ProfileSpec; 1] {
    [ProfileSpec {
        name: "van".into(),
        duration_factor: 1.0,
    }]
}

/// A day with two rush hours.
fn rush(hour: f32) -> f32 {
    1.0 + 0.5 * (-(hour - 8.0).powi(2) / 4.0).exp() + 0.6 * (-(hour - 17.0).powi(2) / 6.0).exp()
}

fn on_roads(network: &Network, places: &[Option<Snapped>]) -> Result<CostTensor, Box<dyn Error>> {
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let graph = network.graph();
    // Larger roads have the larger rush.
    let durations_ms = |depart: DateTime<Utc>| -> Vec<u32> {
        let factor = rush(axis().seconds(depart) as f32 / 3_600.0) - 1.0;
        let edges = graph.duration_ms.iter().zip(&graph.class);
        let slower = |(ms, class): (&u32, &u8)| *ms as f32 * (1.0 + factor / f32::from(class + 1));
        edges.map(|edge| slower(edge) as u32).collect()
    };
    let distances = network.matrix(places, places, &cancel)?;
    let pairs = (0..places.len()).flat_map(|a| (0..places.len()).map(move |b| (a, b)));
    let roads = OnRoads {
        network,
        places,
        durations_ms: &durations_ms,
        p90_over_mean: 1.3,
        distance_m: pairs
            .map(|(a, b)| distances.metres(a, b).unwrap_or_default() as u32)
            .collect(),
    };
    Ok(by_roads(roads, axis(), &vans(), 0.3, &cancel, &silent)?)
}

fn with_factors(
    network: &Network,
    places: &[Option<Snapped>],
) -> Result<CostTensor, Box<dyn Error>> {
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let matrix = network.matrix(places, places, &cancel)?;
    let cells = CLUSTERS * CLUSTERS * SLICES;
    let mean: Vec<f32> = (0..cells)
        .map(|at| rush(24.0 * (at % SLICES) as f32 / SLICES as f32))
        .collect();
    let p90 = mean.iter().map(|factor| 1.3 * factor).collect();
    let cluster_of = (0..places.len()).map(|place| place % CLUSTERS).collect();
    let table = FactorTable::new(cluster_of, SLICES, mean, p90)?;
    let base = BaseFn {
        places: places.len(),
        leg: |from, to| BaseLeg {
            duration_s: matrix.seconds(from, to).unwrap_or(f64::NAN) as f32,
            distance_m: matrix.metres(from, to).unwrap_or_default() as u32,
        },
    };
    Ok(by_factors(
        &base,
        &table,
        axis(),
        &vans(),
        0.3,
        &cancel,
        &silent,
    )?)
}

/// Processor time of this process in seconds.
fn cpu_s() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit_once(')').ok_or("no process name")?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let (user, system): (f64, f64) = (fields[11].parse()?, fields[12].parse()?);
    Ok((user + system) / TICKS)
}

/// The most memory held so far, in MiB.
fn peak_mib() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM"))
        .ok_or("no VmHWM")?;
    let kib: f64 = line.split_whitespace().nth(1).ok_or("no value")?.parse()?;
    Ok(kib / 1024.0)
}
