//! An operator whose service times are known: set-up and handling, customers, drivers, noise.

use chrono::{TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use routeforce::features::visits::Visits;
use routeforce::onnx::Session;
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::service_time::{Fitted, Kind, ServiceTimeModel, TrainOptions, fit};

pub const ZONE: Tz = chrono_tz::Europe::Berlin;
/// Seconds of a visit without an amount, and per kg.
pub const SET_UP_S: f64 = 300.0;
pub const PER_KG_S: f64 = 2.0;
/// Standard deviations of the logarithm.
pub const CUSTOMER: f64 = 0.3;
pub const DRIVER: f64 = 0.12;
pub const NOISE: f64 = 0.2;

/// Visits, and the true effects behind them.
pub struct Operator {
    pub visits: Visits,
    /// By number of the customer, `c0`, `c1`, …
    pub customers: Vec<f64>,
    /// By number of the driver, `d0`, `d1`, …
    pub drivers: Vec<f64>,
}

/// Expected seconds of an average customer and driver.
pub fn typical_s(kg: f64) -> f64 {
    SET_UP_S + PER_KG_S * kg
}

/// `count` visits over half a year. Customer `c0` is visited every 997th time only.
pub fn operator(count: usize, customers: usize, drivers: usize, seed: u64) -> Operator {
    let mut generator = random::generator(seed, "test visits");
    let mut normals = |count: usize, sd: f64| -> Vec<f64> {
        let draw = |_| -> f64 { sd * generator.sample::<f64, _>(StandardNormal) };
        (0..count).map(draw).collect()
    };
    let of_customers = normals(customers, CUSTOMER);
    let of_drivers = normals(drivers, DRIVER);
    let start = Utc.with_ymd_and_hms(2025, 3, 3, 5, 0, 0).unwrap();
    let mut visits = empty();
    let mut amounts = Vec::new();
    for i in 0..count {
        let customer = match i % 997 {
            0 => 0,
            _ => generator.random_range(1..customers),
        };
        let driver = generator.random_range(0..drivers);
        let kg = generator.random_range(5.0..400.0_f64);
        let noise: f64 = StandardNormal.sample(&mut generator);
        let effect = of_customers[customer] + of_drivers[driver] + NOISE * noise;
        visits.visit_id.push(format!("v{i}"));
        visits.site_id.push(format!("c{customer}"));
        visits.driver.push(format!("d{driver}"));
        let elapsed = 180 * 86_400 * i as i64 / count as i64;
        visits.start.push(start + TimeDelta::seconds(elapsed));
        visits.service_s.push(typical_s(kg) * effect.exp());
        amounts.push(kg);
    }
    visits.quantities.push(("kg".into(), amounts));
    Operator {
        visits,
        customers: of_customers,
        drivers: of_drivers,
    }
}

pub fn empty() -> Visits {
    Visits {
        source: "made up".into(),
        time_zone: ZONE,
        visit_id: vec![],
        site_id: vec![],
        driver: vec![],
        start: vec![],
        service_s: vec![],
        quantities: vec![],
        split: None,
    }
}

pub fn fit_kind(visits: &Visits, kind: Kind) -> Fitted {
    let options = TrainOptions {
        kind,
        ..TrainOptions::default()
    };
    fit(visits, &options, &Cancel::new(), &Progress::silent()).unwrap()
}

pub fn served(fitted: &Fitted) -> ServiceTimeModel {
    let session = Session::from_bytes("test model", &fitted.model.to_onnx().unwrap()).unwrap();
    ServiceTimeModel::from_parts(session, fitted.parameters.clone(), true, "test".into())
}
