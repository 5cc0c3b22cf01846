//! Text of the service made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How much of one message of the service people are shown; JSON has all of it.
const LONGEST: usize = 500;

/// One line: control and escape characters escaped, cut where it gets long.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    let escaped = line_whole(text);
    match escaped.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", escaped.get(..end).unwrap_or_default())),
        None => escaped,
    }
}

/// One line that is of use only whole, like an address.
pub(crate) fn line_whole(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// A text of several lines, whole: line breaks and tabs stay what they are.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    escape(text, |found| matches!(found, '\n' | '\t'))
}

fn escape(text: &str, allowed: impl Fn(char) -> bool) -> Cow<'_, str> {
    let harmful = |found: char| !allowed(found) && is_harmful(found);
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for found in text.chars() {
        if harmful(found) {
            // Writing to a `String` cannot fail.
            let _ = write!(escaped, "{}", found.escape_default());
        } else {
            escaped.push(found);
        }
    }
    Cow::Owned(escaped)
}

/// Control characters, and those that turn or hide the text around them.
fn is_harmful(found: char) -> bool {
    found.is_control()
        || matches!(
            found,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_cannot_write_to_the_terminal() {
        assert_eq!(line("plain – Zürich 猫"), "plain – Zürich 猫");
        assert_eq!(line("a\x1b[2Jb\r\nc"), "a\\u{1b}[2Jb\\r\\nc");
        assert_eq!(line("\u{202e}gpj.exe\u{9b}"), "\\u{202e}gpj.exe\\u{9b}");
        assert_eq!(text("one\n\ttwo\x07"), "one\n\ttwo\\u{7}");
    }

    #[test]
    fn long_messages_are_cut() {
        let long = "ä".repeat(LONGEST + 1);
        assert_eq!(line(&long).chars().count(), LONGEST + 1);
        assert!(line(&long).ends_with('…'));
        let just = "ä".repeat(LONGEST);
        assert_eq!(line(&just), just);
    }
}
