//! Report files.

use crate::api::ApiState;
use crate::api::extract::{Paging, Path, Scope};
use crate::api::page::{ListPage, list};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::rows::ReportMeta;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A report shows itself and does nothing else: no scripts, no requests.
const POLICY: &str = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; \
                      img-src data:; font-src data:";

/// A report file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportView {
    /// The day it reports on.
    date: NaiveDate,
    /// File name.
    name: String,
    /// Media type.
    media_type: String,
    /// Size in bytes.
    size_bytes: u64,
    /// SHA-256 of the content in hexadecimal.
    sha256: String,
    /// Where to get it.
    url: String,
}

impl From<ReportMeta> for ReportView {
    fn from(meta: ReportMeta) -> Self {
        Self {
            url: format!("/api/v1/reports/{}/{}", meta.date, escaped(&meta.name)),
            date: meta.date,
            name: meta.name,
            media_type: meta.media_type,
            size_bytes: meta.size_bytes,
            sha256: meta.sha256,
        }
    }
}

/// Percent-encoding of everything that is not unreserved (RFC 3986, section 2.3).
fn escaped(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(reports))
        .routes(routes!(download))
}

/// Report files, newest day first
#[utoipa::path(get, path = "/api/v1/reports", tag = "the day",
    params(("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/ReportViewPage"))))]
async fn reports(
    Scope(scope): Scope,
    State(app): State<App>,
    paging: Paging,
) -> Result<Json<ListPage<ReportView>>, Problem> {
    Ok(list(app.reports(scope, paging.after, paging.limit).await?))
}

/// One report file
#[utoipa::path(get, path = "/api/v1/reports/{date}/{name}", tag = "the day",
    params(("date" = NaiveDate, Path, description = "The day"),
        ("name" = String, Path, description = "File name")),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn download(
    Scope(scope): Scope,
    State(app): State<App>,
    Path((date, name)): Path<(NaiveDate, String)>,
) -> Result<impl IntoResponse, Problem> {
    let file = app.report(scope, date, &name).await?;
    let shown = file.media_type.starts_with("text/html") || file.media_type.starts_with("image/");
    let disposition = if shown { "inline" } else { "attachment" };
    let name = escaped(&name);
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (
            header::CONTENT_DISPOSITION,
            format!("{disposition}; filename*=UTF-8''{name}"),
        ),
        (header::ETAG, format!("\"{}\"", file.sha256)),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    Ok((headers, file.content))
}
