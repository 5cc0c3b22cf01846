//! The files that rows name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use dryapi_types::{FieldKind, FieldMeta};
use serde_json::{Map, Value};

use super::sidecar::FileOf;

/// Where rows' files are.
#[derive(Debug)]
pub(super) struct Folder {
    /// Of the file with the rows.
    path: PathBuf,
    allow_outside: bool,
    /// What is in the files that were read.
    hashes: HashMap<String, Value>,
}

impl Folder {
    pub(super) fn of(file: &Path, allow_outside: bool) -> Self {
        let parent = file
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        Self {
            path: parent.map_or_else(|| PathBuf::from("."), Path::to_owned),
            allow_outside,
            hashes: HashMap::new(),
        }
    }

    /// A row's fields with what is in its files in place of their paths, which depend on where the
    /// command is called.
    pub(super) fn content(
        &mut self,
        of: &[FieldMeta],
        fields: &Map<String, Value>,
    ) -> Result<Map<String, Value>, String> {
        let mut fields = fields.clone();
        for field in of {
            if !matches!(field.kind, FieldKind::File | FieldKind::Files) {
                continue;
            }
            match fields.get_mut(field.name) {
                Some(Value::Array(list)) => {
                    for value in list {
                        self.hash(value)?;
                    }
                }
                Some(value) => self.hash(value)?,
                None => {}
            }
        }
        Ok(fields)
    }

    fn hash(&mut self, value: &mut Value) -> Result<(), String> {
        let Some(path) = value.as_str().filter(|text| !is_address(text)) else {
            return Ok(());
        };
        let hash = match self.hashes.get(path) {
            Some(hash) => hash.clone(),
            None => {
                let file = FileOf::read(Path::new(path));
                let file = file.map_err(|error| format!("{path}: {error}"))?;
                let hash = Value::from(file.sha256.to_string());
                self.hashes.insert(path.to_owned(), hash.clone());
                hash
            }
        };
        *value = hash;
        Ok(())
    }

    /// A file field's value with its paths found.
    pub(super) fn find(&self, field: &FieldMeta, value: Value) -> Result<Value, String> {
        match (field.kind, value) {
            (FieldKind::File | FieldKind::Files, Value::String(text)) => {
                self.one(&text).map(Value::from)
            }
            (FieldKind::Files, Value::Array(list)) => {
                let found = list.into_iter().map(|item| match item {
                    Value::String(text) => self.one(&text).map(Value::from),
                    _ => Err("not the name of a file".to_owned()),
                });
                found.collect::<Result<Vec<_>, _>>().map(Value::Array)
            }
            (_, value) => Ok(value),
        }
    }

    fn one(&self, text: &str) -> Result<String, String> {
        if is_address(text) {
            return Ok(text.to_owned());
        }
        let name = text.strip_prefix('@').unwrap_or(text);
        let path = self.path.join(name);
        let real = path
            .canonicalize()
            .map_err(|error| format!("{name}: {error}"))?;
        if !real.is_file() {
            return Err(format!("{name}: not a file"));
        }
        if !self.allow_outside {
            let folder = self.path.canonicalize();
            let folder = folder.map_err(|error| format!("{}: {error}", self.path.display()))?;
            if !real.starts_with(folder) {
                let outside = "lies outside the input's folder; --allow-outside takes it";
                return Err(format!("{name}: {outside}"));
            }
        }
        Ok(path.to_string_lossy().into_owned())
    }
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_taken_unasked() {
        let root = tempfile::tempdir().unwrap();
        let inside = root.path().join("rows");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(root.path().join("secret.png"), "x").unwrap();
        std::fs::write(inside.join("cat.png"), "x").unwrap();
        let file = inside.join("rows.jsonl");
        let (strict, open) = (Folder::of(&file, false), Folder::of(&file, true));
        assert!(strict.one("@cat.png").unwrap().ends_with("cat.png"));
        assert_eq!(strict.one("https://a/b.png").unwrap(), "https://a/b.png");
        for outside in ["@../secret.png", "../rows/../secret.png"] {
            assert!(strict.one(outside).unwrap_err().contains("--allow-outside"));
            assert!(open.one(outside).is_ok());
        }
        #[cfg(unix)]
        {
            let link = inside.join("link.png");
            std::os::unix::fs::symlink(root.path().join("secret.png"), link).unwrap();
            assert!(strict.one("link.png").is_err());
        }
        assert!(open.one("@none.png").is_err());
    }
}
