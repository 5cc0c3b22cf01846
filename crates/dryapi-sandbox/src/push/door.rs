//! Who is let in to the push channel, and who may stay.

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::HeaderMap;
use serde::Deserialize;

use super::office::APP_KEY;
use super::socket::Socket;
use crate::app::App;

/// The query of a connection.
#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    protocol: Option<String>,
}

/// `GET /app/{key}`: every client is let in, and told then why it may not stay.
pub(crate) async fn connect(
    State(app): State<Arc<App>>,
    Path(app_key): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(async move |wire| {
        let socket = Socket::new(app, headers, wire);
        // A socket that breaks is gone; there is nobody to tell.
        let _ = match refusal(&app_key, &wish) {
            Some((code, message)) => socket.close(code, Some(&message)).await,
            None => socket.run().await,
        };
    })
}

/// Codes of the Pusher protocol: do not come again.
fn refusal(app_key: &str, wish: &Wish) -> Option<(u16, String)> {
    match wish.protocol.as_deref() {
        _ if app_key != APP_KEY => Some((4001, format!("App key {app_key} does not exist."))),
        None => Some((4008, "No protocol version supplied.".to_owned())),
        Some("5" | "6" | "7") => None,
        Some(_) => Some((4007, "Unsupported protocol version.".to_owned())),
    }
}
