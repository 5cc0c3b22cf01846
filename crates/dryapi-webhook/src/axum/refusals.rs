//! Noticing that nothing gets through, before the service gives up on us.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// After so many in a row an error is logged; after ten the service switches webhooks off.
const ALARM: u32 = 5;

/// Deliveries refused since the last accepted one.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusals(Arc<AtomicU32>);

impl Refusals {
    pub(super) fn accepted(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(super) fn refused(&self, why: &dyn Display) {
        let in_a_row = self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        tracing::warn!(%why, in_a_row, "webhook delivery refused");
        if in_a_row.is_multiple_of(ALARM) {
            tracing::error!(
                %why,
                in_a_row,
                "{in_a_row} webhook deliveries refused in a row: after 10 failures dryAPI switches \
                 the account's webhooks off"
            );
        }
    }
}
