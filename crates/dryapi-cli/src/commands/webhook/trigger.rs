//! `dryapi webhook trigger EVENT --to URL`: one signed delivery of a made-up event.

use clap::ArgMatches;
use dryapi_client::Clock;
use dryapi_transport::SystemClock;
use dryapi_webhook::{Brand, delivery_headers};

use super::desk::Desk;
use super::sample;
use super::send::{address, send};
use super::sign::now;
use crate::report::{End, json, terminal};

pub(super) async fn trigger(desk: &Desk<'_>, matches: &ArgMatches) -> Result<(), End> {
    let text = |name| matches.get_one::<String>(name).map(String::as_str);
    let secret = desk.secret(matches)?;
    let to = address(desk, text("to").unwrap_or_default())?;
    let name = text("event").unwrap_or_default();
    let at = SystemClock::default().wall();
    let event = sample::event(name, text("request-id"), at);
    let body = event.to_json().to_string().into_bytes();
    let headers = delivery_headers(Brand::DryApi, secret, now(), &event, &body);
    let status = send(desk, to, headers, body).await?;
    let id = |id: Option<&str>| id.unwrap_or_default().to_owned();
    let request_id = id(event.request_id.as_ref().map(|id| id.as_str()));
    if desk.screen.json() {
        return desk.screen.result(&json::line(&json::Triggered {
            event: event.kind.name(),
            request_id,
            delivery_id: id(event.delivery_id.as_deref()),
            status: status.as_u16(),
        }));
    }
    let line = format!("{name} · job {request_id} · answered {status}");
    desk.screen.result(&terminal::line(&line))
}
