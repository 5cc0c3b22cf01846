//! How long things may take by default. Source: `Defaults` of the design, by what giving up costs.

use std::time::{Duration, Instant};

use dryapi_transport::{Clock, Timeouts};
use dryapi_types::{CostClass, Meta};

/// Free calls and quotes, attempts and waits together.
const FREE: Duration = Duration::from_secs(60);
/// Paid calls, beside their upload.
const PAID: Duration = Duration::from_secs(120);
/// One wait, where the kind of task is not known.
const WAIT: Duration = Duration::from_secs(60 * 60);

/// The stages of one attempt.
pub(crate) fn timeouts(class: CostClass, first_byte: Option<Duration>) -> Timeouts {
    let mut timeouts = Timeouts::default();
    if class == CostClass::Paid {
        timeouts.first_byte = PAID;
    }
    if let Some(limit) = first_byte {
        timeouts.first_byte = limit;
        // An attempt that may take a second does not take ten to connect.
        timeouts.connect = timeouts.connect.min(limit);
    }
    timeouts
}

/// How long one call may take.
pub(crate) fn call(class: CostClass, timeouts: &Timeouts, body: Option<u64>) -> Duration {
    match class {
        CostClass::Paid if body != Some(0) => PAID.saturating_add(timeouts.upload_of(body)),
        CostClass::Paid => PAID,
        _ => FREE,
    }
}

/// How long one wait for a job may take.
pub(crate) fn wait(meta: &Meta) -> Duration {
    meta.task.map_or(WAIT, |task| task.deadline)
}

/// The moment a duration from now; `None` when it is too far to be one.
pub(crate) fn at(clock: &dyn Clock, duration: Duration) -> Option<Instant> {
    clock.now().checked_add(duration)
}
