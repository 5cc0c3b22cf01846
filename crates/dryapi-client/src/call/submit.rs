//! Starting a job.

use std::sync::Arc;

use dryapi_types::Task;

use super::Call;
use super::spend::within;
use crate::error::{Error, ErrorKind};
use crate::exchange::{Options, Outcome, exchange_once};
use crate::job::Job;
use crate::ticket::JobTicket;

impl<O: Task + 'static, V> Call<'_, O, V> {
    #[cfg(feature = "webhook")]
    fn correlated(&self, url: &str, intent: Option<&dryapi_types::Intent>) -> String {
        match (&self.hub.shared().correlation, intent) {
            (Some(correlation), Some(intent)) => correlation.address(url, intent),
            _ => url.to_owned(),
        }
    }

    pub(super) async fn submit(self) -> Result<Job<O>, Error> {
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
