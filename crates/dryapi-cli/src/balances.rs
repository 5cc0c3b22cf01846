//! Balances that were noted beside paid work.

use dryapi_client::Usd;
use dryapi_ledger::{Entry, EvidenceKind};

/// What was left on the account before it was sent, where that is known.
pub(crate) fn before(entry: &Entry) -> Option<Usd> {
    let mut notes = entry.evidence.iter();
    notes.find_map(|note| {
        let text = note.text.strip_prefix("before: ")?.strip_suffix(" USD")?;
        text.parse()
            .ok()
            .filter(|_| note.kind == EvidenceKind::Balance)
    })
}
