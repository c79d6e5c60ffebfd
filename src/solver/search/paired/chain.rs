//! The second phase: ruin, recreate, accept or undo, cool.

use super::best::Best;
use super::plan::Plan;
use super::recreate::Recreate;
use super::ruin::Ruin;
use crate::runtime::Progress;
use crate::solver::search::cooling::Cooling;
use crate::solver::search::limits::Limits;
use rand::Rng;
use rand_pcg::Pcg64Mcg;

/// Iterations between two looks at the clock.
const LOOK_EVERY: u64 = 16;

/// Iterations between two reports of progress.
const REPORT_EVERY: u64 = 8_192;

/// A plan that is being improved, and the best it has been.
pub(super) struct Chain<'a> {
    pub plan: Plan<'a>,
    pub best: Best,
    /// Iterations made, those of the first phase among them.
    pub iterations: u64,
    start_cost: i64,
    /// Best cost of searches before this one.
    known: i64,
    ruin: Ruin,
    recreate: Recreate,
    pub random: Pcg64Mcg,
}

impl<'a> Chain<'a> {
    /// Starts from an accepted plan after a number of iterations.
    pub fn new(plan: Plan<'a>, random: Pcg64Mcg, iterations: u64, known: i64) -> Self {
        Self {
            best: Best::of(&plan),
            start_cost: plan.cost,
            known,
            plan,
            iterations,
            ruin: Ruin::default(),
            recreate: Recreate::default(),
            random,
        }
    }

    /// Goes on until a limit is reached, cooling over what is left of the search.
    pub fn run(&mut self, cooling: Cooling, limits: &Limits, progress: &Progress) {
        let done = limits.share_done(self.iterations).min(1.0);
        let mut temperature = cooling.hot;
        let mut look = 0;
        loop {
            if look == 0 {
                look = LOOK_EVERY;
                if limits.reached(self.iterations) {
                    return;
                }
                let share = (limits.share_done(self.iterations) - done) / (1.0 - done).max(1e-9);
                temperature = cooling.temperature(share);
            } else if limits.iterations == Some(self.iterations) {
                return;
            }
            look -= 1;
            self.iterations += 1;
            self.iterate(temperature);
            if self.iterations.is_multiple_of(REPORT_EVERY) {
                let total = limits.iterations.unwrap_or(0);
                progress.report(&self.message(), self.iterations, total);
            }
        }
    }

    fn message(&self) -> String {
        let cost = self.best.cost.min(self.known);
        let gain = 100.0 * (1.0 - cost as f64 / (self.start_cost as f64).max(1.0));
        let left_out = self.best.left_out;
        format!(
            "solve: best cost {cost}, {gain:.2} % below the start, {left_out} shipments left out"
        )
    }

    fn iterate(&mut self, temperature: f64) {
        let (plan, random) = (&mut self.plan, &mut self.random);
        self.ruin.run(plan, random);
        self.recreate.run(plan, &self.ruin.waiting, random);
        let luck = 1.0 - random.random::<f64>();
        if (plan.cost - plan.accepted_cost()) as f64 >= -temperature * luck.ln() {
            plan.reject();
            return;
        }
        self.best.note(plan);
        plan.accept();
        if plan.cost < self.best.cost {
            self.best.update(plan);
        }
    }
}
