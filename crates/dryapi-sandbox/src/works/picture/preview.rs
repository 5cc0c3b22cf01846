//! What a job shows of itself while it runs: the picture coming out of the noise.

use super::png::Image;
use crate::random::cell;

impl Image {
    /// A picture of at most 64 pixels a side, as noisy as the work is unfinished (`progress` 0 to
    /// 100).
    pub(crate) fn preview(&self, progress: f64) -> Self {
        let small = self.reduced(self.width.max(self.height).div_ceil(64));
        let done = (progress / 100.0).clamp(0.0, 1.0) as f32;
        let noise = (1.0 - done).powi(2);
        let rgb = small.rgb.iter().enumerate().map(|(at, value)| {
            let grain = cell(at as i32, (progress * 10.0) as i32, 5) * 255.0;
            (f32::from(*value) * (1.0 - noise) + grain * noise) as u8
        });
        Self {
            rgb: rgb.collect(),
            ..small
        }
    }
}
