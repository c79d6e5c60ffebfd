//! The WebSocket.

use super::database::{Database, on_both_engines};
use super::samples::{day, plan, plan_request, position};
use super::server::{AT_ONCE, Server};
use chrono::Utc;
use futures::StreamExt;
use reqwest::Method;
use routeforce::store::DEFAULT_TENANT;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

on_both_engines!(
    positions_and_jobs_are_told,
    a_day_is_replayed,
    a_stop_closes_and_strangers_are_refused,
);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn listen(server: &Server) -> Socket {
    let url = format!("ws://{}/api/v1/live", server.address);
    let (mut socket, _) = connect_async(url).await.unwrap();
    let hello = next(&mut socket, "hello").await;
    assert_eq!(hello["version"], env!("CARGO_PKG_VERSION"));
    socket
}

/// The next message of a type.
async fn next(socket: &mut Socket, kind: &str) -> Value {
    let search = async {
        loop {
            if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
                let message: Value = serde_json::from_str(&text).unwrap();
                if message["type"] == kind {
                    return message;
                }
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), search)
        .await
        .unwrap()
}

async fn positions_and_jobs_are_told(database: Database) {
    let server = Server::start(&database).await;
    let mut socket = listen(&server).await;
    let batch = json!({ "positions": [position("van-1", 3)] });
    let (_, receipt) = server.send(Method::POST, "/api/v1/positions", &batch).await;
    assert_eq!(
        receipt,
        json!({ "received": 1, "stored": 1, "duplicates": 0 })
    );
    let told = next(&mut socket, "position").await;
    assert_eq!(told["position"], batch["positions"][0]);
    let (_, receipt) = server.send(Method::POST, "/api/v1/positions", &batch).await;
    assert_eq!(receipt["duplicates"], 1);

    let request = plan_request(AT_ONCE);
    let (_, asked) = server.send(Method::POST, "/api/v1/plans", &request).await;
    // A worker that happens to look at once may be done before the job is told as queued.
    let mut state = Value::Null;
    while state != "succeeded" {
        let told = next(&mut socket, "job").await;
        assert_eq!(told["job"]["id"], asked["id"]);
        state = told["job"]["state"].clone();
        assert!(["queued", "running", "succeeded"].contains(&state.as_str().unwrap()));
    }
    let told = next(&mut socket, "plan").await;
    assert_eq!(told["plan"]["routes"], 1);
    server.stop().await;
}

async fn a_day_is_replayed(database: Database) {
    let server = Server::start(&database).await;
    let mut socket = listen(&server).await;
    let day = day(plan(Uuid::now_v7(), Utc::now()).id);
    let first = day.positions[0].clone();
    let (stop, stopped) = watch::channel(false);
    let app = server.app.clone();
    let replay = tokio::spawn(async move {
        // Twenty minutes in two seconds.
        app.replay(DEFAULT_TENANT, day, 600.0, stopped).await
    });
    let started = next(&mut socket, "replay-started").await;
    assert_eq!(started["speed"], 600.0);
    let told = next(&mut socket, "position").await;
    assert_eq!(told["position"], serde_json::to_value(&first).unwrap());
    let told = next(&mut socket, "stop-event").await;
    assert_eq!(
        (&told["event"], &told["stop_id"]),
        (&json!("arrived"), &json!("s-1"))
    );
    // The van moved, for those who ask, too.
    let (_, vehicles) = server.get("/api/v1/vehicles").await;
    assert!(vehicles["items"][0]["position"]["lat"].as_f64().unwrap() > first.place.lat);
    stop.send(true).unwrap();
    replay.await.unwrap().unwrap();
    server.stop().await;
}

async fn a_stop_closes_and_strangers_are_refused(database: Database) {
    let server = Server::start(&database).await;
    let url = format!("ws://{}/api/v1/live", server.address);
    let mut request = url.into_client_request().unwrap();
    request
        .headers_mut()
        .insert("origin", "http://elsewhere.example".parse().unwrap());
    match connect_async(request).await {
        Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), 403),
        other => panic!("a page of another site was let in: {other:?}"),
    }
    let mut socket = listen(&server).await;
    let stopping = tokio::spawn(server.stop());
    let close = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|f| u16::from(f.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    };
    let code = tokio::time::timeout(Duration::from_secs(10), close)
        .await
        .unwrap();
    assert_eq!(code, Some(1001));
    stopping.await.unwrap();
}
