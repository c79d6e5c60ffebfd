//! Map of the routes: roads, routes by vehicle, depots, stops, stops left out.
//!
//! Equirectangular projection with the true aspect ratio at the middle latitude.

use super::axis::Axis;
use super::frame::{Canvas, Chart, Drawn, Frame, Swatch, text};
use super::roads;
use super::theme::{
    DOT, INK, LINE, PAPER, RED, ROAD, SOFT_INK, TEXT_SIZE, THIN_LINE, vehicle_color,
};
use crate::domain::LatLon;
use crate::domain::plan::{Plan, Route};
use crate::domain::stop::{Stop, StopOrigin};
use crate::report::data::ReportData;
use crate::report::number::grouped;
use crate::report::zone::Zone;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::collections::{HashMap, HashSet};

/// Kilometres per degree of latitude.
const KM_PER_DEGREE: f64 = 111.195;
/// Heights of the map in canvas units.
const HEIGHTS: (f64, f64) = (900.0, 2_000.0);

pub(super) struct RouteMap<'a> {
    data: &'a ReportData,
    zone: Zone,
    stops: HashMap<&'a str, &'a Stop>,
    roads: Vec<Vec<LatLon>>,
    /// South-west and north-east corners.
    corners: (LatLon, LatLon),
}

impl<'a> RouteMap<'a> {
    /// The map, unless there is no place to show.
    pub fn of(data: &'a ReportData, zone: Zone) -> Option<Self> {
        let plan = &data.plan;
        let depots = plan.fleet.depots.iter().map(|d| d.place);
        let corners = corners(plan.stops.iter().map(|s| s.place).chain(depots))?;
        let roads = data.roads.as_ref().map_or_else(Vec::new, roads::lines);
        Some(Self {
            data,
            zone,
            stops: plan.stops.iter().map(|s| (s.id.as_str(), s)).collect(),
            roads,
            corners,
        })
    }

    /// Height that keeps the aspect ratio at a given width, within limits.
    pub fn height(&self, width: u32) -> u32 {
        let ratio = self.span_km().1 / self.span_km().0;
        (f64::from(width) * ratio + 300.0).clamp(HEIGHTS.0, HEIGHTS.1) as u32
    }

    pub fn title(&self) -> String {
        format!("Routes of {}", self.data.plan.date.format("%A, %-d %B %Y"))
    }

    pub fn description(&self) -> String {
        let plan = &self.data.plan;
        let (west_east, south_north) = self.span_km();
        let line = if self.driven_track_of(plan.routes.first()).is_some() {
            "Lines follow the positions of the vehicles as driven"
        } else {
            "Straight lines join the stops in their order"
        };
        format!(
            "Map of {} routes over {} stops, {} left out, within {} by {} km. {line}.",
            plan.routes.len(),
            plan.stops.len(),
            plan.unplanned.len(),
            grouped(west_east, 1),
            grouped(south_north, 1),
        )
    }

    fn span_km(&self) -> (f64, f64) {
        let (low, high) = self.corners;
        let shrink = ((low.lat + high.lat) / 2.0).to_radians().cos();
        let west_east = (high.lon - low.lon) * KM_PER_DEGREE * shrink;
        (west_east, (high.lat - low.lat) * KM_PER_DEGREE)
    }

    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Drawn<DB> {
        let plan = &self.data.plan;
        let mut chart = self.frame(canvas).draw(canvas)?;
        let xy = |p: LatLon| (p.lon, p.lat);
        let area = chart.plotting_area();
        let (lon, lat) = (area.get_x_range(), area.get_y_range());
        let low = LatLon {
            lat: lat.start,
            lon: lon.start,
        };
        let high = LatLon {
            lat: lat.end,
            lon: lon.end,
        };
        // The drawing library would bend lines at the border instead of cutting them.
        let cut = |line: &[LatLon]| -> Vec<Vec<(f64, f64)>> {
            let parts = roads::clipped(line, low, high).into_iter();
            parts
                .map(|part| part.into_iter().map(xy).collect())
                .collect()
        };
        let roads = self.roads.iter().flat_map(|line| cut(line));
        chart
            .draw_series(roads.map(|line| PathElement::new(line, ROAD.stroke_width(THIN_LINE))))?;
        for (index, route) in plan.routes.iter().enumerate() {
            let color = vehicle_color(index);
            let style = color.mix(0.85).stroke_width(LINE);
            let parts = cut(&self.line_of(plan, route)).into_iter();
            chart.draw_series(parts.map(|part| PathElement::new(part, style)))?;
            for visit in &route.visits {
                let Some(stop) = self.stops.get(visit.stop_id.as_str()) else {
                    continue;
                };
                let at = xy(stop.place);
                let halo = Circle::new(at, DOT + 3, PAPER.filled());
                chart.draw_series([halo])?;
                chart.draw_series([match stop.origin {
                    StopOrigin::Ordered => Circle::new(at, DOT, color.filled()),
                    StopOrigin::Forecast => Circle::new(at, DOT, color.stroke_width(LINE)),
                }])?;
            }
        }
        self.draw_left_out_and_depots(&mut chart)?;
        self.draw_scale(&chart)
    }

