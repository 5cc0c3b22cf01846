//! Our own word in a webhook's address: which intent a delivery is about.
//!
//! The service signs a delivery's body, not the address it goes to. So an intent in the query
//! carries a MAC of ours, or anybody who learns the address could name another one.

use std::fmt::Write as _;

use dryapi_types::Intent;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::sign::{hex, keyed, unhex};
use crate::verify::Verifier;

const INTENT: &str = "dryapi_intent";
const MAC: &str = "dryapi_intent_mac";

/// The address names an intent, but not with a MAC of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the intent in the webhook's address was not put there with any of the secrets")]
#[non_exhaustive]
pub struct ForgedIntent;

/// What to append to the query of a `webhook_url`, so that its deliveries say which intent they
/// are about: `dryapi_intent` and its MAC. [`Verifier::intent`] reads it with the same secret; the
/// webhook's own will do, because the service's messages begin with a digit and ours do not.
///
/// ```
/// use dryapi_types::Intent;
/// use dryapi_webhook::{Verifier, intent_query};
///
/// let intent = Intent::new("order-4711")?;
/// let query = intent_query("whsec_1", &intent);
/// assert!(query.starts_with("dryapi_intent=order-4711&dryapi_intent_mac="));
/// assert_eq!(Verifier::new(["whsec_1"])?.intent(&query)?, Some(intent));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn intent_query(secret: impl AsRef<[u8]>, intent: &Intent) -> String {
    let mut escaped = String::new();
    for byte in intent.as_str().bytes() {
        // writing to a `String` cannot fail
        let _ = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                write!(escaped, "{}", char::from(byte))
            }
            _ => write!(escaped, "%{byte:02X}"),
        };
    }
    let mac = hex(over(&keyed(secret.as_ref()), intent.as_str()));
    format!("{INTENT}={escaped}&{MAC}={mac}")
}

impl Verifier {
    /// The intent in the query of a delivery's address; none where none was put there. It is about
    /// the address only: verify the delivery as well.
    ///
    /// # Errors
    /// [`ForgedIntent`] if there is one that no secret vouches for, or more than one.
    pub fn intent(&self, query: &str) -> Result<Option<Intent>, ForgedIntent> {
        let pairs = query.trim_start_matches('?').split('&');
        let pairs: Vec<_> = pairs.filter_map(|pair| pair.split_once('=')).collect();
        let values = |wanted| pairs.iter().filter(move |(name, _)| *name == wanted);
        let Some((_, escaped)) = values(INTENT).next() else {
            return Ok(None);
        };
        if values(INTENT).count() > 1 || values(MAC).count() > 1 {
            return Err(ForgedIntent);
        }
        let text = unescaped(escaped).ok_or(ForgedIntent)?;
        let tag = values(MAC).next().and_then(|(_, hex)| unhex(hex));
        let tag = tag.ok_or(ForgedIntent)?;
        let ours = |key: &Hmac<Sha256>| over(key, &text).verify_slice(&tag).is_ok();
        if !self.keys.iter().any(ours) {
            return Err(ForgedIntent);
        }
        Intent::new(text).map(Some).map_err(|_| ForgedIntent)
    }
}

fn over(keyed: &Hmac<Sha256>, intent: &str) -> Hmac<Sha256> {
    let mut mac = keyed.clone();
    for part in [INTENT, "=", intent] {
        mac.update(part.as_bytes());
    }
    mac
}

fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| hex)?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}
