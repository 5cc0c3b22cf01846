//! `cargo xtask check`: every promise about the code that a program can test.

mod budgets;
mod circles;
mod clippy;
mod docs;
mod features;
mod fmt;
mod generated;
mod hygiene;
mod layers;
mod longest;
mod public_types;
pub(crate) mod report;
mod sources;
mod tool;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use self::report::{Failure, Report};
use crate::release;
use crate::workspace::Workspace;

/// Prints a line; a reader who went away (`| head`) is no reason to stop.
macro_rules! say {
    ($($what:tt)*) => {{
        let _ = writeln!(std::io::stdout(), $($what)*);
    }};
}

/// A check: its name, what it is for, and how it is done.
pub(crate) struct Check {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// What is so while it is green.
    pub(crate) about: &'static str,
    /// Does it.
    pub(crate) run: fn(&Workspace) -> Result<Report, Failure>,
}

/// In the order they run: the quick ones that fail most often come first.
const CHECKS: &[Check] = &[
    Check {
        name: "fmt",
        about: "the code is formatted",
        run: fmt::check,
    },
    Check {
        name: "hygiene",
        about: "no private paths, a lock file, documented crates, one MSRV",
        run: hygiene::check,
    },
    Check {
        name: "generated",
        about: "the generated code is what our description says",
        run: generated::check,
    },
    Check {
        name: "layers",
        about: "each crate depends only on what its layer may",
        run: layers::check,
    },
    Check {
        name: "circles",
        about: "no two files of a crate import each other",
        run: circles::check,
    },
    Check {
        name: "manifests",
        about: "each crate says what crates.io, docs.rs and its README show",
        run: release::manifests::check,
    },
    Check {
        name: "licences",
        about: "every crate we build with is under a licence we accept",
        run: release::licences::check,
    },
    Check {
        name: "budgets",
        about: "each layer stays as small as promised",
        run: budgets::check,
    },
    Check {
        name: "clippy",
        about: "no lint is broken",
        run: clippy::check,
    },
    Check {
        name: "docs",
        about: "the documentation builds without a warning",
        run: docs::check,
    },
    Check {
        name: "public-types",
        about: "public APIs name no crate that users did not choose",
        run: public_types::check,
    },
    Check {
        name: "features",
        about: "each crate compiles alone, with no, default and each single feature",
        run: features::check,
    },
    Check {
        name: "longest",
        about: "the longest files and functions (never fails)",
        run: longest::check,
    },
];

/// Runs the checks named in `args`, or all.
pub(crate) fn main(args: &[String]) -> ExitCode {
    if args.iter().any(|arg| arg == "--list") {
        for check in CHECKS {
            say!("{:<13} {}", check.name, check.about);
        }
        return ExitCode::SUCCESS;
    }
    let chosen = match choose(args) {
        Ok(chosen) => chosen,
        Err(unknown) => {
            eprintln!("no check is called `{unknown}`; `cargo xtask check --list` names them");
            return ExitCode::from(2);
        }
    };
    let workspace = match Workspace::load() {
        Ok(workspace) => workspace,
        Err(error) => {
            eprintln!("cargo cannot read the workspace; repair its Cargo.toml files:\n{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut red = Vec::new();
    for check in chosen {
        if !passes(check, &workspace) {
            red.push(check.name);
        }
    }
    if red.is_empty() {
        return ExitCode::SUCCESS;
    }
    say!(
        "\nFAILED: {}. Again: `cargo xtask check {}`",
        red.join(", "),
        red.join(" ")
    );
    ExitCode::FAILURE
}

/// Runs the checks of these names; gives whether all passed.
pub(crate) fn all_pass(names: &[&str], workspace: &Workspace) -> bool {
    let chosen = CHECKS.iter().filter(|check| names.contains(&check.name));
    let red = chosen.filter(|check| !passes(check, workspace)).count();
    red == 0
}

/// The checks of these names, in the table's order; all when there is none.
fn choose(names: &[String]) -> Result<Vec<&'static Check>, String> {
    if let Some(unknown) = names
        .iter()
        .find(|name| !CHECKS.iter().any(|c| c.name == **name))
    {
        return Err(unknown.clone());
    }
    let wanted = |check: &&Check| names.is_empty() || names.iter().any(|name| name == check.name);
    Ok(CHECKS.iter().filter(wanted).collect())
}

/// Runs one check and prints what it found.
pub(crate) fn passes(check: &Check, workspace: &Workspace) -> bool {
    let _ = write!(std::io::stdout(), "{:<13} ", check.name);
    // A name without an end of line: flushed so that a reader sees what is running.
    let _ = std::io::stdout().flush();
    let started = now();
    let report = (check.run)(workspace).unwrap_or_else(|failure| Report::of(vec![failure]));
    let seconds = now().duration_since(started).as_secs_f64();
    let verdict = if report.failures.is_empty() {
        "ok"
    } else {
        "FAILED"
    };
    say!("{verdict:<7} {seconds:6.1} s");
    for note in &report.notes {
        say!("{}", indented(note, "    "));
    }
    for failure in &report.failures {
        say!("  - {}", indented(&failure.place, "    ").trim_start());
        say!("{}", indented(&failure.what, "    "));
        say!("{}", indented(&format!("fix: {}", failure.fix), "    "));
    }
    report.failures.is_empty()
}

fn indented(text: &str, by: &str) -> String {
    text.lines()
        .map(|line| format!("{by}{line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a stopwatch for a person to read"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::{CHECKS, choose};

    #[test]
    fn no_name_means_every_check() {
        assert_eq!(
            choose(&[]).map(|chosen| chosen.len()).ok(),
            Some(CHECKS.len())
        );
    }

    #[test]
    fn names_choose_and_an_unknown_one_is_an_error() {
        let names = |found: Vec<&super::Check>| found.iter().map(|c| c.name).collect::<Vec<_>>();
        let chosen = choose(&["layers".to_owned(), "fmt".to_owned()]).map(names);
        assert_eq!(chosen.ok(), Some(vec!["fmt", "layers"]));
        assert_eq!(choose(&["tidy".to_owned()]).err().as_deref(), Some("tidy"));
    }
}
