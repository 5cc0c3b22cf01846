//! A skyline in rows, with lit windows once the sun is down.

use super::canvas::Canvas;
use super::colour::{Hues, oklch, smoothstep};
use super::sky::Sky;
use crate::random::{Rng, cell};

pub(crate) fn paint(canvas: &mut Canvas, rng: &mut Rng, sky: &Sky, hues: Hues, ground: f32) {
    const ROWS: u32 = 4;
    let columns = canvas.columns();
    let soft = canvas.pixel();
    for row in 0..ROWS {
        let t = row as f32 / (ROWS - 1) as f32;
        let seed = rng.next_u64() as u32;
        let pitch = 0.062 + 0.05 * t;
        let base = ground + 0.26 * t;
        let shift = rng.unit();
        // Which house stands in a column, how high, and how far from its left wall the column is.
        let houses: Vec<(i32, f32, f32)> = columns
            .iter()
            .map(|x| {
                let place = x / pitch + shift;
                let id = place.floor() as i32;
                let (a, b) = (cell(id, 1, seed), cell(id, 2, seed));
                let mut top = base - 0.07 - (0.30 - 0.10 * t) * a * a - 0.05 * b;
                let at = place - place.floor();
                if cell(id, 3, seed) > 0.6 && at > 0.25 && at < 0.75 {
                    top -= 0.022;
                }
                let mast = (at - 0.5).abs() * pitch < 0.0022;
                if mast && a > 0.62 {
                    top -= 0.06 * b + 0.02;
                }
                (id, top, at * pitch)
            })
            .collect();
        let deep = oklch(0.13 + 0.10 * sky.daylight, 0.04, hues.shadow);
        let wall = sky.haze.lerp(sky.middle, 0.5).lerp(deep, 0.35 + 0.65 * t);
        let warm = oklch(0.86, 0.13, 78.0);
        let cold = oklch(0.86, 0.09, hues.light);
        let dusk = 1.0 - smoothstep(0.3, 0.9, sky.daylight);
        let (pane_w, pane_h) = (0.0085 + 0.004 * t, 0.0125 + 0.006 * t);
        canvas.paint_columns(|column, y, colour| {
            let (id, top, at) = houses.get(column).copied().unwrap_or((0, f32::MAX, 0.0));
            let depth = y - top;
            let cover = smoothstep(-soft, soft, depth);
            if cover <= 0.0 {
                return colour;
            }
            let facade = wall.lerp(sky.haze, 0.42 * (1.0 - t) * smoothstep(0.0, 0.35, depth));
            let (i, j) = ((at / pane_w).floor(), (depth / pane_h).floor());
            let (fx, fy) = (at / pane_w - i, depth / pane_h - j);
            let pane = fx > 0.28 && fx < 0.78 && fy > 0.28 && fy < 0.74 && depth > 0.012;
            let inside = at > 0.006 && at < pitch - 0.006;
            let key = cell(id * 64 + i as i32, j as i32, seed);
            let lit = if pane && inside && key < 0.42 {
                dusk * (0.35 + 1.1 * key)
            } else {
                0.0
            };
            let lamp = if key < 0.34 { warm } else { cold };
            colour.lerp(facade + lamp * (lit * (0.35 + 0.5 * t)), cover)
        });
    }
}
