//! The other file formats of a picture.

use super::png::Image;

impl Image {
    /// The image as a JPEG file; `quality` 1 to 100. Empty beyond JPEG's 65535 pixels a side.
    pub(crate) fn encode_jpeg(&self, quality: u8) -> Vec<u8> {
        let mut file = Vec::new();
        if let (Ok(width), Ok(height)) = (u16::try_from(self.width), u16::try_from(self.height)) {
            let encoder = jpeg_encoder::Encoder::new(&mut file, quality);
            let written = encoder.encode(&self.rgb, width, height, jpeg_encoder::ColorType::Rgb);
            debug_assert!(written.is_ok(), "{written:?}");
        }
        file
    }

    /// The image as a lossless WebP file. Empty beyond WebP's 16384 pixels a side.
    pub(crate) fn encode_webp(&self) -> Vec<u8> {
        let mut file = Vec::new();
        if self.width.max(self.height) <= 16_384 {
            let encoder = image_webp::WebPEncoder::new(&mut file);
            let colour = image_webp::ColorType::Rgb8;
            let written = encoder.encode(&self.rgb, self.width, self.height, colour);
            debug_assert!(written.is_ok(), "{written:?}");
        }
        file
    }
}
