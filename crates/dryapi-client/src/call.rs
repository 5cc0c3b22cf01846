//! The builder a verb returns: options, then `.await`.

mod send;
mod spend;
mod submit;
pub mod verb;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::BoxFuture;
use dryapi_types::{CostClass, Operation, Price, Priced, Task, Usd};

use crate::error::Error;
use crate::exchange::Options;
use crate::file::{Attachment, OnUpload, Transfer};
use crate::hub::Hub;
use crate::intent;
use crate::price::{Estimate, estimate, quote};
use crate::retry::RetryPolicy;
use crate::shared::Shared;
use crate::spend::SpendLimit;

pub use verb::Verb;

type Guard<O> = (
    Usd,
    fn(Arc<Shared>, O, Options) -> BoxFuture<'static, Result<Price, Error>>,
);

/// Prices an operation.
type Pricing<O> =
    for<'b> fn(&'b Arc<Shared>, &'b O, Options) -> BoxFuture<'b, Result<Estimate, Error>>;

/// A call being prepared. Nothing is sent before it is awaited.
///
/// # Cancel safety
/// Until a paid request is handed to the transport, dropping the future sends nothing. From then
/// on it only stops the waiting: the request goes on, and the observer is told what became of it.
#[must_use = "nothing is sent until the call is awaited"]
pub struct Call<'a, O, V> {
    hub: Arc<Hub>,
    operation: &'a O,
    intent: Option<String>,
    options: Options,
    webhook_url: Option<String>,
    guard: Option<Guard<O>>,
    /// How what is no job is priced, where it can be.
    pricing: Option<Pricing<O>>,
    spend_limit: SpendLimit,
    verb: PhantomData<fn() -> V>,
}

impl<'a, O, V> Call<'a, O, V> {
    pub(crate) fn new(hub: Arc<Hub>, operation: &'a O) -> Self {
        Self {
            hub,
            operation,
            intent: None,
            options: Options::default(),
            webhook_url: None,
            guard: None,
            pricing: None,
            spend_limit: SpendLimit::none(),
            verb: PhantomData,
        }
    }

    /// Lets spend limits hold for what is no job.
    pub(crate) fn priced(mut self) -> Self
    where
        O: Priced + 'static,
        O::Quote: 'static,
    {
        self.pricing = Some(|shared, operation, options| {
            Box::pin(async move { estimate(shared, operation, &options, true).await })
        });
        self
    }

    /// What is said of the call.
    pub(crate) const fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    /// How long the call may take, attempts and waits together. Default 60 s; paid calls 120 s and
    /// what their upload takes; `run` also what its kind of task takes.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// How this call is sent again, in place of the client's policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Hands over the content of a [`Source::Slot`](dryapi_types::Source::Slot) of this name.
    pub fn attach(self, slot: impl Into<String>, content: Attachment) -> Self {
        self.options.uploads.attach(slot.into(), content);
        self
    }

    /// Is told of every piece of a form that is handed to the transport, for every attempt from its
    /// beginning. Called from where the request is driven: be quick.
    pub fn on_upload(mut self, told: impl Fn(Transfer) + Send + Sync + 'static) -> Self {
        self.options.uploads.told = Some(OnUpload::new(told));
        self
    }

    /// Whether a file outside the published limits is an error before anything is sent, in place of
    /// the client's setting.
    pub const fn enforce_file_limits(mut self, enforce: bool) -> Self {
        self.options.uploads.strict = Some(enforce);
        self
    }

    /// How many characters or seconds to assume where the price depends on them and they cannot be
    /// known before the service has done its work.
    pub const fn assume(mut self, units: u64) -> Self {
        self.options.assume = Some(units);
        self
    }

    /// Names the wish to pay: 1 to 128 visible ASCII characters without spaces; any other name is
    /// an error of kind `InvalidInput`, and nothing is sent. Without it a name is drawn.
    ///
    /// With a ledger (feature `ledger`) a name is paid for at most once, however often and by
    /// however many processes it is asked for; without one it only stands on what is told of the
    /// call. The service receives it as `Idempotency-Key`, which it is not known to heed: put
    /// nothing into a name that it must not read.
    pub fn intent(mut self, name: impl Into<String>) -> Self {
        self.intent = Some(name.into());
        self
    }
}

/// What the ledger is told of a call.
#[cfg(feature = "ledger")]
impl<O, V> Call<'_, O, V> {
    /// The file in which the result is wanted.
    pub fn target(mut self, path: impl AsRef<std::path::Path>) -> Self {
        let path = path.as_ref();
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.options.wanted.target = Some(path.to_string_lossy().into_owned());
        self
    }

    /// The fields, by the API's names, that somebody else than the user filled in: a seed that was
    /// drawn, a model's default. The same wish with others of them is the same wish.
    pub fn chosen<N: Into<String>>(mut self, fields: impl IntoIterator<Item = N>) -> Self {
        let fields = fields.into_iter().map(Into::into);
        self.options.wanted.chosen.extend(fields);
        self
    }

    /// What it will cost, in US dollars, where that is known.
    pub const fn estimate(mut self, cost: Usd) -> Self {
        self.options.wanted.estimate = Some(cost);
        self
    }
}

#[cfg(feature = "ledger")]
impl<O: Operation, V> Call<'_, O, V> {
    /// What the ledger knows of the same wish, oldest first, under whatever names: requests that are
    /// equal but for the fields [`chosen`](Self::chosen) names. Nothing where no ledger is kept.
    ///
    /// # Errors
    /// Kind `File` when the ledger, or a file of the request, cannot be read.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn twins(&self) -> Result<Vec<dryapi_ledger::Entry>, Error> {
        let record = &self.hub.shared().record;
        record.twins(self.operation, &self.options.wanted).await
    }
}

impl<O: Task, V: verb::Starts> Call<'_, O, V> {
    /// Asks the price first, and sends nothing if it is above this many US dollars.
    pub fn max_cost(mut self, limit: Usd) -> Self
    where
        O: Priced + 'static,
        O::Quote: 'static,
    {
        self.guard = Some((limit, |shared, task, options| {
            Box::pin(async move { quote(&shared, &task, &options).await })
        }));
        self
    }

    /// The most that may be spent, beside the client's own limit: whichever is less counts.
    pub const fn spend_limit(mut self, limit: SpendLimit) -> Self {
        self.spend_limit = limit;
        self
    }

    /// Where the service announces changes of this job, in place of the account's address.
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }
}

impl<O: Operation, V> Call<'_, O, V> {
    /// The options, with the intent settled before the first attempt.
    fn settled(&self) -> Result<Options, Error> {
        let operation = self.operation.meta().name;
        let mut options = self.options.clone();
        // What costs nothing has no name unless the caller gave one.
        if self.operation.meta().cost == CostClass::Paid || self.intent.is_some() {
            let named = self.intent.as_deref();
            options.intent = Some(intent::settle(self.hub.shared(), named, operation)?);
        }
        #[cfg(feature = "ledger")]
        {
            options.wanted.named = self.intent.is_some();
            let kept = self.hub.shared().record.is_kept();
            options.guarded |= kept && options.wanted.named;
        }
        Ok(options)
    }
}

impl<O: Operation, V> fmt::Debug for Call<'_, O, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation.meta().name)
            .field("intent", &self.intent)
            .finish_non_exhaustive()
    }
}
