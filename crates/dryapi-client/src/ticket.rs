//! A job as something to keep: enough to pick it up another day, in another process.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dryapi_types::{Intent, RequestId};
use serde::{Deserialize, Serialize};

/// A job's id and what was known when it was accepted. Plain data: serialise it, and pick the job
/// up with [`Client::resume`](crate::Client::resume).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobTicket {
    request_id: RequestId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    intent: Option<Intent>,
    /// Seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted_at: Option<u64>,
}

impl JobTicket {
    /// A job of which only the id is known.
    pub fn new(request_id: impl Into<RequestId>) -> Self {
        Self {
            request_id: request_id.into(),
            task: None,
            model: None,
            intent: None,
            accepted_at: None,
        }
    }

    pub(crate) fn accepted(
        request_id: RequestId,
        task: &str,
        intent: Option<Intent>,
        at: SystemTime,
    ) -> Self {
        let accepted_at = at
            .duration_since(UNIX_EPOCH)
            .ok()
            .map(|since| since.as_secs());
        Self {
            request_id,
            task: Some(task.to_owned()),
            model: None,
            intent,
            accepted_at,
        }
    }

    /// The job of a ledger's entry, where the service gave it an id.
    #[cfg(feature = "ledger")]
    #[must_use]
    pub fn of_entry(entry: &dryapi_ledger::Entry) -> Option<Self> {
        let id = entry.request_id.clone()?;
        let intent = Some(entry.intent.clone());
        let ticket = Self::accepted(id, &entry.operation, intent, entry.created);
        Some(ticket.of_model(entry.model.as_deref().unwrap_or_default()))
    }

    pub(crate) fn of_task(mut self, task: &str) -> Self {
        self.task.get_or_insert_with(|| task.to_owned());
        self
    }

    pub(crate) fn of_model(mut self, model: &str) -> Self {
        self.model = (!model.is_empty()).then(|| model.to_owned());
        self
    }

    /// The name errors about this job carry; empty where its task is not known.
    pub(crate) fn operation(&self) -> &'static str {
        self.task()
            .and_then(dryapi_types::meta)
            .map_or("", |meta| meta.name)
    }

    /// The job's id.
    #[must_use]
    pub const fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// The API's name of its task, where known.
    #[must_use]
    pub fn task(&self) -> Option<&str> {
        self.task.as_deref()
    }

    /// The slug of its model, where known.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// The intent it was paid for under, where known.
    #[must_use]
    pub const fn intent(&self) -> Option<&Intent> {
        self.intent.as_ref()
    }

    /// When it was accepted, where we saw it.
    #[must_use]
    pub fn accepted_at(&self) -> Option<SystemTime> {
        self.accepted_at
            .and_then(|secs| UNIX_EPOCH.checked_add(Duration::from_secs(secs)))
    }
}

impl fmt::Display for JobTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.request_id, f)
    }
}
