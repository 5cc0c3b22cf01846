//! Stars: a dusting of faint ones, some bright, a few with the spikes of a telescope's mirror.

use super::canvas::Canvas;
use super::colour::{Rgb, oklch};
use crate::random::Rng;

/// Scatters `count` stars above `bottom` (y), brightness scaled by `power`.
pub(crate) fn scatter(canvas: &mut Canvas, rng: &mut Rng, count: u32, bottom: f32, power: f32) {
    let (half_width, half_height) = (canvas.half_width(), canvas.half_height());
    let count = (count as f32 * 4.0 * half_width * half_height) as u32;
    for _ in 0..count {
        let x = rng.range(-half_width, half_width);
        let y = rng.range(-half_height, half_height);
        let rank = rng.unit();
        let tint = oklch(0.95, rng.range(0.0, 0.07), rng.range(20.0, 300.0));
        if y > bottom {
            continue;
        }
        // Few are bright: a steep law, as in the real sky.
        let brightness = power * (0.12 + 0.9 * rank.powi(8));
        dot(
            canvas,
            x,
            y,
            0.0011 + 0.0016 * rank.powi(12),
            tint * brightness,
        );
        if rank > 0.992 {
            sparkle(canvas, x, y, 0.03 + 0.05 * rng.unit(), tint * power);
        }
    }
}

/// A soft point of light.
pub(crate) fn dot(canvas: &mut Canvas, x: f32, y: f32, radius: f32, light: Rgb) {
    // At small sizes a star is never thinner than the grid, only fainter.
    let seen = radius.max(canvas.pixel() * 0.55);
    let light = light * (radius / seen).powi(2).max(0.25);
    let reach = seen * 3.0;
    canvas.paint_box(
        (x - reach, y - reach),
        (x + reach, y + reach),
        |px, py, colour| {
            let d2 = ((px - x).powi(2) + (py - y).powi(2)) / (seen * seen);
            colour + light * (-d2).exp()
        },
    );
}

fn sparkle(canvas: &mut Canvas, x: f32, y: f32, reach: f32, light: Rgb) {
    let thin = canvas.pixel().max(0.0012);
    canvas.paint_box(
        (x - reach, y - reach),
        (x + reach, y + reach),
        |px, py, colour| {
            let (dx, dy) = ((px - x).abs(), (py - y).abs());
            let ray = |along: f32, across: f32| {
                let fall = (1.0 - along / reach).max(0.0);
                fall.powi(4) * (-(across / thin).powi(2)).exp()
            };
            let halo = (-(dx * dx + dy * dy) / (reach * reach * 0.03)).exp() * 0.22;
            colour + light * (ray(dx, dy) + ray(dy, dx) + halo)
        },
    );
}
