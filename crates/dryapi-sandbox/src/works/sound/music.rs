//! Music: four bars of chords, a bass and a melody, over and over.

use super::score::{Piece, Sound, Step, length};
use super::tone::{add, pressed};
use crate::random::{Rng, hash_texts};
use crate::works::format::Format;

/// A piece of music.
#[derive(Clone, Debug)]
pub(crate) struct Music {
    pub(crate) caption: String,
    pub(crate) seed: i64,
    /// How long it lasts.
    pub(crate) seconds: f64,
    /// Beats a minute.
    pub(crate) bpm: u32,
    /// For instance `F# minor`; what cannot be read is C major.
    pub(crate) key: String,
    /// Beats in a bar.
    pub(crate) beats: u32,
    pub(crate) format: Format,
}

/// Samples a second. Ten minutes of it are 53 MB.
const RATE: u32 = 44_100;

/// The longest piece in seconds: the service's own bound. Source: its reference.
const LONGEST: f64 = 600.0;

/// Semitones of a scale above its key.
const MAJOR: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];
const MINOR: [i32; 7] = [0, 2, 3, 5, 7, 8, 10];

/// Degrees above that of the bar which a melody goes to.
const STEPS: [usize; 5] = [0, 2, 4, 5, 7];

/// Degrees of the scale the bars stand on, and what an MP3 plays for them.
const BARS: [(usize, &[usize]); 4] = [
    (0, &[8, 10, 12, 16]),
    (4, &[6, 12, 15, 18]),
    (5, &[5, 10, 12, 15]),
    (3, &[8, 12, 16, 20]),
];

impl Music {
    pub(crate) fn seconds(&self) -> f64 {
        self.seconds.clamp(0.0, LONGEST)
    }

    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        self.perform().encode(self.format)
    }

    fn perform(&self) -> Sound {
        let total = length(self.seconds(), RATE).max(1);
        let beat = 60.0 / f64::from(self.bpm.clamp(30, 300));
        let bar = length(beat * f64::from(self.beats.clamp(1, 12)), RATE);
        let mut rng = Rng::new(hash_texts(&[&self.caption, &self.seed.to_string()]));
        let scale = Scale::read(&self.key);
        let bars = BARS.map(|(degree, overtones)| Piece {
            samples: pressed(&compose(&mut rng, &scale, degree, bar, beat as f32)),
            overtones,
        });
        let steps = (0..total.div_ceil(bar)).map(|number| Step {
            piece: number % BARS.len(),
            samples: bar.min(total - number * bar),
        });
        Sound {
            rate: RATE,
            steps: steps.collect(),
            pieces: bars.into(),
            ending: (total / 8).min(2 * RATE as usize),
        }
    }
}

/// One bar: a bass and a chord on its first beat, a melody on the others.
fn compose(rng: &mut Rng, scale: &Scale, degree: usize, samples: usize, beat: f32) -> Vec<f32> {
    let mut bar = vec![0.0; samples];
    let whole = samples as f32 / RATE as f32;
    let warm = [0.11, 0.05, 0.02];
    for third in [0, 2, 4] {
        let hertz = scale.hertz(degree + third, 0);
        add(&mut bar, RATE, hertz, &warm, |at| {
            (at / 0.02).min(1.0) * (-at / whole * 1.5).exp()
        });
    }
    let bass = scale.hertz(degree, -2);
    add(&mut bar, RATE, bass, &[0.3, 0.12, 0.05], |at| {
        (at / 0.01).min(1.0) * (-at / whole * 2.0).exp()
    });
    let mut start = 0;
    while start < samples {
        let end = (start + length(f64::from(beat), RATE).max(1)).min(samples);
        if rng.chance(0.8)
            && let Some(note) = bar.get_mut(start..end)
        {
            let step = STEPS.get(rng.below(5) as usize).copied().unwrap_or(0);
            let hertz = scale.hertz(degree + step, 1);
            add(note, RATE, hertz, &[0.2, 0.04, 0.03], |at| {
                (at / 0.008).min(1.0) * (-at * 4.0).exp()
            });
        }
        start = end;
    }
    bar
}

/// A key and its seven notes.
#[derive(Debug, PartialEq)]
struct Scale {
    /// Semitones above C.
    tonic: i32,
    notes: [i32; 7],
}

impl Scale {
    fn read(key: &str) -> Self {
        let mut letters = key.trim().chars();
        let letter = letters.next().unwrap_or('C').to_ascii_uppercase();
        let note = "CDEFGAB"
            .chars()
            .zip(MAJOR)
            .find(|(name, _)| *name == letter);
        let shift = match letters.next() {
            Some('#' | '♯') => 1,
            Some('b' | '♭') => -1,
            _ => 0,
        };
        let minor = key.to_ascii_lowercase().contains("min");
        Self {
            tonic: note.map_or(0, |(_, semitones)| semitones) + shift,
            notes: if minor { MINOR } else { MAJOR },
        }
    }

    /// The frequency of a degree, counted on beyond the seventh; octave 0 is around middle C.
    fn hertz(&self, degree: usize, octave: i32) -> f32 {
        let above = (degree / 7) as i32;
        let note = self.notes.iter().cycle().nth(degree % 7).copied();
        let semitones = self.tonic + note.unwrap_or(0) + 12 * (octave + above) - 9;
        440.0 * (semitones as f32 / 12.0).exp2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn music(seconds: f64) -> Music {
        Music {
            caption: "calm piano".into(),
            seed: 3,
            seconds,
            bpm: 120,
            key: "A minor".into(),
            beats: 4,
            format: Format::Wav,
        }
    }

    #[test]
    fn it_lasts_as_long_as_asked_in_bars_of_the_tempo() {
        let sound = music(11.0).perform();
        assert_eq!(sound.samples(), 11 * 44_100);
        // Four beats at 120 a minute are two seconds.
        assert_eq!(sound.steps[0].samples, 2 * 44_100);
        assert_eq!(sound.steps.len(), 6);
        assert_eq!(music(99_999.0).seconds(), LONGEST);
        assert!(music(0.0).perform().samples() > 0);
    }

    #[test]
    fn keys_are_read() {
        let a = Scale::read("A minor");
        assert_eq!((a.tonic, a.notes), (9, MINOR));
        assert!((a.hertz(0, 0) - 440.0).abs() < 0.01);
        assert!((a.hertz(7, 0) - 880.0).abs() < 0.01);
        assert_eq!(Scale::read("F# major").tonic, 6);
        assert_eq!(Scale::read("Bb minor").tonic, 10);
        assert_eq!(Scale::read(""), Scale::read("C major"));
    }

    #[test]
    fn it_is_loud_enough_and_ends_softly() {
        let sound = music(8.0).perform();
        let mut all = Vec::new();
        sound.play(|_, samples| all.extend_from_slice(samples));
        let peak = |part: &[i16]| part.iter().map(|s| s.unsigned_abs()).max().unwrap();
        assert!(peak(&all) > 8_000 && peak(&all) < 32_000);
        assert!(peak(&all[all.len() - 441..]) < 1_000);
        assert_ne!(all, {
            let mut other = Vec::new();
            let loud = Music {
                seed: 4,
                ..music(8.0)
            };
            loud.perform()
                .play(|_, samples| other.extend_from_slice(samples));
            other
        });
    }
}
