//! What a file is: its bytes say it first, then its name.

/// How much of a file is looked at, in bytes.
pub(super) const LOOK: usize = 8 * 1024;

/// A media type and the extension that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) media_type: &'static str,
    pub(super) extension: &'static str,
}

const NAMED: &[(&str, &str)] = &[
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("bmp", "image/bmp"),
    ("webp", "image/webp"),
    ("svg", "image/svg+xml"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("ogg", "audio/ogg"),
    ("flac", "audio/flac"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mov", "video/quicktime"),
    ("avi", "video/x-msvideo"),
    ("wmv", "video/x-ms-wmv"),
    ("webm", "video/webm"),
    ("txt", "text/plain"),
    ("json", "application/json"),
];

/// Reads the kind from the first bytes, else from the name's extension. What the bytes only show to
/// be text, as an SVG picture is, the name says better.
pub(super) fn kind(first: &[u8], name: &str) -> Option<Kind> {
    let known = infer::get(first).filter(|known| !known.mime_type().starts_with("text/"));
    if let Some(known) = known {
        return Some(Kind {
            media_type: known.mime_type(),
            extension: known.extension(),
        });
    }
    let (_, extension) = name.rsplit_once('.')?;
    NAMED
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(extension))
        .map(|(extension, media_type)| Kind {
            media_type,
            extension,
        })
}

/// A file name that has an extension.
pub(super) fn with_extension(name: &str, kind: Option<Kind>) -> String {
    match kind {
        Some(kind) if !name.contains('.') => format!("{name}.{}", kind.extension),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn bytes_first_then_the_name() {
        assert_eq!(kind(PNG, "photo.jpg").unwrap().media_type, "image/png");
        assert_eq!(kind(b"", "song.MP3").unwrap().media_type, "audio/mpeg");
        assert_eq!(kind(b"hello", "noname"), None);
        let svg = b"<?xml version=\"1.0\"?><svg/>";
        assert_eq!(kind(svg, "cat.svg").unwrap().media_type, "image/svg+xml");
        assert_eq!(with_extension("photo", kind(PNG, "photo")), "photo.png");
        assert_eq!(with_extension("photo.x", kind(PNG, "photo.x")), "photo.x");
    }
}
