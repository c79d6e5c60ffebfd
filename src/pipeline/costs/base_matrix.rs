//! The matrix that a tensor is made on, every place of which reaches all others.

use crate::cost::factors::{BaseFn, BaseLeg};
use crate::domain::InputError;
use crate::network::RoadMatrix;

/// Places named in one message at most.
const NAMED: usize = 10;

/// Who knows the roads, and what errors call the places.
pub(super) struct Told<'a> {
    pub source: &'a str,
    pub remedy: &'a str,
    pub names: &'a dyn Fn(usize) -> String,
}

impl Told<'_> {
    /// That something is wrong with places.
    pub(super) fn lost(&self, why: &str, which: &[usize]) -> InputError {
        let names: Vec<String> = which.iter().take(NAMED).map(|&p| (self.names)(p)).collect();
        let more = which.len().saturating_sub(names.len());
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let problem = format!("{why}: {}{rest}", names.join(", "));
        InputError::new(self.source, problem, self.remedy).field("places")
    }

    /// Refuses a matrix between so many places with pairs that have no way; names the places at fault.
    pub(super) fn check_reached(
        &self,
        matrix: &RoadMatrix,
        places: usize,
    ) -> Result<(), InputError> {
        let unreached = |from: usize, to: usize| from != to && matrix.seconds(from, to).is_none();
        let cut_off = |place: &usize| {
            let others = (0..places).filter(|&o| unreached(*place, o) || unreached(o, *place));
            2 * others.count() > places
        };
        let mut cut: Vec<usize> = (0..places).filter(cut_off).collect();
        if cut.is_empty() {
            let some = |p: &usize| (0..places).any(|o| unreached(*p, o));
            cut = (0..places).filter(some).collect();
        }
        match cut.is_empty() {
            true => Ok(()),
            false => Err(self.lost("not reached from, or not reaching, other places", &cut)),
        }
    }
}

/// A matrix all of whose pairs have a way, as the base of factors.
pub(super) fn legs(matrix: &RoadMatrix, places: usize) -> BaseFn<impl Fn(usize, usize) -> BaseLeg> {
    let leg = |from: usize, to: usize| BaseLeg {
        duration_s: matrix.seconds(from, to).unwrap_or(f64::NAN) as f32,
        distance_m: matrix.metres(from, to).unwrap_or(f64::NAN).round() as u32,
    };
    BaseFn { places, leg }
}

/// Whole metres of all pairs, row by row.
pub(super) fn distances(matrix: &RoadMatrix, places: usize) -> Vec<u32> {
    let pairs = (0..places).flat_map(|a| (0..places).map(move |b| (a, b)));
    let metres = |(a, b)| matrix.metres(a, b).unwrap_or_default().round() as u32;
    pairs
        .map(|(a, b)| if a == b { 0 } else { metres((a, b)) })
        .collect()
}
