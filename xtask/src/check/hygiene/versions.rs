//! The oldest supported Rust is the same wherever it is written.

use crate::check::report::Failure;

/// A file's name and its text.
type File = (String, String);

/// Where `clippy.toml` or the README differ from the root `Cargo.toml`.
pub(super) fn differing(cargo: File, clippy: File, readme: File) -> Vec<Failure> {
    let Some(msrv) = value(&cargo.1, "rust-version") else {
        return vec![Failure::new(
            "no `rust-version` for the workspace",
            cargo.0,
            "add `rust-version = \"…\"` to [workspace.package]",
        )];
    };
    let mut failures = Vec::new();
    match value(&clippy.1, "msrv") {
        Some(found) if found == msrv => {}
        found => failures.push(Failure::new(
            format!(
                "msrv is {}, the workspace's is {msrv}",
                found.unwrap_or("missing")
            ),
            clippy.0,
            format!("msrv = \"{msrv}\""),
        )),
    }
    for (index, line) in readme.1.lines().enumerate() {
        for found in mentioned(line).into_iter().filter(|found| *found != msrv) {
            failures.push(Failure::new(
                format!("the MSRV is given as {found}, the workspace's is {msrv}"),
                format!("{}:{}", readme.0, index + 1),
                format!("write {msrv}"),
            ));
        }
    }
    failures
}

/// The text of `key = "text"` in a TOML file.
fn value<'a>(toml: &'a str, key: &str) -> Option<&'a str> {
    toml.lines().find_map(|line| {
        let rest = line
            .trim()
            .strip_prefix(key)?
            .trim_start()
            .strip_prefix('=')?;
        rest.trim_start().strip_prefix('"')?.split('"').next()
    })
}

/// The versions of Rust in a line that speaks of the oldest one.
fn mentioned(line: &str) -> Vec<&str> {
    let lower = line.to_lowercase();
    let topic = [
        "msrv",
        "rust-version",
        "minimum supported rust",
        "rust toolchain",
        "rust 1.",
        "rustc 1.",
    ];
    if !topic.iter().any(|words| lower.contains(words)) {
        return Vec::new();
    }
    let numbers = line.split(|c: char| !c.is_ascii_digit() && c != '.');
    numbers
        .map(|number| number.trim_matches('.'))
        .filter(|number| number.starts_with("1.") && number.len() > 3)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::differing;

    fn found(cargo: &str, clippy: &str, readme: &str) -> Vec<String> {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let failures = differing(
            file("Cargo.toml", cargo),
            file("clippy.toml", clippy),
            file("README.md", readme),
        );
        failures.into_iter().map(|failure| failure.place).collect()
    }

    const CARGO: &str = "[workspace.package]\nrust-version = \"1.89\"\n";

    #[test]
    fn equal_versions_are_green_and_a_silent_readme_is_too() {
        assert!(found(CARGO, "msrv = \"1.89\"", "").is_empty());
        assert!(found(CARGO, "msrv = \"1.89\"", "MSRV: 1.89. Version 1.2 of ours.").is_empty());
        assert!(found(CARGO, "msrv = \"1.89\"", "![MSRV](badge/MSRV-1.89-blue)").is_empty());
    }

    #[test]
    fn every_other_version_is_red() {
        assert_eq!(found(CARGO, "msrv = \"1.88\"", ""), ["clippy.toml"]);
        assert_eq!(found(CARGO, "", ""), ["clippy.toml"]);
        assert_eq!(
            found(CARGO, "msrv = \"1.89\"", "# A\nNeeds Rust 1.85."),
            ["README.md:2"]
        );
        assert_eq!(
            found(
                CARGO,
                "msrv = \"1.89\"",
                "A Rust toolchain (1.85 or newer)."
            ),
            ["README.md:1"]
        );
        assert_eq!(found("", "msrv = \"1.89\"", ""), ["Cargo.toml"]);
    }
}
