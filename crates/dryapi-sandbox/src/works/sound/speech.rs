//! Speech: a voice that says every text in syllables of its own, at the pace of a reader.

use super::score::{Piece, Sound, Step, length};
use super::tone::{add, pressed};
use crate::random::{Rng, hash_texts};
use crate::works::format::Format;

/// A text to be spoken.
#[derive(Clone, Debug)]
pub(crate) struct Speech {
    pub(crate) text: String,
    /// Equal voices sound alike.
    pub(crate) voice: String,
    /// 1 is the usual pace, 2 twice as fast.
    pub(crate) speed: f64,
    /// Samples a second.
    pub(crate) rate: u32,
    pub(crate) format: Format,
}

/// How many characters a reader speaks in a second.
const PACE: f64 = 14.0;

/// The longest speech in seconds, whatever the text: it lies in memory.
const LONGEST: f64 = 600.0;

/// Syllables a voice knows.
const SYLLABLES: usize = 24;

impl Speech {
    /// How long it lasts, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        (self.text.chars().count().max(1) as f64 * self.character()).min(LONGEST)
    }

    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        self.speak().encode(self.format)
    }

    /// Seconds of a character.
    fn character(&self) -> f64 {
        1.0 / (PACE * self.speed.clamp(0.1, 10.0))
    }

    fn speak(&self) -> Sound {
        let rate = self.rate.clamp(8_000, 48_000);
        let mut rng = Rng::new(hash_texts(&[&self.voice]));
        let deep = rng.range(100.0, 210.0);
        let longest = length(4.0 * self.character(), rate);
        // The first piece is silence: what stands between words.
        let mut pieces = vec![Piece::default()];
        pieces.extend((0..SYLLABLES).map(|_| syllable(&mut rng, deep, longest, rate)));
        let mut steps = Vec::new();
        let mut written = 0;
        let mut spoken = 0;
        let total = length(self.seconds(), rate);
        for (piece, characters) in syllables(&self.text) {
            written += characters;
            // From the beginning, so that rounding does not add up.
            let end = length(written as f64 * self.character(), rate).min(total);
            steps.push(Step {
                piece,
                samples: end.saturating_sub(spoken),
            });
            spoken = spoken.max(end);
        }
        steps.push(Step {
            piece: 0,
            samples: total.saturating_sub(spoken),
        });
        Sound {
            rate,
            pieces,
            steps,
            ending: 0,
        }
    }
}

/// Which piece every few characters of a text become: 0 is silence.
fn syllables(text: &str) -> Vec<(usize, usize)> {
    let characters: Vec<char> = text.chars().collect();
    let mut said = Vec::new();
    for word in characters.chunk_by(|a, b| a.is_alphanumeric() == b.is_alphanumeric()) {
        if !word.first().is_some_and(|first| first.is_alphanumeric()) {
            said.push((0, word.len()));
            continue;
        }
        for letters in word.chunks(word.len().div_ceil(word.len().div_ceil(3))) {
            let letters: String = letters.iter().flat_map(|c| c.to_lowercase()).collect();
            let piece = 1 + (hash_texts(&[&letters]) % SYLLABLES as u64) as usize;
            said.push((piece, letters.chars().count()));
        }
    }
    said
}

/// First and second resonance of a mouth that says a, e, i, o, u, in Hz.
const VOWELS: [(f32, f32); 5] = [
    (750.0, 1250.0),
    (500.0, 1850.0),
    (300.0, 2250.0),
    (480.0, 900.0),
    (330.0, 750.0),
];

fn syllable(rng: &mut Rng, deep: f32, samples: usize, rate: u32) -> Piece {
    let hertz = deep * rng.range(0.92, 1.12);
    let vowel = VOWELS.get(rng.below(5) as usize).copied();
    let (first, second) = vowel.unwrap_or((500.0, 1500.0));
    let near = |hertz: f32, peak: f32| (-((hertz - peak) / 160.0).powi(2)).exp();
    let loud: Vec<f32> = (1_u8..=22)
        .map(|number| {
            let at = hertz * f32::from(number);
            0.03 + 0.34 * near(at, first) + 0.16 * near(at, second) + 0.2 * near(at, hertz)
        })
        .collect();
    let mut voice = vec![0.0; samples];
    add(&mut voice, rate, hertz, &loud, |at| {
        (at / 0.03).min(1.0) * (-at * 3.0).exp()
    });
    // A consonant: a breath before the vowel, in every other syllable.
    if rng.chance(0.5) {
        for (at, sample) in voice.iter_mut().take(length(0.04, rate)).enumerate() {
            let rest = 1.0 - at as f32 / (0.04 * rate as f32);
            *sample += rng.range(-0.1, 0.1) * rest;
        }
    }
    let choices: [&[usize]; 4] = [&[4, 8, 12], &[5, 10, 15], &[4, 8, 16], &[5, 15, 20]];
    let overtones = choices.get(rng.below(4) as usize).copied();
    Piece {
        samples: pressed(&voice),
        overtones: overtones.unwrap_or(&[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn speech(text: &str, speed: f64) -> Speech {
        Speech {
            text: text.into(),
            voice: "af_sky".into(),
            speed,
            rate: 24_000,
            format: Format::Wav,
        }
    }

    #[test]
    fn length_follows_text_and_speed() {
        let text = "It was a bright cold day, and the clocks were striking ten.";
        let seconds = text.len() as f64 / PACE;
        for (speed, seconds) in [(1.0, seconds), (2.0, seconds / 2.0), (0.5, seconds * 2.0)] {
            let samples = speech(text, speed).speak().samples();
            assert_eq!(samples, length(seconds, 24_000));
        }
        assert_eq!(speech(&"word ".repeat(90_000), 1.0).seconds(), LONGEST);
        assert!(speech("", 1.0).speak().samples() > 0);
    }

    #[test]
    fn words_sound_and_spaces_are_silent() {
        let sound = speech("hello      hello", 1.0).speak();
        let mut loud = Vec::new();
        sound.play(|_, samples| {
            loud.push(samples.iter().map(|s| i64::from(s.abs())).sum::<i64>() / 1000);
        });
        // Two syllables, silence, the same two; and nothing after the end.
        assert_eq!(loud.len(), 6);
        assert!(loud[0] > 500 && loud[1] > 500, "{loud:?}");
        assert_eq!((loud[2], loud[5]), (0, 0));
        // Rounding to whole samples may differ by one.
        assert!(loud[0].abs_diff(loud[3]) < 20 && loud[1].abs_diff(loud[4]) < 20);
    }

    #[test]
    fn voices_differ_and_repeat() {
        let text = "Some text.";
        let mut other = speech(text, 1.0);
        other.voice = "am_adam".into();
        assert_eq!(speech(text, 1.0).encode(), speech(text, 1.0).encode());
        assert_ne!(speech(text, 1.0).encode(), other.encode());
    }
}
