//! The one file into which texts and vectors go, a line of JSON each.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use dryapi_ledger::BodyHash;
use serde::Deserialize;
use serde_json::{Value, json};

/// The file, and which rows are in it. One command writes to it at a time.
#[derive(Debug)]
pub(super) struct Collection {
    file: File,
    /// Its length, in bytes.
    whole: u64,
    /// What was asked for, where the line says so.
    ids: HashMap<String, Option<BodyHash>>,
}

/// A row to be added.
#[derive(Debug)]
pub(super) struct Collected<'a> {
    pub(super) id: &'a str,
    pub(super) content: BodyHash,
    pub(super) what: &'static str,
    pub(super) value: Value,
}

#[derive(Deserialize)]
struct Id {
    id: String,
    content: Option<BodyHash>,
}

impl Collection {
    /// Opens the file. A line that was cut off, as by a process that was killed, is taken away.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => io::Error::new(
                io::ErrorKind::ResourceBusy,
                "another command is writing to it",
            ),
        })?;
        let mut ids = HashMap::new();
        let mut whole = 0;
        let mut reader = BufReader::new(&mut file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            if line.last() != Some(&b'\n') {
                break;
            }
            if let Ok(Id { id, content }) = serde_json::from_slice(&line) {
                ids.insert(id, content);
            }
            whole += line.len() as u64;
            line.clear();
        }
        // What is left in the reader is of no use to anybody.
        io::copy(&mut reader.by_ref().take(0), &mut io::sink())?;
        drop(reader);
        file.set_len(whole)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file, whole, ids })
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.contains_key(id)
    }

    /// Whether a row is in it that asked for something else.
    pub(super) fn differs(&self, id: &str, content: BodyHash) -> bool {
        let known = self.ids.get(id).copied().flatten();
        known.is_some_and(|known| known != content)
    }

    /// Adds these rows, those that are in it already left out. They are written together.
    pub(super) fn add<'a>(
        &mut self,
        rows: impl IntoIterator<Item = Collected<'a>>,
    ) -> io::Result<()> {
        let mut text = Vec::new();
        let mut added = Vec::new();
        for row in rows {
            if self.ids.contains_key(row.id) {
                continue;
            }
            let line = json!({"id": row.id, "content": row.content, row.what: row.value});
            serde_json::to_writer(&mut text, &line)?;
            text.push(b'\n');
            added.push((row.id.to_owned(), Some(row.content)));
        }
        if let Err(error) = self.file.write_all(&text) {
            // No half of them may stay: a full disk would make the next a part of the last.
            self.file.set_len(self.whole)?;
            self.file.seek(SeekFrom::Start(self.whole))?;
            return Err(error);
        }
        self.whole += text.len() as u64;
        self.ids.extend(added);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> [Collected<'static>; 2] {
        ["a", "b"].map(|id| Collected {
            id,
            content: BodyHash::of(id),
            what: "text",
            value: json!(id),
        })
    }

    #[test]
    fn a_line_that_was_cut_off_is_written_again_and_none_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.jsonl");
        let mut all = Collection::open(&path).unwrap();
        all.add(rows()).unwrap();
        drop(all);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        let mut all = Collection::open(&path).unwrap();
        assert!(all.has("a") && !all.has("b"));
        all.add(rows()).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        assert!(all.differs("a", BodyHash::of("c")) && !all.differs("a", BodyHash::of("a")));
    }

    #[test]
    fn one_command_at_a_time_writes_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.jsonl");
        let first = Collection::open(&path).unwrap();
        let second = Collection::open(&path).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::ResourceBusy);
        drop(first);
        assert!(Collection::open(&path).is_ok());
    }
}
