//! What the account has before and after, where the service can be reached.

use dryapi_client::{ErrorKind, Usd};

use crate::report::End;
use crate::session::Session;

/// The balance, where the service can be reached: offline is no failure.
pub(super) async fn balance(session: &Session) -> Result<Option<Usd>, End> {
    match session.free(session.client.balance()).await {
        Ok(balance) => Ok(Some(balance.balance)),
        Err(End::Failed(failure))
            if failure.kind == ErrorKind::Network.into()
                || (failure.kind == ErrorKind::Timeout.into() && session.left().is_none()) =>
        {
            Ok(None)
        }
        Err(end) => Err(end),
    }
}

/// What the balance fell by, where it can be read.
pub(super) async fn fell(session: &Session, before: Option<Usd>) -> Option<Usd> {
    let before = before?;
    let after = session.client.balance().await.ok()?.balance;
    Some(if after < before {
        before - after
    } else {
        Usd::ZERO
    })
}
