//! The sky of a landscape: a gradient for the hour, sun or moon, clouds, stars.

use super::canvas::Canvas;
use super::colour::{Rgb, oklch, smoothstep};
use super::noise::{Field, Noise};
use super::stars;
use super::words::Hour;
use crate::random::Rng;

/// The light everything else in a landscape is seen in.
#[derive(Debug)]
pub(crate) struct Sky {
    pub(crate) zenith: Rgb,
    pub(crate) middle: Rgb,
    /// What far things fade into.
    pub(crate) haze: Rgb,
    /// The colour of sun or moon.
    pub(crate) light: Rgb,
    pub(crate) sun: (f32, f32),
    pub(crate) night: bool,
    /// How bright lit ground is, 0 to 1.
    pub(crate) daylight: f32,
}

impl Sky {
    pub(crate) fn new(rng: &mut Rng, hour: Hour, horizon: f32, half: (f32, f32)) -> Self {
        let sway = rng.range(-16.0, 16.0);
        let tone = |l: f32, c: f32, h: f32| oklch(l, c, h + sway);
        let side = if rng.chance(0.5) { 1.0 } else { -1.0 };
        let x = side * rng.range(0.06, 0.30) * half.0 / 0.5;
        let low = horizon - rng.range(0.07, 0.17);
        let high = rng.range(-half.1 + 0.14, horizon - 0.30);
        let (zenith, middle, haze, light, y, daylight) = match hour {
            Hour::Day => (
                tone(0.50, 0.13, 255.0),
                tone(0.72, 0.10, 240.0),
                tone(0.92, 0.04, 215.0),
                oklch(0.99, 0.03, 95.0),
                high,
                1.0,
            ),
            Hour::Dawn => (
                tone(0.52, 0.09, 275.0),
                tone(0.76, 0.09, 350.0),
                tone(0.90, 0.075, 60.0),
                oklch(0.97, 0.06, 75.0),
                low,
                0.72,
            ),
            Hour::Sunset => (
                tone(0.27, 0.11, 295.0),
                tone(0.58, 0.18, 20.0),
                tone(0.82, 0.15, 68.0),
                oklch(0.96, 0.11, 85.0),
                low,
                0.45,
            ),
            Hour::Night => (
                tone(0.12, 0.05, 275.0),
                tone(0.22, 0.075, 262.0),
                tone(0.38, 0.085, 235.0),
                oklch(0.96, 0.025, 95.0),
                high,
                0.20,
            ),
        };
        Self {
            zenith,
            middle,
            haze,
            light,
            sun: (x, y),
            night: hour == Hour::Night,
            daylight,
        }
    }

    pub(crate) fn paint(&self, canvas: &mut Canvas, rng: &mut Rng, horizon: f32) {
        let top = -canvas.half_height();
        let (sun_x, sun_y) = self.sun;
        let span = (horizon - top).max(0.1);
        canvas.paint(|x, y, _| {
            let t = ((y - top) / span).clamp(0.0, 1.0);
            let sky = if t < 0.6 {
                self.zenith.lerp(self.middle, smoothstep(0.0, 1.0, t / 0.6))
            } else {
                self.middle
                    .lerp(self.haze, smoothstep(0.0, 1.0, (t - 0.6) / 0.4))
            };
            let d2 = (x - sun_x).powi(2) + (y - sun_y).powi(2);
            let glow = 0.42 * (-d2 / 0.16).exp() + 0.30 * (-d2 / 0.012).exp();
            if self.night {
                sky + self.haze * (glow * 0.8)
            } else {
                sky + self.light * (glow * 0.75)
            }
        });
        if self.night {
            stars::scatter(canvas, rng, 620, horizon, 0.9);
        }
        self.disc(canvas, rng);
        self.clouds(canvas, rng, horizon);
    }

    fn disc(&self, canvas: &mut Canvas, rng: &mut Rng) {
        let (x, y) = self.sun;
        let radius = rng.range(0.035, 0.075);
        let soft = canvas.pixel();
        let craters = Noise(rng.next_u64() as u32);
        let night = self.night;
        let brightness = if night { 0.95 } else { 1.9 };
        let reach = radius + 3.0 * soft;
        canvas.paint_box(
            (x - reach, y - reach),
            (x + reach, y + reach),
            |px, py, colour| {
                let d = ((px - x).powi(2) + (py - y).powi(2)).sqrt();
                let cover = smoothstep(radius + soft, radius - soft, d);
                let mut face = self.light * brightness;
                if night {
                    let (u, v) = ((px - x) / radius, (py - y) / radius);
                    let seas = smoothstep(0.05, 0.5, craters.fbm(u * 1.4, v * 1.4, 4));
                    face = face
                        * (1.0 - 0.38 * seas)
                        * (0.8 + 0.2 * (1.0 - u * u - v * v).max(0.0).sqrt());
                }
                colour.lerp(face, cover)
            },
        );
    }

    fn clouds(&self, canvas: &mut Canvas, rng: &mut Rng, horizon: f32) {
        let noise = Noise(rng.next_u64() as u32);
        let amount = rng.range(0.25, 0.85) * if self.night { 0.5 } else { 1.0 };
        let lit = self
            .haze
            .lerp(self.light, if self.night { 0.06 } else { 0.5 });
        let shade = self.middle.lerp(self.zenith, 0.35);
        let field = Field::new(canvas, |x, y| {
            // Clouds flatten towards the horizon, as they do in the distance.
            let depth = (horizon - y).max(0.02);
            let (u, v) = (
                x * (0.9 + 0.25 / (depth + 0.25)),
                y * 3.4 + 0.3 / (depth + 0.2),
            );
            let warp = noise.fbm(u + 5.0, v, 3);
            noise.fbm(u * 1.6 + 0.7 * warp, v * 1.6 + 0.5 * warp, 5)
        });
        let (sun_x, sun_y) = self.sun;
        canvas.paint(|x, y, colour| {
            if y > horizon {
                return colour;
            }
            let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
            let here = field.at(x, y, mix);
            let above = field.at(x, y - 0.018, mix);
            let cover =
                smoothstep(0.02, 0.5, here) * amount * smoothstep(horizon, horizon - 0.1, y);
            let near = (-((x - sun_x).powi(2) + (y - sun_y).powi(2)) / 0.10).exp();
            let edge = (here - above) * 3.2;
            let body = shade.lerp(lit, (0.45 + edge + 0.5 * near).clamp(0.0, 1.0));
            colour.lerp(body, cover)
        });
    }
}
