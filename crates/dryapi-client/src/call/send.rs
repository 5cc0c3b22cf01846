//! What awaiting each verb does.

use std::future::IntoFuture;
use std::sync::Arc;

use dryapi_transport::BoxFuture;
use dryapi_types::{CostClass, Operation, Price, Priced, Task};

use super::spend::{afford, asking};
use super::{Call, verb};
use crate::error::Error;
use crate::exchange::exchange;
use crate::job::{Completed, Job};
use crate::price::{Estimate, estimate, quote};

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
