//! Losses of a model's candidates beside each other.

use super::axis::Axis;
use super::frame::{Canvas, Drawn, Frame};
use super::theme::{self, BLUE, GREY, PAPER};
use crate::report::error::ReportError;
use crate::report::model_card::CandidateScore;
use crate::runtime::atomic_file;
use plotters::prelude::*;
use std::path::Path;

/// In half CSS pixels.
const SIZE: (u32, u32) = (1500, 760);
/// Losses that can be drawn, with their names for people; the first that all have is.
const LOSSES: [(&str, &str); 2] = [
    ("wql", "Weighted quantile loss"),
    ("pinball_s", "Pinball loss (s)"),
];

/// Draws the candidates' losses as bars into an SVG file; `false` if there is nothing to compare.
pub fn write(candidates: &[CandidateScore], path: &Path) -> Result<bool, ReportError> {
    let found = LOSSES.iter().find_map(|(loss, name)| {
        let losses = candidates.iter().map(|c| c.metrics.get(*loss).copied());
        let losses: Vec<f64> = losses.collect::<Option<_>>()?;
        Some((losses, *name))
    });
    let Some((losses, name)) = found.filter(|(losses, _)| losses.len() > 1) else {
        return Ok(false);
    };
    theme::register_font();
    let mut text = String::new();
    {
        let canvas = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        draw(candidates, &losses, name, &canvas).map_err(|e| ReportError::Chart {
            chart: path.display().to_string(),
            problem: e.to_string(),
        })?;
    }
    atomic_file::write(path, text.as_bytes()).map_err(|source| ReportError::Io {
        path: path.to_owned(),
        source,
    })?;
    Ok(true)
}

fn draw<DB: DrawingBackend>(
    candidates: &[CandidateScore],
    losses: &[f64],
    name: &str,
    canvas: &Canvas<DB>,
) -> Drawn<DB> {
    canvas.fill(&PAPER)?;
    let high = losses.iter().copied().fold(0.0, f64::max);
    let ticks = candidates.iter().enumerate();
    let ticks = ticks.map(|(k, c)| (k as f64, c.name.clone())).collect();
    let frame = Frame {
        title: "Candidates on steps held back, lower is better".into(),
        x: Axis::with_ticks(
            -0.6..losses.len() as f64 - 0.4,
            ticks,
            "Candidate (blue: kept)".into(),
        ),
        y: Axis::numbers(0.0, high, 6, name.into()),
        legend: Vec::new(),
    };
    let mut chart = frame.draw(canvas)?;
    let bars = candidates.iter().zip(losses).enumerate();
    chart.draw_series(bars.map(|(k, (candidate, loss))| {
        let colour = if candidate.kept { BLUE } else { GREY };
        Rectangle::new(
            [(k as f64 - 0.35, 0.0), (k as f64 + 0.35, *loss)],
            colour.filled(),
        )
    }))?;
    canvas.present()
}
