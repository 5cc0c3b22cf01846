//! The files of the repository, and Rust sources as tokens.

use std::str::FromStr as _;

use proc_macro2::{TokenStream, TokenTree};

use super::report::Failure;
use crate::process;
use crate::workspace::Workspace;

/// Every file git knows or is about to know, relative to the root.
pub(super) fn listed(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let args = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let done = process::run(&mut process::git(&workspace.root, &args))
        .map_err(|error| Failure::of_tool(error, "git ls-files"))?;
    if !done.ok {
        return Err(Failure::of_tool(done.stderr, "git ls-files"));
    }
    let mut files: Vec<String> = done.stdout.lines().map(str::to_owned).collect();
    files.retain(|file| workspace.root.join(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}

/// Whether git knows this file already.
pub(super) fn is_committed(workspace: &Workspace, file: &str) -> bool {
    let args = ["ls-files", "--error-unmatch", file];
    process::run(&mut process::git(&workspace.root, &args)).is_ok_and(|done| done.ok)
}

/// The Rust sources a person wrote.
pub(super) fn hand_written(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut files = listed(workspace)?;
    files.retain(|file| file.ends_with(".rs") && !file.split('/').any(|room| room == "generated"));
    Ok(files)
}

/// The tokens of a Rust source; comments are gone, doc comments are attributes.
pub(super) fn tokens(source: &str) -> Result<Vec<TokenTree>, String> {
    TokenStream::from_str(source)
        .map(|stream| stream.into_iter().collect())
        .map_err(|error| format!("line {}: {error}", error.span().start().line))
}
