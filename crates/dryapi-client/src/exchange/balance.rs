//! Reading the balance around paid requests.

use std::sync::Arc;
use std::time::Instant;

use dryapi_transport::BoxFuture;
use dryapi_types::{Intent, Meta, Usd};

use crate::error::{Charge, Delivery, Error, ErrorKind};
use crate::guard::{Compared, Pass, Watch};
use crate::shared::Shared;

/// Reads the balance.
pub(super) type Read = fn(&Arc<Shared>) -> BoxFuture<'_, Result<Usd, Error>>;

/// Why a paid request is not sent again.
#[derive(Debug)]
pub(super) struct Doubt {
    /// In words, without anything secret.
    pub(super) what: String,
}

/// What the books say as a call begins; reads the balance where they do not know it. `None` where
/// it cannot be read.
pub(super) async fn begin(
    shared: &Arc<Shared>,
    read: Read,
    deadline: Option<Instant>,
) -> Option<Watch> {
    if let Some(watch) = shared.guard.watch() {
        return Some(watch);
    }
    let alone = within(shared, deadline, shared.guard.alone()).await?;
    // Another call may have read it meanwhile.
    if let Some(watch) = shared.guard.watch() {
        return Some(watch);
    }
    let balance = read(shared).await.ok()?;
    shared.guard.read(&alone, balance);
    shared.guard.watch()
}

/// To be held while a paid request is on its way.
pub(super) async fn pass(
    shared: &Arc<Shared>,
    meta: &'static Meta,
    deadline: Option<Instant>,
) -> Result<Pass, Error> {
    let pass = within(shared, deadline, shared.guard.pass()).await;
    pass.ok_or_else(|| {
        let message = "the call's deadline passed before it was sent: another was being settled";
        Error::new(ErrorKind::Timeout, meta.name, message)
    })
}

/// Whether the balance proves that nothing was charged for a call that began with this watch.
pub(super) async fn proves(
    shared: &Arc<Shared>,
    read: Read,
    watch: Option<Watch>,
    deadline: Option<Instant>,
) -> Result<(), Doubt> {
    let doubt = |what: &str| Doubt {
        what: what.to_owned(),
    };
    let Some(watch) = watch else {
        return Err(doubt("the balance before the first attempt is not known"));
    };
    let alone = within(shared, deadline, shared.guard.alone()).await;
    let Some(alone) = alone else {
        return Err(doubt("other paid requests were on their way for too long"));
    };
    let balance = match read(shared).await {
        Ok(balance) => balance,
        Err(error) => {
            let kind = error.kind();
            return Err(doubt(&format!("the balance could not be read: {kind}")));
        }
    };
    let compared = shared.guard.read(&alone, balance);
    if shared.guard.vouches(watch) {
        Ok(())
    } else {
        Err(doubt(&in_words(compared)))
    }
}

fn in_words(compared: Compared) -> String {
    let balance = compared.balance;
    match compared.expected {
        Some(expected) if expected > balance => {
            format!("the balance fell to {balance} USD where {expected} USD were expected")
        }
        Some(expected) if expected == balance => {
            format!("the balance fell by more than was known of, before it was {balance} USD")
        }
        Some(expected) => {
            format!("the balance is {balance} USD where {expected} USD were expected")
        }
        None => format!(
            "the balance is {balance} USD, and what other requests cost meanwhile is not known"
        ),
    }
}

/// A paid request that is not sent again, since it may have been charged.
pub(super) fn not_resent(
    meta: &'static Meta,
    intent: Option<&Intent>,
    attempts: u32,
    status: Option<u16>,
    doubt: &Doubt,
) -> Error {
    let what = &doubt.what;
    let message =
        format!("the service answered with an error, and {what}; it may have been charged");
    Error::new(ErrorKind::OutcomeUnknown, meta.name, message).with(|inner| {
        inner.intent = intent.cloned();
        inner.attempts = attempts;
        inner.status = status;
        inner.delivery = Delivery::Unknown;
        inner.charge = Charge::Maybe;
        inner.no_retry_reason = Some("it could be paid for twice".into());
    })
}

async fn within<T>(
    shared: &Arc<Shared>,
    deadline: Option<Instant>,
    work: impl Future<Output = T>,
) -> Option<T> {
    let Some(deadline) = deadline else {
        return Some(work.await);
    };
    tokio::select! {
        biased;
        done = work => Some(done),
        () = shared.clock.sleep_until(deadline) => None,
    }
}
