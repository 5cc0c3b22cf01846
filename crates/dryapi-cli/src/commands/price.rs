//! `dryapi price TASK`: what a request would cost.

use clap::ArgMatches;
use dryapi_types::Meta;

use crate::report::{End, json};
use crate::request::{Purpose, prepare};
use crate::session::Session;

pub(super) async fn price(
    session: &mut Session,
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Result<(), End> {
    let request = prepare(session, meta, matches, Purpose::Price).await?;
    let asked = session.client.price(&request.task).into_future();
    let price = session.free(asked).await?.price.to_string();
    if session.screen.json() {
        return session.screen.result(&json::line(&json::Price {
            price,
            currency: "USD",
            sandbox: session.is_sandbox(),
        }));
    }
    session.screen.result(&format!("{price} USD"))
}
