//! The WebSocket with live positions, stops, jobs, plans and alerts.

use super::ApiState;
use super::extract::Scope;
use super::problem::Problem;
use crate::app::App;
use crate::app::live::{LiveEvent, LiveMessage};
use crate::app::rows::TenantScope;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, interval, timeout};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How often a listener is asked whether it is there.
const PING: Duration = Duration::from_secs(15);
/// Silence after which it is taken for gone.
const GONE: Duration = Duration::from_secs(45);
/// How long one message may take to leave.
const SEND_PATIENCE: Duration = Duration::from_secs(5);
/// Listeners have nothing to say.
const LARGEST_MESSAGE_BYTES: usize = 4_096;

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(live))
}

/// Positions, stops, jobs, plans and alerts as they happen
///
/// A WebSocket. Each text message is one `LiveEvent`. Listeners that are too slow are closed with
/// code 1008; when the server stops, with 1001.
#[utoipa::path(get, path = "/api/v1/live", tag = "live", responses(
    (status = 101, description = "The WebSocket is open; messages are `LiveEvent`"),
    (status = 400, description = "Not a WebSocket request",
        body = ref("#/components/schemas/Problem"), content_type = "application/problem+json"),
    (status = 403, description = "A page of another site asks",
        body = ref("#/components/schemas/Problem"), content_type = "application/problem+json")
))]
async fn live(
    Scope(scope): Scope,
    State(state): State<ApiState>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    if !same_origin(&headers) {
        let detail = "a page of another site may not listen";
        let status = StatusCode::FORBIDDEN;
        return Err(Problem::new(status, "forbidden", "Forbidden", detail));
    }
    // From before the answer on, so that nothing is missed.
    let messages = state.app.live().subscribe();
    Ok(upgrade
        .max_message_size(LARGEST_MESSAGE_BYTES)
        .on_upgrade(move |socket| async move {
            let mut listener = Listener { socket, scope };
            listener.serve(&state.app, messages, state.stop).await;
        }))
}

/// Browsers let any page open a WebSocket to anywhere, and say whose page it was.
fn same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    let origin = origin.to_str().ok().and_then(|o| o.split_once("://"));
    matches!((host, origin), (Some(host), Some((_, origin))) if origin == host)
}

struct Listener {
    socket: WebSocket,
    scope: TenantScope,
}

impl Listener {
    /// Passes messages on until either side has enough.
    async fn serve(
        &mut self,
        app: &App,
        mut messages: Receiver<LiveMessage>,
        mut stop: watch::Receiver<bool>,
    ) {
        if !self.greet(app).await {
            return;
        }
        let mut ping = interval(PING);
        let mut heard = Instant::now();
        loop {
            let sent = tokio::select! {
                message = messages.recv() => match message {
                    Ok(message) if message.scope == self.scope => {
                        self.send(Message::text(&*message.json)).await
                    }
                    Ok(_) => true,
                    Err(RecvError::Lagged(missed)) => {
                        tracing::info!(missed, "a slow listener is dropped");
                        return self.close(close_code::POLICY, "too slow").await;
                    }
                    Err(RecvError::Closed) => return,
                },
                said = self.socket.recv() => match said {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => {
                        heard = Instant::now();
                        true
                    }
                },
                _ = ping.tick() => {
                    heard.elapsed() < GONE && self.send(Message::Ping(Vec::new().into())).await
                }
                _ = stop.changed() => {
                    return self.close(close_code::AWAY, "the server stops").await;
                }
            };
            if !sent {
                return self.close(close_code::POLICY, "too slow").await;
            }
        }
    }

    async fn greet(&mut self, app: &App) -> bool {
        let replay = app.replay_of(self.scope);
        let hello = LiveEvent::Hello {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            now: replay.map_or_else(|| app.clock().now(), |(_, now)| now),
            replay: replay.map(|(state, _)| state),
        };
        match serde_json::to_string(&hello) {
            Ok(json) => self.send(Message::text(json)).await,
            Err(_) => false,
        }
    }

    async fn send(&mut self, message: Message) -> bool {
        let sent = timeout(SEND_PATIENCE, self.socket.send(message)).await;
        matches!(sent, Ok(Ok(())))
    }

    async fn close(&mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame {
            code,
            reason: reason.into(),
        };
        self.send(Message::Close(Some(frame))).await;
    }
}
