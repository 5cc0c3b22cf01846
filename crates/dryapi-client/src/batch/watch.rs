//! The balance as the second hold of a batch's cap: the service does not say what a job cost, so
//! estimates alone could be wrong.

use std::sync::Arc;

use dryapi_types::{GetBalance, Usd};
use tokio::sync::Mutex;

use crate::error::{Error, ErrorKind};
use crate::exchange::{Options, exchange};
use crate::hub::Hub;

/// The balance is read after so many accepted jobs.
const EVERY: u32 = 20;

/// The balance since a batch began.
#[derive(Debug)]
pub(super) struct Watch {
    cap: Option<Usd>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The balance before the first job, and what may still go.
    began: Option<(Usd, Usd)>,
    accepted: u32,
    due: bool,
}

impl Watch {
    pub(super) fn new(cap: Option<Usd>) -> Self {
        Self {
            cap,
            state: Mutex::default(),
        }
    }

    /// Before a job is sent.
    ///
    /// # Errors
    /// Kind `SpendLimit` when the balance fell by more than the cap; as the balance's where it
    /// cannot be read.
    pub(super) async fn before(&self, hub: &Arc<Hub>, name: &str) -> Result<(), Error> {
        let Some(cap) = self.cap else {
            return Ok(());
        };
        let mut state = self.state.lock().await;
        let Some((began, room)) = state.began else {
            let balance = balance(hub).await?;
            let earlier = spent_before(hub, name).await?;
            let room = if earlier > cap {
                Usd::ZERO
            } else {
                cap - earlier
            };
            state.began = Some((balance, room));
            return Ok(());
        };
        if !state.due {
            return Ok(());
        }
        let balance = balance(hub).await?;
        let fell = began - balance;
        if fell > room {
            let message = format!(
                "the balance fell by {fell} USD since the batch began, more than the {room} USD \
                 that were left of its cap; another program of the account may be the cause"
            );
            return Err(Error::new(ErrorKind::SpendLimit, "batch", message));
        }
        state.due = false;
        Ok(())
    }

    /// A job was accepted.
    pub(super) async fn after(&self) {
        if self.cap.is_none() {
            return;
        }
        let mut state = self.state.lock().await;
        state.accepted += 1;
        state.due |= state.accepted.is_multiple_of(EVERY);
    }
}

async fn balance(hub: &Arc<Hub>) -> Result<Usd, Error> {
    let balance = exchange(hub.shared(), &GetBalance::new(), &Options::default()).await?;
    Ok(balance.balance)
}

#[cfg(feature = "ledger")]
async fn spent_before(hub: &Arc<Hub>, name: &str) -> Result<Usd, Error> {
    match hub.shared().record.ledger().await? {
        Some(ledger) => {
            let purse = ledger.purse(&super::names::purse(name)).await;
            purse.map_err(crate::record::unanswered)
        }
        None => Ok(Usd::ZERO),
    }
}

#[cfg(not(feature = "ledger"))]
#[expect(clippy::unused_async, reason = "stands in for one that asks a ledger")]
async fn spent_before(_hub: &Arc<Hub>, _name: &str) -> Result<Usd, Error> {
    Ok(Usd::ZERO)
}
