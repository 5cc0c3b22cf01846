//! PNG without compression: it goes no further than the terminal. Source: RFC 2083, RFC 1950,
//! RFC 1951 §3.2.4.

use super::picture::Picture;

/// The most that one stored block holds.
const BLOCK: usize = 65_535;

/// A picture as a PNG file; nothing if it is too large for one.
pub(super) fn png(picture: &Picture) -> Option<Vec<u8>> {
    let width = u32::try_from(picture.width).ok()?.to_be_bytes();
    let height = u32::try_from(picture.height).ok()?.to_be_bytes();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    // Eight bits of red, green and blue; not interlaced.
    chunk(
        &mut file,
        b"IHDR",
        &[&width[..], &height, &[8, 2, 0, 0, 0]].concat(),
    )?;
    let mut rows = Vec::new();
    for row in picture.rgb.chunks(picture.width * 3) {
        // Unfiltered.
        rows.push(0);
        rows.extend_from_slice(row);
    }
    chunk(&mut file, b"IDAT", &stored(&rows)?)?;
    chunk(&mut file, b"IEND", &[])?;
    Some(file)
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) -> Option<()> {
    file.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
    file.extend_from_slice(name);
    file.extend_from_slice(data);
    file.extend(crc(&[&name[..], data].concat()).to_be_bytes());
    Some(())
}

/// A zlib stream of stored blocks.
fn stored(data: &[u8]) -> Option<Vec<u8>> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(BLOCK).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).ok()?;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    stream.extend(adler(data).to_be_bytes());
    Some(stream)
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| match crc & 1 {
            0 => crc >> 1,
            _ => crc >> 1 ^ 0xedb8_8320,
        })
    })
}

fn adler(data: &[u8]) -> u32 {
    let (one, two) = data.iter().fold((1, 0), |(one, two), byte| {
        let one = (one + u32::from(*byte)) % 65_521;
        (one, (two + one) % 65_521)
    });
    two << 16 | one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_read_it() {
        for (width, height) in [(1, 1), (3, 2), (240, 240)] {
            let pixels = width * height * 3;
            let picture = Picture {
                width,
                height,
                rgb: (0..pixels).map(|at| (at % 251) as u8).collect(),
            };
            let file = png(&picture).unwrap();
            let decoder = ::png::Decoder::new(std::io::Cursor::new(file));
            let mut reader = decoder.read_info().unwrap();
            let mut rgb = vec![0; pixels];
            let info = reader.next_frame(&mut rgb).unwrap();
            assert_eq!((info.width as usize, info.height as usize), (width, height));
            assert_eq!(rgb, picture.rgb);
        }
    }
}
