//! One annealing chain: ruin, recreate, accept or undo, cool.

use super::best::Best;
use super::fleet::refit;
use super::metric::Metric;
use super::plan::Plan;
use super::recreate::Recreate;
use super::ruin::Ruin;
use super::{start, tails};
use crate::runtime::Progress;
use crate::solver::search::cooling::Cooling;
use crate::solver::search::limits::Limits;
use rand::Rng;
use rand_pcg::Pcg64Mcg;

/// One iteration in so many changes a vehicle first, if there are several types.
const REFIT_ONE_IN: u32 = 10;

/// Iterations between two looks at the clock.
const LOOK_EVERY: u64 = 32;

/// Iterations between two reports of progress.
const REPORT_EVERY: u64 = 16_384;

/// A plan that is being improved, and the best it has been.
pub(super) struct Chain<'a, M> {
    pub plan: Plan<'a, M>,
    pub best: Best,
    pub iterations: u64,
    start_cost: i64,
    ruin: Ruin,
    recreate: Recreate,
    random: Pcg64Mcg,
}

impl<'a, M: Metric> Chain<'a, M> {
    /// Starts from a plan; what is absent is inserted first.
    pub fn new(mut plan: Plan<'a, M>, mut random: Pcg64Mcg, limits: &Limits) -> Self {
        let mut recreate = Recreate::default();
        start::construct(&mut plan, &mut recreate, limits, &mut random);
        plan.accept();
        Self {
            best: Best::of(&plan),
            start_cost: plan.cost,
            plan,
            iterations: 0,
            ruin: Ruin::default(),
            recreate,
            random,
        }
    }

    /// Goes on until a share of the search is done (1 for all of it) or a limit is reached.
    /// Iterations made before by others count where those are limited.
    pub fn advance(
        &mut self,
        cooling: Cooling,
        limits: &Limits,
        until_share: f64,
        before: u64,
        progress: &Progress,
    ) {
        if self.plan.members().is_empty() {
            return;
        }
        let mut temperature = cooling.hot;
        loop {
            if self.iterations.is_multiple_of(LOOK_EVERY) {
                let made = before + self.iterations;
                let share_done = limits.share_done(made);
                if limits.reached(made) || share_done >= until_share {
                    return;
                }
                temperature = cooling.temperature(share_done);
            }
            self.iterations += 1;
            self.iterate(temperature);
            if self.plan.tables.timed {
                self.exchange_tails(temperature);
            }
            if self.iterations.is_multiple_of(REPORT_EVERY) {
                let total = limits.iterations.unwrap_or(0);
                progress.report(&self.message(), before + self.iterations, total);
            }
        }
    }

    fn message(&self) -> String {
        let gain = 100.0 * (1.0 - self.best.cost as f64 / (self.start_cost as f64).max(1.0));
        let Best { cost, left_out, .. } = &self.best;
        format!("solve: best cost {cost}, {gain:.2} % below the start, {left_out} stops left out")
    }

    fn iterate(&mut self, temperature: f64) {
        let (plan, random) = (&mut self.plan, &mut self.random);
        let accepted = plan.accepted_cost();
        let fitted = plan.tables.types.len() == 1
            || random.random_range(0..REFIT_ONE_IN) != 0
            || refit(plan, random);
        if fitted {
            self.ruin.run(plan, random);
            self.recreate.run(plan, &self.ruin.waiting, random);
        }
        let luck = 1.0 - random.random::<f64>();
        if !fitted || plan.cost as f64 >= accepted as f64 - temperature * luck.ln() {
            plan.reject();
        } else {
            self.accept();
        }
    }

    /// Exchanges tails at a random stop, if the temperature allows what that costs.
    fn exchange_tails(&mut self, temperature: f64) {
        let (plan, random) = (&mut self.plan, &mut self.random);
        let stop = plan.members()[random.random_range(0..plan.members().len())];
        let luck = 1.0 - random.random::<f64>();
        let limit = -temperature * luck.ln();
        let most = plan.accepted_cost() as f64 + limit;
        match tails::exchange(plan, stop, limit) {
            None => {}
            Some(true) if (plan.cost as f64) < most => self.accept(),
            Some(_) => plan.reject(),
        }
    }

    fn accept(&mut self) {
        self.best.note(&self.plan);
        self.plan.accept();
        if self.plan.cost < self.best.cost {
            self.best.update(&self.plan);
        }
    }
}
