//! What a stranger who clones the repository relies on.

mod doctests;
mod paths;
mod promises;
mod references;
mod versions;

use super::report::{Failure, Report};
use super::sources;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let files = sources::listed(workspace)?;
    let read = |file: &str| std::fs::read(workspace.root.join(file)).unwrap_or_default();
    let text = |file: &str| String::from_utf8_lossy(&read(file)).into_owned();
    let mut failures = Vec::new();
    for file in &files {
        failures.extend(paths::private(file, &read(file)));
        if ["CONTRIBUTING.md", "SECURITY.md"].contains(&file.as_str()) {
            failures.extend(references::missing(file, &text(file), &workspace.root));
        }
        if file.ends_with(".rs") || file.ends_with(".md") {
            failures.extend(doctests::ignored(file, &text(file)));
        }
        if file.starts_with("crates/") && file.contains("/src/") && file.ends_with(".rs") {
            failures.extend(promises::unsaid(file, &text(file)));
        }
    }
    if !sources::is_committed(workspace, "Cargo.lock") {
        failures.push(Failure::new(
            "the lock file is not committed: others would build other versions",
            "Cargo.lock",
            "git add Cargo.lock",
        ));
    }
    for root in workspace
        .crates()
        .filter_map(|package| package.library.as_deref())
    {
        let file = workspace.shown(root);
        failures.extend(doctests::undocumented(&file, &text(&file)));
    }
    let read = |file: &str| (file.to_owned(), text(file));
    failures.extend(versions::differing(
        read("Cargo.toml"),
        read("clippy.toml"),
        read("README.md"),
    ));
    Ok(Report::of(failures))
}
