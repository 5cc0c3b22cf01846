//! The names of results.

use std::path::PathBuf;

use serde_json::{Map, Value};

const USUAL: &str = "{id}.{ext}";
/// A part of a name is cut there, in bytes.
const LONGEST: usize = 100;
/// A name takes no more bytes than this, so that a part file and a sidecar fit beside it: file
/// systems take 255.
const MOST: usize = 220;

/// What a name may be made of.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) id: &'a str,
    pub(super) line: u64,
    pub(super) task: &'a str,
    pub(super) ext: &'a str,
    pub(super) fields: &'a Map<String, Value>,
}

/// The name of a result, in the folder for results and nowhere else.
pub(super) fn name(template: Option<&str>, parts: &Parts<'_>) -> Result<PathBuf, String> {
    let template = template.unwrap_or(USUAL);
    let mut name = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((place, after)) = after.split_once('}') else {
            return Err(format!("--name {template}: a {{ is never closed"));
        };
        name.push_str(before);
        let value = match place {
            "id" => parts.id.to_owned(),
            "line" => parts.line.to_string(),
            "task" => parts.task.to_owned(),
            "ext" => parts.ext.to_owned(),
            field => match parts.fields.get(field) {
                Some(Value::String(text)) => text.clone(),
                Some(value) if !value.is_array() && !value.is_object() => value.to_string(),
                _ => return Err(format!("--name {template}: the row has no {field}")),
            },
        };
        name.push_str(&clean(&value));
        rest = after;
    }
    name.push_str(rest);
    // One that was written stays the only one.
    if !template.contains("{ext}") && !rest.contains('.') {
        name.push('.');
        name.push_str(parts.ext);
    }
    let path = PathBuf::from(&name);
    let mut plain = path.components();
    let stays = plain.all(|part| matches!(part, std::path::Component::Normal(_)));
    if name.is_empty() || !stays {
        return Err(format!(
            "--name {template}: {name:?} leaves the folder for results"
        ));
    }
    if path.iter().any(|part| part.len() > MOST) {
        return Err("--name: the name of the result is too long".to_owned());
    }
    Ok(path)
}

/// A value as part of a file's name.
fn clean(value: &str) -> String {
    let sound = |found: char| match found {
        found if found.is_alphanumeric() || "-_.".contains(found) => found,
        _ => '_',
    };
    let mut text = String::new();
    for found in value.chars().map(sound) {
        if text.len() + found.len_utf8() > LONGEST {
            break;
        }
        text.push(found);
    }
    // No hidden files, and no way up.
    match text.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(template: Option<&str>, id: &str) -> Result<String, String> {
        let fields = serde_json::from_str(r#"{"prompt":"a cat/dog","width":512}"#).unwrap();
        let parts = Parts {
            id,
            line: 7,
            task: "txt2img",
            ext: "png",
            fields: &fields,
        };
        name(template, &parts).map(|path| path.to_string_lossy().into_owned())
    }

    #[test]
    fn names_are_made_of_what_is_known() {
        assert_eq!(named(None, "a1").unwrap(), "a1.png");
        assert_eq!(
            named(Some("{line}-{prompt}"), "a1").unwrap(),
            "7-a_cat_dog.png"
        );
        assert_eq!(
            named(Some("{task}/{id}-{width}.{ext}"), "a").unwrap(),
            "txt2img/a-512.png"
        );
        assert!(
            named(Some("{colour}"), "a")
                .unwrap_err()
                .contains("no colour")
        );
        assert!(named(Some("{id"), "a").is_err());
    }

    #[test]
    fn names_stay_in_the_folder() {
        assert_eq!(
            named(None, "../../etc/passwd").unwrap(),
            "_._.._etc_passwd.png"
        );
        for template in ["../{id}", "/{id}", "a/../../{id}"] {
            assert!(named(Some(template), "x").is_err(), "{template}");
        }
    }
}
