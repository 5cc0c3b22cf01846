//! No public API breaks without a version that says so, by cargo-semver-checks.

use crate::check::Check;
use crate::check::report::{Failure, Report};
use crate::process;
use crate::release::published::{self, Crate};
use crate::workspace::Workspace;

/// Run for a release only: it builds every crate's documentation twice.
pub(super) const CHECK: Check = Check {
    name: "api",
    about: "the public API did not break since the last tag, or the version says so",
    run: check,
};

const INSTALL: &str = "cargo install --locked cargo-semver-checks";

fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let tool = |error: String| Failure::of_tool(error, "cargo metadata --no-deps");
    let crates = published::load().map_err(tool)?;
    let Some(tag) = crates
        .first()
        .and_then(|first| last_tag(workspace, &first.version.to_string()))
    else {
        return Ok(skipped(
            "no version was tagged yet, so there is nothing to compare with",
        ));
    };
    let asked = process::cargo(&workspace.root, &["semver-checks", "--version"]);
    let installed = |mut command| process::run(&mut command).is_ok_and(|done| done.ok);
    if !installed(asked) {
        return Ok(skipped(&format!(
            "cargo-semver-checks is not installed: `{INSTALL}`"
        )));
    }
    let mut report = Report::default();
    report.notes.push(format!("compared with {tag}"));
    let mut args = vec!["semver-checks", "--baseline-rev", &tag];
    for library in crates.iter().filter(|found| found.has("lib")) {
        if is_in(workspace, &tag, library) {
            args.extend(["--package", &library.name]);
        } else {
            report
                .notes
                .push(format!("{} is new since then", library.name));
        }
    }
    let shown = format!("cargo {}", args.join(" "));
    let done = process::run(&mut process::cargo(&workspace.root, &args))
        .map_err(|error| Failure::of_tool(error, &shown))?;
    if !done.ok {
        report.failures.push(Failure::new(
            done.stdout + &done.stderr,
            shown,
            "keep the old API too, or prepare a version that may break it",
        ));
    }
    Ok(report)
}

fn skipped(why: &str) -> Report {
    Report {
        failures: Vec::new(),
        notes: vec![format!("SKIPPED: {why}")],
    }
}

/// The newest version tag before this version's own.
fn last_tag(workspace: &Workspace, version: &str) -> Option<String> {
    let own = format!("v{version}");
    let args = [
        "describe",
        "--tags",
        "--abbrev=0",
        "--match",
        "v[0-9]*",
        "--exclude",
        &own,
    ];
    let done = process::run(&mut process::git(&workspace.root, &args)).ok()?;
    done.ok.then(|| done.stdout.trim().to_owned())
}

/// Whether a crate was there already.
fn is_in(workspace: &Workspace, tag: &str, library: &Crate) -> bool {
    let object = format!("{tag}:{}", workspace.shown(&library.manifest));
    let args = ["cat-file", "-e", &object];
    process::run(&mut process::git(&workspace.root, &args)).is_ok_and(|done| done.ok)
}
