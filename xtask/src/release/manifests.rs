//! Each published crate says what crates.io, docs.rs and its readers need.

use serde_json::Value;

use super::published::{self, Crate};
use super::readme;
use crate::check::report::{Failure, Report};
use crate::workspace::Workspace;

/// What a manifest has to say, as `cargo metadata` calls it.
const KEYS: &[&str] = &[
    "description",
    "license",
    "repository",
    "homepage",
    "readme",
    "rust_version",
];

/// Does the check.
pub(crate) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let tool = |error: String| Failure::of_tool(error, "cargo metadata --no-deps");
    let crates = published::load().map_err(tool)?;
    let mut failures = Vec::new();
    for found in &crates {
        let place = workspace.shown(&found.manifest);
        failures.extend(incomplete(found, &place));
        if let Some(file) = found.says("readme") {
            let folder = found.manifest.parent().unwrap_or(&workspace.root);
            let text = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
            failures.extend(unreadable(found, &text, &place));
            failures.extend(untold(found, &text, &place));
        }
        if !found.manifest.starts_with(workspace.root.join("crates")) {
            failures.push(Failure::new(
                format!(
                    "{} would be published, and lies outside of crates/",
                    found.name
                ),
                place,
                "publish = false",
            ));
        }
    }
    if let Some(first) = crates.first() {
        let names: Vec<&str> = crates.iter().map(|found| found.name.as_str()).collect();
        let text = std::fs::read_to_string(workspace.root.join("README.md")).unwrap_or_default();
        for (line, asks) in readme::outdated(&text, &names, &first.version) {
            failures.push(Failure::new(
                format!("asks for {asks}, and the version is {}", first.version),
                format!("README.md:{line}"),
                "write the current version",
            ));
        }
        for other in crates.iter().filter(|other| other.version != first.version) {
            failures.push(Failure::new(
                format!(
                    "{} is {}, and {} {}",
                    other.name, other.version, first.name, first.version
                ),
                workspace.shown(&other.manifest),
                "version.workspace = true",
            ));
        }
    }
    Ok(Report::of(failures))
}

/// What a crate's manifest leaves out.
fn incomplete(found: &Crate, place: &str) -> Vec<Failure> {
    let missing = KEYS.iter().filter(|key| found.says(key).is_none());
    let mut failures: Vec<Failure> = missing
        .map(|key| {
            let key = key.replace('_', "-");
            Failure::new(
                format!("{} does not say its `{key}`", found.name),
                place,
                format!("add `{key}` to [package]"),
            )
        })
        .collect();
    let metadata = found.said.get("metadata");
    let docs = metadata.and_then(|all| all.pointer("/docs/rs"));
    let all = docs.and_then(|docs| docs.get("all-features")) == Some(&Value::Bool(true));
    let args = docs
        .and_then(|docs| docs.get("rustdoc-args"))
        .and_then(Value::as_array);
    let cfg = args.is_some_and(|args| args.iter().any(|arg| arg == "docsrs"));
    if found.has("lib") && !(all && cfg) {
        failures.push(Failure::new(
            format!("docs.rs would not show the features of {}", found.name),
            place,
            "[package.metadata.docs.rs] all-features = true, rustdoc-args = [\"--cfg\", \"docsrs\"]",
        ));
    }
    if found.has("bin") && metadata.and_then(|all| all.get("binstall")).is_none() {
        failures.push(Failure::new(
            format!("cargo binstall does not know where {} is", found.name),
            place,
            "add [package.metadata.binstall]",
        ));
    }
    failures
}

/// Where a crate's README does not begin with its name and what its manifest says it is.
fn unreadable(found: &Crate, text: &str, place: &str) -> Option<Failure> {
    let description = found.says("description").unwrap_or_default();
    let mut paragraphs = text.split("\n\n");
    let title = paragraphs.next().map(str::trim) == Some(&format!("# {}", found.name));
    let first = paragraphs.next().unwrap_or_default().replace('\n', " ");
    let said = first.trim().trim_end_matches('.') == description;
    (!title || !said).then(|| {
        Failure::new(
            "its README does not begin with its name and its description",
            place,
            format!("begin it with `# {}` and `{description}.`", found.name),
        )
    })
}

/// The features that a crate's README does not name.
fn untold(found: &Crate, text: &str, place: &str) -> Vec<Failure> {
    let features = found.said.get("features").and_then(Value::as_object);
    let names = features.into_iter().flat_map(|features| features.keys());
    let untold = names.filter(|name| *name != "default" && !text.contains(&format!("`{name}`")));
    untold
        .map(|name| {
            Failure::new(
                format!("its README does not say what the feature `{name}` adds"),
                place,
                format!("add a row `{name}` to the table of its README.md"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{incomplete, unreadable, untold};
    use crate::release::published::{self, Crate};
    use serde_json::{Value, json};

    fn complete() -> Value {
        json!({
            "name": "a", "version": "0.1.0", "manifest_path": "/a/Cargo.toml", "publish": null,
            "dependencies": [], "targets": [{"kind": ["lib"]}, {"kind": ["bin"]}],
            "description": "Moves one request", "license": "MIT", "repository": "r",
            "homepage": "h", "readme": "README.md", "rust_version": "1.89",
            "metadata": {
                "docs": {"rs": {"all-features": true, "rustdoc-args": ["--cfg", "docsrs"]}},
                "binstall": {},
            },
        })
    }

    fn read(package: Value) -> Crate {
        published::read(&json!({"packages": [package]}))
            .unwrap()
            .remove(0)
    }

    #[test]
    fn a_complete_manifest_is_green() {
        let found = incomplete(&read(complete()), "a");
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn whatever_is_left_out_is_named() {
        for key in [
            "description",
            "license",
            "repository",
            "homepage",
            "readme",
            "rust_version",
        ] {
            for nothing in [json!(null), json!(" ")] {
                let mut package = complete();
                package[key] = nothing;
                let found = incomplete(&read(package), "a");
                assert_eq!(found.len(), 1, "{key}");
                assert!(found[0].what.contains(&key.replace('_', "-")), "{found:?}");
            }
        }
        for (path, fix) in [
            ("/docs", "docs.rs"),
            ("/docs/rs/all-features", "docs.rs"),
            ("/docs/rs/rustdoc-args", "docs.rs"),
            ("/binstall", "binstall"),
        ] {
            let mut package = complete();
            let (of, key) = path.rsplit_once('/').unwrap();
            let table = package["metadata"].pointer_mut(of).unwrap();
            table.as_object_mut().unwrap().remove(key);
            let found = incomplete(&read(package), "a");
            assert_eq!(found.len(), 1, "{path}");
            assert!(found[0].fix.contains(fix), "{path}: {found:?}");
        }
    }

    #[test]
    fn a_readme_names_every_feature() {
        let mut package = complete();
        package["features"] = json!({"default": ["tls"], "tls": [], "http2": []});
        let found = untold(&read(package), "# a\n\n| `tls` (default) | TLS |\n", "a");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].what.contains("`http2`"), "{found:?}");
    }

    #[test]
    fn a_readme_begins_with_the_name_and_the_description() {
        let found = read(complete());
        assert!(unreadable(&found, "# a\n\nMoves\none request.\n\nMore.\n", "a").is_none());
        for text in [
            "",
            "# b\n\nMoves one request.\n",
            "# a\n\nMoves two requests.\n",
        ] {
            assert!(unreadable(&found, text, "a").is_some(), "{text}");
        }
    }
}
