//! Plans that survive by cost and by how much they differ from others (Vidal, Crainic, Gendreau,
//! Lahrichi & Rei 2012).

use super::individual::Individual;
use super::penalties::Penalties;
use rand::Rng;

/// Plans of each kind, feasible and not, that survive, and how many more there may be before the
/// worst go.
pub(super) const SURVIVORS: usize = 25;
const OFFSPRING: usize = 40;

/// Plans that are kept for their cost alone.
const ELITE: f64 = 4.0;

/// Nearest plans that the difference of a plan is measured by.
const CLOSE: usize = 5;

/// One plan with its place in the population.
struct Member {
    id: u64,
    plan: Individual,
    cost: i64,
    /// Distances to all others of its kind and their ids, nearest first.
    others: Vec<(f64, u64)>,
}

/// All feasible or all infeasible plans, cheapest first.
#[derive(Default)]
pub(super) struct Kind {
    members: Vec<Member>,
    /// Rank by cost and difference, by member; the smaller the better.
    fitness: Vec<f64>,
}

impl Kind {
    fn add(&mut self, id: u64, plan: Individual, cost: i64) {
        let mut others: Vec<(f64, u64)> = Vec::with_capacity(SURVIVORS + OFFSPRING + 1);
        for member in &mut self.members {
            let distance = member.plan.distance(&plan);
            insert(&mut member.others, (distance, id));
            insert(&mut others, (distance, member.id));
        }
        let place = self.members.partition_point(|member| member.cost <= cost);
        let member = Member {
            id,
            plan,
            cost,
            others,
        };
        self.members.insert(place, member);
        if self.members.len() > SURVIVORS + OFFSPRING {
            while self.members.len() > SURVIVORS {
                self.remove_worst();
            }
        }
        self.rate();
    }

    /// Ranks members by cost and by difference.
    fn rate(&mut self) {
        let size = self.members.len();
        let mut by_difference: Vec<(f64, usize)> = self
            .members
            .iter()
            .enumerate()
            .map(|(rank, member)| (-member.difference(), rank))
            .collect();
        by_difference.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.fitness.clear();
        self.fitness.resize(size, 0.0);
        let weight = (1.0 - ELITE / size as f64).max(0.0);
        for (place, &(_, rank)) in by_difference.iter().enumerate() {
            self.fitness[rank] = rank as f64 + weight * place as f64;
        }
    }

    /// Removes the worst copy of another plan, or else the worst; never the cheapest.
    fn remove_worst(&mut self) {
        self.rate();
        let key = |rank: usize| {
            let copy = self.members[rank]
                .others
                .first()
                .is_some_and(|o| o.0 < 1e-9);
            (copy, self.fitness[rank])
        };
        let by_key = |a: &usize, b: &usize| {
            let (a, b) = (key(*a), key(*b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        };
        if let Some(worst) = (1..self.members.len()).max_by(by_key) {
            let gone = self.members.remove(worst).id;
            for member in &mut self.members {
                member.others.retain(|(_, id)| *id != gone);
            }
        }
    }

    /// Prices plans anew.
    fn reprice(&mut self, penalties: &Penalties) {
        for member in &mut self.members {
            member.cost = member.plan.penalised(penalties);
        }
        self.members.sort_by_key(|member| (member.cost, member.id));
        self.rate();
    }
}

impl Member {
    /// Mean distance to the nearest others.
    fn difference(&self) -> f64 {
        let near = self.others.iter().take(CLOSE);
        near.map(|(distance, _)| distance).sum::<f64>() / self.others.len().clamp(1, CLOSE) as f64
    }
}

fn insert(others: &mut Vec<(f64, u64)>, other: (f64, u64)) {
    let place = others.partition_point(|o| o.0 <= other.0);
    others.insert(place, other);
}

/// All plans.
#[derive(Default)]
pub(super) struct Population {
    feasible: Kind,
    infeasible: Kind,
    added: u64,
}

impl Population {
    /// Adds a plan; the worst of its kind may go.
    pub fn add(&mut self, plan: Individual, penalties: &Penalties) {
        self.added += 1;
        let cost = plan.penalised(penalties);
        let kind = if plan.is_feasible() {
            &mut self.feasible
        } else {
            &mut self.infeasible
        };
        kind.add(self.added, plan, cost);
    }

    /// Prices infeasible plans anew.
    pub fn reprice(&mut self, penalties: &Penalties) {
        self.infeasible.reprice(penalties);
    }

    /// Two parents, each the fitter of two random plans, different if chance allows.
    pub fn parents(&self, random: &mut impl Rng) -> Option<(&Individual, &Individual)> {
        let first = self.tournament(random)?;
        let mut second = self.tournament(random)?;
        for _ in 0..10 {
            if second != first {
                break;
            }
            second = self.tournament(random)?;
        }
        Some((first, second))
    }

    fn tournament(&self, random: &mut impl Rng) -> Option<&Individual> {
        let feasible = self.feasible.members.len();
        let size = feasible + self.infeasible.members.len();
        if size == 0 {
            return None;
        }
        let mut draw = || {
            let rank = random.random_range(0..size);
            let (kind, rank) = match rank.checked_sub(feasible) {
                None => (&self.feasible, rank),
                Some(rank) => (&self.infeasible, rank),
            };
            (kind.fitness[rank], &kind.members[rank].plan)
        };
        let (one, other) = (draw(), draw());
        Some(if one.0 <= other.0 { one.1 } else { other.1 })
    }

    /// The least broken plan, for want of a feasible one.
    pub fn least_broken(&self) -> Option<&Individual> {
        self.infeasible.members.first().map(|member| &member.plan)
    }

    /// Numbers of infeasible and feasible plans.
    #[cfg(test)]
    pub fn sizes(&self) -> [usize; 2] {
        [&self.infeasible, &self.feasible].map(|kind| kind.members.len())
    }

    /// Least cost of each.
    #[cfg(test)]
    pub fn least_costs(&self) -> [i64; 2] {
        let least = |kind: &Kind| kind.members.first().map_or(i64::MAX, |member| member.cost);
        [least(&self.infeasible), least(&self.feasible)]
    }
}
