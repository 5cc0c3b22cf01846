//! Events nobody sent: what the service would tell of a made-up job.

use std::time::{Duration, SystemTime};

use dryapi_client::{OsRandom, Random};
use dryapi_types::{Failure, FailureCode};
use dryapi_webhook::{Event, ResultUrl};

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

/// A random UUID.
fn uuid() -> String {
    let random = OsRandom::default();
    let (high, low) = (random.next_u64(), random.next_u64());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}
