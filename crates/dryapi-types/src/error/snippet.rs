//! Something to show of a body that carries no message.

use serde_json::Value;

/// How much of a body that is no JSON becomes the message, in characters.
const SNIPPET: usize = 200;

/// A piece of a body without a message: of a page its text, of JSON its beginning.
pub(super) fn snippet(body: &[u8], json: &Value) -> Option<String> {
    if matches!(json, Value::Array(items) if items.is_empty()) {
        return None;
    }
    let text = String::from_utf8_lossy(body);
    let text = if text.trim_start().starts_with('<') {
        title(&text).unwrap_or_else(|| without_tags(&text))
    } else {
        text.into()
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(SNIPPET).collect();
    (!line.is_empty() && line != "null" && line != "{}").then_some(line)
}

/// A page's title, which says what the rest repeats.
fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower.get(start..)?.find("</title>")?;
    let title = page.get(start..end)?;
    (!title.trim().is_empty()).then(|| title.to_owned())
}

/// The text of a page between its tags, without what only a browser reads.
fn without_tags(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut skip_until: Option<&str> = None;
    for piece in page.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        let tag = tag.trim().to_ascii_lowercase();
        match skip_until {
            Some(end) if tag.starts_with(end) => skip_until = None,
            Some(_) => continue,
            None if tag.starts_with("style") => skip_until = Some("/style"),
            None if tag.starts_with("script") => skip_until = Some("/script"),
            None => {}
        }
        if skip_until.is_none() {
            text.push(' ');
            text.push_str(after);
        }
    }
    text
}
