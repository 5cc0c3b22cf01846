//! The client and its verbs.

use std::sync::Arc;
use std::time::Duration;

use dryapi_types as types;
use dryapi_types::{
    AnyTask, Balance, CostClass, EnhancedPrompt, GetBalance, Model, Operation, Priced, RequestId,
    SamplePrompt, Task,
};
use http::Method;

use crate::batch::{Batch, EmbedAll};
use crate::call::{Call, verb};
use crate::config::ClientBuilder;
use crate::error::Error;
use crate::exchange::{Options, exchange};
use crate::hub::Hub;
use crate::job::{Changes, Job};
use crate::key::ApiKey;
use crate::limits::BucketLimits;
use crate::limits::window::Now;
use crate::models::Models;
use crate::raw::Raw;
use crate::ticket::JobTicket;

/// Speaks to dryAPI. Cheap to clone: clones share connections, budgets and what is on its way.
#[derive(Clone, Debug)]
pub struct Client {
    hub: Arc<Hub>,
}

impl Client {
    /// Makes a client by hand.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client from the environment: `DRYAPI_API_KEY`, and `DRYAPI_BASE_URL` and
    /// `DRYAPI_ALLOW_HTTP=1` where set.
    ///
    /// # Errors
    /// Kind `Config`, naming the variable at fault.
    pub fn from_env() -> Result<Self, Error> {
        let key = std::env::var("DRYAPI_API_KEY")
            .map_err(|error| Error::config("DRYAPI_API_KEY is not set").caused_by(error))?;
        let mut builder = Self::builder().api_key(ApiKey::new(key)?);
        if let Ok(url) = std::env::var("DRYAPI_BASE_URL") {
            builder = builder.base_url(url);
        }
        let allow = std::env::var("DRYAPI_ALLOW_HTTP").is_ok_and(|text| text == "1");
        builder.allow_http(allow).build()
    }

