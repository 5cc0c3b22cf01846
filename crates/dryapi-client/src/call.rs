//! The builder a verb returns: options, then `.await`.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use dryapi_transport::BoxFuture;
use dryapi_types::{AnyTask, CostClass, Operation, Price, Priced, Task, Usd};

use crate::error::{Error, ErrorKind};
use crate::exchange::{Options, Outcome, exchange, exchange_once};
use crate::file::{Attachment, OnUpload, Transfer};
use crate::hub::Hub;
use crate::intent;
use crate::job::{Completed, Job};
use crate::price::{Estimate, estimate, quote};
use crate::retry::RetryPolicy;
use crate::shared::Shared;
use crate::spend::SpendLimit;
use crate::ticket::JobTicket;

/// What is done with an operation.
pub mod verb {
    /// Send it and give its answer.
    #[derive(Clone, Copy, Debug)]
    #[non_exhaustive]
    pub enum Plain {}
    /// Ask what it would cost.
    #[derive(Clone, Copy, Debug)]
    #[non_exhaustive]
    pub enum Price {}
    /// Say what it will cost, by as few price calls as possible.
    #[derive(Clone, Copy, Debug)]
    #[non_exhaustive]
    pub enum Estimate {}
    /// Start the job.
    #[derive(Clone, Copy, Debug)]
    #[non_exhaustive]
    pub enum Submit {}
    /// Start the job and wait for it.
    #[derive(Clone, Copy, Debug)]
    #[non_exhaustive]
    pub enum Run {}

    mod sealed {
        pub trait Sealed {}
        impl Sealed for super::Plain {}
        impl Sealed for super::Price {}
        impl Sealed for super::Estimate {}
        impl Sealed for super::Submit {}
        impl Sealed for super::Run {}
    }

    /// A verb that may pay: it takes a limit and a webhook.
    pub trait Starts: sealed::Sealed {}
    impl Starts for Submit {}
    impl Starts for Run {}

    /// Any verb.
    pub trait Verb: sealed::Sealed {}
    impl Verb for Plain {}
    impl Verb for Price {}
    impl Verb for Estimate {}
    impl Verb for Submit {}
    impl Verb for Run {}
}

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

    /// Names the wish to pay: 1 to 128 visible ASCII characters. Without it a name is drawn.
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

impl<O: Task + 'static, V> Call<'_, O, V> {
    #[cfg(feature = "webhook")]
    fn correlated(&self, url: &str, intent: Option<&dryapi_types::Intent>) -> String {
        match (&self.hub.shared().correlation, intent) {
            (Some(correlation), Some(intent)) => correlation.address(url, intent),
            _ => url.to_owned(),
        }
    }

    async fn submit(self) -> Result<Job<O>, Error> {
        let options = self.settled()?;
        let mut changed = None;
        if let Some(url) = &self.webhook_url {
            #[cfg(feature = "webhook")]
            let url = &self.correlated(url, options.intent.as_ref());
            changed
                .insert(self.operation.clone())
                .set_webhook_url(Some(url.clone()));
        }
        let task = changed.as_ref().unwrap_or(self.operation);
        if let Some((limit, price)) = &self.guard {
            let asking = Options {
                uploads: options.uploads.untold(),
                ..Options::default()
            };
            let asked = price(Arc::clone(self.hub.shared()), task.clone(), asking);
            let price = asked.await?.price;
            if price > *limit {
                let message = format!("it would cost {price} USD, more than {limit} USD");
                let error = Error::new(ErrorKind::SpendLimit, task.meta().name, message);
                return Err(error.with(|inner| inner.intent = options.intent));
            }
        }
        #[cfg(feature = "ledger")]
        let options = Options {
            wanted: options.wanted.of_model(task.model()),
            ..options
        };
        let shared = self.hub.shared();
        let limit = shared.spend_limit.and(self.spend_limit);
        let options = match limit.limits_calls() {
            true => Box::pin(within(shared, limit, task, options)).await?,
            false => options,
        };
        let (request_id, warning) = match exchange_once(shared, task, &options).await? {
            Outcome::Answered(accepted) => (accepted.request_id, accepted.warning),
            Outcome::Recorded(Some(id)) => (id, None),
            Outcome::Recorded(None) => {
                let message = "it was paid for before under this intent; no job is known of it";
                let error = Error::new(ErrorKind::InvalidInput, task.meta().name, message);
                return Err(error.with(|inner| inner.intent = options.intent));
            }
        };
        if let Some(warning) = &warning {
            tracing::warn!(operation = task.meta().name, %request_id, warning, "dryapi job");
        }
        let odd = options.uploads.warnings().into_iter();
        let odd: Vec<_> = warning.into_iter().chain(odd).collect();
        let warning = (!odd.is_empty()).then(|| odd.join("; "));
        let (name, at) = (task.meta().name, shared.clock.wall());
        let ticket = JobTicket::accepted(request_id, name, options.intent, at);
        let ticket = ticket.of_model(task.model());
        Ok(Job::new(self.hub, ticket).warned(warning))
    }
}

