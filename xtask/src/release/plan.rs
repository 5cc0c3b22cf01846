//! `cargo xtask release plan`: what a release would do, in order; it changes nothing.

use super::publish::CHECKS;
use super::published::{self, Crate};

/// Prints the plan.
///
/// # Errors
///
/// When cargo does not know the workspace, or no order publishes its crates.
pub(super) fn run() -> Result<(), String> {
    print!("{}", shown(&published::load()?));
    Ok(())
}

fn shown(crates: &[Crate]) -> String {
    let mut text = "Published in this order, each after those it is built from:\n".to_owned();
    for (index, found) in crates.iter().enumerate() {
        let needs: Vec<&str> = found.needs.iter().map(String::as_str).collect();
        let needs = match needs.as_slice() {
            [] => "none of ours".to_owned(),
            names => names.join(", "),
        };
        text += &format!(
            "{:>3}. {:<17} {:<8} needs {needs}\n",
            index + 1,
            found.name,
            found.version
        );
    }
    text += "\nChecked by `cargo xtask release publish --dry-run`:\n";
    for (name, about) in CHECKS {
        text += &format!("  {name:<13} {about}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::release::published;
    use serde_json::json;

    #[test]
    fn the_plan_says_the_order_the_versions_and_the_checks() {
        let metadata = json!({"packages": [
            {"name": "client", "version": "0.2.0", "manifest_path": "/c", "publish": null,
             "dependencies": [{"name": "types", "kind": null, "path": "/t"}]},
            {"name": "types", "version": "0.2.0", "manifest_path": "/t", "publish": null,
             "dependencies": []},
        ]});
        let text = shown(&published::read(&metadata).unwrap());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[1],
            "  1. types             0.2.0    needs none of ours"
        );
        assert_eq!(lines[2], "  2. client            0.2.0    needs types");
        assert!(
            text.contains("licences") && text.contains("packages"),
            "{text}"
        );
    }
}
