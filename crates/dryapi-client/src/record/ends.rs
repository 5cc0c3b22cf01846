//! What became of paid work after it was accepted.

use std::path::Path;

use dryapi_ledger::{Entry, EvidenceKind, Filter, Ledger, LedgerError, SavedFile, Why};
use dryapi_types::{Intent, JobState, JobStatus, RequestId};

use super::digest;
use super::kept::{Record, unwritten};
use crate::error::Error;
use crate::ticket::JobTicket;

impl Record {
    /// A job's status was learned. Only its end is written down.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is written; the next look writes it.
    pub(crate) async fn ended(&self, ticket: &JobTicket, status: &JobStatus) {
        if !status.state.is_terminal() {
            return;
        }
        let Some((ledger, entry)) = self.of(ticket).await else {
            return;
        };
        let written = if status.state == JobState::Done {
            ledger.done(&entry.intent).await
        } else {
            // The message is the service's own and may quote the prompt; its code does not.
            let code = status.failure.code.as_ref();
            let code = code.map_or("job_failed", |code| code.as_str());
            ledger.failed(&entry.intent, Why::new(code)).await
        };
        self.heed(ticket, written.map(drop));
    }

    /// A job's output is in a file. Gives the hash of its bytes.
    ///
    /// # Cancel safety
    /// As of [`ended`](Self::ended).
    pub(crate) async fn saved(&self, ticket: &JobTicket, path: &Path) -> Option<[u8; 32]> {
        let (ledger, entry) = self.of(ticket).await?;
        let (size, sha256) = match digest::of(path).await {
            Ok(digest) => digest,
            Err(error) => {
                unwritten(self.account(), ticket.operation(), &error);
                return None;
            }
        };
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let file = SavedFile::new(path.to_string_lossy(), size, sha256);
        let intent = &entry.intent;
        let written = match ledger.downloaded(intent, file.clone()).await {
            // Whoever holds the output knows that the job is done.
            Err(LedgerError::Illegal { .. }) => match ledger.done(intent).await {
                Ok(_) => ledger.downloaded(intent, file).await,
                failed => failed,
            },
            written => written,
        };
        self.heed(ticket, written.map(drop));
        Some(sha256)
    }

    /// A verified webhook carried an intent of ours: proof that the service accepted it.
    pub(crate) async fn claimed(&self, intent: &Intent, id: &RequestId) -> Result<(), Error> {
        let Some(ledger) = self.ledger().await? else {
            return Ok(());
        };
        let settled = async {
            if ledger.entry(intent).await?.is_none() {
                return Ok(());
            }
            ledger.accepted(intent, id.clone()).await?;
            let note = format!("a verified webhook names job {id}");
            let noted = ledger.note(intent, EvidenceKind::Webhook, &note).await;
            noted.map(drop)
        };
        settled
            .await
            .map_err(|error: LedgerError| super::explain::not_sent("", error))
    }

    /// The entry of a job: by its intent, else by its id.
    async fn of(&self, ticket: &JobTicket) -> Option<(&Ledger, Entry)> {
        let operation = ticket.operation();
        let ledger = match self.ledger().await {
            Ok(ledger) => ledger?,
            Err(error) => {
                unwritten(self.account(), operation, &error);
                return None;
            }
        };
        let id = ticket.request_id();
        let found = async {
            if let Some(intent) = ticket.intent()
                && let Some(entry) = ledger.entry(intent).await?
            {
                match &entry.request_id {
                    Some(known) if known == id => return Ok(Some(entry)),
                    Some(_) => {}
                    // The answer was heard, only its record was not written.
                    None => return ledger.accepted(intent, id.clone()).await.map(Some),
                }
            }
            let of_this = Filter::default().with_request_id(id.clone());
            Ok(ledger.entries(&of_this).await?.into_iter().next())
        };
        match found.await {
            Ok(entry) => entry.map(|entry| (ledger, entry)),
            Err::<_, LedgerError>(error) => {
                unwritten(self.account(), operation, &error);
                None
            }
        }
    }

    fn heed(&self, ticket: &JobTicket, written: Result<(), LedgerError>) {
        if let Err(error) = written {
            unwritten(self.account(), ticket.operation(), &error);
        }
    }
}
