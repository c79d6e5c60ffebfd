//! Feature rows: no leak from the future, training and serving alike, values recomputed by hand.

use super::synthetic::shops;
use proptest::prelude::*;
use routeforce::features::demand::history::History;
use routeforce::features::demand::{DemandSpec, Frequency, RowBuilder, training};
use routeforce::runtime::Cancel;

const HORIZON: u32 = 10;

/// Bits, so that missing values compare equal.
fn bits(row: &[f32]) -> Vec<u32> {
    row.iter().map(|v| v.to_bits()).collect()
}

fn row(
    panel: &routeforce::features::demand::Panel,
    spec: &DemandSpec,
    at: (usize, i64, i64),
) -> Vec<f32> {
    let builder = RowBuilder::new(spec);
    let history = History::new(&panel.series[at.0], spec);
    let mut row = Vec::new();
    let scales = builder.build(&history, &[(at.1, at.2)], &mut row);
    assert_eq!(row.len(), builder.names().len());
    row.push(scales[0] as f32);
    row
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn overwriting_the_future_changes_no_row(
        seed in 0_u64..1000,
        origin in 20_i64..250,
        step in 1_i64..=10,
        noise in -1e6_f32..1e6,
    ) {
        let panel = shops(seed, 2, 300, 20);
        let spec = DemandSpec::of(&panel, HORIZON);
        let start = panel.series[0].start;
        let (origin, target) = (start + origin, start + origin + step);
        let before = row(&panel, &spec, (0, origin, target));
        let mut changed = panel.clone();
        let cut = (origin + 1 - start) as usize;
        for (i, value) in changed.series[0].values.iter_mut().enumerate().skip(cut) {
            *value = if i % 3 == 0 { f32::NAN } else { noise * i as f32 };
        }
        // Covariates behind the horizon are not known either.
        let reach = cut + HORIZON as usize;
        for list in &mut changed.series[0].covariates {
            for value in list.iter_mut().skip(reach) {
                *value = 1.0 - *value;
            }
        }
        prop_assert_eq!(bits(&before), bits(&row(&changed, &spec, (0, origin, target))));
        // The same row from a panel that ends at the origin, as it does when serving.
        let served = panel.until(origin);
        prop_assert_eq!(bits(&before), bits(&row(&served, &spec, (0, origin, target))));
    }

    #[test]
    fn the_past_does_change_the_row(seed in 0_u64..1000) {
        let panel = shops(seed, 1, 300, 0);
        let spec = DemandSpec::of(&panel, HORIZON);
        let start = panel.series[0].start;
        let mut changed = panel.clone();
        changed.series[0].values[200] += 50.0;
        let at = (0, start + 200, start + 203);
        prop_assert_ne!(bits(&row(&panel, &spec, at)), bits(&row(&changed, &spec, at)));
    }
}

#[test]
fn training_rows_are_the_rows_that_serving_builds() {
    let panel = shops(5, 3, 200, 14);
    let spec = DemandSpec::of(&panel, HORIZON);
    let cancel = Cancel::new();
    let last = panel.end().unwrap() - 1;
    let rows = training::to_fit(&panel, &spec, last, usize::MAX, 9, &cancel).unwrap();
    assert!(rows.len() > 400);
    for i in (0..rows.len()).step_by(7) {
        let found = rows.matrix.row(i);
        let origin = rows.target[i] - found[0] as i64;
        let served = panel.until(origin);
        let mut expected = row(&served, &spec, (rows.series[i], origin, rows.target[i]));
        assert_eq!(expected.pop().unwrap(), rows.scale[i] as f32);
        assert_eq!(bits(found), bits(&expected), "row {i}");
    }
}

#[test]
fn rows_until_a_step_are_those_built_without_what_follows() {
    let panel = shops(5, 6, 200, 0);
    let spec = DemandSpec::of(&panel, 14);
    let last = panel.series[0].start + 120;
    let (cancel, most) = (Cancel::new(), 700);
    let all = training::to_fit(&panel, &spec, i64::MAX - 1, most, 9, &cancel).unwrap();
    let before = training::to_fit(&panel, &spec, last, most, 9, &cancel).unwrap();
    assert!(!before.is_empty() && before.len() < all.len());
    let until = all.until(last);
    assert_eq!(until.target, before.target);
    assert_eq!(until.actual, before.actual);
    assert_eq!(until.scale, before.scale);
    assert_eq!(bits(&until.matrix.data), bits(&before.matrix.data));
}

