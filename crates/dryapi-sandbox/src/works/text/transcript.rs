//! Transcripts: what nobody said, as long as the recording.

use serde_json::{Value, json};

use super::sentences::sentence;
use crate::random::Rng;

/// A transcript of a recording.
#[derive(Clone, Debug)]
pub(crate) struct Transcript {
    pub(crate) seed: u64,
    /// How long the recording is.
    pub(crate) seconds: f64,
    /// Whether the plain text says when what is spoken.
    pub(crate) timestamps: bool,
}

/// A sentence and when it is spoken, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
struct Segment {
    start: u64,
    end: u64,
    text: String,
}

/// Milliseconds a speaker takes for a character: 14 a second.
const CHARACTER: u64 = 71;

/// Between sentences, in milliseconds.
const PAUSE: u64 = 350;

/// The longest recording: 600 minutes. Source: Limits page.
const LONGEST: f64 = 36_000.0;

impl Transcript {
    /// Plain text. With timestamps one line a segment, as
    /// `[00:00:00.000 --> 00:00:02.500] It was late.` (hours, minutes, seconds), else one paragraph.
    pub(crate) fn plain(&self) -> String {
        let segments = self.segments();
        if !self.timestamps {
            let texts: Vec<String> = segments.into_iter().map(|segment| segment.text).collect();
            return texts.join(" ");
        }
        let line = |segment: &Segment| {
            let (from, to) = (clock(segment.start), clock(segment.end));
            format!("[{from} --> {to}] {}\n", segment.text)
        };
        segments.iter().map(line).collect()
    }

    /// `{text, language, segments: [{start, end, text}]}`, in seconds: how the service's second
    /// version answers.
    pub(crate) fn json(&self) -> Value {
        let segments = self.segments();
        let texts: Vec<&str> = segments
            .iter()
            .map(|segment| segment.text.as_str())
            .collect();
        let seconds = |millis: u64| millis as f64 / 1000.0;
        let shown: Vec<Value> = segments
            .iter()
            .map(|one| {
                json!({"start": seconds(one.start), "end": seconds(one.end), "text": one.text})
            })
            .collect();
        json!({"text": texts.join(" "), "language": "en", "segments": shown})
    }

    /// Sentences to the end of the recording; the last one ends with it. Of a recording too short
    /// for a sentence, one that is spoken too fast.
    fn segments(&self) -> Vec<Segment> {
        let total = (self.seconds.clamp(0.0, LONGEST) * 1000.0) as u64;
        let mut rng = Rng::new(self.seed);
        let mut segments: Vec<Segment> = Vec::new();
        let mut start = 0;
        loop {
            let text = sentence(&mut rng);
            let end = start + text.len() as u64 * CHARACTER;
            if end > total && !segments.is_empty() {
                break;
            }
            segments.push(Segment { start, end, text });
            start = end + PAUSE;
        }
        if let Some(last) = segments.last_mut() {
            last.end = total.max(last.start + 1);
        }
        segments
    }
}

/// Milliseconds as `HH:MM:SS.mmm`.
fn clock(millis: u64) -> String {
    let seconds = millis / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!(
        "{hours:02}:{minutes:02}:{:02}.{:03}",
        seconds % 60,
        millis % 1000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(seconds: f64, timestamps: bool) -> Transcript {
        Transcript {
            seed: 5,
            seconds,
            timestamps,
        }
    }

    #[test]
    fn its_length_follows_the_recording() {
        let length = |seconds| transcript(seconds, false).plain().len();
        let (minute, hour) = (length(60.0), length(3600.0));
        assert!((600..900).contains(&minute), "{minute}");
        assert!((50..70).contains(&(hour / minute)), "{hour}");
        assert!(length(0.0) > 20 && length(f64::INFINITY) > hour);
    }

    #[test]
    fn timestamps_follow_each_other_to_the_end() {
        let text = transcript(61.0, true).plain();
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[0].starts_with("[00:00:00.000 --> 00:00:0"),
            "{}",
            lines[0]
        );
        assert!(lines.last().unwrap().contains(" --> 00:01:01.000] "));
        let plain = transcript(61.0, false).plain();
        assert!(!plain.contains("-->"));
        for line in lines {
            assert!(plain.contains(&line[32..]), "{line}");
        }
        assert_eq!(clock(3_723_004), "01:02:03.004");
    }

    #[test]
    fn json_holds_the_same_text() {
        let json = transcript(30.0, true).json();
        assert_eq!(json["text"], transcript(30.0, false).plain());
        assert_eq!(json["language"], "en");
        assert_eq!(json["segments"][0]["start"], 0.0);
        let segments = json["segments"].as_array().unwrap();
        assert_eq!(segments.last().unwrap()["end"], 30.0);
        for pair in segments.windows(2) {
            assert!(pair[0]["end"].as_f64() < pair[1]["start"].as_f64());
        }
    }
}
