//! Valhalla's `sources_to_targets` and `route`: <https://valhalla.github.io/valhalla/api/>.

use super::blocks::{Block, Row, Table, in_blocks};
use super::client::{Client, Reply};
use super::error::RouterError;
use super::polyline;
use super::{Router, RouterOptions};
use crate::domain::{InputError, LatLon};
use crate::network::{Itinerary, RoadMatrix, Step};
use crate::runtime::{Cancel, Progress};
use serde::Deserialize;
use serde_json::{Value, json};

/// A server of Valhalla.
#[derive(Debug)]
pub struct Valhalla {
    client: Client,
    options: RouterOptions,
}

/// More pairs of places, or more places, than a request may have.
const TOO_LARGE: [u32; 2] = [150, 151];
/// No way between the places of a request.
const NO_WAY: [u32; 1] = [442];
/// Digits behind the point of Valhalla's lines.
const DIGITS: i32 = 6;

impl Valhalla {
    /// Blocks that a server takes unless it is configured with other `service_limits`.
    pub const BLOCK: usize = 50;

    /// The server at an address such as `http://127.0.0.1:8002`.
    ///
    /// # Errors
    /// An address that cannot be used.
    pub fn new(address: &str, options: RouterOptions) -> Result<Self, InputError> {
        Ok(Self {
            client: Client::new(address, options.client)?,
            options,
        })
    }

    fn ask(&self, path: &str, question: &Value, cancel: &Cancel) -> Result<Reply, RouterError> {
        self.client
            .post(path, question.to_string().as_bytes(), cancel)
    }

    /// Reads an answer; one with an error code is the server's refusal.
    fn read<T: for<'a> Deserialize<'a>>(
        &self,
        reply: &Reply,
    ) -> Result<Result<T, Refusal>, RouterError> {
        if reply.status == 200 {
            let answer = serde_json::from_slice(&reply.body);
            return answer
                .map(Ok)
                .map_err(|error| self.client.unusable(error.to_string()));
        }
        let fault: Fault = serde_json::from_slice(&reply.body).unwrap_or_else(|_| Fault {
            error_code: 0,
            error: String::from_utf8_lossy(&reply.body).into_owned(),
        });
        let message = format!("{} (error {})", fault.error, fault.error_code);
        Ok(Err(Refusal {
            code: fault.error_code,
            error: self.client.refused(reply.status, message),
        }))
    }

    fn block(
        &self,
        sources: &[LatLon],
        targets: &[LatLon],
        cancel: &Cancel,
    ) -> Result<Block, RouterError> {
        let question = json!({
            "sources": sources,
            "targets": targets,
            "costing": self.options.profile,
            "units": "kilometers",
            "verbose": false,
        });
        let answer: MatrixAnswer =
            match self.read(&self.ask("/sources_to_targets", &question, cancel)?)? {
                Ok(answer) => answer,
                Err(refusal) if TOO_LARGE.contains(&refusal.code) => {
                    return Ok(Block::TooLarge(refusal.error));
                }
                // Not one of the pairs has a way.
                Err(refusal) if NO_WAY.contains(&refusal.code) => {
                    return Ok(Block::without_ways((sources, targets)));
                }
                Err(refusal) => return Err(refusal.error),
            };
        Block::of(&answer.sources_to_targets.rows(), (sources, targets), 1e3)
            .map_err(|problem| self.client.unusable(problem))
    }
}

impl Router for Valhalla {
    fn matrix(
        &self,
        sources: &[LatLon],
        targets: &[LatLon],
        (cancel, progress): (&Cancel, &Progress),
    ) -> Result<RoadMatrix, RouterError> {
        let ask = |a: &[LatLon], b: &[LatLon]| self.block(a, b, cancel);
        in_blocks(
            (sources, targets),
            self.options.block,
            (cancel, progress),
            ask,
        )
    }

    fn route(&self, places: &[LatLon], cancel: &Cancel) -> Result<Option<Itinerary>, RouterError> {
        let question = json!({
            "locations": places,
            "costing": self.options.profile,
            "units": "kilometers",
        });
        let answer: RouteAnswer = match self.read(&self.ask("/route", &question, cancel)?)? {
            Ok(answer) => answer,
            Err(refusal) if NO_WAY.contains(&refusal.code) => return Ok(None),
            Err(refusal) => return Err(refusal.error),
        };
        let mut itinerary = Itinerary {
            duration_s: answer.trip.summary.time,
            length_m: answer.trip.summary.length * 1e3,
            line: Vec::new(),
            steps: Vec::new(),
        };
        for leg in answer.trip.legs {
            let line = polyline::decode(&leg.shape, DIGITS);
            let line = line.ok_or_else(|| self.client.unusable("a shape that is no line"))?;
            for maneuver in leg.maneuvers {
                let at = line.get(maneuver.begin_shape_index).copied();
                itinerary.steps.push(Step {
                    what: maneuver.instruction,
                    at: at.ok_or_else(|| self.client.unusable("a maneuver off its line"))?,
                    length_m: maneuver.length * 1e3,
                    duration_s: maneuver.time,
                });
            }
            itinerary.line.extend(line);
        }
        itinerary.line.dedup();
        match itinerary.is_sound() {
            true => Ok(Some(itinerary)),
            false => Err(self.client.unusable("durations or lengths below 0")),
        }
    }
}

struct Refusal {
    code: u32,
    error: RouterError,
}

#[derive(Deserialize)]
struct Fault {
    error_code: u32,
    error: String,
}

#[derive(Deserialize)]
struct MatrixAnswer {
    sources_to_targets: Cells,
}

/// Servers before 3.4 know the long form only.
#[derive(Deserialize)]
#[serde(untagged)]
enum Cells {
    Short(Table),
    Long(Vec<Vec<Cell>>),
}

#[derive(Deserialize)]
struct Cell {
    time: Option<f64>,
    distance: Option<f64>,
}

impl Cells {
    /// Seconds and kilometres.
    fn rows(self) -> Vec<Row> {
        match self {
            Self::Short(table) => table.rows(),
            Self::Long(rows) => {
                let pair = |cell: Cell| (cell.time, cell.distance);
                rows.into_iter()
                    .map(|row| row.into_iter().map(pair).collect())
                    .collect()
            }
        }
    }
}

#[derive(Deserialize)]
struct RouteAnswer {
    trip: Trip,
}

#[derive(Deserialize)]
struct Trip {
    summary: Summary,
    legs: Vec<Leg>,
}

#[derive(Deserialize)]
struct Summary {
    time: f64,
    length: f64,
}

#[derive(Deserialize)]
struct Leg {
    shape: String,
    maneuvers: Vec<Maneuver>,
}

#[derive(Deserialize)]
struct Maneuver {
    instruction: String,
    time: f64,
    length: f64,
    begin_shape_index: usize,
}
