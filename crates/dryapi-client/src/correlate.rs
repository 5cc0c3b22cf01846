//! Webhooks that say which intent they are about.

use std::fmt;

use dryapi_types::Intent;

/// What the intent in a webhook's address is signed with.
#[derive(Clone)]
pub(crate) struct Correlation(Vec<u8>);

impl Correlation {
    pub(crate) fn new(secret: impl AsRef<[u8]>) -> Self {
        Self(secret.as_ref().to_vec())
    }

    /// The address with the intent in its query.
    pub(crate) fn address(&self, url: &str, intent: &Intent) -> String {
        let (address, fragment) = match url.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (url, None),
        };
        let joined = match address.rsplit_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        let query = dryapi_webhook::intent_query(&self.0, intent);
        let mut address = format!("{address}{joined}{query}");
        if let Some(fragment) = fragment {
            address = format!("{address}#{fragment}");
        }
        address
    }
}

impl fmt::Debug for Correlation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Correlation(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_goes_where_queries_go() {
        let intent = Intent::new("order-4711").unwrap();
        let correlation = Correlation::new("whsec_1");
        for (url, start) in [
            (
                "https://me/hook",
                "https://me/hook?dryapi_intent=order-4711&",
            ),
            ("https://me/hook?", "https://me/hook?dryapi_intent="),
            ("https://me/hook?a=1", "https://me/hook?a=1&dryapi_intent="),
        ] {
            assert!(
                correlation.address(url, &intent).starts_with(start),
                "{url}"
            );
        }
        let address = correlation.address("https://me/hook#top", &intent);
        assert!(address.starts_with("https://me/hook?dryapi") && address.ends_with("#top"));
        assert!(!format!("{correlation:?}").contains("whsec"));
    }
}
