//! How the temperature of a search under simulated annealing falls.

/// From hot to cold, exponentially over the whole search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cooling {
    /// First temperature, in units of cost.
    pub hot: f64,
    /// Last temperature, likewise.
    pub cold: f64,
}

impl Cooling {
    /// The temperature when a share of the search (0 to 1) is done.
    pub fn temperature(self, share_done: f64) -> f64 {
        self.hot * (self.cold / self.hot).powf(share_done.min(1.0))
    }
}
