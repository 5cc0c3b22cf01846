//! What is worth knowing in the next process, too: prices, above all.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::cells::Value;
use crate::entry::BodyHash;
use crate::error::StoreError;
use crate::ledger::Ledger;
use crate::millis;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Memo {
    text: String,
    /// In Unix milliseconds.
    at: u64,
}

impl Ledger {
    /// What was remembered under a name, and when. Nothing where nothing was.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn remembered(&self, name: &str) -> Result<Option<(String, SystemTime)>, StoreError> {
        let memo = self.memo(name).await?.value;
        let known = memo.at > 0;
        Ok(known.then(|| (memo.text, millis::moment(memo.at))))
    }

    /// Remembers a text under a name, of which only the hash is written. No prompt and no key may
    /// stand in the text. Where another process remembers something under the same name at the same
    /// moment, one of the two stays.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is remembered.
    ///
    /// # Errors
    /// [`StoreError`] if the store does not answer.
    pub async fn remember(&self, name: &str, text: &str) -> Result<(), StoreError> {
        let _order = self.order().await;
        let mut memo = self.memo(name).await?;
        memo.value = Memo {
            text: text.to_owned(),
            at: millis::of(self.now()),
        };
        self.commit(&[memo.change()?]).await.map(drop)
    }

    async fn memo(&self, name: &str) -> Result<Value<Memo>, StoreError> {
        let key = format!("memo/{}", BodyHash::of(name));
        Value::read(self.store(), self.scope(), key).await
    }
}
