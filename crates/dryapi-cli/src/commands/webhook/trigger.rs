//! `dryapi webhook trigger EVENT --to URL`: one signed delivery of a made-up event.

use clap::ArgMatches;
use dryapi_client::Clock;
use dryapi_transport::SystemClock;

use super::desk::Desk;
use super::parcel::Parcel;
use super::sample;
use super::send::Receiver;
use crate::report::{End, json, terminal};

pub(super) async fn trigger(desk: &Desk<'_>, matches: &ArgMatches) -> Result<(), End> {
    let text = |name| matches.get_one::<String>(name).map(String::as_str);
    let secret = desk.secret(matches)?;
    let receiver = Receiver::new(desk.given, "--to", text("to").unwrap_or_default())?;
    let name = text("event").unwrap_or_default();
    let at = SystemClock::default().wall();
    let parcel = Parcel::new(sample::event(name, text("request-id"), at));
    let headers = parcel.headers(&secret);
    let limit = desk.given.timeout;
    let status = receiver.send(limit, headers, parcel.body.clone()).await?;
    let request_id = parcel.request_id();
    if desk.screen.json() {
        return desk.screen.result(&json::line(&json::Triggered {
            event: parcel.event.kind.name(),
            request_id: request_id.to_owned(),
            delivery_id: parcel.delivery_id().to_owned(),
            status: status.as_u16(),
        }));
    }
    let line = format!("{name} · job {request_id} · answered {status}");
    desk.screen.result(&terminal::line(&line))
}
