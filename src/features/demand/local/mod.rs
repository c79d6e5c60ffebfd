//! What simple models of one series alone expect of its next steps.
//!
//! In: a series up to an origin. Out: [`Local`] forecasts by family of models and combined, with the
//! error the combination made before. All models run along the series once, in step; at every origin
//! they count by the errors they have made up to then, so that nothing needs to be fitted or stored:
//! a forecast follows from the values up to its origin alone (prediction with expert advice,
//! Cesa-Bianchi and Lugosi 2006). [`filters`] holds the models.
//! Never does: looking behind the origin.

mod filters;

use super::history::History;
use super::spec::DemandSpec;
use filters::{Additive, Filter, Intermittent, Level, Phases, Product, Rates};

/// Families of models, in the order of [`Local::families`].
pub const FAMILIES: [&str; 4] = ["level", "phase", "additive", "product"];

/// How much more a model counts that errs less: weights are errors to the power of minus this.
const SHARPNESS: i32 = 6;

/// Seasons after which an error has faded to a third.
const SEASONS_REMEMBERED: f64 = 8.0;

/// Likewise, steps at least.
const STEPS_REMEMBERED: f64 = 40.0;

/// What models of one series say about a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// By family; NaN where none of it says anything.
    pub families: [f64; FAMILIES.len()],
    /// All models together.
    pub combined: f64,
    /// Mean absolute error of all together before the origin, some steps ahead; NaN before there
    /// was any.
    pub error: f64,
}

impl Local {
    /// Nothing is known.
    pub const NOTHING: Self = Self {
        families: [f64::NAN; FAMILIES.len()],
        combined: f64::NAN,
        error: f64::NAN,
    };
}

/// Forecasts for pairs of origin and target, each from the values up to its origin, in the order
/// of the pairs.
pub fn forecasts(history: &History<'_>, spec: &DemandSpec, pairs: &[(i64, i64)]) -> Vec<Local> {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by_key(|&k| pairs[k].0);
    let mut found = vec![Local::NOTHING; pairs.len()];
    let mut bank = Bank::new(spec);
    let mut next = history.start();
    for k in order {
        let (origin, target) = pairs[k];
        while next <= origin {
            bank.learn(next, f64::from(history.open_value(next)));
            next += 1;
        }
        found[k] = bank.expect(target);
    }
    found
}

/// A model with its record.
#[derive(Debug, Clone)]
struct Member {
    filter: Filter,
    family: usize,
    record: Record,
}

/// How well forecasts some steps ahead did.
#[derive(Debug, Clone)]
struct Record {
    /// Those not judged yet, by step modulo the lead.
    pending: Vec<f64>,
    loss: f64,
    weight: f64,
}

impl Record {
    fn new(lead: usize) -> Self {
        Self {
            pending: vec![f64::NAN; lead],
            loss: 0.0,
            weight: 0.0,
        }
    }

    /// Judges the forecast that was made for a step.
    fn judge(&mut self, slot: usize, value: f64, fading: f64) {
        let error = (value - self.pending[slot]).abs();
        if error.is_finite() {
            self.loss = fading * self.loss + error;
            self.weight = fading * self.weight + 1.0;
        }
    }

    fn mean(&self) -> f64 {
        self.loss / self.weight
    }
}

/// All models of a series.
#[derive(Debug, Clone)]
struct Bank {
    members: Vec<Member>,
    combined: Record,
    lead: i64,
    fading: f64,
    /// Last step learned.
    now: i64,
    /// Least and greatest value so far.
    range: (f64, f64),
    weights: Vec<f64>,
}

impl Bank {
    fn new(spec: &DemandSpec) -> Self {
        let season = spec.frequency.season();
        let lead = (i64::from(spec.horizon) / 2).clamp(1, season);
        let remembered = (SEASONS_REMEMBERED * season as f64).max(STEPS_REMEMBERED);
        let records = lead as usize;
        let members: Vec<Member> = filters(spec)
            .into_iter()
            .map(|(family, filter)| Member {
                filter,
                family,
                record: Record::new(records),
            })
            .collect();
        Self {
            weights: vec![0.0; members.len()],
            members,
            combined: Record::new(records),
            lead,
            fading: (-1.0 / remembered).exp(),
            now: i64::MIN,
            range: (f64::INFINITY, f64::NEG_INFINITY),
        }
    }

