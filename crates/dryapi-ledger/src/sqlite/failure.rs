//! What SQLite's errors mean, and what to do about them.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::{StoreError, StoreErrorKind};

/// An error of SQLite's, in words.
pub(super) fn failure(error: rusqlite::Error, path: Option<&Path>) -> StoreError {
    use StoreErrorKind as Kind;
    let name = name(path);
    let code = error.sqlite_error_code();
    let (kind, text) = match code {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            Kind::Busy,
            format!("{name} is held by another process; try again when that has finished"),
        ),
        Some(ErrorCode::ReadOnly) => return read_only(path).with_source(error),
        Some(ErrorCode::DiskFull) => (
            Kind::Full,
            format!("{name} cannot grow: the disk is full; free some space"),
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
            Kind::Permission,
            format!("{name} cannot be opened; check who owns it and its folder"),
        ),
        Some(ErrorCode::DatabaseCorrupt) => (
            Kind::Corrupt,
            format!(
                "{name} is damaged; keep it (`sqlite3 FILE .recover` may read it), and choose another file"
            ),
        ),
        Some(ErrorCode::NotADatabase) => (
            Kind::NotALedger,
            format!("{name} is no ledger, or damaged at its beginning; choose another file"),
        ),
        _ => (Kind::Other, format!("{name} does not work")),
    };
    StoreError::new(kind, text).with_source(error)
}

/// It can be read only.
pub(super) fn read_only(path: Option<&Path>) -> StoreError {
    let text = format!(
        "{} cannot be written; make it writable, or choose another",
        name(path)
    );
    StoreError::new(StoreErrorKind::ReadOnly, text)
}

/// An error of the file system's, in words.
pub(super) fn io(error: io::Error, doing: &str, path: &Path) -> StoreError {
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied => StoreErrorKind::Permission,
        io::ErrorKind::ReadOnlyFilesystem => StoreErrorKind::ReadOnly,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreErrorKind::Full,
        _ => StoreErrorKind::Other,
    };
    let text = format!("cannot {doing} {}: {error}", path.display());
    StoreError::new(kind, text).with_source(error)
}

fn name(path: Option<&Path>) -> String {
    path.map_or_else(
        || "the ledger in memory".to_owned(),
        |path| format!("the ledger {}", path.display()),
    )
}
