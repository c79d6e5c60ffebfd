//! The first phase: fewer vehicles by guided ejection search (Nagata & Kobayashi 2010).
//!
//! A route is dissolved; its requests wait in a pool. The last of the pool goes wherever it fits;
//! if nowhere, it counts as harder by one, and the easiest requests that make room for it go to the
//! pool instead, after which the plan is shaken. An empty pool is one vehicle less.

use super::ejection::Ejection;
use super::perturb::Perturb;
use super::places::{Place, Places};
use super::plan::Plan;
use crate::runtime::Progress;
use crate::solver::search::limits::Limits;
use rand::Rng;
use rand::seq::SliceRandom;

/// Share of the search after which this phase ends.
const SHARE: f64 = 0.5;

/// Share of the search without success after which it ends.
const PATIENCE: f64 = 0.35;

/// Moves that shake the plan after an ejection.
const SHAKES: usize = 200;

/// Steps between two reports of progress.
const REPORT_EVERY: u64 = 2_000;

/// Serves what is absent, and where vehicles come first, dissolves as many routes as it can. Gives
/// the number of steps made.
pub(super) fn reduce(
    plan: &mut Plan,
    limits: &Limits,
    progress: &Progress,
    random: &mut impl Rng,
) -> u64 {
    if plan.tables.optional {
        return 0;
    }
    let mut fleet = Fleet::new(plan, limits, progress);
    let servable = |&request: &u32| {
        (0..plan.tables.types.len()).any(|t| plan.tables.solo(t, request).is_some())
    };
    fleet.pool = plan.absent.iter().copied().filter(servable).collect();
    if !fleet.pool.is_empty() && !fleet.empty_pool(plan, random) {
        return fleet.steps;
    }
    if plan.tables.problem.rules().objective.vehicles_first {
        while plan.vehicles() > 1 && fleet.dissolve_one(plan, random) {}
    }
    fleet.steps
}

/// The state of the search for fewer vehicles.
struct Fleet<'a> {
    limits: &'a Limits<'a>,
    progress: &'a Progress,
    /// Requests that wait for a place, the next one last.
    pool: Vec<u32>,
    /// By request: how often it was hard to place.
    hardness: Vec<u32>,
    ejection: Ejection,
    perturb: Perturb,
    places: Places,
    steps: u64,
    /// Share of the search at the last success.
    succeeded_at: f64,
}

impl<'a> Fleet<'a> {
    fn new(plan: &Plan, limits: &'a Limits<'a>, progress: &'a Progress) -> Self {
        Self {
            limits,
            progress,
            pool: Vec::new(),
            hardness: vec![1; plan.tables.requests.len()],
            ejection: Ejection::default(),
            perturb: Perturb::default(),
            places: Places::default(),
            steps: 0,
            succeeded_at: 0.0,
        }
    }

    fn must_end(&self) -> bool {
        let share = self.limits.share_done(self.steps);
        share >= SHARE.min(self.succeeded_at + PATIENCE) || self.limits.reached(self.steps)
    }

    /// Does without one route; otherwise leaves the plan as it was.
    fn dissolve_one(&mut self, plan: &mut Plan, random: &mut impl Rng) -> bool {
        let routes: Vec<u32> = plan.in_use().collect();
        let Some(&route) = routes.get(random.random_range(0..routes.len().max(1))) else {
            return false;
        };
        let known = plan.absent.len();
        plan.close(route);
        self.pool = plan.absent[known..].to_vec();
        self.pool.shuffle(random);
        self.hardness.fill(1);
        self.empty_pool(plan, random)
    }

    /// Finds places for the whole pool, or undoes everything if a limit comes first.
    fn empty_pool(&mut self, plan: &mut Plan, random: &mut impl Rng) -> bool {
        while let Some(request) = self.pool.pop() {
            if self.must_end() {
                plan.reject();
                return false;
            }
            self.steps += 1;
            self.step(plan, request, random);
            if self.steps.is_multiple_of(REPORT_EVERY) {
                let message = format!("solve: dissolving one of {} routes", plan.vehicles() + 1);
                let total = self.limits.iterations.unwrap_or(0);
                self.progress.report(&message, self.steps, total);
            }
        }
        plan.accept();
        self.succeeded_at = self.limits.share_done(self.steps);
        true
    }

    /// Finds a place for a request of the pool, if need be that of others.
    fn step(&mut self, plan: &mut Plan, request: u32, random: &mut impl Rng) {
        if let Some((route, place)) = self.any_place(plan, request, random) {
            plan.insert(request, route, place);
            plan.settle_absent();
            return;
        }
        self.hardness[request as usize] += 1;
        match self.ejection.find(plan, request, &self.hardness, random) {
            Some(found) => {
                let known = plan.absent.len();
                plan.take(found.route, self.ejection.ejected());
                let gone = plan.absent.len();
                plan.insert(request, found.route, found.place);
                self.pool.extend_from_slice(&plan.absent[known..gone]);
                plan.settle_absent();
            }
            // Nobody can make room for it as things are.
            None => self.pool.insert(0, request),
        }
        let known = plan.absent.len();
        for _ in 0..SHAKES {
            self.perturb.shake(plan, random);
        }
        self.pool.extend_from_slice(&plan.absent[known..]);
    }

    /// A random one of all places where a request fits.
    fn any_place(
        &mut self,
        plan: &Plan,
        request: u32,
        random: &mut impl Rng,
    ) -> Option<(u32, Place)> {
        let (mut seen, mut chosen) = (0_u32, None);
        for route in plan.in_use() {
            if !plan.accepts(route, request) {
                continue;
            }
            let ends = plan.tables.requests[request as usize];
            let this = &plan.routes[route as usize];
            self.places
                .scan(plan.tables, this, ends, i32::MAX, |place| {
                    seen += 1;
                    if random.random_range(0..seen) == 0 {
                        chosen = Some((route, place));
                    }
                    i32::MAX
                });
        }
        chosen
    }
}
