//! Ways by other durations than those at free flow, such as those of a time of day.

use super::error::NetworkError;
use super::hierarchy::{Climber, DurationAndLength, Metric};
use super::matrix::RoadMatrix;
use super::measure::{Measure, WithLengths};
use super::routable::Network;
use super::route::Route;
use super::snap::Snapped;
use crate::runtime::Cancel;
use rayon::prelude::*;

/// Pairs that one thread answers in a row.
const TOGETHER: usize = 512;

/// A network on which driving along each edge takes as long as is said.
#[derive(Debug)]
pub struct Timed<'a> {
    network: &'a Network,
    duration_ms: Vec<u32>,
    metric: Metric<DurationAndLength>,
}

impl Network {
    /// The network with a duration in milliseconds for every edge; turns cost what they always do.
    ///
    /// # Errors
    /// Another number of durations than of edges.
    pub fn timed(&self, duration_ms: Vec<u32>) -> Result<Timed<'_>, NetworkError> {
        self.check_durations(&duration_ms)?;
        let measure = WithLengths {
            duration_ms: &duration_ms,
            graph: &self.graph,
            turns: &self.turns,
        };
        let weights = measure.weights(&self.turns);
        let metric = self.metric.hierarchy().customize(&weights)?;
        Ok(Timed {
            network: self,
            duration_ms,
            metric,
        })
    }
}

impl Timed<'_> {
    /// The quickest way; `None` if there is none.
    ///
    /// # Errors
    /// A place of another network.
    pub fn route(&self, from: &Snapped, to: &Snapped) -> Result<Option<Route>, NetworkError> {
        self.route_with(from, to, &mut self.metric.climber())
    }

    /// The quickest ways of pairs of `places`, given by their positions; `None` where a place is on
    /// no road, or no way leads.
    ///
    /// # Errors
    /// Cancelled.
    pub fn routes(
        &self,
        places: &[Option<Snapped>],
        pairs: &[(usize, usize)],
        cancel: &Cancel,
    ) -> Result<Vec<Option<Route>>, NetworkError> {
        let some = |pairs: &[(usize, usize)]| {
            cancel.check()?;
            let mut climber = self.metric.climber();
            let route = |&(from, to): &(usize, usize)| match (&places[from], &places[to]) {
                (Some(from), Some(to)) => self.route_with(from, to, &mut climber),
                _ => Ok(None),
            };
            pairs.iter().map(route).collect::<Result<Vec<_>, _>>()
        };
        let all: Result<Vec<_>, NetworkError> = pairs.par_chunks(TOGETHER).map(some).collect();
        Ok(all?.into_iter().flatten().collect())
    }

    /// Durations and lengths of the quickest ways. A place that is on no road reaches nothing.
    ///
    /// # Errors
    /// Cancelled.
    pub fn matrix(
        &self,
        sources: &[Option<Snapped>],
        targets: &[Option<Snapped>],
        cancel: &Cancel,
    ) -> Result<RoadMatrix, NetworkError> {
        let (network, both) = (self.network, (sources, targets));
        network.matrix_by(&self.metric, &self.measure(), both, cancel)
    }

    fn measure(&self) -> WithLengths<'_> {
        WithLengths {
            duration_ms: &self.duration_ms,
            graph: &self.network.graph,
            turns: &self.network.turns,
        }
    }

    fn route_with(
        &self,
        from: &Snapped,
        to: &Snapped,
        climber: &mut Climber<DurationAndLength>,
    ) -> Result<Option<Route>, NetworkError> {
        let network = self.network;
        let best = network.quickest(&self.metric, &self.measure(), (from, to), climber)?;
        Ok(best.map(|(weight, edges)| network.route_along(edges, weight, from, to)))
    }
}
