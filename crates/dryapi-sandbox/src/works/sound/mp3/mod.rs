//! MP3 files without an encoder (those there are, are not permissively licensed): the rhythm and
//! loudness of a sound, played in tones that frames can be written for by hand.
//!
//! Such tones are overtones of 38 Hz (at 44 100 Hz), so the key of a piece is lost: its chords come
//! out just, in a key of their own.

mod bits;
mod frame;

use self::frame::Kind;
use super::score::Sound;

/// Where `gain` makes a tone's amplitude 0.044 of the greatest. Measured with a decoder.
const GAIN: f32 = 190.0;
const AMPLITUDE: f32 = 0.044;

/// The sound as an MP3 file, at the rate nearest to its own that MP3 has.
pub(super) fn encode(sound: &Sound) -> Vec<u8> {
    let kind = Kind::nearest(sound.rate);
    let seconds = sound.samples() as f64 / f64::from(sound.rate);
    let frames = (seconds * f64::from(kind.rate) / kind.samples() as f64).ceil() as usize;
    let window = f64::from(sound.rate) * kind.samples() as f64 / f64::from(kind.rate);
    // An overtone of the same pitch at every rate.
    let stretch = ((44_100 + kind.rate / 2) / kind.rate) as usize;
    // The first frame holds the number of frames instead of sound.
    let mut file = vec![];
    let mut part = Part::default();
    let mut heard = 0_usize;
    let mut written = 0_usize;
    let mut add = |part: &mut Part, overtones: &[usize]| {
        written += 1;
        file.extend(part.frame(kind, written, stretch, overtones));
    };
    let mut last: &[usize] = &[];
    sound.play(|piece, samples| {
        if !piece.overtones.is_empty() {
            last = piece.overtones;
        }
        for sample in samples {
            part.hear(*sample);
            heard += 1;
            let due = (heard as f64 / window) as usize;
            if due > part.number {
                part.number = due;
                add(&mut part, last);
            }
        }
    });
    while part.number < frames {
        part.number += 1;
        add(&mut part, last);
    }
    let mut whole = info(kind, part.number, file.len());
    whole.extend(file);
    whole
}

/// The first frame of the file: silent, with the number of frames and bytes that follow, by which
/// players know the length.
fn info(kind: Kind, frames: usize, bytes: usize) -> Vec<u8> {
    let mut frame = frame::write(kind, 0, &[], 0);
    let total = (bytes + frame.len()) as u32;
    let mut tag = b"Info\0\0\0\x03".to_vec();
    tag.extend((frames as u32).to_be_bytes());
    tag.extend(total.to_be_bytes());
    for (place, byte) in frame.iter_mut().skip(kind.prelude()).zip(tag) {
        *place = byte;
    }
    frame
}

/// What was heard since the last frame.
#[derive(Debug, Default)]
struct Part {
    /// Frames so far.
    number: usize,
    power: f32,
    samples: f32,
}

impl Part {
    fn hear(&mut self, sample: i16) {
        let level = f32::from(sample) / 32_768.0;
        self.power += level * level;
        self.samples += 1.0;
    }

    /// A frame as loud as what was heard; then it starts anew.
    fn frame(&mut self, kind: Kind, number: usize, stretch: usize, overtones: &[usize]) -> Vec<u8> {
        let power = self.power / self.samples.max(1.0);
        (self.power, self.samples) = (0.0, 0.0);
        // Tones of amplitude a have a power of a² / 2 each.
        let amplitude = (power * 2.0 / overtones.len().max(1) as f32).sqrt();
        let gain = GAIN + 4.0 * (amplitude / AMPLITUDE).log2();
        if amplitude < 0.0005 || overtones.is_empty() {
            return frame::write(kind, number, &[], 0);
        }
        let tones: Vec<usize> = overtones.iter().map(|tone| tone * stretch).collect();
        frame::write(kind, number, &tones, gain as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::super::score::{Piece, Step};
    use super::*;

    fn sound(rate: u32, seconds: u32) -> Sound {
        let piece = Piece {
            samples: vec![8_000; rate as usize],
            overtones: &[8, 10, 12],
        };
        let step = |piece| Step {
            piece,
            samples: rate as usize,
        };
        Sound {
            rate,
            pieces: vec![piece],
            steps: (0..seconds).map(|at| step(at as usize % 2)).collect(),
            ending: 0,
        }
    }

    /// Every frame's header, found from the sizes the headers say.
    fn frames(file: &[u8], kind: Kind) -> usize {
        let (mut at, mut count) = (0, 0);
        while at < file.len() {
            assert_eq!(
                file[at..at + 2],
                [0xFF, if kind.granules == 2 { 0xFB } else { 0xF3 }]
            );
            let padding = usize::from(file[at + 2] >> 1 & 1);
            at += kind.samples() / 8 * frame::BIT_RATE / kind.rate as usize + padding;
            count += 1;
        }
        assert_eq!(at, file.len());
        count
    }

    #[test]
    fn frames_follow_each_other_to_the_length_asked() {
        for rate in [44_100, 48_000, 32_000, 24_000, 22_050, 16_000, 11_025] {
            let kind = Kind::nearest(rate);
            let file = encode(&sound(rate, 3));
            let wanted = (3.0 * f64::from(kind.rate) / kind.samples() as f64).ceil() as usize;
            assert_eq!(frames(&file, kind), wanted + 1, "{rate}");
            let tag = &file[kind.prelude()..];
            assert_eq!(tag[..8], *b"Info\0\0\0\x03");
            assert_eq!(tag[8..12], (wanted as u32).to_be_bytes());
            assert_eq!(tag[12..16], (file.len() as u32).to_be_bytes());
        }
    }

    #[test]
    fn silence_is_written_as_silence() {
        let file = encode(&sound(24_000, 2));
        let size = 192;
        let second = &file[size * 70..];
        assert!(second[13..size].iter().all(|byte| *byte == 0));
        assert!(
            file[size * 10 + 13..size * 11]
                .iter()
                .any(|byte| *byte != 0)
        );
    }
}
