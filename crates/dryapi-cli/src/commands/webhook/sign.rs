//! `dryapi webhook sign FILE`: the headers that belong to a body.

use std::time::UNIX_EPOCH;

use clap::ArgMatches;
use dryapi_client::Clock;
use dryapi_transport::SystemClock;
use dryapi_webhook::{Brand, Event, delivery_headers};
use serde_json::{Map, Value};

use super::desk::{Desk, body};
use crate::report::{End, Failure, json};
use crate::stdin::Stdin;

pub(super) async fn sign(desk: &Desk<'_>, matches: &ArgMatches, stdin: Stdin) -> Result<(), End> {
    let secret = desk.secret(matches)?;
    let body = body(matches, stdin).await?;
    let said = Event::from_json(&body);
    let event = match (matches.get_one::<String>("event"), said) {
        (None, Ok(event)) => event,
        (None, Err(error)) => {
            let message = format!("FILE holds no event: {error}");
            let help = "Give --event to sign it all the same.";
            return Err(Failure::invalid(message).help(help).into());
        }
        (Some(name), said) => {
            let mut event = Event::unknown(name);
            event.delivery_id = said.ok().and_then(|event| event.delivery_id);
            event
        }
    };
    let timestamp = matches.get_one::<u64>("timestamp");
    let timestamp = timestamp.copied().unwrap_or_else(now);
    let headers = delivery_headers(Brand::DryApi, secret, timestamp, &event, &body);
    let headers: Map<String, Value> = headers
        .into_iter()
        .map(|(name, value)| (name, Value::from(value)))
        .collect();
    desk.screen.result(&json::line(&headers))
}

/// Now, in Unix seconds.
pub(super) fn now() -> u64 {
    let since = SystemClock::default().wall().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}
