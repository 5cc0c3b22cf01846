//! The crates a release publishes, in the order in which it does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use semver::Version;
use serde_json::Value;

use super::order;
use crate::workspace;

/// A crate of ours that others get from crates.io.
#[derive(Debug)]
pub(super) struct Crate {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: Version,
    /// Its `Cargo.toml`.
    pub(super) manifest: PathBuf,
    /// Which of ours it is built from.
    pub(super) needs: BTreeSet<String>,
    /// What `cargo metadata` says about it.
    pub(super) said: Value,
}

/// Asks cargo.
///
/// # Errors
///
/// When cargo does not know, or no order publishes them.
pub(super) fn load() -> Result<Vec<Crate>, String> {
    read(&workspace::metadata(&["--no-deps"])?)
}

/// Reads the answer of `cargo metadata --no-deps`.
pub(super) fn read(metadata: &Value) -> Result<Vec<Crate>, String> {
    let unknown = || "cargo metadata has an unknown shape".to_owned();
    let packages = metadata.get("packages").and_then(Value::as_array);
    let published = packages.ok_or_else(unknown)?.iter().filter(|package| {
        // `publish = false` is an empty list of registries
        package
            .get("publish")
            .and_then(Value::as_array)
            .is_none_or(|to| !to.is_empty())
    });
    let mut crates = BTreeMap::new();
    for package in published {
        let found = Crate::read(package).ok_or_else(unknown)?;
        crates.insert(found.name.clone(), found);
    }
    let needs = crates
        .iter()
        .map(|(name, found)| (name.clone(), found.needs.clone()));
    let order = order::sorted(&needs.collect())?;
    Ok(order
        .iter()
        .filter_map(|name| crates.remove(name))
        .collect())
}

impl Crate {
    fn read(package: &Value) -> Option<Self> {
        // A dev-dependency of ours has no version, and cargo leaves it out of the package.
        let needed = |line: &&Value| {
            line.get("path").is_some_and(Value::is_string)
                && line.get("kind").and_then(Value::as_str) != Some("dev")
        };
        let lines = package.get("dependencies")?.as_array()?.iter();
        let needs = lines.filter(needed).map(|line| text(line, "name"));
        Some(Self {
            name: text(package, "name")?,
            version: Version::parse(&text(package, "version")?).ok()?,
            manifest: text(package, "manifest_path")?.into(),
            needs: needs.collect::<Option<_>>()?,
            said: package.clone(),
        })
    }

    /// What it says of itself under `key`; nothing where that is empty.
    pub(super) fn says(&self, key: &str) -> Option<&str> {
        let said = self.said.get(key)?.as_str()?.trim();
        (!said.is_empty()).then_some(said)
    }

    /// Whether it has a target of this kind: `lib`, `bin`.
    pub(super) fn has(&self, kind: &str) -> bool {
        let targets = self.said.get("targets").and_then(Value::as_array);
        targets.is_some_and(|targets| {
            targets.iter().any(|target| {
                let kinds = target.get("kind").and_then(Value::as_array);
                kinds.is_some_and(|kinds| kinds.iter().any(|found| found == kind))
            })
        })
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::json;

    #[test]
    fn private_packages_and_dev_dependencies_do_not_count() {
        let ours =
            |name: &str, kind: Option<&str>| json!({"name": name, "kind": kind, "path": "/x"});
        let package = |name: &str, publish: serde_json::Value, needs: Vec<serde_json::Value>| {
            json!({"name": name, "version": "0.1.0", "manifest_path": format!("/{name}/Cargo.toml"),
                   "publish": publish, "dependencies": needs})
        };
        let serde = json!({"name": "serde", "kind": null, "path": null});
        let metadata = json!({"packages": [
            package("client", json!(null), vec![ours("types", None), ours("testkit", Some("dev"))]),
            package("testkit", json!(["crates-io"]), vec![ours("client", None), serde]),
            package("types", json!(null), vec![]),
            package("xtask", json!([]), vec![ours("client", None)]),
        ]});
        let names: Vec<String> = read(&metadata)
            .unwrap()
            .into_iter()
            .map(|c| c.name)
            .collect();
        assert_eq!(names, ["types", "client", "testkit"]);
    }
}
