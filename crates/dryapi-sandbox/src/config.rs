//! What a sandbox is started with.

use std::fmt;
use std::time::Duration;

use dryapi_types::{Plan, Usd};

use crate::rules::FaultRule;
use crate::webhook::{WebhookBrand, WebhookUrl};

/// Settings of a [`Sandbox`](crate::Sandbox). The default binds a free port of `127.0.0.1`, runs
/// at real speed and gives every key that starts with `sk-sandbox` an account of its own.
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// Address to bind; default `127.0.0.1`.
    pub host: String,
    /// Port to bind; default 0, which picks a free one.
    pub port: u16,
    /// Account type of every account; default [`Plan::Premium`], whose limits stay out of the way.
    pub plan: Plan,
    /// The only accepted key; default none.
    pub api_key: Option<String>,
    /// What an account starts with, in US dollars; default 5, the service's sign-up bonus.
    pub balance: Usd,
    /// Virtual seconds per real second; default 1, and 0 stands still.
    pub speed: f64,
    /// What ids and random seeds are drawn from; default 0.
    pub seed: u64,
    /// From acceptance to result, in virtual time; default none: 1 s pending, 4 s processing.
    pub job_time: Option<Duration>,
    /// How long a socket of the push channel may stay silent before it is closed, in real time;
    /// default 120 s, as the service's server has it.
    pub push_silence: Duration,
    /// What is armed from the start; default nothing.
    pub faults: Vec<FaultRule>,
    /// Whether a 422 has its errors as a map of the backend's own and no envelope, as the published
    /// description shows them, in place of the Errors page's list; default false.
    pub errors_as_map: bool,
    /// Where the events of every account's jobs go, unless a request brings its own `webhook_url`;
    /// default nowhere.
    pub webhook_url: Option<String>,
    /// What deliveries are signed with; default `whsec-sandbox`.
    pub webhook_secret: String,
    /// Whose headers deliveries carry; default [`WebhookBrand::Current`].
    pub webhook_brand: WebhookBrand,
    /// How long a receiver may take to answer, in real time; default 10 s, as the service has it.
    pub webhook_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            plan: Plan::Premium,
            api_key: None,
            balance: Usd::from_cents(500),
            speed: 1.0,
            seed: 0,
            job_time: None,
            push_silence: Duration::from_secs(120),
            faults: Vec::new(),
            errors_as_map: false,
            webhook_url: None,
            webhook_secret: "whsec-sandbox".to_owned(),
            webhook_brand: WebhookBrand::default(),
            webhook_timeout: Duration::from_secs(10),
        }
    }
}

impl Config {
    /// Binds another address. The admin interface has no key: think before leaving loopback.
    #[must_use]
    pub fn with_host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// Binds a fixed port; 0 picks a free one.
    #[must_use]
    pub const fn with_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Answers a 422 with its errors as a map, as the published description shows them.
    #[must_use]
    pub const fn with_errors_as_map(mut self, as_map: bool) -> Self {
        self.errors_as_map = as_map;
        self
    }

    /// Chooses the account type.
    #[must_use]
    pub const fn with_plan(mut self, plan: Plan) -> Self {
        self.plan = plan;
        self
    }

    /// Accepts this key only; `None` accepts every key that starts with `sk-sandbox`.
    #[must_use]
    pub fn with_api_key(mut self, key: impl Into<Option<String>>) -> Self {
        self.api_key = key.into();
        self
    }

    /// What an account starts with, in US dollars.
    #[must_use]
    pub const fn with_balance(mut self, balance: Usd) -> Self {
        self.balance = balance;
        self
    }

    /// Virtual seconds per real second; 0 stands still until the clock is moved.
    #[must_use]
    pub const fn with_speed(mut self, speed: f64) -> Self {
        self.speed = speed;
        self
    }

    /// What ids and random seeds are drawn from: equal seeds give equal runs.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How long a job takes from acceptance to result, in virtual time.
    #[must_use]
    pub fn with_job_time(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.job_time = time.into();
        self
    }

    /// How long a socket of the push channel may stay silent before it is closed, in real time.
    #[must_use]
    pub const fn with_push_silence(mut self, silence: Duration) -> Self {
        self.push_silence = silence;
        self
    }

    /// Arms these faults from the start, and again with every full reset.
    #[must_use]
    pub fn with_faults(mut self, faults: impl Into<Vec<FaultRule>>) -> Self {
        self.faults = faults.into();
        self
    }

    /// Sends the events of every account's jobs there: https, or http to this machine. A request's
    /// own `webhook_url` goes before it.
    #[must_use]
    pub fn with_webhook_url(mut self, url: impl Into<Option<String>>) -> Self {
        self.webhook_url = url.into();
        self
    }

    /// Signs deliveries with another secret.
    #[must_use]
    pub fn with_webhook_secret(mut self, secret: impl Into<String>) -> Self {
        self.webhook_secret = secret.into();
        self
    }

    /// Chooses whose headers deliveries carry.
    #[must_use]
    pub const fn with_webhook_brand(mut self, brand: WebhookBrand) -> Self {
        self.webhook_brand = brand;
        self
    }

    /// How long a receiver may take to answer, in real time, so that a test need not wait 10 s.
    #[must_use]
    pub const fn with_webhook_timeout(mut self, timeout: Duration) -> Self {
        self.webhook_timeout = timeout;
        self
    }

    /// The account-wide address.
    pub(crate) fn webhook(&self) -> Result<Option<WebhookUrl>, String> {
        let url = self.webhook_url.as_deref().map(WebhookUrl::read);
        let url = url.transpose();
        url.map_err(|wrong| format!("the account's webhook url {wrong}"))
    }
}

/// Everything but the key and the webhook's secret.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("plan", &self.plan)
            .field("api_key", &self.api_key.as_ref().map(|_| "***"))
            .field("balance", &self.balance)
            .field("speed", &self.speed)
            .field("seed", &self.seed)
            .field("job_time", &self.job_time)
            .field("push_silence", &self.push_silence)
            .field("faults", &self.faults)
            .field("webhook_url", &self.webhook().ok().flatten())
            .field("webhook_brand", &self.webhook_brand)
            .field("webhook_timeout", &self.webhook_timeout)
            .finish_non_exhaustive()
    }
}
