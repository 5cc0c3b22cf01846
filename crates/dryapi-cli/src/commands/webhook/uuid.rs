//! Ids and secrets nobody can guess.

use dryapi_client::{OsRandom, Random};

/// A random UUID, version 4.
pub(super) fn uuid() -> String {
    let random = OsRandom::default();
    let (high, low) = (random.next_u64(), random.next_u64());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

/// A webhook's secret of 256 bits.
pub(super) fn secret() -> String {
    let random = OsRandom::default();
    let parts: Vec<String> = (0..4)
        .map(|_| format!("{:016x}", random.next_u64()))
        .collect();
    format!("whsec_{}", parts.concat())
}
