//! The proof that nothing is paid twice and nothing paid is lost, run as the program it is.
//!
//! It stands in `tests/prove`, because it needs our crates, and xtask must run while they do not
//! compile.

use std::process::{Command, ExitCode};

/// Runs it with these arguments.
pub(crate) fn main(args: &[String]) -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "run",
            "--quiet",
            "--package",
            "dryapi-tests",
            "--example",
            "prove",
            "--",
        ])
        .args(args)
        .status();
    match status {
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            ExitCode::from(code.unwrap_or(1))
        }
        Err(error) => {
            eprintln!("cargo cannot be run: {error}");
            ExitCode::FAILURE
        }
    }
}
