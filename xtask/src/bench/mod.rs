//! What is promised of speed, measured beside what it is compared with.
//!
//! The measuring programs are bench targets of the crates they measure, so that cargo builds them
//! as a release and xtask itself needs none of our crates: it must run while they do not compile.

mod table;

use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

use crate::process;

/// What is measured: a package and its bench target.
const BENCHES: &[(&str, &str)] = &[("dryapi-types", "embeddings"), ("dryapi-tests", "waits")];

const USAGE: &str = "usage: cargo xtask bench [--json FILE]";

pub(crate) fn main(args: &[String]) -> ExitCode {
    let file = match args {
        [] => None,
        [flag, file] if flag == "--json" => Some(Path::new(file)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(file) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything; gives whether every limit was kept.
fn run(file: Option<&Path>) -> Result<bool, String> {
    let mut reports = Vec::new();
    for (package, bench) in BENCHES {
        reports.push(measure(package, bench)?);
    }
    if let Some(file) = file {
        let text = format!("{:#}\n", Value::Array(reports.clone()));
        std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let mut kept = true;
    for report in &reports {
        println!("{}", table::render(report));
        kept &= table::over(report).is_empty();
    }
    Ok(kept)
}

fn measure(package: &str, bench: &str) -> Result<Value, String> {
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    let args = ["bench", "--quiet", "--package", package, "--bench", bench];
    let done = process::run(&mut process::cargo(&here, &args))?;
    if !done.ok {
        return Err(format!("cargo {} failed:\n{}", args.join(" "), done.stderr));
    }
    // Cargo may print before it, the program prints one line.
    let line = done.stdout.lines().rev().find(|line| line.starts_with('{'));
    line.and_then(|line| serde_json::from_str(line).ok())
        .ok_or_else(|| format!("{package}'s {bench} printed no report:\n{}", done.stdout))
}
