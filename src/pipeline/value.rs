//! What the forecast is worth: one day planned four times with different knowledge, by the same solver in
//! the same time, and played against what really happened.

use super::PipelineError;
use super::expected_stops::{Expectation, with_expected};
use super::plan::{MadePlan, PlanOrder, name_of, plan_on, predicted_costs, profile_names};
use super::service_times;
use crate::cost::build::{self, ProfileSpec};
use crate::cost::tensor::{CostTensor, SliceAxis};
use crate::cost::{CostError, Forecaster};
use crate::domain::fleet::Fleet;
use crate::domain::plan::PlanBasis;
use crate::domain::stop::{ServiceTimes, Stop};
use crate::domain::value_of_forecast::{BasisResult, DayValue};
use crate::features::sites::SiteHabits;
use crate::features::travel::Conditions;
use crate::planning::{self, Caution, SearchSettings};
use crate::runtime::{Cancel, Progress};
use crate::service_time::ServiceTimeModel;
use crate::simulation::{DayTruth, PlayOptions, PlayedDay, TravelTruth, play_in_detail};
use crate::travel_time::TravelTimeModel;
use crate::travel_time::live::LiveTraffic;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A day with everything that is known before and after it.
pub struct DayToValue<'a> {
    /// The day.
    pub date: NaiveDate,
    /// The depots' time zone.
    pub time_zone: Tz,
    /// Vehicles and depots.
    pub fleet: &'a Fleet,
    /// Habits of the sites before the day.
    pub habits: &'a [SiteHabits],
    /// What the forecast expects of sites that have not ordered.
    pub forecast: Expectation,
    /// Cost of not serving an order, for stops that are only expected.
    pub penalty: f64,
    /// What was really ordered; its known part is what planners see.
    pub orders: &'a DayTruth,
    /// How long trips really took.
    pub travel: &'a dyn TravelTruth,
    /// The model behind predicted and static costs.
    pub model: &'a TravelTimeModel,
    /// What recent trips say of its forecasts when the plans are made; static costs are averages of
    /// the model alone.
    pub live: Option<&'a LiveTraffic>,
    /// Model of service times behind predicted plans, and which of them it knows; without one they are
    /// what orders state and habits are.
    pub service: Option<(&'a ServiceTimeModel, ServiceTimes)>,
    /// Models behind the stops, as `name/version`.
    pub other_models: Vec<String>,
    /// When the plans are made.
    pub created_at: DateTime<Utc>,
    /// How to search; the same for all bases.
    pub search: SearchSettings,
    /// How a cautious search prices a slow day; its price of lateness is the one below.
    pub caution: Caution,
    /// What a minute of lateness at a stop costs, in currency units.
    pub late_cost_per_min: f64,
}

/// What a day is planned with, in the order of the results.
pub const BASES: [PlanBasis; 4] = [
    PlanBasis::Static,
    PlanBasis::Predicted,
    PlanBasis::Cautious,
    PlanBasis::Perfect,
];

/// A plan and how its day went.
#[derive(Debug, Clone)]
pub struct PlayedPlan {
    /// The plan with its tensor.
    pub made: MadePlan,
    /// The day as played.
    pub played: PlayedDay,
}

