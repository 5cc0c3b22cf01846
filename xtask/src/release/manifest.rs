//! A new version in the root `Cargo.toml`: the workspace's own, and that of each path dependency.

use semver::Version;

/// `text` with `to` in place of `from`; the rest stays as a person wrote it.
///
/// # Errors
///
/// When the workspace's version, or that of one of our crates, is not `from`.
pub(super) fn bumped(text: &str, from: &Version, to: &Version) -> Result<String, String> {
    let (old, new) = (quoted(from), quoted(to));
    let mut section = "";
    let mut workspace = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let own = section == "[workspace.package]" && key(line) == Some("version");
        let path = section == "[workspace.dependencies]" && line.contains("path = \"");
        if !own && !path {
            lines.push(line.to_owned());
            continue;
        }
        if !line.contains(&old) {
            return Err(format!(
                "{old} does not stand in Cargo.toml's line `{line}`"
            ));
        }
        workspace |= own;
        lines.push(line.replacen(&old, &new, 1));
    }
    if !workspace {
        return Err("Cargo.toml has no version in [workspace.package]".to_owned());
    }
    Ok(lines.join("\n") + "\n")
}

/// The version as it stands behind a key.
fn quoted(version: &Version) -> String {
    format!("version = \"{version}\"")
}

fn key(line: &str) -> Option<&str> {
    line.split_once('=').map(|(key, _)| key.trim())
}

/// The version to go to.
///
/// # Errors
///
/// When it is none, or not higher than the current one.
pub(super) fn next(current: &Version, wanted: &str) -> Result<Version, String> {
    let wanted = Version::parse(wanted)
        .map_err(|error| format!("`{wanted}` is no version such as 0.2.0: {error}"))?;
    if wanted <= *current {
        return Err(format!(
            "{wanted} is not higher than the current version {current}"
        ));
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::{bumped, next};
    use semver::Version;

    const TOML: &str = "\
[workspace.package]
version = \"0.1.0\"
rust-version = \"1.89\"

[workspace.dependencies]
ours = { version = \"0.1.0\", path = \"crates/ours\" }
theirs = { version = \"0.1.0\", default-features = false }
";

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn our_versions_change_and_nobody_elses() {
        let found = bumped(TOML, &version("0.1.0"), &version("0.2.0-rc.1")).unwrap();
        let wanted = TOML.replacen("0.1.0", "0.2.0-rc.1", 2);
        assert_eq!(found, wanted);
        assert!(found.contains("theirs = { version = \"0.1.0\""));
        assert!(found.contains("ours = { version = \"0.2.0-rc.1\", path"));
    }

    #[test]
    fn a_crate_that_lags_behind_is_an_error_and_not_left_behind() {
        let lagging = TOML.replace(
            "ours = { version = \"0.1.0\"",
            "ours = { version = \"0.0.9\"",
        );
        let error = bumped(&lagging, &version("0.1.0"), &version("0.2.0")).unwrap_err();
        assert!(error.contains("ours"), "{error}");
        assert!(bumped("[workspace]\n", &version("0.1.0"), &version("0.2.0")).is_err());
    }

    #[test]
    fn only_a_higher_version_follows() {
        let current = version("0.2.0");
        for (wanted, ok) in [
            ("0.2.1", true),
            ("0.10.0", true),
            ("1.0.0-rc.1", true),
            ("0.2.0", false),
            ("0.2.0-rc.1", false),
            ("0.1.9", false),
            ("0.3", false),
            ("v0.3.0", false),
        ] {
            assert_eq!(next(&current, wanted).is_ok(), ok, "{wanted}");
        }
    }
}
