//! How unusual a value of a statistic is, by its own past.

/// Bins of a scale that doubles every [`PER_DOUBLING`] of them.
const BINS: usize = 64;
const PER_DOUBLING: f64 = 5.0;
/// Upper edge of the first bin.
const FIRST_EDGE: f64 = 0.125;
/// Rows that the prior counts for.
const PRIOR_ROWS: f64 = 20.0;
/// Usual errors at which a prior tail has fallen to a half.
const PRIOR_SCALE: f64 = 1.5;

/// How fast a tail falls where nothing was seen yet: by this power of the distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prior(f64);

impl Prior {
    pub(super) const HEAVIEST: Self = Self(1.5);
    pub(super) const HEAVY: Self = Self(3.0);
    pub(super) const LIGHT: Self = Self(8.0);

    /// From one to another, as `share` goes from 0 to 1.
    pub(super) fn between(from: Self, to: Self, share: f64) -> Self {
        Self(from.0 + share.clamp(0.0, 1.0) * (to.0 - from.0))
    }

    fn beyond(self, value: f64) -> f64 {
        1.0 / (1.0 + (value / PRIOR_SCALE).powf(self.0))
    }
}

/// The upper tail of a statistic that is not negative: counts in bins, which fade, and a prior.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    fading: Fading<BINS>,
}

impl Tail {
    /// `memory`: rows after which a count has faded to a third.
    pub(super) fn new(memory: f64) -> Self {
        Self {
            fading: Fading::new(memory),
        }
    }

    /// Minus the natural logarithm of the probability to be this far off or farther.
    pub(super) fn surprise(&self, value: Binned, prior: Prior) -> f64 {
        let beyond = prior.beyond(value.value);
        self.fading.surprise(value.bin, PRIOR_ROWS, beyond)
    }

    pub(super) fn learn(&mut self, value: Binned, trust: f64) {
        self.fading.learn(value.bin, trust);
    }
}

/// A value that is not negative, with its bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Binned {
    value: f64,
    bin: usize,
}

impl Binned {
    const ZERO: Self = Self { value: 0.0, bin: 0 };

    pub(super) fn of(value: f64) -> Self {
        let bin = match value > FIRST_EDGE {
            true => ((value / FIRST_EDGE).log2() * PER_DOUBLING) as usize + 1,
            false => 0,
        };
        let bin = bin.min(BINS - 1);
        Self { value, bin }
    }

    /// What the tails above and below learn of a distance and its size.
    pub(super) fn by_sign(off: f64, size: Self) -> (Self, Self) {
        match off >= 0.0 {
            true => (size, Self::ZERO),
            false => (Self::ZERO, size),
        }
    }
}

/// Bins of surprises, and their width.
const SURPRISE_BINS: usize = 128;
const SURPRISE_WIDTH: f64 = 0.25;
/// Independent looks that the greatest surprise of a row is taken from, as the prior sees it.
const LOOKS: f64 = 20.0;
/// Rows that the prior of surprises counts for, alone and per row of memory.
const SURPRISE_PRIOR: (f64, f64) = (10.0, 0.08);

/// The greatest surprises of rows, judged by their own past.
#[derive(Debug, Clone)]
pub(super) struct Surprises {
    fading: Fading<SURPRISE_BINS>,
    prior: f64,
}

impl Surprises {
    pub(super) fn new(memory: f64, baseline_memory: f64) -> Self {
        Self {
            fading: Fading::new(memory),
            prior: SURPRISE_PRIOR.0 + SURPRISE_PRIOR.1 * baseline_memory,
        }
    }

    /// Minus the natural logarithm of the probability of a surprise this great or greater.
    pub(super) fn score(&self, surprise: f64) -> f64 {
        let beyond = (LOOKS * (-surprise).exp()).min(1.0);
        self.fading
            .surprise(surprise_bin(surprise), self.prior, beyond)
    }

    pub(super) fn learn(&mut self, surprise: f64, trust: f64) {
        self.fading.learn(surprise_bin(surprise), trust);
    }
}

fn surprise_bin(surprise: f64) -> usize {
    ((surprise / SURPRISE_WIDTH) as usize).min(SURPRISE_BINS - 1)
}

/// Counts by bin that fade: new ones weigh more and more instead.
#[derive(Debug, Clone)]
struct Fading<const N: usize> {
    counts: [f32; N],
    all: f64,
    weight: f64,
    growth: f64,
}

impl<const N: usize> Fading<N> {
    fn new(memory: f64) -> Self {
        Self {
            counts: [0.0; N],
            all: 0.0,
            weight: 1.0,
            growth: 1.0 / (1.0 - 1.0 / memory),
        }
    }

    fn learn(&mut self, bin: usize, trust: f64) {
        self.weight *= self.growth;
        let counted = trust * self.weight;
        self.counts[bin] += counted as f32;
        self.all += counted;
        if self.weight > 1e12 {
            let back = 1.0 / self.weight;
            self.counts.iter_mut().for_each(|c| *c *= back as f32);
            self.all *= back;
            self.weight = 1.0;
        }
    }

    /// Half of the counts of the bin itself are as far as it or farther; `prior` rows say `beyond`.
    fn surprise(&self, bin: usize, prior: f64, beyond: f64) -> f64 {
        let above: f32 = self.counts[bin + 1..].iter().sum();
        let above = f64::from(above) + 0.5 * f64::from(self.counts[bin]);
        let prior = prior * self.weight;
        -((above + prior * beyond) / (self.all + prior)).ln()
    }
}
