//! Drives between two stands, out of positions: trips of vehicles that nobody wrote a table for.

use super::traces::Position;
use super::travel::Trips;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// A vehicle that stays within this distance, in metres, …
const STAND_M: f64 = 60.0;
/// … for so long, in seconds, stands; traffic lights and jams hold it for less.
const STAND_S: f64 = 180.0;
/// Longest time between two positions of one drive, in seconds.
const LONGEST_GAP_S: f64 = 300.0;
/// Shortest drive that says anything of traffic, in metres of great circle.
const SHORTEST_M: f64 = 300.0;

/// A drive from one stand to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Drive {
    first: usize,
    last: usize,
}

/// The drives of all traces as a table of trips, in order of departure: each from the end of a stand to
/// the begin of the next one. A drive that has not ended at a stand, or lacks positions for five
/// minutes, is none. Positions tell instants: their times count from 1970.
pub fn drives(traces: &BTreeMap<String, Vec<Position>>, source: &str, time_zone: Tz) -> Trips {
    let mut trips = Trips {
        source: source.to_owned(),
        time_zone,
        trip_id: Vec::new(),
        origin: Vec::new(),
        destination: Vec::new(),
        depart: Vec::new(),
        duration_s: Vec::new(),
        distance_m: Vec::new(),
        profile: None,
        split: None,
    };
    for (id, positions) in traces {
        for (number, drive) in of_trace(positions).into_iter().enumerate() {
            let (start, end) = (positions[drive.first], positions[drive.last]);
            let Some(depart) = instant(start.time_s) else {
                continue;
            };
            let along = positions[drive.first..=drive.last].windows(2);
            trips.trip_id.push(format!("{id}/{number}"));
            trips.origin.push(start.at);
            trips.destination.push(end.at);
            trips.depart.push(depart);
            trips.duration_s.push(end.time_s - start.time_s);
            trips
                .distance_m
                .push(along.map(|w| w[0].at.great_circle_m(w[1].at)).sum());
        }
    }
    let mut order: Vec<usize> = (0..trips.len()).collect();
    order.sort_by_key(|&trip| trips.depart[trip]);
    trips.select(&order)
}

fn instant(time_s: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis((time_s * 1e3).round() as i64)
}

fn of_trace(positions: &[Position]) -> Vec<Drive> {
    let mut drives = Vec::new();
    let stands = stands(positions);
    for pair in stands.windows(2) {
        let drive = Drive {
            first: pair[0].last,
            last: pair[1].first,
        };
        let along = positions[drive.first..=drive.last].windows(2);
        let mut gaps = along.map(|w| w[1].time_s - w[0].time_s);
        let far = positions[drive.first]
            .at
            .great_circle_m(positions[drive.last].at);
        if far >= SHORTEST_M && gaps.all(|gap| gap <= LONGEST_GAP_S) {
            drives.push(drive);
        }
    }
    drives
}

/// Where the vehicle stands: longest runs of positions that stay near their first one for long enough.
fn stands(positions: &[Position]) -> Vec<Drive> {
    let mut stands = Vec::new();
    let mut first = 0;
    while first < positions.len() {
        let stays = |p: &&Position| p.at.great_circle_m(positions[first].at) <= STAND_M;
        let last = first + positions[first..].iter().take_while(stays).count() - 1;
        if positions[last].time_s - positions[first].time_s >= STAND_S {
            stands.push(Drive { first, last });
            first = last + 1;
        } else {
            first += 1;
        }
    }
    stands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LatLon;

    /// A trace with a position every 15 s, from (metres east, seconds) way points.
    fn trace(points: &[(f64, f64)]) -> Vec<Position> {
        let end = points.last().unwrap().1;
        (0..)
            .map(|i| f64::from(i) * 15.0)
            .take_while(|t| *t <= end)
            .enumerate()
            .map(|(row, t)| {
                let after = points.iter().position(|p| p.1 >= t).unwrap().max(1);
                let (a, b) = (points[after - 1], points[after]);
                let east = a.0 + (b.0 - a.0) * (t - a.1) / (b.1 - a.1);
                Position {
                    row,
                    at: LatLon {
                        lat: 0.0,
                        lon: east / 111_195.0,
                    },
                    time_s: 1_700_000_000.0 + t,
                    accuracy_m: None,
                    heading_deg: None,
                }
            })
            .collect()
    }

    fn drives_of(positions: Vec<Position>) -> Trips {
        let traces = BTreeMap::from([("van".to_owned(), positions)]);
        drives(&traces, "test", chrono_tz::UTC)
    }

    #[test]
    fn a_drive_runs_from_stand_to_stand_and_through_a_red_light() {
        let found = drives_of(trace(&[
            (0.0, 0.0),
            (0.0, 600.0),
            (2_000.0, 800.0),
            (2_000.0, 890.0),
            (5_000.0, 1_190.0),
            (5_000.0, 1_600.0),
        ]));
        assert_eq!(found.len(), 1);
        assert!((found.duration_s[0] - 590.0).abs() <= 30.0);
        assert!((found.distance_m[0] - 5_000.0).abs() < 130.0);
        assert_eq!(found.depart[0].timestamp(), 1_700_000_600);
    }

    #[test]
    fn a_drive_under_way_and_one_with_a_hole_are_none() {
        let mut whole = trace(&[(0.0, 0.0), (0.0, 600.0), (9_000.0, 1_500.0)]);
        assert!(drives_of(whole.clone()).is_empty());
        whole = trace(&[
            (0.0, 0.0),
            (0.0, 600.0),
            (9_000.0, 1_500.0),
            (9_000.0, 2_000.0),
        ]);
        assert_eq!(drives_of(whole.clone()).len(), 1);
        whole.retain(|p| !(700.0..1_100.0).contains(&(p.time_s - 1_700_000_000.0)));
        assert!(drives_of(whole).is_empty());
    }

    #[test]
    fn no_positions_are_no_drives() {
        assert!(drives_of(Vec::new()).is_empty());
    }
}
