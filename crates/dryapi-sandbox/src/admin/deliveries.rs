//! `/_admin/deliveries` and `/_admin/webhooks`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account::{Account, refuse};
use crate::app::App;
use crate::key::Key;

pub(super) async fn list(State(app): State<Arc<App>>, Query(of): Query<Account>) -> Json<Value> {
    Json(json!({"deliveries": app.deliveries.list(of.key().as_ref())}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    enabled: bool,
    key: Option<String>,
}

pub(super) async fn switch(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let Ok(wish) = serde_json::from_slice::<Switch>(&body) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "write {\"enabled\":true} or {\"enabled\":false,\"key\":\"sk-sandbox-…\"}",
        );
    };
    let key = wish.key.map(Key::new);
    app.deliveries.switch(key.as_ref(), wish.enabled);
    Json(json!({"enabled": wish.enabled})).into_response()
}
