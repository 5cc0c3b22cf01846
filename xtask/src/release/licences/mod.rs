//! Every crate that ours are built with, tests included, is under a licence we accept.

mod accepted;
mod expression;

use serde_json::Value;

use self::accepted::ACCEPTED;
use crate::check::report::{Failure, Report};
use crate::workspace::{self, Workspace};

const TABLE: &str = "xtask/src/release/licences/accepted.rs";

/// Does the check.
pub(crate) fn check(_: &Workspace) -> Result<Report, Failure> {
    let mut report = Report::default();
    // Cargo needs the sources of every platform's crates for it, which a machine without network
    // may not have.
    let everywhere = workspace::metadata(&["--all-features", "--locked"]);
    let metadata = match everywhere {
        Ok(metadata) => metadata,
        Err(error) => {
            let last = error.trim_end().lines().next_back().unwrap_or_default();
            report.notes.push(format!(
                "only what Linux needs was looked at: the rest cannot be had ({})",
                last.trim()
            ));
            let linux = ["--filter-platform", "x86_64-unknown-linux-gnu"];
            let args = [
                &["--all-features", "--locked", "--offline"],
                linux.as_slice(),
            ]
            .concat();
            workspace::metadata(&args)
                .map_err(|error| Failure::of_tool(error, "cargo metadata --locked"))?
        }
    };
    report.failures = judge(&metadata);
    Ok(report)
}

/// The packages of `cargo metadata` that are not accepted.
fn judge(metadata: &Value) -> Vec<Failure> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    let packages = packages.into_iter().flatten();
    packages.filter_map(refused).collect()
}

fn refused(package: &Value) -> Option<Failure> {
    let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
    let place = format!("{} {}", text("name"), text("version"));
    let licence = text("license");
    let accepts = |name: &str| ACCEPTED.iter().any(|(known, _)| *known == name);
    let what = match expression::accepted(licence, &accepts) {
        Ok(true) => return None,
        Ok(false) => format!("is under `{licence}`, which is not on our list"),
        Err(_) if licence.is_empty() => "says no licence, or only a file".to_owned(),
        Err(error) => format!("its licence `{licence}` cannot be read: {error}"),
    };
    let fix = format!("do without it, or add the licence to {TABLE} with the reason");
    Some(Failure::new(what, place, fix))
}

#[cfg(test)]
mod tests {
    use super::judge;
    use serde_json::json;

    #[test]
    fn a_licence_that_is_not_on_the_list_is_told_with_its_crate() {
        let metadata = json!({"packages": [
            {"name": "good", "version": "1.0.0", "license": "MIT/Apache-2.0"},
            {"name": "viral", "version": "2.0.0", "license": "GPL-3.0-only AND MIT"},
            {"name": "silent", "version": "3.0.0", "license": null},
            {"name": "odd", "version": "4.0.0", "license": "MIT OR"},
        ]});
        let found = judge(&metadata);
        let places: Vec<&str> = found.iter().map(|failure| failure.place.as_str()).collect();
        assert_eq!(places, ["viral 2.0.0", "silent 3.0.0", "odd 4.0.0"]);
        assert!(found[0].what.contains("GPL-3.0-only"), "{found:?}");
        assert!(found[1].what.contains("no licence"), "{found:?}");
        assert!(found[2].what.contains("cannot be read"), "{found:?}");
    }
}
