//! How many crates a layer may pull in, and which it must not.

use std::collections::BTreeSet;

use super::report::{Failure, Report};
use crate::process;
use crate::workspace::Workspace;

/// A promise about one `cargo tree`.
struct Budget {
    package: &'static str,
    /// `--no-default-features`, or the default features.
    bare: bool,
    /// The greatest number of crates, the package included.
    most: Option<usize>,
    /// Crates that must not be among them.
    never: &'static [&'static str],
}

/// What only the command line and the sandbox may bring.
const NOT_BELOW_THE_TOP: &[&str] = &["clap", "axum"];

const BUDGETS: &[Budget] = &[
    Budget {
        package: "dryapi-types",
        bare: false,
        most: Some(15),
        never: &["http", "tokio", "futures-core", "reqwest"],
    },
    Budget {
        package: "dryapi-transport",
        bare: true,
        most: Some(20),
        never: &["reqwest", "hyper", "rustls", "tokio"],
    },
    Budget {
        package: "dryapi-webhook",
        bare: true,
        most: Some(29),
        never: &["tokio", "axum", "http", "futures-core"],
    },
    Budget {
        package: "dryapi-realtime",
        bare: true,
        most: Some(53),
        never: &["reqwest", "hyper", "rustls", "axum"],
    },
    Budget {
        package: "dryapi-client",
        bare: true,
        most: None,
        never: &["reqwest", "hyper", "rustls"],
    },
    Budget {
        package: "dryapi-client",
        bare: false,
        most: Some(110),
        never: &[],
    },
];

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let mut report = Report::default();
    for budget in BUDGETS {
        let crates = tree(workspace, budget.package, budget.bare)?;
        let command = shown(budget.package, budget.bare);
        if let Some(most) = budget.most {
            report.notes.push(format!(
                "{}: {} of {most} crates",
                budget.package,
                crates.len()
            ));
        }
        report
            .failures
            .extend(judge(&command, &crates, budget.most, budget.never));
    }
    for package in workspace.crates() {
        if ["dryapi-cli", "dryapi-sandbox"].contains(&package.name.as_str()) {
            continue;
        }
        let crates = tree(workspace, &package.name, false)?;
        let command = shown(&package.name, false);
        report
            .failures
            .extend(judge(&command, &crates, None, NOT_BELOW_THE_TOP));
    }
    Ok(report)
}

/// Compares a tree with its promise.
fn judge(
    command: &str,
    crates: &BTreeSet<String>,
    most: Option<usize>,
    never: &[&str],
) -> Vec<Failure> {
    let mut failures = Vec::new();
    if let Some(most) = most
        && crates.len() > most
    {
        let all = crates
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        failures.push(Failure::new(
            format!(
                "{} crates, at most {most} were promised: {all}",
                crates.len()
            ),
            command,
            "drop a dependency, switch its default features off, or put it behind a feature",
        ));
    }
    for name in never {
        if crates
            .iter()
            .any(|line| line.split(' ').next() == Some(name))
        {
            failures.push(Failure::new(
                format!("{name} is pulled in, which was promised never to happen"),
                command,
                format!("put what brings it behind a feature; `{command} -i {name}` shows the way"),
            ));
        }
    }
    failures
}

fn args(package: &str, bare: bool) -> Vec<&str> {
    let mut args = vec!["tree", "-p", package, "-e", "normal"];
    args.extend(["--target", "x86_64-unknown-linux-gnu"]);
    if bare {
        args.push("--no-default-features");
    }
    args
}

fn shown(package: &str, bare: bool) -> String {
    format!("cargo {}", args(package, bare).join(" "))
}

/// The crates of a package, itself included.
fn tree(workspace: &Workspace, package: &str, bare: bool) -> Result<BTreeSet<String>, Failure> {
    let mut args = args(package, bare);
    args.extend(["--prefix", "none", "--no-dedupe"]);
    let done = process::run(&mut process::cargo(&workspace.root, &args))
        .map_err(|error| Failure::of_tool(error, &shown(package, bare)))?;
    if done.ok {
        Ok(count(&done.stdout))
    } else {
        Err(Failure::of_tool(done.stderr, &shown(package, bare)))
    }
}

/// `sed 's/ (\*)//' | sort -u`, of which the budgets count the lines.
fn count(tree: &str) -> BTreeSet<String> {
    tree.lines()
        .map(|line| line.replacen(" (*)", "", 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{count, judge};

    const TREE: &str = "dryapi-types v0.1.0 (/here)\nserde v1.0.1\nserde_derive v1.0.1 (proc-macro)\n\
                        syn v2.0.1\nsyn v3.0.0\nserde v1.0.1 (*)\nserde v1.0.1\n";

    #[test]
    fn a_crate_counts_once_a_version_and_the_package_counts() {
        assert_eq!(count(TREE).len(), 5);
    }

    #[test]
    fn the_budget_is_the_greatest_number_allowed() {
        assert!(judge("cargo tree", &count(TREE), Some(5), &[]).is_empty());
        let failures = judge("cargo tree", &count(TREE), Some(4), &[]);
        assert!(
            failures[0].what.starts_with("5 crates, at most 4"),
            "{failures:?}"
        );
    }

    #[test]
    fn a_forbidden_crate_is_found_by_its_whole_name() {
        assert!(judge("cargo tree", &count(TREE), None, &["ser", "serde_der"]).is_empty());
        let failures = judge("cargo tree", &count(TREE), None, &["syn"]);
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert!(failures[0].fix.contains("-i syn"));
    }
}
