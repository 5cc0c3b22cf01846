//! FLAC files.

use std::io::Cursor;

use flac_codec::encode::{FlacSampleWriter, Options};

use super::score::Sound;

/// The sound as a FLAC file of 16 bits a sample.
pub(super) fn encode(sound: &Sound) -> Vec<u8> {
    let mut file = Vec::new();
    let written = write(sound, &mut file);
    // Writing to memory cannot fail, and the counts agree.
    debug_assert!(written.is_ok(), "{written:?}");
    file
}

fn write(sound: &Sound, file: &mut Vec<u8>) -> Result<(), flac_codec::Error> {
    let total = Some(sound.samples() as u64);
    // No padding: nobody is going to write tags into it.
    let options = Options::fast().no_padding();
    let mut writer = FlacSampleWriter::new(Cursor::new(file), options, sound.rate, 16, 1, total)?;
    let mut wide = Vec::new();
    let mut result = Ok(());
    sound.play(|_, samples| {
        wide.clear();
        wide.extend(samples.iter().map(|sample| i32::from(*sample)));
        if let Err(error) = writer.write(&wide) {
            result = Err(error);
        }
    });
    result?;
    writer.finalize()
}

#[cfg(test)]
mod tests {
    use super::super::score::{Piece, Step};
    use super::*;

    #[test]
    fn it_reads_back() {
        let sound = Sound {
            rate: 24_000,
            pieces: vec![Piece {
                samples: (0..5000).map(|n| n % 430 * 7).collect(),
                overtones: &[],
            }],
            steps: vec![
                Step {
                    piece: 0,
                    samples: 4999
                };
                3
            ],
            ending: 0,
        };
        let mut wanted = Vec::new();
        sound.play(|_, samples| wanted.extend(samples.iter().map(|s| i32::from(*s))));
        let file = encode(&sound);
        assert!(file.starts_with(b"fLaC"));
        let mut reader = flac_codec::decode::FlacSampleReader::new(&file[..]).unwrap();
        let mut samples = vec![];
        reader.read_to_end(&mut samples).unwrap();
        assert!(samples == wanted);
    }
}
