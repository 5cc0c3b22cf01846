//! The generated code is what our description says.

use super::report::{Failure, Report};
use crate::codegen;
use crate::spec;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let same = codegen::compare(&workspace.root);
    same.map(|_| Report::default()).map_err(|differs| {
        let fix = "run `cargo xtask codegen` and commit what it writes";
        Failure::new(differs, spec::FILE, fix)
    })
}
