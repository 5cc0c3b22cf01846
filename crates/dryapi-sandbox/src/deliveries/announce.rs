//! From a change of a job to the event the service tells a webhook.

use std::time::SystemTime;

use dryapi_types::{Event, EventKind, Failure, FailureCode, JobState, ResultUrl};
use http::HeaderMap;
use jiff::Timestamp;

use super::letter::Letter;
use crate::app::App;
use crate::clock::between;
use crate::random::{Rng, hash_texts};
use crate::signature;
use crate::world::{Change, Phase};

/// The letter about a change; none about what the service is silent on, or where nobody listens.
pub(super) fn letter(app: &App, change: &Change) -> Option<Letter> {
    let job = &change.job;
    let url = job.webhook_url.clone()?;
    let event = match &change.phase {
        Phase::Processing(_) if change.before == "pending" => Event::processing(job.id.as_str()),
        Phase::Done => {
            let began = job.accepted.saturating_add(job.pending).ok()?;
            Event::completed(job.id.as_str(), result_url(app, change))
                .with_processing_time(between(began, change.at))
        }
        Phase::Error { code, message } => {
            let code = FailureCode::from(code.as_str());
            Event::failed(
                job.id.as_str(),
                Failure::new(Some(code), Some(message.clone())),
            )
        }
        Phase::Pending | Phase::Processing(_) => return None,
    };
    let id = delivery_id(change, &event.kind);
    let mut event = event
        .with_delivery_id(id)
        .with_timestamp(SystemTime::from(change.at))
        .with_job_type(job.task);
    event.previous_state = Some(JobState::from(change.before));
    Some(Letter::new(job.key.clone(), job.id.clone(), event, url))
}

/// Drawn from what it is about, so that it is the same in every run and moves no other id.
fn delivery_id(change: &Change, kind: &EventKind) -> String {
    let age = between(change.job.accepted, change.at).as_micros();
    let about = [&change.job.id, kind.name(), &age.to_string()];
    Rng::new(hash_texts(&about)).uuid()
}

/// None where the result is text that stands in the status. Source: Webhooks page.
fn result_url(app: &App, change: &Change) -> Option<ResultUrl> {
    let job = &change.job;
    if job.inline && job.work.inline().is_some() {
        return None;
    }
    let stale = job.twist.stale_urls > 0 && app.world.hand_out_stale(&job.id);
    let expires = match stale {
        true => change.at,
        false => lasting(change.at),
    };
    let format = job.work.format();
    let nobody = HeaderMap::new();
    let url = signature::signed_url(app, &job.id, format, expires, &nobody);
    Some(ResultUrl::new(url))
}

fn lasting(from: Timestamp) -> Timestamp {
    from.saturating_add(signature::LIFETIME).unwrap_or(from)
}
