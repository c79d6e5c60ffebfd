//! Slices that change while the tensor is in use.

use super::{assert_fifo, random_cells, tensor};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn an_updated_slice_is_fifo_with_its_neighbours(
        seed in 0_u64..1_000,
        places in 1_usize..5,
        slice_share in 0.0_f64..1.0,
        most in prop::sample::select(vec![500_u32, 20_000, 150_000]),
    ) {
        let before = tensor(seed, places, 3_000);
        let (slices, slice_s) = (before.axis().slices, before.axis().slice_s);
        let slice = (slice_share * slices as f64) as usize;
        let mean_s = random_cells(seed + 1, places * places, most);
        let p90_s = random_cells(seed + 2, places * places, most);
        let mut after = before.clone();
        after.update_slice(1, slice, &mean_s, &p90_s).unwrap();
        assert_fifo(&after);
        for (pair, given) in mean_s.iter().enumerate() {
            let (from, to) = (pair / places, pair % places);
            let (old, new) = (before.mean_by_slice(1, from, to), after.mean_by_slice(1, from, to));
            // By definition: the value given, or what the slice before demands of it.
            let demanded = slice.checked_sub(1).map_or(0, |s| old.at(s).saturating_sub(slice_s));
            prop_assert_eq!(new.at(slice), (*given).max(demanded));
            for other in 0..slices {
                if other < slice {
                    prop_assert_eq!(new.at(other), old.at(other));
                } else {
                    let later_s = (other - slice) as u32 * slice_s;
                    let demanded = new.at(slice).saturating_sub(later_s);
                    let own = if other == slice { *given } else { old.at(other) };
                    prop_assert!(new.at(other) >= demanded.max(own));
                }
            }
            prop_assert_eq!(
                before.mean_by_slice(0, from, to).to_vec(),
                after.mean_by_slice(0, from, to).to_vec()
            );
        }
        // The tensor it was cloned from, with which it shared its cells, is as it was.
        prop_assert_eq!(&before, &tensor(seed, places, 3_000));
    }
}

#[test]
fn updates_that_do_not_fit_are_refused_and_change_nothing() {
    let mut changed = tensor(1, 3, 3_000);
    let (good, short) = (vec![60; 9], vec![60; 8]);
    let slices = changed.axis().slices;
    assert!(changed.update_slice(2, 0, &good, &good).is_err());
    assert!(changed.update_slice(0, slices, &good, &good).is_err());
    assert!(changed.update_slice(0, 0, &short, &good).is_err());
    let named = changed.update_slice(0, 0, &good, &short).unwrap_err();
    assert!(named.to_string().contains("p90_s has 8 cells, expected 9"));
    assert_eq!(changed, tensor(1, 3, 3_000));
}
