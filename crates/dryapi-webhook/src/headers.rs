//! The headers of a delivery, in both brands.

use dryapi_types::Event;

use crate::sign::sign;

/// Whose name the headers begin with. The service's gateway still sends the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Brand {
    /// `X-dryAPI-…`
    DryApi,
    /// `X-DeAPI-…`
    DeApi,
}

impl Brand {
    /// Both, the present one first.
    pub const ALL: [Self; 2] = [Self::DryApi, Self::DeApi];

    /// The brand as the headers spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DryApi => "dryAPI",
            Self::DeApi => "DeAPI",
        }
    }

    /// What follows `X-{brand}-` in a header's name of any case.
    pub(crate) fn suffix(self, header: &str) -> Option<&str> {
        let rest = strip(header, "x-")?;
        let rest = strip(rest, self.name())?;
        strip(rest, "-")
    }
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// All headers of a delivery as the service sends them: content type, user agent, event, delivery
/// id (where the event has one), timestamp and signature.
///
/// For tests, and for whoever pretends to be the service. `timestamp` is in Unix seconds;
/// `raw_body` are the exact bytes that will be sent, [`Event::to_json`]'s or others.
///
/// ```
/// use dryapi_webhook::{Brand, Event, delivery_headers};
///
/// let event = Event::processing("r1").with_delivery_id("d1");
/// let body = event.to_json().to_string();
/// let headers = delivery_headers(Brand::DryApi, "whsec_1", 1_705_314_600, &event, body.as_bytes());
/// assert!(headers.contains(&("X-dryAPI-Event".to_owned(), "job.processing".to_owned())));
/// ```
#[must_use]
pub fn delivery_headers(
    brand: Brand,
    secret: impl AsRef<[u8]>,
    timestamp: u64,
    event: &Event,
    raw_body: &[u8],
) -> Vec<(String, String)> {
    let brand = brand.name();
    let timestamp = timestamp.to_string();
    let signature = sign(secret, &timestamp, raw_body);
    let of_brand = |suffix: &str, value: &str| (format!("X-{brand}-{suffix}"), value.to_owned());
    let mut headers = vec![
        ("Content-Type".to_owned(), "application/json".to_owned()),
        ("User-Agent".to_owned(), format!("{brand}-Webhook/1.0")),
        of_brand("Event", event.kind.name()),
    ];
    headers.extend(
        event
            .delivery_id
            .iter()
            .map(|id| of_brand("Delivery-Id", id)),
    );
    headers.push(of_brand("Timestamp", &timestamp));
    headers.push(of_brand("Signature", &signature));
    headers
}
