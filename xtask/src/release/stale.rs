//! Sources of our crates that an earlier rehearsal left with cargo.
//!
//! For a rehearsal cargo makes a registry of the packages in the target folder, unpacks from it into
//! its home, and builds what it unpacked, each once for a name and version. A second rehearsal of
//! the same version would be built against what the first one made, whatever was changed since.

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

/// Has cargo build these crates again, under whatever version: without its notes on a build it does.
///
/// # Errors
///
/// When a note is there and cannot be removed.
pub(super) fn rebuild(target: &Path, names: &[&str]) -> Result<(), String> {
    let Ok(notes) = std::fs::read_dir(target.join("debug/.fingerprint")) else {
        return Ok(());
    };
    for note in notes.flatten() {
        let folder = note.file_name();
        let folder = folder.to_string_lossy();
        let name = folder.rsplit_once('-').map_or("", |(name, _hash)| name);
        if names.contains(&name) {
            std::fs::remove_dir_all(note.path())
                .map_err(|error| format!("{}: {error}", note.path().display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{forget, rebuild};

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

    #[test]
    fn only_our_crates_are_built_again() {
        let target = tempfile::tempdir().unwrap();
        let notes = target.path().join("debug/.fingerprint");
        let [ours, theirs, other] =
            ["ours-0a1b", "serde-0a1b", "ours-types-0a1b"].map(|name| notes.join(name));
        for folder in [&ours, &theirs, &other] {
            std::fs::create_dir_all(folder).unwrap();
        }
        rebuild(target.path(), &["ours"]).unwrap();
        assert!(!ours.exists() && theirs.exists() && other.exists());
    }
}
