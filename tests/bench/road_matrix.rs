//! What matrices cost on one core: on a plain graph, the same that peers get, and on a network with
//! turn costs. Prints CSV; `tests/bench/travel_matrix.py` runs it beside the peers:
//!
//! ```sh
//! RAYON_NUM_THREADS=1 cargo bench --bench road_matrix -- EDGES.txt NODES.txt POINTS.csv X.osm.pbf
//! ```
//!
//! EDGES.txt: tail, head, milliseconds; NODES.txt: latitude, longitude; POINTS.csv: id, lat, lon, node.
//! Time is that on the processor of all threads.

use routeforce::domain::LatLon;
use routeforce::network::hierarchy::{ArcGraph, Hierarchy, Seed, Slice, Targets, Weight};
use routeforce::network::osm::{Profile, Vehicle};
use routeforce::network::{Network, SnapOptions, Snapped};
use routeforce::runtime::{Cancel, Progress};
use std::error::Error;
use std::sync::Arc;

const SLICES: usize = 96;
const REPEATS: usize = 3;
/// What takes less than a tick of the clock is done so often.
const OFTEN: u32 = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let [edges, nodes, points, extract] = &given[..] else {
        return Err("give EDGES.txt NODES.txt POINTS.csv X.osm.pbf".into());
    };
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    println!("part,size,cpu_s,sum");

    let mut graph = ArcGraph::default();
    let mut weights: Vec<u32> = Vec::new();
    for line in rows(edges)? {
        graph.tail.push(line[0] as u32);
        graph.head.push(line[1] as u32);
        weights.push(line[2] as u32);
    }
    for line in rows(nodes)? {
        graph.latitude.push(line[0] as f32);
        graph.longitude.push(line[1] as f32);
    }
    let points: Vec<Vec<f64>> = rows(points)?;
    let seed = |point: &Vec<f64>| {
        vec![Seed {
            node: point[3] as u32,
            offset: 0,
        }]
    };
    let places: Vec<Vec<Seed>> = points.iter().map(seed).collect();

    let before = cpu_s()?;
    let hierarchy = Arc::new(Hierarchy::build(&graph, &cancel, &silent)?);
    println!(
        "order and contraction,{},{:.4},",
        graph.nodes(),
        cpu_s()? - before
    );
    let before = cpu_s()?;
    let metric = hierarchy.customize(&weights)?;
    for _ in 1..OFTEN {
        hierarchy.customize(&weights)?;
    }
    let each_s = (cpu_s()? - before) / f64::from(OFTEN);
    println!("customisation,{},{each_s:.4},", graph.arcs());
    for size in [100, 500, 1000]
        .into_iter()
        .filter(|&size| size <= places.len())
    {
        let places = &places[..size];
        let (spent, sum) = best(|| {
            let targets = Targets::new(&hierarchy, places)?;
            let found = metric.matrix(places, &targets, &cancel)?;
            let known = found.iter().filter(|&&x| x != u32::UNREACHABLE);
            Ok(known.map(|&x| f64::from(x)).sum())
        })?;
        println!("matrix,{size},{spent:.4},{sum:.0}");
    }
    let before = cpu_s()?;
    let mut sum = 0.0;
    let slice = |slice: usize| {
        let slower = weights.iter().map(|&w| w + w / 8 * (slice as u32 % 7));
        Ok(Slice {
            weights: slower.collect(),
            sources: places.clone(),
            targets: places.clone(),
        })
    };
    hierarchy.matrices(
        SLICES,
        slice,
        |_, found| sum += f64::from(found[1]),
        &cancel,
        &silent,
    )?;
    println!(
        "{SLICES} slices,{},{:.4},{sum:.0}",
        places.len(),
        cpu_s()? - before
    );

    let before = cpu_s()?;
    let vehicle = Vehicle::default();
    let network = Network::build(extract.as_ref(), Profile::Car, &vehicle, &cancel, &silent)?;
    println!(
        "network with turns,{},{:.4},",
        network.graph().edges(),
        cpu_s()? - before
    );
    let place = |point: &Vec<f64>| {
        let at = LatLon {
            lat: point[1],
            lon: point[2],
        };
        network.snap(at, &SnapOptions::default())
    };
    let before = cpu_s()?;
    let snapped: Vec<Option<Snapped>> = points.iter().map(place).collect();
    println!("snapping,{},{:.4},", snapped.len(), cpu_s()? - before);
    let (spent, sum) = best(|| {
        let found = network.matrix(&snapped, &snapped, &cancel)?;
        Ok((0..snapped.len()).filter_map(|k| found.seconds(0, k)).sum())
    })?;
    println!(
        "matrix and lengths with turns,{},{spent:.4},{sum:.0}",
        snapped.len()
    );
    let free_flow = &network.graph().duration_ms;
    let slower = |slice: usize| -> Vec<u32> {
        free_flow
            .iter()
            .map(|&ms| ms + ms / 8 * (slice as u32 % 7))
            .collect()
    };
    let before = cpu_s()?;
    let mut sum = 0.0;
    let add =
        |_, found: routeforce::network::DurationMatrix| sum += found.seconds(0, 1).unwrap_or(0.0);
    network.matrices(
        (SLICES, &slower),
        &snapped,
        &snapped,
        add,
        (&cancel, &silent),
    )?;
    println!(
        "{SLICES} slices with turns,{},{:.4},{sum:.0}",
        snapped.len(),
        cpu_s()? - before
    );
    Ok(())
}

/// Numbers of every line that holds nothing else.
fn rows(path: &str) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let numbers =
        |line: &str| -> Result<Vec<f64>, _> { line.split([',', ' ']).map(str::parse).collect() };
    Ok(text.lines().filter_map(|line| numbers(line).ok()).collect())
}

/// Least time of several runs, and what they give.
fn best(
    mut run: impl FnMut() -> Result<f64, Box<dyn Error>>,
) -> Result<(f64, f64), Box<dyn Error>> {
    let mut least = (f64::INFINITY, 0.0);
    for _ in 0..REPEATS {
        let before = cpu_s()?;
        let found = run()?;
        least = (least.0.min(cpu_s()? - before), found);
    }
    Ok(least)
}

/// Processor time of all threads so far, in seconds.
fn cpu_s() -> Result<f64, Box<dyn Error>> {
    let mut sum_s = 0.0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let spent = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        let first = spent.split(' ').next().unwrap_or_default();
        sum_s += first.parse::<f64>()? / 1e9;
    }
    Ok(sum_s)
}
