//! A canvas in linear light whose shorter side is 1 long, with the origin in the middle and y
//! downwards: what is painted looks the same at 64 and at 2048 pixels.

use super::colour::Rgb;
use crate::random;

/// The painting ground.
#[derive(Debug)]
pub(crate) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Rgb>,
}

impl Canvas {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width.max(1) as usize, height.max(1) as usize);
        Self {
            width,
            height,
            pixels: vec![Rgb::BLACK; width * height],
        }
    }

    /// Takes what is painted so far and leaves an empty canvas of the same size.
    pub(crate) fn take(&mut self) -> Self {
        let empty = Self::new(self.width as u32, self.height as u32);
        std::mem::replace(self, empty)
    }

    /// Pixels of the shorter side.
    pub(crate) fn short(&self) -> f32 {
        self.width.min(self.height) as f32
    }

    pub(crate) fn half_width(&self) -> f32 {
        self.width as f32 / self.short() / 2.0
    }

    pub(crate) fn half_height(&self) -> f32 {
        self.height as f32 / self.short() / 2.0
    }

    /// The length of one pixel: how soft an edge must be to look smooth.
    pub(crate) fn pixel(&self) -> f32 {
        1.0 / self.short()
    }

    /// The x of every column, for work that is the same in a whole column.
    pub(crate) fn columns(&self) -> Vec<f32> {
        let (pixel, half) = (self.pixel(), self.half_width());
        (0..self.width)
            .map(|column| (column as f32 + 0.5) * pixel - half)
            .collect()
    }

    /// Repaints everything: `f(x, y, colour there)` gives the new colour.
    pub(crate) fn paint(&mut self, f: impl FnMut(f32, f32, Rgb) -> Rgb) {
        let (x, y) = (self.half_width(), self.half_height());
        self.paint_box((-x, -y), (x, y), f);
    }

    /// Repaints the pixels between two corners.
    pub(crate) fn paint_box(
        &mut self,
        from: (f32, f32),
        to: (f32, f32),
        mut f: impl FnMut(f32, f32, Rgb) -> Rgb,
    ) {
        let (pixel, half_x, half_y) = (self.pixel(), self.half_width(), self.half_height());
        let column = |x: f32| ((x + half_x) / pixel).clamp(0.0, self.width as f32);
        let row = |y: f32| ((y + half_y) / pixel).clamp(0.0, self.height as f32);
        let (left, right) = (column(from.0) as usize, column(to.0).ceil() as usize);
        let (top, bottom) = (row(from.1) as usize, row(to.1).ceil() as usize);
        let rows = self.pixels.chunks_exact_mut(self.width).enumerate();
        for (row, line) in rows.take(bottom).skip(top) {
            let y = (row as f32 + 0.5) * pixel - half_y;
            for (column, colour) in line.iter_mut().enumerate().take(right).skip(left) {
                *colour = f((column as f32 + 0.5) * pixel - half_x, y, *colour);
            }
        }
    }

    /// Repaints every column by its index: `f(column, y, colour there)`.
    pub(crate) fn paint_columns(&mut self, mut f: impl FnMut(usize, f32, Rgb) -> Rgb) {
        let (pixel, half_y) = (self.pixel(), self.half_height());
        for (row, line) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            let y = (row as f32 + 0.5) * pixel - half_y;
            for (column, colour) in line.iter_mut().enumerate() {
                *colour = f(column, y, *colour);
            }
        }
    }

    /// The colour at a point; beyond an edge, that of the edge.
    pub(crate) fn at(&self, x: f32, y: f32) -> Rgb {
        let column = ((x + self.half_width()) * self.short()).clamp(0.0, self.width as f32 - 1.0);
        let row = ((y + self.half_height()) * self.short()).clamp(0.0, self.height as f32 - 1.0);
        self.pixels
            .get(row as usize * self.width + column as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Eight-bit sRGB, three bytes a pixel, with a shoulder for what glows and a trace of dither
    /// so that soft skies do not show bands.
    pub(crate) fn develop(&self) -> Vec<u8> {
        const STEPS: f32 = 4096.0;
        const BRIGHTEST: f32 = 3.0;
        let table: Vec<f32> = (0..=STEPS as usize)
            .map(|i| {
                let light = i as f32 / STEPS * BRIGHTEST;
                let light = if light < 0.7 {
                    light
                } else {
                    1.0 - 0.3 * (-(light - 0.7) / 0.3).exp()
                };
                let encoded = if light <= 0.003_130_8 {
                    light * 12.92
                } else {
                    1.055 * light.powf(1.0 / 2.4) - 0.055
                };
                encoded * 255.0
            })
            .collect();
        let tone = |light: f32, dither: f32| {
            let step = (light / BRIGHTEST * STEPS).clamp(0.0, STEPS - 1.0);
            let low = table.get(step as usize).copied().unwrap_or_default();
            let high = table.get(step as usize + 1).copied().unwrap_or(low);
            (low + (high - low) * step.fract() + dither) as u8
        };
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        for (at, colour) in self.pixels.iter().enumerate() {
            let dither = random::cell((at % self.width) as i32, (at / self.width) as i32, 77);
            bytes.extend([
                tone(colour.r, dither),
                tone(colour.g, dither),
                tone(colour.b, dither),
            ]);
        }
        bytes
    }
}
