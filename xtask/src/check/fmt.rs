//! The code is formatted.

use super::report::{Failure, Report};
use super::tool;
use crate::process;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    tool::check(
        &mut process::cargo(
            &workspace.root,
            &["fmt", "--all", "--check", "--", "--color=never"],
        ),
        "cargo fmt --all --check",
        "cargo fmt --all   (missing? rustup component add rustfmt)",
    )
}
