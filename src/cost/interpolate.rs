//! A duration between the starts of two slices.

/// Duration between two slice starts, linear, rounded down.
#[inline]
pub(super) fn interpolate<T: Copy + Into<i64>>(by_slice: &[T], slice_s: u32, depart_s: i64) -> i64 {
    let last = by_slice.len() - 1;
    // Divisions of 32 bits are several times as fast.
    let depart_s = u32::try_from(depart_s.max(0)).unwrap_or(u32::MAX);
    let slice = (depart_s / slice_s) as usize;
    if slice >= last {
        return by_slice[last].into();
    }
    let (now, next): (i64, i64) = (by_slice[slice].into(), by_slice[slice + 1].into());
    if now == next {
        return now;
    }
    let change = (next - now) * i64::from(depart_s % slice_s);
    let by_s = match u32::try_from(change.unsigned_abs()) {
        Ok(change) => i64::from(change / slice_s),
        Err(_) => change.abs() / i64::from(slice_s),
    };
    // Rounded down, so away from zero where durations fall.
    let rest = i64::from(change < 0 && by_s * i64::from(slice_s) != -change);
    now + by_s * change.signum() - rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn durations_are_interpolated_and_rounded_down(
            durations in prop::collection::vec(0_u32..9_000_000, 1..9),
            slice_s in 1_u32..100_000,
            depart_s in -1_000_i64..1_000_000,
        ) {
            let slice = i64::from(slice_s);
            let at = (depart_s.max(0) / slice) as usize;
            let plain = match durations.get(at..at + 2) {
                Some(both) => {
                    let (now, next) = (i64::from(both[0]), i64::from(both[1]));
                    now + ((next - now) * (depart_s.max(0) % slice)).div_euclid(slice)
                }
                None => i64::from(durations[durations.len() - 1]),
            };
            prop_assert_eq!(interpolate(&durations, slice_s, depart_s), plain);
        }
    }
}
