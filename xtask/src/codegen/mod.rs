//! `cargo xtask codegen [--check]`: from our description to the code under `generated/`.
//!
//! The code is written as text and formatted by rustfmt. Built from tokens (quote, prettyplease) it
//! would lose its blank lines and comments, and people read it: in the documentation, in an editor
//! that jumps to a definition, in a review of what changed on the wire.

mod any;
mod choices;
mod files;
mod form;
mod imports;
mod models;
mod names;
mod operation;
mod page;
mod price;
mod quoted;
mod request;
mod sandbox;
mod table;
mod task;
mod types;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::files::Files;
use crate::spec::{self, Description};
use crate::workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask codegen [--check] [--spec FILE] [--root DIR]
--check writes nothing: it says what differs, and fails if anything does
--spec  another description than xtask/spec/dryapi.yaml
--root  another checkout than this one";

/// Where the generated code of dryapi-types lies.
const TYPES: &str = "crates/dryapi-types/src/generated";
/// Where the operation table lies.
const TABLE: &str = "crates/dryapi-types/src/generated/table";
/// Where the generated code of dryapi-sandbox lies.
const SANDBOX: &str = "crates/dryapi-sandbox/src/generated";
/// The page of all operations.
const PAGE: &str = "crates/dryapi-client/docs/api.md";

/// All folders: a file in one that nothing generates is a mistake.
const FOLDERS: &[&str] = &[TYPES, TABLE, SANDBOX];

/// Runs the chore.
pub(crate) fn main(args: &[String]) -> ExitCode {
    match run(args) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Says what differs between the code in `root` and its description; fails if anything does.
///
/// # Errors
/// What differs, line by line.
pub(crate) fn compare(root: &Path) -> Result<String, String> {
    generate(&spec::load(&root.join(spec::FILE))?)?.compare(root, FOLDERS)
}

fn run(args: &[String]) -> Result<String, String> {
    let (mut check, mut spec, mut root) = (false, None, None);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--check" => check = true,
            "--spec" => spec = Some(PathBuf::from(args.next().ok_or(USAGE)?)),
            "--root" => root = Some(PathBuf::from(args.next().ok_or(USAGE)?)),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let root = match root {
        Some(root) => root,
        None => Workspace::load()?.root,
    };
    let spec = spec.unwrap_or_else(|| root.join(spec::FILE));
    let files = generate(&spec::load(&spec)?)?;
    if check {
        let fix = "\nrun `cargo xtask codegen` and commit what it writes";
        files
            .compare(&root, FOLDERS)
            .map_err(|differs| differs + fix)
    } else {
        files.write(&root, FOLDERS)
    }
}

/// Everything there is to generate, formatted.
fn generate(description: &Description) -> Result<Files, String> {
    let enums = choices::all(description)?;
    let mut files = Files::new(enums.iter().map(|choice| choice.name.clone()).collect());
    for group in models::groups(description) {
        let (mut text, mut entries) = (String::new(), String::new());
        for operation in &group.operations {
            text += &operation::render(description, operation)?;
            entries += &table::entry(operation);
        }
        files.add(&format!("{TYPES}/{}.rs", group.file), &group.doc, &text)?;
        files.add(
            &format!("{TYPES}/table/{}.rs", group.file),
            &group.doc,
            &entries,
        )?;
    }
    files.add(
        &format!("{TYPES}/choices.rs"),
        "The values the service names for some fields. All of them are open: it may name more.",
        &choices::render(&enums),
    )?;
    files.add(
        &format!("{TYPES}/any.rs"),
        "Any task: one whose name is only known at run time.",
        &any::render(description),
    )?;
    files.add(
        &format!("{TYPES}/table/mod.rs"),
        "The operation table: what client, command line and sandbox are driven by.",
        &table::render(description),
    )?;
    files.add(
        &format!("{TYPES}/mod.rs"),
        "Requests and the operation table, written by `cargo xtask codegen`.",
        &models::modules(description),
    )?;
    files.add(
        &format!("{SANDBOX}/mod.rs"),
        "What the sandbox makes of each operation, written by `cargo xtask codegen`.",
        "mod recipes; pub(crate) use recipes::RECIPES;",
    )?;
    files.add(
        &format!("{SANDBOX}/recipes.rs"),
        "What the sandbox makes of each operation, and for how much.",
        &sandbox::render(description),
    )?;
    files.add_page(PAGE, page::render(description));
    Ok(files)
}
