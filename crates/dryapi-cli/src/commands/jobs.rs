//! `dryapi jobs`: what the ledger knows. Nothing is sent.

use clap::ArgMatches;
use dryapi_client::Clock;
use dryapi_ledger::{Entry, Filter, State};

use super::table::{Row, show};
use crate::report::{End, json};
use crate::session::{Session, unrecorded};

pub(super) async fn jobs(session: &Session, matches: &ArgMatches) -> Result<(), End> {
    let Some(ledger) = session.ledger().await? else {
        return Ok(());
    };
    let on = |flag| matches.get_flag(flag);
    let (filter, none) = if on("open") {
        let open = [State::Prepared, State::Sent, State::Accepted];
        (Filter::in_states(open), "no job is open")
    } else if on("unknown") {
        (Filter::in_states([State::Unknown]), "nothing is unknown")
    } else if on("failed") {
        (Filter::in_states([State::Failed]), "no job failed")
    } else {
        (Filter::default(), "nothing was paid for yet")
    };
    let entries = ledger.entries(&filter).await;
    let mut entries = entries.map_err(|error| unrecorded(error.into()))?;
    entries.reverse();
    if entries.is_empty() {
        session.screen.note(none);
        return Ok(());
    }
    list(session, &entries)
}

/// Lists entries in this order.
pub(super) fn list(session: &Session, entries: &[Entry]) -> Result<(), End> {
    let screen = &session.screen;
    if screen.json() {
        return entries
            .iter()
            .try_for_each(|entry| screen.result(&json::line(&json::Recorded::of(entry))));
    }
    let now = session.clock.wall();
    let rows: Vec<Row> = entries.iter().map(|entry| Row::of(entry, now)).collect();
    show(screen, &rows)
}
