//! PNG files in and out.

use std::io::Cursor;

/// A PNG file of pixels with eight bits a channel.
pub(super) fn encode_pixels(
    width: u32,
    height: u32,
    colour: png::ColorType,
    pixels: &[u8],
) -> Vec<u8> {
    let mut file = Vec::with_capacity(pixels.len() / 2);
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    // Writing to memory cannot fail, and the buffer has the length the header promises.
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    debug_assert!(written.is_ok(), "{written:?}");
    file
}

/// Eight bits a channel, three channels a pixel, rows from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
}

impl Image {
    /// The image as a PNG file.
    pub(crate) fn encode(&self) -> Vec<u8> {
        encode_pixels(self.width, self.height, png::ColorType::Rgb, &self.rgb)
    }

    /// Reads a PNG of any colour type, up to `max_pixels`; transparency falls on white. `None` when
    /// it is no such PNG.
    pub(crate) fn decode(file: &[u8], max_pixels: u64) -> Option<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().ok()?;
        let (width, height) = (reader.info().width, reader.info().height);
        if u64::from(width) * u64::from(height) > max_pixels {
            return None;
        }
        let mut raw = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut raw).ok()?;
        raw.truncate(frame.buffer_size());
        let on_white = |value: u8, alpha: u8| {
            let (value, alpha) = (u32::from(value), u32::from(alpha));
            ((value * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        let rgb = match frame.color_type {
            png::ColorType::Rgb => raw,
            png::ColorType::Rgba => {
                let (pixels, _) = raw.as_chunks::<4>();
                pixels
                    .iter()
                    .flat_map(|[r, g, b, a]| [r, g, b].map(|c| on_white(*c, *a)))
                    .collect()
            }
            png::ColorType::Grayscale => raw.iter().flat_map(|grey| [*grey; 3]).collect(),
            png::ColorType::GrayscaleAlpha => {
                let (pixels, _) = raw.as_chunks::<2>();
                pixels
                    .iter()
                    .flat_map(|[grey, a]| [on_white(*grey, *a); 3])
                    .collect()
            }
            png::ColorType::Indexed => return None,
        };
        Some(Self { width, height, rgb })
    }
}