    /// Sends any operation and gives its answer.
    ///
    /// # Errors
    /// Any kind but those of jobs and files.
    pub fn call<'a, O>(&self, operation: &'a O) -> Call<'a, O, verb::Plain>
    where
        O: Operation + 'static,
    {
        Call::new(Arc::clone(&self.hub), operation)
    }

    /// Asks what a task would cost, in US dollars. Free. A file is measured here, and only sent
    /// along when it cannot be.
    ///
    /// # Errors
    /// Any kind of a free call; kind `File` when a file cannot be read.
    pub fn price<'a, T>(&self, task: &'a T) -> Call<'a, T, verb::Price>
    where
        T: Priced + 'static,
        T::Quote: 'static,
    {
        Call::new(Arc::clone(&self.hub), task)
    }

    /// What a request will cost, by as few price calls as possible: requests that differ only in
    /// what does not move a price are asked about once, and where a price grows with characters,
    /// seconds or the pixels of a file, three price calls tell it for all of them. Kept for a day.
    ///
    /// ```no_run
    /// # async fn f(client: &dryapi_client::Client) -> Result<(), dryapi_client::Error> {
    /// use dryapi_client::TextToImage;
    /// for prompt in ["a cat", "a dog"] {
    ///     let request = TextToImage::new(prompt, "Flux1schnell").with_size(512, 512);
    ///     println!("{} USD", client.estimate(&request).await?.usd); // one price call for both
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As the price call's.
    pub fn estimate<'a, T>(&self, task: &'a T) -> Call<'a, T, verb::Estimate>
    where
        T: Priced + 'static,
        T::Quote: 'static,
    {
        Call::new(Arc::clone(&self.hub), task)
    }

    /// Starts a job. It is paid for once the service accepts it, and cannot be cancelled.
    ///
    /// # Errors
    /// Any kind but those of jobs; [`Error::charge`] says whether it may have cost money.
    pub fn submit<'a, T>(&self, task: &'a T) -> Call<'a, T, verb::Submit>
    where
        T: Task + 'static,
    {
        Call::new(Arc::clone(&self.hub), task)
    }

    /// Starts a job and waits for its result.
    ///
    /// # Errors
    /// Any kind. One that names a job ([`Error::job`]) came after it was accepted: kinds `JobFailed`
    /// (its charge is `Maybe`: refunds are nowhere stated), `WaitTimedOut`, `Decode`,
    /// `ResultExpired`, `File`, and whatever ended the waiting (these are paid for).
    pub fn run<'a, T>(&self, task: &'a T) -> Call<'a, T, verb::Run>
    where
        T: Task + 'static,
    {
        Call::new(Arc::clone(&self.hub), task)
    }

    /// Many jobs, a bounded number at a time. The name is the batch's in all its runs: with a
    /// ledger, running it again pays for nothing twice.
    ///
    /// ```no_run
    /// # use dryapi_client::{BatchItem, BatchResult, Client, Error, TextToImage};
    /// # use futures_util::{StreamExt, stream};
    /// # async fn f(client: &Client) -> Result<(), Error> {
    /// let cats = ["a cat", "a lion"].into_iter().enumerate().map(|(number, prompt)| {
    ///     let request = TextToImage::new(prompt, "Flux1schnell").with_size(512, 512);
    ///     BatchItem::new(format!("cat-{number}"), request)
    /// });
    /// let batch = client.batch::<TextToImage>("cats").deliver(|id, done| async move {
    ///     done.save(format!("{id}.png")).await.map(drop)
    /// });
    /// let mut outcomes = batch.run(stream::iter(cats));
    /// while let Some(outcome) = outcomes.next().await {
    ///     match outcome.result {
    ///         BatchResult::Failed(error) => eprintln!("{}: {error}", outcome.id),
    ///         _ => println!("{}: done", outcome.id),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn batch<T>(&self, name: impl Into<String>) -> Batch<T>
    where
        T: Task + 'static,
        T::Output: Sync,
    {
        Batch::new(Arc::clone(&self.hub), name.into())
    }

    /// Embeds many texts with a model, by its slug, packed into as few requests as the service
    /// takes. The name is the batch's, as of [`batch`](Self::batch).
    ///
    /// ```no_run
    /// # use dryapi_client::{Client, Error};
    /// # use futures_util::{StreamExt, stream};
    /// # async fn f(client: &Client, texts: Vec<String>) -> Result<(), Error> {
    /// let mut packs = client.embed_all("articles", "Bge_M3_FP16").run(stream::iter(texts));
    /// while let Some(pack) = packs.next().await {
    ///     for (index, vector) in (pack.first..).zip(pack.result?) {
    ///         println!("{index}: {} numbers", vector.len());
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn embed_all(&self, name: impl Into<String>, model: impl Into<String>) -> EmbedAll {
        EmbedAll::new(Arc::clone(&self.hub), name.into(), model.into())
    }

    /// Anything the service answers, also what this crate does not know: the same key, retries,
    /// limits and errors as every other call ([`Error::operation`] is `raw`). `cost` decides what may
    /// be sent again: whatever may move money is [`CostClass::Paid`].
    ///
    /// A success is JSON, a 204, or anything that is no text. The path is below `/api/v1/client/`; one
    /// that begins with `/` is below the base URL.
    ///
    /// # Errors
    /// When it is awaited: any kind of a call of this cost, and kind `InvalidInput` for a query,
    /// header or body that cannot be sent.
    pub fn raw(&self, cost: CostClass, method: Method, path: impl Into<String>) -> Raw {
        Raw::new(Arc::clone(self.hub.shared()), cost, method, path.into())
    }

    /// Makes a prompt better, for the kind of task its request is for. Paid for when the service
    /// answers; [`price`](Self::price) says how much it would be.
    ///
    /// # Errors
    /// Any kind of a paid call.
    pub fn enhance<'a, O>(&self, prompt: &'a O) -> Call<'a, O, verb::Plain>
    where
        O: Operation<Response = EnhancedPrompt> + Priced + 'static,
        O::Quote: 'static,
    {
        Call::new(Arc::clone(&self.hub), prompt).priced()
    }

    /// Makes up a prompt. Paid for when the service answers, although it is a GET.
    ///
    /// # Errors
    /// Any kind of a paid call.
    pub fn samples<'a, O>(&self, wanted: &'a O) -> Call<'a, O, verb::Plain>
    where
        O: Operation<Response = SamplePrompt> + Priced + 'static,
        O::Quote: 'static,
    {
        Call::new(Arc::clone(&self.hub), wanted).priced()
    }

    /// A job by its id, another day, in another process. Nothing is sent.
    pub fn job<T: Task>(&self, id: impl Into<RequestId>) -> Job<T> {
        self.resume(JobTicket::new(id))
    }

    /// A job whose task is not known. Nothing is sent.
    pub fn any_job(&self, id: impl Into<RequestId>) -> Job<AnyTask> {
        self.job(id)
    }

    /// Takes what a webhook told, verified by `dryapi-webhook`: whoever waits for the job learns of
    /// it. Events in any order, late or twice do no harm.
    pub fn accept(&self, event: &types::Event) {
        self.hub.accept(event);
    }

    /// The job a webhook's event is about, with what it told: waiting for it asks the service only
    /// for what is missing. `None` where the event names no job.
    pub fn any_job_from(&self, event: &types::Event) -> Option<Job<AnyTask>> {
        let id = event.request_id.clone()?;
        self.accept(event);
        let ticket = JobTicket::new(id);
        let task = event.job_type.as_ref();
        Some(self.resume(match task {
            Some(task) => ticket.of_task(task.as_str()),
            None => ticket,
        }))
    }

    /// Every change of every job of the account, as the push channel tells it, and of those that
    /// it told of also what looks show: failures. Kind `Config` from the stream where no push
    /// channel was configured.
    pub fn changes(&self) -> Changes {
        Changes::new(&self.hub)
    }

    /// A job by what was kept of it. Nothing is sent.
    pub fn resume<T: Task>(&self, ticket: JobTicket) -> Job<T> {
        Job::new(Arc::clone(&self.hub), ticket)
    }

    /// The account's balance in US dollars. Free and not limited.
    ///
    /// # Errors
    /// Any kind of a free call.
    ///
    /// # Cancel safety
    /// Dropping the future gives the call up; nothing changes.
    pub async fn balance(&self) -> Result<Balance, Error> {
        exchange(self.hub.shared(), &GetBalance::new(), &Options::default()).await
    }

    /// The catalogue, page by page as it is read. Free and not limited. A failure is the stream's
    /// last item: any kind of a free call.
    pub fn models(&self) -> Models {
        Models::new(Arc::clone(self.hub.shared()))
    }

    /// One model's card by its slug.
    ///
    /// # Errors
    /// Kind `NotFound` when the catalogue does not list it; else any kind of a free call.
    ///
    /// # Cancel safety
    /// Dropping the future gives the call up; nothing changes.
    pub async fn model(&self, slug: &str) -> Result<Model, Error> {
        self.models().find(slug).await
    }

    /// What is known of the account's limits: of every bucket that this client used.
    #[must_use]
    pub fn limits(&self) -> Vec<BucketLimits> {
        let shared = self.hub.shared();
        shared.limits.view(Now::of(&*shared.clock))
    }

    /// The record of this account's paid work, where a store was given.
    ///
    /// # Errors
    /// Kind `File` when the store does not answer.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    #[cfg(feature = "ledger")]
    pub async fn ledger(&self) -> Result<Option<dryapi_ledger::Ledger>, Error> {
        let ledger = self.hub.shared().record.ledger().await?;
        Ok(ledger.cloned())
    }

    /// Takes a verified webhook whose address carried an intent of this account's: proof that the
    /// service accepted it, and which job it is. What was unknown is settled by it. An intent that
    /// the ledger does not know changes nothing there.
    ///
    /// # Errors
    /// Kind `File` when the ledger cannot be written; take the delivery again then.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is written down.
    #[cfg(feature = "ledger")]
    pub async fn accept_for(
        &self,
        event: &types::Event,
        intent: &types::Intent,
    ) -> Result<(), Error> {
        self.accept(event);
        match &event.request_id {
            Some(id) => self.hub.shared().record.claimed(intent, id).await,
            None => Ok(()),
        }
    }

    /// How many paid requests are on their way, waited for or not.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.hub.shared().in_flight.count()
    }

    /// Waits until every paid request has its answer: call it before a service stops. Gives how
    /// many are still on their way when `limit` has passed.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting, not the requests.
    pub async fn drain(&self, limit: Duration) -> usize {
        tokio::select! {
            () = self.hub.shared().in_flight.none_left() => {}
            () = self.hub.shared().clock.sleep(limit) => {}
        }
        self.in_flight()
    }
}

impl ClientBuilder {
    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// Kind `Config`, naming the setting: no key, a base URL that would show the key, a header that
    /// cannot be given, a proxy or certificate that cannot be read.
    pub fn build(self) -> Result<Client, Error> {
        let hub = Arc::new(self.hub()?);
        hub.check_push()?;
        Ok(Client { hub })
    }
}
