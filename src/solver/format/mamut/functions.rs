//! The file of arrival-time functions.

use super::SCALE;
use super::node_data::{File, LATEST};
use crate::domain::InputError;
use crate::solver::format::json;
use crate::solver::travel::{ArrivalFunctions, Breakpoint};
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::Read;

/// Most bytes of a file of functions once unpacked.
const MOST_BYTES: u64 = 4 << 30;

/// Most breakpoints of all functions together.
const MOST_BREAKPOINTS: usize = 1 << 31;

/// The file, field by field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Functions {
    format: String,
    format_version: u32,
    instance_name: String,
    benchmark_name: String,
    horizon: [f64; 2],
    num_customers: usize,
    #[serde(default, rename = "generator")]
    _generator: Value,
    arcs: Vec<(usize, usize, Vec<f64>, Vec<f64>)>,
}

/// The JSON text in the bytes of a file, packed or not.
pub(in crate::solver::format) fn unpack(
    source: &str,
    bytes: Vec<u8>,
) -> Result<Vec<u8>, InputError> {
    if !source.ends_with(".gz") {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let read = GzDecoder::new(bytes.as_slice())
        .take(MOST_BYTES)
        .read_to_end(&mut unpacked);
    match read {
        Ok(size) if (size as u64) < MOST_BYTES => Ok(unpacked),
        Ok(_) => Err(InputError::new(source, "too large", "give less than 4 GB")),
        Err(error) => {
            let problem = format!("cannot be unpacked: {error}");
            Err(InputError::new(source, problem, "give a gzip file"))
        }
    }
}

/// The functions of all pairs in whole thousandths, none earlier than in the file.
pub(super) fn parse(
    source: &str,
    bytes: &[u8],
    instance: &File,
) -> Result<ArrivalFunctions, InputError> {
    if let Some(expected) = &instance.td.atf_sha256 {
        let digest = Sha256::digest(bytes);
        let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        if found != expected.to_lowercase() {
            let remedy = format!("give the file that the instance names, of SHA-256 {expected}");
            return Err(InputError::new(source, "another file", remedy).value(found));
        }
    }
    let content = std::str::from_utf8(bytes)
        .map_err(|_| InputError::new(source, "not UTF-8 text", "give JSON"))?;
    let file: Functions = json::parse(source, content)?;
    check(source, &file, instance)?;
    let places = instance.num_customers + 1;
    let at_home = vec![Breakpoint {
        depart_s: 0,
        arrive_s: 0,
    }];
    let mut functions: Vec<Vec<Breakpoint>> = vec![Vec::new(); places * places];
    let mut total = 0;
    for (index, (from, to, departures, arrivals)) in file.arcs.into_iter().enumerate() {
        let wrong = |problem: &str, remedy: &str| {
            let error = InputError::new(source, problem, remedy).field(format!("arcs[{index}]"));
            Err(error.value(format!("{from} to {to}")))
        };
        if from >= places || to >= places || from == to {
            return wrong("no such pair of nodes", "name two nodes");
        }
        let cell = &mut functions[from * places + to];
        if !cell.is_empty() {
            return wrong("given twice", "give each pair once");
        }
        if let Err(problem) = check_function(&departures, &arrivals, file.horizon) {
            return wrong(
                problem,
                "give an arrival for each departure, both ascending",
            );
        }
        *cell = rounded(&departures, &arrivals);
        total += cell.len();
        if total > MOST_BREAKPOINTS {
            return wrong("too many breakpoints", "give less than 2^31");
        }
    }
    for place in 0..places {
        functions[place * places + place] = at_home.clone();
    }
    if let Some(missing) = functions.iter().position(Vec::is_empty) {
        let pair = format!("{} to {}", missing / places, missing % places);
        let error = InputError::new(source, "pair is missing", "give all pairs of nodes");
        return Err(error.field("arcs").value(pair));
    }
    ArrivalFunctions::new(places, functions, vec![0; places * places])
        .map_err(|error| InputError::new(source, error.to_string(), "correct the function"))
}

/// The file must be one of functions, and of this instance.
fn check(source: &str, file: &Functions, instance: &File) -> Result<(), InputError> {
    let differs = |field: &str, value: String, expected: String| {
        let error = InputError::new(source, "not usable", format!("give {expected}"));
        Err(error.field(field).value(value))
    };
    if file.format != "mamut-td-atf" {
        return differs("format", file.format.clone(), "mamut-td-atf".into());
    }
    if file.format_version != 1 {
        return differs(
            "format_version",
            file.format_version.to_string(),
            "1".into(),
        );
    }
    for (field, found, expected) in [
        (
            "instance_name",
            &file.instance_name,
            &instance.instance_name,
        ),
        (
            "benchmark_name",
            &file.benchmark_name,
            &instance.benchmark_name,
        ),
    ] {
        if found != expected {
            return differs(field, found.clone(), expected.clone());
        }
    }
    if file.horizon != instance.horizon {
        let [found, expected] = [file.horizon, instance.horizon].map(|h| format!("{h:?}"));
        return differs("horizon", found, expected);
    }
    if file.num_customers != instance.num_customers {
        let expected = instance.num_customers.to_string();
        return differs("num_customers", file.num_customers.to_string(), expected);
    }
    Ok(())
}

fn check_function(
    departures: &[f64],
    arrivals: &[f64],
    [start, end]: [f64; 2],
) -> Result<(), &'static str> {
    if departures.len() != arrivals.len() {
        return Err("not as many arrivals as departures");
    }
    if departures.len() < 2 || departures.first() != Some(&start) || departures.last() != Some(&end)
    {
        return Err("does not span the horizon");
    }
    let ascends = |times: &[f64]| times.is_sorted();
    if !ascends(departures) || !ascends(arrivals) {
        return Err("does not ascend");
    }
    let early = departures
        .iter()
        .zip(arrivals)
        .any(|(d, a)| !(d..=&(2.0 * LATEST)).contains(&a));
    if early {
        Err("arrives before it departs, or too late")
    } else {
        Ok(())
    }
}

