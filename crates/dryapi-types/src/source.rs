//! Parts of requests that are not plain values: files and LoRA adapters.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a file of a request comes from. Pure data: opening, sniffing, streaming and fetching
/// happen in the client, when the request is sent.
///
/// Serialises as a short text (`photo.png`, `https://…`, `@slot`, `<2048 bytes>`), since a request
/// is shown and recorded without the content of its files; reads back as a path or URL.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A file on this machine, re-opened for every attempt.
    Path(PathBuf),
    /// Bytes in memory, with the file name to send.
    Bytes {
        /// The file name to send; the MIME type is read from the bytes first.
        name: String,
        /// The content.
        bytes: Arc<[u8]>,
    },
    /// An `https` address that the client fetches first.
    Url(String),
    /// A place the caller fills in when the request is sent, by name.
    Slot(String),
}

impl Source {
    /// A file on this machine.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::Path(path.into())
    }

    /// Bytes in memory under a file name.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::Bytes {
            name: name.into(),
            bytes: bytes.into(),
        }
    }

    /// An `https` address, fetched by the client before the request is sent.
    pub fn url(url: impl Into<String>) -> Self {
        Self::Url(url.into())
    }
}

/// No file: a path of no characters, which no request is sent with.
impl Default for Source {
    fn default() -> Self {
        Self::path("")
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<&std::path::Path> for Source {
    fn from(path: &std::path::Path) -> Self {
        Self::Path(path.to_owned())
    }
}

/// A text that starts with `https://` or `http://` is an address, every other is a path.
impl From<&str> for Source {
    fn from(text: &str) -> Self {
        if text.starts_with("https://") || text.starts_with("http://") {
            Self::Url(text.to_owned())
        } else {
            Self::Path(PathBuf::from(text))
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Bytes { name, bytes } => write!(f, "{name} <{} bytes>", bytes.len()),
            // The query of an address may carry a signature.
            Self::Url(url) => f.write_str(url.split(['?', '#']).next().unwrap_or_default()),
            Self::Slot(name) => write!(f, "@{name}"),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({self})")
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

/// A LoRA adapter to apply, by its name in the model's card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lora {
    /// [`LoraCard::name`](crate::LoraCard::name), not the display name.
    pub name: String,
    /// Strength, 0 or more; 1 is the adapter's full effect.
    pub weight: f64,
}

impl Lora {
    /// An adapter with its strength.
    pub fn new(name: impl Into<String>, weight: f64) -> Self {
        Self {
            name: name.into(),
            weight,
        }
    }
}
