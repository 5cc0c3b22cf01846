//! Tones added up from their overtones.

use std::f32::consts::TAU;

/// Adds a tone to `samples`: `loud` gives the strength of every overtone, the first being the tone
/// itself, and `level` what is heard of it at a moment (in seconds from its beginning).
pub(super) fn add(
    samples: &mut [f32],
    rate: u32,
    hertz: f32,
    loud: &[f32],
    level: impl Fn(f32) -> f32,
) {
    let rate = rate as f32;
    for (number, loud) in (1_u8..).zip(loud) {
        let hertz = hertz * f32::from(number);
        // Above half the rate, a tone would come back as another one.
        if *loud <= 0.0 || hertz * 2.0 >= rate {
            continue;
        }
        // Turning a pointer is cheaper than a sine for every sample.
        let (sin, cos) = (TAU * hertz / rate).sin_cos();
        let (mut x, mut y) = (1.0_f32, 0.0_f32);
        for (at, sample) in samples.iter_mut().enumerate() {
            *sample += y * loud * level(at as f32 / rate);
            (x, y) = (x * cos - y * sin, x * sin + y * cos);
        }
    }
}

/// Samples of -1 to 1 as 16 bits, louder ones bent rather than cut off.
pub(super) fn pressed(samples: &[f32]) -> Vec<i16> {
    let bend = |sample: f32| sample / (1.0 + sample.abs().powi(3)).cbrt();
    samples
        .iter()
        .map(|sample| (bend(*sample) * 32_000.0) as i16)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_swings_as_often_as_asked() {
        let mut samples = vec![0.0; 8000];
        add(&mut samples, 8000, 440.0, &[0.5, 0.0], |_| 1.0);
        let up = samples.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0);
        assert!((439..=440).contains(&up.count()));
        let mut silent = vec![0.0; 100];
        add(&mut silent, 8000, 4001.0, &[0.5], |_| 1.0);
        assert!(silent.iter().all(|sample| *sample == 0.0));
        assert!(pressed(&[9.0])[0] > 31_000);
    }
}
