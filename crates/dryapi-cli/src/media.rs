//! What a file is, and what its name says it is.

use std::path::Path;

/// A file that is not what its name says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Differs {
    /// The extension of its name.
    pub(crate) wanted: String,
    /// What it is, as a media type.
    pub(crate) is: String,
}

/// Extensions and the media types they stand for.
const TYPES: &[(&str, &[&str])] = &[
    ("png", &["image/png"]),
    ("jpg", &["image/jpeg"]),
    ("jpeg", &["image/jpeg"]),
    ("webp", &["image/webp"]),
    ("gif", &["image/gif"]),
    ("bmp", &["image/bmp"]),
    ("mp4", &["video/mp4"]),
    ("webm", &["video/webm"]),
    ("mov", &["video/quicktime"]),
    ("mp3", &["audio/mpeg"]),
    ("wav", &["audio/x-wav", "audio/wav", "audio/wave"]),
    ("flac", &["audio/x-flac", "audio/flac"]),
    ("ogg", &["audio/ogg"]),
    ("opus", &["audio/opus", "audio/ogg"]),
    ("txt", &["text/plain"]),
    ("json", &["application/json"]),
];

/// Whether a file's content is something else than its extension says. Its bytes say it first,
/// then its storage; nothing is said of what neither knows.
pub(crate) fn differs(path: &Path, media_type: Option<&str>) -> Option<Differs> {
    let wanted = path.extension()?.to_str()?.to_ascii_lowercase();
    let (_, expected) = TYPES.iter().find(|(extension, _)| *extension == wanted)?;
    let seen = infer::get_from_path(path).ok().flatten();
    let is = match seen {
        Some(kind) => kind.mime_type().to_owned(),
        None => media_type?.split(';').next()?.trim().to_ascii_lowercase(),
    };
    let vague = is.is_empty() || is == "application/octet-stream";
    (!vague && !expected.contains(&is.as_str())).then_some(Differs { wanted, is })
}

/// Whether files with this extension are for reading.
pub(crate) fn is_text(extension: &str) -> bool {
    matches!(extension, "txt" | "json" | "srt" | "vtt" | "md" | "csv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_lies_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(differs(&file("a.png", png), Some("image/jpeg")), None);
        let said = differs(&file("a.gif", png), Some("image/gif")).unwrap();
        assert_eq!(
            (said.wanted.as_str(), said.is.as_str()),
            ("gif", "image/png")
        );
        assert_eq!(differs(&file("a.xyz", png), None), None);
        assert_eq!(
            differs(&file("a.txt", b"hello"), Some("text/plain; charset=utf-8")),
            None
        );
        assert_eq!(
            differs(&file("a.mp3", b"hello"), Some("application/octet-stream")),
            None
        );
    }
}
