//! What `cargo metadata` says about our own packages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::process;

/// The workspace: where it lies and which packages it holds.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// The folder cargo builds into.
    pub(crate) target: PathBuf,
    /// Our packages, sorted by name.
    pub(crate) packages: Vec<Package>,
}

/// One of our packages.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name, with hyphens.
    pub(crate) name: String,
    /// Its `Cargo.toml`.
    pub(crate) manifest: PathBuf,
    /// Its features and what each switches on; `default` included where it has one.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// The root files of its library and its binaries.
    pub(crate) roots: Vec<PathBuf>,
    /// The root file of its library.
    pub(crate) library: Option<PathBuf>,
    /// All of its dependencies.
    pub(crate) dependencies: Vec<Dependency>,
}

/// A line in a package's `Cargo.toml`.
#[derive(Debug)]
pub(crate) struct Dependency {
    /// The other package's name, with hyphens, whatever it was renamed to.
    pub(crate) name: String,
    /// What makes it need the other.
    pub(crate) kind: Kind,
    /// The version asked for; `*` when none stands there.
    pub(crate) requirement: String,
    /// Whether only a feature brings it.
    pub(crate) optional: bool,
    /// Whether the other's default features are on.
    pub(crate) default_features: bool,
    /// Whether it lies in this workspace.
    pub(crate) ours: bool,
}

/// Which section of `Cargo.toml` a dependency stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `[dependencies]`
    Normal,
    /// `[dev-dependencies]`
    Dev,
    /// `[build-dependencies]`
    Build,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    ///
    /// When cargo does not know, with its words.
    pub(crate) fn load() -> Result<Self, String> {
        let value = metadata(&["--no-deps"])?;
        Self::read(&value).ok_or_else(|| "cargo metadata has an unknown shape".to_owned())
    }

    /// Reads the answer of `cargo metadata --no-deps --format-version 1`.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let packages = value.get("packages")?.as_array()?;
        let mut packages = packages
            .iter()
            .map(Package::read)
            .collect::<Option<Vec<_>>>()?;
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        Some(Self {
            root: path(value, "workspace_root")?,
            target: path(value, "target_directory")?,
            packages,
        })
    }

    /// The packages published for others: those under `crates/`.
    pub(crate) fn crates(&self) -> impl Iterator<Item = &Package> {
        let folder = self.root.join("crates");
        self.packages
            .iter()
            .filter(move |p| p.manifest.starts_with(&folder))
    }

    /// `path` as a reader of the repository would write it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }
}

/// The answer of `cargo metadata` with these arguments.
///
/// # Errors
///
/// When cargo does not know, with its words.
pub(crate) fn metadata(more: &[&str]) -> Result<Value, String> {
    // xtask lies one folder below the root; cargo finds the workspace from there.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let here = if here.is_dir() { here } else { Path::new(".") };
    let mut args = vec!["metadata", "--format-version", "1"];
    args.extend(more);
    let asked = process::run(&mut process::cargo(here, &args))?;
    if !asked.ok {
        return Err(asked.stderr);
    }
    serde_json::from_str(&asked.stdout).map_err(|error| error.to_string())
}

impl Package {
    fn read(value: &Value) -> Option<Self> {
        let targets = value.get("targets")?.as_array()?;
        let of_kind = |kinds: &[&str]| -> Vec<PathBuf> {
            let is = |target: &&Value| {
                target
                    .get("kind")
                    .and_then(Value::as_array)
                    .is_some_and(|found| {
                        found
                            .iter()
                            .filter_map(Value::as_str)
                            .any(|kind| kinds.contains(&kind))
                    })
            };
            targets
                .iter()
                .filter(is)
                .filter_map(|target| path(target, "src_path"))
                .collect()
        };
        let features = value
            .get("features")?
            .as_object()?
            .iter()
            .map(|(name, implied)| {
                let implied = implied.as_array()?.iter().filter_map(Value::as_str);
                Some((name.clone(), implied.map(str::to_owned).collect()))
            });
        let dependencies = value.get("dependencies")?.as_array()?;
        Some(Self {
            name: text(value, "name")?,
            manifest: path(value, "manifest_path")?,
            features: features.collect::<Option<_>>()?,
            roots: of_kind(&["lib", "bin"]),
            library: of_kind(&["lib"]).into_iter().next(),
            dependencies: dependencies
                .iter()
                .map(Dependency::read)
                .collect::<Option<_>>()?,
        })
    }
}

impl Dependency {
    fn read(value: &Value) -> Option<Self> {
        let kind = match value.get("kind").and_then(Value::as_str) {
            None => Kind::Normal,
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            Some(_) => return None,
        };
        Some(Self {
            name: text(value, "name")?,
            kind,
            requirement: text(value, "req")?,
            optional: value.get("optional")?.as_bool()?,
            default_features: value.get("uses_default_features")?.as_bool()?,
            ours: value.get("path").is_some_and(Value::is_string),
        })
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn path(value: &Value, key: &str) -> Option<PathBuf> {
    text(value, key).map(PathBuf::from)
}
