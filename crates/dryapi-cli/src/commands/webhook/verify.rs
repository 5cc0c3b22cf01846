//! `dryapi webhook verify FILE`: the event of a delivery, or why it is refused.

use std::time::{Duration, SystemTime};

use clap::ArgMatches;
use dryapi_client::{Clock, ErrorKind};
use dryapi_transport::SystemClock;
use dryapi_webhook::{Event, EventKind, Verifier, VerifyError};
use jiff::Timestamp;
use serde_json::Value;

use super::desk::{Desk, body};
use crate::report::{End, Failure, json, terminal};
use crate::stdin::Stdin;

pub(super) async fn verify(desk: &Desk<'_>, matches: &ArgMatches, stdin: Stdin) -> Result<(), End> {
    let secrets = desk.secrets(matches)?;
    let verifier = Verifier::new(secrets).map_err(|error| Failure::invalid(error.to_string()))?;
    let tolerance = matches.get_one::<Duration>("tolerance").copied();
    let verifier = match tolerance {
        Some(tolerance) => verifier.with_tolerance(tolerance),
        None => verifier,
    };
    let body = body(matches, stdin).await?;
    let header = |name| matches.get_one::<String>(name).map_or("", String::as_str);
    let headers = [
        ("X-dryAPI-Signature", header("signature")),
        ("X-dryAPI-Timestamp", header("timestamp")),
    ];
    let now = SystemClock::default().wall();
    let event = verifier
        .verify_at(headers, &body, now)
        .map_err(|error| refused(&error))?;
    if desk.screen.json() {
        return desk.screen.result(&json::line(&json::Delivery {
            event: event.kind.name(),
            request_id: event.request_id.as_ref().map(|id| id.as_str()),
            delivery_id: event.delivery_id.as_deref(),
            data: event.to_json().get("data").cloned().unwrap_or(Value::Null),
        }));
    }
    desk.screen.result(&in_words(&event))
}

fn refused(error: &VerifyError) -> Failure {
    // Of a genuine delivery only the body can be wrong.
    let kind = match error {
        VerifyError::NotAnEvent(_) => ErrorKind::Decode,
        _ => ErrorKind::InvalidSignature,
    };
    let help = match error {
        VerifyError::WrongSignature => {
            "Verify the bytes as they came: parsed and written again, decompressed or trimmed they \
             are others. Is it this webhook's secret?"
        }
        VerifyError::TooOld => "Look at an old delivery with a greater --tolerance, like 2d.",
        VerifyError::TooNew => "Is this machine's clock right?",
        _ => "",
    };
    Failure::new(kind, error.to_string()).help(help)
}

/// What happened in one line, then where the result lies.
fn in_words(event: &Event) -> String {
    let mut words = vec![event.kind.name().to_owned()];
    words.extend(event.request_id.as_ref().map(|id| format!("job {id}")));
    words.extend(event.job_type.as_ref().map(ToString::to_string));
    let mut lines = Vec::new();
    match &event.kind {
        EventKind::JobCompleted {
            result_url,
            processing_time,
            ..
        } => {
            let took = processing_time.map(|took| format!("took {} s", took.as_secs_f64()));
            words.extend(took);
            // An address is of use only whole.
            lines.extend(result_url.as_ref().map(|url| url.as_str().to_owned()));
        }
        EventKind::JobFailed { code, message, .. } => {
            words.extend(code.as_ref().map(ToString::to_string));
            words.extend(message.clone());
        }
        _ => {}
    }
    words.extend(event.timestamp.and_then(date));
    words.extend(
        event
            .delivery_id
            .as_ref()
            .map(|id| format!("delivery {id}")),
    );
    let first = terminal::line(&words.join(" · ")).into_owned();
    let rest = lines
        .iter()
        .map(|line| format!("\n{}", terminal::text(line)));
    rest.fold(first, |text, line| text + &line)
}

fn date(at: SystemTime) -> Option<String> {
    let at = Timestamp::try_from(at).ok()?;
    Some(at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}
