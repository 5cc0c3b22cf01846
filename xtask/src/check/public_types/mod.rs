//! Public APIs name only crates whose versions users can live with.
//!
//! An HTTP library in a signature makes every upgrade of it our major version. rustdoc's JSON says
//! which crate each name in the public API is defined in, whatever it was re-exported as.

mod rules;
mod walk;

use std::time::SystemTime;

use serde_json::Value;

use self::rules::Allowed;
use super::report::{Failure, Report};
use super::tool;
use crate::process;
use crate::workspace::{Package, Workspace};

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let mut report = Report::default();
    for package in workspace
        .crates()
        .filter(|package| package.library.is_some())
    {
        for allowed in rules::variants(package) {
            match rustdoc(workspace, package, &allowed.features) {
                Ok(json) => {
                    for failure in judge(package, &json, &allowed) {
                        // more features show most of it again
                        if !report
                            .failures
                            .iter()
                            .any(|known| known.what == failure.what)
                        {
                            report.failures.push(failure);
                        }
                    }
                }
                Err(failure) => report.failures.push(failure),
            }
        }
    }
    Ok(report)
}

/// Compares one crate's public API with what it may name.
fn judge(package: &Package, json: &Value, allowed: &Allowed) -> Vec<Failure> {
    let entry = rules::entry(&package.name);
    let Some(mentions) = walk::mentions(json, entry) else {
        return vec![Failure::new(
            format!(
                "its public API has no `{}`",
                entry.unwrap_or("items rustdoc could list")
            ),
            &package.name,
            "export it from lib.rs",
        )];
    };
    let place = |at: &str| format!("{} ({at}; {})", package.name, allowed.shown());
    let tell = |mention: walk::Mention| {
        let named = format!(
            "the public `{}` names `{}`",
            mention.item,
            mention.path.join("::")
        );
        if mention.unexported {
            let what = format!("{named}, which nobody outside can name");
            return Some(Failure::new(
                what,
                place(&mention.place),
                "export it from lib.rs",
            ));
        }
        let fix =
            "wrap it in a type of ours, or name std, http, bytes, serde, serde_json, futures_core";
        (!allowed.permits(&mention.path)).then(|| Failure::new(named, place(&mention.place), fix))
    };
    mentions.into_iter().filter_map(tell).collect()
}

/// What rustdoc says about a crate's public API with these features.
fn rustdoc(
    workspace: &Workspace,
    package: &Package,
    features: &[String],
) -> Result<Value, Failure> {
    let features = features.join(",");
    let mut args = vec![
        "rustdoc",
        "--lib",
        "-p",
        &package.name,
        "--no-default-features",
    ];
    if !features.is_empty() {
        args.extend(["--features", &features]);
    }
    args.extend(["--", "-Z", "unstable-options", "--output-format", "json"]);
    let shown = format!("RUSTC_BOOTSTRAP=1 cargo {}", args.join(" "));
    let fail = |error: String| {
        let compile = format!("make it compile: `cargo doc --no-deps -p {}`", package.name);
        Failure::new(tool::cut(&error), &shown, compile)
    };

    // Each set of features writes to the same file, and cargo would call an older one of another
    // set up to date: an argument that is new each time makes it write the file again.
    let nonce = format!("xtask_run=\"{}\"", nanoseconds());
    args.extend(["--cfg", &nonce]);
    let file = workspace
        .target
        .join("doc")
        .join(package.name.replace('-', "_") + ".json");
    let _ = std::fs::remove_file(&file);
    let mut command = process::cargo_with_unstable_rustdoc(&workspace.root, &args).map_err(fail)?;
    let done = process::run(&mut command).map_err(fail)?;
    if !done.ok {
        return Err(fail(done.stderr));
    }
    let text = std::fs::read_to_string(&file)
        .map_err(|error| fail(format!("{}: {error}", workspace.shown(&file))))?;
    serde_json::from_str(&text).map_err(|error| fail(error.to_string()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "any number that differs between two runs"
)]
fn nanoseconds() -> u128 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos())
}