    fn draw_left_out_and_depots<DB: DrawingBackend>(&self, chart: &mut Chart<'_, DB>) -> Drawn<DB> {
        let plan = &self.data.plan;
        let left_out = plan
            .unplanned
            .iter()
            .filter_map(|u| self.stops.get(u.stop_id.as_str()));
        let left_out: Vec<_> = left_out.map(|s| (s.place.lon, s.place.lat)).collect();
        chart.draw_series(
            left_out
                .iter()
                .map(|at| Cross::new(*at, DOT + 6, PAPER.stroke_width(11))),
        )?;
        chart.draw_series(
            left_out
                .iter()
                .map(|at| Cross::new(*at, DOT + 5, RED.stroke_width(6))),
        )?;
        let style = text(TEXT_SIZE, INK).pos(Pos::new(HPos::Left, VPos::Center));
        for depot in &plan.fleet.depots {
            let at = (depot.place.lon, depot.place.lat);
            let (x, y) = chart.backend_coord(&at);
            let area = chart.plotting_area().strip_coord_spec();
            let (x, y) = (
                x - area.get_pixel_range().0.start,
                y - area.get_pixel_range().1.start,
            );
            area.draw(&Rectangle::new(
                [(x - 16, y - 16), (x + 16, y + 16)],
                PAPER.filled(),
            ))?;
            area.draw(&Rectangle::new(
                [(x - 12, y - 12), (x + 12, y + 12)],
                INK.filled(),
            ))?;
            area.draw_text(&depot.id, &style, (x + 22, y))?;
        }
        Ok(())
    }

    /// A bar of a round number of kilometres in the lower left corner.
    fn draw_scale<DB: DrawingBackend>(&self, chart: &Chart<'_, DB>) -> Drawn<DB> {
        let area = chart.plotting_area().strip_coord_spec();
        let (width, height) = area.dim_in_pixel();
        let range = chart.plotting_area().get_x_range();
        let middle = (self.corners.0.lat + self.corners.1.lat) / 2.0;
        let km = (range.end - range.start) * KM_PER_DEGREE * middle.to_radians().cos();
        let steps = [
            0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0,
        ];
        let length_km = steps
            .into_iter()
            .rev()
            .find(|s| *s <= km / 5.0)
            .unwrap_or(0.1);
        let length = (length_km / km * f64::from(width)) as i32;
        let (x, y) = (30, height as i32 - 30);
        let bar = vec![(x, y - 12), (x, y), (x + length, y), (x + length, y - 12)];
        let back = [(x - 14, y - 62), (x + length + 14, y + 14)];
        area.draw(&Rectangle::new(back, PAPER.mix(0.8).filled()))?;
        area.draw(&PathElement::new(bar, INK.stroke_width(LINE)))?;
        let style = text(TEXT_SIZE, INK).pos(Pos::new(HPos::Center, VPos::Bottom));
        let label = format!("{length_km} km");
        area.draw_text(&label, &style, (x + length / 2, y - 16))
    }

