//! The one source of chance in the sandbox: seeded, so that a run can be repeated exactly.

/// SplitMix64: tiny, fast, and good enough for pictures and ids that must not be secret.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

/// Stirs a 64-bit value until every bit of the input moves every bit of the output.
pub(crate) const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One number for several texts (FNV-1a, stirred), so that `("ab", "c")` and `("a", "bc")` differ.
pub(crate) fn hash_texts(texts: &[&str]) -> u64 {
    hash_bytes(
        texts
            .iter()
            .flat_map(|text| text.bytes().chain(std::iter::once(0xFF))),
    )
}

/// One number for a row of bytes.
pub(crate) fn hash_bytes(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let start = 0xCBF2_9CE4_8422_2325_u64;
    let hash = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    mix(bytes.into_iter().fold(start, hash))
}

/// A number that belongs to a cell of the plane.
pub(crate) fn scramble(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x8DA6_B343)
        ^ (y as u32).wrapping_mul(0xD816_3841)
        ^ seed.wrapping_mul(0xCB1A_B31F);
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    h ^ (h >> 15)
}

/// [`scramble`] as a number in `0.0..1.0`.
pub(crate) fn cell(x: i32, y: i32, seed: u32) -> f32 {
    (scramble(x, y, seed) >> 8) as f32 / 16_777_216.0
}

impl Rng {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f32 {
        // 24 bits: what an f32 holds exactly.
        (self.next_u64() >> 40) as f32 / 16_777_216.0
    }

    pub(crate) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A whole number in `0..end` (0 when `end` is 0).
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        ((self.next_u64() >> 32).wrapping_mul(u64::from(end)) >> 32) as u32
    }

    pub(crate) fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// A version-4 uuid as text: what the service's request ids look like.
    pub(crate) fn uuid(&mut self) -> String {
        let high = self.next_u64();
        let low = self.next_u64();
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xFFFF,
            high & 0x0FFF,
            0x8000 | ((low >> 48) & 0x3FFF),
            low & 0xFFFF_FFFF_FFFF,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_version_4_uuids_and_repeat_with_the_seed() {
        let id = Rng::new(7).uuid();
        assert_eq!(id.len(), 36);
        let groups: Vec<&str> = id.split('-').collect();
        assert_eq!(
            groups.iter().map(|g| g.len()).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert!(groups[2].starts_with('4'));
        assert!(groups[3].starts_with(['8', '9', 'a', 'b']));
        assert_eq!(id, Rng::new(7).uuid());
        assert_ne!(id, Rng::new(8).uuid());
    }

    #[test]
    fn the_borders_between_texts_count() {
        assert_ne!(hash_texts(&["ab", "c"]), hash_texts(&["a", "bc"]));
    }
}
