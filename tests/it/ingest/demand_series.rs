//! Demand made of orders, recomputed here order by order.

use super::tables::{ORDERS, file, ingest, numbers, read, texts};
use polars::prelude::DataFrame;
use routeforce::ingest::{Kind, Options};

const MORE: &str = "\
order_id,site_id,lat,lon,due_date,qty_kg,qty_m3,service_s,promotion
1,a,52.50,13.40,2024-03-01,12.5,0.5,300,false
2,a,52.50,13.40,2024-03-01,2.5,0.25,300,true
3,b,52.51,13.41,2024-03-04,1,0.125,240,
";
const CALENDAR: &str =
    "date,site_id,closed,holiday,promotion\n2024-03-02,,true,,\n2024-03-03,b,,Sunday,yes\n";

fn integers(frame: &DataFrame, name: &str) -> Vec<Option<i32>> {
    frame.column(name).unwrap().i32().unwrap().iter().collect()
}

#[test]
fn days_without_orders_are_zero_and_covariates_follow_the_calendar() {
    let folder = tempfile::tempdir().unwrap();
    let path = [file(folder.path(), "orders.csv", MORE)];
    let calendar = Some(file(folder.path(), "calendar.csv", CALENDAR));
    let options = Options {
        calendar,
        ..Options::default()
    };
    let report = ingest(Kind::Orders, &path, folder.path(), &options).unwrap();
    assert!(report.written.contains(&"demand.parquet".to_owned()));
    let demand = read(&folder.path().join("demand.parquet"));
    let sites: Vec<_> = ["a"; 4]
        .into_iter()
        .chain(["b"; 4])
        .map(|s| Some(s.to_owned()))
        .collect();
    assert_eq!(texts(&demand, "series_id"), sites);
    assert_eq!(
        numbers(&demand, "y"),
        [15.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0].map(Some)
    );
    assert_eq!(
        integers(&demand, "open"),
        [1, 0, 1, 1, 1, 0, 1, 1].map(Some)
    );
    assert_eq!(
        integers(&demand, "holiday"),
        [0, 0, 0, 0, 0, 0, 1, 0].map(Some)
    );
    assert_eq!(
        integers(&demand, "promotion"),
        [1, 0, 0, 0, 0, 0, 1, 0].map(Some)
    );
    // The series are a table of the kind `demand` themselves.
    let again = [folder.path().join("demand.parquet")];
    let report = ingest(
        Kind::Demand,
        &again,
        &folder.path().join("again"),
        &Options::default(),
    )
    .unwrap();
    assert_eq!((report.rows_kept, report.rows_rejected), (8, 0));
    assert_eq!(report.series.unwrap().steps_missing, 0);
}

#[test]
fn another_dimension_can_be_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let path = [file(folder.path(), "orders.csv", MORE)];
    let options = Options {
        dimension: Some("m3".to_owned()),
        ..Options::default()
    };
    ingest(Kind::Orders, &path, folder.path(), &options).unwrap();
    let demand = read(&folder.path().join("demand.parquet"));
    assert_eq!(
        numbers(&demand, "y").into_iter().flatten().sum::<f64>(),
        0.875
    );
    assert!(demand.column("open").is_err(), "no calendar, no `open`");
}

#[test]
fn without_promotions_there_is_no_covariate() {
    let folder = tempfile::tempdir().unwrap();
    let path = [file(folder.path(), "orders.csv", ORDERS)];
    ingest(Kind::Orders, &path, folder.path(), &Options::default()).unwrap();
    assert_eq!(read(&folder.path().join("demand.parquet")).width(), 3);
}
