//! `cargo xtask release prepare VERSION`: writes the version and the changelog; commits nothing.

use std::path::Path;

use super::{changelog, date, manifest, published, readme};
use crate::process;
use crate::workspace::Workspace;

/// Prepares the release of `wanted`, dated `day`.
///
/// # Errors
///
/// When the version is not higher, the tree is not clean, the changelog says nothing new, or a file
/// is not as expected. Nothing is written then.
pub(super) fn run(wanted: &str, day: &str) -> Result<(), String> {
    if !date::is_date(day) {
        return Err(format!("`{day}` is no date such as 2026-01-31"));
    }
    let root = Workspace::load()?.root;
    let crates = published::load()?;
    let current = &crates.first().ok_or("no crate is published")?.version;
    let next = manifest::next(current, wanted)?;
    clean(&root)?;
    let read = |file: &str| {
        std::fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))
    };
    let names: Vec<&str> = crates.iter().map(|found| found.name.as_str()).collect();
    let files = [
        (
            "Cargo.toml",
            manifest::bumped(&read("Cargo.toml")?, current, &next)?,
        ),
        (
            "CHANGELOG.md",
            changelog::dated(&read("CHANGELOG.md")?, wanted, day)?,
        ),
        (
            "README.md",
            readme::bumped(&read("README.md")?, &names, &next),
        ),
    ];
    for (file, text) in files {
        std::fs::write(root.join(file), text).map_err(|error| format!("{file}: {error}"))?;
    }
    // Only our own lines of Cargo.lock change: nothing of others is updated.
    let args = ["update", "--workspace", "--offline", "--quiet"];
    let done = process::run(&mut process::cargo(&root, &args))?;
    if !done.ok {
        return Err(format!("cargo {} failed:\n{}", args.join(" "), done.stderr));
    }
    println!(
        "{current} is now {next}, dated {day}. Next:\n  \
         git diff\n  \
         cargo xtask release publish --dry-run --allow-dirty\n  \
         git commit -am \"Release {next}\" && git tag v{next}"
    );
    Ok(())
}

/// Refuses a tree with changes: what is released is what was committed.
///
/// # Errors
///
/// Names what is not committed.
pub(super) fn clean(root: &Path) -> Result<(), String> {
    let done = process::run(&mut process::git(root, &["status", "--porcelain"]))?;
    match done.stdout.trim_end() {
        _ if !done.ok => Err(done.stderr),
        "" => Ok(()),
        changes => Err(format!(
            "the tree is not clean; commit or stash:\n{changes}"
        )),
    }
}
