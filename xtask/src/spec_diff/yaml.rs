//! Writes the little YAML a description needs, in the form ours has.

use std::fmt::Write as _;

/// A piece of YAML.
#[derive(Clone, Debug)]
pub(super) enum Yaml {
    /// A single value, as it will stand there.
    Word(String),
    /// `{ a: 1, b: 2 }`
    Line(Vec<(String, Yaml)>),
    /// `[a, b]`
    Words(Vec<String>),
    /// Keys below each other.
    Map(Vec<(String, Yaml)>),
    /// Items below each other.
    List(Vec<Yaml>),
}

impl Yaml {
    /// A text, in quotes where it would be read as something else.
    pub(super) fn text(text: &str) -> Self {
        Self::Word(quoted(text))
    }

    /// Names in one line.
    pub(super) fn words<'a>(words: impl IntoIterator<Item = &'a String>) -> Self {
        Self::Words(words.into_iter().map(|word| quoted(word)).collect())
    }

    /// Writes it below a key, indented by `depth` steps; the first line goes on where `to` ends.
    pub(super) fn write(&self, to: &mut String, depth: usize) {
        match self {
            Self::Map(pairs) if !pairs.is_empty() => {
                for (key, value) in pairs {
                    let _ = write!(to, "\n{}{}:", "  ".repeat(depth), quoted(key));
                    value.write(to, depth + 1);
                }
            }
            Self::List(items) if !items.is_empty() => {
                for item in items {
                    let _ = write!(to, "\n{}-", "  ".repeat(depth));
                    item.write(to, depth + 1);
                }
            }
            flat => {
                to.push(' ');
                to.push_str(&flat.flat());
            }
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Words(words) => format!("[{}]", words.join(", ")),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::flat).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Line(pairs) | Self::Map(pairs) if pairs.is_empty() => "{}".to_owned(),
            Self::Line(pairs) | Self::Map(pairs) => {
                let pair =
                    |(key, value): &(String, Self)| format!("{}: {}", quoted(key), value.flat());
                let pairs: Vec<_> = pairs.iter().map(pair).collect();
                format!("{{ {} }}", pairs.join(", "))
            }
        }
    }
}

/// Texts that YAML, of whatever age, takes for something else.
const NOT_TEXTS: &[&str] = &["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

fn quoted(text: &str) -> String {
    let first = text.chars().next();
    let plain = first.is_some_and(|first| first.is_ascii_alphabetic() || "_/$".contains(first))
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./$".contains(c))
        && !NOT_TEXTS.contains(&text.to_ascii_lowercase().as_str());
    if plain {
        text.to_owned()
    } else {
        // JSON's strings are YAML's double-quoted ones.
        serde_json::Value::from(text).to_string()
    }
}
