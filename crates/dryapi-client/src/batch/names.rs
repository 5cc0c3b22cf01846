//! The names of a batch's rows and of its purse in the ledger.

/// The wish of a row: the same in every run, and no other row's. `attempt` counts from 1.
pub(super) fn intent(batch: &str, row: &str, attempt: u32) -> String {
    let hash = dryapi_ledger::BodyHash::of(format!("{}:{batch}{row}", batch.len())).to_string();
    let short = hash.get(..32).unwrap_or(&hash);
    match attempt {
        1 => format!("batch-{short}"),
        again => format!("batch-{short}-{again}"),
    }
}

/// Where the money of a batch is set aside.
pub(super) fn purse(batch: &str) -> String {
    format!("batch {batch}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_share_a_name() {
        assert_ne!(intent("a", "bc", 1), intent("ab", "c", 1));
        assert_ne!(intent("a", "b", 1), intent("a", "b", 2));
        assert_eq!(intent("a", "b", 1), intent("a", "b", 1));
        assert!(dryapi_types::Intent::new(intent("\u{e9} x", "\n", 12)).is_ok());
    }
}
