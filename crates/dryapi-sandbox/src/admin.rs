//! `/_admin`: look inside and steer. No key; refuses callers that are not on this machine.

mod account;
mod deliveries;
mod faults;
mod push;

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use self::account::{Account, refuse};
use crate::app::App;
use crate::clock::parse_duration;
use crate::host;
use crate::world::{Forced, usual_message};

pub(crate) fn router(app: Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/_admin", get(index))
        .route("/_admin/", get(index))
        .route("/_admin/charges", get(charges))
        .route("/_admin/requests", get(requests))
        .route("/_admin/jobs", get(jobs))
        .route("/_admin/jobs/{id}", post(force))
        .route("/_admin/deliveries", get(deliveries::list))
        .route("/_admin/webhooks", post(deliveries::switch))
        .route("/_admin/clock", get(time).post(advance))
        .route("/_admin/reset", post(reset))
        .route(
            "/_admin/faults",
            get(faults::list).post(faults::arm).delete(faults::disarm),
        )
        .route("/_admin/errors", get(faults::errors))
        .route("/_admin/push/cut", post(push::cut))
        .route("/_admin/{*unknown}", any(unknown))
        .route_layer(from_fn_with_state(app, local_only))
}

async fn local_only(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if host::is_local(request.headers(), app.host()) {
        next.run(request).await
    } else {
        refuse(
            StatusCode::FORBIDDEN,
            "the admin interface answers callers on this machine only",
        )
    }
}

async fn unknown() -> Response {
    refuse(
        StatusCode::NOT_FOUND,
        "no such admin call; GET /_admin lists them",
    )
}

async fn index() -> Json<Value> {
    Json(json!({"calls": [
        "GET charges[?key=]: what was billed",
        "GET requests[?key=]: what arrived, without Authorization",
        "GET jobs[?key=]: the jobs and where they stand",
        "POST jobs/ID {\"state\":\"error\",\"code\":\"WORKER_TIMEOUT\"}: forces an outcome \
         (error, done, processing, pending)",
        "GET deliveries[?key=]: every attempt to deliver a webhook",
        "POST webhooks {\"enabled\":true,\"key\":null}: switches webhooks on or off, as ten \
         failed deliveries in a row switch them off",
        "GET clock: the virtual time",
        "POST clock {\"advance\":\"25h\"}: jumps (ms, s, m, h, d)",
        "GET faults: every fault by name, and the armed ones",
        "GET errors: every error body of the corpus, by name",
        "POST faults {\"fault\":\"accept_then_drop\",\"on\":\"txt2img\",\"times\":1,\
         \"after\":0,\"key\":null}: arms one; also {\"fault\":\"error_body\",\"body\":\"NAME\"}",
        "DELETE faults[?key=]: disarms",
        "POST push/cut: cuts every socket of the push channel, without a close frame",
        "POST reset {} or {\"key\":\"…\"}: fresh accounts, or one",
    ]}))
}

async fn charges(State(app): State<Arc<App>>, Query(of): Query<Account>) -> Json<Value> {
    Json(json!({"charges": app.world.charges(of.key().as_ref())}))
}

async fn requests(State(app): State<Arc<App>>, Query(of): Query<Account>) -> Json<Value> {
    Json(json!({"requests": app.world.requests(of.key().as_ref())}))
}

async fn jobs(State(app): State<Arc<App>>, Query(of): Query<Account>) -> Json<Value> {
    Json(json!({"jobs": app.world.jobs(of.key().as_ref())}))
}

async fn time(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({"now": app.world.now().to_string()}))
}

async fn advance(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let wish: Option<Value> = serde_json::from_slice(&body).ok();
    let by = wish
        .as_ref()
        .and_then(|wish| parse_duration(wish.get("advance")?.as_str()?));
    let Some(by) = by else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "write {\"advance\":\"25h\"}: ms, s, m, h or d",
        );
    };
    app.world.advance(by);
    time(State(app)).await.into_response()
}

async fn reset(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
    let Ok(of) = serde_json::from_slice::<Account>(body) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "write {} or {\"key\":\"sk-sandbox-…\"}",
        );
    };
    let key = of.key();
    app.reset(key.as_ref());
    Json(json!({"reset": if key.is_some() { "one" } else { "all" }})).into_response()
}

#[derive(Debug, Deserialize)]
struct Outcome {
    state: String,
    code: Option<String>,
    message: Option<String>,
}

async fn force(State(app): State<Arc<App>>, Path(id): Path<String>, body: Bytes) -> Response {
    let outcome = serde_json::from_slice::<Outcome>(&body)
        .ok()
        .and_then(read_outcome);
    let Some(outcome) = outcome else {
        let help = "write {\"state\":\"error\",\"code\":\"WORKER_TIMEOUT\"}; \
                    state is error, done, processing or pending";
        return refuse(StatusCode::BAD_REQUEST, help);
    };
    if !app.world.force(&id, outcome) {
        return refuse(StatusCode::NOT_FOUND, "no such job");
    }
    let job = app
        .world
        .jobs(None)
        .into_iter()
        .find(|job| job.request_id == id);
    Json(json!({"job": job})).into_response()
}

fn read_outcome(outcome: Outcome) -> Option<Forced> {
    Some(match outcome.state.as_str() {
        "pending" => Forced::Pending,
        "processing" => Forced::Processing,
        "done" => Forced::Done,
        "error" => {
            let code = outcome
                .code
                .unwrap_or_else(|| "PROCESSING_ERROR".to_owned());
            let message = outcome
                .message
                .unwrap_or_else(|| usual_message(&code).to_owned());
            Forced::Error { code, message }
        }
        _ => return None,
    })
}
