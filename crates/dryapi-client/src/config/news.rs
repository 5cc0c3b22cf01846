//! How a client hears of its jobs beside looking.

use super::ClientBuilder;

impl ClientBuilder {
    /// Appends the intent of a job to the address given to
    /// [`Call::webhook_url`](crate::Call::webhook_url), with a MAC made with this secret; the
    /// webhook's own will do. `dryapi_webhook::Verifier::intent` reads it from a delivery's address,
    /// and `Client::accept_for` settles with it what the ledger holds as unknown. Default not.
    #[cfg(feature = "webhook")]
    #[must_use]
    pub fn correlate_webhooks(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.correlation = Some(crate::correlate::Correlation::new(secret));
        self
    }

    /// Whether jobs are told of by webhooks, whose events are handed to
    /// [`Client::accept`](crate::Client::accept): looks then only come where one stays away. Default
    /// no.
    #[must_use]
    pub const fn rely_on_webhooks(mut self, rely: bool) -> Self {
        self.rely_on_webhooks = rely;
        self
    }

    /// The number on the dashboard: jobs' updates come over the service's push channel then, one
    /// socket for all waits. Default none. With another base URL than the service's,
    /// [`realtime_url`](Self::realtime_url) must be given, too; the service's own push server is
    /// never asked about another's jobs.
    #[cfg(feature = "realtime")]
    #[must_use]
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.push.client_id = Some(id.into());
        self
    }

    /// The push server, `wss://host/app/KEY`; default the service's own with its own base URL.
    #[cfg(feature = "realtime")]
    #[must_use]
    pub fn realtime_url(mut self, url: impl Into<String>) -> Self {
        self.push.realtime_url = Some(url.into());
        self
    }

    /// Where the channel is authorised with the API key; default `{base_url}/broadcasting/auth`.
    #[cfg(feature = "realtime")]
    #[must_use]
    pub fn auth_url(mut self, url: impl Into<String>) -> Self {
        self.push.auth_url = Some(url.into());
        self
    }
}
