//! Listening and stopping.

use super::router::{ApiState, router};
use crate::app::App;
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long requests under way may take once the server stops.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// Serves until `stop` turns true; then takes no new requests, closes the WebSockets, and waits a
/// few seconds for requests under way.
pub async fn serve(app: App, listener: TcpListener, stop: watch::Receiver<bool>) -> io::Result<()> {
    let state = ApiState {
        app,
        stop: stop.clone(),
    };
    let mut graceful = stop.clone();
    let server = axum::serve(listener, router(state)).with_graceful_shutdown(async move {
        // An error means that whoever could stop it is gone.
        let _ = graceful.wait_for(|stopped| *stopped).await;
    });
    let mut late = stop;
    tokio::select! {
        result = server => result,
        () = async {
            let _ = late.wait_for(|stopped| *stopped).await;
            tokio::time::sleep(STOP_PATIENCE).await;
        } => {
            tracing::warn!("requests under way were cut off");
            Ok(())
        }
    }
}
