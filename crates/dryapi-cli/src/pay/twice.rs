//! An identical request may have been paid for a while ago: whoever asks twice is told.

use std::time::Duration;

use dryapi_client::{Call, Clock};
use dryapi_ledger::{Entry, Filter, Ledger, State};
use dryapi_types::Operation;
use jiff::Timestamp;

use crate::names;
use crate::report::{End, Failure, Kind};
use crate::session::Session;

/// After this long nobody pays twice by mistake.
const LONG_AGO: Duration = Duration::from_secs(24 * 60 * 60);

/// Asks where somebody sits, and warns where nobody does, if an identical request may have been paid
/// for.
pub(super) async fn ask<O: Operation, V>(
    session: &Session,
    call: &Call<'_, O, V>,
    operation: &str,
) -> Result<(), End> {
    // Where the ledger fails now, the client says so as it pays, or does not pay.
    let Ok(Some(ledger)) = session.ledger().await else {
        return Ok(());
    };
    let Some(twin) = twin(session, &ledger, call, operation).await else {
        return Ok(());
    };
    let at = Timestamp::try_from(twin.created).ok();
    let at = at.map_or_else(String::new, |at| {
        format!(" of {}", at.strftime("%H:%M UTC"))
    });
    let intent = names::quoted(twin.intent.as_str());
    let said = format!("an identical request{at} may have been paid for");
    let question = format!("{said}; pay again? [y/N] ");
    let Some(answer) = session.ask(&question).await? else {
        session.screen.note(&format!(
            "warning: {said}; to look for it without paying: dryapi resume {intent}"
        ));
        return Ok(());
    };
    if ["y", "yes"].contains(&answer.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    let help = format!("To look for the one before without paying: dryapi resume {intent}");
    Err(Failure::new(Kind::Interrupted, "nothing was sent")
        .operation(operation)
        .help(help)
        .into())
}

/// The latest identical request of which nobody knows what became.
async fn twin<O: Operation, V>(
    session: &Session,
    ledger: &Ledger,
    call: &Call<'_, O, V>,
    operation: &str,
) -> Option<Entry> {
    let since = session.clock.wall().checked_sub(LONG_AGO)?;
    let unknown = Filter::in_states([State::Unknown]).created_since(since);
    let unknown = ledger.entries(&unknown).await.ok()?;
    // Files need not be read to know that nothing is alike.
    if unknown.iter().all(|entry| entry.operation != operation) {
        return None;
    }
    let twins = call.twins().await.ok()?;
    twins
        .into_iter()
        .rev()
        .find(|twin| twin.state == State::Unknown && twin.created >= since)
}
