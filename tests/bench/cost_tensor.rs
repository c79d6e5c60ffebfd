//! What a cost tensor costs on one core, beside the peer: mean and p90 by base × factors with FIFO,
//! by slices, one slice updated, saved and mapped. Prints the rows of
//! `reports/bench/travel_tensor.csv`:
//!
//! ```sh
//! cargo bench --bench cost_tensor -- --peer "PYTHON tensor.py" [PLACES [SLICES]] > reports/bench/travel_tensor.csv
//! ```
//!
//! Time is that on the processor, so that other programs disturb little; the least of three runs.
//! The peer's rows are taken from what it prints, in the same run.

use rand::Rng;
use routeforce::cost::factors::{BaseFn, BaseLeg, FactorTable, by_factors};
use routeforce::cost::slices::{SliceSource, by_slices};
use routeforce::cost::{CostError, CostTensor, ProfileSpec, SliceAxis, file};
use routeforce::runtime::{Cancel, Progress, random};
use std::process::Command;

const CLUSTERS: usize = 8;
const RUNS: usize = 3;
/// Clock ticks of `/proc` in a second, the same on every Linux (`USER_HZ`).
const TICKS: f64 = 100.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let peer = arguments.iter().position(|a| a == "--peer");
    let peer = peer.and_then(|at| arguments.get(at + 1));
    let mut numbers = arguments.iter().filter_map(|a| a.parse::<usize>().ok());
    let (places, slices) = (
        numbers.next().unwrap_or(1_000),
        numbers.next().unwrap_or(96),
    );
    println!("who,what,places,slices,layers,cpu_s,cells_per_s,fifo_repairs,peak_mib");
    ours(places, slices)?;
    if let Some(peer) = peer {
        theirs(peer, places, slices)?;
    }
    Ok(())
}

/// Runs thrice and prints the least time.
fn row<T>(
    what: &str,
    (places, slices, layers): (usize, usize, usize),
    mut work: impl FnMut() -> Result<T, CostError>,
    repairs: impl Fn(&T) -> u64,
) -> Result<T, Box<dyn std::error::Error>> {
    let (mut least, mut result) = (f64::INFINITY, None);
    for _ in 0..RUNS {
        drop(result.take());
        let before = cpu_s()?;
        result = Some(work()?);
        least = least.min(cpu_s()? - before);
    }
    let result = result.ok_or("no run")?;
    let cells = (places * places * slices * layers) as f64;
    println!(
        "routeforce,{what},{places},{slices},{layers},{least:.3},{:.0},{},{:.0}",
        cells / least.max(0.005),
        repairs(&result),
        peak_mib()?
    );
    Ok(result)
}

fn ours(places: usize, slices: usize) -> Result<(), Box<dyn std::error::Error>> {
    let axis = SliceAxis {
        origin: chrono::DateTime::UNIX_EPOCH,
        time_zone: chrono_tz::UTC,
        slice_s: (86_400 / slices) as u32,
        slices,
    };
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    let specs = [ProfileSpec {
        name: "van".into(),
        duration_factor: 1.0,
    }];
    let mut random = random::generator(1, "bench tensor");
    let base: Vec<f32> = (0..places * places)
        .map(|_| random.random_range(60.0..3_600.0))
        .collect();
    // As the peer's: factors of every slice drawn alone, so that most pairs break FIFO; and a day
    // with two rush hours, as learned factors are.
    let mut drawn = |_: usize| random.random_range(0.8..1.6_f32);
    let cells = CLUSTERS * CLUSTERS * slices;
    let rough: Vec<f32> = (0..cells).map(&mut drawn).collect();
    let rush = |at: usize| {
        let hour = 24.0 * (at % slices) as f32 / slices as f32;
        1.0 + 0.5 * (-(hour - 8.0).powi(2) / 4.0).exp() + 0.6 * (-(hour - 17.0).powi(2) / 6.0).exp()
    };
    let smooth: Vec<f32> = (0..cells).map(rush).collect();
    let mut last = None;
    for (what, mean) in [
        ("factors drawn per slice", rough),
        ("factors of two rush hours", smooth),
    ] {
        let p90: Vec<f32> = mean.iter().map(|f| 1.3 * f).collect();
        let cluster_of: Vec<usize> = (0..places).map(|p| p % CLUSTERS).collect();
        let table = FactorTable::new(cluster_of, slices, mean, p90)?;
        let fill = || {
            let leg = |from, to| BaseLeg {
                duration_s: base[from * places + to],
                distance_m: 1,
            };
            let base = BaseFn { places, leg };
            by_factors(&base, &table, axis, &specs, 0.3, &cancel, &progress)
        };
        // Only one at a time, for the peak of memory.
        drop(last.take());
        last = Some(row(
            what,
            (places, slices, 2),
            fill,
            CostTensor::fifo_repairs,
        )?);
    }
    let Some(mut tensor) = last else {
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.costs");
    row(
        "write",
        (places, slices, 2),
        || file::write(&path, &tensor),
        |_| 0,
    )?;
    row(
        "map with checksum",
        (places, slices, 2),
        || file::map(&path),
        CostTensor::fifo_repairs,
    )?;
    let matrix: Vec<u32> = base.iter().map(|s| *s as u32).collect();
    let update = || Ok(tensor.update_slice(0, slices / 2, &matrix, &matrix)?);
    row(
        "update one slice in place",
        (places, 1, 2),
        update,
        |raised| *raised,
    )?;
    drop(tensor);
    let mut source = OneMatrix { places, matrix };
    let build = || by_slices(&mut source, axis, &["van"], 0.3, &cancel, &progress);
    row(
        "slices put into place",
        (places, slices, 1),
        build,
        CostTensor::fifo_repairs,
    )?;
    Ok(())
}

/// The same matrix for every slice, at no cost.
struct OneMatrix {
    places: usize,
    matrix: Vec<u32>,
}

impl SliceSource for OneMatrix {
    fn places(&self) -> usize {
        self.places
    }

    fn mean_s(&mut self, _: usize, _: usize) -> Result<Vec<u32>, CostError> {
        Ok(self.matrix.clone())
    }

    fn distance_m(&mut self, _: usize) -> Result<Vec<u32>, CostError> {
        Ok(vec![1; self.places * self.places])
    }
}

/// Rows from what the peer prints: `name  0.123 s …`.
fn theirs(command: &str, places: usize, slices: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut words = command.split_whitespace();
    let program = words.next().ok_or("--peer needs a command")?;
    let sizes = [places.to_string(), slices.to_string()];
    let output = Command::new(program).args(words).args(sizes).output()?;
    for line in String::from_utf8(output.stdout)?.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(at) = words.iter().position(|w| *w == "s").filter(|at| *at > 0) else {
            continue;
        };
        let Ok(seconds) = words[at - 1].parse::<f64>() else {
            continue;
        };
        let name = words[..at - 1].join(" ");
        let rate = (places * places * slices) as f64 / seconds;
        println!(
            "tensor.py,{},{places},{slices},1,{seconds:.3},{rate:.0},,",
            name.replace(',', ";")
        );
    }
    Ok(())
}

/// Processor time of this process in seconds.
fn cpu_s() -> Result<f64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit_once(')').ok_or("no process name")?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let (user, system): (f64, f64) = (fields[11].parse()?, fields[12].parse()?);
    Ok((user + system) / TICKS)
}

/// The most memory held so far, in MiB.
fn peak_mib() -> Result<f64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM"))
        .ok_or("no VmHWM")?;
    let kib: f64 = line.split_whitespace().nth(1).ok_or("no value")?.parse()?;
    Ok(kib / 1024.0)
}
