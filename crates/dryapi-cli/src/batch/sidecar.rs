//! What made a result, beside it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use dryapi_ledger::BodyHash;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::row::Row;

/// A result is read in pieces of this size, in bytes.
const PIECE: usize = 64 << 10;

/// What made a result. No address and no key is in it; the fields are those the user gave, and
/// those filled in for them.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sidecar {
    pub(super) id: String,
    pub(super) task: String,
    pub(super) request: Map<String, Value>,
    #[serde(default)]
    pub(super) chosen: Vec<String>,
    pub(super) intent: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) cost_estimate: Option<String>,
    /// The hash of what the user asked for.
    pub(super) content: BodyHash,
    pub(super) file: FileOf,
    /// Whether it came from a sandbox.
    #[serde(default)]
    pub(super) sandbox: bool,
}

/// A result, as it was written.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FileOf {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) sha256: BodyHash,
}

impl FileOf {
    /// Reads a result as it lies there.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let mut file = std::fs::File::open(path)?;
        let (mut hash, mut size) = (Sha256::new(), 0);
        let mut piece = vec![0; PIECE];
        loop {
            let read = file.read(&mut piece)?;
            let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else {
                break;
            };
            hash.update(read);
            size += read.len() as u64;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self {
            name: name.into_owned(),
            size,
            sha256: BodyHash::from_bytes(hash.finalize().into()),
        })
    }
}

/// Where the sidecar of a result is.
pub(super) fn path(result: &Path) -> PathBuf {
    let mut name = result.file_name().unwrap_or_default().to_owned();
    name.push(".json");
    result.with_file_name(name)
}

/// The sidecar of a row's result, where there is one.
pub(super) fn of(row: &Row) -> Option<Sidecar> {
    let text = std::fs::read(path(&row.path)).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Writes it whole or not at all.
pub(super) fn write(row: &Row, sidecar: &Sidecar) -> io::Result<()> {
    let path = path(&row.path);
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".dryapi-")
        .tempfile_in(folder)?;
    serde_json::to_writer_pretty(&mut file, sidecar)?;
    file.write_all(b"\n")?;
    file.persist(&path).map(drop).map_err(|error| error.error)
}

/// A value without what would let others in: addresses lose their signatures.
fn unsigned(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(without_signature(text)),
        Value::Array(list) => Value::Array(list.iter().map(unsigned).collect()),
        other => other.clone(),
    }
}

fn without_signature(text: &str) -> &str {
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    let Some((before, query)) = text.split_once('?').filter(|_| is_address) else {
        return text;
    };
    let query = query.to_ascii_lowercase();
    let signs = ["signature", "x-amz-", "x-goog-", "sig=", "token", "expires"];
    match signs.iter().any(|sign| query.contains(sign)) {
        true => before,
        false => text,
    }
}

impl Sidecar {
    /// Of a result that lies where it was wanted.
    pub(super) fn new(
        row: &Row,
        intent: Option<String>,
        request_id: Option<String>,
        cost_estimate: Option<String>,
        sandbox: bool,
    ) -> io::Result<Self> {
        Ok(Self {
            id: row.id.clone(),
            task: row.meta.name.to_owned(),
            request: row
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), unsigned(value)))
                .collect(),
            chosen: row.chosen.clone(),
            intent,
            request_id,
            cost_estimate,
            content: row.content,
            file: FileOf::read(&row.path)?,
            sandbox,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_signatures_and_nothing_else() {
        for (given, kept) in [
            ("https://a/b.png?X-Amz-Signature=1&x=2", "https://a/b.png"),
            (
                "https://youtube.com/watch?v=abc",
                "https://youtube.com/watch?v=abc",
            ),
            ("what is a signature?token", "what is a signature?token"),
        ] {
            let list = Value::from(vec![given]);
            assert_eq!(unsigned(&list), Value::from(vec![kept]));
        }
    }
}
