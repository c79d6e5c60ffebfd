//! Two tenants never see each other's rows, through the store and through the use cases.

use super::database::{Database, on_both_engines};
use super::samples::{alert, date, day, morning, plan, position, typed_plan_request};
use super::server::{AT_ONCE, TestPlanner, app};
use routeforce::app::Code;
use routeforce::domain::forecast::{DemandForecast, Quantiles};
use routeforce::domain::kpi::KpiReport;
use routeforce::store::{DEFAULT_TENANT, TenantScope};
use std::sync::Arc;
use uuid::Uuid;

on_both_engines!(
    nothing_is_seen_across_tenants,
    the_same_keys_live_side_by_side
);

const OTHER: TenantScope = DEFAULT_TENANT;

fn acme() -> TenantScope {
    TenantScope::of(Uuid::from_u128(77))
}

async fn nothing_is_seen_across_tenants(database: Database) {
    let store = database.store().await;
    store
        .create_tenant(acme(), "acme", morning())
        .await
        .unwrap();
    let plan = plan(Uuid::now_v7(), morning());
    store.put_plan(acme(), &plan).await.unwrap();
    store.put_day(acme(), &day(plan.id)).await.unwrap();
    store
        .put_kpis(
            acme(),
            &KpiReport {
                date: date(),
                kpis: Vec::new(),
            },
        )
        .await
        .unwrap();
    store
        .put_report(acme(), date(), "report.html", "text/html", b"<p>")
        .await
        .unwrap();
    store.put_map_layer(acme(), "roads", "{}").await.unwrap();
    store
        .note_model(acme(), "travel-time", "1", morning())
        .await
        .unwrap();
    let app = app(store.clone(), Arc::new(TestPlanner::default()));
    app.record_positions(acme(), &[position("van-1", 0)])
        .await
        .unwrap();
    app.raise_alerts(acme(), &[alert(1)]).await.unwrap();
    let forecast = DemandForecast {
        series_id: "shop-1".into(),
        ts: date().and_hms_opt(0, 0, 0).unwrap(),
        quantiles: Quantiles {
            p10: 1.0,
            p50: 2.0,
            p90: 3.0,
            mean: 2.0,
        },
    };
    app.import_forecasts(acme(), std::slice::from_ref(&forecast), &[])
        .await
        .unwrap();
    let job = app
        .request_plan(acme(), &typed_plan_request(AT_ONCE), None)
        .await
        .unwrap();

    // Its owner sees all of it …
    assert_eq!(app.plan(acme(), plan.id).await.unwrap(), plan);
    assert_eq!(app.vehicles(acme(), None, 9).await.unwrap().items.len(), 1);
    assert_eq!(
        app.jobs(acme(), None, None, 9).await.unwrap().items.len(),
        1
    );
    let found = app
        .forecasts(acme(), None, Some(date()), Some(date()), None, 9)
        .await
        .unwrap();
    assert_eq!(found.items, [forecast]);
    assert_eq!(store.models(acme()).await.unwrap().len(), 1);

    // … and nobody else any of it, in lists or by name.
    assert!(
        app.plans(OTHER, None, None, 9)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(app.vehicles(OTHER, None, 9).await.unwrap().items.is_empty());
    assert!(
        app.track(OTHER, "van-1", None, None, None, 9)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(
        app.jobs(OTHER, None, None, 9)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(
        app.alerts(OTHER, None, None, 9)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(app.days(OTHER, None, 9).await.unwrap().items.is_empty());
    assert!(app.kpis(OTHER, None, 9).await.unwrap().items.is_empty());
    assert!(app.reports(OTHER, None, 9).await.unwrap().items.is_empty());
    let found = app
        .forecasts(OTHER, None, None, None, None, 9)
        .await
        .unwrap();
    assert!(found.items.is_empty());
    assert!(store.models(OTHER).await.unwrap().is_empty());
    let codes = [
        app.plan(OTHER, plan.id).await.unwrap_err().code(),
        app.latest_plan(OTHER, None).await.unwrap_err().code(),
        app.job(OTHER, job.id).await.unwrap_err().code(),
        app.cancel_job(OTHER, job.id).await.unwrap_err().code(),
        app.acknowledge_alert(OTHER, alert(1).id, "me")
            .await
            .unwrap_err()
            .code(),
        app.day(OTHER, date()).await.unwrap_err().code(),
        app.kpis_of(OTHER, date()).await.unwrap_err().code(),
        app.report(OTHER, date(), "report.html")
            .await
            .unwrap_err()
            .code(),
        app.roads(OTHER).await.unwrap_err().code(),
    ];
    assert_eq!(codes, [Code::NotFound; 9]);
    assert!(!app.job(acme(), job.id).await.unwrap().cancel_requested);
}

async fn the_same_keys_live_side_by_side(database: Database) {
    let store = database.store().await;
    store
        .create_tenant(acme(), "acme", morning())
        .await
        .unwrap();
    let mut theirs = plan(Uuid::now_v7(), morning());
    store.put_plan(acme(), &theirs).await.unwrap();
    theirs.time_zone = "Europe/Paris".into();
    store.put_plan(OTHER, &theirs).await.unwrap();
    let ours = store.plan(acme(), theirs.id).await.unwrap().unwrap();
    assert_eq!(ours.time_zone, "Europe/Berlin");
    for scope in [acme(), OTHER] {
        let new = store
            .insert_positions(scope, &[position("van-1", 0)], morning())
            .await;
        assert_eq!(new.unwrap(), [0]);
        assert_eq!(
            store.insert_alerts(scope, &[alert(1)]).await.unwrap().len(),
            1
        );
    }
    store
        .forget_last_positions(acme(), &["van-1".into()])
        .await
        .unwrap();
    assert_eq!(
        store
            .last_positions(OTHER, None, 9)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}
