//! What the ledger says, as errors of the client.

use dryapi_ledger::{Began, Entry, LedgerError, StoreError, Why};
use dryapi_types::{Intent, Usd};

use crate::error::{Charge, Delivery, Error, ErrorKind};
use crate::retry::Fault;

/// The store does not answer, so nothing is sent.
pub(super) fn store(operation: &'static str, error: StoreError) -> Error {
    let message = format!("the ledger does not answer, so nothing was sent: {error}");
    Error::new(ErrorKind::File, operation, message).caused_by(error)
}

/// The store does not say what it knows.
pub(crate) fn unanswered(error: StoreError) -> Error {
    store("", error)
}

/// A job that failed in a run before.
pub(crate) fn failed_before(entry: &Entry) -> Error {
    let operation = dryapi_types::meta(&entry.operation).map_or("", |meta| meta.name);
    let code = entry.why.as_ref().map(|why| why.kind.clone());
    let reason = code.as_deref().unwrap_or("no reason is recorded");
    let message = format!("the job failed before: {reason}");
    Error::new(ErrorKind::JobFailed, operation, message).with(|inner| {
        inner.code = code;
        inner.intent = Some(entry.intent.clone());
        inner.request_id.clone_from(&entry.request_id);
        inner.charge = Charge::Maybe;
        inner.delivery = Delivery::Answered;
    })
}

/// What a run before left unknown.
pub(crate) fn unknown_before(entry: &Entry) -> Error {
    let operation = dryapi_types::meta(&entry.operation).map_or("", |meta| meta.name);
    let message = "it may have been accepted and charged before; it is not sent again";
    Error::new(ErrorKind::OutcomeUnknown, operation, message).with(|inner| {
        inner.intent = Some(entry.intent.clone());
        inner.delivery = Delivery::Unknown;
        inner.charge = Charge::Maybe;
        inner.request_id.clone_from(&entry.request_id);
    })
}

/// It could not be written down that a request is sent, so it was not.
pub(super) fn not_sent(operation: &'static str, error: LedgerError) -> Error {
    match error {
        LedgerError::Store(error) => store(operation, error),
        other => Error::new(ErrorKind::File, operation, other.to_string()).caused_by(other),
    }
}

/// What was left behind could not be settled, so nothing is sent.
pub(crate) fn not_recovered(error: LedgerError) -> Error {
    not_sent("", error)
}

/// Why a wish is not sent that would cost so much, where that is known.
pub(super) fn refused(
    operation: &'static str,
    intent: &Intent,
    cost: Option<Usd>,
    began: Began,
) -> Error {
    let error = match began {
        Began::Unknown(entry) => {
            let message =
                "it was sent before, and may have been accepted and charged; it is not sent again";
            Error::new(ErrorKind::OutcomeUnknown, operation, message).with(|inner| {
                inner.delivery = Delivery::Unknown;
                inner.charge = Charge::Maybe;
                inner.request_id = entry.request_id;
            })
        }
        Began::Busy(_) => {
            let message = "another task or process is sending it; nothing was sent here";
            Error::new(ErrorKind::Timeout, operation, message)
        }
        Began::DifferentBody(entry) => {
            let what = entry.operation;
            let message = format!("the intent {intent} names another request already: {what}");
            Error::new(ErrorKind::InvalidInput, operation, message)
        }
        Began::OverCap { purse, cap, left } => {
            let cost = cost.map_or_else(String::new, |cost| format!("; it would cost {cost} USD"));
            let message = format!(
                "{left} USD are left of the {cap} USD of the {purse}{cost}; nothing was sent"
            );
            Error::new(ErrorKind::SpendLimit, operation, message)
        }
        other => Error::new(
            ErrorKind::File,
            operation,
            format!("the ledger says {other:?}"),
        ),
    };
    error.with(|inner| inner.intent = Some(intent.clone()))
}

/// Why an attempt failed, in the ledger's words: no text of the service's, which may quote a prompt.
pub(super) fn why(fault: &Fault) -> Why {
    match fault {
        Fault::Answer(error, _) => Why::new(ErrorKind::from(error.kind).as_str())
            .with_message(format!("HTTP {}", error.status)),
        Fault::Transport(error) => Why::new("network").with_message(error.message()),
    }
}
