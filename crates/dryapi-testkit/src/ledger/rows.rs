//! Rows: written together, found again.

use std::time::{Duration, UNIX_EPOCH};

use dryapi_ledger::{BatchRow, BodyHash, Commit, Entry, Expected, Filter, Scope, State, Store};
use dryapi_types::RequestId;

use super::sample::{cell, commit, entry, intent, put, scope, set};

const ABSENT: Expected = Expected::Absent;

const fn at(version: u64) -> Expected {
    Expected::Version(version)
}

pub(super) async fn all(store: &dyn Store) {
    what_is_written_is_read(store).await;
    what_is_not_as_expected_is_a_conflict(store).await;
    all_or_nothing(store).await;
    scopes_and_kinds_never_meet(store).await;
    entries_are_found(store).await;
    cells_are_found(store).await;
}

async fn read(store: &dyn Store, scope: &Scope, name: &str) -> Option<Entry> {
    let read = store.entry(scope, &intent(name)).await;
    read.expect("the store answers")
}

async fn what_is_written_is_read(store: &dyn Store) {
    let scope = scope("written");
    let mut written = entry("a", 5);
    written.target = Some("cats/größe \" ' \u{1f408}.png".to_owned());
    let long = format!("[\"{}\"]", "x'\u{e9}".repeat(16 * 1024));
    let changes = [put(ABSENT, written.clone()), set(ABSENT, "k", &long)];
    assert_eq!(commit(store, &scope, &changes).await, Commit::Stored);
    written.version = 1;
    assert_eq!(read(store, &scope, "a").await.as_ref(), Some(&written));
    let stored = cell(store, &scope, "k")
        .await
        .expect("the cell was written");
    assert_eq!((stored.key.as_str(), stored.version), ("k", 1));
    assert_eq!(
        stored.value, long,
        "a value of 64 KiB is read as it was written"
    );

    written.state = State::Sent;
    written.request_id = Some(RequestId::from("r-1"));
    let changes = [put(at(1), written.clone()), set(at(1), "k", "2")];
    assert_eq!(commit(store, &scope, &changes).await, Commit::Stored);
    written.version = 2;
    assert_eq!(read(store, &scope, "a").await, Some(written));
    assert_eq!(
        cell(store, &scope, "k").await.map(|cell| cell.version),
        Some(2)
    );
}

async fn what_is_not_as_expected_is_a_conflict(store: &dyn Store) {
    let scope = scope("expected");
    let changes = [put(ABSENT, entry("a", 1)), set(ABSENT, "k", "1")];
    assert_eq!(commit(store, &scope, &changes).await, Commit::Stored);
    for expected in [ABSENT, at(0), at(2)] {
        let conflict = commit(store, &scope, &[put(expected, entry("a", 2))]).await;
        assert_eq!(
            conflict,
            Commit::Conflict,
            "{expected:?}, the entry is at 1"
        );
        let conflict = commit(store, &scope, &[set(expected, "k", "2")]).await;
        assert_eq!(conflict, Commit::Conflict, "{expected:?}, the cell is at 1");
    }
    let nobody = commit(store, &scope, &[put(at(1), entry("b", 1))]).await;
    assert_eq!(nobody, Commit::Conflict, "there is no such entry");
    let nobody = commit(store, &scope, &[set(at(1), "l", "1")]).await;
    assert_eq!(nobody, Commit::Conflict, "there is no such cell");
    let stored = read(store, &scope, "a").await.map(|entry| entry.created);
    assert_eq!(stored, Some(UNIX_EPOCH + Duration::from_millis(1)));
    assert_eq!(read(store, &scope, "b").await, None);
}

async fn all_or_nothing(store: &dyn Store) {
    let scope = scope("together");
    let old = [set(ABSENT, "old", "1")];
    assert_eq!(commit(store, &scope, &old).await, Commit::Stored);
    // The conflict is in the last row, so the others have been looked at.
    let changes = [
        put(ABSENT, entry("a", 1)),
        set(ABSENT, "new", "1"),
        set(at(7), "old", "2"),
    ];
    assert_eq!(commit(store, &scope, &changes).await, Commit::Conflict);
    assert_eq!(read(store, &scope, "a").await, None, "half a commit");
    assert_eq!(cell(store, &scope, "new").await, None, "half a commit");
}

async fn scopes_and_kinds_never_meet(store: &dyn Store) {
    let (mine, other) = (scope("mine"), scope("other"));
    let changes = [put(ABSENT, entry("same", 1)), set(ABSENT, "same", "1")];
    assert_eq!(commit(store, &mine, &changes).await, Commit::Stored);
    assert_eq!(read(store, &other, "same").await, None);
    assert_eq!(cell(store, &other, "same").await, None);
    let all = store.entries(&other, &Filter::default()).await;
    assert_eq!(all.expect("the store answers"), []);
    assert_eq!(
        store.cells(&other, "").await.expect("the store answers"),
        []
    );
    assert_eq!(commit(store, &other, &changes).await, Commit::Stored);
}

async fn entries_are_found(store: &dyn Store) {
    let scope = scope("found");
    let mut made: Vec<Entry> = (0..4)
        .map(|n| entry(&format!("i{n}"), 40 - 10 * n))
        .collect();
    made.push(entry("I1", 30));
    let [a, b, c, ..] = made.as_mut_slice() else {
        unreachable!("there are five")
    };
    a.state = State::Unknown;
    b.state = State::Accepted;
    b.request_id = Some(RequestId::from("r-1"));
    b.batch = Some(BatchRow::new("/cats", "1"));
    c.batch = Some(BatchRow::new("/Cats", "1"));
    for entry in &made {
        let changes = [put(ABSENT, entry.clone())];
        assert_eq!(commit(store, &scope, &changes).await, Commit::Stored);
    }
    let since = UNIX_EPOCH + Duration::from_millis(30);
    for (filter, names) in [
        (Filter::default(), &["i3", "i2", "I1", "i1", "i0"][..]),
        (
            Filter::in_states([State::Unknown, State::Accepted]),
            &["i1", "i0"],
        ),
        (Filter::default().with_request_id("r-1"), &["i1"]),
        (Filter::default().with_request_id("r-2"), &[]),
        (Filter::default().in_batch("/cats"), &["i1"]),
        (Filter::default().with_body(BodyHash::of("i3")), &["i3"]),
        (Filter::default().created_since(since), &["I1", "i1", "i0"]),
        (Filter::in_states([State::Unknown]).in_batch("/cats"), &[]),
    ] {
        let found = store.entries(&scope, &filter).await;
        let found = found.expect("the store answers");
        let found: Vec<_> = found.iter().map(|entry| entry.intent.as_str()).collect();
        assert_eq!(found, names, "{filter:?}");
    }
}

async fn cells_are_found(store: &dyn Store) {
    let scope = scope("cells");
    for key in [
        "limit/b",
        "limit/a",
        "limit_c",
        "Limit/d",
        "limit/%",
        "lim",
        "limit/\u{e9}",
    ] {
        let changes = [set(ABSENT, key, "1")];
        assert_eq!(commit(store, &scope, &changes).await, Commit::Stored);
    }
    for (prefix, keys) in [
        (
            "limit/",
            &["limit/%", "limit/a", "limit/b", "limit/\u{e9}"][..],
        ),
        ("limit/%", &["limit/%"]),
        ("x", &[]),
    ] {
        let found = store.cells(&scope, prefix).await;
        let found = found.expect("the store answers");
        let found: Vec<_> = found.iter().map(|cell| cell.key.as_str()).collect();
        assert_eq!(found, keys, "cells that begin with {prefix:?}");
    }
}
