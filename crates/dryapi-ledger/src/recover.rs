//! What processes leave behind that have ended.

use std::time::{Duration, SystemTime};

use crate::entry::{Entry, Why};
use crate::error::{LedgerError, StoreError};
use crate::ledger::Ledger;
use crate::millis;
use crate::state::State;
use crate::step::Step;
use crate::store::Filter;

/// How long a prepared wish, never sent, keeps its money where nobody can tell whether its writer
/// lives.
const FORGOTTEN: Duration = Duration::from_secs(3600);

impl Ledger {
    /// Settles what processes left behind that have ended: what they had prepared is refused (it was
    /// never sent), what they had sent is unknown. Gives the entries that changed.
    ///
    /// # Cancel safety
    /// Dropping the future leaves some of them as they were.
    ///
    /// # Errors
    /// [`LedgerError::Store`] if the store does not answer.
    pub async fn recover(&self) -> Result<Vec<Entry>, LedgerError> {
        let left = Filter::in_states([State::Prepared, State::Sent]);
        let mut recovered = Vec::new();
        for entry in self.entries(&left).await? {
            let (state, version) = (entry.state, entry.version);
            let writer = entry.writer.clone();
            let settled = if state == State::Sent {
                if !self.given_up(&entry).await? {
                    continue;
                }
                let _order = self.order().await;
                self.abandoned(entry).await?
            } else {
                let ended = self.ended(&writer).await?;
                let forgotten = self.now() > after(&entry, FORGOTTEN);
                if !ended.unwrap_or(forgotten) {
                    continue;
                }
                let why = Why::new("never_sent").with_message("its process ended before sending");
                let step = Step::TurnedDown { writer, why };
                Some(self.record(&entry.intent, step).await?)
            };
            recovered.extend(settled.filter(|settled| settled.version != version));
        }
        Ok(recovered)
    }

    /// Whether nobody is at it any more.
    pub(crate) async fn given_up(&self, entry: &Entry) -> Result<bool, StoreError> {
        if entry.until <= self.now() {
            return Ok(true);
        }
        Ok(self.ended(&entry.writer).await? == Some(true))
    }

    /// Nobody will hear the answer. Nothing is given after a conflict.
    pub(crate) async fn abandoned(&self, mut entry: Entry) -> Result<Option<Entry>, StoreError> {
        entry.state = State::Unknown;
        entry.changed = self.now();
        let why = Why::new("abandoned");
        entry.why = Some(why.with_message("its process ended, or gave up, before the answer came"));
        self.store_entry(entry, Vec::new()).await
    }
}

fn after(entry: &Entry, by: Duration) -> SystemTime {
    millis::moment(millis::later(millis::of(entry.until), by))
}
