//! What `CHANGELOG.md` calls unreleased becomes a version with its date.

const UNRELEASED: &str = "## Unreleased";

/// The changelog with a new, empty `## Unreleased` above the version it has become.
///
/// # Errors
///
/// When nothing is unreleased, or the version stands there already.
pub(super) fn dated(text: &str, version: &str, date: &str) -> Result<String, String> {
    let known = format!("## {version}");
    if text
        .lines()
        .any(|line| line == known || line.starts_with(&format!("{known} ")))
    {
        return Err(format!("CHANGELOG.md has a section `{known}` already"));
    }
    let mut lines = text.lines();
    let mut new = Vec::new();
    if !lines.by_ref().any(|line| {
        new.push(line.to_owned());
        line.trim_end() == UNRELEASED
    }) {
        return Err(format!("CHANGELOG.md has no `{UNRELEASED}`"));
    }
    let rest: Vec<&str> = lines.collect();
    let said = rest
        .iter()
        .take_while(|line| !line.starts_with("## "))
        .any(|line| !line.trim().is_empty() && !line.starts_with('#'));
    if !said {
        return Err(format!(
            "`{UNRELEASED}` in CHANGELOG.md is empty: say what changes for users"
        ));
    }
    new.extend([String::new(), format!("{known} - {date}")]);
    new.extend(rest.into_iter().map(str::to_owned));
    Ok(new.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::dated;

    const LOG: &str =
        "# Changelog\n\n## Unreleased\n\n- A thing.\n\n## 0.1.0 - 2025-11-01\n\n- All.\n";

    #[test]
    fn the_unreleased_becomes_the_version_below_a_new_empty_one() {
        assert_eq!(
            dated(LOG, "0.2.0", "2026-02-03").unwrap(),
            "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-02-03\n\n- A thing.\n\n\
             ## 0.1.0 - 2025-11-01\n\n- All.\n"
        );
    }

    #[test]
    fn an_empty_a_missing_and_a_known_section_are_refused() {
        let empty = LOG.replace("- A thing.\n", "### Added\n");
        assert!(
            dated(&empty, "0.2.0", "d")
                .unwrap_err()
                .contains("is empty")
        );
        let none = LOG.replace("## Unreleased", "## Later");
        assert!(dated(&none, "0.2.0", "d").unwrap_err().contains("has no"));
        let twice = dated(LOG, "0.1.0", "d").unwrap_err();
        assert!(twice.contains("already"), "{twice}");
        assert!(dated(LOG, "0.1", "d").is_ok());
    }
}
