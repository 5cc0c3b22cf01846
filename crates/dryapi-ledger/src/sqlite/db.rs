//! The connection: every statement goes through here.

use std::path::PathBuf;

use rusqlite::{Connection, Params, Row};

use super::failure::failure;
use crate::error::StoreError;

/// A connection, and the file's name for its errors.
#[derive(Debug)]
pub(super) struct Db {
    connection: Connection,
    path: Option<PathBuf>,
}

impl Db {
    pub(super) const fn new(connection: Connection, path: Option<PathBuf>) -> Self {
        Self { connection, path }
    }

    /// Runs a statement without results. Says how many rows it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        #[cfg(test)]
        super::tests::probe::statement();
        let run = || self.connection.prepare(sql)?.execute(params);
        run().map_err(|error| self.error(error))
    }

    /// Runs a statement, and reads its rows.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        #[cfg(test)]
        super::tests::probe::statement();
        let rows = || {
            let mut statement = self.connection.prepare(sql)?;
            statement.query_map(params, read)?.collect()
        };
        let rows: rusqlite::Result<Vec<T>> = rows();
        rows.map_err(|error| self.error(error))
    }

    /// The one value of a statement's one row.
    pub(super) fn value<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<T, StoreError> {
        let mut rows = self.rows(sql, [], |row| row.get(0))?;
        rows.pop()
            .ok_or_else(|| self.error(rusqlite::Error::QueryReturnedNoRows))
    }

    /// Whether it may only be read.
    pub(super) fn is_read_only(&self) -> Result<bool, StoreError> {
        let read_only = self.connection.is_readonly("main");
        read_only.map_err(|error| self.error(error))
    }

    /// Does something that no other connection sees the half of. What says `false` is undone.
    pub(super) fn transaction(
        &self,
        work: impl FnOnce(&Self) -> Result<bool, StoreError>,
    ) -> Result<bool, StoreError> {
        // The lock is taken at once: a reader that wants to write later could be refused.
        self.run("BEGIN IMMEDIATE", [])?;
        let kept = work(self).and_then(|keep| {
            if keep {
                self.run("COMMIT", [])?;
            }
            Ok(keep)
        });
        if !matches!(kept, Ok(true)) && !self.connection.is_autocommit() {
            self.run("ROLLBACK", [])?;
        }
        kept
    }

    pub(super) fn error(&self, error: rusqlite::Error) -> StoreError {
        failure(error, self.path.as_deref())
    }
}
