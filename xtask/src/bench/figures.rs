//! Runs the measuring program, a bench target of the workspace's tests: so cargo builds it as a
//! release, and xtask itself needs none of our crates and runs while they do not compile.

use std::path::Path;

use serde::Deserialize;

use super::row::Row;
use crate::process;

/// What it can measure, in the order of the table.
pub(super) const NAMES: &[&str] = &[
    "calls",
    "throughput",
    "transfers",
    "embeddings",
    "waits",
    "ledger",
];

#[derive(Deserialize)]
struct Report {
    rows: Vec<Row>,
}

/// One measurement, in a process of its own.
pub(super) fn measure(root: &Path, name: &str) -> Result<Vec<Row>, String> {
    let args = [
        "bench",
        "--quiet",
        "-p",
        "dryapi-tests",
        "--bench",
        "figures",
        "--",
        name,
    ];
    let done = process::run(&mut process::cargo(root, &args))?;
    if !done.ok {
        return Err(format!("cargo {} failed:\n{}", args.join(" "), done.stderr));
    }
    // Cargo may print before it, the program prints one line.
    let line = done.stdout.lines().rev().find(|line| line.starts_with('{'));
    let line = line.ok_or_else(|| format!("{name} printed no report:\n{}", done.stdout))?;
    let report: Report = serde_json::from_str(line).map_err(|error| error.to_string())?;
    Ok(report.rows)
}
