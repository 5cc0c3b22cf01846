//! What a round came to, by the service's own books.

use std::collections::{BTreeMap, BTreeSet};

use dryapi_client::{AnyOutput, Client, JobTicket};
use dryapi_ledger::{BodyHash, Entry, Filter, State};
use dryapi_sandbox::Sandbox;
use dryapi_types::{AnyTask, Intent, Usd};

use crate::books::Books;
use crate::client::client;
use crate::plan::Plan;
use crate::wanted::Wanted;

/// What a round came to.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) wanted: usize,
    pub(crate) delivered: usize,
    pub(crate) failed: usize,
    /// Reported as unknown, and the service billed them.
    pub(crate) unknown_billed: usize,
    /// Reported as unknown, and it did not.
    pub(crate) unknown_free: usize,
    /// Reported as unknown where no request met a fault: its process was killed, or was too slow.
    pub(crate) unknown_calm: usize,
    pub(crate) billed: usize,
    pub(crate) money: Usd,
    /// Billed beyond the first for one wish.
    pub(crate) billed_twice: usize,
    pub(crate) wasted: Usd,
    /// What breaks a promise.
    pub(crate) broken: Vec<String>,
}

pub(crate) async fn judge(plan: &Plan, sandbox: &Sandbox) -> Verdict {
    let mut verdict = Verdict {
        wanted: plan.wanted.len(),
        ..Verdict::default()
    };
    let mut bills: BTreeMap<String, Vec<(String, Usd)>> = BTreeMap::new();
    for charge in sandbox.charges() {
        let intent = charge.idempotency_key.unwrap_or_default();
        verdict.billed += 1;
        verdict.money += charge.amount;
        let bills = bills.entry(intent).or_default();
        bills.push((charge.request_id, charge.amount));
    }
    for (intent, bills) in &bills {
        for (_, amount) in bills.iter().skip(1) {
            verdict.billed_twice += 1;
            verdict.wasted += *amount;
        }
        if bills.len() > 1 && plan.guarded {
            let times = bills.len();
            verdict
                .broken
                .push(format!("{intent} was billed {times} times"));
        }
    }
    let books = Books::of(sandbox);
    verdict.broken.extend(books.wrongs(&plan.wanted));
    let client = client(plan).await;
    let ledger = client.ledger().await.unwrap().unwrap();
    for wanted in &plan.wanted {
        let intent = Intent::new(wanted.intent.as_str()).unwrap();
        let entry = ledger.entry(&intent).await.unwrap();
        let billed = bills.get(&wanted.intent).map_or(0, Vec::len);
        if let Err(why) = one(&client, plan, wanted, entry, &books, billed, &mut verdict).await {
            verdict.broken.push(format!("{}: {why}", wanted.intent));
        }
    }
    let entries = ledger.entries(&Filter::default()).await.unwrap();
    let known: BTreeMap<_, _> = entries
        .iter()
        .filter_map(|entry| Some((entry.request_id.as_ref()?.as_str(), entry.state)))
        .collect();
    let unknown: BTreeSet<_> = entries
        .iter()
        .filter(|entry| entry.state == State::Unknown)
        .map(|entry| entry.intent.as_str())
        .collect();
    for job in sandbox.jobs() {
        match known.get(job.request_id.as_str()) {
            Some(State::Downloaded | State::Failed) => {}
            Some(state) => verdict.broken.push(format!(
                "job {} is {} at the service and {state} here",
                job.request_id, job.status
            )),
            None => {
                let of = bills.iter().find(|(_, bills)| {
                    let mut ids = bills.iter().map(|(id, _)| id);
                    ids.any(|id| *id == job.request_id)
                });
                let of = of.map_or("", |(intent, _)| intent.as_str());
                // With the guard off, the second of two is known, the first is the waste.
                if !unknown.contains(of) && plan.guarded {
                    let id = &job.request_id;
                    verdict.broken.push(format!("job {id} of {of:?} is lost"));
                }
            }
        }
    }
    verdict
}

async fn one(
    client: &Client,
    plan: &Plan,
    wanted: &Wanted,
    entry: Option<Entry>,
    books: &Books,
    billed: usize,
    verdict: &mut Verdict,
) -> Result<(), String> {
    let entry = entry.ok_or("nothing is written down")?;
    let id = entry.request_id.as_ref().map(ToString::to_string);
    let intent = wanted.intent.as_str();
    match entry.state {
        State::Downloaded => {
            books.has(intent, &id.ok_or("no id is written down")?, "done")?;
            let saved = entry.file.as_ref().ok_or("downloaded without a file")?;
            let bytes = std::fs::read(plan.file(wanted)).map_err(|error| error.to_string())?;
            if BodyHash::of(&bytes) != saved.sha256 {
                return Err("the file is not what was written down".to_owned());
            }
            if bytes != served(client, &entry).await? {
                return Err("the file is not what the service has".to_owned());
            }
            verdict.delivered += 1;
        }
        State::Failed => {
            books.has(intent, &id.ok_or("no id is written down")?, "error")?;
            let why = entry.why.as_ref().ok_or("failed without a reason")?;
            if why.kind != "WORKER_TIMEOUT" && why.kind != "PROCESSING_ERROR" {
                return Err(format!("failed for {why:?}"));
            }
            verdict.failed += 1;
        }
        State::Unknown => {
            let why = entry.why.as_ref().ok_or("unknown without a reason")?;
            // What was seen of the request, or of its process, is said there.
            why.message.as_ref().ok_or("unknown without evidence")?;
            verdict.unknown_calm += usize::from(!books.met_a_fault(intent));
            if billed > 0 {
                verdict.unknown_billed += 1;
            } else {
                verdict.unknown_free += 1;
            }
        }
        state => return Err(format!("is {state} at the end, for {:?}", entry.why)),
    }
    Ok(())
}

async fn served(client: &Client, entry: &Entry) -> Result<Vec<u8>, String> {
    let ticket = JobTicket::of_entry(entry).ok_or("no id is written down")?;
    let done = client.resume::<AnyTask>(ticket).wait().await;
    let done = done.map_err(|error| error.to_string())?;
    match &*done {
        AnyOutput::Inline(value) => Ok(value.to_string().into_bytes()),
        _ => {
            let bytes = done.bytes(64 << 20).await;
            bytes
                .map(|bytes| bytes.to_vec())
                .map_err(|error| error.to_string())
        }
    }
}
