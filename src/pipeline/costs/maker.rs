//! Each method of making a tensor.

use super::base_matrix::{Told, distances, legs};
use super::{Known, MadeCosts, Method, Wanted, missing};
use crate::cost::build::{self, Clustering, ProfileSpec};
use crate::cost::factors::{FactorTable, by_factors};
use crate::cost::{CostError, Forecaster, OnRoads, by_roads, learned_factors, road_distances};
use crate::domain::InputError;
use crate::network::{Network, RoadMatrix, SnapOptions, Snapped};
use crate::pipeline::PipelineError;
use crate::routers::Router;
use crate::runtime::{Cancel, Progress};
use crate::speeds::SpeedsOn;

/// Makes a tensor of what is known.
pub(super) struct Maker<'a> {
    pub known: &'a Known<'a>,
    pub wanted: Wanted<'a>,
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
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

    pub(super) fn by_model(&self) -> Result<MadeCosts, PipelineError> {
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
        if self.known.router.is_some() {
            let metres = distances(&self.base()?, places.len());
            tensor = tensor.with_distances(metres).map_err(CostError::from)?;
        } else if self.known.roads.is_some() {
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

    pub(super) fn by_factors(&self) -> Result<MadeCosts, PipelineError> {
        let (forecaster, matrix) = (self.forecaster()?, self.base()?);
        let (places, axis) = (self.wanted.places, self.wanted.axis);
        let clustering = Clustering::default();
        let base = legs(&matrix, places.len());
        let (cancel, progress) = (self.cancel, self.progress);
        let table = learned_factors(
            clustering, places, &base, axis, forecaster, cancel, progress,
        )?;
        let correlation = forecaster.model.parameters().leg_correlation;
        self.multiplied(Method::Factors, &matrix, &table, correlation)
    }

    /// Certain, as nothing is known of how trips scatter about the matrix.
    pub(super) fn by_base(&self) -> Result<MadeCosts, PipelineError> {
        let (matrix, slices) = (self.base()?, self.wanted.axis.slices);
        let ones = || vec![1.0; slices];
        let one_cluster = vec![0; self.wanted.places.len()];
        let table = FactorTable::new(one_cluster, slices, ones(), ones())?;
        self.multiplied(Method::Base, &matrix, &table, 0.0)
    }

    fn multiplied(
        &self,
        method: Method,
        matrix: &RoadMatrix,
        table: &FactorTable,
        correlation: f64,
    ) -> Result<MadeCosts, PipelineError> {
        let base = legs(matrix, self.wanted.places.len());
        let (axis, profiles) = (self.wanted.axis, self.profiles()?);
        let (cancel, progress) = (self.cancel, self.progress);
        let tensor = by_factors(&base, table, axis, &profiles, correlation, cancel, progress)?;
        Ok(MadeCosts {
            tensor,
            method,
            off_roads: Vec::new(),
            far_outside: self.far_outside(),
        })
    }

    pub(super) fn by_roads(&self) -> Result<MadeCosts, PipelineError> {
        let network = self.network()?;
        let speeds = self.known.speeds.ok_or_else(|| missing("--speeds"))?;
        let on_network = SpeedsOn::new(speeds, network)?;
        let (places, matrix) = self.reached(network)?;
        let distance_m = distances(&matrix, places.len());
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

    /// The matrix that factors are multiplied on: the router's, else the network's at free flow.
    fn base(&self) -> Result<RoadMatrix, PipelineError> {
        let Some(router) = self.known.router else {
            return Ok(self.reached(self.network()?)?.1);
        };
        let places = self.wanted.places;
        let matrix = router.matrix(places, places, (self.cancel, self.progress))?;
        let told = Told {
            source: router.address(),
            remedy: "leave these places out, or name a server whose roads they are on",
            names: self.wanted.names,
        };
        told.check_reached(&matrix, places.len())?;
        Ok(matrix)
    }

    /// All places on roads, and the ways between them at free flow.
    fn reached(
        &self,
        network: &Network,
    ) -> Result<(Vec<Option<Snapped>>, RoadMatrix), PipelineError> {
        let on_roads = self.snapped(network);
        let told = Told {
            source: &network.identity(),
            remedy: "leave these places out, or give a network that they are on",
            names: self.wanted.names,
        };
        let off: Vec<usize> = (0..on_roads.len())
            .filter(|&p| on_roads[p].is_none())
            .collect();
        if !off.is_empty() {
            let within = SnapOptions::default().within_m;
            return Err(told
                .lost(&format!("no road within {within} m of"), &off)
                .into());
        }
        let matrix = network.matrix(&on_roads, &on_roads, self.cancel)?;
        told.check_reached(&matrix, on_roads.len())?;
        Ok((on_roads, matrix))
    }
}
