//! What a model remembers of its training rows, for later comparison.

use super::psi;
use crate::features::demand::{DemandSpec, Group, RowBuilder, TrainingRows, groups};
use crate::onnx::training_profile::{ColumnProfile, TrainingProfile};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Windows remembered at most, and at least: with fewer nobody can tell what is usual.
const WINDOWS: (i64, i64) = (52, 24);
/// Share of the training data that they reach back, at most: rows of its beginning lack a past.
const REACH: f64 = 0.75;
/// Windows in a look, so that weeks with and without a campaign come together.
pub(super) const WINDOWS_IN_LOOK: usize = 4;
/// One of so many windows is of the first part, with which the looks at the others are compared.
const FIRST_PART: usize = 3;
/// Least index that counts as usual: what never changes is not alarmed by the first odd row.
const LEAST_USUAL: f64 = 0.02;

/// The profile of training rows; `None` if they are too few windows.
pub fn profile(spec: &DemandSpec, rows: &TrainingRows) -> Option<TrainingProfile> {
    let windows = Windows::of(spec, rows)?;
    let names = RowBuilder::new(spec).names().to_vec();
    let columns: Vec<(ColumnProfile, Vec<f64>)> = (0..names.len())
        .into_par_iter()
        .map(|column| of_column(rows, &windows.rows, column))
        .collect();
    let mut by_group: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (name, (about, indices)) in names.iter().zip(&columns) {
        if groups::runs_with_the_clock(name) {
            continue;
        }
        let group = by_group
            .entry(Group::of(name).name().to_owned())
            .or_insert_with(|| vec![0.0; indices.len()]);
        for (greatest, index) in group.iter_mut().zip(indices) {
            *greatest = greatest.max(relative(*index, about));
        }
    }
    Some(TrainingProfile {
        window_steps: u32::try_from(windows.length).ok()?,
        columns: columns.into_iter().map(|(about, _)| about).collect(),
        looks: by_group,
    })
}

/// A stability index in units of the column's usual one.
pub(super) fn relative(index: f64, about: &ColumnProfile) -> f64 {
    index / about.usual_psi.max(LEAST_USUAL)
}

/// The last windows of training rows.
struct Windows {
    length: i64,
    /// Numbers of the rows of each, the oldest first.
    rows: Vec<Vec<usize>>,
}

impl Windows {
    fn of(spec: &DemandSpec, rows: &TrainingRows) -> Option<Self> {
        let length = spec.frequency.season().min(i64::from(spec.horizon)).max(1);
        let (first, last) = (rows.target.iter().min()?, rows.target.iter().max()?);
        let reach = ((last - first + 1) as f64 * REACH) as i64;
        let count = (reach / length).min(WINDOWS.0);
        if count < WINDOWS.1 {
            return None;
        }
        let mut found = vec![Vec::new(); usize::try_from(count).ok()?];
        let recent = |target: &i64| (last - target) / length < count;
        let all = rows.target.iter().filter(|t| recent(t)).count();
        let stride = all.div_ceil(super::MOST_ROWS).max(1);
        let mut seen = 0_usize;
        for (row, target) in rows.target.iter().enumerate() {
            if !recent(target) {
                continue;
            }
            seen += 1;
            let window = usize::try_from(count - 1 - (last - target) / length).ok()?;
            if seen.is_multiple_of(stride)
                && let Some(list) = found.get_mut(window)
            {
                list.push(row);
            }
        }
        // Windows in which all was closed, or nothing drawn, say nothing.
        found.retain(|rows| !rows.is_empty());
        let enough = found.len() as i64 >= WINDOWS.1;
        enough.then_some(Self {
            length,
            rows: found,
        })
    }
}

/// A column over all windows, and the index of every look at the later windows against the earlier
/// ones: like a look behind the training data, each is at steps behind those it is compared with.
fn of_column(
    rows: &TrainingRows,
    windows: &[Vec<usize>],
    column: usize,
) -> (ColumnProfile, Vec<f64>) {
    let all = || windows.iter().flatten().copied();
    let value = |row: usize| rows.matrix.row(row).get(column).copied();
    let known = all().filter_map(value).filter(|v| !v.is_nan());
    let deciles = psi::deciles(&mut known.collect::<Vec<f32>>());
    let counts =
        |window: &Vec<usize>| psi::counts(&rows.matrix, window.iter().copied(), column, &deciles);
    let of_windows: Vec<Vec<f64>> = windows.iter().map(counts).collect();
    let (earlier, later) = of_windows.split_at(of_windows.len() / FIRST_PART);
    let earlier = psi::shares(&psi::sum(earlier));
    let looks = later.windows(WINDOWS_IN_LOOK);
    let index = |look: &[Vec<f64>]| psi::stability_index(&psi::shares(&psi::sum(look)), &earlier);
    let indices: Vec<f64> = looks.map(index).collect();
    let mut sorted = indices.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let about = ColumnProfile {
        deciles,
        shares: psi::shares(&psi::sum(&of_windows)),
        usual_psi: sorted.get(sorted.len() / 2).copied().unwrap_or(0.0),
    };
    (about, indices)
}
