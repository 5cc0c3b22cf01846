//! The embedded store: one SQLite file, shared by the processes of one machine.

mod db;
mod failure;
mod files;
mod mounts;
mod open;
mod rows;
mod schema;
mod worker;
mod writers;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use dryapi_transport::async_trait;
use dryapi_types::Intent;

use self::worker::Worker;
use self::writers::Writers;
use crate::account::Scope;
use crate::entry::Entry;
use crate::error::StoreError;
use crate::store::{Cell, Change, Commit, Filter, Store};

/// A ledger in one SQLite file. Several processes of one machine may share it.
///
/// All of it happens on one thread of the store's own, so nothing blocks the runtime, and what was
/// begun is finished even if nobody waits for it any more. Commits are on the disk when they are
/// reported. Beside the file lie SQLite's own (`-wal`, `-shm`) and a folder (`-writers`) of empty
/// files, which tell what processes are alive.
///
/// On Unix, folders that are created are for their owner alone (0700), and so are the files (0600).
pub struct SqliteStore {
    worker: Worker,
    path: Option<PathBuf>,
    /// Who writes, and the proof that we live; none in memory.
    writers: Option<Arc<Mutex<Writers>>>,
}

impl SqliteStore {
    /// Opens a ledger, and creates it and its folder where there is none.
    ///
    /// # Cancel safety
    /// Dropping the future may leave an empty ledger behind.
    ///
    /// # Errors
    /// [`StoreError`], whose text says what to do: the file is damaged, of something else, of a
    /// newer version, or on a network file system; it cannot be read or written; another process
    /// holds it for more than 10 seconds.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let opened = path.clone();
        let (worker, writers) = Worker::start(move || open::file(&opened)).await?;
        Ok(Self {
            worker,
            path: Some(path),
            writers: Some(Arc::new(Mutex::new(writers))),
        })
    }

    /// The newest entries in a file, of all accounts, at most so many: for what looks at a ledger
    /// without a key and must not wait, like a shell's completion. Changes nothing, makes no
    /// ledger, and blocks for as long as it takes to read.
    ///
    /// # Errors
    /// [`StoreError`]: there is no file, it is no ledger, or another process holds it just now.
    pub fn newest(path: impl AsRef<Path>, most: u32) -> Result<Vec<Entry>, StoreError> {
        rows::newest(&open::to_look(path.as_ref())?, most)
    }

    /// A ledger that is forgotten when it is dropped: for tests.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if there is no memory or no thread.
    pub async fn open_in_memory() -> Result<Self, StoreError> {
        let (worker, ()) = Worker::start(open::memory).await?;
        Ok(Self {
            worker,
            path: None,
            writers: None,
        })
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SqliteStore");
        shown.field("path", &self.path).finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, scope: &Scope, changes: &[Change]) -> Result<Commit, StoreError> {
        let (scope, changes) = (scope.clone(), changes.to_vec());
        self.worker
            .run(move |db| rows::commit(db, &scope, &changes))
            .await
    }

    async fn entry(&self, scope: &Scope, intent: &Intent) -> Result<Option<Entry>, StoreError> {
        let (scope, intent) = (scope.clone(), intent.clone());
        self.worker
            .run(move |db| rows::entry(db, &scope, &intent))
            .await
    }

    async fn entries(&self, scope: &Scope, filter: &Filter) -> Result<Vec<Entry>, StoreError> {
        let (scope, filter) = (scope.clone(), filter.clone());
        self.worker
            .run(move |db| rows::entries(db, &scope, &filter))
            .await
    }

    async fn cell(&self, scope: &Scope, key: &str) -> Result<Option<Cell>, StoreError> {
        let (scope, key) = (scope.clone(), key.to_owned());
        self.worker
            .run(move |db| rows::cell(db, &scope, &key))
            .await
    }

    async fn cells(&self, scope: &Scope, prefix: &str) -> Result<Vec<Cell>, StoreError> {
        let (scope, prefix) = (scope.clone(), prefix.to_owned());
        self.worker
            .run(move |db| rows::cells(db, &scope, &prefix))
            .await
    }

    async fn join(&self, writer: &str) -> Result<(), StoreError> {
        self.writers(writer, Writers::join, ()).await
    }

    async fn ended(&self, writer: &str) -> Result<Option<bool>, StoreError> {
        self.writers(writer, Writers::ended, None).await
    }
}

impl SqliteStore {
    /// Asks the files of the writers, on the store's thread.
    async fn writers<T: Send + 'static>(
        &self,
        writer: &str,
        ask: impl FnOnce(&mut Writers, &str) -> Result<T, StoreError> + Send + 'static,
        without: T,
    ) -> Result<T, StoreError> {
        let Some(writers) = self.writers.clone() else {
            return Ok(without);
        };
        let writer = writer.to_owned();
        self.worker
            .run(move |_| {
                let mut writers = writers.lock().unwrap_or_else(PoisonError::into_inner);
                ask(&mut writers, &writer)
            })
            .await
    }
}

#[cfg(test)]
mod tests;
