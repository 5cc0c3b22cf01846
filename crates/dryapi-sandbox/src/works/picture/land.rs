//! Ridge behind ridge, fading into the haze: bare, snowed on, or wooded.

use super::canvas::Canvas;
use super::colour::{Hues, Rgb, oklch, smoothstep};
use super::noise::{Field, Noise};
use super::sky::Sky;
use crate::random::{Rng, cell};

/// How a range of ridges looks.
#[derive(Debug)]
pub(crate) struct Range {
    pub(crate) layers: u32,
    /// Where the farthest and the nearest crest lie (y).
    pub(crate) far: f32,
    pub(crate) near: f32,
    pub(crate) height: f32,
    pub(crate) snow: bool,
    pub(crate) trees: bool,
    pub(crate) hues: Hues,
}

pub(crate) fn paint(canvas: &mut Canvas, rng: &mut Rng, sky: &Sky, range: &Range) {
    let columns = canvas.columns();
    let soft = canvas.pixel();
    let rock = Noise(rng.next_u64() as u32);
    // How the ground tilts towards the light: gullies that run down and sideways, as water cuts.
    let tilt = Field::new(canvas, |x, y| {
        let bend = 0.5 * rock.at(x * 4.0, y * 4.0);
        let relief = |x: f32| rock.ridged(x * 5.5 + y * 2.0 + bend, y * 4.2 - x * 1.6 + bend, 4);
        (relief(x + 0.012) - relief(x - 0.012)) * 4.0
    });
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    for layer in 0..range.layers {
        let t = if range.layers < 2 {
            1.0
        } else {
            layer as f32 / (range.layers - 1) as f32
        };
        let crest_y = range.far + (range.near - range.far) * t.powf(1.15);
        let height = range.height * (1.0 - 0.55 * t) * rng.range(0.8, 1.2);
        let noise = Noise(rng.next_u64() as u32);
        let shift = rng.range(-50.0, 50.0);
        let wave = 1.25 + 0.8 * t;
        let rise = |x: f32| {
            let crest = if range.trees && layer > 0 {
                0.5 + 0.5 * noise.fbm(x * wave + shift, 3.7, 4)
            } else {
                noise.ridged(x * wave + shift, 3.7, 6) - 0.25
            };
            crest_y - height * crest
        };
        let wooded = range.trees && layer > 0;
        let tree = 0.025 + 0.085 * t * t;
        let crest: Vec<f32> = columns
            .iter()
            .map(|x| {
                if wooded {
                    rise(*x) - conifers(*x, tree, noise.0)
                } else {
                    rise(*x)
                }
            })
            .collect();
        let slope: Vec<f32> = columns
            .iter()
            .map(|x| {
                if wooded {
                    0.0
                } else {
                    (rise(x + 0.004) - rise(x - 0.004)) / 0.008
                }
            })
            .collect();
        let deep = oklch(
            0.17 + 0.12 * sky.daylight,
            0.035 + 0.03 * sky.daylight,
            range.hues.shadow,
        );
        let body = sky
            .haze
            .lerp(sky.middle, 0.45)
            .lerp(deep, 0.22 + 0.78 * t.powf(0.8));
        let side = if sky.sun.0 > 0.0 { -1.0 } else { 1.0 };
        // Moonlight on rock is blue to the eye.
        let shine = if sky.night { sky.haze } else { sky.light };
        let snow = oklch(0.55 + 0.40 * sky.daylight, 0.025, 250.0).lerp(shine, 0.15);
        let mist = sky.haze.lerp(sky.middle, 0.25 * t);
        canvas.paint_columns(|column, y, colour| {
            let top = crest.get(column).copied().unwrap_or(f32::MAX);
            let depth = y - top;
            let cover = smoothstep(-soft, soft, depth);
            if cover <= 0.0 {
                return colour;
            }
            let x = columns.get(column).copied().unwrap_or_default();
            let mut ground = body;
            if !wooded {
                let crest_lean = slope.get(column).copied().unwrap_or_default() * side;
                let gully = tilt.at(x * (1.0 - 0.08 * layer as f32), y - 0.15 * depth, mix) * side;
                let lean = crest_lean * 0.35 * smoothstep(0.10, 0.0, depth) + gully;
                let facing = (0.45 + 0.55 * lean).clamp(0.0, 1.0);
                ground = body.lerp(shine, 0.20 * facing * (1.0 - 0.6 * t)) * (0.84 + 0.26 * facing);
                if range.snow && t < 0.75 {
                    let line = 0.10 + 0.07 * gully;
                    let white = smoothstep(line + 0.03, line - 0.02, depth) * (1.0 - t);
                    ground = ground.lerp(snow * (0.62 + 0.38 * facing), 0.85 * white);
                }
            }
            let fog = smoothstep(0.02, 0.26, depth) * 0.62 * (1.0 - t * t);
            colour.lerp(ground.lerp(mist, fog), cover)
        });
    }
}

/// How far conifers of about `size` stand above the ground at `x`.
fn conifers(x: f32, size: f32, seed: u32) -> f32 {
    let pitch = size * 0.30;
    let at = (x / pitch).floor() as i32;
    (at - 2..=at + 2)
        .map(|i| {
            let (a, b) = (cell(i, 1, seed), cell(i, 2, seed));
            let tall = size * (0.35 + 0.65 * a * a + 0.25 * cell(i / 5, 3, seed));
            let middle = (i as f32 + 0.2 + 0.6 * b) * pitch;
            let wide = tall * 0.24;
            let t = 1.0 - (x - middle).abs() / wide;
            if t <= 0.0 {
                return 0.0;
            }
            // Branches: the edge steps in and out on its way up.
            let step = (t * 7.0 + b * 3.0).fract();
            tall * (t - 0.10 * step * (1.0 - t) * 2.0).max(0.0)
        })
        .fold(0.0, f32::max)
}

/// A hill for something to stand on: its crest at `y` under `x`, falling off to both sides.
pub(crate) fn knoll(canvas: &mut Canvas, rng: &mut Rng, x: f32, y: f32, colour: Rgb, rim: Rgb) {
    let columns = canvas.columns();
    let soft = canvas.pixel();
    let noise = Noise(rng.next_u64() as u32);
    let crest: Vec<f32> = columns
        .iter()
        .map(|at| {
            let fall = ((at - x) / 0.75).powi(2) * 0.16;
            let grass =
                0.007 * noise.at(at * 190.0, 1.0).abs() + 0.005 * noise.at(at * 61.0, 2.0).abs();
            y + fall + 0.012 * noise.fbm(at * 5.0, 9.0, 3) - grass
        })
        .collect();
    canvas.paint_columns(|column, py, under| {
        let depth = py - crest.get(column).copied().unwrap_or(f32::MAX);
        let edge = rim * (0.55 * smoothstep(0.022, 0.0, depth));
        under.lerp(colour + edge, smoothstep(-soft, soft, depth))
    });
}
