//! `/_admin/faults` and `/_admin/errors`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use dryapi_testkit::{Fault, corpus};
use http::StatusCode;
use serde_json::{Value, json};

use super::account::{Account, refuse};
use crate::app::App;
use crate::rules::{FaultRule, Named, Target};

pub(super) async fn list(State(app): State<Arc<App>>) -> Json<Value> {
    let faults: Vec<Value> = Fault::ALL
        .iter()
        .map(|fault| {
            let named = Named::Fault(*fault);
            json!({
                "fault": named.name(),
                "does": fault.about(),
                "on": on(named),
                "emulated": named.is_emulated(),
            })
        })
        .chain([json!({
            "fault": "error_body",
            "does": "Answers a body of GET errors by its name, before any work.",
            "on": Target::all().map(Target::name).collect::<Vec<_>>(),
            "emulated": true,
        })])
        .collect();
    let armed: Vec<Value> = app.faults.list().iter().map(FaultRule::describe).collect();
    Json(json!({"faults": faults, "armed": armed}))
}

/// What a fault can happen to.
fn on(named: Named) -> Vec<&'static str> {
    if !named.is_emulated() {
        return Vec::new();
    }
    let targets = Target::all().filter(|target| named.can_happen_to(*target));
    targets.map(Target::name).collect()
}

pub(super) async fn errors() -> Json<Value> {
    let errors: Vec<Value> = corpus::errors()
        .iter()
        .map(|case| {
            json!({
                "name": case.name,
                "status": case.status(),
                "source": case.source,
                "body": String::from_utf8_lossy(case.body()),
            })
        })
        .collect();
    Json(json!({"errors": errors}))
}

pub(super) async fn arm(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let armed = FaultRule::from_json(&body).and_then(|rule| {
        let shown = rule.describe();
        app.faults.arm(rule)?;
        Ok(shown)
    });
    match armed {
        Ok(rule) => Json(json!({"armed": rule})).into_response(),
        Err(invalid) => refuse(StatusCode::UNPROCESSABLE_ENTITY, &invalid.to_string()),
    }
}

pub(super) async fn disarm(State(app): State<Arc<App>>, Query(of): Query<Account>) -> Json<Value> {
    app.faults.disarm(of.key().as_ref());
    let armed: Vec<Value> = app.faults.list().iter().map(FaultRule::describe).collect();
    Json(json!({"armed": armed}))
}
