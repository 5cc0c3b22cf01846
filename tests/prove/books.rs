//! What the service wrote down of the requests that pay: the other side of the ledger.

use std::collections::{BTreeMap, BTreeSet};

use dryapi_sandbox::{Recorded, Sandbox};

use crate::wanted::Wanted;

/// Faults after which a request that pays may have been billed, and nobody can tell.
const LOST: [&str; 5] = [
    "accept_then_drop",
    "reset_after_accept",
    "hang",
    "half_answer",
    "html_502",
];

/// The service's side of a round.
#[derive(Debug)]
pub(crate) struct Books {
    /// The states of its jobs by id.
    statuses: BTreeMap<String, String>,
    /// The ids billed to each intent.
    billed: BTreeMap<String, BTreeSet<String>>,
    /// The requests that pay by intent, in order.
    sent: BTreeMap<String, Vec<Recorded>>,
}

impl Books {
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        let jobs = sandbox.jobs().into_iter();
        let statuses = jobs.map(|job| (job.request_id, job.status)).collect();
        let mut billed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for charge in sandbox.charges() {
            let intent = charge.idempotency_key.unwrap_or_default();
            billed.entry(intent).or_default().insert(charge.request_id);
        }
        let mut sent: BTreeMap<String, Vec<Recorded>> = BTreeMap::new();
        for request in sandbox.requests() {
            let mut headers = request.headers.iter();
            let intent = headers.find(|(name, _)| name == "idempotency-key");
            if let Some((_, intent)) = intent
                && request.method == "POST"
                && !request.path.contains("price")
            {
                sent.entry(intent.clone()).or_default().push(request);
            }
        }
        Self {
            statuses,
            billed,
            sent,
        }
    }

    /// What was billed or sent that must not have been, whatever its outcome.
    pub(crate) fn wrongs(&self, wanted: &[Wanted]) -> Vec<String> {
        let intents: BTreeSet<_> = wanted.iter().map(|wanted| wanted.intent.as_str()).collect();
        let nobodys = self
            .billed
            .keys()
            .filter(|intent| !intents.contains(intent.as_str()))
            .map(|intent| format!("{intent:?} was billed, which nobody wanted"));
        let resent = self.sent.iter().filter_map(|(intent, sent)| {
            let (_, earlier) = sent.split_last()?;
            let before = earlier.iter().find(|request| settles(request))?;
            let fault = before.fault.as_deref().unwrap_or("no fault");
            let status = before.status;
            Some(format!(
                "{intent} was sent again after {fault} ({status:?})"
            ))
        });
        nobodys.chain(resent).collect()
    }

    /// Whether this job of the service was paid for this intent, and stands there as it does here.
    pub(crate) fn has(&self, intent: &str, id: &str, status: &str) -> Result<(), String> {
        let of = self.billed.get(intent);
        if !of.is_some_and(|ids| ids.contains(id)) {
            return Err(format!("job {id} was not paid for it"));
        }
        match self.statuses.get(id) {
            Some(at) if at == status => Ok(()),
            at => Err(format!("job {id} is {at:?} at the service, not {status}")),
        }
    }

    /// Whether a request of this intent met a fault.
    pub(crate) fn met_a_fault(&self, intent: &str) -> bool {
        let mut sent = self.sent.get(intent).into_iter().flatten();
        sent.any(|request| request.fault.is_some())
    }
}

/// Whether nothing may be sent under its intent after this request: it was taken, or may have been.
fn settles(request: &Recorded) -> bool {
    let taken = request.status.is_some_and(|status| status < 300);
    let fault = request.fault.as_deref().unwrap_or_default();
    taken || LOST.contains(&fault)
}
