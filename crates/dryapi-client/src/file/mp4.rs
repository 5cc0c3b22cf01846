//! A film's size and length from its header (ISO 14496-12: `moov` with `mvhd`, `trak` with `tkhd`).
//!
//! Whatever the bytes: a bounded number of boxes is looked at, and nothing is read but headers.

use std::io::{Read, Seek, SeekFrom};

use dryapi_types::Measured;

/// How many boxes are looked at.
const BOXES: u32 = 4096;

/// What of a header is read: the longest `tkhd` has 96 bytes.
const HEADER: usize = 96;

/// Reads the film's length and its first picture track's size, as far as its header says them.
pub(super) fn measure(reader: &mut (impl Read + Seek)) -> Option<Measured> {
    let end = reader.seek(SeekFrom::End(0)).ok()?;
    let mut boxes = Boxes {
        reader,
        left: BOXES,
    };
    let mut measured = Measured::default();
    let (mut at, film_end) = boxes.find(*b"moov", 0, end)?;
    while let Some(found) = boxes.next(at, film_end) {
        match &found.name {
            b"mvhd" => measured.seconds = boxes.header(&found).and_then(|bytes| seconds(&bytes)),
            b"trak" if measured.pixels.is_none() => {
                let inner = boxes.find_box(*b"tkhd", found.content, found.end);
                let header = inner.and_then(|track| boxes.header(&track));
                measured.pixels = header.and_then(|bytes| pixels(&bytes));
            }
            _ => {}
        }
        at = found.end;
    }
    Some(measured)
}

struct Found {
    name: [u8; 4],
    content: u64,
    end: u64,
}

struct Boxes<'a, R> {
    reader: &'a mut R,
    left: u32,
}

impl<R: Read + Seek> Boxes<'_, R> {
    /// The box that begins at a place and ends by another.
    fn next(&mut self, at: u64, end: u64) -> Option<Found> {
        self.left = self.left.checked_sub(1)?;
        let start: [u8; 8] = self.read(at)?;
        let (length, name) = start.split_at_checked(4)?;
        let length = u64::from(u32::from_be_bytes(length.try_into().ok()?));
        let (head, length) = match length {
            // To the end of what it is in.
            0 => (8, end.checked_sub(at)?),
            1 => (16, u64::from_be_bytes(self.read(at.checked_add(8)?)?)),
            length => (8, length),
        };
        let found = Found {
            name: name.try_into().ok()?,
            content: at.checked_add(head)?,
            end: at.checked_add(length)?,
        };
        (length >= head && found.end <= end).then_some(found)
    }

    fn find_box(&mut self, name: [u8; 4], mut at: u64, end: u64) -> Option<Found> {
        loop {
            let found = self.next(at, end)?;
            if found.name == name {
                return Some(found);
            }
            at = found.end;
        }
    }

    fn find(&mut self, name: [u8; 4], at: u64, end: u64) -> Option<(u64, u64)> {
        let found = self.find_box(name, at, end)?;
        Some((found.content, found.end))
    }

    /// The beginning of a box's content.
    fn header(&mut self, found: &Found) -> Option<Vec<u8>> {
        let length = usize::try_from(found.end.checked_sub(found.content)?).ok()?;
        let mut bytes = vec![0; length.min(HEADER)];
        self.reader.seek(SeekFrom::Start(found.content)).ok()?;
        self.reader.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    fn read<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.seek(SeekFrom::Start(at)).ok()?;
        self.reader.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// `mvhd`: units a second, and how many of them. All ones: not known.
fn seconds(header: &[u8]) -> Option<f64> {
    let (scale, length) = if header.first() == Some(&1) {
        let high = number(header, 24)?;
        let low = number(header, 28)?;
        (number(header, 20)?, u64::from(high) << 32 | u64::from(low))
    } else {
        let length = number(header, 16).filter(|length| *length != u32::MAX)?;
        (number(header, 12)?, u64::from(length))
    };
    if scale == 0 || length == 0 || length == u64::MAX {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "no film is so long that it would matter"
    )]
    let length = length as f64;
    Some(length / f64::from(scale))
}

/// `tkhd`: width and height as 16.16 fixed-point numbers; zero for what shows no picture.
fn pixels(header: &[u8]) -> Option<(u32, u32)> {
    let at = if header.first() == Some(&1) { 88 } else { 76 };
    let (width, height) = (number(header, at)? >> 16, number(header, at + 4)? >> 16);
    (width > 0 && height > 0).then_some((width, height))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn of(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).unwrap();
        [&length.to_be_bytes(), name.as_slice(), content].concat()
    }

    fn put(header: &mut [u8], at: usize, number: u32) {
        header[at..at + 4].copy_from_slice(&number.to_be_bytes());
    }

    fn film() -> Vec<u8> {
        let mut mvhd = [0; 100];
        put(&mut mvhd, 12, 600);
        put(&mut mvhd, 16, 1500);
        let sound = [0; 84];
        let mut picture = [0; 84];
        put(&mut picture, 76, 640 << 16);
        put(&mut picture, 80, 360 << 16);
        let tracks = [
            of(b"trak", &of(b"tkhd", &sound)),
            of(
                b"trak",
                &[of(b"edts", b"x"), of(b"tkhd", &picture)].concat(),
            ),
        ];
        let moov = [of(b"mvhd", &mvhd), tracks.concat()].concat();
        [
            of(b"ftyp", b"isom\0\0\0\0"),
            of(b"mdat", &[7; 500]),
            of(b"moov", &moov),
        ]
        .concat()
    }

    fn measured(bytes: &[u8]) -> Option<Measured> {
        measure(&mut Cursor::new(bytes))
    }

    #[test]
    fn length_and_size_of_the_picture_track() {
        let measured = measured(&film()).unwrap();
        assert_eq!(measured.pixels, Some((640, 360)));
        assert_eq!(measured.seconds, Some(2.5));
    }

    #[test]
    fn what_a_header_does_not_say_is_not_known() {
        assert_eq!(measured(b""), None);
        assert_eq!(measured(&of(b"ftyp", b"isom")), None);
        assert_eq!(measured(&of(b"moov", b"")), Some(Measured::default()));
        let unknown = of(b"moov", &of(b"mvhd", &[0xff; 100]));
        assert_eq!(measured(&unknown), Some(Measured::default()));
        // Empty boxes without end.
        assert_eq!(measured(&of(b"free", b"").repeat(9000)), None);
    }

    proptest! {
        #[test]
        fn measuring_is_total(at in 0usize..1000, bytes in prop::collection::vec(any::<u8>(), 0..32), cut in 0usize..2000) {
            let mut film = film();
            for (offset, byte) in bytes.iter().enumerate() {
                if let Some(place) = film.get_mut(at + offset) {
                    *place = *byte;
                }
            }
            film.truncate(cut);
            let _ = measured(&film);
        }
    }
}
