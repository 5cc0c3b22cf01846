//! `dryapi resume`: what is left to do about paid work. Never submits.

mod bring;
mod decide;
mod hints;
mod select;
mod unclaimed;

use clap::ArgMatches;
use dryapi_client::{Charge, Delivery, ErrorKind};
use dryapi_ledger::{Entry, State};

use self::bring::bring;
use super::jobs::list;
use crate::report::{End, Failure};
use crate::session::Session;

pub(super) async fn resume(session: &Session, matches: &ArgMatches) -> Result<(), End> {
    let Some(ledger) = session.ledger().await? else {
        return Ok(());
    };
    let names: Vec<&String> = matches.get_many("name").unwrap_or_default().collect();
    let mut entries = select::select(&ledger, &names).await?;
    if let Some(id) = matches.get_one::<String>("is") {
        let entry = decide::only(entries)?;
        entries = vec![decide::is(session, &ledger, &entry, id).await?];
    } else if matches.get_flag("not-charged") {
        let entry = decide::only(entries)?;
        let entry = decide::not_charged(&ledger, &entry).await?;
        let screen = &session.screen;
        screen.progress("it counts as not charged; the same command may be run again");
        return match screen.json() {
            true => list(session, &[entry]),
            false => Ok(()),
        };
    }
    if entries.is_empty() {
        session.screen.note("nothing is left to do");
        return Ok(());
    }
    let (unknown, known): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .partition(|entry| entry.state == State::Unknown);
    if !unknown.is_empty() {
        hints::show(session, &ledger, &unknown).await?;
    }
    let mut failures = Failures::default();
    for entry in &known {
        failures.take(
            session,
            bring(session, &ledger, entry, !names.is_empty()).await,
        )?;
    }
    match unknown.first() {
        Some(first) => {
            failures.say_all(session);
            Err(still_unknown(first, unknown.len()).into())
        }
        None => failures.end(),
    }
}

/// One that fails does not keep the others from being fetched.
#[derive(Debug, Default)]
struct Failures(Option<Box<Failure>>);

impl Failures {
    /// Keeps the first failure and says the others. A failure that ends everything is given back.
    fn take(&mut self, session: &Session, result: Result<(), End>) -> Result<(), End> {
        match result {
            Err(End::Failed(failure)) if !failure.is_final() => match &self.0 {
                None => self.0 = Some(failure),
                Some(_) => say(session, &failure),
            },
            other => return other,
        }
        Ok(())
    }

    fn say_all(&self, session: &Session) {
        if let Some(failure) = &self.0 {
            say(session, failure);
        }
    }

    fn end(self) -> Result<(), End> {
        self.0.map_or(Ok(()), |failure| Err(End::Failed(failure)))
    }
}

fn say(session: &Session, failure: &Failure) {
    session
        .screen
        .note(&format!("error: {}", failure.in_short()));
}

fn still_unknown(first: &Entry, all: usize) -> Failure {
    let message = match all {
        1 => format!("it is not known what became of {}", first.intent),
        all => format!("it is not known what became of {all} requests"),
    };
    let mut failure = Failure::new(ErrorKind::OutcomeUnknown, message)
        .operation(&first.operation)
        .help("Decide it with --is ID or --not-charged.");
    failure.intent = Some(first.intent.to_string());
    failure.delivery = Delivery::Unknown;
    failure.charge = Charge::Maybe;
    failure.estimate = first.estimate;
    // Looking again never pays.
    failure.once = true;
    failure
}
