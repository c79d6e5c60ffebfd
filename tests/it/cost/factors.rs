//! Base × factors.

use super::{assert_fifo, axis};
use proptest::prelude::*;
use rand::Rng;
use routeforce::cost::factors::{BaseFn, BaseLeg, FactorTable, by_factors};
use routeforce::cost::{CostError, CostTensor, ProfileSpec};
use routeforce::runtime::{Cancel, Progress, random};

const CLUSTERS: usize = 3;

/// A table with factors from 0.5 to 2, and the factors.
fn table(seed: u64, places: usize, slices: usize) -> (FactorTable, Vec<usize>, Vec<f32>, Vec<f32>) {
    let mut random = random::generator(seed, "test factors");
    let cluster_of: Vec<usize> = (0..places).map(|p| p % CLUSTERS).collect();
    let clusters = places.min(CLUSTERS);
    let mut layer = |low: f32, high: f32| -> Vec<f32> {
        let cells = clusters * clusters * slices;
        (0..cells).map(|_| random.random_range(low..high)).collect()
    };
    let (mean, p90) = (layer(0.5, 2.0), layer(1.5, 3.0));
    let table = FactorTable::new(cluster_of.clone(), slices, mean.clone(), p90.clone()).unwrap();
    (table, cluster_of, mean, p90)
}

fn base_s(from: usize, to: usize, scale: f32) -> f32 {
    scale * (1.0 + from as f32 + 7.0 * to as f32)
}

fn spec(name: &str, duration_factor: f64) -> ProfileSpec {
    ProfileSpec {
        name: name.into(),
        duration_factor,
    }
}

fn build(table: &FactorTable, places: usize, scale: f32, specs: &[ProfileSpec]) -> CostTensor {
    let base = BaseFn {
        places,
        leg: |from, to| BaseLeg {
            duration_s: base_s(from, to, scale),
            distance_m: (10 * from + to) as u32,
        },
    };
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    by_factors(&base, table, axis(900), specs, 0.3, &cancel, &progress).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    /// Every cell recomputed in 64 bits: the largest of its own product and of the earlier ones
    /// less the time since, up to a second of rounding.
    #[test]
    fn cells_are_base_times_factor_raised_to_fifo(
        seed in 0_u64..1_000,
        places in 1_usize..7,
        scale in prop::sample::select(vec![20.0_f32, 300.0, 4_000.0]),
    ) {
        let axis = axis(900);
        let (table, cluster_of, mean, p90) = table(seed, places, axis.slices);
        let clusters = places.min(CLUSTERS);
        let tensor = build(&table, places, scale, &[spec("van", 1.0), spec("truck", 1.25)]);
        assert_fifo(&tensor);
        let mut broken = 0_u64;
        for (profile, factor) in [(0, 1.0), (1, 1.25)] {
            for (from, to) in (0..places).flat_map(|f| (0..places).map(move |t| (f, t))) {
                let first = (cluster_of[from] * clusters + cluster_of[to]) * axis.slices;
                let base = if from == to { 0.0 } else { f64::from(base_s(from, to, scale)) };
                let costs = &tensor.profiles()[profile];
                let cells = (from * places + to) * axis.slices;
                for (layer, factors) in [(&costs.mean_s, &mean), (&costs.p90_s, &p90)] {
                    let own = layer.range(cells..cells + axis.slices);
                    let mut least = 0.0_f64;
                    for slice in 0..axis.slices {
                        let mut f = factors[first + slice];
                        if std::ptr::eq(factors, &p90) {
                            f = f.max(mean[first + slice]);
                        }
                        let product = base * factor * f64::from(f);
                        broken += u64::from(product + 1.5 < least);
                        least = product.max(least);
                        let cell = f64::from(own.at(slice));
                        prop_assert!((cell - least).abs() <= 1.5 + least * 1e-5, "{cell} {least}");
                        least = (least - f64::from(axis.slice_s)).max(0.0);
                    }
                }
            }
        }
        // What clearly broke FIFO was counted.
        prop_assert!(tensor.fifo_repairs() >= broken);
    }
}

#[test]
fn profiles_of_one_factor_share_their_cells_and_all_share_distances() {
    let (table, ..) = table(1, 5, axis(900).slices);
    let specs = [spec("van", 1.0), spec("truck", 1.25), spec("hired", 1.0)];
    let tensor = build(&table, 5, 60.0, &specs);
    let [van, truck, hired] = tensor.profiles() else {
        panic!("three profiles");
    };
    assert!(van.mean_s.is_shared_with(&hired.mean_s) && van.p90_s.is_shared_with(&hired.p90_s));
    assert!(!van.mean_s.is_shared_with(&truck.mean_s));
    assert!(std::sync::Arc::ptr_eq(&van.distance_m, &truck.distance_m));
}

#[test]
fn cells_take_two_bytes_until_one_does_not_fit() {
    let (table, ..) = table(2, 4, axis(900).slices);
    let width = |scale| {
        build(&table, 4, scale, &[spec("van", 1.0)]).profiles()[0]
            .mean_s
            .width()
    };
    assert_eq!((width(60.0), width(9_000.0)), (2, 4));
}

#[test]
fn what_does_not_fit_is_named() {
    let slices = axis(900).slices;
    let (fine, ..) = table(3, 4, slices);
    let refused = |duration_s: f32, places: usize| {
        let base = BaseFn {
            places,
            leg: |_, _| BaseLeg {
                duration_s,
                distance_m: 1,
            },
        };
        let (cancel, progress) = (Cancel::new(), Progress::silent());
        let specs = [spec("van", 1.0)];
        match by_factors(&base, &fine, axis(900), &specs, 0.3, &cancel, &progress) {
            Err(CostError::Input(error)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert!(refused(f32::NAN, 4).contains("0 to 1"));
    assert!(refused(-1.0, 4).contains("not a duration"));
    assert!(refused(60.0, 5).contains("places"));
    let one = vec![1.0; slices];
    let bad = |mean: Vec<f32>| FactorTable::new(vec![0], slices, mean, one.clone());
    assert!(
        bad(vec![1.0; slices - 1])
            .unwrap_err()
            .to_string()
            .contains("mean")
    );
    assert!(
        bad(vec![0.0; slices])
            .unwrap_err()
            .to_string()
            .contains("above 0")
    );
    assert!(bad(vec![f32::INFINITY; slices]).is_err());
    let (cancel, progress) = (Cancel::new(), Progress::silent());
    cancel.cancel();
    let base = BaseFn {
        places: 4,
        leg: |_, _| BaseLeg::default(),
    };
    let specs = [spec("van", 1.0)];
    let stopped = by_factors(&base, &fine, axis(900), &specs, 0.3, &cancel, &progress);
    assert!(matches!(stopped, Err(CostError::Cancelled(_))));
}
