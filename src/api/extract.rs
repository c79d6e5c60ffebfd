//! What handlers take as arguments. Whatever does not fit becomes a [`Problem`].

use super::page::{self, MOST_ITEMS};
use super::problem::Problem;
use crate::app::rows::{After, DEFAULT_TENANT, TenantScope};
use crate::domain::InputError;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The tenant that the caller acts for. Until there is sign-in, everybody acts for the default
/// tenant; a handler cannot reach rows without this argument.
#[derive(Debug, Clone, Copy)]
pub struct Scope(pub TenantScope);

impl<S: Send + Sync> FromRequestParts<S> for Scope {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(DEFAULT_TENANT))
    }
}

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        if !content_type
            .and_then(|v| v.to_str().ok())
            .is_some_and(is_json)
        {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Problem::of_status(rejection.status()))?;
        read_json(&bytes).map(Self)
    }
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    media_type.eq_ignore_ascii_case("application/json")
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

/// Reads JSON; the error names the path of the field that is at fault.
fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    const REMEDY: &str = "see /openapi.json for what is expected";
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        let inner = e.into_inner();
        let error = InputError::new("request body", inner.to_string(), REMEDY);
        if inner.is_data() {
            let named = if path == "." { "(whole body)" } else { &path };
            Problem::input(error.row(inner.line() as u64).field(named))
        } else {
            Problem::malformed(error.row(inner.line() as u64))
        }
    })?;
    reader.end().map_err(|e| {
        let error = InputError::new("request body", e.to_string(), "send one JSON value");
        Problem::malformed(error.row(e.line() as u64))
    })?;
    Ok(value)
}

/// The caller's own name for a request: asked twice, done once.
#[derive(Debug)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let key = parts.headers.get("idempotency-key").map(|v| v.to_str());
        let key = key.transpose().map_err(|_| {
            let remedy = "give ASCII characters";
            let error = InputError::new("request header", "not plain text", remedy);
            Problem::input(error.field("Idempotency-Key"))
        })?;
        Ok(Self(key.map(str::to_owned)))
    }
}

/// Query parameters.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| {
                let query = parts.uri.query().unwrap_or_default();
                let remedy = "see /openapi.json for the parameters";
                Problem::input(InputError::new("query", rejection.body_text(), remedy).value(query))
            })
    }
}

/// Parameters of the path.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) => {
                let remedy = "see /openapi.json for the form of the path";
                let error = InputError::new("path", rejection.body_text(), remedy);
                Err(Problem::input(error.value(parts.uri.path())))
            }
        }
    }
}

/// Which page of a list.
#[derive(Debug)]
pub struct Paging {
    /// Key of the row before the first.
    pub after: Option<After>,
    /// Most rows.
    pub limit: u32,
}

#[derive(Deserialize)]
struct PagingQuery {
    limit: Option<u32>,
    cursor: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::<PagingQuery>::from_request_parts(parts, state).await?;
        let limit = query.limit.unwrap_or(100);
        if !(1..=MOST_ITEMS).contains(&limit) {
            let remedy = format!("give 1 to {MOST_ITEMS}");
            let error = InputError::new("query", "out of range", remedy);
            return Err(Problem::input(error.field("limit").value(limit)));
        }
        let after = query.cursor.as_deref().map(page::read_cursor).transpose();
        Ok(Self {
            after: after.map_err(Problem::input)?,
            limit,
        })
    }
}
