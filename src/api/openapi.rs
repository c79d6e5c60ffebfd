//! The description of the interface: paths from the handlers, schemas from the types themselves
//! (the same JSON Schema 2020-12 that documents are published with, which OpenAPI 3.1 takes).

use super::operations::{Alive, Readiness};
use super::page::ListPage;
use super::problem::Problem;
use super::router::described;
use super::v1::{
    alerts, anomalies, forecasts, models, positions, reports, road_network, travel_times,
};
use crate::app::PlanJobRequest;
use crate::app::alerts::AlertView;
use crate::app::hierarchy::HierarchyTable;
use crate::app::job_kinds::backtest::{BacktestReport, BacktestRequest};
use crate::app::job_kinds::forecast::{ForecastReport, ForecastRequest};
use crate::app::jobs::JobView;
use crate::app::live::LiveEvent;
use crate::app::models::ModelView;
use crate::app::positions::Receipt;
use crate::app::rows::{DaySummary, PlanSummary};
use crate::domain::Document;
use crate::domain::day_record::{DayRecord, Position};
use crate::domain::forecast::{DemandForecast, GroupForecast};
use crate::domain::kpi::KpiReport;
use crate::domain::plan::Plan;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The OpenAPI 3.1 document.
pub fn document() -> Value {
    let (_, mut openapi) = described().split_for_parts();
    openapi.info.title = "RouteForce".into();
    openapi.info.version = env!("CARGO_PKG_VERSION").into();
    openapi.info.description = Some(
        "Positions, plans, forecasts, travel times, alerts and reports of a fleet. Errors are \
         problem details (RFC 9457)."
            .into(),
    );
    let mut json = serde_json::to_value(&openapi).unwrap_or_default();
    json["info"]["license"] = json!({ "name": "Apache-2.0", "identifier": "Apache-2.0" });
    json["components"]["schemas"] = Value::Object(schemas());
    json
}

/// Every type that the paths refer to, and what those refer to.
fn schemas() -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let g = &mut generator;
    add::<Problem>(g);
    add::<Alive>(g);
    add::<Readiness>(g);
    add::<LiveEvent>(g);
    add::<positions::PositionBatch>(g);
    add::<Receipt>(g);
    add::<ListPage<positions::VehicleView>>(g);
    add::<ListPage<Position>>(g);
    add::<PlanJobRequest>(g);
    add::<PlanSummary>(g);
    add::<ListPage<PlanSummary>>(g);
    add::<JobView>(g);
    add::<ListPage<JobView>>(g);
    add::<forecasts::ForecastBatch>(g);
    add::<forecasts::ForecastReceipt>(g);
    add::<ListPage<DemandForecast>>(g);
    add::<ListPage<GroupForecast>>(g);
    add::<ForecastRequest>(g);
    add::<ForecastReport>(g);
    add::<BacktestRequest>(g);
    add::<BacktestReport>(g);
    add::<HierarchyTable>(g);
    add::<travel_times::MatrixRequest>(g);
    add::<travel_times::MatrixResponse>(g);
    add::<road_network::RoadMatrixRequest>(g);
    add::<road_network::RoadRouteRequest>(g);
    add::<road_network::RoadRouteResponse>(g);
    add::<road_network::RoadSnapRequest>(g);
    add::<road_network::RoadSnapResponse>(g);
    let road_matrix = road_network::matrix_response(g);
    add::<anomalies::AnomalyRequest>(g);
    add::<anomalies::AnomalyResponse>(g);
    add::<models::ModelChange>(g);
    add::<ListPage<ModelView>>(g);
    add::<alerts::Acknowledgement>(g);
    add::<AlertView>(g);
    add::<ListPage<AlertView>>(g);
    add::<ListPage<DaySummary>>(g);
    add::<ListPage<KpiReport>>(g);
    add::<ListPage<reports::ReportView>>(g);
    let documents = [
        ("RoadMatrixResponse", road_matrix),
        ("PlanDocument", document_of::<Plan>(g)),
        ("DayRecordDocument", document_of::<DayRecord>(g)),
        ("KpiReportDocument", document_of::<KpiReport>(g)),
    ];
    let mut schemas = generator.take_definitions(true);
    for (name, schema) in documents {
        schemas.insert(name.into(), schema);
    }
    schemas
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) {
    let _ = generator.subschema_for::<T>();
}

/// A document on the wire: its type and its `schema` field.
fn document_of<D: Document>(generator: &mut SchemaGenerator) -> Value {
    let body = generator.subschema_for::<D>();
    json!({
        "allOf": [
            body,
            {
                "type": "object",
                "properties": { "schema": { "const": D::tag() } },
                "required": ["schema"],
            },
        ],
    })
}