impl DayToValue<'_> {
    /// Plans the day on one basis and plays it.
    pub fn plan_and_play(
        &self,
        basis: PlanBasis,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<PlayedPlan, PipelineError> {
        let made = self.plan(basis, cancel, progress)?;
        self.play(made, self.travel)
    }

    /// Plans the day on one basis; perfect knowledge foresees what trips really take.
    pub fn plan(
        &self,
        basis: PlanBasis,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<MadePlan, PipelineError> {
        let order = self.order(basis)?;
        let costs = self.costs(&order, cancel, progress)?;
        self.plan_order(order, costs, cancel, progress)
    }

    /// Plans the day with perfect knowledge of what is `foreseen`; as far as that is uncertain,
    /// lateness is priced.
    pub fn plan_foreseeing(
        &self,
        foreseen: CostTensor,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<MadePlan, PipelineError> {
        self.plan_order(self.order(PlanBasis::Perfect)?, foreseen, cancel, progress)
    }

    /// Plays a plan of the day.
    pub fn play(
        &self,
        made: MadePlan,
        travel: &dyn TravelTruth,
    ) -> Result<PlayedPlan, PipelineError> {
        let options = PlayOptions::default();
        let played = play_in_detail(&made.plan, self.orders, travel, &options)?;
        Ok(PlayedPlan { made, played })
    }

    fn order(&self, basis: PlanBasis) -> Result<PlanOrder, PipelineError> {
        let (stops, fleet) = self.stops_and_fleet(basis)?;
        Ok(PlanOrder {
            date: self.date,
            time_zone: self.time_zone,
            fleet,
            stops,
            basis,
            models: PathBuf::new(),
            roads: None,
            speeds: None,
            router: None,
            conditions: Conditions::default(),
            recent: None,
            other_models: Vec::new(),
            created_at: self.created_at,
            search: self.search,
            caution: Caution {
                late_cost_per_min: self.late_cost_per_min,
                ..self.caution.learned(self.model.parameters().spread_factor)
            },
        })
    }

    fn plan_order(
        &self,
        order: PlanOrder,
        costs: CostTensor,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<MadePlan, PipelineError> {
        let models = match order.basis {
            PlanBasis::Perfect => Vec::new(),
            PlanBasis::Static => vec![name_of(self.model)],
            PlanBasis::Predicted | PlanBasis::Cautious => {
                let own = std::iter::once(name_of(self.model));
                let service = self
                    .service
                    .iter()
                    .map(|(model, _)| service_times::name_of(model));
                let others = self.other_models.iter().cloned();
                own.chain(others).chain(service).collect()
            }
        };
        plan_on(order, costs, models, cancel, progress)
    }

    /// The stops and vehicles that a planner with this knowledge plans with.
    fn stops_and_fleet(&self, basis: PlanBasis) -> Result<(Vec<Stop>, Fleet), PipelineError> {
        let (mut stops, mut fleet) = (self.stops(basis), self.fleet.clone());
        match (basis, self.service) {
            (PlanBasis::Predicted | PlanBasis::Cautious, Some((model, from))) => {
                service_times::apply(model, from, &BTreeSet::new(), &mut stops, &mut fleet)?;
            }
            (PlanBasis::Perfect, _) => {
                for vehicle in &mut fleet.vehicles {
                    let truth = self.orders.service_factors.get(&vehicle.id).copied();
                    vehicle.service_factor = truth.or(vehicle.service_factor);
                }
            }
            _ => {}
        }
        Ok((stops, fleet))
    }

    /// The stops that a planner with this knowledge plans for.
    fn stops(&self, basis: PlanBasis) -> Vec<Stop> {
        let expectation = match basis {
            PlanBasis::Perfect => return self.orders.all_stops(),
            PlanBasis::Static => &Expectation::Average,
            PlanBasis::Predicted | PlanBasis::Cautious => &self.forecast,
        };
        let known = self.orders.known_stops();
        with_expected(
            known,
            self.habits,
            expectation,
            self.penalty,
            self.date,
            self.time_zone,
        )
    }

    fn costs(
        &self,
        order: &PlanOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<CostTensor, PipelineError> {
        match order.basis {
            PlanBasis::Predicted | PlanBasis::Cautious => {
                let (model, live) = (self.model, self.live);
                predicted_costs(order, Forecaster { model, live }, cancel, progress)
            }
            PlanBasis::Static => {
                let predicted = predicted_costs(order, self.model, cancel, progress)?;
                Ok(build::average(&predicted)?)
            }
            PlanBasis::Perfect => self.true_costs(order, cancel, progress),
        }
    }

    /// The tensor of what trips really take.
    fn true_costs(
        &self,
        order: &PlanOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<CostTensor, PipelineError> {
        let axis = SliceAxis::for_day(self.date, self.time_zone, super::plan::SLICE_S)
            .map_err(CostError::from)?;
        let places = planning::places(&order.fleet, &order.stops);
        let names: Vec<&str> = profile_names(&order.fleet).into_iter().collect();
        let specs: Vec<ProfileSpec> = names
            .iter()
            .map(|name| ProfileSpec {
                name: (*name).to_owned(),
                duration_factor: 1.0,
            })
            .collect();
        let duration = |profile: usize, from: usize, to: usize, depart: DateTime<Utc>| {
            self.travel
                .duration_s(places[from], places[to], depart, names[profile])
        };
        let distance = |from: usize, to: usize| {
            let noon = axis.instant(axis.slices as i64 / 2 * i64::from(axis.slice_s));
            self.travel
                .distance_m(places[from], places[to], noon, names[0])
        };
        let tensor = build::from_function(
            places.len(),
            axis,
            &specs,
            duration,
            distance,
            cancel,
            progress,
        )?;
        Ok(tensor)
    }

    /// The figures of one played plan.
    pub fn result(&self, played: &PlayedPlan) -> BasisResult {
        let record = &played.played.record;
        let events = || record.routes.iter().flat_map(|r| &r.events);
        let late_s: u64 = events().map(|e| u64::from(e.late_s)).sum();
        BasisResult {
            basis: played.made.plan.basis,
            planned_cost: played.made.plan.cost.total(),
            realised: record.cost,
            late_cost: late_s as f64 / 60.0 * self.late_cost_per_min,
            late_stops: events().filter(|e| e.late_s > 0).count() as u32,
            late_s,
            unserved_stops: played.played.unserved.len() as u32,
            overtime_s: record.routes.iter().map(|r| r.overtime_s).sum(),
            distance_m: record.routes.iter().map(|r| r.distance_m).sum(),
        }
    }

    /// Plans and plays the day on all four bases.
    pub fn value(
        &self,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<(DayValue, Vec<PlayedPlan>), PipelineError> {
        let mut played = Vec::with_capacity(BASES.len());
        for basis in BASES {
            cancel.check()?;
            played.push(self.plan_and_play(basis, cancel, progress)?);
        }
        let results = played.iter().map(|p| self.result(p)).collect();
        Ok((
            DayValue {
                date: self.date,
                results,
            },
            played,
        ))
    }
}
