//! The probability of an order: in range, sharp where customers are, better than a plain share.

use super::table::{Row, customer, mixed, monday, report, row};
use chrono::Days;
use rand::Rng;
use routeforce::domain::customers::{CustomerReport, ProbabilityScore};
use routeforce::runtime::random::generator;

fn score<'a>(report: &'a CustomerReport, name: &str) -> &'a ProbabilityScore {
    let mut all = report.probability.candidates.iter();
    all.find(|c| c.name == name).unwrap()
}

#[test]
fn probabilities_are_probabilities() {
    for seed in 0..3 {
        for days in [1, 2, 30, 182] {
            let found = report(&mixed(seed), monday() + Days::new(days));
            assert!(
                found
                    .customers
                    .iter()
                    .all(|c| (0.0..=1.0).contains(&c.p_order))
            );
        }
    }
}

#[test]
fn a_weekly_customer_is_recognised_on_its_day_and_on_the_others() {
    // S00 orders every Monday.
    for (days, expected) in [(175, true), (176, false), (179, false)] {
        let found = report(&mixed(5), monday() + Days::new(days));
        let weekly = customer(&found, "S00");
        assert_eq!(weekly.p_order > 0.9, expected, "{}", weekly.p_order);
        assert_eq!(weekly.p_order < 0.1, !expected, "{}", weekly.p_order);
        assert_eq!(weekly.weekdays, ["Mon"]);
        assert_eq!(weekly.usual_interval_days, Some(7.0));
        assert_eq!(weekly.regularity, Some(1.0));
    }
}

/// Customers that order every `n` days, whatever the weekday, and now and then miss by a day.
fn renewals(seed: u64) -> Vec<Row> {
    let mut random = generator(seed, "renewals");
    let mut rows = Vec::new();
    for site in 0..60_u64 {
        let every = random.random_range(3..12_u64);
        let mut day = random.random_range(0..every);
        while day < 200 {
            rows.push(row(&format!("R{site:02}"), day, 5.0));
            let shift = if random.random_bool(0.2) { 1 } else { 0 };
            day += every + shift;
        }
    }
    rows
}

#[test]
fn rhythms_that_weekdays_do_not_show_are_found() {
    let found = report(&renewals(4), monday() + Days::new(200));
    let plain = score(&found, "weekday share");
    let chosen = score(&found, &found.probability.chosen);
    assert!(found.probability.customer_days > 1_000);
    assert!(chosen.brier < 0.6 * plain.brier, "{chosen:?} {plain:?}");
    assert!(
        chosen.log_loss < 0.6 * plain.log_loss,
        "{chosen:?} {plain:?}"
    );
}

#[test]
fn probabilities_add_up_to_the_orders_that_come() {
    // Each day of four weeks, from what was known before it.
    let rows = mixed(9);
    let (mut expected, mut came) = (0.0, 0.0);
    for day in (140..168).map(|d| monday() + Days::new(d)) {
        let found = report(&rows, day);
        expected += found.customers.iter().map(|c| c.p_order).sum::<f64>();
        came += rows.iter().filter(|r| r.due == day).count() as f64;
    }
    assert!((expected / came - 1.0).abs() < 0.1, "{expected} {came}");
}
