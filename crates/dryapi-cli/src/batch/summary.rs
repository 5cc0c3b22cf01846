//! How a batch ended.

use std::collections::HashSet;

use dryapi_client::{Charge, Delivery, ErrorKind, Usd};
use serde::Serialize;

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
    /// The first failure of each kind and charge.
    first: Vec<Failure>,
}

/// The last line of stdout. Names and order of the keys are a contract.
#[derive(Serialize)]
struct Summed {
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    done: usize,
    failed: usize,
    unknown: usize,
    /// Rows that are still open are the exception.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<usize>,
    unsent: usize,
    reserved: String,
    balance_fell: Option<String>,
}

/// A kind alone does not say whether money may have moved.
fn is_like(one: &Failure, other: &Failure) -> bool {
    one.kind == other.kind && one.charge == other.charge
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
            && !self.first.iter().any(|known| is_like(known, &failure))
        {
            self.first.push(failure);
        }
    }

    pub(super) const fn ended(&self) -> usize {
        self.done + self.failed + self.unknown + self.open + self.unsent
    }

    /// The last line of stdout.
    pub(super) fn print(&self, session: &Session, fell: Option<Usd>) -> Result<(), End> {
        let line = Summed {
            summary: Summary {
                done: self.done,
                failed: self.failed,
                unknown: self.unknown,
                open: Some(self.open).filter(|open| *open > 0),
                unsent: self.unsent,
                reserved: self.reserved.to_string(),
                balance_fell: fell.map(|fell| fell.to_string()),
            },
        };
        session.screen.result(&json::line(&line))
    }

    /// What is said of money where the batch was ended before its time.
    pub(super) fn charged(&self, mut failure: Failure, in_flight: bool) -> Failure {
        if in_flight || self.unknown > 0 {
            failure.charge = Charge::Maybe;
            failure.delivery = Delivery::Unknown;
        } else if self.open > 0 {
            failure.charge = Charge::Yes;
            failure.delivery = Delivery::Answered;
        }
        failure
    }

    /// The command's end. `once`: the same command again pays for nothing twice.
    pub(super) fn end(self, once: bool) -> Result<(), End> {
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
        failure.once = once;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: ErrorKind, charge: Charge) -> Failure {
        let mut failure = Failure::new(kind, "why");
        failure.charge = charge;
        failure
    }

    fn ended(rows: &[(Status, ErrorKind, Charge)]) -> u8 {
        let mut tally = Tally::new(rows.len());
        for (status, kind, charge) in rows {
            tally.add(*status, None, Some(failure(*kind, *charge)));
        }
        match tally.end(true) {
            Err(End::Failed(failure)) => failure.kind.exit_code(),
            _ => 0,
        }
    }

    #[test]
    fn exit_codes_have_an_order() {
        let validation = (Status::Failed, ErrorKind::Validation, Charge::No);
        let failed = (Status::Failed, ErrorKind::JobFailed, Charge::Maybe);
        let capped = (Status::Unsent, ErrorKind::SpendLimit, Charge::No);
        let unknown = (Status::Unknown, ErrorKind::OutcomeUnknown, Charge::Maybe);
        let limited = (Status::Unsent, ErrorKind::RateLimited, Charge::No);
        assert_eq!(ended(&[]), 0);
        assert_eq!(ended(&[validation, limited]), 5);
        assert_eq!(ended(&[limited, validation]), 7);
        assert_eq!(ended(&[validation, failed]), 10);
        assert_eq!(ended(&[validation, failed, capped]), 13);
        assert_eq!(ended(&[validation, failed, capped, unknown]), 12);
    }

    #[test]
    fn what_may_have_cost_is_not_hidden_by_what_did_not() {
        let refused = (Status::Failed, ErrorKind::Server, Charge::No);
        let maybe = (Status::Unknown, ErrorKind::Server, Charge::Maybe);
        assert_eq!(ended(&[refused]), 8);
        assert_eq!(ended(&[refused, maybe]), 12);
    }

    #[test]
    fn an_interrupted_batch_says_whether_money_may_have_moved() {
        let charged = |status, in_flight| {
            let mut tally = Tally::new(3);
            tally.add(status, None, None);
            let failure = Failure::new(Kind::Interrupted, "interrupted");
            tally.charged(failure, in_flight).charge
        };
        assert_eq!(charged(Status::Unsent, false), Charge::No);
        assert_eq!(charged(Status::Open, false), Charge::Yes);
        assert_eq!(charged(Status::Unknown, false), Charge::Maybe);
        assert_eq!(charged(Status::Unsent, true), Charge::Maybe);
    }
}
