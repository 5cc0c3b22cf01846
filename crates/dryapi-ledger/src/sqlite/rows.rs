//! Entries and cells as rows.

use dryapi_types::Intent;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::db::Db;
use crate::account::Scope;
use crate::entry::Entry;
use crate::error::{StoreError, StoreErrorKind};
use crate::millis;
use crate::store::{Cell, Change, Commit, Expected, Filter};

/// All rows, or none.
pub(super) fn commit(db: &Db, scope: &Scope, changes: &[Change]) -> Result<Commit, StoreError> {
    let stored = db.transaction(|db| {
        for change in changes {
            let written = match change {
                Change::Entry { expected, entry } => write_entry(db, scope, *expected, entry)?,
                Change::Cell {
                    expected,
                    key,
                    value,
                } => write_cell(db, scope, *expected, key, value)?,
            };
            if !written {
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    Ok(if stored {
        Commit::Stored
    } else {
        Commit::Conflict
    })
}

fn write_entry(
    db: &Db,
    scope: &Scope,
    expected: Expected,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let text = serde_json::to_string(entry).map_err(|error| {
        let text = format!("the entry {} cannot be written", entry.intent);
        StoreError::new(StoreErrorKind::Other, text).with_source(error)
    })?;
    let request_id = entry.request_id.as_ref().map(|id| id.as_str());
    let batch = entry.batch.as_ref().map(|row| row.batch.as_str());
    let written = db.run(
        match expected {
            Expected::Absent => {
                "INSERT INTO entries
                     (scope, intent, version, state, request_id, batch, body, created, entry)
                 VALUES (?1, ?2, 1 + ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT DO NOTHING"
            }
            Expected::Version(_) => {
                "UPDATE entries
                 SET version = 1 + ?3, state = ?4, request_id = ?5, batch = ?6, body = ?7,
                     created = ?8, entry = ?9
                 WHERE scope = ?1 AND intent = ?2 AND version = ?3"
            }
        },
        params![
            scope.as_str(),
            entry.intent.as_str(),
            whole(version(expected)),
            entry.state.as_str(),
            request_id,
            batch,
            entry.body.to_string(),
            whole(millis::of(entry.created)),
            text
        ],
    )?;
    Ok(written == 1)
}

fn write_cell(
    db: &Db,
    scope: &Scope,
    expected: Expected,
    key: &str,
    value: &str,
) -> Result<bool, StoreError> {
    let written = db.run(
        match expected {
            Expected::Absent => {
                "INSERT INTO cells (scope, key, version, value) VALUES (?1, ?2, 1 + ?3, ?4)
                 ON CONFLICT DO NOTHING"
            }
            Expected::Version(_) => {
                "UPDATE cells SET version = 1 + ?3, value = ?4
                 WHERE scope = ?1 AND key = ?2 AND version = ?3"
            }
        },
        params![scope.as_str(), key, whole(version(expected)), value],
    )?;
    Ok(written == 1)
}

pub(super) fn entry(db: &Db, scope: &Scope, intent: &Intent) -> Result<Option<Entry>, StoreError> {
    let rows = db.rows(
        "SELECT intent, version, entry FROM entries WHERE scope = ?1 AND intent = ?2",
        [scope.as_str(), intent.as_str()],
        raw,
    )?;
    rows.into_iter().next().map(read).transpose()
}

pub(super) fn entries(db: &Db, scope: &Scope, filter: &Filter) -> Result<Vec<Entry>, StoreError> {
    let mut sql = "SELECT intent, version, entry FROM entries WHERE scope = ?".to_owned();
    let mut values = vec![Value::from(scope.as_str().to_owned())];
    if !filter.states.is_empty() {
        let marks = vec!["?"; filter.states.len()].join(", ");
        sql.push_str(&format!(" AND state IN ({marks})"));
        let states = filter.states.iter();
        values.extend(states.map(|state| Value::from(state.as_str().to_owned())));
    }
    let texts = [
        (
            " AND request_id = ?",
            filter.request_id.as_ref().map(ToString::to_string),
        ),
        (" AND batch = ?", filter.batch.clone()),
        (" AND body = ?", filter.body.map(|body| body.to_string())),
    ];
    for (condition, text) in texts {
        if let Some(text) = text {
            sql.push_str(condition);
            values.push(Value::from(text));
        }
    }
    if let Some(since) = filter.since {
        sql.push_str(" AND created >= ?");
        values.push(Value::from(whole(millis::of(since))));
    }
    sql.push_str(" ORDER BY created, intent");
    let rows = db.rows(&sql, params_from_iter(values), raw)?;
    rows.into_iter().map(read).collect()
}

/// The newest entries of all scopes.
pub(super) fn newest(db: &Db, most: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT intent, version, entry FROM entries ORDER BY created DESC, intent LIMIT ?1";
    let rows = db.rows(sql, [most], raw)?;
    rows.into_iter().map(read).collect()
}

pub(super) fn cell(db: &Db, scope: &Scope, key: &str) -> Result<Option<Cell>, StoreError> {
    let mut rows = db.rows(
        "SELECT key, version, value FROM cells WHERE scope = ?1 AND key = ?2",
        [scope.as_str(), key],
        read_cell,
    )?;
    Ok(rows.pop())
}

pub(super) fn cells(db: &Db, scope: &Scope, prefix: &str) -> Result<Vec<Cell>, StoreError> {
    db.rows(
        // Not LIKE, which does not tell large letters from small ones.
        "SELECT key, version, value FROM cells
         WHERE scope = ?1 AND key >= ?2 AND substr(key, 1, length(?2)) = ?2
         ORDER BY key",
        [scope.as_str(), prefix],
        read_cell,
    )
}

/// A row before it is understood: intent, version, entry.
fn raw(row: &Row<'_>) -> rusqlite::Result<(String, i64, String)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn read((intent, version, text): (String, i64, String)) -> Result<Entry, StoreError> {
    let mut entry: Entry = serde_json::from_str(&text).map_err(|error| {
        let text = format!("the entry {intent:?} cannot be read; the ledger is damaged");
        StoreError::new(StoreErrorKind::Corrupt, text).with_source(error)
    })?;
    entry.version = version.unsigned_abs();
    Ok(entry)
}

fn read_cell(row: &Row<'_>) -> rusqlite::Result<Cell> {
    let version: i64 = row.get(1)?;
    let (key, value): (String, String) = (row.get(0)?, row.get(2)?);
    Ok(Cell::new(key, version.unsigned_abs(), value))
}

/// The version a row is at before it is written.
const fn version(expected: Expected) -> u64 {
    expected.next() - 1
}

/// SQLite's whole numbers have a sign.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
