//! Jobs that nobody claims: with one row on its way at a time, the one that is heard of is the one
//! whose answer was lost.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dryapi_ledger::{EvidenceKind, Filter, Ledger, LedgerError, State};
use dryapi_types::{Intent, RequestId};
use tokio::sync::Mutex;

use crate::hub::{Change, Hub};
use crate::job::Changes;
use crate::ticket::JobTicket;

/// How long the push channel may take to connect before the first row goes without it.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long a job may keep silent that nobody claims.
const SILENT: Duration = Duration::from_secs(60);
/// How long another may take to be heard of, after the first: then it is not known which it is.
const ANOTHER: Duration = Duration::from_secs(3);
/// Jobs of older unknown outcomes are over.
const OVER: Duration = Duration::from_secs(3600);

/// Listens for them, where that was asked for.
pub(super) struct Orphans {
    wanted: bool,
    changes: Mutex<Option<Changes>>,
}

impl Orphans {
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            wanted,
            changes: Mutex::default(),
        }
    }

    /// Listens from now on.
    pub(super) async fn listen(&self, hub: &Arc<Hub>) {
        if !self.wanted {
            return;
        }
        let mut changes = self.changes.lock().await;
        if changes.is_some() {
            return;
        }
        let changes = changes.insert(Changes::new(hub));
        let connected = async {
            while let Some(Ok(change)) = changes.next().await {
                if matches!(change, Change::Connected { .. }) {
                    return;
                }
            }
        };
        tokio::select! {
            () = connected => {}
            () = hub.shared().clock.sleep(CONNECTING) => {}
        }
    }

    /// The job of a wish whose outcome is unknown: the only one that nobody claims, of the only
    /// wish that is unknown.
    pub(super) async fn claim(&self, hub: &Arc<Hub>, intent: &Intent) -> Option<JobTicket> {
        if !self.wanted {
            return None;
        }
        self.listen(hub).await;
        let ledger = hub.shared().record.ledger().await.ok()??;
        let claimed = self.claimed(hub, ledger, intent).await;
        claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, "dryapi: a job that nobody claims was not looked for");
            None
        })
    }

    async fn claimed(
        &self,
        hub: &Arc<Hub>,
        ledger: &Ledger,
        intent: &Intent,
    ) -> Result<Option<JobTicket>, LedgerError> {
        let clock = &hub.shared().clock;
        if !is_alone(ledger, intent, clock.wall()).await? {
            return Ok(None);
        }
        let mut changes = self.changes.lock().await;
        let Some(changes) = changes.as_mut() else {
            return Ok(None);
        };
        let mut heard = BTreeSet::new();
        let mut until = clock.now() + SILENT;
        loop {
            let change = tokio::select! {
                biased;
                change = changes.next() => change,
                () = clock.sleep_until(until) => break,
            };
            let Some(Ok(change)) = change else {
                break;
            };
            let Change::Job { ticket, .. } = change else {
                continue;
            };
            let id = ticket.request_id();
            if !heard.contains(id) && !is_claimed(ledger, id).await? {
                heard.insert(id.clone());
                until = until.min(clock.now() + ANOTHER);
            }
        }
        let mut heard = heard.into_iter();
        let (Some(id), None) = (heard.next(), heard.next()) else {
            return Ok(None);
        };
        // Whoever it belongs to may have written it down meanwhile, or be about to.
        let is_ours = is_alone(ledger, intent, clock.wall()).await?;
        if !is_ours || is_claimed(ledger, &id).await? {
            return Ok(None);
        }
        let entry = ledger.accepted(intent, id.clone()).await?;
        let note = format!("the only job that nobody claimed: {id}");
        ledger.note(intent, EvidenceKind::Push, &note).await?;
        Ok(JobTicket::of_entry(&entry))
    }
}

/// Whether a job that runs can have come of this wish, and of no other.
async fn is_alone(ledger: &Ledger, intent: &Intent, now: SystemTime) -> Result<bool, LedgerError> {
    let unknown = Filter::in_states([State::Unknown, State::Sent]);
    let unknown = ledger.entries(&unknown).await?;
    let young = |since| now.duration_since(since).unwrap_or_default() < OVER;
    let mut running = unknown.iter().filter(|entry| young(entry.until));
    let alone = running.next().is_some_and(|entry| entry.intent == *intent);
    Ok(alone && running.next().is_none())
}

async fn is_claimed(ledger: &Ledger, id: &RequestId) -> Result<bool, LedgerError> {
    let of_job = Filter::default().with_request_id(id.clone());
    Ok(!ledger.entries(&of_job).await?.is_empty())
}

impl fmt::Debug for Orphans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orphans")
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}