    /// Takes in the next step; NaN where there is no value.
    fn learn(&mut self, index: i64, value: f64) {
        let slot = index.rem_euclid(self.lead) as usize;
        let ahead = index + self.lead;
        // NaN changes neither.
        self.range = (self.range.0.min(value), self.range.1.max(value));
        self.combined.judge(slot, value, self.fading);
        for member in &mut self.members {
            member.record.judge(slot, value, self.fading);
            member.filter.learn(index, value);
            member.record.pending[slot] = member.filter.expect(ahead, self.lead);
        }
        self.now = index;
        self.weigh();
        let pending = self.members.iter().map(|m| m.record.pending[slot]);
        self.combined.pending[slot] = mean(self.weights.iter().copied().zip(pending));
    }

    /// Weighs the models by their errors.
    fn weigh(&mut self) {
        let errors = self.members.iter().map(|m| m.record.mean());
        let least = errors
            .clone()
            .filter(|e| e.is_finite())
            .fold(f64::INFINITY, f64::min);
        for (weight, error) in self.weights.iter_mut().zip(errors) {
            *weight = match (error.is_finite(), least > 0.0) {
                // Nothing has been judged yet.
                (false, _) if least.is_infinite() => 1.0,
                (false, _) => 0.0,
                (true, true) => (least / error).powi(SHARPNESS),
                (true, false) => f64::from(u8::from(error == 0.0)),
            };
        }
    }

    fn expect(&self, target: i64) -> Local {
        let ahead = target - self.now;
        let mut sums = [(0.0, 0.0); FAMILIES.len()];
        let mut all = (0.0, 0.0);
        for (member, &weight) in self.members.iter().zip(&self.weights) {
            let value = member.filter.expect(target, ahead);
            if !value.is_finite() {
                continue;
            }
            // Trends must not lead far out of what was ever seen.
            let (least, most) = self.range;
            let value = value.clamp(least - (most - least), most + (most - least));
            // Families that lose against others still say something.
            let weight = weight.max(1e-12);
            for sum in [&mut sums[member.family], &mut all] {
                sum.0 += weight * value;
                sum.1 += weight;
            }
        }
        Local {
            families: sums.map(|(sum, weight)| sum / weight),
            combined: all.0 / all.1,
            error: self.combined.mean(),
        }
    }
}

/// Weighted mean of the finite values; NaN without any.
fn mean(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    let finite = values.filter(|(_, value)| value.is_finite());
    let (sum, weight) = finite.fold((0.0, 0.0), |(s, w), (weight, value)| {
        (s + weight * value, w + weight)
    });
    sum / weight
}

/// The models of a series by family.
fn filters(spec: &DemandSpec) -> Vec<(usize, Filter)> {
    let season = spec.frequency.season() as usize;
    // Years of days are left to the features.
    let longer = spec.frequency.long_season().map(|s| s as usize);
    let longer = longer.filter(|&s| s < 10 * season);
    let mut all = Vec::new();
    for alpha in [0.02, 0.06, 0.15, 0.4, 0.8] {
        all.push((0, Filter::Level(Level::new(alpha))));
    }
    for chance_rate in [0.02, 0.08] {
        all.push((0, Filter::Intermittent(Intermittent::new(chance_rate, 0.1))));
    }
    for length in [Some(season), longer].into_iter().flatten() {
        for gamma in [0.15, 0.4, 1.0] {
            all.push((1, Filter::Phases(Phases::new(length, gamma))));
        }
    }
    let seasons: &[usize] = match longer {
        Some(longer) => &[season, longer],
        None => &[season],
    };
    let memories: &[f64] = if longer.is_some() {
        &[0.0, 0.8]
    } else {
        &[0.0]
    };
    for &memory in memories {
        for alpha in [0.03, 0.12, 0.4] {
            for gamma in [0.05, 0.25] {
                for (beta, damping) in [(0.0, 0.0), (0.1, 0.95)] {
                    if beta > 0.0 && memory > 0.0 {
                        continue;
                    }
                    let rates = Rates {
                        alpha,
                        beta,
                        damping,
                        gamma,
                        memory,
                    };
                    all.push((2, Filter::Additive(Additive::new(seasons, rates))));
                }
            }
        }
    }
    if spec.non_negative {
        let longest = longer.unwrap_or(season);
        for alpha in [0.03, 0.12, 0.4] {
            for gamma in [0.05, 0.25] {
                all.push((3, Filter::Product(Product::new(longest, alpha, gamma))));
            }
        }
    }
    all
}
