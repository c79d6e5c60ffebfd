//! Several forecasts on one sheet.

use super::forecast::Forecast;
use super::frame::{Canvas, Drawn};
use super::theme::{self, PAPER};
use crate::report::data::DemandSeries;
use crate::report::error::ReportError;
use crate::runtime::atomic_file;
use plotters::prelude::*;
use std::path::Path;

/// Size of one chart, in half CSS pixels.
const CHART: (u32, u32) = (1300, 720);

/// Draws a sheet into a file: PNG if it is called so, otherwise SVG.
pub fn write(series: &[DemandSeries], path: &Path) -> Result<(), ReportError> {
    let numbered = series.iter().enumerate();
    let charts: Vec<Forecast<'_>> = numbered
        .filter_map(|(number, series)| Forecast::of(series, number + 1))
        .collect();
    let columns = charts.len().clamp(1, 2);
    let rows = charts.len().div_ceil(columns).max(1);
    let size = (CHART.0 * columns as u32, CHART.1 * rows as u32);
    let failed = |problem: String| ReportError::Chart {
        chart: path.display().to_string(),
        problem,
    };
    theme::register_font();
    let png = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("png"));
    if png {
        let canvas = BitMapBackend::new(path, size).into_drawing_area();
        return draw(&charts, &canvas, (rows, columns)).map_err(|e| failed(e.to_string()));
    }
    let mut text = String::new();
    {
        let canvas = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&charts, &canvas, (rows, columns)).map_err(|e| failed(e.to_string()))?;
    }
    atomic_file::write(path, text.as_bytes()).map_err(|source| ReportError::Io {
        path: path.to_owned(),
        source,
    })
}

fn draw<DB: DrawingBackend>(
    charts: &[Forecast<'_>],
    canvas: &Canvas<DB>,
    grid: (usize, usize),
) -> Drawn<DB> {
    canvas.fill(&PAPER)?;
    for (chart, part) in charts.iter().zip(canvas.split_evenly(grid)) {
        chart.draw(&part)?;
    }
    canvas.present()
}
