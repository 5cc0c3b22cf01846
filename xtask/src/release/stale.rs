//! Sources of our crates that an earlier rehearsal left with cargo.
//!
//! For a rehearsal cargo makes a registry of the packages in the target folder, and unpacks from it
//! into its home, once for each name and version. A second rehearsal of the same version would be
//! built against what the first one unpacked, whatever was changed since.

use std::path::{Path, PathBuf};

/// Cargo's home.
pub(super) fn home() -> Option<PathBuf> {
    let home = || Some(std::env::home_dir()?.join(".cargo"));
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(home)
}

/// Removes what was unpacked of these packages, such as `dryapi-types-0.1.0`, from registries that
/// are folders of this machine: cargo's name for one is a `-` and a number, with no host before it.
///
/// # Errors
///
/// When one is there and cannot be removed.
pub(super) fn forget(home: &Path, packages: &[String]) -> Result<(), String> {
    let Ok(registries) = std::fs::read_dir(home.join("registry/src")) else {
        return Ok(());
    };
    for registry in registries.flatten() {
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for package in packages {
            let folder = registry.path().join(package);
            if folder.is_dir() {
                std::fs::remove_dir_all(&folder)
                    .map_err(|error| format!("{}: {error}", folder.display()))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::forget;

    #[test]
    fn only_our_packages_of_local_registries_go() {
        let home = tempfile::tempdir().unwrap();
        let source = home.path().join("registry/src");
        let [ours, theirs, real] = [
            "-1a/ours-0.1.0",
            "-1a/serde-1.0.0",
            "index.crates.io-2b/ours-0.1.0",
        ]
        .map(|folder| source.join(folder));
        for folder in [&ours, &theirs, &real] {
            std::fs::create_dir_all(folder.join("src")).unwrap();
        }
        forget(home.path(), &["ours-0.1.0".to_owned()]).unwrap();
        assert!(!ours.exists() && theirs.exists() && real.exists());
        assert_eq!(forget(&home.path().join("nowhere"), &[]), Ok(()));
    }
}
