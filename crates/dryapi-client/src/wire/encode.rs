//! From an operation to a request: address, headers, body.

use std::sync::Arc;

use dryapi_transport::{Body, Boundary, Multipart, Request, Reuse};
use dryapi_types::{
    CostClass, FieldError, Intent, InvalidRequest, Meta, Operation, Part, PartValue, Payload,
};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Method};

use crate::deadline;
use crate::error::Error;
use crate::file::limits::FilePart;
use crate::file::upload::{Upload, Uploads};
use crate::observe::Event;
use crate::random::Random;
use crate::shared::Shared;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request, and the files in it.
pub(crate) struct Encoded {
    pub(crate) request: Box<Request>,
    pub(crate) files: Vec<FilePart>,
}

/// Everything about a request that is settled before its first attempt.
pub(crate) async fn encode<O: Operation>(
    shared: &Arc<Shared>,
    operation: &O,
    intent: Option<&Intent>,
    uploads: &Uploads,
) -> Result<Encoded, Error> {
    let meta = operation.meta();
    let payload = operation.payload().map_err(Error::invalid)?;
    let uri = shared
        .base_url
        .operation(&operation.path(), &operation.query())?;
    let method = Method::try_from(meta.method.as_str()).unwrap_or(Method::POST);
    // Boxed, since it is moved through every floor.
    let mut request = Box::new(Request::new(method, uri));
    request.headers.clone_from(&shared.headers);
    let headers = &mut request.headers;
    headers.insert(AUTHORIZATION, shared.authorization.clone());
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, shared.user_agent.clone());
    if let Some(intent) = intent
        && let Ok(value) = HeaderValue::try_from(intent.as_str())
    {
        headers.insert(IDEMPOTENCY_KEY, value);
    }
    let mut files = Vec::new();
    match payload {
        Payload::Json(bytes) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request.body = Body::from(bytes);
        }
        Payload::Form(parts) => {
            // Boxed, since the future of every call would be large with it.
            let form = Box::pin(form(shared, meta, parts, uploads, &mut files)).await?;
            if let Ok(value) = HeaderValue::try_from(form.content_type()) {
                headers.insert(CONTENT_TYPE, value);
            }
            let body = form.into_body();
            request.body = match &uploads.told {
                Some(told) => told.watch(body),
                None => body,
            };
        }
        _ => {}
    }
    request.timeouts = deadline::timeouts(meta.cost, shared.attempt_timeout);
    if meta.cost == CostClass::Paid {
        request.reuse = Reuse::Careful;
    }
    Ok(Encoded { request, files })
}

async fn form(
    shared: &Arc<Shared>,
    meta: &'static Meta,
    parts: Vec<Part>,
    uploads: &Uploads,
    files: &mut Vec<FilePart>,
) -> Result<Multipart, Error> {
    // What a price is asked of is sent once more.
    let keep = meta.cost == CostClass::Quote;
    let mut form = Multipart::new(boundary(&*shared.random)?);
    for part in parts {
        form = match part.value {
            PartValue::Text(text) => form.text(&part.name, text),
            PartValue::File(source) => {
                let upload = uploads
                    .open(shared, &source, keep)
                    .await
                    .map_err(|error| error.with(|inner| inner.operation = meta.name))?;
                files.push(checked(shared, meta, uploads, &part.name, &upload)?);
                form.file(&part.name, &upload.name, upload.media_type, upload.body)
            }
            _ => form,
        };
    }
    Ok(form)
}

/// Compares a file with the published limits.
fn checked(
    shared: &Shared,
    meta: &'static Meta,
    uploads: &Uploads,
    field: &str,
    upload: &Upload,
) -> Result<FilePart, Error> {
    let (part, outside) = FilePart::of(meta, field, upload);
    let Some(message) = outside else {
        return Ok(part);
    };
    let operation = meta.name;
    if uploads.strict.unwrap_or(shared.files.strict) {
        let fields = vec![FieldError::new(&part.field, message)];
        let refused = InvalidRequest::unless_empty(operation, fields);
        return refused.map(|()| part).map_err(Error::invalid);
    }
    if uploads.warn(message.clone()) {
        tracing::warn!(operation, field, message, "dryapi file");
        let event = Event::Warning { operation, message };
        shared.observer.on_event(&event);
    }
    Ok(part)
}

fn boundary(random: &dyn Random) -> Result<Boundary, Error> {
    let text = format!(
        "dryapi-{:016x}{:016x}",
        random.next_u64(),
        random.next_u64()
    );
    Boundary::new(text).ok_or_else(|| Error::config("no boundary could be drawn"))
}
