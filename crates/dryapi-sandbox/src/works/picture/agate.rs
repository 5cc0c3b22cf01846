//! Polished stone: a warped landscape cut into thin strata.

use super::canvas::Canvas;
use super::colour::{Hues, Ramp, Rgb, oklch, smoothstep};
use super::noise::{Field, Noise};
use crate::random::{Rng, cell};

pub(crate) fn paint(canvas: &mut Canvas, rng: &mut Rng, hues: Hues) {
    let ramp = Ramp::new(hues, 0.17, 0.16, 0.95);
    let noise = Noise(rng.next_u64() as u32);
    let scale = rng.range(0.75, 1.35);
    let bands = rng.range(13.0, 26.0);
    let seed = rng.next_u64() as u32;
    let gold = oklch(0.84, 0.12, 84.0);
    let field = Field::new(canvas, |x, y| {
        let (px, py) = (x * scale + 40.0, y * scale - 12.0);
        let (ax, ay) = (noise.fbm(px, py, 3), noise.fbm(px + 5.2, py + 1.3, 3));
        let (bx, by) = (px + 1.6 * ax, py + 1.6 * ay);
        let (cx, cy) = (noise.fbm(bx, by, 3), noise.fbm(bx - 8.3, by + 2.8, 3));
        0.5 + 0.5 * noise.fbm(px + 1.5 * cx, py + 1.5 * cy, 4) + 0.18 * ay
    });
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let reach = canvas.pixel().max(0.002);
    canvas.paint(|x, y, _| {
        let height = field.at(x, y, mix);
        let slope_x = (field.at(x + reach, y, mix) - height) / reach;
        let slope_y = (field.at(x, y + reach, mix) - height) / reach;
        let steep = (slope_x * slope_x + slope_y * slope_y).sqrt();
        let place = height * bands;
        let band = place.floor();
        let within = place - band;
        // Bands as wide as a pixel would shimmer: their edges blur with the slope.
        let edge = (bands * steep * reach).clamp(0.02, 0.5);
        let colour_of = |band: f32| -> Rgb {
            let jitter = cell(band as i32, 7, seed);
            ramp.at(0.12 + 0.55 * (band / bands) + 0.50 * (jitter - 0.35))
        };
        let blend = smoothstep(1.0 - edge, 1.0, within);
        let stone = colour_of(band).lerp(colour_of(band + 1.0), blend);
        let round = 0.80 + 0.32 * (within * (1.0 - within) * 4.0).sqrt();
        let vein = cell(band as i32, 9, seed) > 0.80;
        let line = smoothstep(0.16, 0.0, (within - 0.5).abs()) * if vein { 0.75 } else { 0.0 };
        let light = 1.0 + 0.22 * (-0.7 * slope_x - 0.7 * slope_y).clamp(-1.5, 1.5);
        (stone * round).lerp(gold, line) * light
    });
}
