//! What is added up along a way.

use super::arc_graph::INFINITY;
use std::fmt::Debug;

/// What an arc weighs: added along a way, the least wins. Sums of two finite or infinite weights
/// do not overflow.
pub trait Weight: Copy + Ord + Debug + Default + Send + Sync + 'static {
    /// No way.
    const INFINITY: Self;
    /// What a matrix holds where there is no way.
    const UNREACHABLE: Self;

    /// Both, one after the other.
    fn plus(self, other: Self) -> Self;
}

impl Weight for u32 {
    const INFINITY: Self = INFINITY;
    const UNREACHABLE: Self = u32::MAX;

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
}

/// A duration and a length; of ways of equal duration the shortest wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct DurationAndLength(u64);

impl DurationAndLength {
    /// From both, each in a unit of the caller. A way may be 2^32 units long.
    pub fn new(duration: u32, length: u32) -> Self {
        Self(u64::from(duration) << 32 | u64::from(length))
    }

    /// The duration.
    pub fn duration(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The length.
    pub fn length(self) -> u32 {
        self.0 as u32
    }
}

impl Debug for DurationAndLength {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.duration(), self.length())
    }
}

impl Weight for DurationAndLength {
    const INFINITY: Self = Self((INFINITY as u64) << 32);
    const UNREACHABLE: Self = Self(u64::MAX);

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
