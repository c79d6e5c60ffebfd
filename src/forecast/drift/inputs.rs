//! Inputs of the windows behind the training data, against those of the training data.

use super::prediction_test::p_value;
use super::profile::{WINDOWS_IN_LOOK, relative};
use super::psi;
use super::report::{ColumnDrift, InputDrift, Verdict};
use crate::features::demand::{Group, TrainingRows, groups};
use crate::onnx::TrainingProfile;
use chrono::NaiveDateTime;

/// Probability up to which a change is beyond chance.
const BEYOND_CHANCE: f64 = 0.01;
/// Stability index above the usual one from which on a change is to be watched, and acted on
/// (Siddiqi 2006).
const PSI: (f64, f64) = (0.1, 0.25);
/// Columns named per group.
const COLUMNS: usize = 3;

/// Whole windows behind the training data, and those before that the first look at them takes in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows {
    first_new: i64,
    length: i64,
    new: usize,
}

impl Windows {
    /// The windows from step `first_new` to `last`.
    pub(super) fn of(profile: &TrainingProfile, first_new: i64, last: i64) -> Self {
        let length = i64::from(profile.window_steps.max(1));
        Self {
            first_new,
            length,
            new: usize::try_from((last + 1 - first_new) / length).unwrap_or(0),
        }
    }

    fn before() -> i64 {
        WINDOWS_IN_LOOK as i64 - 1
    }

    /// First and last step of all of them.
    pub(super) fn steps(&self) -> (i64, i64) {
        let first = self.first_new - Self::before() * self.length;
        (first, self.first_new + self.new as i64 * self.length - 1)
    }

    /// Numbers of the rows in each window.
    fn rows(&self, rows: &TrainingRows) -> Vec<Vec<usize>> {
        let count = self.new + WINDOWS_IN_LOOK - 1;
        let mut found = vec![Vec::new(); count];
        let first = self.steps().0;
        for (row, target) in rows.target.iter().enumerate() {
            let window = usize::try_from((target - first).div_euclid(self.length)).ok();
            if let Some(list) = window.and_then(|w| found.get_mut(w)) {
                list.push(row);
            }
        }
        found
    }

    /// First step of a window behind the training data.
    fn begin(&self, new: usize) -> i64 {
        self.first_new + new as i64 * self.length
    }
}

/// A column in every look that ends behind the training data.
struct Looked {
    group: Group,
    name: String,
    usual_psi: f64,
    /// Stability indices, and these in units of the usual one.
    psi: Vec<f64>,
    relative: Vec<f64>,
}

/// Verdicts by group of columns. `names` are those of the rows, `time` says when a step begins.
pub(super) fn judge(
    profile: &TrainingProfile,
    names: &[String],
    rows: &TrainingRows,
    windows: &Windows,
    time: &dyn Fn(i64) -> NaiveDateTime,
) -> Vec<InputDrift> {
    let members = windows.rows(rows);
    let judged = names.iter().enumerate().zip(&profile.columns);
    let columns: Vec<Looked> = judged
        .filter(|((_, name), _)| !groups::runs_with_the_clock(name))
        .map(|((column, name), about)| {
            let counts = |window: &Vec<usize>| {
                psi::counts(&rows.matrix, window.iter().copied(), column, &about.deciles)
            };
            let of_windows: Vec<Vec<f64>> = members.iter().map(counts).collect();
            let looks = of_windows.windows(WINDOWS_IN_LOOK).take(windows.new);
            let shares = looks.map(|look| psi::shares(&psi::sum(look)));
            let psi: Vec<f64> = shares
                .map(|now| psi::stability_index(&now, &about.shares))
                .collect();
            Looked {
                group: Group::of(name),
                name: name.clone(),
                usual_psi: about.usual_psi,
                relative: psi.iter().map(|psi| relative(*psi, about)).collect(),
                psi,
            }
        })
        .collect();
    let of_group = |group: Group| {
        let before = profile.looks.get(group.name())?;
        let columns = columns.iter().filter(|c| c.group == group).collect();
        Some(of_group(group, columns, before, windows, time))
    };
    Group::ALL.into_iter().filter_map(of_group).collect()
}

fn of_group(
    group: Group,
    mut columns: Vec<&Looked>,
    before: &[f64],
    windows: &Windows,
    time: &dyn Fn(i64) -> NaiveDateTime,
) -> InputDrift {
    let at = |list: &[f64], look: usize| list.get(look).copied().unwrap_or(0.0);
    let looks: Vec<(f64, Verdict)> = (0..windows.new)
        .map(|look| {
            let order = |a: &&&Looked, b: &&&Looked| {
                at(&a.relative, look).total_cmp(&at(&b.relative, look))
            };
            let worst = columns.iter().max_by(order);
            let (off, excess) = worst.map_or((0.0, 0.0), |c| {
                (at(&c.relative, look), at(&c.psi, look) - c.usual_psi)
            });
            let p = p_value(off, before, WINDOWS_IN_LOOK);
            let verdict = match p <= BEYOND_CHANCE {
                true if excess >= PSI.1 => Verdict::Retrain,
                true if excess >= PSI.0 => Verdict::Watch,
                _ => Verdict::AsTrained,
            };
            (p, verdict)
        })
        .collect();
    let newest = looks.last();
    let off = looks.iter().rev().take_while(|(_, v)| *v >= Verdict::Watch);
    let since = match off.count() {
        0 => None,
        run => Some(time(windows.begin(looks.len() - run))),
    };
    let last = windows.new.saturating_sub(1);
    columns.sort_by(|a, b| at(&b.relative, last).total_cmp(&at(&a.relative, last)));
    let named = columns.iter().take(COLUMNS).map(|column| ColumnDrift {
        column: column.name.clone(),
        psi: at(&column.psi, last),
        usual_psi: column.usual_psi,
    });
    InputDrift {
        group: group.name().to_owned(),
        verdict: newest.map_or(Verdict::NotJudged, |(_, verdict)| *verdict),
        p_value: newest.map(|(p, _)| *p),
        windows: u32::try_from(windows.new).unwrap_or(u32::MAX),
        since,
        columns: named.collect(),
    }
}
