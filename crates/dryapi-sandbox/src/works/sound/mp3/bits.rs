//! Bits in a row.

/// Collects bits, the highest first.
#[derive(Debug, Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    /// Appends the lowest `width` bits of a value.
    pub(super) fn push(&mut self, value: u32, width: u32) {
        for bit in (0..width).rev() {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let shift = 7 - self.count % 8;
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> bit & 1) as u8) << shift;
            }
            self.count += 1;
        }
    }

    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// What was pushed, the last byte filled with zeros.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bit_comes_first() {
        let mut bits = Bits::default();
        bits.push(0b101, 3);
        bits.push(0x7FF, 11);
        assert_eq!(bits.count(), 14);
        assert_eq!(bits.into_bytes(), [0b1011_1111, 0b1111_1100]);
    }
}
