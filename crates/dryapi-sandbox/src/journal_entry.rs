//! Turns a request into what the journal keeps of it.

use http::header::AUTHORIZATION;
use http::request::Parts;
use serde_json::Value;

use crate::world::{Key, Recorded, World};

/// A request as recorded: the key and signatures are left out.
pub(crate) fn journal_entry(
    world: &World,
    parts: &Parts,
    key: Option<Key>,
    body: Value,
) -> Recorded {
    let headers = parts
        .headers
        .iter()
        .filter(|(name, _)| *name != AUTHORIZATION);
    let query = parts.uri.query().unwrap_or_default();
    let open = |pair: &&str| !pair.starts_with("signature=");
    Recorded {
        number: 0,
        at: world.now().to_string(),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: query.split('&').filter(open).collect::<Vec<_>>().join("&"),
        headers: headers
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        authorization: parts.headers.contains_key(AUTHORIZATION),
        body,
        status: None,
        fault: None,
        key,
    }
}
