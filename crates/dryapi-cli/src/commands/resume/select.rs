//! Which entries of the ledger are meant.

use dryapi_client::ErrorKind;
use dryapi_ledger::{Entry, Filter, Ledger, State};
use dryapi_types::Intent;

use crate::handed_out::Noted;
use crate::report::{End, Failure};
use crate::session::unrecorded;

/// Those of these names; without names, all about which something is left to do.
pub(super) async fn select(ledger: &Ledger, names: &[&String]) -> Result<Vec<Entry>, End> {
    if names.is_empty() {
        let states = [State::Sent, State::Unknown, State::Accepted, State::Done];
        let entries = ledger.entries(&Filter::in_states(states)).await;
        let entries = entries.map_err(|error| unrecorded(error.into()))?;
        return Ok(entries.into_iter().filter(is_left).collect());
    }
    let mut entries: Vec<Entry> = Vec::new();
    for name in names {
        let entry = of(ledger, name).await?;
        if entries.iter().all(|one| one.intent != entry.intent) {
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// Whether somebody who does not name it means it.
fn is_left(entry: &Entry) -> bool {
    match entry.state {
        // Answers without a job are not kept by the service.
        State::Done => entry.request_id.is_some() && Noted::of(entry).is_none(),
        State::Accepted => Noted::of(entry) != Some(Noted::Forgotten),
        _ => true,
    }
}

async fn of(ledger: &Ledger, name: &str) -> Result<Entry, End> {
    let wrong = |error: dryapi_ledger::StoreError| unrecorded(error.into());
    if let Ok(intent) = Intent::new(name)
        && let Some(entry) = ledger.entry(&intent).await.map_err(wrong)?
    {
        return Ok(entry);
    }
    let of_job = Filter::default().with_request_id(name);
    let found = ledger.entries(&of_job).await.map_err(wrong)?;
    found.into_iter().next().ok_or_else(|| {
        let message = format!("nothing is recorded of {name}");
        Failure::new(ErrorKind::NotFound, message)
            .help(
                "`dryapi jobs` lists what is. A job of another machine is fetched with dryapi wait ID.",
            )
            .into()
    })
}
