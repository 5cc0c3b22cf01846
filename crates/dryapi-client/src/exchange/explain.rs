//! From a fault to an error that says what became of the call.

use dryapi_transport::{TransportError, TransportErrorKind};
use dryapi_types::{Intent, Meta};

use crate::error::{Charge, Delivery, Error, ErrorKind};
use crate::file::limits::{self, FilePart};
use crate::retry::{Failed, Fault, charge};
use crate::wire::decode;

/// The HTTP status, where there was an answer.
pub(super) fn status(fault: &Fault) -> Option<u16> {
    match fault {
        Fault::Answer(error, _) => Some(error.status),
        Fault::Transport(_) => None,
    }
}

/// One attempt's error, for the observer.
pub(super) fn summary(meta: &'static Meta, intent: &Intent, attempts: u32, fault: &Fault) -> Error {
    let delivery = fault.delivery();
    let (kind, message) = match fault {
        Fault::Answer(error, _) => (ErrorKind::from(error.kind), error.message.clone()),
        Fault::Transport(error) => (transport_kind(error), error.to_string()),
    };
    Error::new(kind, meta.name, message).with(|inner| {
        inner.intent = Some(intent.clone());
        inner.attempts = attempts;
        inner.delivery = delivery;
        inner.charge = charge(meta.cost, fault);
        if inner.charge == Charge::Maybe && delivery == Delivery::Unknown {
            inner.kind = ErrorKind::OutcomeUnknown;
        }
        inner.status = status(fault);
    })
}

/// The error of a call that ended without success.
pub(super) fn explain(
    meta: &'static Meta,
    intent: Option<&Intent>,
    failed: Failed,
    files: &[FilePart],
) -> Error {
    let size = size_at_fault(&failed.fault, files);
    let raw = decode::raw(&failed.fault);
    let error = match failed.fault {
        Fault::Answer(error, _) => Error::refused(meta.name, error, raw.unwrap_or_default()),
        Fault::Transport(error) => {
            Error::new(transport_kind(&error), meta.name, error.message()).caused_by(error)
        }
    };
    error.with(|inner| {
        if let Some(size) = size {
            inner.message = format!("{}; {size}", inner.message);
        }
        inner.intent = intent.cloned();
        inner.attempts = failed.attempts;
        inner.delivery = failed.delivery;
        inner.charge = failed.charge;
        inner.retry_after = failed.retry_after;
        inner.no_retry_reason = Some(failed.reason).filter(|reason| !reason.is_empty());
        if failed.outcome_unknown {
            inner.kind = ErrorKind::OutcomeUnknown;
            inner.delivery = Delivery::Unknown;
        }
        if inner.delivery == Delivery::NotSent {
            inner.charge = Charge::No;
        }
    })
}

/// What to say where the size of the files was refused, or may have been.
fn size_at_fault(fault: &Fault, files: &[FilePart]) -> Option<String> {
    if files.is_empty() {
        return None;
    }
    let spoken = limits::spoken(files);
    match fault {
        Fault::Answer(error, _) if error.status == 413 => Some(spoken),
        Fault::Transport(error)
            if error.kind() == TransportErrorKind::Interrupted && error.provably_not_sent() =>
        {
            Some(format!("its size may have been refused: {spoken}"))
        }
        _ => None,
    }
}

fn transport_kind(error: &TransportError) -> ErrorKind {
    match error.kind() {
        TransportErrorKind::InvalidRequest => ErrorKind::InvalidInput,
        TransportErrorKind::Config => ErrorKind::Config,
        TransportErrorKind::RequestBody => ErrorKind::File,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::InvalidResponse | TransportErrorKind::TooLarge => ErrorKind::Decode,
        _ => ErrorKind::Network,
    }
}
