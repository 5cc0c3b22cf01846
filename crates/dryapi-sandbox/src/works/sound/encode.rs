//! The file formats of a sound.

use super::score::Sound;
use super::{flac, mp3, wav};
use crate::works::format::Format;

impl Sound {
    /// The file, or none where the format is not one of sound.
    pub(super) fn encode(&self, format: Format) -> Option<Vec<u8>> {
        match format {
            Format::Wav => Some(wav::encode(self)),
            Format::Flac => Some(flac::encode(self)),
            Format::Mp3 => Some(mp3::encode(self)),
            _ => None,
        }
    }
}
