//! Reading a PHP backend's JSON: numbers as text, booleans as `0` or `"1"`, empty maps as `[]`.
//!
//! Values go through `serde_json::Value` and numbers through their text, never through untagged
//! enums or `flatten`: those break when a user's graph switches `arbitrary_precision` on.

use serde_json::{Map, Value};

/// A JSON object as read.
pub(crate) type Object = Map<String, Value>;

/// A number, or a text that is one. Not a number: `None`.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A whole number that is not negative.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// `true`, `1`, `"1"`, `"true"` and their opposites.
pub(crate) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        other => number(other).map(|number| number != 0.0),
    }
}

/// A text that says something.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An object; PHP's empty map `[]`, null and everything else are an empty one.
pub(crate) fn object(value: Option<&Value>) -> Object {
    value
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// Takes a key out of an object and reads it; what cannot be read stays where it was.
pub(crate) fn take<T>(
    object: &mut Object,
    key: &str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Option<T> {
    let read = object.get(key).and_then(read);
    if read.is_some() || object.get(key).is_some_and(Value::is_null) {
        object.remove(key);
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn php_spellings_are_read() {
        assert_eq!(number(&json!("45.50")), Some(45.5));
        assert_eq!(number(&json!(7)), Some(7.0));
        assert_eq!(number(&json!("NaN")), None);
        assert_eq!(number(&json!([])), None);
        assert_eq!(boolean(&json!("0")), Some(false));
        assert_eq!(boolean(&json!(1)), Some(true));
        assert_eq!(boolean(&json!(null)), None);
        assert_eq!(object(Some(&json!([]))).len(), 0);
        assert_eq!(whole(&json!("12")), Some(12));
        assert_eq!(whole(&json!(-1)), None);
    }
}
