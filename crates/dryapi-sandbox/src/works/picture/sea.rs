//! Water that mirrors whatever was painted above it, broken by ripples and lit by the sun.

use super::canvas::Canvas;
use super::colour::smoothstep;
use super::noise::Noise;
use super::sky::Sky;
use crate::random::Rng;

pub(crate) fn paint(canvas: &mut Canvas, rng: &mut Rng, sky: &Sky, horizon: f32) {
    let ripples = Noise(rng.next_u64() as u32);
    let swell = rng.range(0.7, 1.4);
    let (sun_x, _) = sky.sun;
    let deep = sky.zenith.lerp(sky.middle, 0.25) * 0.75;
    let above = canvas.take();
    let bottom = canvas.half_height();
    canvas.paint(|x, y, _| {
        if y < horizon {
            return above.at(x, y);
        }
        let depth = (y - horizon).max(0.0005);
        // Perspective: ripples are fine and flat far away, broad and steep close by.
        let (u, v) = (x / (depth + 0.10), 1.0 / (depth + 0.035));
        let wave = ripples.fbm(u * 1.1 * swell, v * 2.3, 3) + 0.5 * ripples.at(u * 4.0, v * 5.5);
        let near = smoothstep(0.0, bottom - horizon, depth);
        let mirrored = above.at(
            x + wave * (0.006 + 0.045 * near),
            horizon - depth * 0.85 - wave.abs() * (0.010 + 0.09 * near),
        );
        let clear = 0.80 - 0.45 * near + 0.12 * wave;
        let water = deep.lerp(mirrored, clear.clamp(0.15, 0.95));
        let path = (-((x - sun_x) / (0.035 + 0.22 * depth)).powi(2)).exp();
        let glint = path * smoothstep(0.12, 0.62, wave + 0.22 * path);
        let crest = smoothstep(0.45, 0.95, wave) * 0.10 * near;
        water + sky.light * (glint * if sky.night { 0.45 } else { 1.1 }) + sky.haze * crest
    });
}
