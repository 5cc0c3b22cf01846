//! `/api/v1/client/…`: every call takes the same way through the house — admit, draw its fault,
//! read, record, count against the limits, handle.

mod account;
mod asked;
mod broadcasting;
mod call;
mod content;
mod fields;
mod media;
mod nested;
mod prompts;
mod refusal;
mod tasks;
mod upload;
mod validate;

use std::sync::Arc;

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::response::{IntoResponse, Response};
use dryapi_types::{CostClass, Method};
use http::StatusCode;
use http::request::Parts;

pub(crate) use self::broadcasting::authorise;
use self::call::{Call, bearer};
use self::content::{Content, query_fields};
use self::fields::Fields;
use self::refusal::Refusal;
use crate::app::App;
use crate::conclude::conclude;
use crate::connection::Line;
use crate::faults::{Drawn, Effect, Instead, aftermath, prompt};
use crate::journal_entry::journal_entry;
use crate::rules::{InvalidFault, Target};
use crate::world::Twist;

/// Answers one call of the API.
pub(crate) async fn handle(
    State(app): State<Arc<App>>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(path): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let key = bearer(&parts.headers);
    let call = Call::admit(&app.world, &parts.method, &path, key.as_ref());
    let armed = call.as_ref().ok().and_then(|call| {
        let target = Target::Operation(call.meta);
        app.faults.take(&call.key, target)
    });
    let content = if armed.as_ref().is_some_and(Drawn::closes_unread) {
        Content::Empty
    } else {
        Content::receive(&parts.headers, body).await
    };
    let entry = journal_entry(&app.world, &parts, key, content.describe());
    let number = app.world.record(entry);
    let (response, drawn) = match call {
        Ok(call) => answer(&app, &call, &parts, content, armed).await,
        Err(refusal) => (refusal.into_response(), None),
    };
    conclude(&app, number, response, drawn, &line).await
}

/// The answer of an admitted call, and the fault it met.
async fn answer(
    app: &App,
    call: &Call,
    parts: &Parts,
    content: Content,
    armed: Option<Drawn>,
) -> (Response, Option<Drawn>) {
    let fields = match call.meta.method {
        Method::Get => Ok(query_fields(&parts.uri)),
        _ => content.into_fields(),
    };
    let drawn = match own_fault(call, fields.as_ref().ok()) {
        Ok(None) => armed,
        Ok(own) => {
            app.faults.give_back(armed);
            own
        }
        Err(invalid) => {
            app.faults.give_back(armed);
            let errors = vec![("prompt".to_owned(), invalid.to_string())];
            return (Refusal::validation(errors).into_response(), None);
        }
    };
    let now = app.world.now();
    let twist = match drawn.as_ref().and_then(|drawn| drawn.rule.effect()) {
        Some(Effect::Instead(Instead::Refuse(window))) => {
            let refusal = app.limits.refuse(&call.key, call.meta, now, window);
            return (refusal.into_response(), drawn);
        }
        Some(Effect::Instead(instead)) => return (aftermath::in_place(instead), drawn),
        Some(Effect::Job(twist)) => twist,
        Some(Effect::After(_)) | None => Twist::default(),
    };
    let usage = match app.limits.count(&call.key, call.meta, now) {
        Ok(usage) => usage,
        Err(exceeded) => {
            app.faults.give_back(drawn);
            return (exceeded.into_response(), None);
        }
    };
    // A status spoils the address it hands out, if it has one.
    let in_vain = call.meta.task.is_none()
        && twist.stale_urls > 0
        && !app.world.spoil_next_url(&call.key, &call.id);
    // So is what goes wrong with a webhook where there is none.
    let listened = |fields: &Fields| tasks::webhook_url(app, fields).is_some();
    let in_vain = in_vain || twist.mishap.is_some() && !fields.as_ref().is_ok_and(listened);
    let result = match fields {
        Ok(fields) => route(app, call, parts, fields, twist).await,
        Err(refusal) => Err(refusal),
    };
    let shaped = |refusal: Refusal| match app.world.config.errors_as_map {
        true => refusal.into_map().into_response(),
        false => refusal.into_response(),
    };
    let mut response = result.unwrap_or_else(shaped);
    if let Some(usage) = usage {
        usage.stamp(response.headers_mut());
    }
    if in_vain || !response.status().is_success() {
        app.faults.give_back(drawn);
        return (response, None);
    }
    (response, drawn)
}

/// The fault a request brings along in its prompt.
fn own_fault(call: &Call, fields: Option<&Fields>) -> Result<Option<Drawn>, InvalidFault> {
    let prompt = fields.and_then(|fields| fields.text("prompt"));
    prompt.map_or(Ok(None), |prompt| prompt::fault_in(call.meta, prompt))
}

async fn route(
    app: &App,
    call: &Call,
    parts: &Parts,
    fields: Fields,
    twist: Twist,
) -> Result<Response, Refusal> {
    let (key, meta, headers) = (&call.key, call.meta, &parts.headers);
    match (meta.cost, meta.name) {
        (CostClass::Paid, _) => tasks::submit(app, key, meta, headers, &fields, twist),
        (CostClass::Quote, _) => tasks::quote(meta, &fields),
        (_, "balance") => Ok(account::balance(app, key)),
        (_, "models") => Ok(account::models(app, &parts.uri)),
        (_, "request-status") => account::status(app, key, &call.id, headers).await,
        _ => Err(Refusal::new(StatusCode::NOT_FOUND, "Not found.")),
    }
}

/// A path outside every route.
pub(crate) async fn no_such_route(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let message = format!("The route {path} could not be found.");
    Refusal::new(StatusCode::NOT_FOUND, &message).into_response()
}
