//! A sound as a few pieces and the order they are played in.

/// A sound of one channel.
#[derive(Debug)]
pub(super) struct Sound {
    /// Samples a second.
    pub(super) rate: u32,
    pub(super) pieces: Vec<Piece>,
    pub(super) steps: Vec<Step>,
    /// Samples over which the end fades out.
    pub(super) ending: usize,
}

/// A stretch of sound that comes again and again.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) samples: Vec<i16>,
    /// What an MP3 plays for it: see `mp3`.
    pub(super) overtones: &'static [usize],
}

/// A piece played once: cut off where it is longer, silent where it is shorter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) piece: usize,
    pub(super) samples: usize,
}

/// Samples over which a step fades, so that cutting a piece off does not click.
const FADE: usize = 96;

impl Sound {
    pub(super) fn samples(&self) -> usize {
        self.steps.iter().map(|step| step.samples).sum()
    }

    /// The whole sound from its beginning, a step at a time.
    pub(super) fn play(&self, mut listen: impl FnMut(&Piece, &[i16])) {
        let silence = Piece::default();
        let total = self.samples();
        let mut played = 0;
        let mut buffer = Vec::new();
        for step in &self.steps {
            let piece = self.pieces.get(step.piece).unwrap_or(&silence);
            let taken = piece.samples.iter().take(step.samples);
            buffer.clear();
            buffer.extend(taken);
            buffer.resize(step.samples, 0);
            fade(&mut buffer, FADE, 0);
            played += step.samples;
            let left = total - played;
            if left < self.ending {
                fade(&mut buffer, self.ending, left);
            }
            listen(piece, &buffer);
        }
    }
}

/// Lets `samples` fall to silence over `length` samples that end `left` samples after them.
fn fade(samples: &mut [i16], length: usize, left: usize) {
    for (at, sample) in samples.iter_mut().rev().take(length).enumerate() {
        let level = (at + left).min(length) as i64;
        *sample = (i64::from(*sample) * level / length.max(1) as i64) as i16;
    }
}

/// Seconds as samples; what is no length is none.
pub(super) fn length(seconds: f64, rate: u32) -> usize {
    (seconds.max(0.0) * f64::from(rate)).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Sound {
        let piece = Piece {
            samples: vec![1000; 300],
            overtones: &[],
        };
        let step = |piece, samples| Step { piece, samples };
        Sound {
            rate: 8000,
            pieces: vec![piece],
            steps: vec![step(0, 200), step(9, 50), step(0, 400)],
            ending: 0,
        }
    }

    fn heard(sound: &Sound) -> Vec<i16> {
        let mut all = Vec::new();
        sound.play(|_, samples| all.extend_from_slice(samples));
        all
    }

    #[test]
    fn steps_cut_and_fill_pieces_without_a_click() {
        let all = heard(&sound());
        assert_eq!(all.len(), 650);
        assert_eq!((all[0], all[100], all[199]), (1000, 1000, 0));
        assert!(all[200..250].iter().all(|sample| *sample == 0));
        assert!(all[550..].iter().all(|sample| *sample == 0));
    }

    #[test]
    fn an_ending_fades_over_several_steps() {
        let all = heard(&Sound {
            ending: 640,
            ..sound()
        });
        assert!(all[20] > all[90] && all[90] > all[300] && all[300] > all[400]);
    }
}
