//! The documentation builds without a warning: no broken link, no missing text. With all features, as
//! docs.rs shows it.

use super::report::{Failure, Report};
use super::tool;
use crate::process;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    tool::check(
        process::cargo(
            &workspace.root,
            &["doc", "--workspace", "--no-deps", "--all-features"],
        )
        .env("RUSTDOCFLAGS", "-D warnings"),
        "RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --all-features",
        "edit the doc comments named above",
    )
}
