//! What is told to `tracing`: a span for each call, one within it for each attempt, by the names of
//! OpenTelemetry's conventions for HTTP clients where it has some. Nothing of it is a secret: no key,
//! no body, no query, no signed address.

use dryapi_transport::Request;
use dryapi_types::{Intent, Meta};
use tracing::Span;
use tracing::field::Empty;

use super::explain::status;
use crate::retry::{Failed, Fault};

/// The span of a call, over all its attempts and waits.
pub(super) fn call(meta: &'static Meta, intent: Option<&Intent>) -> Span {
    tracing::info_span!(
        "dryapi.call",
        otel.name = meta.name,
        otel.status_code = Empty,
        dryapi.operation = meta.name,
        dryapi.intent = intent.map(Intent::as_str),
        dryapi.attempts = Empty,
        dryapi.charge = Empty,
        "error.type" = Empty,
    )
}

/// Says how a call ended without success.
pub(super) fn call_failed(span: &Span, failed: &Failed) {
    span.record("otel.status_code", "ERROR");
    span.record("dryapi.attempts", failed.attempts);
    span.record("dryapi.charge", failed.charge.as_str());
    span.record("error.type", error_type(&failed.fault).as_str());
}

/// The span of an attempt.
pub(super) fn attempt(meta: &'static Meta, request: &Request, number: u32) -> Span {
    tracing::debug_span!(
        "dryapi.attempt",
        otel.name = %format_args!("{} {}", request.method, meta.path),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = request.method.as_str(),
        http.request.resend_count = number.saturating_sub(1),
        http.response.status_code = Empty,
        server.address = request.uri.host(),
        server.port = request.uri.port_u16(),
        url.template = meta.path,
        dryapi.delivery = Empty,
        "error.type" = Empty,
    )
}

/// Says how an attempt ended.
pub(super) fn attempted<T>(span: &Span, result: &Result<T, Fault>) {
    match result {
        Ok(_) => {
            span.record("http.response.status_code", 200_u16);
        }
        Err(fault) => {
            if let Some(status) = status(fault) {
                span.record("http.response.status_code", status);
            }
            span.record("otel.status_code", "ERROR");
            span.record("dryapi.delivery", fault.delivery().as_str());
            span.record("error.type", error_type(fault).as_str());
        }
    }
    // For logs that show no spans' ends.
    tracing::debug!(parent: span, "dryapi attempt");
}

/// The status where there was an answer, else what went wrong on the way.
fn error_type(fault: &Fault) -> String {
    match (fault, status(fault)) {
        (_, Some(status)) => status.to_string(),
        (Fault::Transport(error), None) => format!("{:?}", error.kind()),
        (Fault::Answer(error, _), None) => format!("{:?}", error.kind),
    }
}
