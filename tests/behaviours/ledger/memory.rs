//! All that a store must do, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use dryapi_ledger::{
    Cell, Change, Commit, Entry, Expected, Filter, Scope, Store, StoreError, async_trait,
};
use dryapi_types::Intent;

#[derive(Debug, Default)]
pub(crate) struct MemoryStore(Mutex<Rows>);

#[derive(Clone, Debug, Default)]
struct Rows {
    entries: BTreeMap<(Scope, Intent), Entry>,
    cells: BTreeMap<(Scope, String), Cell>,
}

impl Rows {
    /// Writes a row, if it is as expected.
    fn write(&mut self, scope: &Scope, change: &Change) -> bool {
        match change {
            Change::Entry { expected, entry } => {
                let key = (scope.clone(), entry.intent.clone());
                let version = self.entries.get(&key).map(|entry| entry.version);
                let mut entry = entry.as_ref().clone();
                entry.version = expected.next();
                self.entries.insert(key, entry);
                is(version, *expected)
            }
            Change::Cell {
                expected,
                key,
                value,
            } => {
                let cell = Cell::new(key, expected.next(), value);
                let replaced = self.cells.insert((scope.clone(), key.clone()), cell);
                is(replaced.map(|cell| cell.version), *expected)
            }
            _ => false,
        }
    }
}

fn is(version: Option<u64>, expected: Expected) -> bool {
    match expected {
        Expected::Absent => version.is_none(),
        Expected::Version(expected) => version == Some(expected),
        _ => false,
    }
}

impl MemoryStore {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn commit(&self, scope: &Scope, changes: &[Change]) -> Result<Commit, StoreError> {
        let mut rows = self.rows();
        let mut next = rows.clone();
        if !changes.iter().all(|change| next.write(scope, change)) {
            return Ok(Commit::Conflict);
        }
        *rows = next;
        Ok(Commit::Stored)
    }

    async fn entry(&self, scope: &Scope, intent: &Intent) -> Result<Option<Entry>, StoreError> {
        let key = (scope.clone(), intent.clone());
        Ok(self.rows().entries.get(&key).cloned())
    }

    async fn entries(&self, scope: &Scope, filter: &Filter) -> Result<Vec<Entry>, StoreError> {
        let rows = self.rows();
        let mine = rows.entries.iter().filter(|((of, _), _)| of == scope);
        let asked_for = mine.filter(|(_, entry)| filter.matches(entry));
        let mut found: Vec<Entry> = asked_for.map(|(_, entry)| entry.clone()).collect();
        // Stable: those of one moment stay in the order of their intents.
        found.sort_by_key(|entry| entry.created);
        Ok(found)
    }

    async fn cell(&self, scope: &Scope, key: &str) -> Result<Option<Cell>, StoreError> {
        let key = (scope.clone(), key.to_owned());
        Ok(self.rows().cells.get(&key).cloned())
    }

    async fn cells(&self, scope: &Scope, prefix: &str) -> Result<Vec<Cell>, StoreError> {
        let rows = self.rows();
        let mine = rows.cells.iter().filter(|((of, _), _)| of == scope);
        let asked_for = mine.filter(|((_, key), _)| key.starts_with(prefix));
        Ok(asked_for.map(|(_, cell)| cell.clone()).collect())
    }
}
