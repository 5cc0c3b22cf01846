//! Where a wish stands when a call wants it.

use dryapi_types::RequestId;

/// Where a wish stands.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "ledger"),
    expect(dead_code, reason = "nothing is written down")
)]
pub(crate) enum Standing<T> {
    /// Send it; `None` where nothing is written down.
    Yours(Option<T>),
    /// It was sent before: this is its job, if it is one.
    Recorded(Option<RequestId>),
}
