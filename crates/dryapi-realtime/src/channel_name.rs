//! The channel's name.

use std::fmt;

/// The longest name the Pusher protocol allows.
const LONGEST: usize = 164;

/// The name of a private channel, for instance `private-client.42`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChannelName(String);

/// A text that is no client id and no private channel's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidClientId {
    /// There is none.
    #[error("the client id is empty; the dashboard shows it")]
    Empty,
    /// Longer than the protocol allows.
    #[error("the client id is too long: with `private-client.` at most 164 characters")]
    TooLong,
    /// A character the protocol does not allow.
    #[error("the client id holds {0:?}; allowed are letters, digits and _-=@,.;")]
    Character(char),
    /// A channel whose events nobody but their sender can read.
    #[error("channels of the kind `private-encrypted-` are not supported")]
    Encrypted,
}

impl ChannelName {
    /// The channel of a client id, as the dashboard shows it; or the whole name of a channel, which
    /// begins with `private-`. Space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidClientId`] when the Pusher protocol does not allow the name.
    pub fn new(client_id: &str) -> Result<Self, InvalidClientId> {
        let id = client_id.trim();
        if id.is_empty() {
            return Err(InvalidClientId::Empty);
        }
        if id.starts_with("private-encrypted-") {
            return Err(InvalidClientId::Encrypted);
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_-=@,.;".contains(c);
        if let Some(wrong) = id.chars().find(|c| !allowed(*c)) {
            return Err(InvalidClientId::Character(wrong));
        }
        let name = if id.starts_with("private-") {
            id.to_owned()
        } else {
            format!("private-client.{id}")
        };
        if name.len() > LONGEST {
            return Err(InvalidClientId::TooLong);
        }
        Ok(Self(name))
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_and_a_whole_name() {
        for (id, name) in [
            ("42", "private-client.42"),
            (" 42\n", "private-client.42"),
            ("private-client.42", "private-client.42"),
            ("private-other;a=b", "private-other;a=b"),
        ] {
            assert_eq!(ChannelName::new(id).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_the_protocol_does_not_allow() {
        let error = |id: &str| ChannelName::new(id).unwrap_err();
        assert_eq!(error(" "), InvalidClientId::Empty);
        assert_eq!(error("4 2"), InvalidClientId::Character(' '));
        assert_eq!(error("é"), InvalidClientId::Character('é'));
        assert_eq!(error("private-encrypted-a"), InvalidClientId::Encrypted);
        assert_eq!(error(&"4".repeat(150)), InvalidClientId::TooLong);
        assert!(ChannelName::new(&"4".repeat(149)).is_ok());
    }
}
