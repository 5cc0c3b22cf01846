//! What lies where the ledger should be, and what is said of it.

use std::fs;
use std::path::Path;

use dryapi_ledger::{SqliteStore, StoreErrorKind};
use rusqlite::Connection;

async fn refused(path: &Path) -> (StoreErrorKind, String) {
    let error = SqliteStore::open(path).await.unwrap_err();
    (error.kind(), error.to_string())
}

#[cfg(unix)]
#[tokio::test]
async fn folders_and_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let rights = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let path = state.join("dryapi/ledger.sqlite3");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::remove_dir_all(&state).unwrap();
    let store = SqliteStore::open(&path).await.unwrap();
    for folder in [&state, path.parent().unwrap()] {
        assert_eq!(rights(folder), 0o700, "{folder:?}");
    }
    let files: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert!(files.len() >= 3, "the file, its log, the writers");
    for file in files.into_iter().map(|file| file.unwrap().path()) {
        let expected = if file.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(rights(&file), expected, "{file:?}");
    }
    drop(store);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let _store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(rights(&path), 0o600);
}

#[tokio::test]
async fn other_files_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(
        &text,
        "dear diary, today I paid for a cat, and then once more",
    )
    .unwrap();
    let (kind, message) = refused(&text).await;
    assert_eq!(kind, StoreErrorKind::NotALedger, "{message}");
    assert!(fs::read_to_string(&text).unwrap().starts_with("dear diary"));

    let theirs = folder.path().join("theirs.sqlite3");
    let connection = Connection::open(&theirs).unwrap();
    connection
        .execute_batch("CREATE TABLE cats (name TEXT)")
        .unwrap();
    let before = fs::read(&theirs).unwrap();
    let (kind, message) = refused(&theirs).await;
    assert_eq!(kind, StoreErrorKind::NotALedger, "{message}");
    assert_eq!(fs::read(&theirs).unwrap(), before);
    assert!(
        refused(folder.path())
            .await
            .1
            .contains(&*folder.path().to_string_lossy())
    );
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite3");
    drop(SqliteStore::open(&path).await.unwrap());
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let (kind, message) = refused(&path).await;
    assert_eq!(kind, StoreErrorKind::TooNew);
    assert!(message.contains("schema 99") && message.contains("update this program"));
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite3");
    {
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE cats (name TEXT)")
            .unwrap();
    }
    // The header stays; the page of tables does not.
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..200].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let (kind, message) = refused(&path).await;
    assert_eq!(kind, StoreErrorKind::Corrupt, "{message}");
    assert!(message.contains("ledger.sqlite3") && message.contains("damaged"));
}
