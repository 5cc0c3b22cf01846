//! Each library crate compiles alone: without features, with its default ones, with each single one.
//!
//! In one build of the whole workspace features unify, and a crate that forgot to ask for one of
//! tokio's compiles because its neighbour did ask.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::report::{Failure, Report};
use super::tool;
use crate::process;
use crate::workspace::{Package, Workspace};

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let mut report = Report::default();
    let mut told = BTreeSet::new();
    let libraries = workspace
        .crates()
        .filter(|package| package.library.is_some());
    for args in libraries.flat_map(combinations) {
        let shown = format!("cargo {}", args.join(" "));
        let mut all: Vec<&str> = args.iter().map(String::as_str).collect();
        all.extend(["--message-format", "json"]);
        let done = process::run(&mut process::cargo(&workspace.root, &all))
            .map_err(|error| Failure::of_tool(error, &shown))?;
        let said = diagnostics(&done.stdout, &workspace.root);
        let clean = done.ok && said.is_empty();
        let news: String = said
            .into_iter()
            .filter(|text| told.insert(text.clone()))
            .collect();
        if !clean {
            let what = match (done.ok, news.is_empty()) {
                (_, false) => news,
                (true, true) => "warns as told above".to_owned(),
                (false, true) if told.is_empty() => done.stderr,
                (false, true) => format!("does not compile, as told above\n{}", last(&done.stderr)),
            };
            let fix = "make the code or the dependency's features agree with the crate's own";
            report
                .failures
                .push(Failure::new(tool::cut(&what), shown, fix));
        }
    }
    Ok(report)
}

/// The last line, where cargo sums up.
fn last(text: &str) -> &str {
    text.trim_end().lines().next_back().unwrap_or_default()
}

/// The arguments of every `cargo check` a package needs.
fn combinations(package: &Package) -> Vec<Vec<String>> {
    let check = |more: &[&str]| {
        let args = ["check", "--lib", "-p", &package.name];
        args.iter()
            .chain(more)
            .map(|arg| (*arg).to_owned())
            .collect()
    };
    let mut all = vec![check(&["--no-default-features"]), check(&[])];
    let single = package
        .features
        .keys()
        .filter(|feature| *feature != "default");
    all.extend(single.map(|feature| check(&["--no-default-features", "--features", feature])));
    all
}

/// The warnings and errors in our own code, out of cargo's JSON lines.
///
/// `build.warnings = "deny"` is not stable, and `RUSTFLAGS` would rebuild every dependency.
fn diagnostics(lines: &str, root: &Path) -> Vec<String> {
    let ours = |message: &Value| {
        let manifest = message.get("manifest_path").and_then(Value::as_str);
        manifest.is_some_and(|manifest| Path::new(manifest).starts_with(root))
    };
    let messages = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let said = messages.filter(ours).filter_map(|message| {
        let inner = message.get("message")?;
        let level = inner.get("level")?.as_str()?;
        let told = inner.get("rendered")?.as_str()?.to_owned();
        (level == "warning" || level.starts_with("error")).then_some(told)
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::{combinations, diagnostics};
    use crate::workspace::Workspace;
    use serde_json::json;
    use std::path::Path;

    #[test]
    fn a_package_is_checked_without_with_default_and_with_each_single_feature() {
        let metadata = json!({
            "workspace_root": "/repo", "target_directory": "/repo/target",
            "packages": [{
                "name": "a", "manifest_path": "/repo/crates/a/Cargo.toml", "targets": [],
                "dependencies": [], "features": {"default": ["x"], "x": [], "y": []},
            }],
        });
        let workspace = Workspace::read(&metadata).unwrap();
        let found: Vec<String> = combinations(&workspace.packages[0])
            .iter()
            .map(|args| args.join(" "))
            .collect();
        assert_eq!(
            found,
            [
                "check --lib -p a --no-default-features",
                "check --lib -p a",
                "check --lib -p a --no-default-features --features x",
                "check --lib -p a --no-default-features --features y",
            ]
        );
    }

    #[test]
    fn warnings_count_in_our_code_only() {
        let line = |manifest: &str, level: &str| {
            let message = json!({"level": level, "rendered": format!("{level}: {manifest}")});
            json!({"reason": "compiler-message", "manifest_path": manifest, "message": message})
        };
        let lines = [
            line("/repo/crates/a/Cargo.toml", "warning").to_string(),
            line("/repo/crates/a/Cargo.toml", "note").to_string(),
            line("/elsewhere/b/Cargo.toml", "warning").to_string(),
            line("/repo/crates/c/Cargo.toml", "error").to_string(),
            json!({"reason": "build-finished", "success": false}).to_string(),
        ];
        let found = diagnostics(&lines.join("\n"), Path::new("/repo"));
        assert_eq!(
            found,
            [
                "warning: /repo/crates/a/Cargo.toml",
                "error: /repo/crates/c/Cargo.toml"
            ]
        );
    }
}
