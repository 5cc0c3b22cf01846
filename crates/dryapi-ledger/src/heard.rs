//! Jobs that were heard of before anybody claimed them, for the process that comes after one that
//! died while it listened.

use std::time::{Duration, SystemTime};

use dryapi_types::RequestId;
use serde::{Deserialize, Serialize};

use crate::cells::{Tries, Value};
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::millis;
use crate::store::{Commit, Filter};

const KEY: &str = "heard";
/// No more jobs than these are remembered.
const MOST: usize = 64;
/// What nobody claimed for so long is not looked for any more.
const LONGEST: Duration = Duration::from_secs(3600);

/// A job, and when it was heard of first, in Unix milliseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Heard {
    id: RequestId,
    at: u64,
}

impl Ledger {
    /// Remembers for an hour that a job was heard of, on the push channel for instance, and when.
    /// The latest 64 jobs are remembered.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is remembered; hear of it again.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn hear(&self, id: &RequestId) -> Result<(), StoreError> {
        let _order = self.order().await;
        let mut tries = Tries::default();
        loop {
            tries.next()?;
            let mut heard = self.heard().await?;
            if heard.value.iter().any(|heard| heard.id == *id) {
                return Ok(());
            }
            let at = millis::of(self.now());
            heard.value.retain(|heard| is_young(heard, at));
            let over = (heard.value.len() + 1).saturating_sub(MOST);
            heard.value.drain(..over);
            heard.value.push(Heard { id: id.clone(), at });
            if self.commit(&[heard.change()?]).await? == Commit::Stored {
                return Ok(());
            }
        }
    }

    /// The jobs that were heard of and belong to no entry, and when they were heard of first; the
    /// oldest first.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn unclaimed(&self) -> Result<Vec<(RequestId, SystemTime)>, StoreError> {
        let now = millis::of(self.now());
        let mut unclaimed = Vec::new();
        for heard in self.heard().await?.value {
            let of_job = Filter::default().with_request_id(heard.id.clone());
            let entries = self.store().entries(self.scope(), &of_job).await?;
            if is_young(&heard, now) && entries.is_empty() {
                unclaimed.push((heard.id, millis::moment(heard.at)));
            }
        }
        Ok(unclaimed)
    }

    async fn heard(&self) -> Result<Value<Vec<Heard>>, StoreError> {
        Value::read(self.store(), self.scope(), KEY.to_owned()).await
    }
}

fn is_young(heard: &Heard, now: u64) -> bool {
    let age = now.saturating_sub(heard.at);
    age < u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX)
}
