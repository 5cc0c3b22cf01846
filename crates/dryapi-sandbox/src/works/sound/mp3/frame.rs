//! One frame of MPEG audio, layer III, written bit by bit (ISO/IEC 11172-3, 13818-3).
//!
//! A frame says how strong each of 576 narrow bands of the spectrum is. Ours only ever say "one" or
//! "nothing": two neighbouring bands of the same strength, whose signs follow the phase from frame
//! to frame, sound as one clean tone. Every other thing a frame can do stays switched off: no
//! scale factors, no short blocks, no borrowing of bits from the frame before.

use super::bits::Bits;

/// Bits a second; of one channel, and enough for far more than our tones.
pub(super) const BIT_RATE: usize = 64_000;

/// What the header says of the rate of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Samples a second.
    pub(super) rate: u32,
    /// MPEG-2's half rates have one granule of 576 samples a frame, MPEG-1 has two.
    pub(super) granules: usize,
    index: u32,
}

impl Kind {
    const ALL: [Self; 6] = [
        Self::new(44_100, 2, 0),
        Self::new(48_000, 2, 1),
        Self::new(32_000, 2, 2),
        Self::new(22_050, 1, 0),
        Self::new(24_000, 1, 1),
        Self::new(16_000, 1, 2),
    ];

    const fn new(rate: u32, granules: usize, index: u32) -> Self {
        Self {
            rate,
            granules,
            index,
        }
    }

    /// The kind nearest to a rate: MP3 has no others.
    pub(super) fn nearest(rate: u32) -> Self {
        let nearest = Self::ALL.into_iter();
        let nearest = nearest.min_by_key(|kind| kind.rate.abs_diff(rate));
        nearest.unwrap_or(Self::new(44_100, 2, 0))
    }

    /// Samples of a frame.
    pub(super) const fn samples(self) -> usize {
        self.granules * 576
    }

    /// The bytes of frame `number`, and whether it is padded: one byte longer than others, so that
    /// the bit rate comes out over time.
    pub(super) fn bytes(self, number: usize) -> (usize, bool) {
        let until = |frames: usize| {
            (frames as u64 * self.samples() as u64 / 8 * BIT_RATE as u64 / u64::from(self.rate))
                as usize
        };
        let least = self.samples() / 8 * BIT_RATE / self.rate as usize;
        let bytes = until(number + 1) - until(number);
        (bytes, bytes > least)
    }

    /// Bytes of header and side information: what the spectrum comes after.
    pub(super) const fn prelude(self) -> usize {
        if self.granules == 2 { 4 + 17 } else { 4 + 9 }
    }
}

/// Frame `number` of a stream: tones at `overtones` times `rate` / 1152 Hz (each at least 2 away
/// from the next) of a strength that doubles with every 4 of `gain`.
pub(super) fn write(kind: Kind, number: usize, overtones: &[usize], gain: u32) -> Vec<u8> {
    let (size, padded) = kind.bytes(number);
    let lsf = kind.granules == 1;
    let mut bits = Bits::default();
    // Sync word, version, layer III, no checksum.
    bits.push(0x7FF, 11);
    bits.push(if lsf { 0b10 } else { 0b11 }, 2);
    bits.push(0b01, 2);
    bits.push(1, 1);
    // 64 000 bits a second, in the table of each version; rate, padding, a private bit.
    bits.push(if lsf { 8 } else { 5 }, 4);
    bits.push(kind.index, 2);
    bits.push(u32::from(padded), 1);
    bits.push(0, 1);
    // One channel; no copyright, an original, no emphasis.
    bits.push(0b11, 2);
    bits.push(0, 2);
    bits.push(0b0100, 4);

    let mut spectra = Bits::default();
    // Side information: the spectrum begins in this frame (no bits borrowed), private bits, and
    // for MPEG-1 which scale factors the second granule shares.
    bits.push(0, if lsf { 8 } else { 9 });
    bits.push(0, if lsf { 1 } else { 5 + 4 });
    for granule in 0..kind.granules {
        let before = spectra.count();
        let pairs = spectrum(&mut spectra, number * kind.granules + granule, overtones);
        bits.push((spectra.count() - before) as u32, 12);
        bits.push(pairs, 9);
        bits.push(gain.min(255), 8);
        // Scale factors of no bits at all; a long block.
        bits.push(0, if lsf { 9 } else { 4 });
        bits.push(0, 1);
        // Three regions, all coded with table 1; where they meet does not matter then.
        bits.push(1, 5);
        bits.push(1, 5);
        bits.push(1, 5);
        bits.push(7, 4);
        bits.push(7, 3);
        // Pre-emphasis (MPEG-1), scale of the scale factors, table of the smallest values.
        bits.push(0, if lsf { 2 } else { 3 });
    }
    let mut frame = bits.into_bytes();
    frame.extend(spectra.into_bytes());
    frame.resize(size, 0);
    frame
}

