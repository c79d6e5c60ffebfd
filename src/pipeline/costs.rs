//! A cost tensor of places by what is known: a travel-time model, a road network or a router that runs
//! as a service, learned speeds.

mod base_matrix;
mod maker;

use super::PipelineError;
use super::road_times::RoadTimes;
use crate::cost::Forecaster;
use crate::cost::tensor::{CostTensor, SliceAxis};
use crate::domain::{InputError, LatLon};
use crate::routers::RouterService;
use crate::runtime::{Cancel, Progress};
use crate::speeds::RoadSpeeds;
use maker::Maker;

/// How a tensor is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By the travel-time model; with a network or a router, distances are those of its quickest ways.
    Model,
    /// The matrix of the router, or of the network at free flow, × the model's factor by clusters of
    /// places and slice.
    Factors,
    /// That matrix alone, the same all day.
    Base,
    /// Every slice routed on the network with learned speeds.
    Roads,
}

impl Method {
    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Factors => "factors",
            Self::Base => "base",
            Self::Roads => "roads",
        }
    }
}

/// What travel times are known by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// A travel-time model, with its network where it was trained with one, and recent trips if there are.
    pub model: Option<Forecaster<'a>>,
    /// A road network.
    pub roads: Option<&'a RoadTimes>,
    /// Speeds of its roads.
    pub speeds: Option<&'a RoadSpeeds>,
    /// A router that runs as a service, whose matrix counts instead of the network's.
    pub router: Option<&'a RouterService>,
}

/// What a tensor is of.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Places, in the order of the tensor.
    pub places: &'a [LatLon],
    /// What errors call them.
    pub names: &'a dyn Fn(usize) -> String,
    /// Slices of the day.
    pub axis: SliceAxis,
    /// Profiles of vehicles.
    pub profiles: &'a [&'a str],
}

/// A tensor with what is to be said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeCosts {
    /// The tensor.
    pub tensor: CostTensor,
    /// How it was made.
    pub method: Method,
    /// Places that are on no road of the network; only the model knows them.
    pub off_roads: Vec<usize>,
    /// Places far outside the trips the model has learned from.
    pub far_outside: Vec<usize>,
}

impl Known<'_> {
    /// The best way that this allows: with a router its matrix, by the model's factors where there is a
    /// model; true routing where speeds are known; the model where it was trained with the network, or
    /// there is none; else factors.
    ///
    /// # Errors
    /// Neither a model nor speeds nor a router.
    pub fn best(&self) -> Result<Method, InputError> {
        if self.router.is_some() {
            let factors = self.model.map(|_| Method::Factors);
            return Ok(factors.unwrap_or(Method::Base));
        }
        match (self.model, self.roads, self.speeds) {
            (_, Some(_), Some(_)) => Ok(Method::Roads),
            (Some(known), Some(_), None) if known.model.road_network().is_none() => {
                Ok(Method::Factors)
            }
            (Some(_), _, None) => Ok(Method::Model),
            (_, None, Some(_)) => Err(missing("--network")),
            (None, _, None) => Err(missing(
                "--models, or --network with --speeds, or --osrm or --valhalla",
            )),
        }
    }

    /// Makes a tensor.
    ///
    /// # Errors
    /// Something that the method needs is not given, a place is on no road or not reached, a
    /// profile that the model does not know; a router that does not answer; cancelled.
    pub fn costs(
        &self,
        method: Method,
        wanted: Wanted<'_>,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<MadeCosts, PipelineError> {
        let maker = Maker {
            known: self,
            wanted,
            cancel,
            progress,
        };
        match method {
            Method::Model => maker.by_model(),
            Method::Factors => maker.by_factors(),
            Method::Base => maker.by_base(),
            Method::Roads => maker.by_roads(),
        }
    }
}

fn missing(what: &str) -> InputError {
    let remedy = format!("give {what}");
    InputError::new("cost tensor", "nothing says how long trips take", remedy)
}
