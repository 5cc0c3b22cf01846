//! Gas clouds among stars: noise that warps noise, lit by two hues, crossed by lanes of dust.

use super::canvas::Canvas;
use super::colour::{Hues, Ramp, Rgb, oklch, smoothstep};
use super::noise::{Field, Noise};
use super::stars;
use crate::random::Rng;

pub(crate) fn paint(canvas: &mut Canvas, rng: &mut Rng, hues: Hues) {
    let ramp = Ramp::new(hues, 0.19, 0.10, 0.86);
    let other = Ramp::new(
        Hues {
            shadow: hues.light + 20.0,
            light: hues.light + rng.range(60.0, 170.0),
        },
        0.17,
        0.08,
        0.80,
    );
    let night = oklch(0.115, 0.035, hues.shadow);
    let noise = Noise(rng.next_u64() as u32);
    let (drift_x, drift_y) = (rng.range(-40.0, 40.0), rng.range(-40.0, 40.0));
    let scale = rng.range(1.25, 2.1);
    // The bright heart lies along a slanted band, off the middle.
    let slant = rng.range(0.0, std::f32::consts::PI);
    let (sin, cos) = slant.sin_cos();
    let (heart_x, heart_y) = (rng.range(-0.18, 0.18), rng.range(-0.22, 0.1));
    let gas = Field::new(canvas, |x, y| {
        let (px, py) = (x * scale + drift_x, y * scale + drift_y);
        let warp_x = noise.fbm(px, py, 4);
        let warp_y = noise.fbm(px + 17.3, py - 4.1, 4);
        let (qx, qy) = (px + 1.3 * warp_x, py + 1.3 * warp_y);
        let cloud = 0.5 + 0.62 * noise.fbm(qx, qy, 6);
        let threads = noise.ridged(qx * 1.7 + 8.0, qy * 1.7, 4);
        let lanes = noise.fbm(qx * 1.1 - 31.0, qy * 1.1 + 12.0, 5);
        let along = (x - heart_x) * cos + (y - heart_y) * sin;
        let across = (y - heart_y) * cos - (x - heart_x) * sin + 0.12 * warp_x;
        let band = (-(across / 0.30).powi(2) - (along / 0.62).powi(2)).exp();
        let light = (cloud * (0.35 + 0.95 * band)).max(0.0);
        let dust = smoothstep(0.08, 0.55, lanes) * (0.35 + 0.65 * band);
        let glow = light.powf(1.5) * (0.62 + 0.85 * threads * threads);
        let mixed = ramp.at(0.10 + 0.95 * glow).lerp(
            other.at(0.08 + 0.95 * glow),
            smoothstep(-0.35, 0.45, warp_y + 0.5 * warp_x),
        );
        let lit = night.lerp(mixed, smoothstep(0.02, 0.42, glow));
        let heart = (-((x - heart_x).powi(2) + (y - heart_y).powi(2)) / 0.028).exp();
        let core = other.at(0.98) * (heart * cloud * 0.55);
        (lit + core).lerp(night * 0.7, 0.86 * dust)
    });
    canvas.paint(|x, y, _| gas.at(x, y, Rgb::lerp));
    stars::scatter(canvas, rng, 900, f32::MAX, 1.0);
}
