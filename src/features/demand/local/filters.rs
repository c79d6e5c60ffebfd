//! Models of one series that learn value by value: exponential smoothing in the error-correction form
//! of Hyndman et al. (2008), with damped trend, additive or multiplicative season, or two seasons
//! (Taylor 2003); Teunter-Syntetos-Babai for intermittent demand (2011); means by season phase.

/// Errors of the past that one error counts at most, in multiples of the usual one: a single outlier
/// must not move a level far.
const LARGEST_ERROR: f64 = 5.0;

/// Least smoothing of the usual error.
const SPREAD_RATE: f64 = 0.05;

/// Seasonal factors are held to this range.
const FACTORS: (f64, f64) = (0.0, 20.0);

/// Phases with a smaller factor do not move the level.
const LEAST_FACTOR: f64 = 0.05;

/// One model with its settings and what it has learned.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    /// A level.
    Level(Level),
    /// Probability and size of demand.
    Intermittent(Intermittent),
    /// A mean per season phase.
    Phases(Phases),
    /// Level, damped trend and one or two seasons added up.
    Additive(Additive),
    /// A level times a season.
    Product(Product),
}

impl Filter {
    /// Takes in the value of a step, which follows the last one; NaN where there is none.
    pub fn learn(&mut self, index: i64, value: f64) {
        match self {
            Self::Level(filter) => filter.learn(value),
            Self::Intermittent(filter) => filter.learn(value),
            Self::Phases(filter) => filter.learn(index, value),
            Self::Additive(filter) => filter.learn(index, value),
            Self::Product(filter) => filter.learn(index, value),
        }
    }

    /// What it expects `ahead` steps behind the last one learned; NaN before it knows anything.
    pub fn expect(&self, index: i64, ahead: i64) -> f64 {
        match self {
            Self::Level(filter) => filter.level,
            Self::Intermittent(filter) => filter.chance * filter.size,
            Self::Phases(filter) => filter.expect(index),
            Self::Additive(filter) => filter.expect(index, ahead),
            Self::Product(filter) => filter.expect(index),
        }
    }
}

/// A rate that starts as that of a running mean.
fn rate(least: f64, seen: u32) -> f64 {
    least.max(1.0 / (f64::from(seen) + 1.0))
}

/// Simple exponential smoothing.
#[derive(Debug, Clone)]
pub(super) struct Level {
    alpha: f64,
    level: f64,
    seen: u32,
}

impl Level {
    pub fn new(alpha: f64) -> Self {
        Self {
            alpha,
            level: f64::NAN,
            seen: 0,
        }
    }

    fn learn(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        match self.seen {
            0 => self.level = value,
            seen => self.level += rate(self.alpha, seen) * (value - self.level),
        }
        self.seen += 1;
    }
}

/// Teunter, Syntetos and Babai.
#[derive(Debug, Clone)]
pub(super) struct Intermittent {
    chance_rate: f64,
    size_rate: f64,
    chance: f64,
    size: f64,
    seen: u32,
    orders: u32,
}

impl Intermittent {
    pub fn new(chance_rate: f64, size_rate: f64) -> Self {
        Self {
            chance_rate,
            size_rate,
            chance: f64::NAN,
            size: 0.0,
            seen: 0,
            orders: 0,
        }
    }

    fn learn(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        let ordered = f64::from(u8::from(value != 0.0));
        match self.seen {
            0 => self.chance = ordered,
            seen => self.chance += rate(self.chance_rate, seen) * (ordered - self.chance),
        }
        self.seen += 1;
        if value != 0.0 {
            self.size += rate(self.size_rate, self.orders) * (value - self.size);
            self.orders += 1;
        }
    }
}

/// Smoothed values by season phase.
#[derive(Debug, Clone)]
pub(super) struct Phases {
    gamma: f64,
    means: Vec<f64>,
    seen: Vec<u32>,
}

impl Phases {
    pub fn new(season: usize, gamma: f64) -> Self {
        Self {
            gamma,
            means: vec![f64::NAN; season],
            seen: vec![0; season],
        }
    }

    fn learn(&mut self, index: i64, value: f64) {
        if value.is_nan() {
            return;
        }
        let phase = phase(index, self.means.len());
        match self.seen[phase] {
            0 => self.means[phase] = value,
            seen => self.means[phase] += rate(self.gamma, seen) * (value - self.means[phase]),
        }
        self.seen[phase] += 1;
    }

    fn expect(&self, index: i64) -> f64 {
        self.means[phase(index, self.means.len())]
    }
}

/// Rates of a model with level, trend and seasons.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    pub alpha: f64,
    /// Share of a change of the level that goes into the trend.
    pub beta: f64,
    /// What is left of the trend after a step.
    pub damping: f64,
    pub gamma: f64,
    /// What is left of an error after a step.
    pub memory: f64,
}