/// What is asked of a call before it is priced.
fn asking(options: &Options) -> Options {
    Options {
        uploads: options.uploads.untold(),
        assume: options.assume,
        ..Options::default()
    }
}

/// The options of a job that the spend limits let through. Large: to be boxed.
async fn within<T: Task + 'static>(
    shared: &Arc<Shared>,
    limit: SpendLimit,
    task: &T,
    options: Options,
) -> Result<Options, Error> {
    let cost = match (options.wanted.estimate, AnyTask::of(task)) {
        (Some(cost), _) => Some(cost),
        (None, Some(any)) => Some(estimate(shared, &any, &asking(&options), true).await?.usd),
        (None, None) => None,
    };
    afford(shared, limit, task.meta().name, cost, options)
}

/// The options of a call whose cost the limits let through, its money set aside.
fn afford(
    shared: &Arc<Shared>,
    limit: SpendLimit,
    operation: &'static str,
    cost: Option<Usd>,
    mut options: Options,
) -> Result<Options, Error> {
    let refused = |kind, message: String| {
        let error = Error::new(kind, operation, message);
        error.with(|inner| inner.intent.clone_from(&options.intent))
    };
    let Some(cost) = cost else {
        let message = "its price cannot be asked for, so no spend limit can hold; nothing was sent";
        return Err(refused(ErrorKind::Config, message.to_owned()));
    };
    if let Some(most) = limit.per_call.filter(|most| cost > *most) {
        let message = format!("it would cost {cost} USD, more than the {most} USD of a call");
        return Err(refused(ErrorKind::SpendLimit, message));
    }
    if let Some(most) = limit.per_day {
        if !shared.record.is_kept() {
            let message = "a limit of a day needs a ledger to hold; nothing was sent";
            return Err(refused(ErrorKind::Config, message.to_owned()));
        }
        let day = dryapi_types::utc_date(shared.clock.wall());
        options.wanted.reserve(format!("day {day}"), cost, most);
    }
    options.wanted.estimate.get_or_insert(cost);
    Ok(options)
}

impl<'a, O: Operation + 'static> IntoFuture for Call<'a, O, verb::Plain> {
    type Output = Result<O::Response, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut options = self.settled()?;
            let shared = self.hub.shared();
            let limit = shared.spend_limit.and(self.spend_limit);
            let meta = self.operation.meta();
            if meta.cost == CostClass::Paid && limit.limits_calls() {
                let cost = match (options.wanted.estimate, self.pricing) {
                    (Some(cost), _) => Some(cost),
                    (None, Some(pricing)) => {
                        let asked = pricing(shared, self.operation, asking(&options));
                        Some(asked.await?.usd)
                    }
                    (None, None) => None,
                };
                options = afford(shared, limit, meta.name, cost, options)?;
            }
            exchange(shared, self.operation, &options).await
        })
    }
}

impl<'a, T: Priced + 'static> IntoFuture for Call<'a, T, verb::Price>
where
    T::Quote: 'static,
{
    type Output = Result<Price, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { quote(self.hub.shared(), self.operation, &self.options).await })
    }
}

impl<'a, T: Priced + 'static> IntoFuture for Call<'a, T, verb::Estimate>
where
    T::Quote: 'static,
{
    type Output = Result<Estimate, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let shared = self.hub.shared();
            estimate(shared, self.operation, &self.options, true).await
        })
    }
}

impl<'a, T: Task + 'static> IntoFuture for Call<'a, T, verb::Submit> {
    type Output = Result<Job<T>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.submit())
    }
}

impl<'a, T: Task + 'static> IntoFuture for Call<'a, T, verb::Run> {
    type Output = Result<Completed<T>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let shared = Arc::clone(self.hub.shared());
            let total = self.options.deadline;
            let until = total.and_then(|total| crate::deadline::at(&*shared.clock, total));
            self.options.within = self.options.deadline.take();
            let job = self.submit().await?;
            match until {
                Some(until) => {
                    let left = until.saturating_duration_since(shared.clock.now());
                    job.wait().deadline(left).await
                }
                None => job.wait().await,
            }
        })
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
