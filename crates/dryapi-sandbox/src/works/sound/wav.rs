//! WAV files.

use std::io::Cursor;

use super::score::Sound;

/// The sound as a WAV file of 16 bits a sample.
pub(super) fn encode(sound: &Sound) -> Vec<u8> {
    let mut file = Vec::with_capacity(sound.samples() * 2 + 44);
    let written = write(sound, &mut file);
    // Writing to memory fails for more than 4 GB only, which no sound of ours is.
    debug_assert!(written.is_ok(), "{written:?}");
    file
}

fn write(sound: &Sound, file: &mut Vec<u8>) -> hound::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: sound.rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(Cursor::new(file), spec)?;
    let mut result = Ok(());
    sound.play(|_, samples| {
        let count = u32::try_from(samples.len()).unwrap_or(u32::MAX);
        let mut block = writer.get_i16_writer(count);
        for sample in samples {
            block.write_sample(*sample);
        }
        if let Err(error) = block.flush() {
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
            rate: 22_050,
            pieces: vec![Piece {
                samples: (0..500).collect(),
                overtones: &[],
            }],
            steps: vec![
                Step {
                    piece: 0,
                    samples: 400
                };
                3
            ],
            ending: 0,
        };
        let file = encode(&sound);
        let mut reader = hound::WavReader::new(&file[..]).unwrap();
        assert_eq!(reader.spec().sample_rate, 22_050);
        assert_eq!(reader.duration(), 1200);
        let samples: Vec<i16> = reader.samples().map(Result::unwrap).collect();
        assert_eq!(samples[400..600], samples[..200]);
        assert_eq!(samples[299], 299);
    }
}
