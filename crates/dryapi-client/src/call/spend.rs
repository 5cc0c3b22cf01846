//! Whether the spend limits let a call through.

use std::sync::Arc;

use dryapi_types::{AnyTask, Task, Usd};

use crate::error::{Error, ErrorKind};
use crate::exchange::Options;
use crate::price::estimate;
use crate::shared::Shared;
use crate::spend::SpendLimit;

/// What is asked of a call before it is priced.
pub(super) fn asking(options: &Options) -> Options {
    Options {
        uploads: options.uploads.untold(),
        assume: options.assume,
        ..Options::default()
    }
}

/// The options of a job that the spend limits let through. Large: to be boxed.
pub(super) async fn within<T: Task + 'static>(
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
pub(super) fn afford(
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