#[test]
fn of_many_series_some_are_judged_as_a_whole() {
    let panel = shops(6, 40, 120, 0);
    let spec = DemandSpec::of(&panel, 7);
    let last = panel.end().unwrap() - 1;
    let origins = [last - 14, last - 7];
    let judged = |most: usize| {
        let rows = training::to_judge(&panel, &spec, &origins, most, 3, &Cancel::new()).unwrap();
        let mut by_series = std::collections::BTreeMap::<usize, usize>::new();
        for series in &rows.series {
            *by_series.entry(*series).or_default() += 1;
        }
        by_series
    };
    let (all, some) = (judged(usize::MAX), judged(200));
    assert_eq!(all.len(), 40);
    assert!((5..30).contains(&some.len()), "{}", some.len());
    for (series, rows) in &some {
        assert_eq!(rows, &all[series], "series {series}");
    }
}

#[test]
fn columns_say_what_they_hold() {
    let panel = shops(11, 1, 160, 14);
    let spec = DemandSpec::of(&panel, HORIZON);
    assert_eq!(
        spec.closures.len(),
        1,
        "closed on Sundays: {:?}",
        spec.closures
    );
    let series = &panel.series[0];
    let builder = RowBuilder::new(&spec);
    // Day 100 is a Wednesday, 105 the Monday after it, 101 a Thursday.
    let origin = series.start + 100;
    let history = History::new(series, &spec);
    let mut row = Vec::new();
    let scale = builder.build(&history, &[(origin, origin + 5)], &mut row)[0] as f32;
    let value = |name: &str| row[builder.column(name).unwrap()];
    let close = |found: f32, expected: f32| {
        assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
    };
    let open: Vec<f32> = (0..=100)
        .filter(|d| d % 7 != 6)
        .map(|d| series.values[d])
        .collect();
    let recent: Vec<f32> = (45..=100)
        .filter(|d| d % 7 != 6)
        .map(|d| series.values[d])
        .collect();
    close(scale, recent.iter().sum::<f32>() / recent.len() as f32);
    assert_eq!(value("step"), 5.0);
    close(value("latest_0"), series.values[100] / scale);
    close(value("season_lag_0"), series.values[98] / scale);
    close(value("season_lag_1"), series.values[91] / scale);
    close(value("seasonal_naive"), series.values[98] / scale);
    let week: Vec<f32> = (94..=100)
        .filter(|d| d % 7 != 6)
        .map(|d| series.values[d])
        .collect();
    close(value("mean_7"), week.iter().sum::<f32>() / 6.0 / scale);
    assert_eq!(value("weekday"), 0.0);
    assert_eq!(value("known_open"), 1.0);
    assert_eq!(value("known_open_before"), 0.0);
    assert_eq!(value("observations"), open.len() as f32);
    let naive: Vec<f32> = (45..=100)
        .filter(|d| d % 7 != 6)
        .map(|d| (series.values[d] - series.values[d - 7]).abs())
        .collect();
    close(
        value("seasonal_naive_error"),
        naive.iter().sum::<f32>() / naive.len() as f32 / scale,
    );
}

#[test]
fn a_lag_is_never_shorter_than_the_step() {
    // A spike on the day before the target must stay unseen from ten days away.
    let mut panel = shops(2, 1, 150, 0);
    let spec = DemandSpec::of(&panel, HORIZON);
    let start = panel.series[0].start;
    let at = (0, start + 120, start + 130);
    let before = row(&panel, &spec, at);
    for day in 121..=129 {
        panel.series[0].values[day] = 1e9;
    }
    assert_eq!(bits(&before), bits(&row(&panel, &spec, at)));
}

#[test]
fn seasons_fit_their_frequencies() {
    for frequency in [
        Frequency::Hourly,
        Frequency::Daily,
        Frequency::Weekly,
        Frequency::Monthly,
    ] {
        let mut panel = shops(1, 1, 130, 20);
        panel.frequency = frequency;
        let shift = frequency
            .index("2024-01-01T00:00:00".parse().unwrap())
            .unwrap();
        panel.series[0].last_row += shift - panel.series[0].start;
        panel.series[0].start = shift;
        let spec = DemandSpec::of(&panel, HORIZON);
        let found = row(&panel, &spec, (0, shift + 100, shift + 104));
        assert!(found.iter().all(|v| !v.is_infinite()));
    }
}
