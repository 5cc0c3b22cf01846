//! A picture without its background.

use super::png::{Image, encode_pixels};

/// Up to this distance from the background's colour a pixel is clear, beyond twice it is solid.
const CLOSE: u32 = 48;

impl Image {
    /// The image as a PNG file with transparency: what looks like its edges is clear.
    pub(crate) fn encode_cut_out(&self) -> Vec<u8> {
        let (pixels, _) = self.rgb.as_chunks::<3>();
        let background = self.edge_colour(pixels);
        let rgba: Vec<u8> = pixels
            .iter()
            .flat_map(|pixel| {
                let far: u32 = pixel
                    .iter()
                    .zip(background)
                    .map(|(a, b)| u32::from(a.abs_diff(b)))
                    .sum();
                let alpha = (far.saturating_sub(CLOSE) * 255 / CLOSE).min(255) as u8;
                let [r, g, b] = *pixel;
                [r, g, b, alpha]
            })
            .collect();
        encode_pixels(self.width, self.height, png::ColorType::Rgba, &rgba)
    }

    /// The mean colour of the outermost pixels.
    fn edge_colour(&self, pixels: &[[u8; 3]]) -> [u8; 3] {
        let width = self.width.max(1) as usize;
        let last_row = pixels.len().saturating_sub(width);
        let edges = pixels.iter().enumerate().filter(|(at, _)| {
            let column = at % width;
            *at < width || *at >= last_row || column == 0 || column + 1 == width
        });
        let (mut sums, mut count) = ([0_u64; 3], 0);
        for (_, pixel) in edges {
            count += 1;
            for (sum, value) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(*value);
            }
        }
        sums.map(|sum| (sum / count.max(1)) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_become_clear_and_the_middle_stays() {
        let mut image = Image {
            width: 9,
            height: 9,
            rgb: vec![200; 9 * 9 * 3],
        };
        image.rgb[40 * 3..41 * 3].copy_from_slice(&[10, 20, 30]);
        let file = image.encode_cut_out();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&file))
            .read_info()
            .unwrap();
        assert_eq!(reader.info().color_type, png::ColorType::Rgba);
        let mut raw = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut raw).unwrap();
        assert_eq!(raw[..4], [200, 200, 200, 0]);
        assert_eq!(raw[40 * 4..41 * 4], [10, 20, 30, 255]);
    }
}
