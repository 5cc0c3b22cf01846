//! One attempt: the request, and what comes back.

use std::time::{Duration, UNIX_EPOCH};

use dryapi_transport::{
    Clock as _, HttpTransport, Request, Reuse, SystemClock, Transport as _, TransportError,
};
use dryapi_webhook::{Brand, delivery_headers};
use http::{HeaderName, HeaderValue, Method, header};

use super::answer::Answer;
use super::letter::Letter;
use crate::clock;
use crate::config::Config;
use crate::webhook::WebhookBrand;

/// Sends letters, each over a connection of its own.
#[derive(Debug)]
pub(super) struct Sender {
    transport: Result<HttpTransport, TransportError>,
    brand: WebhookBrand,
    secret: String,
    timeout: Duration,
}

impl Sender {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            transport: HttpTransport::new(),
            brand: config.webhook_brand,
            secret: config.webhook_secret.clone(),
            timeout: config.webhook_timeout,
        }
    }

    /// Sends a letter once and follows no redirect.
    pub(super) async fn send(&self, letter: &Letter) -> Answer {
        let transport = match &self.transport {
            Ok(transport) => transport,
            Err(error) => return Answer::error(error.kind()),
        };
        let sending = transport.send(self.request(letter));
        match clock::within(self.timeout, sending).await {
            Some(Ok(response)) => Answer::status(response.status),
            Some(Err(error)) => Answer::error(error.kind()),
            None => Answer::timeout(),
        }
    }

    fn request(&self, letter: &Letter) -> Request {
        let mut request = Request::new(Method::POST, letter.url.uri().clone())
            .with_body(letter.body.clone())
            // A connection kept open may close just then, and nothing would try again by itself.
            .with_header(header::CONNECTION, HeaderValue::from_static("close"));
        request.reuse = Reuse::Careful;
        // The receiver compares it with its own clock, which no jump of ours moves.
        let now = SystemClock::new().wall().duration_since(UNIX_EPOCH);
        for (name, value) in self.headers(letter, now.unwrap_or_default().as_secs()) {
            let name = HeaderName::try_from(name);
            if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
                request = request.with_header(name, value);
            }
        }
        request
    }

    /// Of both brands, what they share is the present one's.
    fn headers(&self, letter: &Letter, timestamp: u64) -> Vec<(String, String)> {
        let of = |brand| {
            let secret = self.secret.as_bytes();
            delivery_headers(brand, secret, timestamp, &letter.event, &letter.body)
        };
        match self.brand {
            WebhookBrand::Current => of(Brand::DryApi),
            WebhookBrand::Legacy => of(Brand::DeApi),
            WebhookBrand::Both => [of(Brand::DeApi), of(Brand::DryApi)].concat(),
        }
    }
}
