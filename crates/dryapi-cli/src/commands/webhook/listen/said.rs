//! What is printed of deliveries.

use std::time::Duration;

use http::StatusCode;

use crate::commands::webhook::parcel::Parcel;
use crate::duration;
use crate::names;
use crate::report::{End, Failure, json, terminal};
use crate::screen::Screen;

/// Prints lines on stdout: for people what goes and what comes back, in JSON an object an attempt.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) screen: Screen,
    pub(super) sandbox: bool,
}

impl Said {
    /// An event is to be delivered.
    pub(super) fn event(&self, parcel: &Parcel) -> Result<(), End> {
        match self.screen.json() {
            true => Ok(()),
            false => self.screen.result(&format!("--> {}", named(parcel))),
        }
    }

    /// An attempt ended; whether it is made again, and when.
    pub(super) fn attempt(
        &self,
        parcel: &Parcel,
        attempt: u32,
        sent: &Result<StatusCode, Failure>,
        again: Option<Duration>,
    ) -> Result<(), End> {
        let (status, error) = match sent {
            Ok(status) => (Some(status.as_u16()), None),
            Err(failure) => (failure.status, Some(failure.message.as_str())),
        };
        if self.screen.json() {
            return self.screen.result(&json::line(&json::Forwarded {
                event: parcel.event.kind.name(),
                request_id: parcel.request_id(),
                delivery_id: parcel.delivery_id(),
                attempt,
                status,
                error,
                sandbox: self.sandbox,
            }));
        }
        let status = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let mut line = format!("<-- [{status}] {}", named(parcel));
        if let Some(error) = error {
            let then = match again {
                Some(pause) => format!("again in {}", duration::show(pause)),
                None => format!("given up after {attempt} attempts"),
            };
            line = format!("{line}: {then}: {error}");
        }
        self.screen.result(&terminal::line(&line))
    }
}

fn named(parcel: &Parcel) -> String {
    let id = names::short(parcel.request_id());
    format!("{} {id}", parcel.event.kind.name())
}
