//! Who may depend on whom: the layers of the workspace, read from the packages' `Cargo.toml`.

mod table;

use self::table::{IDENTITIES, LAYERS, Layer};
use super::report::{Failure, Report};
use crate::workspace::{Dependency, Kind, Package, Workspace};

const TABLE: &str = "xtask/src/check/layers/table.rs";

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let mut failures = Vec::new();
    for package in workspace.crates() {
        let place = workspace.shown(&package.manifest);
        match LAYERS.iter().find(|layer| layer.name == package.name) {
            Some(layer) => judge(package, layer, &place, &mut failures),
            None => failures.push(Failure::new(
                format!(
                    "{} has no layer: nobody said what it may depend on",
                    package.name
                ),
                place,
                format!("add it to LAYERS in {TABLE}"),
            )),
        }
    }
    Ok(Report::of(failures))
}

fn judge(package: &Package, layer: &Layer, place: &str, failures: &mut Vec<Failure>) {
    for dependency in &package.dependencies {
        let found = match (dependency.kind, dependency.ours) {
            (Kind::Dev, true) => dev(dependency),
            (Kind::Dev, false) => None,
            (_, true) => own(layer, dependency),
            (_, false) => outside(layer, dependency),
        };
        if let Some((what, fix)) = found {
            failures.push(Failure::new(what, place, fix));
        }
    }
}

/// A dependency on one of our crates: downwards only.
fn own(layer: &Layer, dependency: &Dependency) -> Option<(String, String)> {
    let (from, to) = (layer.name, dependency.name.as_str());
    if !layer.own.contains(&to) {
        let may = if layer.own.is_empty() {
            "none of ours".into()
        } else {
            layer.own.join(", ")
        };
        return Some((
            format!("{from} imports {to}, but may use {may}"),
            format!("move what is shared down, or change LAYERS in {TABLE} and the design"),
        ));
    }
    (layer.bare.contains(&to) && dependency.default_features).then(|| {
        (
            format!("{from} switches {to}'s default features on for everybody above it"),
            format!("{to} = {{ …, default-features = false }}"),
        )
    })
}

/// A dependency on somebody else's crate: some are the identity of a layer.
fn outside(layer: &Layer, dependency: &Dependency) -> Option<(String, String)> {
    let (from, to) = (layer.name, dependency.name.as_str());
    if let Some((_, owners)) = IDENTITIES.iter().find(|(name, _)| *name == to)
        && !owners.contains(&from)
    {
        return Some((
            format!("{from} imports {to}, which only {} may", owners.join(", ")),
            format!("ask that crate for it, or change IDENTITIES in {TABLE} and the design"),
        ));
    }
    let closed = layer.outside?;
    let open = dependency.optional && !layer.optional_too;
    (!open && !closed.contains(&to)).then(|| {
        (
            format!(
                "{from} imports {to}, but may use only {}",
                closed.join(", ")
            ),
            format!("do without, put it behind a feature, or change LAYERS in {TABLE}"),
        )
    })
}

/// A dev-dependency between our crates: with a version it could not be published in any order.
fn dev(dependency: &Dependency) -> Option<(String, String)> {
    (dependency.requirement != "*").then(|| {
        let name = &dependency.name;
        (
            format!(
                "the dev-dependency on {name} asks for {}",
                dependency.requirement
            ),
            format!("{name} = {{ path = \"../{name}\" }}, not `workspace = true`"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::workspace::Workspace;
    use serde_json::{Value, json};

    /// A workspace of one crate with one dependency.
    fn found(package: &str, dependency: Value) -> Vec<String> {
        let metadata = json!({
            "workspace_root": "/repo",
            "target_directory": "/repo/target",
            "packages": [{
                "name": package,
                "manifest_path": format!("/repo/crates/{package}/Cargo.toml"),
                "features": {},
                "targets": [],
                "dependencies": [dependency],
            }],
        });
        let workspace = Workspace::read(&metadata).expect("the shape of cargo's answer");
        let report = check(&workspace).expect("a verdict");
        report
            .failures
            .into_iter()
            .map(|failure| failure.what)
            .collect()
    }

    fn normal(name: &str, ours: bool, defaults: bool) -> Value {
        json!({
            "name": name, "req": "^0.1", "kind": null, "optional": false,
            "uses_default_features": defaults, "path": ours.then_some("/repo/crates/x"),
        })
    }

    #[test]
    fn the_lowest_layer_importing_a_higher_one_is_red() {
        let found = found("dryapi-types", normal("dryapi-transport", true, false));
        assert_eq!(
            found,
            ["dryapi-types imports dryapi-transport, but may use none of ours"]
        );
    }

    #[test]
    fn imports_downwards_are_green() {
        assert!(found("dryapi-client", normal("dryapi-types", true, true)).is_empty());
        assert!(found("dryapi-client", normal("dryapi-transport", true, false)).is_empty());
        assert!(found("dryapi-cli", normal("dryapi-sandbox", true, true)).is_empty());
    }

    #[test]
    fn the_default_features_of_a_layer_below_belong_to_the_user() {
        let found = found("dryapi-client", normal("dryapi-transport", true, true));
        assert!(
            found[0].contains("default features on for everybody"),
            "{found:?}"
        );
    }

    #[test]
    fn types_import_nothing_but_their_four_crates() {
        assert!(found("dryapi-types", normal("serde", false, false)).is_empty());
        let found = found("dryapi-types", normal("regex", false, false));
        assert!(
            found[0].starts_with("dryapi-types imports regex, but may use only"),
            "{found:?}"
        );
    }

    #[test]
    fn what_makes_a_layer_stays_in_it() {
        for (package, outside) in [
            ("dryapi-client", "reqwest"),
            ("dryapi-client", "clap"),
            ("dryapi-transport", "axum"),
            ("dryapi-sandbox", "indicatif"),
            ("dryapi-client", "wiremock"),
        ] {
            let found = found(package, normal(outside, false, false));
            assert!(
                found[0].contains("which only"),
                "{package} {outside}: {found:?}"
            );
        }
    }

    #[test]
    fn only_an_optional_dependency_may_widen_transport() {
        let mut hidden = normal("pin-project-lite", false, false);
        assert_eq!(found("dryapi-transport", hidden.clone()).len(), 1);
        hidden["optional"] = json!(true);
        assert!(found("dryapi-transport", hidden).is_empty());
    }

    #[test]
    fn dev_dependencies_between_our_crates_have_no_version() {
        let mut dev = normal("dryapi-testkit", true, true);
        dev["kind"] = json!("dev");
        assert!(found("dryapi-client", dev.clone())[0].contains("asks for ^0.1"));
        dev["req"] = json!("*");
        assert!(found("dryapi-client", dev).is_empty());
    }

    #[test]
    fn a_crate_that_is_not_in_the_table_is_red() {
        let found = found("dryapi-magic", normal("serde", false, false));
        assert!(found[0].contains("dryapi-magic has no layer"), "{found:?}");
    }
}
