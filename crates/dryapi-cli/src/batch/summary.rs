//! How a batch ended.

use std::collections::HashSet;

use dryapi_client::{Charge, ErrorKind, Usd};
use serde_json::json;

use super::lines::Status;
use crate::report::{End, Failure, Kind, json};
use crate::session::Session;

/// How many rows ended how.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) rows: usize,
    pub(super) done: usize,
    pub(super) failed: usize,
    pub(super) unknown: usize,
    pub(super) open: usize,
    pub(super) unsent: usize,
    /// What the rows that were or may have been charged were expected to cost.
    pub(super) reserved: Usd,
    /// The rows that were told of.
    pub(super) told: HashSet<String>,
    /// The first failure of each exit code, in the order in which they count.
    first: Vec<Failure>,
}

impl Tally {
    pub(super) fn new(rows: usize) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, status: Status, cost: Option<Usd>, failure: Option<Failure>) {
        match status {
            Status::Done => self.done += 1,
            Status::Failed => self.failed += 1,
            Status::Unknown => self.unknown += 1,
            Status::Open => self.open += 1,
            Status::Unsent => self.unsent += 1,
        }
        let charged = match &failure {
            Some(failure) => failure.charge != Charge::No,
            None => true,
        };
        if let Some(cost) = cost.filter(|_| charged) {
            self.reserved += cost;
        }
        if let Some(failure) = failure
            && !self.first.iter().any(|known| known.kind == failure.kind)
        {
            self.first.push(failure);
        }
    }

    pub(super) const fn ended(&self) -> usize {
        self.done + self.failed + self.unknown + self.open + self.unsent
    }

    /// The last line of stdout.
    pub(super) fn print(&self, session: &Session, fell: Option<Usd>) -> Result<(), End> {
        let mut summary = serde_json::Map::new();
        for (name, count) in [
            ("done", self.done),
            ("failed", self.failed),
            ("unknown", self.unknown),
            ("open", self.open),
            ("unsent", self.unsent),
        ] {
            // Rows that are still open are the exception.
            if name != "open" || count > 0 {
                summary.insert(name.to_owned(), count.into());
            }
        }
        let money = |sum: Usd| sum.to_string().into();
        summary.insert("reserved".to_owned(), money(self.reserved));
        summary.insert(
            "balance_fell".to_owned(),
            fell.map_or_else(|| json!(null), money),
        );
        let line = json!({ "summary": summary });
        session.screen.result(&json::line(&line))
    }

    /// The command's end.
    pub(super) fn end(self) -> Result<(), End> {
        if self.done == self.rows {
            return Ok(());
        }
        let of = |kind: ErrorKind| {
            self.first
                .iter()
                .find(|failure| failure.kind == kind.into())
        };
        let counts = [
            of(ErrorKind::OutcomeUnknown),
            self.first.iter().find(|failure| {
                failure.charge == Charge::Maybe && failure.kind != ErrorKind::JobFailed.into()
            }),
            of(ErrorKind::SpendLimit),
            of(ErrorKind::JobFailed),
        ];
        let Some(first) = counts
            .into_iter()
            .flatten()
            .next()
            .or_else(|| self.first.first())
        else {
            return Ok(());
        };
        let mut failure = first.clone();
        let said = [
            (self.failed, "failed"),
            (self.unknown, "unknown"),
            (self.open, "still open"),
            (self.unsent, "not sent"),
        ];
        let said = said.into_iter().filter(|(count, _)| *count > 0);
        let said: Vec<_> = said.map(|(count, how)| format!("{count} {how}")).collect();
        if failure.charge == Charge::Maybe && failure.kind != ErrorKind::JobFailed.into() {
            failure.kind = Kind::from(ErrorKind::OutcomeUnknown);
        }
        failure.message = format!(
            "{} of {} rows; {}",
            said.join(", "),
            self.rows,
            failure.message
        );
        Err(failure.into())
    }
}
