//! What a training may choose.

/// Which model to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Whichever has the least pinball loss on the visits held back.
    #[default]
    Auto,
    /// The same for every visit.
    Baseline,
    /// Each customer's median.
    Median,
    /// Amount, hour, customer and driver.
    Effects,
    /// The effects, and boosted trees on what they leave.
    Boosted,
}

impl Kind {
    /// Name in manifests and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Baseline => "baseline",
            Self::Median => "median",
            Self::Effects => "effects",
            Self::Boosted => "boosted",
        }
    }
}

/// Choices of a training.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrainOptions {
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Which model to export.
    pub kind: Kind,
    /// The quantity that service takes longer for, without `qty_`; `None`: the one that explains most.
    pub dimension: Option<String>,
}
