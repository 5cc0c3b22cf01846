//! Whose work it is: a base URL and an account, told apart without storing a key.

use std::fmt;

use sha2::{Digest, Sha256};

/// SHA-256 works on blocks of this size.
const BLOCK: usize = 64;

/// The base URL and the account that a row belongs to. No query crosses it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(String);

impl Scope {
    /// The scope of a store's own rows, which belong to no account.
    pub(crate) const fn store() -> Self {
        Self(String::new())
    }

    /// The scope of an account at a base URL. The key goes into a fingerprint that only who has the
    /// store's salt can recompute, and is not kept.
    #[must_use]
    pub fn new(salt: &Salt, base_url: &str, api_key: &str) -> Self {
        let base = base_url.trim_end_matches('/');
        Self(format!("{base} {}", salt.fingerprint(api_key)))
    }

    /// The scope as it is stored: the base URL, a space, 32 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({:?})", self.0)
    }
}

/// The secret of one store, drawn when it was created.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// A salt of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 16 bytes of HMAC-SHA256 under this salt, in hexadecimal.
    fn fingerprint(&self, api_key: &str) -> String {
        let mac = hmac(&self.0, api_key.as_bytes());
        mac.iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// HMAC-SHA256 (RFC 2104) for a secret no longer than a block.
fn hmac(secret: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; BLOCK];
        for (byte, secret) in block.iter_mut().zip(secret) {
            *byte ^= secret;
        }
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message);
    let outer = Sha256::new().chain_update(pad(0x5c));
    outer.chain_update(inner.finalize()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 1; a shorter key is one padded with zeroes.
    #[test]
    fn it_is_hmac_sha256() {
        let mut secret = [0; 32];
        secret[..20].fill(0x0b);
        let mac: String = hmac(&secret, b"Hi There")
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            mac,
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }

    #[test]
    fn accounts_base_urls_and_stores_are_told_apart() {
        let (salt, other) = (Salt([1; 32]), Salt([2; 32]));
        let scope = Scope::new(&salt, "https://api.dryapi.dev/", "sk-1");
        assert_eq!(scope, Scope::new(&salt, "https://api.dryapi.dev", "sk-1"));
        assert_ne!(scope, Scope::new(&salt, "https://api.dryapi.dev", "sk-2"));
        assert_ne!(scope, Scope::new(&salt, "http://localhost", "sk-1"));
        assert_ne!(scope, Scope::new(&other, "https://api.dryapi.dev", "sk-1"));
        assert!(!scope.as_str().contains("sk-1"));
    }
}
