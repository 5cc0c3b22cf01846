//! The signature itself. Source: Webhooks page.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// What stands before the hex.
pub(crate) const SCHEME: &str = "sha256=";

/// The value of the signature header: `sha256=` and the lower-case hex of HMAC-SHA256, keyed with
/// the secret's bytes, over timestamp, a dot and the body.
///
/// `timestamp` is the very text of the timestamp header: Unix seconds in decimal. Nothing is
/// checked: an empty secret signs too, though [`Verifier`](crate::Verifier) refuses it.
///
/// ```
/// let signature = dryapi_webhook::sign("whsec_1", "1705314600", b"{}");
/// assert!(signature.starts_with("sha256="));
/// ```
#[must_use]
pub fn sign(secret: impl AsRef<[u8]>, timestamp: &str, raw_body: &[u8]) -> String {
    let mac = over(&keyed(secret.as_ref()), timestamp.as_bytes(), raw_body);
    format!("{SCHEME}{}", hex(mac))
}

/// The lower-case hex of a MAC.
pub(crate) fn hex(mac: Hmac<Sha256>) -> String {
    let mut hex = String::new();
    for byte in mac.finalize().into_bytes() {
        // writing to a `String` cannot fail
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The 32 bytes that 64 hex digits mean.
pub(crate) fn unhex(hex: &str) -> Option<Vec<u8>> {
    // `from_str_radix` alone would take a sign
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.iter().map(byte).collect()
}

/// HMAC keyed with a secret of any length.
///
/// RFC 2104 hashes a long key and pads a short one; done here, there is no length to refuse and so
/// no error that could be mishandled into an empty key.
pub(crate) fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    let hashed = Sha256::digest(secret);
    let key: &[u8] = if secret.len() > block.len() {
        &hashed
    } else {
        secret
    };
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    <Hmac<Sha256> as KeyInit>::new(&block.into())
}

/// The MAC over timestamp, a dot and the body.
pub(crate) fn over(keyed: &Hmac<Sha256>, timestamp: &[u8], raw_body: &[u8]) -> Hmac<Sha256> {
    let mut mac = keyed.clone();
    for part in [timestamp, b".", raw_body] {
        mac.update(part);
    }
    mac
}
