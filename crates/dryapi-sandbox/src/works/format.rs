//! The file formats results come in.

/// A file format, as it stands in a result's address and its `Content-Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    Png,
    Jpeg,
    WebP,
    Wav,
    Flac,
    Mp3,
    Mp4,
    Text,
    Json,
}

impl Format {
    const ALL: [Self; 9] = [
        Self::Png,
        Self::Jpeg,
        Self::WebP,
        Self::Wav,
        Self::Flac,
        Self::Mp3,
        Self::Mp4,
        Self::Text,
        Self::Json,
    ];

    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::WebP => "webp",
            Self::Wav => "wav",
            Self::Flac => "flac",
            Self::Mp3 => "mp3",
            Self::Mp4 => "mp4",
            Self::Text => "txt",
            Self::Json => "json",
        }
    }

    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Mp3 => "audio/mpeg",
            Self::Mp4 => "video/mp4",
            Self::Text => "text/plain; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    pub(crate) fn of_file(name: &str) -> Option<Self> {
        let extension = name.strip_prefix("output.")?;
        let mut all = Self::ALL.into_iter();
        all.find(|format| format.extension() == extension)
    }

    /// A sound format by the name requests give it. `ogg` is not one: no page confirms it.
    pub(crate) fn of_sound(name: &str) -> Option<Self> {
        let mut sounds = [Self::Wav, Self::Flac, Self::Mp3].into_iter();
        sounds.find(|format| format.extension() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_file() {
        for format in Format::ALL {
            let file = format!("output.{}", format.extension());
            assert_eq!(Format::of_file(&file), Some(format));
        }
        assert_eq!(Format::of_file("other.png"), None);
        assert_eq!(Format::of_sound("flac"), Some(Format::Flac));
        assert_eq!(Format::of_sound("ogg"), None);
        assert_eq!(Format::of_sound("png"), None);
    }
}
