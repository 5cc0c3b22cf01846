//! The tables, and how older files get them.

use super::db::Db;
use crate::error::{StoreError, StoreErrorKind};

/// Marks a file as a ledger: `dryL`.
const APPLICATION: i64 = 0x6472_794c;

/// One list of statements for each version, from the one before. Never change one: add one.
const MIGRATIONS: &[&[&str]] = &[&[
    // The columns beside `entry` are copies, to find it by.
    "CREATE TABLE entries (
         scope TEXT NOT NULL,
         intent TEXT NOT NULL,
         version INTEGER NOT NULL,
         state TEXT NOT NULL,
         request_id TEXT,
         batch TEXT,
         body TEXT NOT NULL,
         created INTEGER NOT NULL,
         entry TEXT NOT NULL,
         PRIMARY KEY (scope, intent)
     ) WITHOUT ROWID",
    "CREATE INDEX entries_created ON entries (scope, created)",
    "CREATE INDEX entries_state ON entries (scope, state)",
    "CREATE INDEX entries_request ON entries (scope, request_id) WHERE request_id IS NOT NULL",
    "CREATE INDEX entries_batch ON entries (scope, batch) WHERE batch IS NOT NULL",
    "CREATE INDEX entries_body ON entries (scope, body)",
    "CREATE TABLE cells (
         scope TEXT NOT NULL,
         key TEXT NOT NULL,
         version INTEGER NOT NULL,
         value TEXT NOT NULL,
         PRIMARY KEY (scope, key)
     ) WITHOUT ROWID",
]];

/// Brings a file up to date, in one step.
pub(super) fn migrate(db: &Db) -> Result<(), StoreError> {
    if known(db)? == MIGRATIONS.len() {
        return Ok(());
    }
    db.transaction(|db| {
        // Another process may have been faster.
        let from = known(db)?;
        for statement in MIGRATIONS.iter().skip(from).copied().flatten() {
            db.run(statement, [])?;
        }
        db.run(&format!("PRAGMA application_id = {APPLICATION}"), [])?;
        db.run(&format!("PRAGMA user_version = {}", MIGRATIONS.len()), [])?;
        Ok(true)
    })?;
    Ok(())
}

/// Refuses a file of another program, or of a newer version.
pub(super) fn check(db: &Db) -> Result<(), StoreError> {
    known(db).map(drop)
}

/// How many migrations the file has behind it.
fn known(db: &Db) -> Result<usize, StoreError> {
    let version: i64 = db.value("PRAGMA user_version")?;
    let application: i64 = db.value("PRAGMA application_id")?;
    let tables: i64 = db.value("SELECT count(*) FROM sqlite_master")?;
    let empty = version == 0 && application == 0 && tables == 0;
    if !empty && application != APPLICATION {
        let text = "the file is a database of another program; choose another file";
        return Err(StoreError::new(StoreErrorKind::NotALedger, text));
    }
    match usize::try_from(version) {
        Ok(version) if version <= MIGRATIONS.len() => Ok(version),
        _ => {
            let ours = MIGRATIONS.len();
            let text = format!(
                "a newer version of this program wrote the ledger (schema {version}, known here: \
                 {ours}); update this program, or choose another file"
            );
            Err(StoreError::new(StoreErrorKind::TooNew, text))
        }
    }
}
