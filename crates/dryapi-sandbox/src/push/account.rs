//! Whose channel is whose.

use crate::key::Key;
use crate::random::hash_texts;

/// The client id of the account most tests use, as in the examples of the WebSockets page.
pub(crate) const MAIN: &str = "42";

const PREFIX: &str = "private-client.";

/// The number of a key's account: [`MAIN`] for the `main` one, nine digits for any other, the same
/// in every sandbox.
pub(crate) fn client_id(key: &Key, main: &str) -> String {
    if key.as_str() == main {
        return MAIN.to_owned();
    }
    let number = hash_texts(&["client id", key.as_str()]) % 900_000_000;
    (100_000_000 + number).to_string()
}

/// The client id in the name of an account's channel; none in any other name.
pub(crate) fn subscribers(channel: &str) -> Option<&str> {
    channel.strip_prefix(PREFIX)
}

/// The channel of an account.
pub(crate) fn channel(client_id: &str) -> String {
    format!("{PREFIX}{client_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_number_of_its_own_for_good() {
        let id = |key: &str| client_id(&Key::new(key), "sk-sandbox");
        assert_eq!(id("sk-sandbox"), "42");
        assert_eq!(id("sk-sandbox-one"), id("sk-sandbox-one"));
        let ids: std::collections::BTreeSet<String> = (0..1000)
            .map(|number| id(&format!("sk-sandbox-{number}")))
            .collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 9));
        assert_eq!(subscribers(&channel("42")), Some("42"));
        assert_eq!(subscribers("presence-client.42"), None);
    }
}
