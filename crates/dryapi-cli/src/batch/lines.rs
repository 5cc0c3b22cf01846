//! What stdout gets of each row.

use std::path::Path;

use dryapi_client::Usd;
use serde::Serialize;
use serde_json::Value;

use super::row::Row;
use crate::report::{End, Failure, json};
use crate::session::Session;

/// What came of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// Its result is where it was wanted.
    Done,
    /// It failed, for the reason that is given.
    Failed,
    /// It may have been paid for.
    Unknown,
    /// It was paid for and goes on.
    Open,
    /// It was not sent, and cost nothing.
    Unsent,
}

/// One line.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) line: u64,
    pub(super) status: Status,
    pub(super) request_id: Option<String>,
    pub(super) files: Vec<String>,
    pub(super) cost_estimate: Option<String>,
    pub(super) error: Option<Value>,
}

impl Line {
    pub(super) fn done(row: &Row, request_id: Option<String>, cost: Option<Usd>) -> Self {
        Self {
            id: row.id.clone(),
            line: row.line,
            status: Status::Done,
            request_id,
            files: vec![shown(row)],
            cost_estimate: cost.map(|cost| cost.to_string()),
            error: None,
        }
    }

    /// As [`done`](Self::done), in the one file.
    pub(super) fn collected(row: &Row, request_id: Option<String>, path: &Path) -> Self {
        Self {
            files: vec![path.display().to_string()],
            ..Self::done(row, request_id, None)
        }
    }

    pub(super) fn not_done(
        row: &Row,
        status: Status,
        cost: Option<Usd>,
        failure: &Failure,
    ) -> Self {
        let error: Option<Value> = serde_json::from_str(&json::failure(failure)).ok();
        let error = error.and_then(|mut error| error.get_mut("error").map(Value::take));
        Self {
            status,
            request_id: failure.request_id.clone(),
            files: Vec::new(),
            error,
            ..Self::done(row, None, cost)
        }
    }

    pub(super) fn print(&self, session: &Session) -> Result<(), End> {
        session.screen.result(&json::line(self))
    }
}

/// A result's path as it is shown: below where the command was called, where it lies there.
fn shown(row: &Row) -> String {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| row.path.strip_prefix(here).ok().map(ToOwned::to_owned));
    below
        .unwrap_or_else(|| row.path.clone())
        .display()
        .to_string()
}
