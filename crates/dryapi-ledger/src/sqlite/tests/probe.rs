//! Counts statements, and dies at one.

use std::sync::atomic::{AtomicU64, Ordering};

static LEFT: AtomicU64 = AtomicU64::new(u64::MAX);

/// The process ends, at once, before its `n`th statement from now on.
pub(super) fn die_at(n: u64) {
    LEFT.store(n, Ordering::SeqCst);
}

/// A statement is about to run.
pub(in super::super) fn statement() {
    let armed = LEFT.load(Ordering::SeqCst) != u64::MAX;
    if armed && LEFT.fetch_sub(1, Ordering::SeqCst) <= 1 {
        std::process::abort();
    }
}
