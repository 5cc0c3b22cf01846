//! `cargo xtask picture`: the README's picture of the terminal, from a real run.
//!
//! The command runs on a terminal of its own (`script`, of util-linux) against a sandbox; what it
//! wrote is put on a screen as a terminal would, and the screen is written as SVG.

mod scene;
mod screen;
mod svg;

use std::process::ExitCode;

use crate::workspace::Workspace;

/// Where the picture lies.
const FILE: &str = "crates/dryapi-cli/docs/terminal.svg";

/// Runs the chore.
pub(crate) fn main(args: &[String]) -> ExitCode {
    if !args.is_empty() {
        eprintln!("usage: cargo xtask picture");
        return ExitCode::from(2);
    }
    match draw() {
        Ok(()) => {
            println!("{FILE} is written: look at it");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn draw() -> Result<(), String> {
    let root = Workspace::load()?.root;
    let screen = scene::play(&root)?;
    let picture = svg::of(&screen);
    std::fs::write(root.join(FILE), picture).map_err(|error| format!("{FILE}: {error}"))
}
