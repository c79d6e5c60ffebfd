//! What all charts share: title, legend, axes with titles, grid.

use super::axis::Axis;
use super::theme::{DOT, FAMILY, GRID, INK, LINE, SOFT_INK, TEXT_SIZE, THIN_LINE, TITLE_SIZE};
use plotters::chart::ChartContext;
use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub(super) type Canvas<DB> = DrawingArea<DB, Shift>;
pub(super) type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;
pub(super) type Chart<'a, DB> = ChartContext<'a, DB, Cartesian2d<Axis, Axis>>;

/// Height of the strip for the title, and of one line of the legend.
const TITLE_STRIP: i32 = 56;
const LEGEND_LINE: i32 = 46;
const MARGIN: i32 = 24;
/// Viewers' fonts are wider than the one that widths are estimated with.
const WIDTH_RESERVE: f64 = 1.12;

/// How an entry of the legend looks.
#[derive(Clone, Copy)]
pub(super) enum Swatch {
    Line(RGBColor),
    Dashed(RGBColor),
    Band(RGBColor, f64),
    Dot(RGBColor),
    Ring(RGBColor),
    Cross(RGBColor),
    Square(RGBColor),
}

/// Title, axes and legend of a chart.
pub(super) struct Frame {
    pub title: String,
    pub x: Axis,
    pub y: Axis,
    pub legend: Vec<(Swatch, String)>,
}

impl Frame {
    /// Draws everything except the data, and gives the chart to draw the data on.
    pub fn draw<'a, DB: DrawingBackend + 'a>(
        self,
        canvas: &Canvas<DB>,
    ) -> Result<Chart<'a, DB>, DrawingAreaErrorKind<DB::ErrorType>> {
        let below = heading(canvas, &self.title, &self.legend)?;
        let label_width = text_width(&below, self.y.longest_label(), TEXT_SIZE);
        let (x_title, y_title) = (self.x.title.clone(), self.y.title.clone());
        let ticks = (self.x.tick_count().max(1), self.y.tick_count().max(1));
        let mut chart = ChartBuilder::on(&below)
            .margin_right(MARGIN + 20)
            .margin_top(14)
            .margin_left(6)
            .x_label_area_size(96)
            .y_label_area_size(label_width + 78)
            .build_cartesian_2d(self.x, self.y)?;
        chart
            .configure_mesh()
            .x_labels(ticks.0)
            .y_labels(ticks.1)
            .max_light_lines(0)
            .bold_line_style(GRID.stroke_width(THIN_LINE))
            .axis_style(SOFT_INK.stroke_width(THIN_LINE))
            .label_style(text(TEXT_SIZE, SOFT_INK))
            .axis_desc_style(text(TEXT_SIZE, INK))
            .x_desc(x_title)
            .y_desc(y_title)
            .draw()?;
        Ok(chart)
    }
}

/// Draws the title and the legend, and gives the area below them.
pub(super) fn heading<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    title: &str,
    legend: &[(Swatch, String)],
) -> Result<Canvas<DB>, DrawingAreaErrorKind<DB::ErrorType>> {
    let width = canvas.dim_in_pixel().0 as i32;
    let bold = (FAMILY, TITLE_SIZE).into_font().style(FontStyle::Bold);
    let bold = bold.color(&INK).pos(Pos::new(HPos::Left, VPos::Top));
    canvas.draw_text(
        &shortened(canvas, title, width - 2 * MARGIN),
        &bold,
        (MARGIN, 14),
    )?;
    let (mut x, mut line) = (MARGIN, 0);
    for (swatch, label) in legend {
        let needed = 62 + text_width(canvas, label, TEXT_SIZE) + 34;
        if x > MARGIN && x + needed > width {
            x = MARGIN;
            line += 1;
        }
        let y = TITLE_STRIP + 12 + line * LEGEND_LINE + LEGEND_LINE / 2;
        draw_swatch(canvas, *swatch, (x, y))?;
        let style = text(TEXT_SIZE, SOFT_INK).pos(Pos::new(HPos::Left, VPos::Center));
        canvas.draw_text(label, &style, (x + 62, y))?;
        x += needed;
    }
    let lines = if legend.is_empty() { 0 } else { line + 1 };
    let strip = TITLE_STRIP + 12 + lines * LEGEND_LINE;
    Ok(canvas.split_vertically(strip).1)
}

fn draw_swatch<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    swatch: Swatch,
    (x, y): (i32, i32),
) -> Drawn<DB> {
    let line = |from, to| vec![(x + from, y), (x + to, y)];
    let middle = (x + 24, y);
    match swatch {
        Swatch::Line(c) => canvas.draw(&PathElement::new(line(0, 48), c.stroke_width(LINE))),
        Swatch::Dashed(c) => {
            for from in [0, 18, 36] {
                let dash = line(from, from + 12);
                canvas.draw(&PathElement::new(dash, c.stroke_width(LINE)))?;
            }
            Ok(())
        }
        Swatch::Band(c, alpha) => {
            let corners = [(x, y - 13), (x + 48, y + 13)];
            canvas.draw(&Rectangle::new(corners, c.mix(alpha).filled()))
        }
        Swatch::Dot(c) => canvas.draw(&Circle::new(middle, DOT + 2, c.filled())),
        Swatch::Ring(c) => canvas.draw(&Circle::new(middle, DOT + 2, c.stroke_width(LINE))),
        Swatch::Cross(c) => canvas.draw(&Cross::new(middle, DOT + 5, c.stroke_width(LINE + 2))),
        Swatch::Square(c) => {
            let corners = [(x + 12, y - 12), (x + 36, y + 12)];
            canvas.draw(&Rectangle::new(corners, c.filled()))
        }
    }
}

/// Text of a size and colour in the charts' font.
pub(super) fn text(size: u32, color: RGBColor) -> TextStyle<'static> {
    (FAMILY, size).into_font().color(&color)
}

/// Width of a text in canvas units, with a reserve for other fonts.
pub(super) fn text_width<DB: DrawingBackend>(canvas: &Canvas<DB>, label: &str, size: u32) -> i32 {
    let estimated = canvas.estimate_text_size(label, &text(size, INK));
    let width = estimated.map_or(label.chars().count() as u32 * size / 2, |(w, _)| w);
    (f64::from(width) * WIDTH_RESERVE).ceil() as i32
}

/// A title that fits, cut with an ellipsis if it must be.
fn shortened<DB: DrawingBackend>(canvas: &Canvas<DB>, title: &str, width: i32) -> String {
    let mut kept = title.to_owned();
    while text_width(canvas, &kept, TITLE_SIZE) > width && kept.chars().count() > 4 {
        kept = kept.trim_end_matches('…').to_owned();
        kept.pop();
        kept.push('…');
    }
    kept
}
