//! What a row is known by, whatever its place.

use std::collections::HashMap;

use dryapi_ledger::BodyHash;
use serde_json::{Map, Value};

/// So much of a hash names a row.
const DIGITS: usize = 12;

/// Names rows that have no id: by their content, and how many equal ones came before.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<BodyHash, u32>);

impl Names {
    pub(super) fn name(&mut self, content: BodyHash) -> String {
        let before = self.0.entry(content).or_default();
        *before += 1;
        let text = content.to_string();
        let short = text.get(..DIGITS).unwrap_or(&text);
        match *before {
            1 => short.to_owned(),
            again => format!("{short}-{again}"),
        }
    }
}

/// The hash of what a row asks for.
pub(super) fn content(task: &str, fields: &Map<String, Value>) -> BodyHash {
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort_by_key(|(name, _)| name.as_str());
    let fields: Vec<String> = sorted
        .into_iter()
        .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
        .collect();
    BodyHash::of(format!("{task} {}", fields.join(",")))
}

/// The seed of a row that has none of its own: the same in every run of the batch.
pub(super) fn seed(folder: &str, id: &str) -> u64 {
    let hash = BodyHash::of(format!("seed {}:{folder}{id}", folder.len()));
    let bytes = hash.as_bytes().iter().take(4);
    bytes.fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_told_apart_and_order_does_not_matter() {
        let fields = |text: &str| serde_json::from_str::<Map<_, _>>(text).unwrap();
        let cat = content("txt2img", &fields(r#"{"prompt":"cat","width":1}"#));
        let same = content("txt2img", &fields(r#"{"width":1,"prompt":"cat"}"#));
        let dog = content("txt2img", &fields(r#"{"prompt":"dog"}"#));
        assert_eq!(cat, same);
        let mut one = Names::default();
        let mut other = Names::default();
        let mut these = vec![one.name(cat), one.name(dog), one.name(cat)];
        let mut those = vec![other.name(dog), other.name(cat), other.name(cat)];
        these.sort();
        those.sort();
        assert_eq!(these, those);
        assert!(these.iter().any(|name| name.ends_with("-2")));
        assert_ne!(seed("/a", "1"), seed("/a", "2"));
    }
}
