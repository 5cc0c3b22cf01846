//! Events nobody sent: what the service would tell of a made-up job.

use std::time::{Duration, SystemTime};

use dryapi_types::{Failure, FailureCode};
use dryapi_webhook::{Event, ResultUrl};

use super::uuid::uuid;

/// A made-up event, with a delivery id of its own: a receiver handles each id once.
pub(super) fn event(name: &str, request_id: Option<&str>, at: SystemTime) -> Event {
    let job = request_id.map_or_else(uuid, ToOwned::to_owned);
    let event = match name {
        "job.processing" => Event::processing(job.as_str()),
        "job.failed" => {
            let code = FailureCode::from("WORKER_TIMEOUT");
            let message = "Worker failed to respond within the allowed time";
            Event::failed(
                job.as_str(),
                Failure::new(Some(code), Some(message.to_owned())),
            )
        }
        // A name reserved for examples: whoever fetches it bothers nobody.
        _ => Event::completed(
            job.as_str(),
            Some(ResultUrl::new("https://example.com/dryapi/output.png")),
        )
        .with_processing_time(Duration::from_secs(45)),
    };
    event
        .with_delivery_id(uuid())
        .with_job_type("txt2img")
        .with_timestamp(at)
}
