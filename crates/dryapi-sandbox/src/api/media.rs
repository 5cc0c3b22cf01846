//! What there is to measure of an upload: what prices depend on.

/// Width and height in pixels of a picture, or of a film in an MP4 or MOV.
pub(super) fn pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(bytes).ok();
    let picture = size.and_then(|size| {
        let side = |length: usize| u32::try_from(length).ok();
        Some((side(size.width)?, side(size.height)?))
    });
    picture.or_else(|| film_pixels(bytes))
}

/// Seconds of a WAV or MP4; of anything else as many as its length makes likely, at 16 000 bytes a
/// second.
pub(super) fn seconds(bytes: &[u8], length: u64) -> f64 {
    wave_seconds(bytes, length)
        .or_else(|| film_seconds(bytes))
        .unwrap_or_else(|| (length as f64 / 16_000.0).max(1.0))
}

/// The numbers behind the name of a box, wherever it lies.
fn behind<'a>(bytes: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = bytes
        .windows(name.len())
        .position(|window| window == name)?;
    bytes.get(at + name.len()..)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

/// The first track's size, as `tkhd` has it: 16.16 numbers at its end.
fn film_pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes;
    loop {
        rest = behind(rest, b"tkhd")?;
        let at = if rest.first() == Some(&1) { 88 } else { 76 };
        let (width, height) = (number(rest, at)? >> 16, number(rest, at + 4)? >> 16);
        if width > 0 && height > 0 {
            return Some((width, height));
        }
    }
}

/// Duration over time scale, as `mvhd` has them.
pub(super) fn film_seconds(bytes: &[u8]) -> Option<f64> {
    let header = behind(bytes, b"mvhd")?;
    let (scale, duration) = match header.first() {
        Some(1) => (number(header, 20)?, number(header, 28)?),
        _ => (number(header, 12)?, number(header, 16)?),
    };
    (scale > 0 && duration > 0).then(|| f64::from(duration) / f64::from(scale))
}

/// The length of the data over the bytes a second, as the header has them.
fn wave_seconds(bytes: &[u8], length: u64) -> Option<f64> {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return None;
    }
    let little = |bytes: &[u8], at: usize| Some(number(bytes, at)?.swap_bytes());
    let rate = little(behind(bytes, b"fmt ")?, 12)?;
    let data = little(behind(bytes, b"data")?, 0)?;
    let data = u64::from(data).min(length);
    (rate > 0).then(|| data as f64 / f64::from(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_is_as_long_as_it_says() {
        let mut wave = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wave.extend(8000_u32.to_le_bytes());
        wave.extend(16000_u32.to_le_bytes());
        wave.extend(b"\x02\0\x10\0data");
        wave.extend(40000_u32.to_le_bytes());
        assert_eq!(seconds(&wave, 40_044), 2.5);
        assert_eq!(seconds(b"something else", 32_000), 2.0);
    }
}
