//! What a tensor holds of one kind of vehicle.

use super::cells::Cells;
use super::tensor_error::TensorError;
use std::sync::Arc;

/// Costs of one profile, as given to [`CostTensor::new`].
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileCosts {
    /// Name, as vehicles use it.
    pub name: String,
    /// Expected duration in seconds, `[from][to][slice]` in row-major order. The slice runs
    /// fastest because a search asks one pair at changing times.
    pub mean_s: Vec<u32>,
    /// Duration not exceeded with probability 90 %, same shape.
    pub p90_s: Vec<u32>,
    /// Distance in metres, `[from][to]`.
    pub distance_m: Vec<u32>,
}

/// Costs of one profile in a tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Name, as vehicles use it.
    pub name: String,
    /// Expected duration in seconds, `[from][to][slice]`.
    pub mean_s: Cells,
    /// Duration not exceeded with probability 90 %, same shape.
    pub p90_s: Cells,
    /// Distance in metres, `[from][to]`.
    pub distance_m: Arc<Vec<u32>>,
}

impl Profile {
    /// Whether leaving later never arrives earlier, and no p90 lies below its mean.
    pub(super) fn is_sound(&self, slices: usize, slice_s: u32) -> bool {
        let ordered = self.p90_s.is_shared_with(&self.mean_s)
            || self
                .mean_s
                .iter()
                .zip(self.p90_s.iter())
                .all(|(m, p)| m <= p);
        ordered && self.mean_s.is_fifo(slices, slice_s) && self.p90_s.is_fifo(slices, slice_s)
    }
}

/// Refuses layers of another size than the places and slices need.
pub(super) fn check_shape(
    profile: &ProfileCosts,
    pairs: usize,
    slices: usize,
) -> Result<(), TensorError> {
    for (part, found, expected) in [
        ("mean_s", profile.mean_s.len(), pairs * slices),
        ("p90_s", profile.p90_s.len(), pairs * slices),
        ("distance_m", profile.distance_m.len(), pairs),
    ] {
        if found != expected {
            return Err(TensorError::WrongShape {
                profile: profile.name.clone(),
                part,
                found,
                expected,
            });
        }
    }
    Ok(())
}

/// Lets layers of equal content share one memory.
pub(super) fn share(profiles: &mut [Profile]) {
    for at in 0..profiles.len() {
        let (before, rest) = profiles.split_at_mut(at);
        let Some(profile) = rest.first_mut() else {
            continue;
        };
        for other in before.iter() {
            for (own, others) in [
                (&mut profile.mean_s, &other.mean_s),
                (&mut profile.p90_s, &other.p90_s),
            ] {
                if own == others {
                    *own = others.clone();
                }
            }
            if profile.distance_m == other.distance_m {
                profile.distance_m = Arc::clone(&other.distance_m);
            }
        }
        if profile.p90_s == profile.mean_s {
            profile.p90_s = profile.mean_s.clone();
        }
    }
}
