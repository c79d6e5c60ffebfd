//! Requests to a server, with a deadline, a largest answer, and patience where it asks for it.

use super::error::RouterError;
use crate::domain::InputError;
use crate::runtime::Cancel;
use std::time::{Duration, Instant};
use ureq::http::Uri;
use ureq::http::header::{CONTENT_TYPE, RETRY_AFTER};
use ureq::{Agent, Body};

/// Longest that a server may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// First wait before asking again, doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// How often a wait looks for a cancellation.
const POLL: Duration = Duration::from_millis(50);

/// How requests are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientOptions {
    /// Longest that one request may take.
    pub timeout: Duration,
    /// Largest answer in bytes.
    pub largest_answer: u64,
    /// How often a request is made while the server is busy (status 429 or 503).
    pub attempts: u32,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            largest_answer: 256 * 1024 * 1024,
            attempts: 5,
        }
    }
}

/// A server and how it is asked.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    server: String,
    options: ClientOptions,
}

/// What a server answered.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Client {
    /// A client of the server at an address such as `http://127.0.0.1:5000`.
    pub(super) fn new(address: &str, options: ClientOptions) -> Result<Self, InputError> {
        let server = checked(address)?;
        let config = Agent::config_builder()
            .timeout_global(Some(options.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The server that was named and no other is talked to.
            .proxy(None)
            .user_agent(concat!("routeforce/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self {
            agent: config.new_agent(),
            server,
            options,
        })
    }

    /// Asks for a path, which begins with a slash.
    pub(super) fn get(&self, path: &str, cancel: &Cancel) -> Result<Reply, RouterError> {
        let url = format!("{}{path}", self.server);
        self.patiently(cancel, || self.agent.get(&url).call())
    }

    /// Sends JSON to a path, which begins with a slash.
    pub(super) fn post(
        &self,
        path: &str,
        json: &[u8],
        cancel: &Cancel,
    ) -> Result<Reply, RouterError> {
        let url = format!("{}{path}", self.server);
        let request = || {
            self.agent
                .post(&url)
                .header(CONTENT_TYPE, "application/json")
        };
        self.patiently(cancel, || request().send(json))
    }

    /// That an answer cannot be used.
    pub(super) fn unusable(&self, problem: impl Into<String>) -> RouterError {
        let (server, problem) = (self.server.clone(), problem.into());
        RouterError::Answer { server, problem }
    }

    /// That the server refused, in its own words.
    pub(super) fn refused(&self, status: u16, message: impl Into<String>) -> RouterError {
        RouterError::Refused {
            server: self.server.clone(),
            status,
            message: shortened(&message.into()),
        }
    }

    fn patiently(
        &self,
        cancel: &Cancel,
        ask: impl Fn() -> Result<ureq::http::Response<Body>, ureq::Error>,
    ) -> Result<Reply, RouterError> {
        let lost = |error: ureq::Error| RouterError::Unreachable {
            server: self.server.clone(),
            reason: match error {
                ureq::Error::BodyExceedsLimit(limit) => {
                    format!("its answer is larger than {limit} bytes")
                }
                other => other.to_string(),
            },
        };
        let mut wait = FIRST_WAIT;
        for attempt in 1.. {
            cancel.check()?;
            let mut response = ask().map_err(lost)?;
            let status = response.status().as_u16();
            if matches!(status, 429 | 503) && attempt < self.options.attempts {
                let told = response.headers().get(RETRY_AFTER);
                let told = told.and_then(|value| value.to_str().ok()?.trim().parse().ok());
                let told = told.map(Duration::from_secs);
                pause(told.unwrap_or(wait).min(LONGEST_WAIT), cancel)?;
                wait *= 2;
                continue;
            }
            let body = response.body_mut().with_config();
            let body = body.limit(self.options.largest_answer).read_to_vec();
            let body = body.map_err(lost)?;
            return Ok(Reply { status, body });
        }
        Err(self.unusable("it was never asked"))
    }
}

/// Waits, unless cancelled.
fn pause(wait: Duration, cancel: &Cancel) -> Result<(), RouterError> {
    let until = Instant::now() + wait;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        cancel.check()?;
        std::thread::sleep(left.min(POLL));
    }
    Ok(())
}

/// An address without the slash at its end.
fn checked(address: &str) -> Result<String, InputError> {
    let refused = |problem: &str| {
        let remedy = "give an address such as http://127.0.0.1:5000";
        let error = InputError::new("router", problem, remedy);
        error.field("URL").value(address)
    };
    let uri: Uri = address.parse().map_err(|_| refused("no address"))?;
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => {
            return Err(refused(
                "https is not spoken: put a proxy that does next to this program",
            ));
        }
        _ => return Err(refused("an address of http begins with http://")),
    }
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if uri.host().is_none_or(str::is_empty) || authority.contains('@') {
        return Err(refused("no host, or a user in front of it"));
    }
    if uri.query().is_some() || address.contains('#') {
        return Err(refused("more than a host, a port and a folder"));
    }
    Ok(address.trim_end_matches('/').to_owned())
}

/// The first words of a text, in one line.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_taken() {
        for good in [
            "http://localhost:5000",
            "http://10.0.0.1/osrm/",
            "http://[::1]:80",
        ] {
            assert!(!checked(good).unwrap().ends_with('/'), "{good}");
        }
        for bad in [
            "",
            "localhost:5000",
            "https://router.example",
            "ftp://x",
            "http://",
            "file:///etc/passwd",
            "http://user:secret@host",
            "http://host/?a=b",
            "http://host/#x",
            "http://ho st",
        ] {
            let error = checked(bad).unwrap_err();
            assert!(
                error.to_string().contains("http://127.0.0.1:5000"),
                "{error}"
            );
        }
    }
}
