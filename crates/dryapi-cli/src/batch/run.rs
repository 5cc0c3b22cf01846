//! A batch from its options to its exit code.

use std::time::Duration;

use clap::ArgMatches;
use dryapi_client::{Charge, ErrorKind};

use super::balance::{balance, fell};
use super::dry_run::dry_run;
use super::lost::fetch;
use super::options::Options;
use super::read;
use super::recorded::untold;
use super::row::Row;
use super::send::send;
use super::shared::Ended;
use super::summary::Tally;
use super::texts;
use super::undone::{Undone, undone};
use crate::report::{End, Failure, Kind};
use crate::session::{Session, late};
use crate::target::{Asked, Target};

/// How long a batch that is told to stop waits for answers that are on their way.
const LAST_WAIT: Duration = Duration::from_secs(30);
/// How long after `--timeout` the same is waited for, so that fewer outcomes stay unknown.
const GRACE: Duration = Duration::from_secs(5);

pub(crate) async fn batch(session: &mut Session, matches: &ArgMatches) -> Result<(), End> {
    let options = Options::read(matches)?;
    let rows = read::rows(session, &options).await?;
    if options.dry_run {
        return dry_run(session, &options, &rows).await;
    }
    prepare_folder(session, &options)?;
    let collects = options.collect.is_some();
    let (packed, rows): (Vec<Row>, Vec<Row>) = rows
        .into_iter()
        .partition(|row| collects && row.text().is_some());
    let mut tally = Tally::new(packed.len() + rows.len());
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let Undone { rows, lost } = undone(session, &options, &packed, rows, &mut tally).await?;
    let before = match tally.ended() == tally.rows {
        true => None,
        false => balance(session).await?,
    };
    let mut ended = Ended::Well;
    if !lost.is_empty() {
        ended = fetch(session, lost, &mut tally).await?;
    }
    if ended == Ended::Well && !rows.is_empty() {
        ended = send(session, &options, rows, &mut tally).await?;
    }
    if ended == Ended::Well && !packed.is_empty() {
        ended = texts::embed(session, &options, &packed, &mut tally).await?;
    }
    session.screen.clear();
    let patience = if ended == Ended::Stopped { 2 } else { 1 };
    if ended != Ended::Well {
        tokio::select! {
            biased;
            () = session.stop.asked(patience) => {}
            () = session.time_is_up(GRACE) => {}
            _ = session.client.drain(LAST_WAIT) => {}
        }
    }
    if ended != Ended::Well {
        untold(session, &options, ids, &mut tally).await?;
    }
    let fell = tokio::select! {
        biased;
        () = session.stop.asked(patience) => None,
        () = session.time_is_up(GRACE) => None,
        fell = fell(session, before) => fell,
    };
    tally.print(session, fell)?;
    let interrupted = match ended {
        Ended::Well => return tally.end(options.pays_once()),
        Ended::Stopped => Failure::new(Kind::Interrupted, "interrupted"),
        Ended::TooLate => late("the batch was not done"),
    };
    let mut failure = tally.charged(interrupted, session.client.in_flight() > 0);
    if ended == Ended::TooLate {
        failure = overdue(failure);
    }
    failure.once = options.pays_once();
    failure.message += match session.client.in_flight() {
        0 => "; jobs that were accepted go on and are billed",
        _ => {
            "; the outcome of what was on its way is unknown, it may have been accepted and \
             charged; jobs that were accepted go on and are billed"
        }
    };
    let help = "The same command again pays for nothing twice and goes on where this one stopped.";
    Err(failure.help(help).into())
}

/// What `--timeout` came to: before anything was paid, with a paid request on its way, or waiting.
fn overdue(mut failure: Failure) -> Failure {
    let kind = match failure.charge {
        Charge::No => return failure,
        Charge::Yes => ErrorKind::WaitTimedOut,
        _ => ErrorKind::OutcomeUnknown,
    };
    failure.kind = kind.into();
    failure.retryable = false;
    failure
}

fn prepare_folder(session: &Session, options: &Options) -> Result<(), End> {
    let out = &options.out;
    std::fs::create_dir_all(out).map_err(|error| {
        let message = format!("{}: {error}; nothing was sent", out.display());
        Failure::new(ErrorKind::File, message)
    })?;
    let asked = Asked {
        output: Some(out),
        replace: false,
        kind: None,
        json: session.screen.json(),
        stdout_is_terminal: false,
    };
    Target::check(asked).map(drop)
}
