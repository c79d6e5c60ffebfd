//! Durations and lengths between many places on roads.

use super::places::{REQUEST, on_the_map, so_many};
use super::road_networks::{CancelOnDrop, RoadOptions, on_roads, refused};
use super::{App, AppError};
use crate::domain::{InputError, LatLon};
use crate::network::osm::Profile;
pub use crate::network::{DurationMatrix, RoadMatrix};
use crate::network::{Network, NetworkError, SnapOptions, Snapped};
use crate::runtime::Cancel;
use schemars::JsonSchema;
use serde::Serialize;

/// Most sources, and most targets.
pub const MOST_PLACES: usize = 10_000;
/// Most cells of a matrix: 2,500 by 2,500.
pub const MOST_CELLS: usize = 6_250_000;

/// Between which places.
#[derive(Debug, Clone, PartialEq)]
pub enum Between {
    /// All pairs.
    Places(Vec<LatLon>),
    /// From each of the first to each of the second.
    SourcesTargets(Vec<LatLon>, Vec<LatLon>),
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadMatrixQuery {
    /// Who drives, and how places are put on roads.
    pub options: RoadOptions,
    /// Between which places.
    pub between: Between,
    /// Whether lengths are wanted too.
    pub lengths: bool,
}

/// Durations at free flow with turns, with the lengths of those ways if they were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoadCells {
    /// Durations.
    Durations(DurationMatrix),
    /// Durations and lengths.
    WithLengths(RoadMatrix),
}

/// A place that is on no road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OffRoad {
    /// List it is in: `places`, `sources` or `targets`.
    pub list: &'static str,
    /// Its position there, from 0.
    pub index: usize,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadMatrixAnswer {
    /// Whose network it is.
    pub profile: Profile,
    /// Rows by source, columns by target.
    pub cells: RoadCells,
    /// Places that reach nothing and are not reached.
    pub off_road: Vec<OffRoad>,
}

impl App {
    /// Durations between places. The answer is given a form on the thread that computes it.
    pub async fn road_matrix<T: Send + 'static>(
        &self,
        query: RoadMatrixQuery,
        form: impl FnOnce(RoadMatrixAnswer) -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let options = query.options.snapping()?;
        check(&query.between)?;
        let network = self.parts().networks.of(query.options.profile)?;
        let cancel = Cancel::new();
        let _gone = CancelOnDrop(cancel.clone());
        let work = move || answer(&network, &query, &options, &cancel).map(form);
        self.compute("the road matrix", work)
            .await?
            .map_err(refused)
    }
}

/// Checks a question; names the first fault.
fn check(between: &Between) -> Result<(), InputError> {
    let (rows, columns) = match between {
        Between::Places(places) => {
            so_many("places", places.len(), 1..=MOST_PLACES)?;
            on_the_map("places", places)?;
            (places.len(), places.len())
        }
        Between::SourcesTargets(sources, targets) => {
            for (field, places) in [("sources", sources), ("targets", targets)] {
                so_many(field, places.len(), 1..=MOST_PLACES)?;
                on_the_map(field, places)?;
            }
            (sources.len(), targets.len())
        }
    };
    if rows * columns <= MOST_CELLS {
        return Ok(());
    }
    let remedy = format!("ask for parts of at most {MOST_CELLS} pairs, such as 2,500 by 2,500");
    let error = InputError::new(REQUEST, "too many pairs of places", remedy);
    Err(error.value(format!("{rows} by {columns}")))
}

fn answer(
    network: &Network,
    query: &RoadMatrixQuery,
    options: &SnapOptions,
    cancel: &Cancel,
) -> Result<RoadMatrixAnswer, NetworkError> {
    let mut off_road = Vec::new();
    let mut placed = |list: &'static str, places: &[LatLon]| {
        let found = on_roads(network, places, options, cancel)?;
        let missing = found.iter().enumerate().filter(|(_, at)| at.is_none());
        off_road.extend(missing.map(|(index, _)| OffRoad { list, index }));
        Ok::<_, NetworkError>(found)
    };
    let between = |sources: &[Option<Snapped>], targets: &[Option<Snapped>]| match query.lengths {
        true => Ok(RoadCells::WithLengths(
            network.matrix(sources, targets, cancel)?,
        )),
        false => Ok::<_, NetworkError>(RoadCells::Durations(
            network.durations(sources, targets, cancel)?,
        )),
    };
    let cells = match &query.between {
        Between::Places(places) => {
            let places = placed("places", places)?;
            between(&places, &places)?
        }
        Between::SourcesTargets(sources, targets) => {
            let sources = placed("sources", sources)?;
            between(&sources, &placed("targets", targets)?)?
        }
    };
    Ok(RoadMatrixAnswer {
        profile: network.info().profile,
        cells,
        off_road,
    })
}
