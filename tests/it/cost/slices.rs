//! True matrices per slice.

use super::{assert_fifo, axis, random_cells};
use chrono::{NaiveDate, Timelike};
use proptest::prelude::*;
use routeforce::cost::slices::{SliceSource, by_slices};
use routeforce::cost::{CostError, CostTensor, ProfileCosts, SliceAxis};
use routeforce::runtime::{Cancel, Progress};

/// Cells as `[slice][from][to]`, one set for all profiles.
struct Given {
    places: usize,
    mean_s: Vec<u32>,
    p90_s: Option<Vec<u32>>,
}

impl Given {
    fn slice(&self, cells: &[u32], slice: usize) -> Vec<u32> {
        let pairs = self.places * self.places;
        cells[slice * pairs..(slice + 1) * pairs].to_vec()
    }

    fn build(&mut self, axis: SliceAxis) -> Result<CostTensor, CostError> {
        let (cancel, progress) = (Cancel::new(), Progress::silent());
        by_slices(self, axis, &["van", "truck"], 0.2, &cancel, &progress)
    }
}

impl SliceSource for Given {
    fn places(&self) -> usize {
        self.places
    }

    fn mean_s(&mut self, _: usize, slice: usize) -> Result<Vec<u32>, CostError> {
        Ok(self.slice(&self.mean_s, slice))
    }

    fn p90_s(&mut self, _: usize, slice: usize) -> Result<Option<Vec<u32>>, CostError> {
        Ok(self.p90_s.as_ref().map(|cells| self.slice(cells, slice)))
    }

    fn distance_m(&mut self, _: usize) -> Result<Vec<u32>, CostError> {
        Ok(vec![5; self.places * self.places])
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn slices_give_the_tensor_of_the_same_cells(
        seed in 0_u64..1_000,
        places in 0_usize..6,
        most in prop::sample::select(vec![1_000_u32, 60_000, 200_000]),
        uncertain in any::<bool>(),
    ) {
        let axis = axis(900);
        let (pairs, slices) = (places * places, axis.slices);
        let mean_s = random_cells(seed, pairs * slices, most);
        let upper: Vec<u32> = random_cells(seed + 1, pairs * slices, 2 * most);
        let turned = |cells: &[u32]| -> Vec<u32> {
            let pair = |p: usize| (0..slices).map(move |s| s * pairs + p);
            (0..pairs).flat_map(pair).map(|at| cells[at]).collect()
        };
        let p90_s = if uncertain { &upper } else { &mean_s };
        let profile = |name: &str| ProfileCosts {
            name: name.into(),
            mean_s: turned(&mean_s),
            p90_s: turned(p90_s),
            distance_m: vec![5; pairs],
        };
        let whole = CostTensor::new(axis, places, vec![profile("van"), profile("truck")], 0.2);
        let mut given = Given { places, mean_s: mean_s.clone(), p90_s: uncertain.then(|| upper.clone()) };
        let built = given.build(axis).unwrap();
        assert_fifo(&built);
        let whole = whole.unwrap();
        prop_assert_eq!(built.profiles(), whole.profiles());
        // A layer that is the mean's is raised once.
        let layers = if uncertain { 1 } else { 2 };
        prop_assert_eq!(layers * built.fifo_repairs(), whole.fifo_repairs());
    }
}

#[test]
fn a_matrix_of_another_size_is_refused() {
    let axis = axis(3_600);
    let mut given = Given {
        places: 3,
        mean_s: vec![60; 9 * axis.slices],
        p90_s: None,
    };
    assert!(given.build(axis).is_ok());
    given.p90_s = Some(vec![60; 9 * axis.slices]);
    assert!(given.build(axis).is_ok());
    struct Short(Given);
    impl SliceSource for Short {
        fn places(&self) -> usize {
            self.0.places
        }
        fn mean_s(&mut self, _: usize, slice: usize) -> Result<Vec<u32>, CostError> {
            Ok(vec![60; 9 - slice % 2])
        }
        fn distance_m(&mut self, profile: usize) -> Result<Vec<u32>, CostError> {
            self.0.distance_m(profile)
        }
    }
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    let refused = by_slices(&mut Short(given), axis, &["van"], 0.0, &cancel, &progress);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("mean_s has 8 cells, expected 9")
    );
}

/// A rush hour from 8 to 9 o'clock on the clock stays there on both days on which clocks change.
#[test]
fn slices_are_asked_by_local_time_on_days_of_a_change_of_clocks() {
    for (month, day, elapsed_h) in [(3, 28, 8), (3, 29, 7), (10, 25, 9)] {
        let date = NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let axis = SliceAxis::for_day(date, chrono_tz::Europe::Berlin, 900).unwrap();
        let at = |slice: usize| match axis.local_start(slice).hour() == 8 {
            true => 1_500,
            false => 1_000,
        };
        let mean_s = (0..axis.slices)
            .flat_map(|s| [0, at(s), at(s), 0])
            .collect();
        let mut given = Given {
            places: 2,
            mean_s,
            p90_s: None,
        };
        let tensor = given.build(axis).unwrap();
        let rush = |h: i64| tensor.duration_s(0, 0, 1, h * 3_600 + 1_000);
        assert_eq!(rush(elapsed_h), 1_500, "{date}");
        assert_eq!(
            (rush(elapsed_h - 2), rush(elapsed_h + 2)),
            (1_000, 1_000),
            "{date}"
        );
    }
}
