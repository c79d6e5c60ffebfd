//! A cost tensor of places by what is known: a travel-time model, a road network, learned speeds.

use super::PipelineError;
use super::road_times::RoadTimes;
use crate::cost::build::{self, Clustering, ProfileSpec};
use crate::cost::factors::{BaseFn, BaseLeg, by_factors};
use crate::cost::tensor::{CostTensor, SliceAxis};
use crate::cost::{CostError, Forecaster, OnRoads, by_roads, learned_factors, road_distances};
use crate::domain::{InputError, LatLon};
use crate::network::{Network, RoadMatrix, SnapOptions, Snapped};
use crate::runtime::{Cancel, Progress};
use crate::speeds::{RoadSpeeds, SpeedsOn};

/// How a tensor is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By the travel-time model; with a network, distances are those of its quickest ways.
    Model,
    /// The network's free-flow matrix × the model's factor by clusters of places and slice.
    Factors,
    /// Every slice routed on the network with learned speeds.
    Roads,
}

impl Method {
    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Factors => "factors",
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
    /// The best way that this allows: true routing where speeds are known; the model where it was
    /// trained with the network, or there is none; else factors.
    ///
    /// # Errors
    /// Neither a model nor speeds.
    pub fn best(&self) -> Result<Method, InputError> {
        match (self.model, self.roads, self.speeds) {
            (_, Some(_), Some(_)) => Ok(Method::Roads),
            (Some(known), Some(_), None) if known.model.road_network().is_none() => {
                Ok(Method::Factors)
            }
            (Some(_), _, None) => Ok(Method::Model),
            (_, None, Some(_)) => Err(missing("--network")),
            (None, _, None) => Err(missing("--models, or --network with --speeds")),
        }
    }

    /// Makes a tensor.
    ///
    /// # Errors
    /// Something that the method needs is not given, a place is on no road or not reached, a
    /// profile that the model does not know; cancelled.
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
            Method::Roads => maker.by_roads(),
        }
    }
}

fn missing(what: &str) -> InputError {
    let remedy = format!("give {what}");
    InputError::new("cost tensor", "nothing says how long trips take", remedy)
}

struct Maker<'a> {
    known: &'a Known<'a>,
    wanted: Wanted<'a>,
    cancel: &'a Cancel,
    progress: &'a Progress,
}

