//! Tables that teach little: they are refused with a reason, or learned from without nonsense.

use super::synthetic::*;
use routeforce::features::visits::{VisitQuery, Visits};
use routeforce::runtime::{Cancel, Progress};
use routeforce::service_time::{Kind, ServiceTimeError, TrainOptions, fit};

fn refused(visits: &Visits, options: &TrainOptions) -> String {
    let error = fit(visits, options, &Cancel::new(), &Progress::silent()).unwrap_err();
    assert!(matches!(error, ServiceTimeError::Input(_)), "{error}");
    error.to_string()
}

#[test]
fn one_visit_is_too_few() {
    let one = operator(1_000, 10, 4, 1).visits.select(&[0]);
    let message = refused(&one, &TrainOptions::default());
    assert!(message.contains("1 visits to train on"), "{message}");
    assert!(message.contains("at least 100"), "{message}");
}

#[test]
fn a_quantity_that_is_not_there_is_named() {
    let options = TrainOptions {
        dimension: Some("pallets".into()),
        ..TrainOptions::default()
    };
    let message = refused(&operator(500, 10, 4, 1).visits, &options);
    for part in ["pallets", "found: kg", "no such quantity"] {
        assert!(message.contains(part), "{message}");
    }
}

/// Every candidate on a table gives finite, ordered quantiles for known and unknown visits.
fn sound(visits: &Visits) {
    for kind in [
        Kind::Auto,
        Kind::Baseline,
        Kind::Median,
        Kind::Effects,
        Kind::Boosted,
    ] {
        let fitted = fit_kind(visits, kind);
        let mut queries: Vec<VisitQuery> = (0..visits.len()).map(|i| visits.query(i)).collect();
        queries.push(VisitQuery {
            site_id: "new".into(),
            driver: Some("new".into()),
            quantities: [("kg".to_owned(), 77.0)].into(),
            start: None,
        });
        for told in served(&fitted).predict(&queries).unwrap() {
            let all = [told.p10, told.p50, told.p90, told.mean];
            assert!(
                all.iter().all(|s| s.is_finite() && *s > 0.0),
                "{kind:?} {told:?}"
            );
            assert!(
                told.p10 <= told.p50 && told.p50 <= told.p90,
                "{kind:?} {told:?}"
            );
        }
    }
}

#[test]
fn equal_visits_are_predicted_as_they_are() {
    let mut visits = operator(400, 12, 4, 2).visits;
    visits.service_s.iter_mut().for_each(|s| *s = 240.0);
    sound(&visits);
    let told = served(&fit_kind(&visits, Kind::Effects))
        .predict(&[visits.query(3)])
        .unwrap();
    assert!(
        (told[0].p50 - 240.0).abs() < 0.5 && (told[0].p90 - 240.0).abs() < 0.5,
        "{told:?}"
    );
}

#[test]
fn zero_amounts_one_driver_one_customer_no_amounts_and_no_drivers_are_learned_from() {
    let mut zero = operator(400, 12, 4, 3).visits;
    zero.quantities[0].1.iter_mut().for_each(|kg| *kg = 0.0);
    sound(&zero);
    let mut one_driver = operator(400, 12, 4, 4).visits;
    one_driver.driver.iter_mut().for_each(|d| *d = "d0".into());
    sound(&one_driver);
    let mut one_customer = operator(400, 12, 4, 5).visits;
    one_customer
        .site_id
        .iter_mut()
        .for_each(|c| *c = "c0".into());
    sound(&one_customer);
    let mut no_amounts = operator(400, 12, 4, 6).visits;
    no_amounts.quantities.clear();
    sound(&no_amounts);
    let mut no_drivers = operator(400, 12, 4, 7).visits;
    no_drivers.driver.iter_mut().for_each(String::clear);
    sound(&no_drivers);
}

#[test]
fn every_customer_visited_once_is_learned_from() {
    let mut visits = operator(400, 12, 4, 8).visits;
    for (number, site) in visits.site_id.iter_mut().enumerate() {
        *site = format!("only-{number}");
    }
    sound(&visits);
}

#[test]
fn cancelled_training_says_so() {
    let cancel = Cancel::new();
    cancel.cancel();
    let visits = operator(400, 12, 4, 9).visits;
    let error = fit(
        &visits,
        &TrainOptions::default(),
        &cancel,
        &Progress::silent(),
    )
    .unwrap_err();
    assert!(matches!(error, ServiceTimeError::Cancelled(_)), "{error}");
}
