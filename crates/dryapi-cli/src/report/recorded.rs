//! What the ledger knows of a wish, as JSON.

use std::time::SystemTime;

use dryapi_ledger::{Entry, EvidenceKind};
use jiff::Timestamp;
use serde::Serialize;

/// An entry of the ledger. Names and order of the keys are a contract.
#[derive(Debug, Serialize)]
pub(crate) struct Recorded<'a> {
    intent: &'a str,
    request_id: Option<&'a str>,
    task: &'a str,
    state: &'static str,
    charged: &'static str,
    target: Option<&'a str>,
    estimate: Option<String>,
    since: Option<String>,
    evidence: Vec<Seen<'a>>,
    model: Option<&'a str>,
    file: Option<&'a str>,
    /// Why it was refused, failed or is unknown.
    why: Option<&'a str>,
    batch: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Seen<'a> {
    at: Option<String>,
    kind: EvidenceKind,
    text: &'a str,
}

impl<'a> Recorded<'a> {
    pub(crate) fn of(entry: &'a Entry) -> Self {
        let evidence = entry.evidence.iter();
        Self {
            intent: entry.intent.as_str(),
            request_id: entry.request_id.as_ref().map(|id| id.as_str()),
            task: &entry.operation,
            state: entry.state.as_str(),
            charged: entry.charge().as_str(),
            target: entry.target.as_deref(),
            estimate: entry.estimate.map(|cost| cost.to_string()),
            since: moment(entry.created),
            evidence: evidence
                .map(|seen| Seen {
                    at: moment(seen.at),
                    kind: seen.kind,
                    text: &seen.text,
                })
                .collect(),
            model: entry.model.as_deref(),
            file: entry.file.as_ref().map(|file| file.path.as_str()),
            why: entry.why.as_ref().map(|why| why.kind.as_str()),
            batch: entry.batch.as_ref().map(|row| row.batch.as_str()),
        }
    }
}

/// A moment to the second, in UTC.
pub(crate) fn moment(at: SystemTime) -> Option<String> {
    let at = Timestamp::try_from(at).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
