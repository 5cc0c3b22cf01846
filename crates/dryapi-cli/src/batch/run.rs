//! A batch from its options to its exit code.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::ArgMatches;
use dryapi_client::{
    AnyOutput, AnyTask, BatchItem, BatchOutcome, BatchResult, Charge, Completed, Error, ErrorKind,
    Usd,
};
use dryapi_ledger::{Entry, Filter, SavedFile, State};
use futures_core::Stream;

use super::collect::{Collected, Collection};
use super::done::{self, Standing};
use super::dry_run::dry_run;
use super::lines::{Line, Status};
use super::options::Options;
use super::progress::Progress;
use super::read;
use super::row::Row;
use super::shared::{Ended, Given, limit, name, report, status, told, told_to_end};
use super::sidecar::{self, Sidecar};
use super::summary::Tally;
use super::texts;
use crate::media;
use crate::report::{End, Failure, Kind, terminal};
use crate::session::{Session, late};
use crate::target::{Asked, Target};

/// How long a batch that is told to stop waits for answers that are on their way.
const LAST_WAIT: Duration = Duration::from_secs(30);

/// What rows' outcomes need to know of them.
struct Known {
    rows: HashMap<String, Arc<Row>>,
    collection: Option<Mutex<Collection>>,
}

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
            _ = session.client.drain(LAST_WAIT) => {}
        }
    }
    if ended != Ended::Well {
        untold(session, &options, ids, &mut tally).await?;
    }
    let fell = tokio::select! {
        biased;
        () = session.stop.asked(patience) => None,
        fell = fell(session, before) => fell,
    };
    tally.print(session, fell)?;
    let interrupted = match ended {
        Ended::Well => return tally.end(options.pays_once()),
        Ended::Stopped => Failure::new(Kind::Interrupted, "interrupted"),
        Ended::TooLate => late("the batch was not done"),
    };
    let mut failure = tally.charged(interrupted, session.client.in_flight() > 0);
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

/// Counts the rows of a batch that was stopped of which nothing was told yet.
async fn untold(
    session: &Session,
    options: &Options,
    ids: Vec<String>,
    tally: &mut Tally,
) -> Result<(), End> {
    let known = recorded(session, options).await?;
    for id in ids {
        if tally.told.contains(&id) {
            continue;
        }
        let entry = known.get(&id);
        let status = match entry.map(|entry| entry.state) {
            None | Some(State::Prepared | State::Refused) => Status::Unsent,
            Some(State::Sent | State::Unknown) => Status::Unknown,
            Some(State::Failed) => Status::Failed,
            Some(_) => Status::Open,
        };
        let cost = entry.and_then(|entry| entry.estimate);
        let charged = !matches!(status, Status::Unsent | Status::Failed);
        tally.add(status, cost.filter(|_| charged), None);
    }
    Ok(())
}

/// What is left to do.
struct Undone {
    rows: Vec<Row>,
    /// Rows that only their sidecars know: their jobs were paid for, their results are not here.
    lost: Vec<(Row, Sidecar)>,
}

