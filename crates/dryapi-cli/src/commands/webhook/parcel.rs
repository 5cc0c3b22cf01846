//! An event ready to be sent, signed anew at each attempt as the service does.

use dryapi_webhook::{Brand, Event, delivery_headers};

use super::sign::now;

/// What is delivered.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) event: Event,
    pub(super) body: Vec<u8>,
}

impl Parcel {
    pub(super) fn new(event: Event) -> Self {
        let body = event.to_json().to_string().into_bytes();
        Self { event, body }
    }

    /// The headers of an attempt that is made now.
    pub(super) fn headers(&self, secret: &str) -> Vec<(String, String)> {
        delivery_headers(Brand::DryApi, secret, now(), &self.event, &self.body)
    }

    /// The job's id; empty where there is none.
    pub(super) fn request_id(&self) -> &str {
        let id = self.event.request_id.as_ref();
        id.map_or("", |id| id.as_str())
    }

    /// The delivery's id; empty where there is none.
    pub(super) fn delivery_id(&self) -> &str {
        self.event.delivery_id.as_deref().unwrap_or_default()
    }
}
