//! What a check is made of.

use std::fmt::Display;

use dryapi_transport::{Request, TransportError};
use http::{HeaderValue, Method};

use super::super::stage::Scene;

/// What a check found: nothing, or the rule that was broken.
pub(super) type Verdict = Result<(), String>;

/// What must not stand in an error.
const SECRET: &str = "secret-4711";

pub(super) fn ensure(holds: bool, rule: impl Display) -> Verdict {
    if holds {
        Ok(())
    } else {
        Err(format!("- {rule}"))
    }
}

/// A POST with a body, and with secrets where they usually are.
pub(super) fn post<T>(scene: &Scene<T>) -> Result<Request, String> {
    let uri = scene.uri(&format!("/api/v1/client/txt2img?token={SECRET}"))?;
    let mut request = Request::new(Method::POST, uri).with_body("the body");
    let mut key = HeaderValue::from_static("Bearer secret-4711");
    key.set_sensitive(true);
    request.headers.insert("authorization", key);
    Ok(request)
}

/// That exactly one whole request arrived.
pub(super) fn once<T>(scene: &Scene<T>, when: impl Display) -> Verdict {
    let times = (scene.seen)().len();
    ensure(
        times == 1,
        format_args!("{when}: one request is sent, not {times}"),
    )
}

/// That an error says that the request may have arrived, and no secret.
pub(super) fn unknown(error: &TransportError, when: impl Display) -> Verdict {
    ensure(
        !error.provably_not_sent(),
        format_args!("{when}: the request was sent, so the error is not `provably_not_sent`"),
    )?;
    discreet(error, when)
}

/// That an error says that the request never arrived, and no secret.
pub(super) fn not_sent(error: &TransportError, when: impl Display) -> Verdict {
    ensure(
        error.provably_not_sent(),
        format_args!("{when}: nothing was sent, so the error is `provably_not_sent`"),
    )?;
    discreet(error, when)
}

fn discreet(error: &TransportError, when: impl Display) -> Verdict {
    let mut text = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(found) = cause {
        text += &format!(" {found} {found:?}");
        cause = found.source();
    }
    ensure(
        !text.contains(SECRET),
        format_args!("{when}: the error shows a secret: {text}"),
    )
}

/// An answer with a length and a body.
pub(super) fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}