    /// Axes that keep the aspect ratio on this canvas.
    fn frame<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Frame {
        let (low, high) = self.corners;
        let middle = LatLon {
            lat: (low.lat + high.lat) / 2.0,
            lon: (low.lon + high.lon) / 2.0,
        };
        let shrink = middle.lat.to_radians().cos();
        let legend = self.legend();
        // The plot's own size, about: the canvas without title, legend and labels.
        let lines = legend.len() as f64 / 7.0;
        let (width, height) = canvas.dim_in_pixel();
        let room = (
            f64::from(width) - 270.0,
            f64::from(height) - 190.0 - 46.0 * lines.ceil(),
        );
        let (wide, tall) = self.span_km();
        let km_per_unit = (wide / room.0).max(tall / room.1);
        let half_lat = room.1 * km_per_unit / KM_PER_DEGREE / 2.0;
        let half_lon = room.0 * km_per_unit / KM_PER_DEGREE / shrink / 2.0;
        let lon = middle.lon - half_lon..middle.lon + half_lon;
        let lat = middle.lat - half_lat..middle.lat + half_lat;
        Frame {
            title: self.title(),
            x: Axis::exact(lon, 8, "°", "Longitude (degrees east, WGS 84)".into()),
            y: Axis::exact(lat, 6, "°", "Latitude (degrees north, WGS 84)".into()),
            legend,
        }
    }

    fn legend(&self) -> Vec<(Swatch, String)> {
        let plan = &self.data.plan;
        let mut legend: Vec<_> = plan
            .routes
            .iter()
            .enumerate()
            .map(|(index, route)| {
                let departure = self.zone.clock(route.departure);
                let label = format!(
                    "{}, {} stops, {departure}",
                    route.vehicle_id,
                    route.visits.len()
                );
                (Swatch::Line(vehicle_color(index)), label)
            })
            .collect();
        legend.push((Swatch::Square(INK), "Depot".into()));
        legend.push((Swatch::Dot(SOFT_INK), "Ordered stop".into()));
        if plan.stops.iter().any(|s| s.origin == StopOrigin::Forecast) {
            legend.push((Swatch::Ring(SOFT_INK), "Forecast stop".into()));
        }
        if !plan.unplanned.is_empty() {
            legend.push((Swatch::Cross(RED), "Left out".into()));
        }
        if !self.roads.is_empty() {
            legend.push((Swatch::Line(ROAD), "Road".into()));
        }
        legend
    }

    /// Where the vehicle was, if it was tracked; otherwise straight from stop to stop.
    fn line_of(&self, plan: &Plan, route: &Route) -> Vec<LatLon> {
        if let Some(track) = self.driven_track_of(Some(route)) {
            return track;
        }
        let depot = |id: Option<&String>| {
            let found = id.and_then(|id| plan.fleet.depots.iter().find(|d| d.id == *id));
            found.map(|d| d.place)
        };
        let vehicle = plan
            .fleet
            .vehicles
            .iter()
            .find(|v| v.id == route.vehicle_id);
        let stops = route
            .visits
            .iter()
            .filter_map(|v| self.stops.get(v.stop_id.as_str()));
        depot(vehicle.map(|v| &v.start_depot))
            .into_iter()
            .chain(stops.map(|s| s.place))
            .chain(depot(vehicle.and_then(|v| v.end_depot.as_ref())))
            .collect()
    }

    fn driven_track_of(&self, route: Option<&Route>) -> Option<Vec<LatLon>> {
        let (route, day) = (route?, self.data.day.as_ref()?);
        let mut seen = HashSet::new();
        let track: Vec<_> = day
            .positions
            .iter()
            .filter(|p| p.vehicle_id == route.vehicle_id && seen.insert(p.ts))
            .map(|p| p.place)
            .collect();
        (track.len() > route.visits.len()).then_some(track)
    }
}

/// Bounding box with a margin, at least about a kilometre wide.
fn corners(places: impl Iterator<Item = LatLon>) -> Option<(LatLon, LatLon)> {
    let boxed = places.fold(None, |found: Option<(LatLon, LatLon)>, p| {
        let (a, b) = found.unwrap_or((p, p));
        let low = LatLon {
            lat: a.lat.min(p.lat),
            lon: a.lon.min(p.lon),
        };
        let high = LatLon {
            lat: b.lat.max(p.lat),
            lon: b.lon.max(p.lon),
        };
        Some((low, high))
    });
    let (low, high) = boxed?;
    let lat = 0.04 * (high.lat - low.lat) + 0.004;
    let lon = 0.04 * (high.lon - low.lon) + 0.004;
    Some((
        LatLon {
            lat: low.lat - lat,
            lon: low.lon - lon,
        },
        LatLon {
            lat: high.lat + lat,
            lon: high.lon + lon,
        },
    ))
}
