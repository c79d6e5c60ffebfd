//! Cost tensors from base matrices and from slices; updates in place; mapped files.

mod factors;
mod mapped;
mod slices;
mod updates;

use chrono::NaiveDate;
use rand::Rng;
use routeforce::cost::{CostTensor, ProfileCosts, SliceAxis};
use routeforce::runtime::random;

/// A working day in Berlin in hours.
fn axis(slice_s: u32) -> SliceAxis {
    let date = NaiveDate::from_ymd_opt(2026, 6, 10).unwrap();
    SliceAxis::for_day(date, chrono_tz::Europe::Berlin, slice_s).unwrap()
}

/// Random cells below `most` seconds, in no order.
fn random_cells(seed: u64, count: usize, most: u32) -> Vec<u32> {
    let mut random = random::generator(seed, "test cells");
    (0..count).map(|_| random.random_range(0..most)).collect()
}

fn tensor(seed: u64, places: usize, most: u32) -> CostTensor {
    let axis = axis(900);
    let cells = random_cells(seed, places * places * axis.slices, most);
    let profile = |name: &str| ProfileCosts {
        name: name.into(),
        p90_s: cells.iter().map(|s| s + s / 3).collect(),
        mean_s: cells.clone(),
        distance_m: random_cells(seed, places * places, 50_000),
    };
    CostTensor::new(axis, places, vec![profile("van"), profile("truck")], 0.25).unwrap()
}

/// Leaving at the next slice arrives no earlier, in every layer.
fn assert_fifo(tensor: &CostTensor) {
    let axis = tensor.axis();
    for profile in tensor.profiles() {
        for cells in [&profile.mean_s, &profile.p90_s] {
            let cells = cells.all().to_vec();
            for pair in cells.chunks_exact(axis.slices) {
                assert!(pair.windows(2).all(|w| w[1] + axis.slice_s >= w[0]));
            }
        }
    }
}
