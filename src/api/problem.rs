//! Errors on the wire: problem details (RFC 9457).

use crate::domain::InputError;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::Serialize;

/// Media type of problem details.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Problem {
    /// `urn:routeforce:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of error for people.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What is wrong here, and what helps.
    pub detail: String,
    /// The kind of error for programs.
    pub code: &'static str,
    /// Id of the request, as in the answer's `x-request-id` and in the log.
    pub request_id: Option<String>,
    /// Where the caller's data is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Box<InputProblem>>,
}

/// Where the caller's data is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InputProblem {
    /// Which data, such as `request body`.
    pub source: String,
    /// Line, counted from 1.
    pub row: Option<u64>,
    /// JSON path, parameter or header.
    pub field: Option<String>,
    /// The offending value, shortened.
    pub value: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub remedy: String,
}

impl Problem {
    /// A problem with its status, code and title.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind: format!("urn:routeforce:problem:{code}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            code,
            request_id: None,
            input: None,
        }
    }

    /// The caller's data is readable but wrong.
    pub fn input(error: InputError) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::new(status, "invalid-input", "Invalid input", error.to_string()).with(error)
    }

    /// The body cannot be read at all.
    pub fn malformed(error: InputError) -> Self {
        let status = StatusCode::BAD_REQUEST;
        Self::new(
            status,
            "malformed-body",
            "Malformed body",
            error.to_string(),
        )
        .with(error)
    }

    /// There is nothing at this path.
    pub fn no_route(path: &str) -> Self {
        let detail = format!("nothing at {path}; see /openapi.json");
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// A fault of the program; what exactly is in the log only.
    pub fn internal() -> Self {
        let detail = "a fault of the server; its log says more under this request id";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "internal", "Internal error", detail)
    }

    /// What another part of the server answered without words.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::BAD_REQUEST => ("bad-request", "the request cannot be understood"),
            StatusCode::NOT_FOUND => ("not-found", "nothing at this path; see /openapi.json"),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method-not-allowed",
                "this path does not take this method; see /openapi.json",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                "payload-too-large",
                "the body is too large; send it in parts",
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "unsupported-media-type",
                "send JSON with `content-type: application/json`",
            ),
            StatusCode::UPGRADE_REQUIRED => (
                "upgrade-required",
                "this path speaks WebSocket; connect with `ws://`",
            ),
            status if status.is_server_error() => return Self::internal(),
            _ => ("request-failed", "the request failed"),
        };
        let title = status.canonical_reason().unwrap_or("Error");
        Self::new(status, code, title, detail)
    }

    fn with(mut self, error: InputError) -> Self {
        self.input = Some(Box::new(InputProblem {
            source: error.source,
            row: error.row,
            field: error.field,
            value: error.value,
            problem: error.problem,
            remedy: error.remedy,
        }));
        self
    }

    /// The problem as an answer, with the id of its request.
    pub fn render(mut self, request_id: &str) -> Response<Body> {
        self.request_id = Some(request_id.to_owned());
        let status = StatusCode::from_u16(self.status);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let media_type = HeaderValue::from_static(PROBLEM_JSON);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
        response
    }
}

/// Handlers answer with the bare problem; `observe` renders it, which knows the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        if let Ok(status) = StatusCode::from_u16(self.status) {
            *response.status_mut() = status;
        }
        response.extensions_mut().insert(self);
        response
    }
}
