//! Plans for the tests: one made by hand, and a naive planner for simulated days.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use routeforce::domain::LatLon;
use routeforce::domain::fleet::{Depot, Fleet, Quantities, Vehicle};
use routeforce::domain::forecast::Quantiles;
use routeforce::domain::plan::{CostParts, Plan, PlanBasis, Route, SearchRecord, Visit};
use routeforce::domain::stop::{Stop, StopOrigin, TimeWindow};
use routeforce::simulation::{TravelTruth, World};
use uuid::Uuid;

/// Monday, 2 March 2026, planned in UTC so that hours are easy to read.
pub fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

/// A time of that day.
pub fn at(hour: u32, minute: u32) -> DateTime<Utc> {
    date().and_hms_opt(hour, minute, 0).unwrap().and_utc()
}

/// Amounts in kg.
pub fn kg(amount: f64) -> Quantities {
    [("kg".to_owned(), amount)].into()
}

/// A stop at 50.0 north and 10.0 + `offset` east, to be served between two full hours.
pub fn stop(id: &str, offset: f64, amount: f64, hours: Option<(u32, u32)>) -> Stop {
    let windows = hours.map(|(from, to)| TimeWindow {
        start: at(from, 0),
        end: at(to, 0),
    });
    Stop {
        id: id.into(),
        site_id: format!("site-{id}"),
        place: LatLon {
            lat: 50.0,
            lon: 10.0 + offset,
        },
        quantities: kg(amount),
        service_s: 600,
        service_sd_s: None,
        windows: windows.into_iter().collect(),
        skills: Vec::new(),
        penalty: Some(40.0),
        origin: StopOrigin::Ordered,
    }
}

/// One depot at 50.0 north, 10.0 east, and one van of 100 kg from 8 to 12 o'clock.
pub fn small_fleet() -> Fleet {
    let depot = Depot {
        id: "D".into(),
        place: LatLon {
            lat: 50.0,
            lon: 10.0,
        },
    };
    let van = Vehicle {
        id: "van-1".into(),
        profile: "van".into(),
        start_depot: "D".into(),
        end_depot: Some("D".into()),
        capacity: kg(100.0),
        shift_start: NaiveTime::from_hms_opt(8, 0, 0).unwrap(),
        shift_end: NaiveTime::from_hms_opt(12, 0, 0).unwrap(),
        fixed_cost: 50.0,
        cost_per_km: 0.5,
        cost_per_hour: 30.0,
        skills: Vec::new(),
        max_distance_km: None,
        max_duration_h: None,
        max_stops: None,
        service_factor: None,
    };
    Fleet {
        depots: vec![depot],
        vehicles: vec![van],
    }
}

/// What a naive planner expects of a leg: seconds and metres.
pub type Expected<'a> = dyn Fn(LatLon, LatLon, DateTime<Utc>, &str) -> (Quantiles, f64) + 'a;

/// A plan that drives the given stops in the given order, one list per vehicle, leaving at
/// `departure`.
pub fn plan(
    date: NaiveDate,
    time_zone: &str,
    fleet: Fleet,
    stops: Vec<Stop>,
    tours: &[Vec<usize>],
    departure: DateTime<Utc>,
    expected: &Expected<'_>,
) -> Plan {
    let tours = tours
        .iter()
        .enumerate()
        .filter(|(_, tour)| !tour.is_empty());
    let routes: Vec<Route> = tours
        .map(|(vehicle, tour)| {
            let tour: Vec<&Stop> = tour.iter().map(|&s| &stops[s]).collect();
            route(&fleet, &fleet.vehicles[vehicle], &tour, departure, expected)
        })
        .collect();
    let mut cost = CostParts::default();
    for route in &routes {
        cost += route.cost;
    }
    Plan {
        id: Uuid::from_u128(1),
        date,
        time_zone: time_zone.into(),
        created_at: departure - TimeDelta::hours(12),
        code_version: "test".into(),
        basis: PlanBasis::Predicted,
        models: Vec::new(),
        costs_sha256: String::new(),
        search: SearchRecord {
            seed: 0,
            time_limit_s: 0.0,
            iterations: 0,
            elapsed_s: 0.0,
        },
        fleet,
        stops,
        routes,
        unplanned: Vec::new(),
        cost,
    }
}

