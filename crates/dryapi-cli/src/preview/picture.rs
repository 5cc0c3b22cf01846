//! Pixels out of bytes nobody vouches for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The greatest JPEG that is looked at, in bytes.
const LARGEST: usize = 1024 * 1024;
/// The greatest base64 that is.
pub(super) const LONGEST: usize = LARGEST.div_ceil(3) * 4;
/// The greatest width and height, in pixels.
const WIDEST: usize = 4096;

/// The bytes in a base64; nothing if it is none, or too long to be looked at.
pub(super) fn bytes(base64: &str) -> Option<Vec<u8>> {
    let text = Some(base64).filter(|text| text.len() <= LONGEST);
    STANDARD.decode(text?).ok()
}

/// Red, green and blue, row after row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) rgb: Vec<u8>,
}

impl Picture {
    /// The picture in a JPEG; nothing if it is none, or too large to be looked at.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > LARGEST {
            return None;
        }
        let options = DecoderOptions::default()
            .set_max_width(WIDEST)
            .set_max_height(WIDEST)
            .jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        decoder.decode_headers().ok()?;
        let info = decoder.info()?;
        let (width, height) = (usize::from(info.width), usize::from(info.height));
        let rgb = decoder.decode().ok()?;
        let whole = width > 0 && height > 0 && rgb.len() == width * height * 3;
        whole.then_some(Self { width, height, rgb })
    }

    /// The same picture in at most so many pixels, its shape kept: each new pixel is the mean of
    /// those it stands for.
    pub(super) fn within(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        // In whole numbers: as wide as allowed, or as high.
        let wide = (width, (width * self.height).div_ceil(self.width));
        let high = ((height * self.width).div_ceil(self.height), height);
        let (width, height) = if wide.1 <= height { wide } else { high };
        self.scaled(width.min(self.width), height.min(self.height))
    }

    pub(super) fn scaled(&self, width: usize, height: usize) -> Self {
        let mut rgb = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            let rows = span(y, height, self.height);
            for x in 0..width {
                let columns = span(x, width, self.width);
                rgb.extend(self.mean(rows.clone(), columns));
            }
        }
        Self { width, height, rgb }
    }

    fn mean(&self, rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> [u8; 3] {
        let mut sum = [0_u32; 3];
        let mut count = 0_u32;
        for y in rows {
            let start = y * self.width;
            let row = self
                .rgb
                .get((start + columns.start) * 3..(start + columns.end) * 3);
            for pixel in row.unwrap_or_default().as_chunks::<3>().0 {
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += u32::from(*value);
                }
                count += 1;
            }
        }
        sum.map(|sum| (sum / count.max(1)) as u8)
    }

    /// A pixel; black outside.
    pub(super) fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let pixels = self.rgb.as_chunks::<3>().0;
        let inside = x < self.width;
        let found = pixels.get(y * self.width + x).filter(|_| inside);
        found.copied().unwrap_or_default()
    }
}

/// Which of `old` places one of `new` stands for: at least one.
fn span(at: usize, new: usize, old: usize) -> std::ops::Range<usize> {
    let start = (at * old / new).min(old - 1);
    let end = ((at + 1) * old / new).clamp(start + 1, old);
    start..end
}

#[cfg(test)]
pub(super) mod tests {
    use jpeg_encoder::{ColorType, Encoder};

    use super::*;

    /// A JPEG of one colour.
    pub(in crate::preview) fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let pixels = [200, 100, 50].repeat(usize::from(width) * usize::from(height));
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 90)
            .encode(&pixels, width, height, ColorType::Rgb)
            .unwrap();
        bytes
    }

    /// The same, of 8 × 8 pixels, but it says it has another size.
    fn lying(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = jpeg(8, 8);
        let frame = bytes.windows(2).position(|two| two == [0xff, 0xc0]);
        let size = frame.unwrap() + 5;
        bytes[size..size + 2].copy_from_slice(&height.to_be_bytes());
        bytes[size + 2..size + 4].copy_from_slice(&width.to_be_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Picture> {
        // As it comes.
        Picture::decode(&super::bytes(&STANDARD.encode(bytes))?)
    }

    #[test]
    fn a_jpeg_is_read() {
        assert!(decode(&jpeg(4096, 1)).is_some());
        assert!(decode(&jpeg(32, 32)).is_some());
        let picture = decode(&jpeg(8, 5)).unwrap();
        assert_eq!((picture.width, picture.height), (8, 5));
        let [red, green, blue] = picture.pixel(3, 3);
        assert!(red.abs_diff(200) < 4 && green.abs_diff(100) < 4 && blue.abs_diff(50) < 4);
        assert_eq!(picture.pixel(8, 0), [0, 0, 0]);
    }

    #[test]
    fn what_is_too_large_or_no_jpeg_is_nothing() {
        for text in ["", "!", "AAAA", "/9j/"] {
            let picture = super::bytes(text).and_then(|bytes| Picture::decode(&bytes));
            assert_eq!(picture, None, "{text}");
        }
        assert_eq!(decode(&jpeg(4097, 1)), None);
        assert_eq!(decode(&jpeg(1, 4097)), None);
        assert_eq!(decode(&lying(65535, 65535)), None);
        assert_eq!(decode(&lying(0, 8)), None);
        let mut long = jpeg(8, 8);
        long.resize(LARGEST, 0);
        assert!(
            decode(&long).is_some(),
            "what follows the picture does not count"
        );
        long.push(0);
        assert_eq!(decode(&long), None);
    }

    #[test]
    fn torn_and_changed_bytes_do_no_harm() {
        let whole = jpeg(8, 8);
        for end in 0..whole.len() {
            let _ = decode(&whole[..end]);
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                // The size itself may have changed, within the bounds.
                if let Some(picture) = decode(&changed) {
                    assert!(picture.width <= WIDEST && picture.height <= WIDEST);
                    assert_eq!(picture.rgb.len(), picture.width * picture.height * 3);
                }
            }
        }
    }

    #[test]
    fn pictures_get_smaller_never_larger_and_keep_their_shape() {
        let picture = |width, height| Picture {
            width,
            height,
            rgb: vec![7; width * height * 3],
        };
        for (size, most, expected) in [
            ((100, 50), (40, 40), (40, 20)),
            ((50, 100), (40, 40), (20, 40)),
            ((10, 10), (40, 40), (10, 10)),
            ((1000, 1), (40, 40), (40, 1)),
            ((1, 1000), (40, 40), (1, 40)),
            ((3, 3), (0, 0), (1, 1)),
        ] {
            let small = picture(size.0, size.1).within(most.0, most.1);
            assert_eq!((small.width, small.height), expected, "{size:?}");
            assert!(small.rgb.iter().all(|value| *value == 7));
            assert_eq!(small.rgb.len(), small.width * small.height * 3);
        }
    }

    #[test]
    fn a_smaller_pixel_is_the_mean_of_those_it_stands_for() {
        let picture = Picture {
            width: 2,
            height: 2,
            rgb: vec![0, 0, 0, 100, 0, 0, 0, 200, 0, 100, 200, 40],
        };
        assert_eq!(picture.scaled(1, 1).rgb, [50, 100, 10]);
        assert_eq!(picture.scaled(1, 2).rgb, [50, 0, 0, 50, 200, 20]);
    }
}
