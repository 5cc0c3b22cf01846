//! From an operation to a request: address, headers, body.

use std::sync::Arc;

use dryapi_transport::{Body, Boundary, Multipart, Request, Reuse};
use dryapi_types::{CostClass, Intent, Meta, Operation, Part, PartValue, Payload};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Method};

use crate::deadline;
use crate::error::Error;
use crate::file::upload;
use crate::random::Random;
use crate::shared::Shared;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Everything about a request that is settled before its first attempt.
pub(crate) async fn encode<O: Operation>(
    shared: &Arc<Shared>,
    operation: &O,
    intent: Option<&Intent>,
) -> Result<Request, Error> {
    let meta = operation.meta();
    let payload = operation.payload().map_err(Error::invalid)?;
    let uri = shared
        .base_url
        .operation(&operation.path(), &operation.query())?;
    let method = Method::try_from(meta.method.as_str()).unwrap_or(Method::POST);
    let mut request = Request::new(method, uri);
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
    match payload {
        Payload::Json(bytes) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request.body = Body::from(bytes);
        }
        Payload::Form(parts) => {
            let form = form(shared, meta, parts).await?;
            if let Ok(value) = HeaderValue::try_from(form.content_type()) {
                headers.insert(CONTENT_TYPE, value);
            }
            request.body = form.into_body();
        }
        _ => {}
    }
    request.timeouts = deadline::timeouts(meta.cost, shared.attempt_timeout);
    if meta.cost == CostClass::Paid {
        request.reuse = Reuse::Careful;
    }
    Ok(request)
}

async fn form(shared: &Arc<Shared>, meta: &Meta, parts: Vec<Part>) -> Result<Multipart, Error> {
    let mut form = Multipart::new(boundary(&*shared.random)?);
    for part in parts {
        form = match part.value {
            PartValue::Text(text) => form.text(&part.name, text),
            PartValue::File(source) => {
                let upload = upload::open(shared, source)
                    .await
                    .map_err(|error| error.with(|inner| inner.operation = meta.name))?;
                form.file(&part.name, &upload.name, upload.media_type, upload.body)
            }
            _ => form,
        };
    }
    Ok(form)
}

fn boundary(random: &dyn Random) -> Result<Boundary, Error> {
    let text = format!(
        "dryapi-{:016x}{:016x}",
        random.next_u64(),
        random.next_u64()
    );
    Boundary::new(text).ok_or_else(|| Error::config("no boundary could be drawn"))
}
