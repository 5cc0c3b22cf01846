//! Names with brackets, as PHP's forms nest them: `loras[0][name]` is the name of the first LoRA.

use serde_json::{Map, Value};

/// How deep names nest; what is deeper stays a plain name.
const DEEPEST: usize = 4;

/// How many entries a list may name.
const MOST: usize = 100;

/// Puts bracketed names where they belong: lists and objects. A name without a number in its
/// brackets (`images[]`, `filter[x]`) stays as it is.
pub(super) fn nest(values: Map<String, Value>) -> Map<String, Value> {
    let mut nested = Map::new();
    for (name, value) in values {
        match path(&name) {
            Some((root, keys)) => {
                let place = nested.entry(root.to_owned()).or_insert(Value::Null);
                put(place, &keys, value);
            }
            None => {
                nested.insert(name, value);
            }
        }
    }
    nested
}

/// The root and the keys of a name whose first brackets hold a number.
fn path(name: &str) -> Option<(&str, Vec<&str>)> {
    let (root, rest) = name.split_once('[')?;
    let rest = rest.strip_suffix(']')?;
    let keys: Vec<&str> = rest.split("][").collect();
    let first: usize = keys.first()?.parse().ok()?;
    (first < MOST && keys.len() <= DEEPEST && !root.is_empty()).then_some((root, keys))
}

fn put(place: &mut Value, keys: &[&str], value: Value) {
    let Some((key, rest)) = keys.split_first() else {
        *place = value;
        return;
    };
    match key.parse::<usize>() {
        Ok(index) if index < MOST => {
            if !place.is_array() {
                *place = Value::Array(Vec::new());
            }
            if let Value::Array(list) = place {
                while list.len() <= index {
                    list.push(Value::Null);
                }
                if let Some(entry) = list.get_mut(index) {
                    put(entry, rest, value);
                }
            }
        }
        _ => {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            if let Value::Object(object) = place {
                put(
                    object.entry((*key).to_owned()).or_insert(Value::Null),
                    rest,
                    value,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn loras_of_a_form_are_a_list_of_objects() {
        let Value::Object(values) = json!({
            "loras[0][name]": "ink", "loras[0][weight]": "0.8", "loras[1][name]": "chalk",
            "images[]": "x", "filter[inference_types]": "txt2img", "prompt": "a cat",
            "far[4711][name]": "y",
        }) else {
            panic!();
        };
        let expected = json!({
            "loras": [{"name": "ink", "weight": "0.8"}, {"name": "chalk"}],
            "images[]": "x", "filter[inference_types]": "txt2img", "prompt": "a cat",
            "far[4711][name]": "y",
        });
        assert_eq!(Value::Object(nest(values)), expected);
    }
}
