//! What a person decides about an unknown.

use dryapi_client::ErrorKind;
use dryapi_ledger::{Entry, EvidenceKind, Filter, Ledger, State};

use crate::report::{End, Failure};
use crate::session::{Session, unrecorded};

/// The one entry that is decided.
pub(super) fn only(entries: Vec<Entry>) -> Result<Entry, End> {
    let mut entries = entries.into_iter();
    match (entries.next(), entries.next()) {
        (Some(entry), None) => Ok(entry),
        _ => Err(Failure::invalid("one intent is decided at a time").into()),
    }
}

/// It is that job, which the service knows and no other entry has.
pub(super) async fn is(
    session: &Session,
    ledger: &Ledger,
    entry: &Entry,
    id: &str,
) -> Result<Entry, End> {
    let intent = &entry.intent;
    if let Some(known) = &entry.request_id {
        if known.as_str() == id {
            return Ok(entry.clone());
        }
        let message = format!("{intent} is job {known}, that is certain");
        return Err(Failure::invalid(message).into());
    }
    if !matches!(entry.state, State::Unknown | State::Refused) {
        return Err(not_unknown(entry).into());
    }
    let of_job = Filter::default().with_request_id(id);
    let others = ledger.entries(&of_job).await;
    let others = others.map_err(|error| unrecorded(error.into()))?;
    if let Some(other) = others.first() {
        let message = format!("job {id} was paid for under the intent {}", other.intent);
        return Err(Failure::invalid(message).into());
    }
    // An id is never taken back, so a slip of the pen must not become one.
    let job = session.client.any_job(id);
    session
        .free::<dryapi_client::JobStatus>(job.status())
        .await?;
    let entry = ledger.accepted(intent, id).await.map_err(unrecorded)?;
    let said = format!("said to be job {id}");
    let noted = ledger
        .note(&entry.intent, EvidenceKind::Person, &said)
        .await;
    noted.map_err(unrecorded)
}

/// Nothing was charged for it.
pub(super) async fn not_charged(ledger: &Ledger, entry: &Entry) -> Result<Entry, End> {
    if !matches!(entry.state, State::Unknown | State::Refused) {
        return Err(not_unknown(entry).into());
    }
    let said = "said with dryapi resume --not-charged";
    let entry = ledger.not_charged(&entry.intent, said).await;
    entry.map_err(unrecorded)
}

fn not_unknown(entry: &Entry) -> Failure {
    let message = format!("{} is {}, not unknown", entry.intent, entry.state);
    let mut failure = Failure::new(ErrorKind::InvalidInput, message).operation(&entry.operation);
    failure.intent = Some(entry.intent.to_string());
    failure
}
