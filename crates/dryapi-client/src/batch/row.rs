//! One row: from its id to its result.

use std::sync::Arc;

use dryapi_transport::BoxFuture;
use dryapi_types::{AnyTask, Operation, Task, Usd, Window};

use super::gate::Gate;
use super::item::BatchItem;
use super::outcome::{BatchOutcome, BatchResult};
use super::watch::Watch;
use crate::call::{Call, verb};
use crate::error::{Charge, Delivery, Error, ErrorKind};
use crate::exchange::Options;
use crate::hub::Hub;
use crate::job::Completed;
use crate::price::estimate;
use crate::spend::SpendLimit;

/// What is done with a result before its row is over.
pub(super) type Deliver<T> =
    Arc<dyn Fn(String, Arc<Completed<T>>) -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;

/// Whether a result that was downloaded before is where it was wanted.
#[cfg(feature = "ledger")]
pub(super) type Settled = Arc<dyn Fn(&dryapi_ledger::Entry) -> bool + Send + Sync>;

/// What the rows of one batch share.
pub(super) struct Rows<T: Task> {
    pub(super) hub: Arc<Hub>,
    pub(super) name: String,
    pub(super) gate: Gate,
    pub(super) watch: Watch,
    pub(super) limit: SpendLimit,
    /// Whether jobs are priced though nothing is limited.
    pub(super) priced: bool,
    pub(super) waits_for_reset: bool,
    pub(super) retry_failed: bool,
    pub(super) resubmit_unknown: bool,
    pub(super) deliver: Option<Deliver<T>>,
    #[cfg(feature = "ledger")]
    pub(super) settled: Option<Settled>,
}

/// What is known of a row before it is sent.
enum Begun {
    Send(Option<String>),
    #[cfg(feature = "ledger")]
    Over(Error),
    #[cfg(feature = "ledger")]
    Before(Option<dryapi_types::RequestId>),
}

