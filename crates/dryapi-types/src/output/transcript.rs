//! What was said in a recording.

use std::fmt;

use serde_json::Value;

use super::inline::{inline, structure, text};
use super::missing::MissingOutput;
use crate::job::JobStatus;
use crate::lenient;

/// What was said: the output of the transcription tasks.
///
/// The service's pages show a plain text and leave the layout of timestamps open; a sibling service
/// answers `{text, language, segments: […]}`. Both are read. A text with timestamps of its own
/// stays the text it is.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Transcript {
    /// All of it; empty where nothing is said.
    pub text: String,
    /// Its pieces with their times, where the service gave them.
    pub segments: Vec<Segment>,
    /// The language as the service names it, where it does.
    pub language: Option<String>,
}

/// A piece of a transcript.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Segment {
    /// When it begins, in seconds; `None` where the service gave no time.
    pub start: Option<f64>,
    /// When it ends, in seconds; `None` where the service gave no time.
    pub end: Option<f64>,
    /// What is said.
    pub text: String,
    /// Who speaks, where the service tells speakers apart.
    pub speaker: Option<String>,
}

impl Segment {
    /// A piece from one second to another.
    pub fn new(start: f64, end: f64, text: impl Into<String>) -> Self {
        Self {
            start: Some(start),
            end: Some(end),
            text: text.into(),
            speaker: None,
        }
    }

    /// Said by somebody.
    #[must_use]
    pub fn with_speaker(mut self, speaker: impl Into<String>) -> Self {
        self.speaker = Some(speaker.into());
        self
    }

    fn read(value: &Value) -> Option<Self> {
        let number = |key: &str| value.get(key).and_then(lenient::number);
        Some(Self {
            start: number("start"),
            end: number("end"),
            text: value.get("text")?.as_str()?.to_owned(),
            speaker: value.get("speaker").and_then(lenient::text),
        })
    }
}

impl Transcript {
    /// A transcript without segments, for tests of code that uses results.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// With its pieces.
    #[must_use]
    pub fn with_segments(mut self, segments: Vec<Segment>) -> Self {
        self.segments = segments;
        self
    }

    /// In a language.
    #[must_use]
    pub fn with_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// Reads what came inline.
    ///
    /// # Errors
    /// [`MissingOutput`] where no transcript came inline: it may be a file, see
    /// [`from_content`](Self::from_content).
    pub fn of(status: &JobStatus) -> Result<Self, MissingOutput> {
        let result = inline(status).ok_or(MissingOutput::new("transcript"))?;
        Self::from_value(result)
    }

    /// Reads the result's file: JSON where it is a transcript's, else plain text, in which what is
    /// no UTF-8 becomes U+FFFD.
    ///
    /// # Errors
    /// None today: every content is a text.
    pub fn from_content(content: &[u8]) -> Result<Self, MissingOutput> {
        Ok(Self::from_text(&text(content)))
    }

    pub(super) fn from_value(result: &Value) -> Result<Self, MissingOutput> {
        match result {
            Value::String(text) => Ok(Self::from_text(text)),
            other => Self::structured(other).ok_or_else(|| {
                MissingOutput::because("transcript", "the result has neither text nor segments")
            }),
        }
    }

    fn from_text(text: &str) -> Self {
        let quoted = || {
            let inner: String = serde_json::from_str(text).ok()?;
            structure(&inner)
        };
        structure(text)
            .or_else(quoted)
            .and_then(|json| Self::structured(&json))
            .unwrap_or_else(|| Self::new(text))
    }

    /// `{text, language, segments}`, any of which but one may be missing, or the segments alone.
    fn structured(json: &Value) -> Option<Self> {
        let listed = json.as_array().filter(|list| !list.is_empty());
        let segments = match listed.or_else(|| json.get("segments").and_then(Value::as_array)) {
            Some(list) => Some(list.iter().map(Segment::read).collect::<Option<Vec<_>>>()?),
            None => None,
        };
        let text = match (json.get("text").and_then(Value::as_str), &segments) {
            (Some(text), _) => text.to_owned(),
            (None, Some(segments)) => joined(segments),
            (None, None) => return None,
        };
        Some(Self {
            text,
            segments: segments.unwrap_or_default(),
            language: json.get("language").and_then(lenient::text),
        })
    }
}

fn joined(segments: &[Segment]) -> String {
    let texts: Vec<&str> = segments.iter().map(|segment| segment.text.trim()).collect();
    texts.join(" ")
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn structured() -> Value {
        json!({
            "text": "Hi. Ho.", "language": "en", "extra": 1,
            "segments": [
                {"start": 0, "end": "1.5", "text": "Hi.", "speaker": "A", "words": []},
                {"start": 1.5, "end": null, "text": "Ho."},
            ],
        })
    }

    #[test]
    fn every_shape_gives_the_same() {
        let mut last = Segment::new(1.5, 0.0, "Ho.");
        last.end = None;
        let expected = Transcript::new("Hi. Ho.")
            .with_language("en")
            .with_segments(vec![Segment::new(0.0, 1.5, "Hi.").with_speaker("A"), last]);
        let text = structured().to_string();
        for value in [structured(), json!(text), json!(json!(text).to_string())] {
            assert_eq!(Transcript::from_value(&value).unwrap(), expected, "{value}");
            let file = Transcript::from_content(value.to_string().as_bytes());
            if !value.as_str().is_some_and(|text| text.starts_with('"')) {
                assert_eq!(file.unwrap(), expected, "{value}");
            }
        }
        let mut textless = structured();
        textless.as_object_mut().unwrap().remove("text");
        assert_eq!(Transcript::from_value(&textless).unwrap(), expected);
        let alone = Transcript::from_value(&structured()["segments"]).unwrap();
        assert_eq!(
            (alone.text, alone.segments),
            (expected.text, expected.segments)
        );
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in [
            "",
            "[0.00s -> 5.00s] Hi.",
            "[]",
            "{\"a\":1}",
            "12",
            "\"Hi.\"",
            "1\n00:00:00,000 --> 00:00:01,000\nHi.\n",
        ] {
            let expected = Transcript::new(text);
            assert_eq!(Transcript::from_content(text.as_bytes()).unwrap(), expected);
            assert_eq!(Transcript::from_value(&json!(text)).unwrap(), expected);
        }
        for other in [json!(7), json!({}), json!([]), json!({"segments": [1]})] {
            assert!(Transcript::from_value(&other).is_err(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn every_content_is_a_transcript(content in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Transcript::from_content(&content).is_ok());
        }
    }
}
