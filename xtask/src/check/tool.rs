//! Checks that are one cargo command.

use std::process::Command;

use super::report::{Failure, Report};
use crate::process;

/// More lines than this of a failing command are cut.
const LINES: usize = 200;

/// Runs `command`, shown to people as `shown`; `fix` says how a red result is repaired.
pub(super) fn check(command: &mut Command, shown: &str, fix: &str) -> Result<Report, Failure> {
    let done = process::run(command).map_err(|error| Failure::of_tool(error, shown))?;
    if done.ok {
        return Ok(Report::default());
    }
    let said = if done.stderr.trim().is_empty() {
        done.stdout
    } else {
        done.stdout + &done.stderr
    };
    Ok(Report::of(vec![Failure::new(cut(&said), shown, fix)]))
}

/// The first lines of a long text.
pub(super) fn cut(text: &str) -> String {
    let noise = [
        "Compiling ",
        "Checking ",
        "Documenting ",
        "Blocking ",
        "Finished ",
    ];
    let told: Vec<&str> = text
        .lines()
        .filter(|line| !noise.iter().any(|n| line.trim_start().starts_with(n)))
        .collect();
    let mut kept: Vec<String> = told
        .iter()
        .take(LINES)
        .map(|&line| line.to_owned())
        .collect();
    if told.len() > LINES {
        kept.push(format!("… and {} more lines", told.len() - LINES));
    }
    kept.join("\n")
}

#[cfg(test)]
mod tests {
    use super::check;
    use std::process::Command;

    #[test]
    fn a_failing_command_is_red_and_its_words_are_kept() {
        let mut command = Command::new("cargo");
        command.arg("--no-such-flag");
        let report = check(&mut command, "cargo --no-such-flag", "drop the flag").unwrap();
        assert!(
            report.failures[0].what.contains("--no-such-flag"),
            "{report:?}"
        );
        assert_eq!(report.failures[0].fix, "drop the flag");
    }

    #[test]
    fn a_succeeding_command_is_green() {
        let report = check(Command::new("cargo").arg("--version"), "cargo", "").unwrap();
        assert!(report.failures.is_empty());
    }
}