impl Maker<'_> {
    fn forecaster(&self) -> Result<Forecaster<'_>, InputError> {
        self.known.model.ok_or_else(|| missing("--models"))
    }

    fn network(&self) -> Result<&Network, InputError> {
        let roads = self.known.roads.ok_or_else(|| missing("--network"))?;
        Ok(roads.network())
    }

    /// Profiles with the factors that the model has learned; 1 without a model.
    fn profiles(&self) -> Result<Vec<ProfileSpec>, InputError> {
        let spec = |name: &&str| match self.known.model {
            Some(known) => ProfileSpec::learned(name, known.model),
            None => Ok(ProfileSpec {
                name: (*name).to_owned(),
                duration_factor: 1.0,
            }),
        };
        self.wanted.profiles.iter().map(spec).collect()
    }

    fn far_outside(&self) -> Vec<usize> {
        let known = self.known.model;
        known.map_or_else(Vec::new, |known| {
            known.model.far_outside(self.wanted.places)
        })
    }

    fn snapped(&self, network: &Network) -> Vec<Option<Snapped>> {
        let options = SnapOptions::default();
        let places = self.wanted.places.iter();
        places.map(|place| network.snap(*place, &options)).collect()
    }

    fn by_model(&self) -> Result<MadeCosts, PipelineError> {
        let (forecaster, places) = (self.forecaster()?, self.wanted.places);
        let (cancel, progress) = (self.cancel, self.progress);
        let profiles = self.profiles()?;
        let built = build::predicted(
            places,
            self.wanted.axis,
            &profiles,
            forecaster,
            cancel,
            progress,
        )?;
        let (mut tensor, mut off_roads) = (built.tensor, Vec::new());
        if self.known.roads.is_some() {
            let network = self.network()?;
            let on_roads = self.snapped(network);
            off_roads = (0..places.len())
                .filter(|&p| on_roads[p].is_none())
                .collect();
            let detour = forecaster.model.parameters().detour_factor;
            let instead = |from: usize, to: usize| detour * places[from].great_circle_m(places[to]);
            let metres = road_distances(network, &on_roads, instead, cancel)?;
            tensor = tensor.with_distances(metres).map_err(CostError::from)?;
        }
        Ok(MadeCosts {
            tensor,
            method: Method::Model,
            off_roads,
            far_outside: built.far_outside,
        })
    }

    fn by_factors(&self) -> Result<MadeCosts, PipelineError> {
        let (forecaster, network) = (self.forecaster()?, self.network()?);
        let (_, matrix) = self.reached(network)?;
        let leg = |from: usize, to: usize| BaseLeg {
            duration_s: matrix.seconds(from, to).unwrap_or(f64::NAN) as f32,
            distance_m: matrix.metres(from, to).unwrap_or(f64::NAN).round() as u32,
        };
        let base = BaseFn {
            places: self.wanted.places.len(),
            leg,
        };
        let (axis, cancel, progress) = (self.wanted.axis, self.cancel, self.progress);
        let clustering = Clustering::default();
        let places = self.wanted.places;
        let table = learned_factors(
            clustering, places, &base, axis, forecaster, cancel, progress,
        )?;
        let correlation = forecaster.model.parameters().leg_correlation;
        let profiles = self.profiles()?;
        Ok(MadeCosts {
            tensor: by_factors(
                &base,
                &table,
                axis,
                &profiles,
                correlation,
                cancel,
                progress,
            )?,
            method: Method::Factors,
            off_roads: Vec::new(),
            far_outside: self.far_outside(),
        })
    }

    fn by_roads(&self) -> Result<MadeCosts, PipelineError> {
        let network = self.network()?;
        let speeds = self.known.speeds.ok_or_else(|| missing("--speeds"))?;
        let on_network = SpeedsOn::new(speeds, network)?;
        let (places, matrix) = self.reached(network)?;
        let pairs = (0..places.len()).flat_map(|a| (0..places.len()).map(move |b| (a, b)));
        let metres = |(a, b)| matrix.metres(a, b).unwrap_or_default().round() as u32;
        let distance_m: Vec<u32> = pairs
            .map(|(a, b)| if a == b { 0 } else { metres((a, b)) })
            .collect();
        let roads = OnRoads {
            network,
            places: &places,
            durations_ms: &|depart| on_network.durations_ms(depart),
            p90_over_mean: speeds.drive.p90,
            distance_m,
        };
        let (axis, profiles) = (self.wanted.axis, self.profiles()?);
        let correlation = speeds.leg_correlation;
        let tensor = by_roads(
            roads,
            axis,
            &profiles,
            correlation,
            self.cancel,
            self.progress,
        )?;
        Ok(MadeCosts {
            tensor,
            method: Method::Roads,
            off_roads: Vec::new(),
            far_outside: Vec::new(),
        })
    }

    /// All places on roads, and the ways between them at free flow.
    fn reached(
        &self,
        network: &Network,
    ) -> Result<(Vec<Option<Snapped>>, RoadMatrix), PipelineError> {
        let on_roads = self.snapped(network);
        let lost = |why: &str, which: &[usize]| {
            let names: Vec<String> = which
                .iter()
                .take(10)
                .map(|&p| (self.wanted.names)(p))
                .collect();
            let more = which.len().saturating_sub(names.len());
            let rest = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let problem = format!("{why}: {}{rest}", names.join(", "));
            let remedy = "leave these places out, or give a network that they are on";
            InputError::new(network.identity(), problem, remedy).field("places")
        };
        let off: Vec<usize> = (0..on_roads.len())
            .filter(|&p| on_roads[p].is_none())
            .collect();
        if !off.is_empty() {
            let within = SnapOptions::default().within_m;
            return Err(lost(&format!("no road within {within} m of"), &off).into());
        }
        let matrix = network.matrix(&on_roads, &on_roads, self.cancel)?;
        let places = on_roads.len();
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
            true => Ok((on_roads, matrix)),
            false => Err(lost("not reached from, or not reaching, other places", &cut).into()),
        }
    }
}
