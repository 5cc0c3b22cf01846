//! What is read in a picture.

use serde_json::{Value, json};

use super::sentences::{capital, pick, sentence};
use crate::random::Rng;

/// The text in a picture.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) seed: u64,
    /// Of the picture, in pixels: there is more to read in larger ones.
    pub(crate) width: u32,
    /// Of the picture, in pixels.
    pub(crate) height: u32,
}

const TITLES: &[&str] = &[
    "notice to all residents",
    "programme of the evening",
    "minutes of the spring meeting",
    "a short guide to the old town",
    "opening hours and prices",
];

/// Pixels that a line of text takes.
const LINE: u64 = 80_000;

impl Reading {
    /// A title, an empty line and paragraphs.
    pub(crate) fn plain(&self) -> String {
        let (title, lines) = self.read();
        format!("{title}\n\n{}\n", lines.join("\n"))
    }

    /// `{text, blocks: [{type, text}]}`. The service's own layout is not documented.
    pub(crate) fn json(&self) -> Value {
        let (title, lines) = self.read();
        let mut blocks = vec![json!({"type": "title", "text": title})];
        blocks.extend(
            lines
                .iter()
                .map(|line| json!({"type": "paragraph", "text": line})),
        );
        json!({"text": self.plain(), "blocks": blocks})
    }

    fn read(&self) -> (String, Vec<String>) {
        let mut rng = Rng::new(self.seed);
        let title = capital(pick(&mut rng, TITLES));
        let pixels = u64::from(self.width) * u64::from(self.height);
        let count = (pixels / LINE).clamp(1, 60);
        (title, (0..count).map(|_| sentence(&mut rng)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_pictures_hold_more_text() {
        let reading = |side| Reading {
            seed: 1,
            width: side,
            height: side,
        };
        let (small, large) = (reading(64).plain(), reading(1024).plain());
        assert!(small.lines().count() == 3 && large.lines().count() > 10);
        assert_eq!(small, reading(64).plain());
        let json = reading(1024).json();
        assert_eq!(json["text"], large);
        assert_eq!(json["blocks"][0]["type"], "title");
    }
}
