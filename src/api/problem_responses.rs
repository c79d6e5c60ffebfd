//! What `/openapi.json` says of requests that are not answered.

use super::problem::{PROBLEM_JSON, Problem};
use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

/// Every fault of a request has the same form.
impl IntoResponses for Problem {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        of("4XX", "What is wrong")
    }
}

/// The refusal of a request while too many others are computed.
pub struct Busy;

impl IntoResponses for Busy {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        of("503", "Too much is being computed")
    }
}

fn of(status: &str, description: &str) -> BTreeMap<String, RefOr<Response>> {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let response = ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_JSON, content);
    BTreeMap::from([(status.to_owned(), response.into())])
}
