//! Nothing is written down: the crate was built without the `ledger` feature.

use std::time::{Duration, Instant};

use dryapi_types::{Intent, JobStatus, Operation, RequestId, Usd};

use super::standing::Standing;
use crate::error::{Charge, Error};
use crate::limits;
use crate::retry::{Fault, Verdict};
use crate::ticket::JobTicket;

#[derive(Debug, Default)]
pub(crate) struct Record;

#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// What it is expected to cost, in US dollars.
    pub(crate) estimate: Option<Usd>,
}

#[derive(Debug)]
pub(crate) enum Paying {}

#[derive(Clone, Debug)]
pub(crate) enum Turn {}

impl Wanted {
    pub(crate) fn reserve(&mut self, _purse: String, _amount: Usd, _cap: Usd) {}
}

impl Record {
    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn remembered(&self, _name: &str, _within: Duration) -> Option<String> {
        None
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn remember(&self, _name: &str, _text: &str) {}

    pub(crate) const fn is_kept(&self) -> bool {
        false
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn paying<O: Operation>(
        &self,
        _operation: &O,
        _intent: &Intent,
        _wanted: &Wanted,
    ) -> Result<Option<Paying>, Error> {
        Ok(None)
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn limits(&self) -> Option<limits::Account> {
        None
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn ended(&self, _ticket: &JobTicket, _status: &JobStatus) {}
}

impl Paying {
    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn is_over(&self) -> bool {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn begin(&self, _deadline: Option<Instant>) -> Result<Standing<Turn>, Error> {
        match *self {}
    }
}

impl Turn {
    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn sent(&self, _within: Duration) -> Result<(), Error> {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn answered(&self, _id: Option<RequestId>) {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn failed(&self, _fault: &Fault, _charge: Charge, _verdict: Verdict) {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn doubted(&self, _what: &str) {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(crate) async fn given_up(&self, _why: &str) {
        match *self {}
    }
}
