//! Colours in linear light, and ramps of colours that stay harmonious because they are drawn in
//! OKLCH (lightness, chroma, hue as the eye sees them).

use std::ops::{Add, Mul};

use crate::random::Rng;

/// A colour in linear light; 1.0 is white, more than that glows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rgb {
    pub(crate) r: f32,
    pub(crate) g: f32,
    pub(crate) b: f32,
}

impl Rgb {
    pub(crate) const BLACK: Self = Self {
        r: 0.0,
        g: 0.0,
        b: 0.0,
    };

    pub(crate) fn lerp(self, other: Self, t: f32) -> Self {
        self + (other + self * -1.0) * t
    }
}

impl Add for Rgb {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self {
            r: self.r + o.r,
            g: self.g + o.g,
            b: self.b + o.b,
        }
    }
}

impl Mul<f32> for Rgb {
    type Output = Self;
    fn mul(self, k: f32) -> Self {
        Self {
            r: self.r * k,
            g: self.g * k,
            b: self.b * k,
        }
    }
}

/// OKLCH to linear sRGB (Ottosson's matrices); out-of-gamut parts are cut at zero. Hue in degrees.
pub(crate) fn oklch(lightness: f32, chroma: f32, hue: f32) -> Rgb {
    let (sin, cos) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    Rgb {
        r: (4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s).max(0.0),
        g: (-1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s).max(0.0),
        b: (-0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s).max(0.0),
    }
}

/// The hues a picture is made of: shadows lean to one, lights to the other. Degrees of OKLCH.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hues {
    pub(crate) shadow: f32,
    pub(crate) light: f32,
}

impl Hues {
    /// Two hues that go together: neighbours more often than opposites.
    pub(crate) fn any(rng: &mut Rng) -> Self {
        let shadow = rng.range(0.0, 360.0);
        let span = rng.range(35.0, 150.0);
        Self {
            shadow,
            light: if rng.chance(0.5) {
                shadow + span
            } else {
                shadow - span
            },
        }
    }
}

/// A continuous row of colours from dark to bright.
#[derive(Debug)]
pub(crate) struct Ramp(Vec<Rgb>);

impl Ramp {
    const STEPS: usize = 48;

    pub(crate) fn new(hues: Hues, chroma: f32, dark: f32, bright: f32) -> Self {
        let steps = (0..=Self::STEPS).map(|i| {
            let t = i as f32 / Self::STEPS as f32;
            let vivid = chroma * (4.0 * t * (1.0 - t)).max(0.0).powf(0.6) + 0.02;
            oklch(
                dark + (bright - dark) * t,
                vivid,
                hues.shadow + (hues.light - hues.shadow) * t,
            )
        });
        Self(steps.collect())
    }

    pub(crate) fn at(&self, t: f32) -> Rgb {
        let place = t.clamp(0.0, 1.0) * Self::STEPS as f32;
        let step = place as usize;
        let from = self.0.get(step).copied().unwrap_or_default();
        let to = self.0.get(step + 1).copied().unwrap_or(from);
        from.lerp(to, place - step as f32)
    }
}

/// 0 below `low`, 1 above `high`, smooth between (also downwards, when `low` is the greater).
pub(crate) fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