/// Writes the pairs of a granule with Huffman table 1, the smallest: values up to 1, then a sign
/// each. Gives the number of pairs.
fn spectrum(bits: &mut Bits, granule: usize, overtones: &[usize]) -> u32 {
    let value = |line: usize| {
        let tone = overtones
            .iter()
            .find(|tone| **tone == line || **tone == line + 1)?;
        // In the time of a granule an odd overtone makes half a turn too few: it comes back
        // upside down.
        Some(u32::from(tone % 2 == 1 && granule % 2 == 1))
    };
    let lines = overtones.iter().max().map_or(0, |highest| highest + 1);
    let pairs = lines.div_ceil(2).min(288);
    for pair in 0..pairs {
        let signs = (value(2 * pair), value(2 * pair + 1));
        let (code, width) = match signs {
            (None, None) => (0b1, 1),
            (None, Some(_)) => (0b001, 3),
            (Some(_), None) => (0b01, 2),
            (Some(_), Some(_)) => (0b000, 3),
        };
        bits.push(code, width);
        for sign in [signs.0, signs.1].into_iter().flatten() {
            bits.push(sign, 1);
        }
    }
    pairs as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_the_size_their_header_says() {
        for (rate, bytes) in [(48_000, 192), (32_000, 288), (24_000, 192), (16_000, 288)] {
            let frame = write(Kind::nearest(rate), 5, &[8, 10], 200);
            assert_eq!(frame.len(), bytes);
            assert_eq!(frame[2] & 2, 0, "no padding");
        }
        let kind = Kind::nearest(44_100);
        let sizes: Vec<usize> = (0..49).map(|n| write(kind, n, &[], 0).len()).collect();
        // 49 frames of 1152 samples at 44 100 Hz are 1.28 s: 10 240 bytes.
        assert_eq!(sizes.iter().sum::<usize>(), 10_240);
        for (number, size) in sizes.iter().enumerate() {
            let padding = write(kind, number, &[], 0)[2] >> 1 & 1;
            assert_eq!(*size, 208 + usize::from(padding));
        }
    }

    #[test]
    fn a_tone_is_written_as_the_standard_codes_it() {
        // Overtone 2: lines 1 and 2 are one. Pairs (0,1) and (1,0): 001 +, 01 +.
        let mut bits = Bits::default();
        assert_eq!(spectrum(&mut bits, 1, &[2]), 2);
        assert_eq!(bits.count(), 7);
        assert_eq!(bits.into_bytes(), [0b0010_0100]);
        // Overtone 3 of an odd granule: lines 2 and 3, both minus. Pairs (0,0) and (1,1).
        let mut bits = Bits::default();
        assert_eq!(spectrum(&mut bits, 1, &[3]), 2);
        assert_eq!(bits.into_bytes(), [0b1000_1100]);
    }

    #[test]
    fn rates_between_are_rounded() {
        assert_eq!(Kind::nearest(44_000).rate, 44_100);
        assert_eq!(Kind::nearest(8_000).rate, 16_000);
        assert_eq!(Kind::nearest(96_000).rate, 48_000);
    }
}
