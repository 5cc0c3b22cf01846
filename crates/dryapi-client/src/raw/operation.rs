//! A request by hand as an operation like any other.

use std::borrow::Cow;

use dryapi_types::{
    ApiError, ApiErrorKind, BodyKind, Bucket, CostClass, GetBalance, Headers, InvalidRequest, Meta,
    Operation, Payload, RequestId,
};

use super::response::RawResponse;

/// What errors and logs call it.
pub(super) const NAME: &str = "raw";

/// The table's entries: one per cost class, since a retry follows from that.
const fn meta(cost: CostClass) -> Meta {
    // Only the table's own crate can make an entry.
    let mut meta = *<GetBalance as Operation>::META;
    meta.name = NAME;
    meta.path = "";
    meta.cost = cost;
    meta.bucket = Bucket::new(NAME);
    meta.body = BodyKind::None;
    meta.task = None;
    meta.fields = &[];
    meta.summary = "A request by hand";
    meta
}

static FREE: Meta = meta(CostClass::Free);
static QUOTE: Meta = meta(CostClass::Quote);
static PAID: Meta = meta(CostClass::Paid);

#[derive(Debug)]
pub(super) struct RawOperation {
    pub(super) cost: CostClass,
    /// With its query.
    pub(super) path: String,
    pub(super) payload: Payload,
}

impl Operation for RawOperation {
    type Response = RawResponse;

    const META: &'static Meta = &meta(CostClass::Paid);

    fn meta(&self) -> &'static Meta {
        match self.cost {
            CostClass::Free => &FREE,
            CostClass::Quote => &QUOTE,
            // What is not known may cost money.
            _ => &PAID,
        }
    }

    fn path(&self) -> Cow<'static, str> {
        Cow::Owned(self.path.clone())
    }

    fn payload(&self) -> Result<Payload, InvalidRequest> {
        Ok(self.payload.clone())
    }

    fn decode(status: u16, headers: &Headers<'_>, body: &[u8]) -> Result<RawResponse, ApiError> {
        let error = ApiError::decode(status, headers, body);
        if !(200..300).contains(&status) {
            return Err(error);
        }
        // Of a success this is what it would be as an error: a refusal in disguise is one.
        let success = match error.kind {
            ApiErrorKind::Decode => is_expected(status, headers, body),
            _ => false,
        };
        if success || error.request_id.is_some() {
            let id = error.request_id;
            return Ok(RawResponse::new(status, headers, body, id));
        }
        Err(error)
    }

    fn accepted(response: &RawResponse) -> Option<&RequestId> {
        response.request_id.as_ref()
    }
}

/// JSON, nothing where nothing is announced, or what says of itself that it is neither JSON nor
/// text: in text speaks what stands on the way.
fn is_expected(status: u16, headers: &Headers<'_>, body: &[u8]) -> bool {
    let content_type = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.to_ascii_lowercase());
    let other =
        content_type.is_some_and(|kind| !kind.contains("json") && !kind.starts_with("text/"));
    match body {
        [] => status == 204,
        _ => other || serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok(),
    }
}