fn route(
    fleet: &Fleet,
    vehicle: &Vehicle,
    tour: &[&Stop],
    departure: DateTime<Utc>,
    expected: &Expected<'_>,
) -> Route {
    let depot = fleet
        .depots
        .iter()
        .find(|d| d.id == vehicle.start_depot)
        .unwrap()
        .place;
    let mut load = Quantities::new();
    for (name, amount) in tour.iter().flat_map(|s| &s.quantities) {
        *load.entry(name.clone()).or_default() += amount;
    }
    let (mut now, mut place, mut variance) = (departure, depot, 0.0_f64);
    let (mut distance_m, mut driving_s, mut waiting_s, mut service_s) = (0, 0, 0, 0);
    let mut visits = Vec::new();
    let mut on_board = load.clone();
    for stop in tour {
        let (leg, metres) = expected(place, stop.place, now, &vehicle.profile);
        now += TimeDelta::seconds(leg.mean.round() as i64);
        variance += ((leg.p90 - leg.p50) / 1.28).powi(2) + 60.0_f64.powi(2);
        let open = stop
            .windows
            .iter()
            .find(|w| now <= w.end)
            .map_or(now, |w| w.start);
        let start = now.max(open);
        let closes = stop
            .windows
            .last()
            .map_or(f64::MAX, |w| (w.end - now).num_seconds() as f64);
        let late = 1.0 / (1.0 + (1.7 * closes / variance.sqrt()).exp());
        for (name, amount) in &stop.quantities {
            *on_board.get_mut(name).unwrap() -= amount;
        }
        let wait_s = (start - now).num_seconds();
        visits.push(Visit {
            stop_id: stop.id.clone(),
            arrival_p50: now,
            arrival_p90: now + TimeDelta::seconds((1.28 * variance.sqrt()) as i64),
            arrival: now,
            service_start: start,
            departure: start + TimeDelta::seconds(i64::from(stop.service_s)),
            waiting_s: wait_s as u32,
            late_probability: late,
            load_after: on_board.clone(),
            leg_distance_m: metres as u32,
            leg_driving_s: leg.mean.round() as u32,
        });
        distance_m += metres as u64;
        driving_s += leg.mean.round() as u64;
        waiting_s += wait_s as u64;
        service_s += u64::from(stop.service_s);
        now = start + TimeDelta::seconds(i64::from(stop.service_s));
        place = stop.place;
    }
    let (leg, metres) = expected(place, depot, now, &vehicle.profile);
    now += TimeDelta::seconds(leg.mean.round() as i64);
    distance_m += metres as u64;
    driving_s += leg.mean.round() as u64;
    let hours = (now - departure).num_seconds() as f64 / 3_600.0;
    Route {
        vehicle_id: vehicle.id.clone(),
        departure,
        end: now,
        load,
        visits,
        distance_m,
        driving_s,
        waiting_s,
        service_s,
        cost: CostParts {
            fixed: vehicle.fixed_cost,
            distance: distance_m as f64 / 1_000.0 * vehicle.cost_per_km,
            duration: hours * vehicle.cost_per_hour,
            unplanned: 0.0,
        },
    }
}

/// What a perfectly calibrated model would know of a leg: how long it took on earlier working days
/// at the same time of day.
pub fn learned(
    world: &World,
    from: LatLon,
    to: LatLon,
    depart: DateTime<Utc>,
    profile: &str,
) -> (Quantiles, f64) {
    let past = (1..=70).map(|days| depart - TimeDelta::days(days));
    let working = past.filter(|t| {
        let weekday = chrono::Datelike::weekday(&t.with_timezone(&world.time_zone()));
        !matches!(weekday, chrono::Weekday::Sat | chrono::Weekday::Sun)
    });
    let mut seconds: Vec<f64> = working
        .map(|t| world.duration_s(from, to, t, profile))
        .collect();
    seconds.sort_by(f64::total_cmp);
    let quantile = |share: f64| seconds[(share * (seconds.len() - 1) as f64).round() as usize];
    let mean = seconds.iter().sum::<f64>() / seconds.len() as f64;
    let quantiles = Quantiles {
        p10: quantile(0.1),
        p50: quantile(0.5),
        p90: quantile(0.9),
        mean,
    };
    (quantiles, world.distance_m(from, to, depart, profile))
}

/// A plan of a simulated day for all orders, by bearing from the middle, in order of windows.
pub fn plan_of(world: &World, stops: Vec<Stop>) -> Plan {
    let date = world.planning_date();
    let fleet = world.fleet().clone();
    let middle = routeforce::simulation::city::CENTRE;
    let mut order: Vec<usize> = (0..stops.len()).collect();
    order.sort_by(|&a, &b| {
        middle
            .bearing_deg(stops[a].place)
            .total_cmp(&middle.bearing_deg(stops[b].place))
    });
    let share = order.len().div_ceil(fleet.vehicles.len()).max(1);
    let mut tours: Vec<Vec<usize>> = order.chunks(share).map(<[usize]>::to_vec).collect();
    for tour in &mut tours {
        tour.sort_by_key(|&s| (stops[s].windows.first().map(|w| w.end), s));
    }
    let departure = date.and_hms_opt(4, 30, 0).unwrap().and_utc();
    let zone = world.time_zone().name();
    plan(
        date,
        zone,
        fleet,
        stops,
        &tours,
        departure,
        &|a, b, t, p| learned(world, a, b, t, p),
    )
}
