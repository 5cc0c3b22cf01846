//! When the waiting ends.
//!
//! The limits are short and real: however loaded the machine is, they only run out later.

use std::time::Duration;

use dryapi_transport::{Transport, TransportErrorKind};

use super::super::stage::{Act, Stage};
use super::verdict::{Verdict, ensure, post, unknown};

const SHORT: Duration = Duration::from_millis(20);

pub(super) async fn the_first_byte_is_not_waited_for_for_ever(stage: &impl Stage) -> Verdict {
    let when = "no first byte in time";
    let scene = stage.set(Act::SendAndHang(Vec::new()));
    let mut request = post(&scene)?;
    request.timeouts.first_byte = SHORT;
    let Err(error) = scene.transport.send(request).await else {
        return Err(format!("- {when}: an error"));
    };
    ensure(
        error.kind() == TransportErrorKind::Timeout,
        format_args!("{when}: a Timeout, not {error:?}"),
    )?;
    unknown(&error, when)
}

pub(super) async fn silence_ends_the_body(stage: &impl Stage) -> Verdict {
    let when = "silence in the middle of a body";
    let part = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
    let scene = stage.set(Act::SendAndHang(part.to_vec()));
    let mut request = post(&scene)?;
    request.timeouts.idle = SHORT;
    let sent = scene.transport.send(request).await;
    let mut response = sent.map_err(|error| format!("- {when}: no response: {error:?}"))?;
    let read = response.read(1_000).await;
    ensure(
        read.bytes == "half",
        format_args!("{when}: what came is given, not {:?}", read.bytes),
    )?;
    let Some(error) = &read.error else {
        return Err(format!("- {when}: an error"));
    };
    ensure(
        error.kind() == TransportErrorKind::Timeout,
        format_args!("{when}: a Timeout, not {error:?}"),
    )?;
    unknown(error, when)
}
