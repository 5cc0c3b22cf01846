//! No other process is known of: the crate was built without the `ledger` feature.

use std::time::{Duration, SystemTime};

use dryapi_types::{Limit, RateLimit};

#[derive(Clone, Debug)]
pub(crate) enum Account {}

#[derive(Clone, Debug)]
pub(super) enum Taken {}

#[expect(dead_code, reason = "stands in for what a ledger says")]
pub(super) enum Asked {
    Taken(Taken),
    Wait {
        until: SystemTime,
        day: bool,
        perhaps_earlier: bool,
    },
    Unknown,
}

impl Account {
    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(super) async fn take(&self, _: &str, _: Option<Limit>, _: Duration) -> Asked {
        match *self {}
    }
}

impl Taken {
    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(super) async fn answered(&self, _: Option<&RateLimit>) {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(super) async fn refused(&self, _: &RateLimit) {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "stands in for one that asks a store")]
    pub(super) async fn give_back(&self) {
        match *self {}
    }
}
