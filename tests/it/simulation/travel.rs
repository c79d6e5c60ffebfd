//! Simulated travel: FIFO within a day, rush hours, roads to drive on.

use super::{small_options, small_world};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use routeforce::simulation::{TravelTruth, World};

fn hour(world: &World, date: chrono::NaiveDate, hours: f64) -> DateTime<Utc> {
    let midnight = date.and_hms_opt(0, 0, 0).unwrap();
    let zone = world.time_zone();
    let start = midnight.and_local_timezone(zone).unwrap().to_utc();
    start + TimeDelta::seconds((hours * 3_600.0) as i64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn leaving_later_never_arrives_earlier(seed in 0_u64..1_000, day in 0_u64..60, a in 0_usize..20, b in 0_usize..20) {
        let world = small_world(seed);
        let date = world.history_start() + chrono::Days::new(day);
        let (from, to) = (world.sites()[a].place, world.sites()[b].place);
        let mut last = i64::MIN;
        for quarter in 0..(24 * 12) {
            let depart = hour(&world, date, f64::from(quarter) / 12.0);
            let millis = (world.duration_s(from, to, depart, "truck") * 1_000.0) as i64;
            let arrival = depart.timestamp_millis() + millis;
            prop_assert!(arrival >= last, "{date} {quarter}");
            last = arrival;
        }
    }
}

#[test]
fn the_longest_ways_are_fifo_on_every_day_of_a_quarter() {
    let world = World::new(
        9,
        routeforce::simulation::WorldOptions {
            history_days: 90,
            ..small_options()
        },
    )
    .unwrap();
    let city = world.city();
    let connected: Vec<_> = (0..city.nodes().len())
        .filter(|&n| city.is_reachable(n as u32))
        .collect();
    let corner = |n: usize| city.nodes()[n];
    let (from, to) = (corner(connected[0]), corner(*connected.last().unwrap()));
    for date in world.history_start().iter_days().take(90) {
        let arrivals = (0..24 * 12).map(|quarter| {
            let depart = hour(&world, date, f64::from(quarter) / 12.0);
            depart.timestamp() as f64 + world.duration_s(from, to, depart, "truck")
        });
        let arrivals: Vec<f64> = arrivals.collect();
        assert!(arrivals.is_sorted(), "{date}");
    }
}

#[test]
fn rush_hours_are_slow_and_mostly_inbound_in_the_morning() {
    let world = World::new(
        3,
        routeforce::simulation::WorldOptions {
            incidents: false,
            ..small_options()
        },
    )
    .unwrap();
    let centre = routeforce::simulation::city::CENTRE;
    let edge = world
        .city()
        .nodes()
        .iter()
        .copied()
        .filter(|n| n.great_circle_m(centre) > 6_000.0)
        .take(40);
    // Tuesday, 15 September 2026.
    let date = chrono::NaiveDate::from_ymd_opt(2026, 9, 15).unwrap();
    let (mut night, mut morning_in, mut morning_out) = (0.0, 0.0, 0.0);
    for place in edge {
        night += world.duration_s(place, centre, hour(&world, date, 3.0), "van");
        morning_in += world.duration_s(place, centre, hour(&world, date, 7.8), "van");
        morning_out += world.duration_s(centre, place, hour(&world, date, 7.8), "van");
    }
    assert!(morning_in > 1.3 * night, "{morning_in} {night}");
    assert!(morning_in > 1.1 * morning_out, "{morning_in} {morning_out}");
}

#[test]
fn courses_start_and_end_at_the_places_and_are_as_long_as_the_distance() {
    let world = small_world(7);
    let depart = hour(&world, world.planning_date(), 9.0);
    for pair in world.sites().windows(2) {
        let (from, to) = (pair[0].place, pair[1].place);
        let course = world.course(from, to, depart, "van");
        assert_eq!(course.first().map(|p| p.0), Some(from));
        assert_eq!(course.last().map(|p| p.0), Some(to));
        assert!(course.is_sorted_by(|a, b| a.1 <= b.1));
        let metres: f64 = course
            .windows(2)
            .map(|w| w[0].0.great_circle_m(w[1].0))
            .sum();
        let distance = world.distance_m(from, to, depart, "van");
        assert!(
            (metres - distance).abs() < 1.0 + 0.001 * distance,
            "{metres} {distance}"
        );
    }
}

#[test]
fn the_map_is_geojson_of_every_class() {
    let world = small_world(1);
    let map = world.roads_geojson();
    assert_eq!(map["type"], "FeatureCollection");
    let features = map["features"].as_array().unwrap();
    for class in ["street", "arterial", "ring", "bridge", "river"] {
        assert!(
            features.iter().any(|f| f["properties"]["class"] == class),
            "{class}"
        );
    }
    let bridges = features
        .iter()
        .filter(|f| f["properties"]["class"] == "bridge")
        .count();
    assert!((3..=6).contains(&bridges), "{bridges}");
}
