//! The one file into which texts and vectors go, a line of JSON each.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

/// The file, and which rows are in it.
#[derive(Debug)]
pub(super) struct Collection {
    file: File,
    ids: HashSet<String>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
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
        let mut ids = HashSet::new();
        let mut whole = 0;
        let mut reader = BufReader::new(&mut file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            if line.last() != Some(&b'\n') {
                break;
            }
            if let Ok(Id { id }) = serde_json::from_slice(&line) {
                ids.insert(id);
            }
            whole += line.len() as u64;
            line.clear();
        }
        // What is left in the reader is of no use to anybody.
        io::copy(&mut reader.by_ref().take(0), &mut io::sink())?;
        drop(reader);
        file.set_len(whole)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file, ids })
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Adds these rows, those that are in it already left out. They are written together.
    pub(super) fn add<'a>(
        &mut self,
        rows: impl IntoIterator<Item = (&'a str, &'static str, Value)>,
    ) -> io::Result<()> {
        let mut text = Vec::new();
        let mut added = Vec::new();
        for (id, what, value) in rows {
            if self.ids.contains(id) {
                continue;
            }
            serde_json::to_writer(&mut text, &json!({"id": id, what: value}))?;
            text.push(b'\n');
            added.push(id.to_owned());
        }
        self.file.write_all(&text)?;
        self.ids.extend(added);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_off_is_written_again_and_none_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.jsonl");
        let mut all = Collection::open(&path).unwrap();
        all.add([("a", "text", json!("1")), ("b", "text", json!("2"))])
            .unwrap();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        let mut all = Collection::open(&path).unwrap();
        assert!(all.has("a") && !all.has("b"));
        all.add([("a", "text", json!("1")), ("b", "text", json!("2"))])
            .unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }
}
