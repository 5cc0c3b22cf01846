//! Opening a file, or some memory.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::db::Db;
use super::failure::{failure, read_only};
use super::writers::Writers;
use super::{files, mounts, schema};
use crate::error::StoreError;

/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn file(path: &Path) -> Result<(Db, Writers), StoreError> {
    let path = files::prepare(path)?;
    mounts::refuse_network(&path)?;
    files::create(&path)?;
    let writers = Writers::beside(&path)?;
    // One at a time: two that turn the same new file to WAL refuse each other.
    let _alone = writers.alone()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(&path, flags).map_err(|error| failure(error, Some(&path)))?;
    let db = ready(connection, Some(&path))?;
    Ok((db, writers))
}

/// For a look that changes nothing and waits for nobody: not even a missing file is made.
pub(super) fn to_look(path: &Path) -> Result<Db, StoreError> {
    mounts::refuse_network(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| failure(error, Some(path)))?;
    connection
        .busy_timeout(Duration::ZERO)
        .map_err(|error| failure(error, Some(path)))?;
    let db = Db::new(connection, Some(path.to_owned()));
    schema::check(&db)?;
    Ok(db)
}

pub(super) fn memory() -> Result<(Db, ()), StoreError> {
    let connection = Connection::open_in_memory().map_err(|error| failure(error, None))?;
    Ok((ready(connection, None)?, ()))
}

fn ready(connection: Connection, path: Option<&Path>) -> Result<Db, StoreError> {
    connection
        .busy_timeout(PATIENCE)
        .map_err(|error| failure(error, path))?;
    let db = Db::new(connection, path.map(Path::to_owned));
    if db.is_read_only()? {
        return Err(read_only(path));
    }
    // Before anything is written: it may be another program's file.
    schema::check(&db)?;
    // In memory the answer is `memory`.
    let _: String = db.value("PRAGMA journal_mode = WAL")?;
    // A paid job's id must survive a power cut, too.
    db.run("PRAGMA synchronous = FULL", [])?;
    schema::migrate(&db)?;
    Ok(db)
}
