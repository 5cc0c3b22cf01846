//! Answers too large to lie in a file.

use serde::Deserialize;

/// Where the repeated text goes.
const MARK: &[u8] = b"{{repeat}}";

/// A text to stand, so many times, at the mark of a `.http` file; `{n}` in it counts from 0. The
/// file's `Content-Length` is that of the whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Generate {
    repeat: String,
    times: usize,
}

impl Generate {
    /// The whole answer; `None` without a mark.
    pub(super) fn fill(&self, http: &[u8]) -> Option<Vec<u8>> {
        let at = http.windows(MARK.len()).position(|piece| piece == MARK)?;
        let mut filled = http.get(..at)?.to_vec();
        for number in 0..self.times {
            let text = self.repeat.replace("{n}", &number.to_string());
            filled.extend_from_slice(text.as_bytes());
        }
        filled.extend_from_slice(http.get(at + MARK.len()..)?);
        Some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::Generate;

    #[test]
    fn a_text_stands_at_the_mark_as_often_as_told() {
        let generate = |times| Generate {
            repeat: "<{n}>".into(),
            times,
        };
        let fill = |times, http: &str| generate(times).fill(http.as_bytes());
        assert_eq!(fill(3, "a{{repeat}}b").unwrap(), b"a<0><1><2>b");
        assert_eq!(fill(0, "{{repeat}}").unwrap(), b"");
        assert_eq!(fill(3, "a{{n}}b"), None);
    }
}
