//! Customers in the report: there if orders were given, and not a trace otherwise.

use super::fixture;
use chrono::NaiveTime;
use routeforce::domain::customers::{
    Customer, CustomerReport, CustomerState, ProbabilityBacktest, Segment,
};
use routeforce::report;
use std::fs;

fn customer(site: &str, attention: Option<&str>) -> Customer {
    let day = fixture::date();
    Customer {
        site_id: site.into(),
        segment: "weekly and regular, large orders".into(),
        orders: 12,
        first_order: day,
        last_order: day,
        usual_interval_days: Some(7.0),
        regularity: Some(0.9),
        weekdays: vec!["Mon".into()],
        days_since_last: 40,
        intervals_since_last: Some(5.7),
        state: CustomerState::Lapsed,
        mean_quantities: [("kg".to_owned(), 120.0)].into(),
        quantity_spread: [("kg".to_owned(), 9.0)].into(),
        product_classes: Default::default(),
        lead_h: None,
        late_share: None,
        p_order: 0.25,
        attention: attention.map(str::to_owned),
    }
}

#[test]
fn customers_are_in_every_form_of_the_report() {
    let mut data = fixture::report_data(1);
    data.customers = Some(CustomerReport {
        date: fixture::date(),
        volume_dimension: "kg".into(),
        cut_off: NaiveTime::from_hms_opt(16, 0, 0).unwrap(),
        probability: ProbabilityBacktest {
            chosen: "hazard of silence".into(),
            customer_days: 0,
            candidates: vec![],
        },
        segments: vec![Segment {
            name: "weekly and regular, large orders".into(),
            customers: 2,
            orders_per_week: 2.0,
            mean_order: 120.0,
            volume_share: 1.0,
        }],
        customers: vec![
            customer("Quiet", None),
            customer("Gone", Some("large & <silent>")),
        ],
    });
    let parent = tempfile::tempdir().unwrap();
    let files = report::write(&data, &parent.path().join("with")).unwrap();
    let csv = fs::read_to_string(parent.path().join("with/customers.csv")).unwrap();
    assert!(csv.contains("Quiet") && csv.contains("Gone"), "{csv}");
    let html = fs::read_to_string(files.html).unwrap();
    assert!(html.contains("id=\"customers\""));
    assert!(html.contains("large &amp; &lt;silent&gt;") && !html.contains("Quiet"));

    data.customers = None;
    let files = report::write(&data, &parent.path().join("without")).unwrap();
    assert!(!parent.path().join("without/customers.csv").exists());
    assert!(
        !fs::read_to_string(files.html)
            .unwrap()
            .contains("id=\"customers\"")
    );
}
