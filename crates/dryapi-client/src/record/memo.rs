//! What the next process need not ask for again.

use std::time::Duration;

use super::kept::Record;

impl Record {
    /// What was remembered under a name no longer ago than this. A store that does not answer
    /// remembers nothing.
    pub(crate) async fn remembered(&self, name: &str, within: Duration) -> Option<String> {
        let ledger = self.ledger().await.ok()??;
        let (text, at) = ledger.remembered(name).await.ok()??;
        // Another machine's clock may be ahead of this one's.
        let age = self.account().clock.wall().duration_since(at);
        let age = age.unwrap_or_else(|ahead| ahead.duration());
        (age < within).then_some(text)
    }

    /// Remembers a text under a name, where that can be.
    pub(crate) async fn remember(&self, name: &str, text: &str) {
        if let Ok(Some(ledger)) = self.ledger().await
            && let Err(error) = ledger.remember(name, text).await
        {
            tracing::debug!(%error, "dryapi: what was learned is not remembered");
        }
    }
}
