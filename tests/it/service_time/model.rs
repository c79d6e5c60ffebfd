//! Effects that are known come out again, uncertainty is honest, the export agrees.

use super::synthetic::*;
use routeforce::domain::forecast::Quantiles;
use routeforce::features::visits::{VisitQuery, Visits};
use routeforce::service_time::{Kind, Parameters};

fn query(site: &str, driver: Option<&str>, kg: f64) -> VisitQuery {
    VisitQuery {
        site_id: site.into(),
        driver: driver.map(str::to_owned),
        quantities: [("kg".to_owned(), kg)].into(),
        start: None,
    }
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let product = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    product(a, ma, b, mb) / (product(a, ma, a, ma) * product(b, mb, b, mb)).sqrt()
}

fn effects_of(learned: &Parameters, customers: usize, drivers: usize) -> (Vec<f64>, Vec<f64>) {
    let customer = |i: usize| learned.customers[&format!("c{i}")].effect;
    let driver = |i: usize| learned.drivers[&format!("d{i}")].effect;
    (
        (0..customers).map(customer).collect(),
        (0..drivers).map(driver).collect(),
    )
}

#[test]
fn known_effects_of_customer_driver_and_amount_are_recovered() {
    let made = operator(12_000, 150, 15, 1);
    let fitted = fit_kind(&made.visits, Kind::Effects);
    let learned = &fitted.parameters;
    let (customers, drivers) = effects_of(learned, 150, 15);
    assert!(correlation(&customers[1..], &made.customers[1..]) > 0.98);
    assert!(correlation(&drivers, &made.drivers) > 0.98);
    // The true variances of the effects that were drawn, not of the law they were drawn from.
    let variance = |v: &[f64]| {
        let mean = v.iter().sum::<f64>() / v.len() as f64;
        v.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / v.len() as f64
    };
    let near = |found: f64, truth: f64, share: f64| {
        assert!((found / truth - 1.0).abs() < share, "{found} {truth}");
    };
    near(learned.customer_variance, variance(&made.customers), 0.1);
    near(learned.driver_variance, variance(&made.drivers), 0.2);
    near(learned.noise_variance, NOISE * NOISE, 0.05);
    // Amounts: ratios of medians over amounts, for a customer that was never seen.
    assert_eq!(learned.dimension.as_deref(), Some("kg"));
    let model = served(&fitted);
    let asked: Vec<VisitQuery> = [10.0, 100.0, 390.0].map(|kg| query("new", None, kg)).into();
    let told = model.predict(&asked).unwrap();
    near(
        told[1].p50 / told[0].p50,
        typical_s(100.0) / typical_s(10.0),
        0.04,
    );
    near(
        told[2].p50 / told[1].p50,
        typical_s(390.0) / typical_s(100.0),
        0.04,
    );
    // Drivers: factors relative to the average driver.
    let mean = made.drivers.iter().sum::<f64>() / 15.0;
    for (number, truth) in made.drivers.iter().enumerate() {
        let factor = model.driver_factor(&format!("d{number}")).unwrap();
        near(factor, (truth - mean).exp(), 0.05);
    }
    assert_eq!(model.driver_factor("nobody"), None);
}

#[test]
fn a_thin_customer_is_shrunk_towards_the_population() {
    let mut made = operator(6_000, 60, 8, 2);
    // A customer with two visits, both ten times as long as usual.
    let twice: Vec<usize> = made.visits.of_site("c1").into_iter().take(2).collect();
    for &visit in &twice {
        made.visits.site_id[visit] = "thin".into();
        made.visits.service_s[visit] = 10.0 * typical_s(made.visits.quantities[0].1[visit]);
    }
    let fitted = fit_kind(&made.visits, Kind::Effects);
    let learned = &fitted.parameters;
    let thin = learned.customers["thin"];
    let shrinkage = 2.0 / (2.0 + learned.noise_variance / learned.customer_variance);
    let raw = 10.0_f64.ln();
    assert!(
        (thin.effect / (shrinkage * raw) - 1.0).abs() < 0.15,
        "{thin:?}"
    );
    let usual = learned.customers["c2"];
    assert!(thin.effect_variance > 10.0 * usual.effect_variance);
    // Never visited: no effect, all the variance.
    let model = served(&fitted);
    let width = |q: &Quantiles| (q.p90 / q.p10).ln();
    let asked = [
        query("c2", None, 50.0),
        query("thin", None, 50.0),
        query("new", None, 50.0),
    ];
    let told = model.predict(&asked).unwrap();
    assert!(width(&told[0]) < width(&told[1]) && width(&told[1]) < width(&told[2]));
    // An unknown driver adds uncertainty, an average one does not.
    let asked = [query("c2", None, 50.0), query("c2", Some("nobody"), 50.0)];
    let told = model.predict(&asked).unwrap();
    assert_eq!(told[0].p50, told[1].p50);
    assert!(width(&told[0]) < width(&told[1]));
}

