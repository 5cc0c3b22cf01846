//! What is known of a wish before it is paid for.

use dryapi_ledger::{Entry, State};
use dryapi_types::Intent;

use super::call;
use crate::report::{End, Failure};
use crate::request::Prepared;
use crate::session::{Session, unrecorded};

/// What is recorded under the name that `--intent` gives, where it was sent.
pub(crate) async fn known(session: &Session) -> Result<Option<Entry>, End> {
    let Some(intent) = &session.given.intent else {
        return Ok(None);
    };
    let Some(ledger) = session.client.ledger().await? else {
        return Ok(None);
    };
    let intent = Intent::new(intent.as_str());
    let intent = intent.map_err(|error| Failure::invalid(format!("--intent: {error}")))?;
    let entry = ledger.entry(&intent).await;
    let entry = entry.map_err(|error| unrecorded(error.into()))?;
    Ok(entry.filter(|entry| !matches!(entry.state, State::Prepared | State::Refused)))
}

/// What is known, where it is this very request; the request is then what was sent. Where it is not,
/// the client refuses the name.
pub(crate) async fn recorded(
    session: &Session,
    request: &mut Prepared,
    known: Option<Entry>,
) -> Result<Option<Entry>, End> {
    let mut this = None;
    if let Some(known) = known {
        let twins = call(session, request, None).twins().await?;
        let is_this = twins.iter().any(|twin| twin.intent == known.intent);
        this = Some(known).filter(|_| is_this);
    }
    if let Some(entry) = &this {
        request.recall(entry);
    }
    request.say_seed(session);
    Ok(this)
}
