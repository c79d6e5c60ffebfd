//! Nothing that comes from outside becomes markup, a script or a formula.

use super::fixture;
use proptest::prelude::*;
use routeforce::report;
use std::fs;

const EVIL: &str = "<script>alert(1)</script>\"'&\u{1}";

#[test]
fn hostile_names_stay_text() {
    let mut data = fixture::report_data(3);
    data.operator = EVIL.into();
    data.plan.stops[0].site_id = "=HYPERLINK(\"http://x\")".into();
    data.plan.fleet.depots[0].id = EVIL.into();
    data.plan.routes[0].vehicle_id = EVIL.into();
    data.plan.code_version = EVIL.into();
    data.alerts[0].what = EVIL.into();
    data.demand[0].series_id = EVIL.into();
    data.travel_times[0].name = EVIL.into();
    data.kpis.kpis[0].name = EVIL.into();
    data.plan.unplanned[0].explanation = EVIL.into();
    let folder = tempfile::tempdir().unwrap();
    let files = report::write(&data, &folder.path().join("evil")).unwrap();
    let html = fs::read_to_string(&files.html).unwrap();
    assert!(!html.contains("<script"));
    assert!(!html.contains('\u{1}'));
    assert!(
        !html.contains("href=\"http"),
        "the page fetches or links nothing outside"
    );
    let csv = fs::read_to_string(folder.path().join("evil/stops.csv")).unwrap();
    assert!(csv.contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_text_and_number_makes_a_well_formed_page(
        name in "\\PC{0,40}",
        value in prop::num::f64::ANY,
        demand in prop::num::f64::ANY,
    ) {
        let mut data = fixture::report_data(4);
        data.operator = name.clone();
        data.alerts[0].cause = name.clone();
        data.demand[1].unit = name;
        data.kpis.kpis[0].value = Some(value);
        data.demand[1].history[0].y = demand;
        data.demand[1].realised[0].y = demand;
        data.travel_times[0].realised[0].duration_s = value;
        let folder = tempfile::tempdir().unwrap();
        let files = report::write(&data, &folder.path().join("any")).unwrap();
        let html = fs::read_to_string(&files.html).unwrap();
        for tag in ["section", "table", "figure", "svg", "article"] {
            let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
            prop_assert_eq!(opened, html.matches(&format!("</{tag}>")).count());
        }
        prop_assert!(!html.contains("NaN"));
    }
}
