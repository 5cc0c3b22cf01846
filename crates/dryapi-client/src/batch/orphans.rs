//! Jobs that nobody claims: with one row on its way at a time, the one that is heard of is the one
//! whose answer was lost.
//!
//! What is heard is written to the ledger at once, not when it is asked for: a process that is
//! killed while it listens would take with it what the next one cannot hear again.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dryapi_ledger::{EvidenceKind, Filter, Ledger, LedgerError, State};
use dryapi_types::{Intent, RequestId};
use tokio::sync::{OnceCell, watch};
use tokio::task::JoinHandle;

use crate::hub::{Change, Hub};
use crate::job::Changes;
use crate::ticket::JobTicket;

/// How long the push channel may take to connect before the first row goes without it.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long a job may keep silent that nobody claims.
const SILENT: Duration = Duration::from_secs(60);
/// How long another may take to be heard of, after the first: then it is not known which it is.
const ANOTHER: Duration = Duration::from_secs(3);
/// What was heard of before it was asked for counts for so long after the wish was written down: an
/// attempt's time and a silence. Later it can be another program's.
const SOON: Duration = Duration::from_secs(180);
/// Jobs of older unknown outcomes are over.
const OVER: Duration = Duration::from_secs(3600);

/// Listens for them, where that was asked for.
pub(super) struct Orphans {
    wanted: bool,
    listening: OnceCell<Listening>,
}

/// The task that listens.
struct Listening {
    task: JoinHandle<()>,
    heard: watch::Receiver<Heard>,
}

/// How far it came.
#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    connected: bool,
    /// How many jobs were heard of before anybody claimed them.
    jobs: u64,
}

impl Orphans {
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            wanted,
            listening: OnceCell::new(),
        }
    }

    /// Begins to listen: what rows of a process before left behind is heard of while others are
    /// looked at.
    pub(super) async fn begin(&self, hub: &Arc<Hub>) {
        let _listening = self.begun(hub).await;
    }

    /// Listens from now on.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing: it is listened to.
    pub(super) async fn listen(&self, hub: &Arc<Hub>) {
        let Some(listening) = self.begun(hub).await else {
            return;
        };
        let mut heard = listening.heard.clone();
        tokio::select! {
            // An error is a channel that was refused: nothing is heard then.
            _connected = heard.wait_for(|heard| heard.connected) => {}
            () = hub.shared().clock.sleep(CONNECTING) => {}
        }
    }

    /// The job of a wish whose outcome is unknown: the only one that nobody claims, of the only
    /// wish that is unknown.
    pub(super) async fn claim(&self, hub: &Arc<Hub>, intent: &Intent) -> Option<JobTicket> {
        self.listen(hub).await;
        let heard = self.begun(hub).await?.heard.clone();
        let ledger = hub.shared().record.ledger().await.ok()??;
        let claimed = claimed(hub, ledger, intent, heard).await;
        claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, "dryapi: a job that nobody claims was not looked for");
            None
        })
    }

    async fn begun(&self, hub: &Arc<Hub>) -> Option<&Listening> {
        if !self.wanted {
            return None;
        }
        let ledger = hub.shared().record.ledger().await.ok()??;
        let begin = || async {
            let (told, heard) = watch::channel(Heard::default());
            let task = tokio::spawn(listen(Changes::new(hub), ledger.clone(), told));
            Listening { task, heard }
        };
        Some(self.listening.get_or_init(begin).await)
    }
}

/// Writes down every job that is heard of before anybody claimed it.
async fn listen(mut changes: Changes, ledger: Ledger, told: watch::Sender<Heard>) {
    while let Some(Ok(change)) = changes.next().await {
        match change {
            Change::Connected { .. } => told.send_modify(|heard| heard.connected = true),
            Change::Job { ticket, .. } => match hear(&ledger, ticket.request_id()).await {
                Ok(true) => told.send_modify(|heard| heard.jobs += 1),
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "dryapi: a job was heard of in vain"),
            },
            Change::Interrupted { .. } => {}
        }
    }
}

/// Whether nobody claims a job.
async fn hear(ledger: &Ledger, id: &RequestId) -> Result<bool, LedgerError> {
    let claimed = is_claimed(ledger, id).await?;
    if !claimed {
        ledger.hear(id).await?;
    }
    Ok(!claimed)
}

async fn claimed(
    hub: &Arc<Hub>,
    ledger: &Ledger,
    intent: &Intent,
    mut heard: watch::Receiver<Heard>,
) -> Result<Option<JobTicket>, LedgerError> {
    let clock = &hub.shared().clock;
    let Some(since) = alone_since(ledger, intent, clock.wall()).await? else {
        return Ok(None);
    };
    let began = clock.wall();
    let mut until = clock.now() + SILENT;
    let mut listens = true;
    let id = loop {
        heard.mark_unchanged();
        let mut unclaimed = ledger.unclaimed().await?;
        // What was heard of before the wish was written down is another program's.
        unclaimed.retain(|(_, at)| *at >= since && (*at >= began || *at <= since + SOON));
        let wake = match unclaimed.as_slice() {
            [] => until,
            [(id, at)] => {
                let age = clock.wall().duration_since(*at).unwrap_or_default();
                if age >= ANOTHER {
                    break id.clone();
                }
                // Somebody may claim it meanwhile; then there is as much time for another.
                until = until.max(clock.now() + ANOTHER);
                clock.now() + (ANOTHER - age)
            }
            _ => return Ok(None),
        };
        if clock.now() >= until || !listens && unclaimed.is_empty() {
            return Ok(None);
        }
        tokio::select! {
            biased;
            changed = heard.changed(), if listens => listens = changed.is_ok(),
            () = clock.sleep_until(wake) => {}
        }
    };
    // Whoever it belongs to may have written it down meanwhile, or be about to.
    let is_ours = alone_since(ledger, intent, clock.wall()).await?.is_some();
    if !is_ours || is_claimed(ledger, &id).await? {
        return Ok(None);
    }
    let entry = ledger.accepted(intent, id.clone()).await?;
    let note = format!("the only job that nobody claimed: {id}");
    ledger.note(intent, EvidenceKind::Push, &note).await?;
    Ok(JobTicket::of_entry(&entry))
}

/// When a wish was written down, where a job that runs can have come of it and of no other.
async fn alone_since(
    ledger: &Ledger,
    intent: &Intent,
    now: SystemTime,
) -> Result<Option<SystemTime>, LedgerError> {
    let unknown = Filter::in_states([State::Unknown, State::Sent]);
    let unknown = ledger.entries(&unknown).await?;
    let young = |since| now.duration_since(since).unwrap_or_default() < OVER;
    let mut running = unknown.iter().filter(|entry| young(entry.until));
    let first = running.next().filter(|entry| entry.intent == *intent);
    let alone = first.filter(|_| running.next().is_none());
    Ok(alone.map(|entry| entry.created))
}

async fn is_claimed(ledger: &Ledger, id: &RequestId) -> Result<bool, LedgerError> {
    let of_job = Filter::default().with_request_id(id.clone());
    Ok(!ledger.entries(&of_job).await?.is_empty())
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Orphans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orphans")
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}
