//! Positions of a vehicle that drives or stands, at even intervals.

use crate::domain::LatLon;
use crate::domain::day_record::Position;
use chrono::{DateTime, TimeDelta, Utc};

/// A drive along a course.
#[derive(Debug, Clone, Copy)]
pub struct Drive<'a> {
    /// Places passed, each with the share of the duration at which it is; ascending.
    pub course: &'a [(LatLon, f64)],
    /// When it starts.
    pub depart: DateTime<Utc>,
    /// How long it takes in seconds.
    pub duration_s: i64,
}

impl Drive<'_> {
    /// Fixes from departure up to, not including, arrival.
    pub fn fixes(&self, vehicle_id: &str, interval_s: u32) -> Vec<Position> {
        let interval_s = i64::from(interval_s.max(1));
        let mut fixes = Vec::new();
        let mut elapsed_s = 0;
        let mut at = 0;
        while elapsed_s < self.duration_s {
            let share = elapsed_s as f64 / self.duration_s as f64;
            while at + 2 < self.course.len() && self.course[at + 1].1 <= share {
                at += 1;
            }
            if let [(from, start), (to, end), ..] = self.course[at..] {
                let part = ((share - start) / (end - start).max(1e-9)).clamp(0.0, 1.0);
                let seconds = ((end - start) * self.duration_s as f64).max(1.0);
                fixes.push(Position {
                    vehicle_id: vehicle_id.to_owned(),
                    ts: self.depart + TimeDelta::seconds(elapsed_s),
                    place: LatLon {
                        lat: from.lat + (to.lat - from.lat) * part,
                        lon: from.lon + (to.lon - from.lon) * part,
                    },
                    speed_kmh: (from.great_circle_m(to) / seconds * 3.6) as f32,
                    heading_deg: from.bearing_deg(to) as f32,
                });
            }
            elapsed_s += interval_s;
        }
        fixes
    }
}

/// Fixes of a vehicle that stands at `place` from `start` up to, not including, `end`.
pub fn standing(
    vehicle_id: &str,
    place: LatLon,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    interval_s: u32,
) -> Vec<Position> {
    let step = TimeDelta::seconds(i64::from(interval_s.max(1)));
    let times =
        std::iter::successors(Some(start), |ts| Some(*ts + step)).take_while(|ts| *ts < end);
    times
        .map(|ts| Position {
            vehicle_id: vehicle_id.to_owned(),
            ts,
            place,
            speed_kmh: 0.0,
            heading_deg: 0.0,
        })
        .collect()
}
