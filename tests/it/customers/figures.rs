//! Figures of a small table, computed by hand.

use super::table::{Row, customer, mixed, monday, report, row, try_report};
use chrono::Days;
use routeforce::domain::customers::CustomerState;

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} {expected}");
}

#[test]
fn figures_of_a_small_table_are_right() {
    let placed = |day, kg, lead_h, class| Row {
        lead_h: Some(lead_h),
        class: Some(class),
        ..row("A", day, kg)
    };
    // Due on days 0, 7, 9, 16 (Monday, Monday, Wednesday, Wednesday): intervals 7, 2, 7.
    let rows = [
        placed(0, 10.0, 30.0, "x"),
        placed(7, 20.0, 8.5, "x"),
        placed(9, 30.0, 7.5, "y"),
        placed(16, 60.0, -2.0, "x"),
    ];
    let found = report(&rows, monday() + Days::new(20));
    let a = customer(&found, "A");
    assert_eq!((a.orders, a.days_since_last), (4, 4));
    near(a.usual_interval_days.unwrap(), 7.0);
    near(a.intervals_since_last.unwrap(), 4.0 / 7.0);
    // Mean 16/3, variance 50/9.
    near(
        a.regularity.unwrap(),
        1.0 / (1.0 + (50.0 / 9.0) / (256.0 / 9.0)),
    );
    assert_eq!(a.weekdays, ["Mon", "Wed"]);
    near(a.mean_quantities["kg"], 30.0);
    near(a.quantity_spread["kg"], (1_400.0_f64 / 3.0).sqrt());
    near(a.product_classes["x"], 0.75);
    near(a.lead_h.unwrap(), 8.0);
    // The cut-off of 16:00 is eight hours before midnight.
    near(a.late_share.unwrap(), 0.5);
    assert_eq!(found.segments.len(), 1);
    near(found.segments[0].mean_order, 30.0);
    near(found.segments[0].volume_share, 1.0);
    near(found.segments[0].orders_per_week, 7.0 * 4.0 / 20.0);
}

#[test]
fn states_follow_what_happened() {
    let every = |site: &str, days: std::ops::Range<u64>, step| -> Vec<Row> {
        days.step_by(step).map(|d| row(site, d, 5.0)).collect()
    };
    let mut rows = every("active", 0..140, 2);
    rows.extend(every("lapsed", 0..84, 2));
    rows.extend(every("fading", 0..112, 2));
    rows.extend(every("fading", 112..140, 14));
    rows.extend(every("new", 126..140, 2));
    // Three months of silence are usual for it.
    rows.extend(every("seldom", 0..140, 90));
    let found = report(&rows, monday() + Days::new(140));
    let state = |site| customer(&found, site).state;
    assert_eq!(state("active"), CustomerState::Active);
    assert_eq!(state("lapsed"), CustomerState::Lapsed);
    assert_eq!(state("fading"), CustomerState::Fading);
    assert_eq!(state("new"), CustomerState::New);
    assert_eq!(state("seldom"), CustomerState::New);
    let reason = customer(&found, "lapsed").attention.clone();
    assert!(reason.is_none_or(|r| r.contains("no order for 58 days")));
    assert!(customer(&found, "active").attention.is_none());
}

#[test]
fn a_large_customer_that_stops_and_one_that_orders_late_are_pointed_out() {
    let mut rows: Vec<Row> = (0..60).step_by(2).map(|d| row("gone", d, 90.0)).collect();
    for day in (0..140).step_by(2) {
        let lead_h = Some(1.0);
        rows.push(Row {
            lead_h,
            ..row("late", day, 1.0)
        });
        rows.push(row("steady", day, 1.0));
    }
    let found = report(&rows, monday() + Days::new(140));
    let reason = |site| customer(&found, site).attention.clone();
    assert_eq!(reason("gone").unwrap(), "large, and no order for 82 days");
    assert_eq!(reason("late").unwrap(), "100 % of its orders come late");
    assert_eq!(reason("steady"), None);
}

#[test]
fn little_is_told_of_customers_with_one_day_of_orders() {
    let mut rows = mixed(3);
    rows.push(row("one", 100, 7.0));
    for again in 0..5 {
        let id = format!("same-{again}");
        rows.push(Row {
            id,
            ..row("same", 101, 4.0)
        });
    }
    let found = try_report(&rows, None).unwrap();
    let (one, same) = (customer(&found, "one"), customer(&found, "same"));
    assert_eq!((one.orders, same.orders), (1, 5));
    for customer in [one, same] {
        assert_eq!(customer.usual_interval_days, None);
        assert_eq!(customer.regularity, None);
        assert_eq!(customer.lead_h, None);
        assert_eq!(customer.late_share, None);
        assert!(customer.product_classes.is_empty());
        assert_eq!(customer.segment, "too few orders to say");
    }
    assert_eq!(
        found.date,
        rows.iter().map(|r| r.due).max().unwrap() + Days::new(1)
    );
}
