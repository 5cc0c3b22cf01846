//! One wish to pay, as it is recorded.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::time::SystemTime;

use dryapi_types::{Intent, RequestId, Usd};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::evidence::{self, Evidence};
use crate::millis;
use crate::state::{Charge, State};

/// A file is read in pieces of this size, in bytes.
const PIECE: usize = 64 << 10;

/// One paid intent: the row of the ledger. It holds no prompt, no signed URL and no key.
///
/// Which account it belongs to is not written in it: an entry is only ever read through a
/// [`Scope`](crate::Scope).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// The wish's name.
    pub intent: Intent,
    /// The operation or task, by the API's name: `txt2img`.
    pub operation: String,
    /// The model's slug, where there is one.
    #[serde(default)]
    pub model: Option<String>,
    /// The hash of what was wished for.
    pub body: BodyHash,
    /// The file in which the result is wanted.
    #[serde(default)]
    pub target: Option<String>,
    /// What it was expected to cost, in US dollars, where that was known.
    #[serde(default)]
    pub estimate: Option<Usd>,
    /// The batch and the row in it, where it is part of one.
    #[serde(default)]
    pub batch: Option<BatchRow>,
    /// Where it stands.
    pub state: State,
    /// The service's id, once it is known. Never lost, never changed.
    #[serde(default)]
    pub request_id: Option<RequestId>,
    /// Why it was refused, failed or is unknown.
    #[serde(default)]
    pub why: Option<Why>,
    /// Where the result is, once it was downloaded.
    #[serde(default)]
    pub file: Option<SavedFile>,
    /// What was seen, oldest first.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// What is set aside for it; counted in its purses unless it is refused.
    #[serde(default)]
    pub reserved: Vec<Reserved>,
    /// When it was first written down.
    #[serde(with = "millis")]
    pub created: SystemTime,
    /// When it last changed.
    #[serde(with = "millis")]
    pub changed: SystemTime,
    /// Whose turn it is to send it, or was.
    pub writer: String,
    /// While prepared or sent: until when its writer may still be at it.
    #[serde(with = "millis")]
    pub until: SystemTime,
    /// How often it was prepared: once, and once more after every refusal.
    pub tries: u32,
    /// The row's version, 1 when it is new, for compare-and-set. A store keeps it beside the row.
    #[serde(skip)]
    pub version: u64,
}

impl Entry {
    /// Whether money moved for it.
    #[must_use]
    pub const fn charge(&self) -> Charge {
        self.state.charge()
    }

    /// Adds a note, in the last one's place where there are many.
    pub(crate) fn note(&mut self, note: Evidence) {
        self.evidence.truncate(evidence::MOST - 1);
        self.evidence.push(note);
    }
}

/// The SHA-256 of a canonical request, by which a wish is known again.
///
/// Hash what the *user* wished for: fields that were drawn (a seed nobody gave) stay out, so that
/// the same command run again is the same wish.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BodyHash([u8; 32]);

impl BodyHash {
    /// The hash of a canonical request.
    #[must_use]
    pub fn of(canonical: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(canonical.as_ref()).into())
    }

    /// A hash that was computed elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for BodyHash {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodyHash({self})")
    }
}

impl Serialize for BodyHash {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BodyHash {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = || serde::de::Error::custom("not 64 hexadecimal digits");
        let mut bytes = [0; 32];
        if text.len() != 64 {
            return Err(wrong());
        }
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// One row of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BatchRow {
    /// The batch: for the command line, the absolute path of its folder.
    pub batch: String,
    /// The row: its id, or what tells it from the others.
    pub row: String,
}

impl BatchRow {
    /// A row of a batch.
    pub fn new(batch: impl Into<String>, row: impl Into<String>) -> Self {
        Self {
            batch: batch.into(),
            row: row.into(),
        }
    }
}

/// Why an entry was refused, failed or is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Why {
    /// The kind of error (`insufficient_balance`), or the service's code (`WORKER_TIMEOUT`).
    pub kind: String,
    /// The message, cleaned as [`Evidence`] is.
    #[serde(default)]
    pub message: Option<String>,
}

impl Why {
    /// A reason by its kind or code.
    pub fn new(kind: impl AsRef<str>) -> Self {
        Self {
            kind: evidence::clean(kind.as_ref()),
            message: None,
        }
    }

    /// With a message. No prompt and no key may stand in it; a URL loses its query.
    #[must_use]
    pub fn with_message(mut self, message: impl AsRef<str>) -> Self {
        self.message = Some(evidence::clean(message.as_ref()));
        self
    }
}

/// A result that was downloaded and verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SavedFile {
    /// Where it is.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes.
    pub sha256: BodyHash,
}

impl SavedFile {
    /// A file.
    pub fn new(path: impl Into<String>, size: u64, sha256: [u8; 32]) -> Self {
        Self {
            path: path.into(),
            size,
            sha256: BodyHash::from_bytes(sha256),
        }
    }

    /// Whether the file is still there, with these bytes. Reads all of it, and blocks meanwhile.
    ///
    /// # Errors
    /// Whatever keeps a file that is there from being read.
    pub fn is_there(&self) -> io::Result<bool> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let about = file.metadata()?;
        if !about.is_file() || about.len() != self.size {
            return Ok(false);
        }
        let mut file = BufReader::with_capacity(PIECE, file.take(self.size));
        let mut hash = Sha256::new();
        loop {
            let piece = file.fill_buf()?;
            let read = piece.len();
            if read == 0 {
                return Ok(self.sha256 == BodyHash(hash.finalize().into()));
            }
            hash.update(piece);
            file.consume(read);
        }
    }
}

/// Money set aside in a purse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reserved {
    /// The purse, by a name of the caller's: a day, a batch.
    pub purse: String,
    /// How much, in US dollars.
    pub amount: Usd,
}

impl Reserved {
    /// So much of a purse.
    pub fn new(purse: impl Into<String>, amount: Usd) -> Self {
        Self {
            purse: purse.into(),
            amount,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cat.png");
        let bytes = BodyHash::of("meow");
        let saved = SavedFile::new(path.to_string_lossy(), 4, *bytes.as_bytes());
        assert!(!saved.is_there().unwrap());
        for (content, same) in [("meow", true), ("woof", false), ("meows", false)] {
            std::fs::write(&path, content).unwrap();
            assert_eq!(saved.is_there().unwrap(), same, "{content}");
        }
        let folder = SavedFile::new(folder.path().to_string_lossy(), 4, *bytes.as_bytes());
        assert!(!folder.is_there().unwrap());
    }
}
