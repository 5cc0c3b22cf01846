//! Which crates a public API may name.

use std::collections::BTreeSet;

use crate::workspace::Package;

/// Crates whose types are everybody's language.
const EVERYWHERE: &[&str] = &[
    "std",
    "core",
    "alloc",
    "http",
    "bytes",
    "serde",
    "serde_core",
    "serde_json",
    "futures_core",
    "async_trait",
];

/// What one crate of ours may name besides: its very purpose.
const PURPOSES: &[(&str, &[&str])] = &[
    ("dryapi-testkit", &["wiremock"]),
    ("dryapi-sandbox", &["axum", "axum_core"]),
];

/// What a feature of this name allows: whoever switches it on has the crate already.
const FEATURES: &[(&str, &[&str])] = &[
    ("tokio", &["tokio"]),
    ("axum", &["axum", "axum_core"]),
    // A service of HTTP requests is one over `http_body`'s bodies.
    (
        "tower",
        &["tower", "tower_service", "tower_layer", "http_body"],
    ),
];

/// All of tokio that is a common language; the rest is its runtime.
const TOKIO: &[&str] = &[
    "AsyncRead",
    "AsyncWrite",
    "AsyncSeek",
    "AsyncBufRead",
    "ReadBuf",
];

/// The part of a crate's API that counts; `None` for all. A command line is used by its `run`.
pub(super) fn entry(package: &str) -> Option<&'static str> {
    (package == "dryapi-cli").then_some("run")
}

/// One look at a crate: with these features it may name these crates.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    /// The features that are on.
    pub(super) features: Vec<String>,
    /// The crates that may be named, ours aside.
    crates: BTreeSet<&'static str>,
}

impl Allowed {
    /// Whether the public API may name the item of this full path.
    pub(super) fn permits(&self, path: &[String]) -> bool {
        let Some(first) = path.first() else {
            return true;
        };
        let known = first.starts_with("dryapi_") || self.crates.contains(first.as_str());
        let runtime = first == "tokio"
            && !path
                .last()
                .is_some_and(|last| TOKIO.contains(&last.as_str()));
        known && !runtime
    }

    /// The features in words.
    pub(super) fn shown(&self) -> String {
        match self.features.as_slice() {
            [] => "no features".to_owned(),
            some => format!("features {}", some.join(", ")),
        }
    }
}

/// All features but those that allow more than the rule; and, where there are such, all.
pub(super) fn variants(package: &Package) -> Vec<Allowed> {
    let purpose = PURPOSES.iter().find(|(name, _)| *name == package.name);
    let base: BTreeSet<&str> = EVERYWHERE
        .iter()
        .chain(purpose.map_or(&[][..], |(_, more)| more))
        .copied()
        .collect();
    let all: Vec<String> = package.features.keys().cloned().collect();
    let widens = |feature: &&String| {
        FEATURES
            .iter()
            .any(|(name, _)| implies(package, feature, name))
    };
    let plain: Vec<String> = all
        .iter()
        .filter(|feature| !widens(feature))
        .cloned()
        .collect();
    let mut variants = vec![Allowed {
        features: plain,
        crates: base.clone(),
    }];
    if all.iter().any(|feature| widens(&feature)) {
        let present = FEATURES
            .iter()
            .filter(|(name, _)| package.features.contains_key(*name));
        let more = present.flat_map(|(_, crates)| crates.iter().copied());
        variants.push(Allowed {
            features: all,
            crates: base.into_iter().chain(more).collect(),
        });
    }
    variants
}

/// Whether `feature` is `wanted` or switches it on.
fn implies(package: &Package, feature: &str, wanted: &str) -> bool {
    let mut open = vec![feature];
    let mut seen = BTreeSet::new();
    while let Some(at) = open.pop() {
        if at == wanted {
            return true;
        }
        if seen.insert(at) {
            open.extend(
                package
                    .features
                    .get(at)
                    .into_iter()
                    .flatten()
                    .map(String::as_str),
            );
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Allowed, variants};
    use crate::workspace::Workspace;
    use serde_json::{Value, json};

    fn looks(name: &str, features: Value) -> Vec<Allowed> {
        let metadata = json!({
            "workspace_root": "/repo", "target_directory": "/repo/target",
            "packages": [{
                "name": name, "manifest_path": "/repo/crates/a/Cargo.toml", "targets": [],
                "dependencies": [], "features": features,
            }],
        });
        variants(&Workspace::read(&metadata).unwrap().packages[0])
    }

    fn permits(allowed: &Allowed, path: &str) -> bool {
        allowed.permits(&path.split("::").map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_common_language_is_allowed_and_http_libraries_are_not() {
        let looks = looks(
            "dryapi-client",
            json!({"default": ["reqwest"], "reqwest": []}),
        );
        assert_eq!(looks.len(), 1);
        for fine in [
            "std::io::Error",
            "http::Uri",
            "serde_core::Serialize",
            "dryapi_types::Usd",
        ] {
            assert!(permits(&looks[0], fine), "{fine}");
        }
        for not in [
            "reqwest::Error",
            "hyper::Body",
            "tokio::io::async_read::AsyncRead",
            "http_body::Body",
        ] {
            assert!(!permits(&looks[0], not), "{not}");
        }
    }

    #[test]
    fn a_feature_allows_its_own_crate_and_only_when_it_is_on() {
        let looks = looks(
            "dryapi-webhook",
            json!({"default": ["full"], "full": ["axum"], "axum": [], "x": []}),
        );
        assert_eq!(looks[0].features, ["x"]);
        assert!(!permits(&looks[0], "axum_core::Extract"));
        assert_eq!(looks[1].features, ["axum", "default", "full", "x"]);
        assert!(permits(&looks[1], "axum_core::Extract") && !permits(&looks[1], "tower::Service"));
    }

    #[test]
    fn tokio_lends_its_traits_but_not_its_runtime() {
        let looks = looks("dryapi-client", json!({"tokio": []}));
        assert!(permits(&looks[1], "tokio::io::async_read::AsyncRead"));
        assert!(!permits(
            &looks[1],
            "tokio::runtime::task::join::JoinHandle"
        ));
    }

    #[test]
    fn a_crate_may_name_what_it_is_for() {
        assert!(permits(
            &looks("dryapi-testkit", json!({}))[0],
            "wiremock::Mock"
        ));
        assert!(!permits(
            &looks("dryapi-client", json!({}))[0],
            "wiremock::Mock"
        ));
        assert!(permits(
            &looks("dryapi-sandbox", json!({}))[0],
            "axum::Router"
        ));
    }
}
