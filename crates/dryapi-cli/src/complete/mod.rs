//! What a shell is told while one types: from files of this machine alone, and never more than it
//! can be told at once. What cannot be read completes to nothing.

mod known;
mod tree;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::env::{EnvCompleter, Shells};

pub(crate) use known::Known;

/// The variable in which the script names its shell.
pub(crate) const VARIABLE: &str = "_DRYAPI_COMPLETE";
/// The shells there are scripts for.
pub(crate) const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

/// Writes the script that makes a shell ask this program.
pub(crate) fn script(shell: &str, program: &str, out: &mut dyn Write) -> io::Result<()> {
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(shell) else {
        return Err(io::Error::other("no such shell"));
    };
    shell.write_registration(VARIABLE, "dryapi", "dryapi", program, out)
}

/// Answers a shell that asks: `args` are the program, `--`, and the words so far.
pub(crate) fn answer(
    shell: &str,
    args: Vec<OsString>,
    commands: Command,
    known: &Known,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = Path::new(shell).file_stem().unwrap_or_default();
    let shells = Shells::builtins();
    let shell: Option<&dyn EnvCompleter> = shells.completer(&name.to_string_lossy());
    let words: Vec<OsString> = args
        .into_iter()
        .skip_while(|arg| arg != "--")
        .skip(1)
        .collect();
    let Some(shell) = shell.filter(|_| !words.is_empty()) else {
        return Ok(());
    };
    let mut commands = tree::with_candidates(commands, known);
    let here = std::env::current_dir().ok();
    let mut answer = Vec::new();
    shell.write_complete(&mut commands, words, here.as_deref(), &mut answer)?;
    out.write_all(&answer)
}
