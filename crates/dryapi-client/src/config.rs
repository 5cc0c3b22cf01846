//! How a client is made.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::{Clock, Transport};
use dryapi_types::Plan;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::base_url::{BaseUrl, DEFAULT_BASE_URL};
use crate::error::Error;
use crate::file::FileSettings;
use crate::guard::Guard;
use crate::hub::{Hub, Schedule};
use crate::key::ApiKey;
use crate::limits::{LimitSettings, Limits};
use crate::observe::{Nobody, Observer};
use crate::price::cache::Prices;
use crate::random::{OsRandom, Random};
use crate::retry::{Budget, RetryPolicy};
use crate::shared::Shared;
use crate::spend::SpendLimit;

const PRODUCT: &str = concat!("dryapi-rust/", env!("CARGO_PKG_VERSION"));

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

    /// Where the service is; default [`DEFAULT_BASE_URL`]. May carry a path prefix. The key goes
    /// to this origin only.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows a plain http base URL on another machine. The key is then readable on the way.
    #[must_use]
    pub const fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
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

    /// A proxy for everything. By default `HTTPS_PROXY` is used, for https only.
    #[must_use]
    pub fn proxy(mut self, proxy: http::Uri) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// One more certificate authority to trust, as PEM.
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// What is added to `User-Agent: dryapi-rust/VERSION`, for instance `myapp/1.2`.
    #[must_use]
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// A header of every API call. Those the client sets itself cannot be given.
    #[must_use]
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
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

    /// The account's plan, where it is known: requests wait for its limits then, before any was
    /// refused. Default unknown, until an answer or a 429 tells.
    #[must_use]
    pub const fn plan(mut self, plan: Plan) -> Self {
        self.limits.plan = Some(plan);
        self
    }

    /// The longest that a request waits for its place in the account's limits; then it fails as
    /// `RateLimited`, not sent, with the time of the next place. Default up to the call's deadline.
    #[must_use]
    pub const fn max_queue(mut self, longest: Duration) -> Self {
        self.limits.max_queue = Some(longest);
        self
    }

    /// One of `parts` equal parts of every limit, for as many clients of one account that do not
    /// know of each other. Default all of it.
    #[must_use]
    pub const fn share(mut self, parts: u32) -> Self {
        self.limits.parts = Some(parts);
        self
    }

    /// The most that may be spent; default without limit. Jobs are priced before they are sent, then,
    /// by as few price calls as possible. A limit of a day needs a ledger.
    #[must_use]
    pub const fn spend_limit(mut self, limit: SpendLimit) -> Self {
        self.spend_limit = limit;
        self
    }

    /// Whether the balance is read around a paid call that has a name of its own or is part of a
    /// batch, before it is sent again after the service's own 500, which may be thrown after the job
    /// was booked; default yes. The balance is free and has no limit. Where it is not as expected,
    /// the call ends as `OutcomeUnknown`. Calls without a name, and clients without a ledger, send
    /// nothing beside the call.
    #[must_use]
    pub const fn balance_guard(mut self, guard: bool) -> Self {
        self.unguarded = !guard;
        self
    }

    /// Where paid work is written down before its first byte is sent, so that no process, killed at
    /// whatever moment, pays twice under one intent. Default nowhere. Opened with the first paid
    /// call.
    #[cfg(feature = "ledger")]
    #[must_use]
    pub fn ledger(mut self, store: Arc<dyn dryapi_ledger::Store>) -> Self {
        self.ledger = Some(store);
        self
    }

    /// Whether a paid call without a name of its own is sent although the ledger cannot be written;
    /// the [`Observer`] is warned then. Default no: nothing is sent.
    #[cfg(feature = "ledger")]
    #[must_use]
    pub const fn ledger_optional(mut self, optional: bool) -> Self {
        self.ledger_optional = optional;
        self
    }

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

    /// The most that is fetched from the address of a [`Source::Url`](dryapi_types::Source::Url), in
    /// bytes; default 100 MiB, what the service's FAQ page allows for films.
    #[must_use]
    pub const fn fetch_limit(mut self, bytes: u64) -> Self {
        self.files.fetch_limit = bytes;
        self
    }

    /// Whether a file outside the published limits (size, format) is an error before anything is
    /// sent. Off by default, since the service's pages disagree: then it is a warning, told to the
    /// [`Observer`] and by the job.
    #[must_use]
    pub const fn enforce_file_limits(mut self, enforce: bool) -> Self {
        self.files.strict = enforce;
        self
    }

    /// Where content above 1 MiB is kept that was fetched or can be read only once; default the
    /// system's folder for temporary files, which on some machines is memory.
    #[must_use]
    pub fn temp_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.files.temp_dir = Some(folder.into());
        self
    }

    /// Everything checked and put together.
    pub(crate) fn hub(self) -> Result<Hub, Error> {
        let key = self.key.ok_or_else(|| {
            Error::config("no API key; set DRYAPI_API_KEY or give one to the builder")
        })?;
        let base_url = self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let clock = clock(self.clock)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => http_transport(&clock, self.proxy, &self.roots)?,
        };
        let authorization = key.authorization()?;
        let base_url = BaseUrl::parse(base_url, self.allow_http)?;
        #[cfg(feature = "realtime")]
        let push = self.push.opens(&base_url, self.allow_http, &self.roots)?;
        #[cfg(not(feature = "realtime"))]
        let push = None;
        let observer = self.observer.unwrap_or_else(|| Arc::new(Nobody));
        #[cfg(feature = "ledger")]
        let account = crate::record::Account {
            base_url: base_url.as_str().to_owned(),
            key: key.clone(),
            clock: Arc::clone(&clock),
            observer: Arc::clone(&observer),
        };
        #[cfg(feature = "ledger")]
        let record = crate::record::Record::new(self.ledger, self.ledger_optional, account);
        let shared = Shared {
            base_url,
            key,
            authorization,
            user_agent: user_agent(self.user_agent_suffix.as_deref())?,
            headers: headers(&self.headers)?,
            transport,
            clock,
            random: self.random.unwrap_or_else(|| Arc::new(OsRandom::default())),
            observer,
            retry: self.retry,
            budget: Budget::default(),
            limits: Limits::new(self.limits),
            #[cfg(feature = "ledger")]
            record,
            #[cfg(not(feature = "ledger"))]
            record: crate::record::Record,
            guard: Guard::new(!self.unguarded),
            #[cfg(feature = "webhook")]
            correlation: self.correlation,
            prices: Prices::default(),
            spend_limit: self.spend_limit,
            attempt_timeout: self.attempt_timeout,
            files: self.files,
            in_flight: Arc::default(),
        };
        Ok(Hub::new(shared, self.schedule, self.rely_on_webhooks, push))
    }
}