impl<T> Rows<T>
where
    T: Task + 'static,
    T::Output: Sync,
{
    /// Brings a row to its end.
    pub(super) async fn settle(self: Arc<Self>, index: u64, item: BatchItem<T>) -> BatchOutcome<T> {
        let mut outcome = BatchOutcome {
            index,
            id: item.id.clone(),
            intent: None,
            request_id: None,
            estimate: item.estimate,
            result: BatchResult::Before,
        };
        let begun = self.begin(&item).await;
        let intent = match begun {
            Ok(Begun::Send(intent)) => intent,
            #[cfg(feature = "ledger")]
            Ok(Begun::Before(id)) => {
                outcome.request_id = id;
                return outcome;
            }
            #[cfg(feature = "ledger")]
            Ok(Begun::Over(error)) => return failed(outcome, error),
            Err(error) => return unsent(outcome, error),
        };
        let done = self.run(&item, intent, &mut outcome).await;
        match done {
            Ok(done) => {
                outcome.result = BatchResult::Done(done);
                outcome
            }
            Err(Stopped::Failed(error)) => failed(outcome, error),
            Err(Stopped::Unsent(error)) => unsent(outcome, error),
        }
    }

    async fn run(
        &self,
        item: &BatchItem<T>,
        intent: Option<String>,
        outcome: &mut BatchOutcome<T>,
    ) -> Result<Arc<Completed<T>>, Stopped> {
        let job = loop {
            let leave = self.gate.pass().await.map_err(Stopped::Unsent)?;
            let sent = self.send(item, intent.as_deref(), outcome).await;
            let error = match sent {
                Ok(job) => {
                    self.gate.reached();
                    break job;
                }
                Err(error) => error,
            };
            if outcome.intent.is_none() {
                outcome.intent = error.intent().cloned();
            }
            if self.is_too_dear(outcome.estimate) {
                return Err(Stopped::Failed(error));
            }
            self.heed(error).await?;
            drop(leave);
        };
        outcome.request_id = Some(job.id().clone());
        outcome.intent = job.intent().cloned();
        let done = Arc::new(job.wait().await?);
        if let Some(deliver) = &self.deliver {
            deliver(item.id.clone(), Arc::clone(&done)).await?;
        }
        Ok(done)
    }

    /// Prices a row, sets its money aside and sends it.
    async fn send(
        &self,
        item: &BatchItem<T>,
        intent: Option<&str>,
        outcome: &mut BatchOutcome<T>,
    ) -> Result<crate::job::Job<T>, Error> {
        self.watch.before(&self.hub, &self.name).await?;
        if outcome.estimate.is_none() {
            outcome.estimate = self.estimate(item).await?;
        }
        if self.is_too_dear(outcome.estimate) {
            let message = "it would cost more than one call may; nothing was sent";
            let kind = ErrorKind::SpendLimit;
            return Err(Error::new(kind, item.task.meta().name, message));
        }
        let mut call = Call::<T, verb::Submit>::new(Arc::clone(&self.hub), &item.task);
        if let Some(intent) = intent {
            call = call.intent(intent);
        }
        let options = call.options_mut();
        options.uploads = item.uploads.clone();
        options.assume = item.assume;
        options.guarded = true;
        options.wanted.estimate = outcome.estimate;
        #[cfg(feature = "ledger")]
        {
            let wanted = &mut options.wanted;
            wanted.target.clone_from(&item.target);
            wanted.chosen.clone_from(&item.chosen);
            wanted.batch = Some(dryapi_ledger::BatchRow::new(&self.name, &item.id));
            if let (Some(most), Some(cost)) = (self.limit.per_batch, outcome.estimate) {
                wanted.reserve(super::names::purse(&self.name), cost, most);
            }
        }
        let job = call.spend_limit(self.limit.only_per_day()).await?;
        self.watch.after().await;
        Ok(job)
    }

    async fn estimate(&self, item: &BatchItem<T>) -> Result<Option<Usd>, Error> {
        let limited = self.all_limits().is_set();
        if !limited && !self.priced {
            return Ok(None);
        }
        let Some(task) = AnyTask::of(&item.task) else {
            return Ok(None);
        };
        let options = Options {
            uploads: item.uploads.untold(),
            assume: item.assume,
            ..Options::default()
        };
        // Requests of many texts are few, and their tokens only the service can count.
        let each = limited && task.meta().name == "txt2embedding";
        if !limited && task.meta().name == "txt2embedding" {
            return Ok(None);
        }
        match estimate(self.hub.shared(), &task, &options, each).await {
            Ok(estimate) => Ok(Some(estimate.usd)),
            Err(error) if error.kind() == ErrorKind::InvalidInput && !limited => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a row that was not accepted is tried again: returns once it may be.
    async fn heed(&self, error: Error) -> Result<(), Stopped> {
        let free = error.charge() == Charge::No;
        match error.kind() {
            ErrorKind::Network | ErrorKind::Timeout if error.delivery() == Delivery::NotSent => {
                self.gate.not_reached(&error);
                return Ok(());
            }
            ErrorKind::RateLimited if free => {
                let daily = error.rate_limit().map(|limit| limit.window) == Some(Window::Daily);
                let wait = error.retry_after();
                if daily && !self.waits_for_reset {
                    self.gate.stop(&error);
                    return Err(Stopped::Unsent(error));
                }
                let Some(wait) = wait else {
                    return Err(Stopped::Failed(error));
                };
                if daily {
                    self.gate.wait_for_reset(wait).await;
                } else {
                    self.hub.shared().clock.sleep(wait).await;
                }
                return Ok(());
            }
            _ => {}
        }
        self.gate.reached();
        let ends_it = match error.kind() {
            ErrorKind::InsufficientBalance
            | ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::AccountSuspended
            | ErrorKind::Config => true,
            ErrorKind::SpendLimit => true,
            _ => false,
        };
        if free && ends_it {
            self.gate.stop(&error);
            return Err(Stopped::Unsent(error));
        }
        Err(Stopped::Failed(error))
    }

    fn all_limits(&self) -> SpendLimit {
        self.limit.and(self.hub.shared().spend_limit)
    }

    fn is_too_dear(&self, cost: Option<Usd>) -> bool {
        let most = self.all_limits().per_call;
        most.zip(cost).is_some_and(|(most, cost)| cost > most)
    }

    #[cfg(not(feature = "ledger"))]
    #[expect(clippy::unused_async, reason = "stands in for one that asks a ledger")]
    async fn begin(&self, _item: &BatchItem<T>) -> Result<Begun, Error> {
        let _ = (self.retry_failed, self.resubmit_unknown);
        Ok(Begun::Send(None))
    }

    /// What the ledger knows of a row: its newest attempt counts.
    #[cfg(feature = "ledger")]
    async fn begin(&self, item: &BatchItem<T>) -> Result<Begun, Error> {
        use dryapi_ledger::State;

        use super::names::intent;

        let Some(ledger) = self.hub.shared().record.ledger().await? else {
            return Ok(Begun::Send(None));
        };
        let mut attempt = 1;
        let mut newest = None;
        loop {
            let name = intent(&self.name, &item.id, attempt);
            let name = dryapi_types::Intent::new(name).map_err(|error| {
                Error::new(
                    ErrorKind::InvalidInput,
                    item.task.meta().name,
                    error.to_string(),
                )
            })?;
            let asked = ledger.entry(&name).await;
            match asked.map_err(crate::record::unanswered)? {
                Some(entry) => newest = Some(entry),
                None => break,
            }
            attempt += 1;
        }
        let Some(entry) = newest else {
            return Ok(Begun::Send(Some(intent(&self.name, &item.id, 1))));
        };
        let same = Ok(Begun::Send(Some(entry.intent.to_string())));
        let next = || Ok(Begun::Send(Some(intent(&self.name, &item.id, attempt))));
        if matches!(entry.state, State::Refused | State::Prepared) {
            return same;
        }
        let hash = crate::record::hash(&item.task, &item.chosen).await?;
        if hash != entry.body {
            let id = &item.id;
            let message = format!(
                "row {id} was sent with other content before; give the changed row another id"
            );
            let kind = ErrorKind::InvalidInput;
            return Ok(Begun::Over(Error::new(
                kind,
                item.task.meta().name,
                message,
            )));
        }
        match entry.state {
            State::Failed if self.retry_failed => next(),
            State::Unknown if self.resubmit_unknown => next(),
            State::Failed => Ok(Begun::Over(crate::record::failed_before(&entry))),
            State::Downloaded if self.settled.as_ref().is_some_and(|settled| settled(&entry)) => {
                Ok(Begun::Before(entry.request_id))
            }
            _ => same,
        }
    }
}

/// Why a row has no result.
enum Stopped {
    Failed(Error),
    Unsent(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

fn failed<T: Task>(mut outcome: BatchOutcome<T>, error: Error) -> BatchOutcome<T> {
    if outcome.request_id.is_none() {
        outcome.request_id = error.request_id().cloned();
    }
    if outcome.intent.is_none() {
        outcome.intent = error.intent().cloned();
    }
    outcome.result = BatchResult::Failed(error);
    outcome
}

fn unsent<T: Task>(mut outcome: BatchOutcome<T>, error: Error) -> BatchOutcome<T> {
    outcome.result = BatchResult::Unsent(error);
    outcome
}
