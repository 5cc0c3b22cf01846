//! What is known about a wish to pay beside its state: short notes, each of a kind.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::millis;

/// Longer texts are cut.
const LONGEST: usize = 200;

/// Notes kept with one entry. The first ones say what happened when it was sent; they stay, and the
/// newest replaces the one before it.
pub(crate) const MOST: usize = 32;

/// A note: what was seen, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evidence {
    /// When it was noted.
    #[serde(with = "millis")]
    pub at: SystemTime,
    /// What kind of thing was seen.
    pub kind: EvidenceKind,
    /// What was seen, in at most 200 characters, without any URL's query.
    pub text: String,
}

/// What kind of thing was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EvidenceKind {
    /// What became of an attempt: `attempt 1: connection closed after sending`.
    Attempt,
    /// The account's balance, before or after: `before: 19.72`.
    Balance,
    /// A verified webhook carried the intent.
    Webhook,
    /// An id nobody claims was seen on the push channel.
    Push,
    /// A field that was drawn rather than given: `seed: 42`.
    Drawn,
    /// What a person said.
    Person,
    /// Another id was given for a wish that has one already: two jobs may have been paid for.
    SecondJob,
    /// Anything else; also what a newer version noted.
    #[serde(other)]
    Other,
}

impl Evidence {
    /// A note. Control characters become spaces, the query and fragment of a URL are left out (a
    /// signed URL is a secret), and what is longer than 200 characters is cut. A key must not stand
    /// in it: the ledger does not know the key, so it cannot look for it.
    #[must_use]
    pub fn new(at: SystemTime, kind: EvidenceKind, text: &str) -> Self {
        Self {
            at,
            kind,
            text: clean(text),
        }
    }
}

/// What may be stored of a text.
pub(crate) fn clean(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut words = text.split(' ').map(without_query);
    let first = words.next().unwrap_or_default().to_owned();
    let all = words.fold(first, |all, word| all + " " + word);
    all.chars().take(LONGEST).collect()
}

fn without_query(word: &str) -> &str {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word;
    };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    word.get(..scheme.len() + "://".len() + end)
        .unwrap_or(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_url_loses_its_signature() {
        assert_eq!(
            clean("got https://s3/a.png?X-Amz-Signature=abc twice\n(https://b/c#d)"),
            "got https://s3/a.png twice (https://b/c"
        );
        assert_eq!(clean(&"é".repeat(500)).chars().count(), 200);
    }

    #[test]
    fn a_newer_kind_is_read() {
        let kind: EvidenceKind = serde_json::from_str("\"telepathy\"").unwrap();
        assert_eq!(kind, EvidenceKind::Other);
    }
}
