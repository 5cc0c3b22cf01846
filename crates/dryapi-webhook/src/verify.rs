//! Is this delivery the service's, unchanged and of now?

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dryapi_types::Event;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::clock;
use crate::error::{InvalidSecrets, SignatureHeader, VerifyError};
use crate::headers::Brand;
use crate::sign::{SCHEME, keyed, over, unhex};

/// How far a delivery's timestamp may lie from now, in both directions: five minutes.
const TOLERANCE: Duration = Duration::from_secs(300);

/// Verifies deliveries with one or several secrets. Cheap to clone; `Debug` shows no secret.
#[derive(Clone)]
pub struct Verifier {
    /// Keyed once; the secrets themselves are not kept.
    pub(crate) keys: Vec<Hmac<Sha256>>,
    tolerance: Duration,
}

impl Verifier {
    /// A verifier that accepts what any of these secrets signed. During a rotation give the old and
    /// the new one. A delivery may be 300 s old, or as far ahead.
    ///
    /// # Errors
    /// [`InvalidSecrets`] for no secret, or an empty one.
    pub fn new<S: AsRef<[u8]>>(
        secrets: impl IntoIterator<Item = S>,
    ) -> Result<Self, InvalidSecrets> {
        let key = |secret: S| match secret.as_ref() {
            [] => Err(InvalidSecrets::Empty),
            bytes => Ok(keyed(bytes)),
        };
        let keys: Vec<_> = secrets.into_iter().map(key).collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(InvalidSecrets::None);
        }
        Ok(Self {
            keys,
            tolerance: TOLERANCE,
        })
    }

    /// With another tolerance, which counts in both directions.
    #[must_use]
    pub const fn with_tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Verifies a delivery by the system's clock and reads its event.
    ///
    /// `pairs` are the request's headers, names in any case; `raw_body` is the body exactly as it
    /// came.
    ///
    /// # Errors
    /// [`VerifyError`], as [`verify_at`](Self::verify_at).
    pub fn verify<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        pairs: impl IntoIterator<Item = (N, V)>,
        raw_body: &[u8],
    ) -> Result<Event, VerifyError> {
        self.verify_at(pairs, raw_body, clock::system())
    }

    /// Verifies a delivery at a given time and reads its event.
    ///
    /// Signature and timestamp must be of the same brand, each exactly once; if both brands are
    /// there, one valid pair is enough. The delivery's id and event are read from the signed body,
    /// never from the headers, which nobody signed.
    ///
    /// # Errors
    /// [`VerifyError`] for everything else; where both brands fail, for the present brand's pair.
    /// This is total, and never panics.
    pub fn verify_at<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        pairs: impl IntoIterator<Item = (N, V)>,
        raw_body: &[u8],
        now: SystemTime,
    ) -> Result<Event, VerifyError> {
        let mut found = Brand::ALL.map(|brand| (brand, Pair::default()));
        for (name, value) in pairs {
            for (brand, pair) in &mut found {
                pair.take(brand.suffix(name.as_ref()), value.as_ref());
            }
        }
        let mut first = None;
        for (_, pair) in found.iter().filter(|(_, pair)| pair.is_there()) {
            match self.check(pair, raw_body, now) {
                Ok(()) => return Event::from_json(raw_body).map_err(VerifyError::NotAnEvent),
                Err(error) => first = first.or(Some(error)),
            }
        }
        Err(first.unwrap_or(VerifyError::Missing(SignatureHeader::Signature)))
    }

    /// The signature first: how old a forgery says it is means nothing.
    fn check(&self, pair: &Pair, raw_body: &[u8], now: SystemTime) -> Result<(), VerifyError> {
        let signature = pair.signature.text(SignatureHeader::Signature)?;
        let timestamp = pair.timestamp.text(SignatureHeader::Timestamp)?;
        let tag = tag(signature)?;
        let at = moment(timestamp)?;
        let genuine = |key: &Hmac<Sha256>| {
            let mac = over(key, timestamp.as_bytes(), raw_body);
            mac.verify_slice(&tag).is_ok()
        };
        if !self.keys.iter().any(genuine) {
            return Err(VerifyError::WrongSignature);
        }
        match (now.duration_since(at), at.duration_since(now)) {
            (Ok(age), _) if age > self.tolerance => Err(VerifyError::TooOld),
            (_, Ok(ahead)) if ahead > self.tolerance => Err(VerifyError::TooNew),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("secrets", &self.keys.len())
            .field("tolerance", &self.tolerance)
            .finish()
    }
}

/// One header, as often as it was found.
#[derive(Default)]
enum Found {
    #[default]
    Never,
    Once(Vec<u8>),
    Often,
}

impl Found {
    fn add(&mut self, value: &[u8]) {
        *self = match self {
            Self::Never => Self::Once(value.to_vec()),
            Self::Once(_) | Self::Often => Self::Often,
        };
    }

    fn text(&self, header: SignatureHeader) -> Result<&str, VerifyError> {
        match self {
            Self::Never => Err(VerifyError::Missing(header)),
            Self::Often => Err(VerifyError::Repeated(header)),
            Self::Once(value) => std::str::from_utf8(value)
                .ok()
                .filter(|text| text.is_ascii())
                .ok_or(VerifyError::NotAscii(header)),
        }
    }
}

/// The two headers of one brand.
#[derive(Default)]
struct Pair {
    signature: Found,
    timestamp: Found,
}

impl Pair {
    fn take(&mut self, suffix: Option<&str>, value: &[u8]) {
        match suffix {
            Some(name) if name.eq_ignore_ascii_case("signature") => self.signature.add(value),
            Some(name) if name.eq_ignore_ascii_case("timestamp") => self.timestamp.add(value),
            _ => {}
        }
    }

    const fn is_there(&self) -> bool {
        !matches!(
            (&self.signature, &self.timestamp),
            (Found::Never, Found::Never)
        )
    }
}

/// The tag in a signature header.
fn tag(signature: &str) -> Result<Vec<u8>, VerifyError> {
    let hex = signature.strip_prefix(SCHEME);
    let tag = hex.and_then(unhex).ok_or(VerifyError::MalformedSignature)?;
    if signature.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(VerifyError::UpperCase);
    }
    Ok(tag)
}

/// The moment that Unix seconds in decimal mean; one past the end of time is none.
fn moment(timestamp: &str) -> Result<SystemTime, VerifyError> {
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = timestamp.parse().ok().filter(|_| digits);
    let moment = seconds.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
    moment.ok_or(VerifyError::MalformedTimestamp)
}
