//! Signed addresses of results: whoever has one may fetch the file until it expires.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::hex::{hex, unhex};
use crate::works::Format;

/// How long a signed address works, in virtual time.
pub(crate) const LIFETIME: Duration = Duration::from_secs(3600);

/// An address of a finished job's file, on the host the caller used.
pub(crate) fn signed_url(
    app: &App,
    id: &str,
    format: Format,
    expires: Timestamp,
    headers: &HeaderMap,
) -> String {
    let expires = expires.as_second();
    let path = format!("/results/{id}/output.{}", format.extension());
    let signature = hex(&mac(app, &path, &expires.to_string())
        .finalize()
        .into_bytes());
    format!(
        "{}{path}?expires={expires}&signature={signature}",
        app.origin_for(headers)
    )
}

/// Whether a signature is ours for this path and expiry.
pub(crate) fn is_genuine(app: &App, path: &str, expires: &str, signature: &str) -> bool {
    let signed = mac(app, path, expires);
    unhex(signature).is_some_and(|tag| signed.verify_slice(&tag).is_ok())
}

/// A file's strong entity tag, quotes included.
pub(crate) fn entity_tag(file: &[u8]) -> String {
    let digest: String = hex(&Sha256::digest(file)).chars().take(32).collect();
    format!("\"{digest}\"")
}

fn mac(app: &App, path: &str, expires: &str) -> Hmac<Sha256> {
    // HMAC takes a key of any length; the fallback is never used.
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&app.signing_key)
        .unwrap_or_else(|_| <Hmac<Sha256> as KeyInit>::new(&Default::default()));
    mac.update(path.as_bytes());
    mac.update(b"\n");
    mac.update(expires.as_bytes());
    mac
}