fn user_agent(suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let text = suffix.map_or_else(
        || PRODUCT.to_owned(),
        |suffix| format!("{PRODUCT} {suffix}"),
    );
    HeaderValue::try_from(text)
        .map_err(|_| Error::config("the user-agent suffix holds characters no header can carry"))
}

fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, Error> {
    const OURS: [HeaderName; 6] = [
        AUTHORIZATION,
        ACCEPT,
        CONTENT_TYPE,
        CONTENT_LENGTH,
        HOST,
        USER_AGENT,
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let wrong = |why| Error::config(format!("the default header {name:?} {why}"));
        let parsed = HeaderName::try_from(name).map_err(|_| wrong("has no valid name"))?;
        if OURS.contains(&parsed) || parsed.as_str() == "idempotency-key" {
            return Err(wrong("is set by the client itself"));
        }
        let value = HeaderValue::try_from(value).map_err(|_| wrong("has no valid value"))?;
        headers.append(parsed, value);
    }
    Ok(headers)
}

#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
fn clock(given: Option<Arc<dyn Clock>>) -> Result<Arc<dyn Clock>, Error> {
    Ok(given.unwrap_or_else(|| Arc::new(dryapi_transport::SystemClock::default())))
}

#[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
fn clock(given: Option<Arc<dyn Clock>>) -> Result<Arc<dyn Clock>, Error> {
    given.ok_or_else(|| Error::config("without the `reqwest` feature a clock must be given"))
}

#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
fn http_transport(
    clock: &Arc<dyn Clock>,
    proxy: Option<http::Uri>,
    roots: &[Vec<u8>],
) -> Result<Arc<dyn Transport>, Error> {
    let mut builder = dryapi_transport::HttpTransport::builder().clock(Arc::clone(clock));
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy);
    }
    for pem in roots {
        builder = builder.add_root_certificate_pem(pem.clone());
    }
    let transport = builder.build();
    let transport = transport.map_err(|error| Error::config(error.to_string()).caused_by(error))?;
    Ok(Arc::new(transport))
}

#[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
fn http_transport(
    _clock: &Arc<dyn Clock>,
    _proxy: Option<http::Uri>,
    _roots: &[Vec<u8>],
) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::config(
        "without the `reqwest` feature a transport must be given",
    ))
}
