//! One row: from where it stands to its result.

use std::sync::Arc;

use dryapi_types::{AnyTask, Operation, Task, Usd};

use super::item::BatchItem;
use super::outcome::{BatchOutcome, BatchResult};
use super::plan::Rows;
#[cfg(feature = "ledger")]
use super::standing::Before;
use super::standing::Standing;
use super::verdict::{Verdict, judge};
use crate::call::{Call, verb};
use crate::error::{Error, ErrorKind};
use crate::exchange::Options;
use crate::job::{Completed, Job};
use crate::price::estimate;

impl<T> Rows<T>
where
    T: Task + 'static,
    T::Output: Sync,
{
    /// Brings a row to its end.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting; a paid request that is on its way goes on.
    pub(super) async fn settle(self: Arc<Self>, index: u64, item: BatchItem<T>) -> BatchOutcome<T> {
        let mut outcome = BatchOutcome {
            index,
            id: item.id.clone(),
            intent: None,
            request_id: None,
            estimate: item.estimate,
            recorded: false,
            result: BatchResult::Before,
        };
        #[cfg(feature = "ledger")]
        self.orphans.begin(&self.hub).await;
        let result = match self.result(&item, &mut outcome).await {
            Ok(result) | Err(result) => result,
        };
        if let BatchResult::Failed(error) | BatchResult::Unsent(error) = &result {
            outcome.intent = outcome.intent.or_else(|| error.intent().cloned());
            let id = || error.request_id().cloned();
            outcome.request_id = outcome.request_id.or_else(id);
        }
        outcome.result = result;
        outcome
    }

    async fn result(
        &self,
        item: &BatchItem<T>,
        outcome: &mut BatchOutcome<T>,
    ) -> Result<BatchResult<T>, BatchResult<T>> {
        let standing = self.standing(item).await;
        let job = match standing.map_err(BatchResult::Failed)? {
            Standing::Send(intent) => self.sent(item, intent.as_deref(), outcome).await?,
            #[cfg(feature = "ledger")]
            Standing::Before(entry, before) => {
                outcome.recorded = true;
                outcome.intent = Some(entry.intent);
                outcome.request_id = entry.request_id;
                outcome.estimate = entry.estimate.or(outcome.estimate);
                match before {
                    Before::Job(ticket) => Job::new(Arc::clone(&self.hub), ticket),
                    Before::Settled => return Ok(BatchResult::Before),
                    Before::Over(error) => self.claimed(BatchResult::Failed(error)).await?,
                }
            }
        };
        outcome.request_id = Some(job.id().clone());
        outcome.intent = job.intent().cloned();
        let done = Arc::new(self.waited(&job).await.map_err(BatchResult::Failed)?);
        if let Some(deliver) = &self.deliver {
            let delivered = deliver(item.id.clone(), Arc::clone(&done)).await;
            delivered.map_err(BatchResult::Failed)?;
        }
        Ok(BatchResult::Done(done))
    }

    /// Sends a row, as soon as and as often as that may be.
    async fn sent(
        &self,
        item: &BatchItem<T>,
        intent: Option<&str>,
        outcome: &mut BatchOutcome<T>,
    ) -> Result<Job<T>, BatchResult<T>> {
        loop {
            self.gate.pass().await.map_err(BatchResult::Unsent)?;
            #[cfg(feature = "ledger")]
            self.orphans.listen(&self.hub).await;
            match self.send(item, intent, outcome).await {
                Ok(job) => {
                    self.gate.reached();
                    return Ok(job);
                }
                Err(error)
                    if error.kind() == ErrorKind::SpendLimit
                        && self.is_too_dear(outcome.estimate) =>
                {
                    // Its price was asked for, or known: nothing keeps the others waiting.
                    self.gate.reached();
                    return Err(BatchResult::Failed(error));
                }
                Err(error) => match self.heed(item, error).await {
                    Ok(()) => {}
                    Err(result) => return self.claimed(result).await,
                },
            }
        }
    }

    /// The job of a row whose outcome is unknown, where it is the only one that nobody claims.
    #[cfg(feature = "ledger")]
    async fn claimed(&self, result: BatchResult<T>) -> Result<Job<T>, BatchResult<T>> {
        if let BatchResult::Failed(error) = &result
            && error.kind() == ErrorKind::OutcomeUnknown
            && let Some(intent) = error.intent()
            && let Some(ticket) = self.orphans.claim(&self.hub, intent).await
        {
            return Ok(Job::new(Arc::clone(&self.hub), ticket));
        }
        Err(result)
    }

    #[cfg(not(feature = "ledger"))]
    #[expect(clippy::unused_async, reason = "stands in for one that asks a ledger")]
    async fn claimed(&self, result: BatchResult<T>) -> Result<Job<T>, BatchResult<T>> {
        Err(result)
    }

    /// Waits for a job; what time it has does not pass while the service cannot be reached.
    async fn waited(&self, job: &Job<T>) -> Result<Completed<T>, Error> {
        loop {
            let error = match job.wait().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if error.kind() != ErrorKind::WaitTimedOut || !self.gate.is_paused() {
                return Err(error);
            }
            self.gate.resumed().await;
        }
    }

    /// What an error means: returns once the row may be tried again.
    async fn heed(&self, item: &BatchItem<T>, error: Error) -> Result<(), BatchResult<T>> {
        let verdict = judge(&error);
        if error.attempts() > 0 && verdict != Verdict::Offline {
            self.gate.reached();
        }
        match verdict {
            Verdict::Offline => self.gate.not_reached(&error),
            Verdict::Again => {}
            Verdict::Limited { wait, daily } if !daily || self.waits_for_reset => {
                let limit = item.task.meta().bucket.as_str();
                self.gate.limited(limit, wait, daily).await;
            }
            Verdict::Limited { .. } | Verdict::Stop => {
                self.gate.stop(&error);
                return Err(BatchResult::Unsent(error));
            }
            Verdict::Fail => return Err(BatchResult::Failed(error)),
        }
        Ok(())
    }

    /// Prices a row, sets its money aside and sends it.
    async fn send(
        &self,
        item: &BatchItem<T>,
        intent: Option<&str>,
        outcome: &mut BatchOutcome<T>,
    ) -> Result<Job<T>, Error> {
        let refused = |kind, message| Err(Error::new(kind, item.task.meta().name, message));
        if self.limit.per_batch.is_some() && !self.hub.shared().record.is_kept() {
            let message = "a limit of a batch needs a ledger to hold; nothing was sent";
            return refused(ErrorKind::Config, message);
        }
        self.watch.before(&self.hub, &self.name).await?;
        if outcome.estimate.is_none() {
            outcome.estimate = self.estimate(item).await?;
        }
        if self.is_too_dear(outcome.estimate) {
            let message = "it would cost more than one call may; nothing was sent";
            return refused(ErrorKind::SpendLimit, message);
        }
        if self.limit.is_set() && outcome.estimate.is_none() {
            let message = "its price cannot be asked for, so no spend limit can hold; \
                           nothing was sent";
            return refused(ErrorKind::Config, message);
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
        let limited = self.limit.is_set();
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
}
