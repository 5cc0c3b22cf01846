//! Runs cargo and git, and keeps what they print.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

/// When set, this program is being called by cargo in rustdoc's place.
const AS_RUSTDOC: &str = "XTASK_AS_RUSTDOC";

/// What a finished program said.
pub(crate) struct Finished {
    /// Whether it exited with 0.
    pub(crate) ok: bool,
    /// Its standard output.
    pub(crate) stdout: String,
    /// Its standard error.
    pub(crate) stderr: String,
}

/// A cargo command in `root`, as a person's shell would start it.
pub(crate) fn cargo(root: &Path, args: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .args(args)
        .env("CARGO_TERM_COLOR", "never");
    // `cargo run` describes xtask's own package in the environment. Build scripts which watch
    // these variables (ring's) would be run again each time a check follows a plain build.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
            .iter()
            .any(|p| text.starts_with(p))
        {
            command.env_remove(&name);
        }
    }
    command
}

/// A cargo command whose rustdoc accepts unstable options.
///
/// Only rustdoc sees `RUSTC_BOOTSTRAP`. Set for cargo as a whole it would also reach the build
/// scripts of proc-macro2 and thiserror, which watch it, and rebuild nearly everything twice.
///
/// # Errors
///
/// When this program's own path is unknown.
pub(crate) fn cargo_with_unstable_rustdoc(root: &Path, args: &[&str]) -> Result<Command, String> {
    let own = std::env::current_exe().map_err(|e| format!("the path of xtask is unknown: {e}"))?;
    let mut command = cargo(root, args);
    command.env("RUSTDOC", own).env(AS_RUSTDOC, "1");
    Ok(command)
}

/// The other half of [`cargo_with_unstable_rustdoc`]: runs rustdoc if that is what is wanted.
pub(crate) fn stand_in_for_rustdoc() -> Option<ExitCode> {
    std::env::var_os(AS_RUSTDOC)?;
    let status = Command::new("rustdoc")
        .args(std::env::args_os().skip(1))
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove(AS_RUSTDOC)
        .status();
    Some(match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("rustdoc could not be started: {error}");
            ExitCode::FAILURE
        }
    })
}

/// A git command in `root`.
pub(crate) fn git(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root).args(args);
    command
}

/// Runs `command` to its end.
///
/// # Errors
///
/// When it cannot be started; a failure of its own is told by [`Finished::ok`].
pub(crate) fn run(command: &mut Command) -> Result<Finished, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| {
        format!(
            "{} could not be started: {e}",
            command.get_program().display()
        )
    })?;
    Ok(Finished {
        ok: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}