/// Customers that vary little and customers that vary much get intervals of their own.
#[test]
fn intervals_are_as_wide_as_the_customer_varies() {
    let mut made = operator(8_000, 41, 6, 3);
    let steady: Vec<usize> = (1..=20)
        .flat_map(|c| made.visits.of_site(&format!("c{c}")))
        .collect();
    for &visit in &steady {
        // A quarter of the noise.
        let customer: usize = made.visits.site_id[visit][1..].parse().unwrap();
        let driver: usize = made.visits.driver[visit][1..].parse().unwrap();
        let expected = typical_s(made.visits.quantities[0].1[visit])
            * (made.customers[customer] + made.drivers[driver]).exp();
        let noise = (made.visits.service_s[visit] / expected).ln();
        made.visits.service_s[visit] = expected * (0.25 * noise).exp();
    }
    let fitted = fit_kind(&made.visits, Kind::Effects);
    let sd = |c: usize| {
        fitted.parameters.customers[&format!("c{c}")]
            .noise_variance
            .sqrt()
    };
    for customer in 1..=20 {
        assert!(
            (0.03..0.08).contains(&sd(customer)),
            "{customer}: {}",
            sd(customer)
        );
        assert!(
            (0.15..0.26).contains(&sd(customer + 20)),
            "{}",
            sd(customer + 20)
        );
    }
}

/// Share inside p10..p90 and relative bias of the mean on visits behind those learned from.
fn judged(past: &Visits, later: &Visits) -> (f64, f64) {
    let fitted = fit_kind(past, Kind::Auto);
    let queries: Vec<VisitQuery> = (0..later.len()).map(|i| later.query(i)).collect();
    let told = served(&fitted).predict(&queries).unwrap();
    let inside = told.iter().zip(&later.service_s);
    let inside = inside.filter(|(q, y)| (q.p10..=q.p90).contains(*y)).count();
    let mean: f64 = told.iter().map(|q| q.mean).sum();
    let truth: f64 = later.service_s.iter().sum();
    (
        100.0 * inside as f64 / told.len() as f64,
        mean / truth - 1.0,
    )
}

#[test]
fn intervals_hold_on_later_visits_and_means_are_unbiased() {
    for seed in [4, 5, 6] {
        let made = operator(10_000, 200, 12, seed);
        let rows: Vec<usize> = (0..made.visits.len()).collect();
        let (past, later) = rows.split_at(8_000);
        let (covered, bias) = judged(&made.visits.select(past), &made.visits.select(later));
        assert!((77.0..=83.0).contains(&covered), "seed {seed}: {covered} %");
        assert!(bias.abs() < 0.02, "seed {seed}: {bias}");
    }
}

#[test]
fn effects_beat_medians_and_medians_beat_a_constant() {
    let made = operator(6_000, 80, 8, 7);
    let fitted = fit_kind(&made.visits, Kind::Auto);
    assert!(matches!(fitted.kind, Kind::Effects | Kind::Boosted));
    let loss = |name: &str| {
        let score = fitted.scores.iter().find(|s| s.model == name).unwrap();
        score.metrics["pinball_s"]
    };
    assert!(loss("effects") < 0.9 * loss("median"));
    assert!(loss("median") < 0.95 * loss("baseline"));
    assert_eq!(fitted.scores.iter().filter(|s| s.exported).count(), 1);
}

#[test]
fn every_candidate_predicts_the_same_through_onnx() {
    let made = operator(3_000, 60, 6, 8);
    for kind in [Kind::Baseline, Kind::Median, Kind::Effects, Kind::Boosted] {
        let fitted = fit_kind(&made.visits, kind);
        assert_eq!(fitted.kind, kind);
        let mut queries: Vec<VisitQuery> = (0..500).map(|i| made.visits.query(i)).collect();
        queries.extend([query("new", None, 0.0), query("c3", Some("nobody"), 1e6)]);
        let through_onnx = served(&fitted).predict(&queries).unwrap();
        let matrix = routeforce::service_time::matrix_of(&queries, &fitted.parameters);
        let by_trainer = fitted.model.evaluate(&matrix);
        for (a, b) in through_onnx.iter().zip(&by_trainer) {
            for (a, b) in [
                (a.p10, b.p10),
                (a.p50, b.p50),
                (a.p90, b.p90),
                (a.mean, b.mean),
            ] {
                assert!((a / b - 1.0).abs() <= 1e-5, "{kind:?}: {a} {b}");
            }
            assert!(a.p10 <= a.p50 && a.p50 <= a.p90);
        }
    }
}

#[test]
fn the_amount_never_makes_service_shorter() {
    let mut made = operator(3_000, 40, 5, 9);
    // More takes less time: then the amount must not count.
    for visit in 0..made.visits.len() {
        let kg = made.visits.quantities[0].1[visit];
        made.visits.service_s[visit] *= typical_s(500.0 - kg) / typical_s(kg);
    }
    let fitted = fit_kind(&made.visits, Kind::Effects);
    assert_eq!(fitted.parameters.dimension, None);
    let asked = [query("c3", None, 1.0), query("c3", None, 400.0)];
    let told = served(&fitted).predict(&asked).unwrap();
    assert_eq!(told[0], told[1]);
}

trait OfSite {
    fn of_site(&self, site: &str) -> Vec<usize>;
}

impl OfSite for Visits {
    fn of_site(&self, site: &str) -> Vec<usize> {
        (0..self.len())
            .filter(|&i| self.site_id[i] == site)
            .collect()
    }
}
