//! The whole chain on a small operator.

use routeforce::cost::file;
use routeforce::domain::Document;
use routeforce::domain::plan::{Plan, PlanBasis};
use routeforce::domain::stop::StopOrigin;
use routeforce::pipeline::demo::{self, DemoOptions};
use routeforce::planning::check::check;
use routeforce::runtime::{Cancel, Progress};

#[test]
fn the_demo_runs_from_history_to_report() {
    let folder = tempfile::tempdir().unwrap();
    let options = DemoOptions::small(folder.path(), 7);
    let outcome = demo::run(&options, &Cancel::new(), &Progress::silent()).unwrap();

    // The plan on disk is the one returned, and sound against the tensor beside it.
    let plan = Plan::read(&folder.path().join("plan/plan.json")).unwrap();
    let costs = file::read(&folder.path().join("plan/plan.costs")).unwrap();
    assert_eq!(plan, outcome.plan);
    assert_eq!(check(&plan, &costs).unwrap(), Vec::<String>::new());
    assert!(!plan.routes.is_empty());
    assert!(plan.stops.iter().any(|s| s.origin == StopOrigin::Ordered));
    // Travel times, demand and service times.
    assert_eq!(plan.models.len(), 3);

    // Travel times do change over the day.
    let (from, to) = (0, costs.places() - 1);
    let by_slice = costs.mean_by_slice(0, from, to);
    assert!(by_slice.iter().min() < by_slice.iter().max());

    // Dirty rows were rejected and are in quarantine, none lost.
    for table in ["orders", "trips"] {
        let quality = folder.path().join(format!("clean/{table}.quality.json"));
        let quality = routeforce::ingest::QualityReport::read(&quality).unwrap();
        assert!(quality.rows_read > quality.rows_kept, "{table}");
        let rejected: u64 = quality.rejected.iter().map(|r| r.rows).sum();
        assert_eq!(quality.rows_read, quality.rows_kept + rejected, "{table}");
    }

    // Every day has a result on all three bases, and what was played is what was planned.
    assert_eq!(outcome.value.days.len(), options.days);
    for day in &outcome.value.days {
        for basis in [PlanBasis::Static, PlanBasis::Predicted, PlanBasis::Perfect] {
            assert!(day.of(basis).unwrap().total() > 0.0);
        }
    }
    assert_eq!(outcome.day.plan_id, plan.id);
    assert!(outcome.report.html.exists());
    assert!(outcome.report.xlsx.exists());
}

#[test]
fn a_cancelled_demo_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    let options = DemoOptions::small(folder.path(), 7);
    let error = demo::run(&options, &cancel, &Progress::silent()).unwrap_err();
    assert!(error.to_string().contains("cancelled"), "{error}");
}
