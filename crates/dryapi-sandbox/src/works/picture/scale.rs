//! Larger and smaller: Catmull-Rom enlargement, box reduction.

use super::png::Image;

/// The four Catmull-Rom weights at `t` between the second and the third sample.
fn weights(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        0.5 * (-t3 + 2.0 * t2 - t),
        0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
        0.5 * (-3.0 * t3 + 4.0 * t2 + t),
        0.5 * (t3 - t2),
    ]
}

/// For every target position: the first source position (it may lie outside) and the weights.
fn plan(length: u32, factor: u32) -> Vec<(i64, [f32; 4])> {
    (0..length * factor)
        .map(|to| {
            let from = (to as f32 + 0.5) / factor as f32 - 0.5;
            (from.floor() as i64 - 1, weights(from - from.floor()))
        })
        .collect()
}

fn inside(at: i64, length: usize) -> usize {
    at.clamp(0, length as i64 - 1) as usize
}

impl Image {
    /// The image `factor` times as wide and as high, smooth and sharp (Catmull-Rom).
    pub(crate) fn enlarged(&self, factor: u32) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let columns = plan(self.width, factor);
        let rows: Vec<&[u8]> = self.rgb.chunks_exact(width * 3).collect();
        // One stretched row is needed by up to four target rows: keep the last few.
        let stretch = |row: usize| -> Vec<f32> {
            let row = rows.get(row).copied().unwrap_or_default();
            let mut out = Vec::with_capacity(columns.len() * 3);
            for (from, weights) in &columns {
                let mut sum = [0.0_f32; 3];
                for (i, weight) in (0_i64..).zip(weights) {
                    let at = inside(from + i, width) * 3;
                    for (total, value) in sum.iter_mut().zip(row.iter().skip(at)) {
                        *total += weight * f32::from(*value);
                    }
                }
                out.extend(sum);
            }
            out
        };
        let mut kept: Vec<(usize, Vec<f32>)> = Vec::new();
        let mut rgb = Vec::with_capacity(self.rgb.len() * (factor * factor) as usize);
        for (from, weights) in plan(self.height, factor) {
            let wanted = [0, 1, 2, 3].map(|i| inside(from + i, height));
            kept.retain(|(row, _)| wanted.contains(row));
            for row in wanted {
                if !kept.iter().any(|(have, _)| *have == row) {
                    kept.push((row, stretch(row)));
                }
            }
            let mut sum = vec![0.0_f32; columns.len() * 3];
            for (row, weight) in wanted.iter().zip(weights) {
                if let Some((_, line)) = kept.iter().find(|(have, _)| have == row) {
                    for (total, value) in sum.iter_mut().zip(line) {
                        *total += weight * value;
                    }
                }
            }
            rgb.extend(
                sum.iter()
                    .map(|value| (value + 0.5).clamp(0.0, 255.0) as u8),
            );
        }
        Self {
            width: self.width * factor,
            height: self.height * factor,
            rgb,
        }
    }

    /// The image with each side an exact fraction, every pixel the mean of a square.
    pub(crate) fn reduced(&self, by: u32) -> Self {
        let by = by.max(1);
        let (width, height) = ((self.width / by).max(1), (self.height / by).max(1));
        let stride = self.width as usize * 3;
        let mut rgb = Vec::with_capacity((width * height * 3) as usize);
        for y in 0..height as usize {
            for x in 0..width as usize {
                for channel in 0..3 {
                    let rows = (0..by as usize).filter_map(|row| {
                        let at = (y * by as usize + row) * stride + x * by as usize * 3;
                        self.rgb.get(at..(at + by as usize * 3).min(self.rgb.len()))
                    });
                    let values = rows.flat_map(|row| row.iter().skip(channel).step_by(3));
                    let (sum, count) =
                        values.fold((0_u32, 0_u32), |(s, n), v| (s + u32::from(*v), n + 1));
                    rgb.push((sum / count.max(1)) as u8);
                }
            }
        }
        Self { width, height, rgb }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enlarging_keeps_flat_colour_and_reducing_undoes_it() {
        let flat = Image {
            width: 3,
            height: 2,
            rgb: [9, 120, 250].repeat(6),
        };
        let large = flat.enlarged(4);
        assert_eq!((large.width, large.height), (12, 8));
        assert_eq!(large.rgb, [9, 120, 250].repeat(96));
        assert_eq!(large.reduced(4), flat);
    }

    #[test]
    fn enlarging_is_smooth_and_keeps_the_sides_apart() {
        let edge = Image {
            width: 2,
            height: 1,
            rgb: vec![0, 0, 0, 200, 200, 200],
        };
        let row: Vec<u8> = edge
            .enlarged(4)
            .rgb
            .chunks(3)
            .take(8)
            .map(|p| p[0])
            .collect();
        assert!(row.is_sorted(), "{row:?}");
        assert!(row[0] < 20 && row[7] > 180, "{row:?}");
    }
}
