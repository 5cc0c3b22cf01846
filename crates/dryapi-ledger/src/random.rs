//! Names that nobody else draws.

use crate::error::{StoreError, StoreErrorKind};

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        let text = format!("the system gives no random numbers: {error}");
        StoreError::new(StoreErrorKind::Other, text)
    })?;
    Ok(bytes)
}

/// A random number that is not 0.
pub(crate) fn number() -> Result<u64, StoreError> {
    Ok(u64::from_le_bytes(bytes()?).max(1))
}
