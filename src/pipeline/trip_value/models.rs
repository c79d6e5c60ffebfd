//! The planner's model and the judge's, fitted on trips that do not overlap.

use super::super::PipelineError;
use super::chains::fit_correlation;
use crate::domain::InputError;
use crate::features::travel::Trips;
use crate::onnx::{OnnxError, Session};
use crate::runtime::{Cancel, Progress};
use crate::travel_time::{self, Parameters, TrainOptions, TravelTimeError, TravelTimeModel};
use chrono::NaiveDate;

/// A table cut in time.
pub(super) struct HeldBack {
    /// Trips that departed before the first day held back.
    pub before: Trips,
    /// Trips of the days held back.
    pub after: Trips,
}

/// Cuts a table at local midnight of `from`, and drops what departed at or after that of `until`. Trips marked `history` stay that; every other mark is
/// replaced, since the cut alone says what may be learned from.
///
/// # Errors
/// No trip before, or none on and after that day.
pub(super) fn hold_back(
    trips: &Trips,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<HeldBack, InputError> {
    let date = |trip: usize| trips.local_depart(trip).date_naive();
    let looked_at = (0..trips.len()).filter(|trip| until.is_none_or(|until| date(*trip) < until));
    let (before, after): (Vec<usize>, Vec<usize>) = looked_at.partition(|trip| date(*trip) < from);
    for (side, problem) in [
        (&before, "no trip before it"),
        (&after, "no trip from it on"),
    ] {
        if side.is_empty() {
            let remedy = "hold days back that lie inside the table";
            return Err(InputError::new(&trips.source, problem, remedy)
                .field("from")
                .value(from));
        }
    }
    let mut before = trips.select(&before);
    if let Some(split) = &mut before.split {
        for mark in split.iter_mut().filter(|mark| *mark != "history") {
            "train".clone_into(mark);
        }
    }
    let mut after = trips.select(&after);
    after.split = None;
    Ok(HeldBack { before, after })
}

/// Share of the trips, last in time, whose chains the correlation of legs is fitted on: those that
/// trainers hold back.
const TAIL_SHARE: f64 = 0.15;

/// A model of the given trips, served by ONNX as every other, with the correlation of legs that the
/// chains among the last of them ask for.
pub(super) fn model_of(
    trips: &Trips,
    version: &str,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<TravelTimeModel, PipelineError> {
    let fitted = travel_time::fit(trips, options, cancel, progress)?;
    let onnx = |e: OnnxError| PipelineError::from(TravelTimeError::from(e));
    let bytes = fitted.model.to_onnx().map_err(onnx)?;
    let model = |parameters: Parameters| {
        let session = Session::from_bytes(version, &bytes).map_err(onnx)?;
        let version = version.to_owned();
        let model = TravelTimeModel::from_parts(session, parameters, version);
        Ok::<_, PipelineError>(match &options.network {
            Some(network) => model.with_network(network.clone()),
            None => model,
        })
    };
    let own = model(fitted.parameters.clone())?;
    let first = trips.len() - (trips.len() as f64 * TAIL_SHARE).round() as usize;
    let tail = trips.select(&(first..trips.len()).collect::<Vec<_>>());
    model(Parameters {
        leg_correlation: fit_correlation(&tail, &own)?,
        ..fitted.parameters
    })
}