/// What is left to do; rows that are done are told.
async fn undone(
    session: &Session,
    options: &Options,
    packed: &[Row],
    rows: Vec<Row>,
    tally: &mut Tally,
) -> Result<Undone, End> {
    let known = recorded(session, options).await?;
    let collection = match &options.collect {
        Some(path) => Some(Collection::open(path).map_err(|error| {
            Failure::new(ErrorKind::File, format!("{}: {error}", path.display()))
        })?),
        None => None,
    };
    let (mut left, mut lost, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    let mut done = Vec::new();
    if let (Some(collection), Some(path)) = (&collection, &options.collect) {
        let all = packed.iter().chain(&rows).filter(|row| is_collected(row));
        let changed = all.filter(|row| collection.differs(&row.id, row.content));
        wrong.extend(changed.map(|row| done::other(row, path)));
    }
    for row in rows {
        if let Some(collection) = &collection
            && is_collected(&row)
        {
            match collection.has(&row.id) {
                true => done.push(Line::done(&row, None, None)),
                false => left.push(row),
            }
            continue;
        }
        match done::standing(&row, session.is_sandbox()) {
            Ok(Standing::Done(sidecar)) => {
                let cost = sidecar.cost_estimate.and_then(|cost| cost.parse().ok());
                done.push(Line::done(&row, sidecar.request_id, cost));
            }
            Ok(Standing::Was(sidecar))
                if sidecar.request_id.is_some() && !known.contains_key(&row.id) =>
            {
                lost.push((row, *sidecar));
            }
            Ok(Standing::Open | Standing::Was(_)) => {
                let there = row.path.symlink_metadata().is_ok();
                if there && !known.contains_key(&row.id) {
                    let path = row.path.display();
                    wrong.push(format!(
                        "row {}: {path} exists, and is not of this batch",
                        row.id
                    ));
                }
                left.push(row);
            }
            Err(why) => wrong.push(why),
        }
    }
    done::changed(wrong)?;
    for line in done {
        report(session, tally, line, None)?;
    }
    Ok(Undone { rows: left, lost })
}

/// Whether a row's result is a line of the one file, where there is one.
fn is_collected(row: &Row) -> bool {
    let kind = row.meta.task.map(|task| task.output);
    kind.is_some_and(crate::target::is_text)
}

/// What the ledger knows of the batch's rows.
async fn recorded(session: &Session, options: &Options) -> Result<HashMap<String, Entry>, End> {
    let Some(ledger) = session.ledger().await? else {
        return Ok(HashMap::new());
    };
    let of_batch = Filter::default().in_batch(name(options));
    let entries = ledger
        .entries(&of_batch)
        .await
        .map_err(|error| Failure::new(ErrorKind::File, format!("{error}; nothing was sent")))?;
    let rows = entries.into_iter().filter_map(|entry| {
        let row = entry.batch.as_ref()?.row.clone();
        Some((row, entry))
    });
    Ok(rows.collect())
}

/// The balance, where the service can be reached: offline is no failure.
async fn balance(session: &Session) -> Result<Option<Usd>, End> {
    match session.free(session.client.balance()).await {
        Ok(balance) => Ok(Some(balance.balance)),
        Err(End::Failed(failure))
            if failure.kind == ErrorKind::Network.into()
                || (failure.kind == ErrorKind::Timeout.into() && session.left().is_none()) =>
        {
            Ok(None)
        }
        Err(end) => Err(end),
    }
}

/// Brings again what was paid for, and never sends it: the ledger that knew of it is not here.
async fn fetch(
    session: &Session,
    lost: Vec<(Row, Sidecar)>,
    tally: &mut Tally,
) -> Result<Ended, End> {
    for (row, sidecar) in lost {
        let cost = sidecar.cost_estimate.as_deref();
        let cost = cost.and_then(|cost| cost.parse().ok());
        let (intent, id) = (sidecar.intent, sidecar.request_id.unwrap_or_default());
        let job = session.client.any_job(id.clone());
        let brought = async {
            let done = job.wait().await?;
            bring(None, &row, &done, &session.screen).await
        };
        let brought = tokio::select! {
            biased;
            brought = brought => brought,
            ended = told_to_end(session) => return Ok(ended),
        };
        match brought {
            Ok(()) => {
                beside(session, &row, intent, Some(id.clone()), cost)?;
                report(session, tally, Line::done(&row, Some(id), cost), None)?;
            }
            Err(error) => {
                let failure = Failure::from(error);
                let line = Line::not_done(&row, status(&failure, false), cost, &failure);
                report(session, tally, line, Some(failure))?;
            }
        }
    }
    Ok(Ended::Well)
}

/// Sends what is left, and brings the results.
async fn send(
    session: &Session,
    options: &Options,
    rows: Vec<Row>,
    tally: &mut Tally,
) -> Result<Ended, End> {
    let items: Vec<BatchItem<AnyTask>> = rows.iter().map(|row| item(options, row)).collect();
    let collection = options.collect.as_deref().map(Collection::open).transpose();
    let collection =
        collection.map_err(|error| Failure::new(ErrorKind::File, error.to_string()))?;
    let rows = rows.into_iter().map(|row| (row.id.clone(), Arc::new(row)));
    let known = Arc::new(Known {
        rows: rows.collect(),
        collection: collection.map(Mutex::new),
    });
    let mut batch = session
        .client
        .batch::<AnyTask>(name(options))
        .concurrency(options.concurrency)
        .priced(true)
        .wait_for_reset(!options.no_wait)
        .retry_failed(options.retry_failed)
        .resubmit_unknown(options.resubmit_unknown)
        .match_orphans(options.concurrency == 1 && session.given.client_id.is_some())
        .on_event(told(session));
    if let Some(limit) = limit(session) {
        batch = batch.spend_limit(limit);
    }
    let settled = Arc::clone(&known);
    batch = batch.settled(move |entry| {
        let row = entry
            .batch
            .as_ref()
            .and_then(|of| settled.rows.get(&of.row));
        row.zip(entry.file.as_ref())
            .is_some_and(|(row, file)| is_here(row, file))
    });
    let delivering = Arc::clone(&known);
    let screen = session.screen.clone();
    batch = batch.deliver(move |id, done| {
        let (known, screen) = (Arc::clone(&delivering), screen.clone());
        async move {
            match known.rows.get(&id) {
                Some(row) => bring(known.collection.as_ref(), row, &done, &screen).await,
                None => Ok(()),
            }
        }
    });
    let progress = Progress::start(session, tally);
    let mut outcomes = batch.run(Given(items.into_iter()));
    loop {
        let next = std::future::poll_fn(|cx| Pin::new(&mut outcomes).poll_next(cx));
        let outcome = tokio::select! {
            biased;
            outcome = next => outcome,
            ended = told_to_end(session) => return Ok(ended),
        };
        let Some(outcome) = outcome else {
            return Ok(Ended::Well);
        };
        if let Some(row) = known.rows.get(&outcome.id) {
            settle(session, tally, row, outcome, known.collection.is_some())?;
        }
        progress.show(session, tally);
    }
}

fn item(options: &Options, row: &Row) -> BatchItem<AnyTask> {
    let item = BatchItem::new(&row.id, row.task.clone())
        .with_target(&row.path)
        .with_chosen(row.chosen.iter().cloned());
    match options.assume {
        Some(units) => item.assuming(units),
        None => item,
    }
}

fn is_here(row: &Row, saved: &SavedFile) -> bool {
    let there = sidecar::FileOf::read(&row.path);
    there.is_ok_and(|file| file.size == saved.size && file.sha256 == saved.sha256)
}

/// Brings a result to where it was wanted.
async fn bring(
    collection: Option<&Mutex<Collection>>,
    row: &Row,
    done: &Completed<AnyTask>,
    screen: &crate::screen::Screen,
) -> Result<(), Error> {
    if let Some(collection) = collection.filter(|_| is_collected(row)) {
        let result = done.raw().await?;
        let mut collection = collection.lock().unwrap_or_else(PoisonError::into_inner);
        let line = [Collected {
            id: &row.id,
            content: row.content,
            what: "result",
            value: result,
        }];
        return collection
            .add(line)
            .map_err(|error| local("the collection", &error));
    }
    if let Some(folder) = row.path.parent() {
        let made = tokio::fs::create_dir_all(folder).await;
        made.map_err(|error| local(&folder.display().to_string(), &error))?;
    }
    match &**done {
        AnyOutput::Inline(value) => {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            let written = tokio::fs::write(&row.path, text).await;
            written.map_err(|error| local(&row.path.display().to_string(), &error))?;
            done.saved_to(&row.path).await;
        }
        _ => {
            let saved = done.save(&row.path).await?;
            if let Some(said) = media::differs(&row.path, saved.media_type.as_deref()) {
                let (shown, is) = (row.path.display(), terminal::line(&said.is));
                screen.note(&format!("{shown} is {is}, not {}", said.wanted));
            }
        }
    }
    Ok(())
}

fn local(what: &str, error: &std::io::Error) -> Error {
    Error::builder(ErrorKind::File, "batch")
        .message(format!("{what}: {error}"))
        .charge(Charge::Yes)
        .build()
}

/// Writes the sidecar of a row that is done, and tells what came of it.
fn settle(
    session: &Session,
    tally: &mut Tally,
    row: &Row,
    outcome: BatchOutcome<AnyTask>,
    collects: bool,
) -> Result<(), End> {
    let id = outcome.request_id.map(|id| id.to_string());
    let intent = outcome.intent.map(|intent| intent.to_string());
    let cost = outcome.estimate;
    let (error, unsent) = match outcome.result {
        BatchResult::Failed(error) => (error, false),
        BatchResult::Unsent(error) => (error, true),
        _ => {
            if !(collects && is_collected(row)) {
                beside(session, row, intent, id.clone(), cost)?;
            }
            return report(session, tally, Line::done(row, id, cost), None);
        }
    };
    let failure = Failure::from(error);
    let line = Line::not_done(row, status(&failure, unsent), cost, &failure);
    report(session, tally, line, Some(failure))
}

fn beside(
    session: &Session,
    row: &Row,
    intent: Option<String>,
    id: Option<String>,
    cost: Option<Usd>,
) -> Result<(), End> {
    let cost = cost.map(|cost| cost.to_string());
    let sidecar = Sidecar::new(row, intent, id, cost, session.is_sandbox());
    let written = sidecar.and_then(|sidecar| sidecar::write(row, &sidecar));
    written.map_err(|error| {
        let path = sidecar::path(&row.path);
        let message = format!("{}: {error}", path.display());
        Failure::new(ErrorKind::File, message).into()
    })
}

/// What the balance fell by, where it can be read.
async fn fell(session: &Session, before: Option<Usd>) -> Option<Usd> {
    let before = before?;
    let after = session.client.balance().await.ok()?.balance;
    Some(if after < before {
        before - after
    } else {
        Usd::ZERO
    })
}
