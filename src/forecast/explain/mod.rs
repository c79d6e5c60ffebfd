//! What drove a forecast: contributions of groups of features to its mean.
//!
//! In: a served model and a history. Out: per step what the model typically says of the series, and
//! what each group of features adds to that. A group that is not known yet is filled in from rows of
//! the series' own recent past (interventional Shapley values, Janzing, Minorics and Blöbaum 2020),
//! so that the question answered is why this step differs from the usual one. Every value is a
//! prediction of the served session. Never does: looking inside the model.

mod shapley;

pub use shapley::values as shapley_values;

use super::error::ForecastError;
use super::predict::{Predictor, predict};
use crate::features::demand::explanation_table::Explanation;
use crate::features::demand::history::History;
use crate::features::demand::{Frequency, Group, Panel, RowBuilder};
use crate::onnx::{Model, Session};
use crate::runtime::{Cancel, Progress};

/// Rows of the past that stand for the usual, at least: whole seasons of them.
const LEAST_BACKGROUND: i64 = 24;

/// Explains the forecasts that [`predict`] gives, in its order. A series without a past is forecast
/// like the others, so nothing of its own explains it: its typical value is the mean.
///
/// # Errors
/// The panel does not suit the model; cancelled.
pub fn explain(
    model: &Model,
    panel: &Panel,
    horizon: u32,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Explanation>, ForecastError> {
    let forecasts = predict(model, panel, horizon, &[])?;
    let predictor = Predictor::new(&model.manifest, &model.session)?;
    let panel = predictor.fitting(panel)?;
    let builder = RowBuilder::new(predictor.spec());
    let game = Game::of(&builder, &model.session);
    let end = panel.end().unwrap_or(0);
    let mut explained = Vec::with_capacity(forecasts.len());
    let steps = usize::try_from(horizon).unwrap_or(1).max(1);
    for (number, (series, forecasts)) in
        panel.series.iter().zip(forecasts.chunks(steps)).enumerate()
    {
        cancel.check()?;
        progress.report("explain", number as u64, panel.series.len() as u64);
        let history = History::new(series, predictor.spec());
        let ahead: Vec<(i64, i64)> = (end..end + i64::from(horizon))
            .map(|target| (end - 1, target))
            .collect();
        let past = background(&history, panel.frequency, horizon, end);
        let worths = match past.is_empty() {
            true => vec![None; ahead.len()],
            false => game.play(
                &Rows::of(&builder, &history, &ahead),
                &Rows::of(&builder, &history, &past),
            )?,
        };
        for (forecast, worth) in forecasts.iter().zip(worths) {
            let mean = forecast.quantiles.mean;
            let (typical, contributions) = match worth {
                Some(worth) => game.shares(&worth),
                None => (mean, [0.0; Group::ALL.len()]),
            };
            explained.push(Explanation {
                series_id: forecast.series_id.clone(),
                ts: forecast.ts,
                mean,
                typical,
                contributions,
            });
        }
    }
    Ok(explained)
}

/// The newest open steps of a series, of whole seasons, each as seen from some steps before.
fn background(
    history: &History<'_>,
    frequency: Frequency,
    horizon: u32,
    end: i64,
) -> Vec<(i64, i64)> {
    let season = frequency.season().max(1);
    let count = season * ((LEAST_BACKGROUND + season - 1) / season);
    let horizon = i64::from(horizon.max(1));
    let seen = |target: i64| (target - 1 - (end - 1 - target) % horizon).max(history.start());
    (end - count..end)
        .filter(|target| *target > history.start() && history.open_value(*target).is_finite())
        .map(|target| (seen(target), target))
        .collect()
}

/// Feature rows with the scale of each.
struct Rows {
    data: Vec<f32>,
    scales: Vec<f64>,
}

impl Rows {
    fn of(builder: &RowBuilder<'_>, history: &History<'_>, pairs: &[(i64, i64)]) -> Self {
        let mut data = Vec::with_capacity(pairs.len() * builder.names().len());
        let scales = builder.build(history, pairs, &mut data);
        Self { data, scales }
    }
}

/// Groups of columns as players, whose worth is the mean that the session predicts.
struct Game<'a> {
    session: &'a Session,
    builder: &'a RowBuilder<'a>,
    /// Groups that have a column.
    players: Vec<Group>,
    /// Position of every column's group among the players.
    player_of: Vec<usize>,
}

impl<'a> Game<'a> {
    fn of(builder: &'a RowBuilder<'a>, session: &'a Session) -> Self {
        let groups: Vec<Group> = builder.names().iter().map(|n| Group::of(n)).collect();
        let players: Vec<Group> = Group::ALL
            .into_iter()
            .filter(|g| groups.contains(g))
            .collect();
        let position = |group: &Group| players.iter().position(|p| p == group).unwrap_or(0);
        Self {
            player_of: groups.iter().map(position).collect(),
            session,
            builder,
            players,
        }
    }

    /// The worth of every set of players, by explained row: the mean over the background of what
    /// is predicted if the set's columns are those of the row and the others the background's. The
    /// scale of the series belongs to its recent demand.
    fn play(&self, rows: &Rows, background: &Rows) -> Result<Vec<Option<Vec<f64>>>, ForecastError> {
        let columns = self.player_of.len().max(1);
        let sets = 1_usize << self.players.len();
        let recent = self.players.iter().position(|p| *p == Group::Recent);
        let mut worths = Vec::with_capacity(rows.scales.len());
        for (row, own_scale) in rows.data.chunks(columns).zip(&rows.scales) {
            let mut matrix = self.builder.matrix(sets * background.scales.len());
            let mut scales = Vec::with_capacity(sets * background.scales.len());
            for set in 0..sets {
                let takes_own = |player: usize| set >> player & 1 == 1;
                for (other, scale) in background.data.chunks(columns).zip(&background.scales) {
                    let values = row.iter().zip(other).zip(&self.player_of);
                    let mixed =
                        values.map(|((own, other), &p)| if takes_own(p) { *own } else { *other });
                    matrix.data.extend(mixed);
                    matrix.rows += 1;
                    scales.push(if recent.is_some_and(takes_own) {
                        *own_scale
                    } else {
                        *scale
                    });
                }
            }
            let predicted = self.session.predict(&matrix)?;
            let means: Vec<f64> = predicted
                .iter()
                .zip(&scales)
                .map(|(q, s)| q.mean * s)
                .collect();
            let worth = means
                .chunks(background.scales.len().max(1))
                .map(|of_set| of_set.iter().sum::<f64>() / of_set.len() as f64);
            worths.push(Some(worth.collect()));
        }
        Ok(worths)
    }

    /// What is typical, and what every group adds.
    fn shares(&self, worth: &[f64]) -> (f64, [f64; Group::ALL.len()]) {
        let values = shapley::values(self.players.len(), worth);
        let of = |group: Group| {
            let player = self.players.iter().position(|p| *p == group);
            player.and_then(|p| values.get(p)).copied().unwrap_or(0.0)
        };
        (worth.first().copied().unwrap_or(0.0), Group::ALL.map(of))
    }
}
