//! `dryapi balance`: what is left on the account.

use crate::report::{End, json};
use crate::session::Session;

pub(super) async fn balance(session: &Session) -> Result<(), End> {
    let balance = session.free(session.client.balance()).await?;
    let balance = balance.balance.to_string();
    if session.screen.json() {
        return session.screen.result(&json::line(&json::Balance {
            balance,
            currency: "USD",
            sandbox: session.is_sandbox(),
        }));
    }
    session.screen.result(&format!("{balance} USD"))
}
