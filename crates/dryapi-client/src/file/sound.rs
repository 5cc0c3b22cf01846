//! A sound's length from its header.

use std::io::{BufReader, Read, Seek};

use lofty::config::ParseOptions;
use lofty::file::AudioFile;
use lofty::probe::Probe;

/// The length in seconds; `None` where it cannot be told (of formats that lofty does not know, for
/// instance).
pub(super) fn seconds(reader: impl Read + Seek) -> Option<f64> {
    let options = ParseOptions::new().read_tags(false).read_cover_art(false);
    let probe = Probe::new(BufReader::new(reader)).options(options);
    let file = probe.guess_file_type().ok()?.read().ok()?;
    let seconds = file.properties().duration().as_secs_f64();
    (seconds > 0.0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// Half a second of silence: 8 kHz, one byte a sample.
    fn wav() -> Vec<u8> {
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav.extend([8000_u32.to_le_bytes(), 8000_u32.to_le_bytes()].concat());
        wav.extend(b"\x01\0\x08\0data");
        wav.extend(4000_u32.to_le_bytes());
        wav.extend([0x80; 4000]);
        let size = u32::try_from(wav.len() - 8).unwrap();
        wav[4..8].copy_from_slice(&size.to_le_bytes());
        wav
    }

    #[test]
    fn the_length_of_a_wav() {
        assert_eq!(seconds(Cursor::new(wav())), Some(0.5));
        assert_eq!(seconds(Cursor::new(b"no sound at all")), None);
    }

    proptest! {
        #[test]
        fn measuring_hostile_bytes_ends(at in 0usize..60, bytes in prop::collection::vec(any::<u8>(), 0..16), cut in 0usize..300) {
            let mut wav = wav();
            for (offset, byte) in bytes.iter().enumerate() {
                wav[at + offset] = *byte;
            }
            wav.truncate(cut);
            let _ = seconds(Cursor::new(wav));
        }
    }
}
