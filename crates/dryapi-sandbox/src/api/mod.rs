//! `/api/v1/client/…`: every call takes the same way through the house — read, record, admit,
//! look up in the operation table, handle.

mod account;
mod content;
mod refusal;
mod tasks;
mod validate;

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use dryapi_types::{CostClass, Meta, TABLE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use self::content::Content;
use self::refusal::Refusal;
use crate::app::App;
use crate::journal_entry::journal_entry;
use crate::world::Key;

/// Largest body of a request; what the service's largest page says, in bytes.
const LARGEST_BODY: usize = 100 << 20;

/// Answers one call of the API.
pub(crate) async fn handle(
    State(app): State<Arc<App>>,
    Path(path): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let content = match axum::body::to_bytes(body, LARGEST_BODY).await {
        Ok(bytes) => Content::read(&parts.headers, bytes).await,
        Err(_) => Content::TooLarge,
    };
    let key = bearer(&parts.headers).map(Key::new);
    let entry = journal_entry(&app.world, &parts, key.clone(), content.describe());
    let number = app.world.record(entry);
    // Faults are looked up here: the key, the operation and the prompt are known, and nothing has
    // been booked. Those that touch the connection are carried out by `listener`.
    let response = match route(&app, key.as_ref(), &path, &parts, content).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    app.world.answered(number, response.status().as_u16());
    response
}

async fn route(
    app: &App,
    key: Option<&Key>,
    path: &str,
    parts: &Parts,
    content: Content,
) -> Result<Response, Refusal> {
    let Some((meta, id)) = find(path, &parts.method)? else {
        let message = format!("The route api/v1/client/{path} could not be found.");
        return Err(Refusal::new(StatusCode::NOT_FOUND, &message));
    };
    let key = key
        .filter(|key| app.world.accepts(key))
        .ok_or_else(Refusal::unauthorized)?;
    // Plan limits are counted and refused here, before any work.
    if let Content::TooLarge = content {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request is too large.",
        ));
    }
    if let Content::Broken(message, _) = &content {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, message));
    }
    match (meta.cost, meta.name) {
        (CostClass::Paid, _) => {
            tasks::submit(app, key, meta, &parts.headers, content.into_fields())
        }
        (CostClass::Quote, name) => {
            let task = name.strip_suffix("/price-calculation").unwrap_or(name);
            tasks::quote(meta, task, content.into_fields())
        }
        (_, "balance") => Ok(account::balance(app, key)),
        (_, "models") => Ok(account::models(app, &parts.uri)),
        (_, "request-status") => account::status(app, key, &id, &parts.headers).await,
        _ => Err(Refusal::new(StatusCode::NOT_FOUND, "Not found.")),
    }
}

/// The operation of a path and the id in it. A path that is there but not for this method is 405.
fn find(path: &str, method: &Method) -> Result<Option<(&'static Meta, String)>, Refusal> {
    let matches = |meta: &&'static Meta| match meta.path.split_once('{') {
        Some((before, _)) => path
            .strip_prefix(before)
            .is_some_and(|id| !id.is_empty() && !id.contains('/')),
        None => meta.path == path,
    };
    let found: Vec<&'static Meta> = TABLE.iter().copied().filter(|meta| matches(meta)).collect();
    let Some(first) = found.first() else {
        return Ok(None);
    };
    let Some(meta) = found
        .iter()
        .find(|meta| meta.method.as_str() == method.as_str())
    else {
        let message = format!(
            "The {method} method is not supported for route api/v1/client/{path}. Supported methods: {}.",
            first.method.as_str(),
        );
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, &message));
    };
    let id = meta
        .path
        .split_once('{')
        .and_then(|(before, _)| path.strip_prefix(before));
    Ok(Some((meta, id.unwrap_or_default().to_owned())))
}

/// The key of `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers
        .get(header::AUTHORIZATION)
        .map(HeaderValue::to_str)?
        .ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(key.trim())
        .filter(|key| !key.is_empty())
}

/// A path outside every route.
pub(crate) async fn no_such_route(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let message = format!("The route {path} could not be found.");
    Refusal::new(StatusCode::NOT_FOUND, &message).into_response()
}