/// Level, damped trend and seasons added up, errors remembered for a while.
#[derive(Debug, Clone)]
pub(super) struct Additive {
    rates: Rates,
    level: f64,
    trend: f64,
    seasons: Vec<Season>,
    error: f64,
    spread: f64,
    seen: u32,
}

#[derive(Debug, Clone)]
struct Season {
    effects: Vec<f64>,
    seen: Vec<u32>,
}

impl Additive {
    pub fn new(seasons: &[usize], rates: Rates) -> Self {
        let season = |&length: &usize| Season {
            effects: vec![0.0; length],
            seen: vec![0; length],
        };
        Self {
            rates,
            level: f64::NAN,
            trend: 0.0,
            seasons: seasons.iter().map(season).collect(),
            error: 0.0,
            spread: 0.0,
            seen: 0,
        }
    }

    fn learn(&mut self, index: i64, value: f64) {
        let rates = self.rates;
        let base = self.level + rates.damping * self.trend;
        if value.is_nan() {
            self.error *= rates.memory;
            self.trend *= rates.damping;
            self.level = base;
            return;
        }
        if self.seen == 0 {
            self.level = value;
            self.seen = 1;
            return;
        }
        let error = value - base - self.effect(index);
        let surprise = error - rates.memory * self.error;
        let limit = LARGEST_ERROR * self.spread;
        let longest = self.seasons.iter().map(|s| s.effects.len()).max();
        let settled = self.seen as usize > 2 * longest.unwrap_or(1);
        let counted = match settled {
            true => surprise.clamp(-limit, limit),
            false => surprise,
        };
        // What is cut off still widens what is usual, so that a new level is learned in the end.
        let size = surprise.abs().min(2.0 * limit.max(f64::MIN_POSITIVE));
        let size = if settled { size } else { surprise.abs() };
        self.spread += rate(SPREAD_RATE, self.seen - 1) * (size - self.spread);
        self.error = if settled {
            error.clamp(-2.0 * limit, 2.0 * limit)
        } else {
            error
        };
        let alpha = rate(rates.alpha, self.seen);
        self.level = base + alpha * counted;
        self.trend = rates.damping * self.trend + alpha * rates.beta * counted;
        let share = (1.0 - alpha) / self.seasons.len().max(1) as f64;
        for season in &mut self.seasons {
            let phase = phase(index, season.effects.len());
            let gamma = rates.gamma.max(1.0 / (f64::from(season.seen[phase]) + 2.0));
            season.effects[phase] += gamma * share * counted;
            season.seen[phase] += 1;
        }
        self.seen += 1;
    }

    fn effect(&self, index: i64) -> f64 {
        let effect = |season: &Season| season.effects[phase(index, season.effects.len())];
        self.seasons.iter().map(effect).sum()
    }

    fn expect(&self, index: i64, ahead: i64) -> f64 {
        let steps = ahead.clamp(1, i64::from(i32::MAX)) as i32;
        let damping = self.rates.damping;
        let trend = match damping < 1.0 {
            true => damping * (1.0 - damping.powi(steps)) / (1.0 - damping),
            false => f64::from(steps),
        };
        let remembered = self.error * self.rates.memory.powi(steps);
        self.level + trend * self.trend + self.effect(index) + remembered
    }
}

/// A level times a season; of what is never negative.
#[derive(Debug, Clone)]
pub(super) struct Product {
    alpha: f64,
    gamma: f64,
    level: f64,
    factors: Vec<f64>,
    phase_seen: Vec<u32>,
    seen: u32,
}

impl Product {
    pub fn new(season: usize, alpha: f64, gamma: f64) -> Self {
        Self {
            alpha,
            gamma,
            level: f64::NAN,
            factors: vec![1.0; season],
            phase_seen: vec![0; season],
            seen: 0,
        }
    }

    fn learn(&mut self, index: i64, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.seen == 0 {
            self.level = value;
            self.seen = 1;
            return;
        }
        let phase = phase(index, self.factors.len());
        let (base, factor) = (self.level, self.factors[phase]);
        let alpha = rate(self.alpha, self.seen);
        self.seen += 1;
        if factor > LEAST_FACTOR {
            // Weak phases say less about the level.
            let seen_level = value / factor;
            let change = (seen_level - base) * factor.min(1.0);
            let limit = LARGEST_ERROR * base.abs().max(f64::MIN_POSITIVE);
            self.level = base + alpha * change.min(limit);
        }
        if base > 0.0 {
            let gamma = self
                .gamma
                .max(1.0 / (f64::from(self.phase_seen[phase]) + 2.0));
            let factor = factor + gamma * (value / base - factor);
            self.factors[phase] = factor.clamp(FACTORS.0, FACTORS.1);
            self.phase_seen[phase] += 1;
        }
    }

    fn expect(&self, index: i64) -> f64 {
        self.level * self.factors[phase(index, self.factors.len())]
    }
}

fn phase(index: i64, season: usize) -> usize {
    index.rem_euclid(season as i64) as usize
}
