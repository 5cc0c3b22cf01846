//! What all sockets share: the app's secret, their ids, and the knife.

use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::watch;

use crate::hex::{hex, unhex};
use crate::random::{Rng, hash_texts};

/// The one app there is.
pub(crate) const APP_KEY: &str = "sandbox-app-key";

/// Vouches for subscriptions and cuts sockets.
#[derive(Debug)]
pub(crate) struct Office {
    secret: [u8; 32],
    ids: Mutex<Rng>,
    cut: watch::Sender<()>,
}

impl Office {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(hash_texts(&["push", &seed.to_string()]));
        Self {
            secret: [(); 32].map(|()| rng.next_u64() as u8),
            ids: Mutex::new(rng),
            cut: watch::Sender::new(()),
        }
    }

    /// An id for a socket, new for each: two numbers and a point.
    pub(super) fn socket_id(&self) -> String {
        let mut rng = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        format!("{}.{}", rng.below(u32::MAX), rng.below(u32::MAX))
    }

    /// What lets a socket subscribe to a channel.
    pub(crate) fn vouch(&self, socket_id: &str, channel: &str) -> String {
        let tag = self.mac(socket_id, channel).finalize().into_bytes();
        format!("{APP_KEY}:{}", hex(&tag))
    }

    /// Whether a subscription is vouched for.
    pub(super) fn is_vouched(&self, socket_id: &str, channel: &str, auth: &str) -> bool {
        let tag = auth.strip_prefix(APP_KEY);
        let tag = tag.and_then(|rest| unhex(rest.strip_prefix(':')?));
        tag.is_some_and(|tag| self.mac(socket_id, channel).verify_slice(&tag).is_ok())
    }

    /// Cuts every socket there is, and says how many.
    pub(crate) fn cut(&self) -> usize {
        // Counted first: a socket that is cut may be gone before its sender has returned.
        let sockets = self.cut.receiver_count();
        self.cut.send_replace(());
        sockets
    }

    /// Changes when a socket opened by now is cut.
    pub(super) fn cuts(&self) -> watch::Receiver<()> {
        self.cut.subscribe()
    }

    fn mac(&self, socket_id: &str, channel: &str) -> Hmac<Sha256> {
        // HMAC takes a key of any length; the fallback is never used.
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.secret)
            .unwrap_or_else(|_| <Hmac<Sha256> as KeyInit>::new(&Default::default()));
        mac.update(socket_id.as_bytes());
        mac.update(b":");
        mac.update(channel.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voucher_is_for_one_socket_and_one_channel() {
        let office = Office::new(0);
        let auth = office.vouch("1.2", "private-client.42");
        assert!(office.is_vouched("1.2", "private-client.42", &auth));
        for (socket, channel) in [("1.3", "private-client.42"), ("1.2", "private-client.4")] {
            assert!(!office.is_vouched(socket, channel, &auth));
        }
        assert!(!Office::new(1).is_vouched("1.2", "private-client.42", &auth));
        for auth in ["", APP_KEY, "sandbox-app-key:", &auth.replace("app", "ape")] {
            assert!(
                !office.is_vouched("1.2", "private-client.42", auth),
                "{auth}"
            );
        }
        assert_ne!(office.socket_id(), office.socket_id());
    }
}
