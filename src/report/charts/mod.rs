//! The report's charts. All are drawn with twice as many units as CSS pixels, so that whole-number
//! coordinates are fine enough and the PNGs are sharp.

mod arrival;
mod axis;
mod figure;
mod forecast;
mod frame;
mod map;
mod model_scores;
mod roads;
mod sheet;
mod theme;
mod timeline;
mod travel_time;
mod value;

pub(super) use figure::{Figure, Section};
pub(super) use model_scores::write as write_model_scores;
pub(super) use sheet::write as write_forecast_sheet;

use super::data::ReportData;
use super::zone::Zone;
use figure::Drawing;

/// Most demand series, and most pairs of places, that get a chart each.
const MAX_OF_A_KIND: usize = 6;

/// All charts that the data gives ground for, in the order of the page.
pub(super) fn figures(data: &ReportData, zone: Zone) -> Vec<Figure<'_>> {
    let mut figures = Vec::new();
    figures.extend(map::RouteMap::of(data, zone).map(Drawing::Map));
    figures.extend(timeline::Timeline::of(data, zone).map(Drawing::Timeline));
    figures.extend(arrival::ArrivalErrors::of(data, zone).map(Drawing::Arrival));
    for (number, series) in data.demand.iter().take(MAX_OF_A_KIND).enumerate() {
        figures.extend(forecast::Forecast::of(series, number + 1).map(Drawing::Forecast));
    }
    for (number, pair) in data.travel_times.iter().take(MAX_OF_A_KIND).enumerate() {
        let profile = travel_time::Profile::of(pair, zone, number + 1);
        figures.extend(profile.map(Drawing::TravelTime));
    }
    if let Some(value) = &data.value {
        figures.extend(value::DayCosts::of(value, &data.currency).map(Drawing::DayCosts));
        figures.extend(value::Regret::of(value, &data.currency).map(Drawing::Regret));
    }
    figures.into_iter().map(Drawing::into_figure).collect()
}
