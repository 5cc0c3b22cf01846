//! Randomness as something that is handed in.

use std::fmt::Debug;

/// Gives random bits: for jitter, intents, boundaries and temporary names.
pub trait Random: Debug + Send + Sync + 'static {
    /// 64 random bits.
    fn next_u64(&self) -> u64;

    /// 128 random bits.
    fn next_u128(&self) -> u128 {
        u128::from(self.next_u64()) << 64 | u128::from(self.next_u64())
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct OsRandom {}

impl Random for OsRandom {
    fn next_u64(&self) -> u64 {
        // Without randomness jitter is zero and names repeat; nothing is guessed by that.
        getrandom::u64().unwrap_or_default()
    }

    fn next_u128(&self) -> u128 {
        let mut bytes = [0; 16];
        // As above. One question to the system in place of two.
        let _ = getrandom::fill(&mut bytes);
        u128::from_le_bytes(bytes)
    }
}

/// A fraction from 0 up to 1.
pub(crate) fn fraction(random: &dyn Random) -> f64 {
    let bits = u32::try_from(random.next_u64() >> 32).unwrap_or(0);
    f64::from(bits) / 4_294_967_296.0
}
