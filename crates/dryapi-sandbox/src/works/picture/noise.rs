//! Gradient noise, sums of it, and fields: noise computed on a coarse grid and stretched, so that
//! a picture costs about the same at any size.

use super::canvas::Canvas;
use crate::random::scramble;

/// Smooth noise over the plane, about -1 to 1; equal seeds give equal noise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noise(pub(crate) u32);

impl Noise {
    fn corner(self, x: i32, y: i32, dx: f32, dy: f32) -> f32 {
        // Eight directions are enough for the eye and need no table.
        match scramble(x, y, self.0) & 7 {
            0 => dx + dy,
            1 => dx - dy,
            2 => dy - dx,
            3 => -dx - dy,
            4 => 1.414 * dx,
            5 => -1.414 * dx,
            6 => 1.414 * dy,
            _ => -1.414 * dy,
        }
    }

    pub(crate) fn at(self, x: f32, y: f32) -> f32 {
        let (fx, fy) = (x.floor(), y.floor());
        let (ix, iy) = (fx as i32, fy as i32);
        let (dx, dy) = (x - fx, y - fy);
        let fade = |t: f32| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
        let (sx, sy) = (fade(dx), fade(dy));
        let top = self.corner(ix, iy, dx, dy);
        let top = top + sx * (self.corner(ix + 1, iy, dx - 1.0, dy) - top);
        let low = self.corner(ix, iy + 1, dx, dy - 1.0);
        let low = low + sx * (self.corner(ix + 1, iy + 1, dx - 1.0, dy - 1.0) - low);
        top + sy * (low - top)
    }

    /// Fractal sum: large soft shapes with ever finer detail, about -1 to 1.
    pub(crate) fn fbm(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut size, mut x, mut y) = (0.0, 0.5, x, y);
        for octave in 0..octaves {
            sum += size * Self(self.0.wrapping_add(octave)).at(x, y);
            size *= 0.5;
            // Turned a little each time, so that the grid does not show.
            (x, y) = (1.6 * x - 1.2 * y + 3.7, 1.2 * x + 1.6 * y + 9.1);
        }
        sum * 1.3
    }

    /// Fractal sum of sharp crests, 0 to 1: mountains, filaments.
    pub(crate) fn ridged(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut size, mut x, mut y) = (0.0, 0.5, x, y);
        for octave in 0..octaves {
            let crest = 1.0 - Self(self.0.wrapping_add(octave)).at(x, y).abs();
            sum += size * crest * crest;
            size *= 0.5;
            (x, y) = (1.6 * x - 1.2 * y + 5.3, 1.2 * x + 1.6 * y + 2.9);
        }
        sum
    }
}

/// Values on a coarse grid over a canvas, read back smoothly.
#[derive(Debug)]
pub(crate) struct Field<T> {
    values: Vec<T>,
    columns: usize,
    rows: usize,
    step: f32,
    left: f32,
    top: f32,
}

impl<T: Copy + Default> Field<T> {
    /// Grid points along the shorter side: fine enough for clouds, constant in cost.
    const FINENESS: f32 = 300.0;

    pub(crate) fn new(canvas: &Canvas, f: impl Fn(f32, f32) -> T) -> Self {
        let step = (1.0 / canvas.short()).max(1.0 / Self::FINENESS);
        let (left, top) = (-canvas.half_width() - step, -canvas.half_height() - step);
        let columns = (2.0 * canvas.half_width() / step) as usize + 4;
        let rows = (2.0 * canvas.half_height() / step) as usize + 4;
        let mut values = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let y = top + row as f32 * step;
            values.extend((0..columns).map(|column| f(left + column as f32 * step, y)));
        }
        Self {
            values,
            columns,
            rows,
            step,
            left,
            top,
        }
    }

    /// The value at a point, mixed from its four neighbours by `lerp`.
    pub(crate) fn at(&self, x: f32, y: f32, lerp: impl Fn(T, T, f32) -> T) -> T {
        let gx = ((x - self.left) / self.step).clamp(0.0, (self.columns - 2) as f32);
        let gy = ((y - self.top) / self.step).clamp(0.0, (self.rows - 2) as f32);
        let (column, row) = (gx as usize, gy as usize);
        let value = |at: usize| self.values.get(at).copied().unwrap_or_default();
        let at = row * self.columns + column;
        let upper = lerp(value(at), value(at + 1), gx - column as f32);
        let (below, tx) = (at + self.columns, gx - column as f32);
        let lower = lerp(value(below), value(below + 1), tx);
        lerp(upper, lower, gy - row as f32)
    }
}
