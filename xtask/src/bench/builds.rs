//! What each layer costs to compile: its crates, and a build from nothing, beside a program's that
//! stands on reqwest, serde_json and tokio alone.

use std::path::Path;
use std::time::Instant;

use super::row::{Bound, Row};
use crate::process;

/// A layer, whether without its default features, and how many crates were promised.
const LAYERS: &[(&str, bool, Option<f64>)] = &[
    ("dryapi-types", false, Some(15.0)),
    ("dryapi-transport", true, Some(20.0)),
    ("dryapi-transport", false, None),
    ("dryapi-client", false, Some(110.0)),
    ("dryapi-cli", false, None),
];

const BESIDE: &str = "reqwest, serde_json, tokio";
const BARE: &str = r#"[package]
name = "bare"
version = "0.0.0"
edition = "2024"

[dependencies]
reqwest = { version = "0.13", default-features = false, features = ["rustls-no-provider"] }
rustls = { version = "0.23", default-features = false, features = ["std", "tls12", "ring"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt"] }

[workspace]
"#;

pub(super) fn measure(root: &Path) -> Result<Vec<Row>, String> {
    let scratch = root.join("target/bench-builds");
    let bare = scratch.join("bare");
    let write = |name: &str, text: &str| {
        let path = bare.join(name);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(&path, text))
            .map_err(|error| format!("{}: {error}", path.display()))
    };
    write("Cargo.toml", BARE)?;
    write("src/main.rs", "fn main() {}\n")?;
    // The same versions.
    let lock = root.join("Cargo.lock");
    std::fs::copy(&lock, bare.join("Cargo.lock")).map_err(|error| error.to_string())?;
    let baseline = (count(&bare, &[])?, cold(&bare, &[], &scratch)?);
    let mut rows = Vec::new();
    for (package, alone, promised) in LAYERS {
        let mut args = vec!["-p", *package];
        let mut name = (*package).to_owned();
        if *alone {
            args.push("--no-default-features");
            name.push_str(", no default features");
        }
        let row = |what: &str, unit: &str, ours: f64, baseline: f64, at_most: Option<f64>| Row {
            what: format!("{name}: {what}"),
            unit: unit.to_owned(),
            ours,
            beside: BESIDE.to_owned(),
            baseline,
            ratio: ours / baseline,
            bound: Bound {
                at_most,
                ..Bound::default()
            },
        };
        rows.push(row(
            "crates",
            "",
            count(root, &args)?,
            baseline.0,
            *promised,
        ));
        rows.push(row(
            "cold build",
            "s",
            cold(root, &args, &scratch)?,
            baseline.1,
            None,
        ));
    }
    Ok(rows)
}

/// The crates of a package, itself included.
fn count(root: &Path, args: &[&str]) -> Result<f64, String> {
    let tree = [
        "tree",
        "-e",
        "normal",
        "--target",
        "x86_64-unknown-linux-gnu",
    ];
    let tree = [&tree, args, &["--prefix", "none", "--no-dedupe"]].concat();
    let done = process::run(&mut process::cargo(root, &tree))?;
    if !done.ok {
        return Err(done.stderr);
    }
    let lines = done.stdout.lines().map(|line| line.replacen(" (*)", "", 1));
    Ok(lines.collect::<std::collections::BTreeSet<_>>().len() as f64)
}

/// Seconds that a build from nothing takes. What it needs is fetched before.
#[expect(clippy::disallowed_methods, reason = "real time is what is measured")]
fn cold(root: &Path, args: &[&str], scratch: &Path) -> Result<f64, String> {
    let fetched = process::run(&mut process::cargo(root, &["fetch"]))?;
    let target = scratch.join("target");
    let _ = std::fs::remove_dir_all(&target);
    let mut build = process::cargo(root, &[&["build", "--quiet"], args].concat());
    build
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_INCREMENTAL", "0");
    let begun = Instant::now();
    let done = process::run(&mut build)?;
    let took = begun.elapsed().as_secs_f64();
    let _ = std::fs::remove_dir_all(&target);
    match fetched.ok && done.ok {
        true => Ok(took),
        false => Err(format!("{}{}", fetched.stderr, done.stderr)),
    }
}
