//! OSRM's services `table` and `route`: <https://project-osrm.org/docs/v26.4.0/api/>.

use super::blocks::{Block, Table, in_blocks};
use super::client::{Client, Reply};
use super::error::RouterError;
use super::{Router, RouterOptions};
use crate::domain::{InputError, LatLon};
use crate::network::{Itinerary, RoadMatrix, Step};
use crate::runtime::{Cancel, Progress};
use serde::Deserialize;
use std::fmt::Write;

/// A server of OSRM. It puts places on the nearest road, however far that is.
#[derive(Debug)]
pub struct Osrm {
    client: Client,
    options: RouterOptions,
}

/// Codes for more places than a request may have.
const TOO_LARGE: [&str; 1] = ["TooBig"];

impl Osrm {
    /// Blocks that a server takes unless it is started with another `--max-table-size`.
    pub const BLOCK: usize = 100;

    /// The server at an address such as `http://127.0.0.1:5000`.
    ///
    /// # Errors
    /// An address that cannot be used, or a profile that is no plain word.
    pub fn new(address: &str, options: RouterOptions) -> Result<Self, InputError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if options.profile.is_empty() || !options.profile.chars().all(plain) {
            let remedy = "give letters and digits, such as driving";
            let error = InputError::new("router", "no profile of OSRM", remedy);
            return Err(error.field("profile").value(&options.profile));
        }
        Ok(Self {
            client: Client::new(address, options.client)?,
            options,
        })
    }

    fn ask(
        &self,
        service: &str,
        places: &str,
        more: &str,
        cancel: &Cancel,
    ) -> Result<Reply, RouterError> {
        let profile = &self.options.profile;
        self.client
            .get(&format!("/{service}/v1/{profile}/{places}?{more}"), cancel)
    }

    /// Reads an answer with the code `Ok`; any other is the server's refusal.
    fn read<T: for<'a> Deserialize<'a>>(
        &self,
        reply: &Reply,
    ) -> Result<Result<T, Refusal>, RouterError> {
        let state: State =
            serde_json::from_slice(&reply.body).map_err(|error| match reply.status {
                200 => self.client.unusable(error.to_string()),
                // What an answer without JSON says is for people.
                status => self
                    .client
                    .refused(status, String::from_utf8_lossy(&reply.body)),
            })?;
        if state.code != "Ok" {
            let message = state.message.unwrap_or_default();
            let error = self
                .client
                .refused(reply.status, format!("{}: {message}", state.code));
            return Ok(Err(Refusal {
                code: state.code,
                error,
            }));
        }
        let answer = serde_json::from_slice(&reply.body);
        answer
            .map(Ok)
            .map_err(|error| self.client.unusable(error.to_string()))
    }

    fn block(
        &self,
        sources: &[LatLon],
        targets: &[LatLon],
        cancel: &Cancel,
    ) -> Result<Block, RouterError> {
        let places = coordinates(sources.iter().chain(targets));
        let list = |from: usize, count: usize| {
            (from..from + count)
                .map(|k| k.to_string())
                .collect::<Vec<_>>()
                .join(";")
        };
        let more = format!(
            "annotations=duration,distance&generate_hints=false&sources={}&destinations={}",
            list(0, sources.len()),
            list(sources.len(), targets.len())
        );
        let reply = self.ask("table", &places, &more, cancel)?;
        // An address may be too long before a table is too large.
        if matches!(reply.status, 413 | 414 | 431) {
            return Ok(Block::TooLarge(
                self.client.refused(reply.status, "the request is too long"),
            ));
        }
        let table: Table = match self.read(&reply)? {
            Ok(table) => table,
            Err(refusal) if TOO_LARGE.contains(&refusal.code.as_str()) => {
                return Ok(Block::TooLarge(refusal.error));
            }
            Err(refusal) => return Err(refusal.error),
        };
        Block::of(&table.rows(), (sources, targets), 1.0)
            .map_err(|problem| self.client.unusable(problem))
    }
}

impl Router for Osrm {
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
        let more = "overview=full&geometries=geojson&steps=true&generate_hints=false";
        let reply = self.ask("route", &coordinates(places), more, cancel)?;
        let found: Routes = match self.read(&reply)? {
            Ok(found) => found,
            Err(refusal) if refusal.code == "NoRoute" => return Ok(None),
            Err(refusal) => return Err(refusal.error),
        };
        let Some(route) = found.routes.into_iter().next() else {
            return Err(self.client.unusable("no route although its code is Ok"));
        };
        let place = |&[lon, lat]: &[f64; 2]| LatLon::new(lat, lon);
        let line: Result<Vec<_>, _> = route.geometry.coordinates.iter().map(place).collect();
        let line = line.map_err(|error| self.client.unusable(error.to_string()))?;
        let steps = route
            .legs
            .iter()
            .flat_map(|leg| &leg.steps)
            .map(OsrmStep::told);
        let steps: Result<Vec<_>, _> = steps.collect();
        let itinerary = Itinerary {
            duration_s: route.duration,
            length_m: route.distance,
            line,
            steps: steps.map_err(|error| self.client.unusable(error.to_string()))?,
        };
        match itinerary.is_sound() {
            true => Ok(Some(itinerary)),
            false => Err(self.client.unusable("durations or lengths below 0")),
        }
    }
}

/// Places as OSRM takes them, to a decimetre.
fn coordinates<'a>(places: impl IntoIterator<Item = &'a LatLon>) -> String {
    let mut text = String::new();
    for place in places {
        let separator = if text.is_empty() { "" } else { ";" };
        let _ = write!(text, "{separator}{:.6},{:.6}", place.lon, place.lat);
    }
    text
}

struct Refusal {
    code: String,
    error: RouterError,
}

#[derive(Deserialize)]
struct State {
    code: String,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Routes {
    routes: Vec<OsrmRoute>,
}

#[derive(Deserialize)]
struct OsrmRoute {
    duration: f64,
    distance: f64,
    geometry: Geometry,
    legs: Vec<Leg>,
}

#[derive(Deserialize)]
struct Geometry {
    coordinates: Vec<[f64; 2]>,
}

#[derive(Deserialize)]
struct Leg {
    steps: Vec<OsrmStep>,
}

#[derive(Deserialize)]
struct OsrmStep {
    duration: f64,
    distance: f64,
    #[serde(default)]
    name: String,
    maneuver: Maneuver,
}

#[derive(Deserialize)]
struct Maneuver {
    r#type: String,
    #[serde(default)]
    modifier: Option<String>,
    #[serde(default)]
    exit: Option<u32>,
    location: [f64; 2],
}

impl OsrmStep {
    fn told(&self) -> Result<Step, InputError> {
        let mut what = self.maneuver.r#type.clone();
        if let Some(exit) = self.maneuver.exit {
            let _ = write!(what, ", exit {exit}");
        } else if let Some(modifier) = &self.maneuver.modifier {
            let _ = write!(what, " {modifier}");
        }
        if !self.name.is_empty() {
            let _ = write!(what, " onto {}", self.name);
        }
        let [lon, lat] = self.maneuver.location;
        Ok(Step {
            what,
            at: LatLon::new(lat, lon)?,
            length_m: self.distance,
            duration_s: self.duration,
        })
    }
}
