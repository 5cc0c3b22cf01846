//! From what went wrong to one of our errors, in words for people.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use super::proxy::Address;
use super::target::Target;
use super::tripwire::Stage;
use crate::error::{TransportError, TransportErrorKind as Kind};

/// There was no answer: reqwest's error, and how far the request had come.
pub(super) fn no_answer(
    error: reqwest::Error,
    stage: Stage,
    target: &Target,
    proxy: Option<&Address>,
) -> TransportError {
    let error = error.without_url();
    if error.is_builder() {
        return TransportError::new(Kind::InvalidRequest, "the request could not be built")
            .with_source(error);
    }
    if error.is_connect() {
        // Whether it was used is not known here: NO_PROXY may except the target.
        let proxy = proxy
            .map(|proxy| format!("; proxy set: {proxy:?}"))
            .unwrap_or_default();
        let message = format!("could not connect to {target} ({}{proxy})", reason(&error));
        return TransportError::new(Kind::Connect, message).with_source(error);
    }
    let cause = Cause::of(&error);
    let message = match (cause, stage) {
        (Cause::Broken, Stage::Connecting | Stage::Uploading) => {
            format!("the connection to {target} closed before the request was sent")
        }
        (Cause::Broken, Stage::Sent) => {
            format!("the connection to {target} closed after the request was sent")
        }
        (Cause::Broken, Stage::Bodiless) => {
            format!("the connection to {target} closed before there was an answer")
        }
        (Cause::NotHttp, _) => format!("the answer of {target} is not valid HTTP"),
        (Cause::Unknown, _) => format!("the exchange with {target} failed ({})", reason(&error)),
    };
    let answer = TransportError::new(cause.kind(), message).with_source(error);
    proven(answer, stage)
}

/// A timer ran out.
pub(super) fn timed_out(stage: Stage, limit: Duration, target: &Target) -> TransportError {
    let limit = spoken(limit);
    let message = match stage {
        Stage::Bodiless => format!("no answer from {target} within {limit}"),
        Stage::Connecting => format!("no connection to {target} within {limit}"),
        Stage::Uploading => format!("the request to {target} could not be sent within {limit}"),
        Stage::Sent => {
            format!("no answer from {target} within {limit} after the request was sent")
        }
    };
    proven(TransportError::new(Kind::Timeout, message), stage)
}

/// The request's own body failed.
pub(super) fn body_failed(error: io::Error) -> TransportError {
    let message = format!(
        "the request's body could not be sent whole ({})",
        reason(&error)
    );
    TransportError::new(Kind::RequestBody, message).with_source(error)
}

/// The response's body broke off.
pub(super) fn cut_off(
    error: reqwest::Error,
    received: u64,
    length: Option<u64>,
    target: &Target,
) -> TransportError {
    let error = error.without_url();
    let length = length
        .map(|length| format!(" of {length}"))
        .unwrap_or_default();
    let came = format!("after {received}{length} bytes");
    let (kind, message) = match io_cause(&error) {
        Some(io) if is_torn(io) => {
            let message = format!("was cut off {came} ({})", reason(io));
            (Kind::Interrupted, message)
        }
        // Ended before its length is the response's own fault.
        Some(io) if io.kind() == io::ErrorKind::UnexpectedEof => {
            (Kind::InvalidResponse, format!("was cut off {came}"))
        }
        None if Cause::of(&error) == Cause::Broken => {
            (Kind::InvalidResponse, format!("was cut off {came}"))
        }
        _ => (Kind::InvalidResponse, format!("is not valid HTTP {came}")),
    };
    TransportError::new(kind, format!("the answer of {target} {message}")).with_source(error)
}

/// The response's body fell silent.
pub(super) fn silent(limit: Duration, received: u64, target: &Target) -> TransportError {
    let limit = spoken(limit);
    let message = format!("the answer of {target} fell silent for {limit} after {received} bytes");
    TransportError::new(Kind::Timeout, message)
}

fn proven(error: TransportError, stage: Stage) -> TransportError {
    if stage.is_incomplete() {
        error.not_sent()
    } else {
        error
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Broken,
    NotHttp,
    Unknown,
}

impl Cause {
    fn of(error: &(dyn StdError + 'static)) -> Self {
        let hyper = chain(error).find_map(|error| error.downcast_ref::<hyper::Error>());
        match hyper {
            Some(hyper) if hyper.is_parse() => Self::NotHttp,
            // What is left is a connection or, in HTTP/2, a stream that ended too early.
            Some(hyper) if !hyper.is_user() => Self::Broken,
            _ if io_cause(error).is_some() => Self::Broken,
            _ => Self::Unknown,
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Broken => Kind::Interrupted,
            Self::NotHttp => Kind::InvalidResponse,
            Self::Unknown => Kind::Other,
        }
    }
}

fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn io_cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a io::Error> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// Whether the system tore the connection, other than by its regular end.
fn is_torn(io: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected};
    io.raw_os_error().is_some()
        || matches!(
            io.kind(),
            BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected
        )
}

/// The first cause of all, in few words.
fn reason(error: &(dyn StdError + 'static)) -> String {
    let Some(root) = chain(error).last() else {
        return error.to_string();
    };
    match root.downcast_ref::<io::Error>() {
        // Without the number that the system's own words carry.
        Some(io) if io.raw_os_error().is_some() && io.kind() != io::ErrorKind::Other => {
            let words = io.kind().to_string();
            if words.contains("uncategorized") {
                io.to_string()
            } else {
                words
            }
        }
        _ => root.to_string(),
    }
}

fn spoken(limit: Duration) -> String {
    if limit.subsec_nanos() == 0 {
        format!("{} s", limit.as_secs())
    } else {
        format!("{} ms", limit.as_millis())
    }
}
