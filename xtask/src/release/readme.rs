//! Versions of our crates that stand in the README.

use semver::{Version, VersionReq};

/// A version that a line of the README asks for.
struct Mention<'a> {
    /// The crate.
    name: &'a str,
    /// The version, as it stands there.
    version: &'a str,
}

/// The lines that ask for a version which the current one does not satisfy, and what they say.
pub(super) fn outdated(text: &str, names: &[&str], current: &Version) -> Vec<(usize, String)> {
    let lines = text.lines().enumerate();
    let found = lines.filter_map(|(index, line)| {
        let mention = mentioned(line, names)?;
        let request = VersionReq::parse(mention.version);
        let fits = request.is_ok_and(|request| request.matches(current));
        (!fits).then(|| (index + 1, format!("{} {}", mention.name, mention.version)))
    });
    found.collect()
}

/// The README with `to` wherever a version of ours stands, as long as it was before.
pub(super) fn bumped(text: &str, names: &[&str], to: &Version) -> String {
    let mut new = String::new();
    for line in text.split_inclusive('\n') {
        match mentioned(line, names) {
            Some(mention) => {
                let old = format!("\"{}\"", mention.version);
                let whole = mention.version.split('.').count() > 2 || !to.pre.is_empty();
                let shown = if whole {
                    to.to_string()
                } else {
                    format!("{}.{}", to.major, to.minor)
                };
                new += &line.replacen(&old, &format!("\"{shown}\""), 1);
            }
            None => new += line,
        }
    }
    new
}

/// What a line `name = "0.1"` or `name = { version = "0.1", … }` asks for.
fn mentioned<'a>(line: &'a str, names: &[&'a str]) -> Option<Mention<'a>> {
    let (key, value) = line.split_once('=')?;
    let name = names.iter().find(|name| **name == key.trim())?;
    let value = value.trim_start();
    let quoted = if value.starts_with('{') {
        value
            .split_once("version")?
            .1
            .trim_start()
            .strip_prefix('=')?
            .trim_start()
    } else {
        value
    };
    let version = quoted.strip_prefix('"')?.split('"').next()?;
    Some(Mention { name, version })
}

#[cfg(test)]
mod tests {
    use super::{bumped, outdated};
    use semver::Version;

    const NAMES: &[&str] = &["dryapi-client", "dryapi-types"];
    const TEXT: &str = "\
```toml
dryapi-client = { features = [\"ledger\"], version = \"0.1\" }
dryapi-types = \"0.1.0\"
serde = \"0.1\"
```
";

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn what_the_current_version_does_not_satisfy_is_told_with_its_line() {
        assert!(outdated(TEXT, NAMES, &version("0.1.4")).is_empty());
        let found = outdated(TEXT, NAMES, &version("0.2.0"));
        let wanted = [
            (2, "dryapi-client 0.1".to_owned()),
            (3, "dryapi-types 0.1.0".to_owned()),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn versions_of_ours_are_bumped_as_short_as_they_were() {
        let found = bumped(TEXT, NAMES, &version("0.2.1"));
        assert!(found.contains("version = \"0.2\" }"), "{found}");
        assert!(found.contains("dryapi-types = \"0.2.1\""), "{found}");
        assert!(found.contains("serde = \"0.1\""), "{found}");
        assert!(outdated(&found, NAMES, &version("0.2.1")).is_empty());
        // a shorter request does not find a version before the release
        let found = bumped(TEXT, NAMES, &version("0.2.0-rc.1"));
        assert!(
            outdated(&found, NAMES, &version("0.2.0-rc.1")).is_empty(),
            "{found}"
        );
    }
}
