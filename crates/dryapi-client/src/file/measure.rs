//! Measuring a file on this machine, so that asking a price does not upload it.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::sync::Arc;

use dryapi_types::{Measured, Source};

use super::upload::{Readable, Uploads};
use super::{mp4, sniff, sound};
use crate::error::Error;
use crate::shared::Shared;

/// The measure a price depends on; empty where only the service can tell. What lies elsewhere or
/// can be read once is kept for the upload that follows.
pub(crate) async fn measure(
    shared: &Arc<Shared>,
    uploads: &Uploads,
    source: &Source,
) -> Result<Measured, Error> {
    let readable = uploads.readable(shared, source).await?;
    // Headers of strangers: should a library panic on one, its size is not known.
    let measured = tokio::task::spawn_blocking(move || match readable {
        Readable::Path(path, _) => File::open(&path)
            .map(of)
            .map_err(|error| Error::file(path.display().to_string(), error)),
        Readable::Kept(_, spool) => Ok(of(spool.reader())),
    });
    measured.await.unwrap_or_else(|_| Ok(Measured::default()))
}

fn of(mut reader: impl Read + Seek) -> Measured {
    let mut first = Vec::new();
    let look = u64::try_from(sniff::LOOK).unwrap_or(u64::MAX);
    if (&mut reader).take(look).read_to_end(&mut first).is_err() || reader.rewind().is_err() {
        return Measured::default();
    }
    let media_type = sniff::kind(&first, "").map_or("", |kind| kind.media_type);
    let measured = match media_type {
        "video/mp4" | "video/quicktime" | "video/x-m4v" | "audio/m4a" => mp4::measure(&mut reader),
        picture if picture.starts_with("image/") => pixels(reader),
        _ => sound::seconds(reader).map(Measured::seconds),
    };
    measured.unwrap_or_default()
}

fn pixels(reader: impl Read + Seek) -> Option<Measured> {
    let size = imagesize::reader_size(BufReader::new(reader)).ok()?;
    let width = u32::try_from(size.width).ok()?;
    let height = u32::try_from(size.height).ok()?;
    (width > 0 && height > 0).then_some(Measured::pixels(width, height))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).unwrap();
        [&length.to_be_bytes(), name.as_slice(), content].concat()
    }

    #[test]
    fn the_bytes_say_what_is_measured() {
        let mut header = [0; 100];
        header[12..20].copy_from_slice(&[0, 0, 0, 10, 0, 0, 0, 25]);
        let moov = boxed(b"moov", &boxed(b"mvhd", &header));
        let film = [boxed(b"ftyp", b"isom\0\0\0\0isommp42"), moov].concat();
        assert_eq!(of(Cursor::new(film)), Measured::seconds(2.5));

        let gif = b"GIF89a\x02\0\x03\0\0\0\0\0\0\0";
        assert_eq!(of(Cursor::new(gif)), Measured::pixels(2, 3));

        let mut wav = b"RIFF\x2c\x08\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\0\x04\0\0\0\x04\0\0\x01\0\x08\0data\0\x08\0\0".to_vec();
        wav.extend([0x80; 2048]);
        assert_eq!(of(Cursor::new(wav)), Measured::seconds(2.0));

        for nothing in [&b""[..], b"hello", b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(of(Cursor::new(nothing)), Measured::default());
        }
    }
}
