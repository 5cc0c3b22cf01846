//! What only an inside look can show.

mod crash;
pub(super) mod probe;

use rusqlite::Connection;

use super::db::Db;
use super::rows;
use crate::account::{Salt, Scope};
use crate::error::StoreErrorKind;
use crate::store::{Change, Expected};

/// A connection that gives up at once.
fn db(connection: Connection) -> Db {
    connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let db = Db::new(connection, None);
    super::schema::migrate(&db).unwrap();
    db
}

fn write(db: &Db) -> Result<(), StoreErrorKind> {
    let scope = Scope::new(&Salt::from_bytes([0; 32]), "", "");
    let change = Change::cell(Expected::Absent, "k", "1");
    rows::commit(db, &scope, &[change])
        .map(drop)
        .map_err(|error| error.kind())
}

#[test]
fn a_held_file_is_busy_and_free_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let (db, other) = (
        db(Connection::open(&path).unwrap()),
        Connection::open(&path).unwrap(),
    );
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(write(&db), Err(StoreErrorKind::Busy));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(write(&db), Ok(()));
}

#[test]
fn what_cannot_be_written_says_so() {
    let db = db(Connection::open_in_memory().unwrap());
    db.run("PRAGMA query_only = 1", []).unwrap();
    assert_eq!(write(&db), Err(StoreErrorKind::ReadOnly));
    db.run("PRAGMA query_only = 0", []).unwrap();
    let _: i64 = db.value("PRAGMA max_page_count = 1").unwrap();
    db.run("INSERT INTO cells VALUES ('', '', 1, zeroblob(100000))", [])
        .map_err(|error| error.kind())
        .expect_err("it cannot grow");
    assert_eq!(write(&db), Ok(()), "and goes on");
}
