//! An event as the service would send it: for tests, and for whoever pretends to be the service.

use serde_json::{Map, Value, json};

use super::Event;
use super::kind::EventKind;
use crate::moment;

impl Event {
    /// The event as the service's JSON: what is missing here is missing there.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut data = self.extra.clone();
        put(
            &mut data,
            "job_request_id",
            self.request_id.as_ref().map(|id| id.as_str()),
        );
        put(
            &mut data,
            "status",
            self.state.as_ref().map(|state| state.as_str()),
        );
        let before = self.previous_state.as_ref().map(|state| state.as_str());
        put(&mut data, "previous_status", before);
        put(
            &mut data,
            "job_type",
            self.job_type.as_ref().map(|task| task.as_str()),
        );
        let changed = match &self.kind {
            EventKind::JobCompleted {
                result_url,
                processing_time,
            } => {
                put(
                    &mut data,
                    "result_url",
                    result_url.as_ref().map(|url| url.as_str()),
                );
                let took =
                    processing_time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
                put(&mut data, "processing_time_ms", took);
                "completed_at"
            }
            EventKind::JobFailed { code, message } => {
                put(
                    &mut data,
                    "error_code",
                    code.as_ref().map(|code| code.as_str()),
                );
                put(&mut data, "error_message", message.as_deref());
                "failed_at"
            }
            EventKind::JobProcessing | EventKind::Unknown { .. } => "started_at",
        };
        put(&mut data, changed, self.changed_at.map(moment::write));
        let mut event = Map::new();
        event.insert("event".to_owned(), json!(self.kind.name()));
        put(&mut event, "delivery_id", self.delivery_id.as_deref());
        put(&mut event, "timestamp", self.timestamp.map(moment::write));
        event.insert("data".to_owned(), Value::Object(data));
        Value::Object(event)
    }
}

fn put(object: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value.into());
    }
}
