//! What was said of a batch.

use std::path::{Component, Path, PathBuf};

use clap::ArgMatches;
use dryapi_client::ErrorKind;
use dryapi_types::Meta;
use serde_json::{Map, Value};

use crate::flags;
use crate::report::{End, Failure};

/// The options of one batch.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) file: PathBuf,
    /// Absolute.
    pub(super) out: PathBuf,
    /// The same, whatever links and `..` lead to it: what the batch is known by.
    pub(super) folder: PathBuf,
    pub(super) task: Option<&'static Meta>,
    pub(super) model: Option<String>,
    /// As typed: read once the task, and with it the kind of the field, is known.
    pub(super) set: Vec<(String, String)>,
    /// Column to field.
    pub(super) columns: Vec<(String, String)>,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) collect: Option<PathBuf>,
    pub(super) concurrency: usize,
    pub(super) assume: Option<u64>,
    pub(super) dry_run: bool,
    pub(super) retry_failed: bool,
    pub(super) resubmit_unknown: bool,
    pub(super) no_wait: bool,
    pub(super) allow_outside: bool,
    pub(super) check: bool,
}

impl Options {
    pub(super) fn read(matches: &ArgMatches) -> Result<Self, End> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
        let pairs = |name: &'static str| -> Result<Vec<(String, String)>, End> {
            let typed = matches.get_many::<String>(name).into_iter().flatten();
            typed.map(|typed| pair(name, typed)).collect()
        };
        let out = path("out").unwrap_or_default();
        let out = std::path::absolute(&out).map_err(|error| {
            let message = format!("{}: {error}; nothing was sent", out.display());
            Failure::new(ErrorKind::File, message)
        })?;
        let columns = pairs("field")?;
        Ok(Self {
            file: path("file").unwrap_or_default(),
            folder: resolved(&out),
            out,
            task: text("task").map(|name| given(&name)).transpose()?,
            model: text("model"),
            set: pairs("set")?,
            columns: columns
                .into_iter()
                .map(|(api, column)| (column, api))
                .collect(),
            id: text("id"),
            name: text("name"),
            collect: path("collect"),
            concurrency: matches
                .get_one::<u16>("concurrency")
                .copied()
                .unwrap_or(1)
                .into(),
            assume: matches.get_one::<u64>("assume").copied(),
            dry_run: matches.get_flag("dry-run"),
            retry_failed: matches.get_flag("retry-failed"),
            resubmit_unknown: matches.get_flag("resubmit-unknown"),
            no_wait: matches.get_flag("no-wait"),
            allow_outside: matches.get_flag("allow-outside"),
            check: !matches.get_flag("no-check"),
        })
    }

    /// Whether the same command again sends nothing that was paid for, or may have been.
    pub(super) const fn pays_once(&self) -> bool {
        !self.retry_failed && !self.resubmit_unknown
    }
}

/// A folder's one path, whether it is there yet or not.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let Some(parent) = path.parent() else {
        return path.to_owned();
    };
    let mut real = resolved(parent);
    match path.components().next_back() {
        Some(Component::Normal(name)) => real.push(name),
        Some(Component::ParentDir) => drop(real.pop()),
        _ => {}
    }
    real
}

/// A task by its name or alias.
pub(super) fn task(name: &str) -> Result<&'static Meta, String> {
    let found = dryapi_types::meta(flags::task(name)).filter(|meta| meta.task.is_some());
    found.ok_or_else(|| format!("there is no task {name:?}"))
}

fn given(name: &str) -> Result<&'static Meta, End> {
    task(name).map_err(|why| Failure::invalid(why + "; nothing was sent").into())
}

fn pair(option: &str, typed: &str) -> Result<(String, String), End> {
    match typed.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => {
            let message = format!("--{option} {typed}: write NAME=VALUE; nothing was sent");
            Err(Failure::invalid(message).into())
        }
    }
}

/// A field's value as text, read by its kind: lists and objects are JSON.
pub(super) fn value(meta: &Meta, name: &str, text: &str) -> Result<Value, String> {
    use dryapi_types::FieldKind;
    let kind = meta.field(name).map(|field| field.kind);
    match kind {
        Some(FieldKind::Integer | FieldKind::Number | FieldKind::Boolean) => {
            serde_json::from_str::<Value>(text.trim())
                .ok()
                .filter(|value| value.is_number() || value.is_boolean())
                .ok_or_else(|| format!("{name}: {text:?} is of the wrong kind"))
        }
        Some(FieldKind::Texts | FieldKind::Files | FieldKind::Loras)
            if text.trim_start().starts_with('[') =>
        {
            serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))
        }
        _ => Ok(Value::from(text)),
    }
}

/// What `--set` and `--model` say of rows of this task.
pub(super) fn defaults(options: &Options, meta: &Meta) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    for (name, text) in &options.set {
        if meta.field(name).is_none() {
            return Err(format!("--set {name}: {} has no such field", meta.name));
        }
        fields.insert(name.clone(), value(meta, name, text)?);
    }
    if let Some(model) = &options.model
        && meta.field("model").is_some()
    {
        fields.insert("model".to_owned(), Value::from(model.as_str()));
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_path_before_and_after_it_is_made() {
        let root = tempfile::tempdir().unwrap();
        let real = root.path().canonicalize().unwrap();
        let around = root.path().join("none/../made/./here");
        assert_eq!(resolved(&around), real.join("made/here"));
        std::fs::create_dir_all(real.join("made/here")).unwrap();
        assert_eq!(resolved(&around), real.join("made/here"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(real.join("made"), real.join("link")).unwrap();
            assert_eq!(resolved(&real.join("link/new")), real.join("made/new"));
        }
    }
}
