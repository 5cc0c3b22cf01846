//! An MP4 of JPEG pictures, each stored once however often it is shown.

use super::boxes::{UPRIGHT, halves, put, put_full, words};

/// What is shown.
#[derive(Debug)]
pub(super) struct Movie<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) fps: u32,
    /// JPEG files.
    pub(super) pictures: &'a [Vec<u8>],
    /// Which picture every frame shows.
    pub(super) order: &'a [usize],
}

/// Parts of a second that times of the whole film are counted in.
const MILLIS: u32 = 1000;

/// No time is known: the files are the same whenever they are made.
const UNKNOWN: u32 = 0;

pub(super) fn write(movie: &Movie<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    put(&mut file, b"ftyp", |file| {
        file.extend(b"isom");
        words(file, [0x200]);
        file.extend(b"isomiso2mp41");
    });
    let mut places = Vec::new();
    put(&mut file, b"mdat", |file| {
        for picture in movie.pictures {
            places.push((file.len() as u32, picture.len() as u32));
            file.extend(picture);
        }
    });
    let shown: Vec<(u32, u32)> = movie
        .order
        .iter()
        .filter_map(|picture| places.get(*picture).copied())
        .collect();
    put(&mut file, b"moov", |file| moov(file, movie, &shown));
    file
}

fn moov(file: &mut Vec<u8>, movie: &Movie<'_>, shown: &[(u32, u32)]) {
    let frames = shown.len() as u32;
    let duration = (u64::from(frames) * u64::from(MILLIS) / u64::from(movie.fps)) as u32;
    put_full(file, b"mvhd", 0, |file| {
        words(file, [UNKNOWN, UNKNOWN, MILLIS, duration]);
        // Usual speed, full volume, ten reserved bytes.
        words(file, [0x1_0000]);
        halves(file, [0x100, 0, 0, 0, 0, 0]);
        words(file, UPRIGHT);
        words(file, [0; 6]);
        // The next track's number.
        words(file, [2]);
    });
    put(file, b"trak", |file| {
        // Enabled, and part of the film.
        put_full(file, b"tkhd", 3, |file| {
            words(file, [UNKNOWN, UNKNOWN, 1, 0, duration, 0, 0]);
            // Layer, group, volume (of a picture: none), reserved.
            halves(file, [0; 4]);
            words(file, UPRIGHT);
            words(file, [movie.width << 16, movie.height << 16]);
        });
        put(file, b"mdia", |file| {
            put_full(file, b"mdhd", 0, |file| {
                // Here time is counted in frames.
                words(file, [UNKNOWN, UNKNOWN, movie.fps, frames]);
                // Language `und`, as three letters of five bits.
                halves(file, [0x55C4, 0]);
            });
            put_full(file, b"hdlr", 0, |file| {
                words(file, [0]);
                file.extend(b"vide");
                words(file, [0; 3]);
                file.extend(b"Video\0");
            });
            put(file, b"minf", |file| {
                put_full(file, b"vmhd", 1, |file| halves(file, [0; 4]));
                put(file, b"dinf", |file| {
                    put_full(file, b"dref", 0, |file| {
                        words(file, [1]);
                        // In this file.
                        put_full(file, b"url ", 1, |_| ());
                    });
                });
                put(file, b"stbl", |file| tables(file, movie, shown));
            });
        });
    });
}

fn tables(file: &mut Vec<u8>, movie: &Movie<'_>, shown: &[(u32, u32)]) {
    let frames = shown.len() as u32;
    put_full(file, b"stsd", 0, |file| {
        words(file, [1]);
        put(file, b"mp4v", |file| sample_entry(file, movie));
    });
    // Every frame lasts one unit.
    put_full(file, b"stts", 0, |file| words(file, [1, frames, 1]));
    // Every frame is a chunk of its own, which is what lets chunks share their bytes.
    put_full(file, b"stsc", 0, |file| words(file, [1, 1, 1, 1]));
    put_full(file, b"stsz", 0, |file| {
        words(file, [0, frames]);
        words(file, shown.iter().map(|(_, length)| *length));
    });
    put_full(file, b"stco", 0, |file| {
        words(file, [frames]);
        words(file, shown.iter().map(|(start, _)| *start));
    });
}

fn sample_entry(file: &mut Vec<u8>, movie: &Movie<'_>) {
    let side = |length: u32| u16::try_from(length).unwrap_or(u16::MAX);
    // Reserved; the first data reference; reserved.
    halves(file, [0, 0, 0, 1]);
    words(file, [0; 4]);
    halves(file, [side(movie.width), side(movie.height)]);
    // 72 dots an inch, one frame a sample, no name, 24 bits, no colour table.
    words(file, [72 << 16, 72 << 16, 0]);
    halves(file, [1]);
    file.extend([0; 32]);
    halves(file, [24, 0xFFFF]);
    put_full(file, b"esds", 0, |file| {
        // An elementary stream descriptor (3) that holds a decoder's (4) and a sync layer's (6).
        // 0x6C is JPEG, 0x11 a visual stream; buffer size and bit rates are left open.
        file.extend([3, 21, 0, 0, 0]);
        file.extend([4, 13, 0x6C, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.extend([6, 1, 2]);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_point_at_their_pictures() {
        let pictures = vec![b"first".to_vec(), b"second!".to_vec()];
        let file = write(&Movie {
            width: 8,
            height: 4,
            fps: 10,
            pictures: &pictures,
            order: &[0, 1, 0],
        });
        let find = |name: &[u8]| file.windows(4).position(|four| four == name).unwrap();
        let word = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        let (sizes, places) = (find(b"stsz"), find(b"stco"));
        let shown: Vec<&[u8]> = (0..3)
            .map(|at| {
                let start = word(places + 12 + 4 * at);
                &file[start..start + word(sizes + 16 + 4 * at)]
            })
            .collect();
        assert_eq!(shown, [&b"first"[..], b"second!", b"first"]);
        assert_eq!(
            (word(find(b"mvhd") + 16), word(find(b"mvhd") + 20)),
            (1000, 300)
        );
        // The boxes of the file follow each other to its end.
        let mut at = 0;
        while at < file.len() {
            at += word(at);
        }
        assert_eq!(at, file.len());
    }
}
