//! Commands that need nothing but the command line's own shape: `completions` and `man`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use dryapi_client::ErrorKind;

use crate::complete;
use crate::flags::tree;
use crate::manual;
use crate::report::{End, Failure};
use crate::screen::Screen;

/// Runs one of them; `None` for any other. `program` is what this one was called by.
pub(crate) fn machine(
    program: Option<&OsString>,
    matches: &ArgMatches,
    screen: &Screen,
) -> Option<Result<(), End>> {
    match matches.subcommand()? {
        ("completions", matches) => Some(completions(program, matches, screen)),
        ("man", matches) => Some(man(matches, screen)),
        _ => None,
    }
}

fn completions(
    program: Option<&OsString>,
    matches: &ArgMatches,
    screen: &Screen,
) -> Result<(), End> {
    let shell = matches.get_one::<String>("shell");
    let mut script = Vec::new();
    let shell = shell.map_or("", String::as_str);
    complete::script(shell, &called(program), &mut script).map_err(|error| unwritten(&error))?;
    screen.result_bytes(&script)
}

/// The program as a shell finds it again from anywhere.
fn called(program: Option<&OsString>) -> String {
    let program = program.map_or_else(|| PathBuf::from("dryapi"), PathBuf::from);
    let program = match program.components().count() {
        0 | 1 => program,
        _ => std::path::absolute(&program).unwrap_or(program),
    };
    program.to_string_lossy().into_owned()
}

fn man(matches: &ArgMatches, screen: &Screen) -> Result<(), End> {
    if let Some(folder) = matches.get_one::<PathBuf>("dir") {
        let names = manual::pages(tree(), folder).map_err(|error| in_folder(folder, &error))?;
        return names
            .iter()
            .try_for_each(|name| screen.result(&folder.join(name).display().to_string()));
    }
    let mut page = Vec::new();
    manual::page(tree(), &mut page).map_err(|error| unwritten(&error))?;
    screen.result_bytes(&page)
}

fn in_folder(folder: &Path, error: &std::io::Error) -> End {
    let message = format!("{}: {error}", folder.display());
    Failure::new(ErrorKind::File, message).into()
}

fn unwritten(error: &std::io::Error) -> End {
    Failure::new(ErrorKind::File, error.to_string()).into()
}
