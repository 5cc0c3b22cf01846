//! Rows that are texts to embed, many to a request, collected into one file.

use std::collections::BTreeMap;
use std::path::Path;
use std::pin::Pin;

use dryapi_client::{Embedded, ErrorKind, JobTicket};
use futures_core::Stream;
use serde_json::json;

use super::collect::{Collected, Collection};
use super::done;
use super::lines::Line;
use super::options::Options;
use super::packs::Packs;
use super::progress::Progress;
use super::row::Row;
use super::shared::{self, Ended};
use super::summary::Tally;
use crate::handed_out::Noted;
use crate::report::{End, Failure};
use crate::session::Session;

/// Requests at a time, at most: each carries up to a megabyte, and its result is larger.
const REQUESTS: usize = 4;

/// Embeds the texts of these rows; those in the file already cost nothing.
pub(super) async fn embed(
    session: &Session,
    options: &Options,
    rows: &[Row],
    tally: &mut Tally,
) -> Result<Ended, End> {
    let path = options.collect.as_deref().unwrap_or_else(|| Path::new(""));
    let mut collection = Collection::open(path).map_err(|error| unwritten(path, &error))?;
    let changed = rows
        .iter()
        .filter(|row| collection.differs(&row.id, row.content));
    done::changed(changed.map(|row| done::other(row, path)).collect())?;
    let mut models: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if collection.has(&row.id) {
            shared::report(session, tally, Line::collected(row, None, path), None)?;
        } else {
            models.entry(row.model()).or_default().push(row);
        }
    }
    let all: BTreeMap<&str, &Row> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let progress = Progress::start(session, tally);
    for model in models.into_keys() {
        let of_model = rows.iter().filter(|row| row.model() == model);
        let texts: Vec<(&str, &str)> = of_model
            .filter_map(|row| Some((row.id.as_str(), row.text()?)))
            .collect();
        let packs = Packs::open(&options.out)
            .and_then(|mut packs| packs.plan(&texts, |id| !collection.has(id)));
        let packs = packs.map_err(|error| unwritten(&options.out, &error))?;
        let texts: BTreeMap<&str, &str> = texts.into_iter().collect();
        let order: Vec<String> = packs.iter().flatten().cloned().collect();
        let packed: Vec<Vec<String>> = packs
            .iter()
            .map(|pack| {
                let text = |id: &String| texts.get(id.as_str()).map(|text| (*text).to_owned());
                pack.iter().filter_map(text).collect()
            })
            .collect();
        let name = shared::name(options);
        let mut batch = session
            .client
            .embed_all(name, model)
            .concurrency(options.concurrency.min(REQUESTS))
            .wait_for_reset(!options.no_wait)
            .retry_failed(options.retry_failed)
            .resubmit_unknown(options.resubmit_unknown)
            .on_event(shared::told(session));
        if let Some(limit) = shared::limit(session) {
            batch = batch.spend_limit(limit);
        }
        let mut outcomes = batch.run_packed(shared::Given(packed.into_iter()));
        loop {
            let next = std::future::poll_fn(|cx| Pin::new(&mut outcomes).poll_next(cx));
            let embedded = tokio::select! {
                biased;
                embedded = next => embedded,
                ended = shared::told_to_end(session) => return Ok(ended),
            };
            let Some(embedded) = embedded else {
                break;
            };
            let ids = order
                .iter()
                .skip(usize::try_from(embedded.first).unwrap_or(usize::MAX));
            let these: Vec<&Row> = ids
                .take(embedded.count)
                .filter_map(|id| all.get(id.as_str()).copied())
                .collect();
            settle(session, path, &mut collection, tally, embedded, &these).await?;
            progress.show(session, tally);
        }
    }
    Ok(Ended::Well)
}

async fn settle(
    session: &Session,
    path: &Path,
    collection: &mut Collection,
    tally: &mut Tally,
    embedded: Embedded,
    rows: &[&Row],
) -> Result<(), End> {
    let fresh: Vec<&Row> = rows
        .iter()
        .copied()
        .filter(|row| !collection.has(&row.id))
        .collect();
    match embedded.result {
        Ok(vectors) => {
            let pairs = rows.iter().zip(vectors);
            let lines = pairs.map(|(row, vector)| Collected {
                id: &row.id,
                content: row.content,
                what: "embedding",
                value: json!(vector),
            });
            let written = collection.add(lines);
            written.map_err(|error| unwritten(path, &error))?;
            if let Some(id) = &embedded.request_id {
                let ticket = JobTicket::new(id.clone());
                Noted::Collected.note(session, &ticket).await;
            }
            let id = embedded.request_id.map(|id| id.to_string());
            for row in fresh {
                let line = Line::collected(row, id.clone(), path);
                shared::report(session, tally, line, None)?;
            }
        }
        Err(error) => {
            let unsent = error.charge() == dryapi_client::Charge::No;
            let failure = Failure::from(error);
            let status = shared::status(&failure, unsent);
            for row in fresh {
                let line = Line::not_done(row, status, None, &failure);
                shared::report(session, tally, line, Some(failure.clone()))?;
            }
        }
    }
    Ok(())
}

fn unwritten(path: &Path, error: &std::io::Error) -> End {
    if error.kind() == std::io::ErrorKind::InvalidInput {
        return Failure::invalid(error.to_string()).into();
    }
    let message = format!("{}: {error}", path.display());
    Failure::new(ErrorKind::File, message).into()
}
