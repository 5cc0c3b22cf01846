//! Names for wishes to pay that the caller did not name: sortable by time, unique (ULIDs).

use std::time::{SystemTime, UNIX_EPOCH};

use dryapi_types::Intent;

use crate::error::{Error, ErrorKind};
use crate::random::Random;
use crate::shared::Shared;

/// Crockford's base 32.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The name the caller gave, else one that is drawn.
pub(crate) fn settle(
    shared: &Shared,
    name: Option<&str>,
    operation: &'static str,
) -> Result<Intent, Error> {
    match name {
        Some(name) => Intent::new(name)
            .map_err(|error| Error::new(ErrorKind::InvalidInput, operation, error.to_string())),
        None => draw(shared.clock.wall(), &*shared.random),
    }
}

/// 48 bits of milliseconds and 80 random bits in 26 characters.
fn draw(now: SystemTime, random: &dyn Random) -> Result<Intent, Error> {
    let millis = now
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis()
        & ((1 << 48) - 1);
    let bits = millis << 80 | random.next_u128() >> 48;
    let digit = |index: u32| {
        let at = usize::try_from(bits >> (5 * index) & 31).unwrap_or_default();
        DIGITS.get(at).copied().map_or('0', char::from)
    };
    let text: String = (0..26).rev().map(digit).collect();
    Intent::new(text).map_err(|error| Error::config(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[derive(Debug)]
    struct Fixed(u64);

    impl Random for Fixed {
        fn next_u64(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn later_intents_sort_later() {
        let at = |seconds| draw(UNIX_EPOCH + Duration::from_secs(seconds), &Fixed(7)).unwrap();
        assert_eq!(at(1_700_000_000).as_str().len(), 26);
        assert!(at(1_700_000_000) < at(1_700_000_001));
        assert_ne!(
            draw(UNIX_EPOCH, &Fixed(1)).unwrap(),
            draw(UNIX_EPOCH, &Fixed(2)).unwrap()
        );
    }
}
