//! How a client is made.

mod account;
mod build;
mod connection;
mod files;
mod news;

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::{Clock, Transport};

use crate::file::FileSettings;
use crate::hub::Schedule;
use crate::key::ApiKey;
use crate::limits::LimitSettings;
use crate::observe::Observer;
use crate::random::Random;
use crate::retry::RetryPolicy;
use crate::spend::SpendLimit;

/// Makes a [`Client`](crate::Client). Only the key must be given.
#[derive(Debug, Default)]
pub struct ClientBuilder {
    key: Option<ApiKey>,
    base_url: Option<String>,
    allow_http: bool,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Random>>,
    observer: Option<Arc<dyn Observer>>,
    proxy: Option<http::Uri>,
    roots: Vec<Vec<u8>>,
    user_agent_suffix: Option<String>,
    headers: Vec<(String, String)>,
    retry: RetryPolicy,
    attempt_timeout: Option<Duration>,
    schedule: Option<Schedule>,
    rely_on_webhooks: bool,
    limits: LimitSettings,
    unguarded: bool,
    spend_limit: SpendLimit,
    #[cfg(feature = "webhook")]
    correlation: Option<crate::correlate::Correlation>,
    #[cfg(feature = "ledger")]
    ledger: Option<Arc<dyn dryapi_ledger::Store>>,
    #[cfg(feature = "ledger")]
    ledger_optional: bool,
    #[cfg(feature = "realtime")]
    push: crate::hub::PushSettings,
    files: FileSettings,
}

impl ClientBuilder {
    /// The API key.
    #[must_use]
    pub fn api_key(mut self, key: ApiKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Moves bytes by other means than HTTP over reqwest. Proxy and roots are its business then.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Tells the time; default the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Gives randomness; default the system's.
    #[must_use]
    pub fn random(mut self, random: impl Random) -> Self {
        self.random = Some(Arc::new(random));
        self
    }

    /// Is told of everything that happens to calls.
    #[must_use]
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// How calls are sent again; default 3 extra attempts.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long one attempt waits for the answer's first byte, from the request's last, and at most
    /// for a connection before; default 30 s, for paid calls 120 s (giving up is what costs).
    #[must_use]
    pub const fn attempt_timeout(mut self, first_byte: Duration) -> Self {
        self.attempt_timeout = Some(first_byte);
        self
    }

    /// When to look at a job's status; default by the kind of task, frugally.
    #[must_use]
    pub const fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = Some(schedule);
        self
    }
}
