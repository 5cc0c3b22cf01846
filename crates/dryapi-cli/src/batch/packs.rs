//! Which texts go together, remembered: a pack that was paid for must be asked for again as it was.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dryapi_ledger::BodyHash;

use super::row::Row;

/// The most texts of one request, and the most bytes: 250 000 tokens of four. Source: the
/// description of `txt2embedding`.
const TEXTS: usize = 2048;
const BYTES: usize = 1_000_000;

/// A row of a pack: its id, and the hash of its text.
type Packed = (String, BodyHash);

/// The packs of a batch.
#[derive(Debug)]
pub(super) struct Packs {
    path: PathBuf,
    known: Vec<Vec<Packed>>,
}

impl Packs {
    /// Reads what is remembered in the folder for results.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(".dryapi-packs.jsonl");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        // A line that was cut off was not sent: it is written before.
        let known = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        Ok(Self {
            known: known.collect(),
            path,
        })
    }

    /// The packs to be sent so that all these rows are: those remembered first, as they were, where
    /// one of their rows is missing.
    ///
    /// # Errors
    /// Kind `InvalidInput` where a row was changed or taken out that went with one that is missing:
    /// packed anew, the others would be paid for again.
    pub(super) fn plan(
        &mut self,
        rows: &[(&str, &str)],
        is_missing: impl Fn(&str) -> bool,
    ) -> io::Result<Vec<Vec<String>>> {
        let there: HashMap<&str, BodyHash> = rows
            .iter()
            .map(|(id, text)| (*id, BodyHash::of(text)))
            .collect();
        let mut planned = Vec::new();
        let mut covered = HashSet::new();
        for pack in &self.known {
            let ids = || pack.iter().map(|(id, _)| id.as_str());
            if !ids().any(|id| there.contains_key(id) && is_missing(id) && !covered.contains(id)) {
                continue;
            }
            let now = |id: &String| there.get(id.as_str());
            let other = |(id, text): &&Packed| now(id) != Some(text);
            if let Some((id, _)) = pack.iter().find(other) {
                let what = match now(id) {
                    Some(_) => "its text was changed",
                    None => "it was taken out",
                };
                let message = format!(
                    "row {id}: {what} before the rows that went with it were done, and those may \
                     have been paid for; run the batch with the row as it was, or another batch \
                     with another --out"
                );
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
            covered.extend(ids());
            planned.push(ids().map(ToOwned::to_owned).collect());
        }
        let left = rows
            .iter()
            .filter(|(id, _)| is_missing(id) && !covered.contains(id));
        let fresh = pack(left.map(|(id, text)| ((*id).to_owned(), text.len())));
        let hash = |id: &String| Some((id.clone(), *there.get(id.as_str())?));
        let hashed = fresh
            .iter()
            .map(|pack| pack.iter().filter_map(hash).collect());
        self.remember(&hashed.collect::<Vec<_>>())?;
        planned.extend(fresh);
        Ok(planned)
    }

    fn remember(&self, packs: &[Vec<Packed>]) -> io::Result<()> {
        if packs.is_empty() {
            return Ok(());
        }
        let mut text = Vec::new();
        // After what was cut off, so that this is a line of its own.
        text.push(b'\n');
        for pack in packs {
            serde_json::to_writer(&mut text, pack)?;
            text.push(b'\n');
        }
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)?;
        file.write_all(&text)?;
        file.sync_data()
    }
}

/// Packs things by the lengths of their texts.
fn pack<T>(all: impl Iterator<Item = (T, usize)>) -> Vec<Vec<T>> {
    let (mut packs, mut open, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (one, length) in all {
        // At least a token each.
        let size = length.max(4);
        if !open.is_empty() && (open.len() >= TEXTS || bytes + size > BYTES) {
            packs.push(std::mem::take(&mut open));
            bytes = 0;
        }
        open.push(one);
        bytes += size;
    }
    if !open.is_empty() {
        packs.push(open);
    }
    packs
}

/// How these rows' texts would be packed, by model.
pub(super) fn of_models<'a>(rows: &[(&'a Row, &'a str)]) -> Vec<(&'a str, Vec<Vec<String>>)> {
    let models: BTreeSet<&str> = rows.iter().map(|(row, _)| row.model()).collect();
    let of = |model: &'a str| {
        let texts = rows.iter().filter(|(row, _)| row.model() == model);
        (
            model,
            pack(texts.map(|(_, text)| ((*text).to_owned(), text.len()))),
        )
    };
    models.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_stays_packed_whatever_the_order() {
        let folder = tempfile::tempdir().unwrap();
        let ids: Vec<String> = (0..5000).map(|number| number.to_string()).collect();
        let mut rows: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "text")).collect();
        let first = Packs::open(folder.path())
            .unwrap()
            .plan(&rows, |_| true)
            .unwrap();
        assert_eq!(
            first.iter().map(Vec::len).collect::<Vec<_>>(),
            [2048, 2048, 904]
        );
        rows.reverse();
        let more = (0..10)
            .map(|number| format!("new {number}"))
            .collect::<Vec<_>>();
        rows.extend(more.iter().map(|id| (id.as_str(), "text")));
        let missing = |id: &str| id != "0" && !first[1].iter().any(|other| other == id);
        let second = Packs::open(folder.path())
            .unwrap()
            .plan(&rows, missing)
            .unwrap();
        assert_eq!(second[0], first[0]);
        assert_eq!(second[1], first[2]);
        assert_eq!(second[2].len(), 10);
        assert_eq!(second.len(), 3);
        rows[4999].1 = "changed";
        let mut again = Packs::open(folder.path()).unwrap();
        let error = again.plan(&rows, |_| true).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        assert!(error.to_string().contains("its text was changed"));
        // Not where all that it went with is done.
        let missing = |id: &str| first[1].iter().any(|other| other == id);
        assert_eq!(again.plan(&rows, missing).unwrap().len(), 1);
        rows.remove(4999);
        let error = again.plan(&rows, |_| true).unwrap_err();
        assert!(error.to_string().contains("it was taken out"), "{error}");
        assert_eq!(again.plan(&rows, missing).unwrap().len(), 1);
    }
}
