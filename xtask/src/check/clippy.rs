//! No lint is broken, in code and tests.

use super::report::{Failure, Report};
use super::tool;
use crate::process;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let args = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    tool::check(
        &mut process::cargo(&workspace.root, &args),
        "cargo clippy --workspace --all-targets -- -D warnings",
        "edit the lines named above   (missing? rustup component add clippy)",
    )
}