/// The function at whole thousandths: its exact value, rounded up, at and around each breakpoint.
/// Between them it is linear, so what is interpolated is never too early. A vertical step takes
/// its smaller value, as the benchmark's judge has it.
fn rounded(departures: &[f64], arrivals: &[f64]) -> Vec<Breakpoint> {
    let unit = SCALE as f64;
    let mut points: Vec<Breakpoint> = Vec::with_capacity(departures.len());
    let last = super::down(departures.last().copied().unwrap_or_default());
    for (index, &departure) in departures.iter().enumerate() {
        let below = super::down(departure);
        // After a step or a departure between two thousandths the function goes on elsewhere.
        let broken = below as f64 != departure * unit
            || departures
                .get(index + 1)
                .is_some_and(|next| next == &departure);
        for depart_s in below..=below + i64::from(broken) {
            if depart_s <= last && points.last().is_none_or(|p| p.depart_s < depart_s) {
                let arrive = value(departures, arrivals, depart_s as f64 / unit);
                let arrive_s = super::up(arrive).max(depart_s);
                points.push(Breakpoint { depart_s, arrive_s });
            }
        }
    }
    // The interpolation rounds down; where it is not exact, both ends are lifted.
    let inexact: Vec<bool> = points
        .windows(2)
        .map(|pair| {
            (pair[1].arrive_s - pair[0].arrive_s) % (pair[1].depart_s - pair[0].depart_s) != 0
        })
        .collect();
    let mut earliest_s = 0;
    for (index, point) in points.iter_mut().enumerate() {
        let beside = [index.checked_sub(1), Some(index)];
        let lifted = beside
            .into_iter()
            .flatten()
            .any(|i| inexact.get(i) == Some(&true));
        point.arrive_s = (point.arrive_s + i64::from(lifted)).max(earliest_s);
        earliest_s = point.arrive_s;
    }
    points
}

/// The arrival of a departure within the horizon.
fn value(departures: &[f64], arrivals: &[f64], departure: f64) -> f64 {
    let at = departures.partition_point(|d| *d < departure);
    match (departures.get(at), arrivals.get(at)) {
        (Some(&d), Some(&a)) if d == departure || at == 0 => a,
        (Some(&after), Some(&arrival)) => {
            let (before, left) = (departures[at - 1], arrivals[at - 1]);
            left + (arrival - left) * (departure - before) / (after - before)
        }
        _ => arrivals.last().copied().unwrap_or(departure),
    }
}
