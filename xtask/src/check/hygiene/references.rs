//! The files that our documents name are there.

use std::path::Path;

use crate::check::report::Failure;

/// Where a path of the repository begins.
const TOPS: [&str; 3] = ["crates/", "tests/", "xtask/"];

/// The files in backticks that are not under `root`.
pub(super) fn missing(file: &str, text: &str, root: &Path) -> Vec<Failure> {
    let lines = text.lines().enumerate();
    let named = lines.flat_map(|(index, line)| {
        // every second part stands between two backticks
        let parts = line.split('`').skip(1).step_by(2);
        parts.map(move |part| (index + 1, part))
    });
    let gone = named.filter(|(_, path)| {
        let is_path = TOPS.iter().any(|top| path.starts_with(top)) && !path.contains([' ', '*']);
        is_path && !root.join(path).exists()
    });
    gone.map(|(line, path)| {
        Failure::new(
            format!("names `{path}`, which is not there"),
            format!("{file}:{line}"),
            "name the file it has become",
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn a_file_that_is_gone_is_told_with_its_line() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("crates/a")).unwrap();
        std::fs::write(root.path().join("crates/a/x.rs"), "").unwrap();
        let text = "see `crates/a/x.rs`, `crates/a`,\nand `crates/*/src` but not crates/c\n\
                    `cargo x` `crates/a/y.rs` `src/z.rs`\n";
        let found = missing("A.md", text, root.path());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "A.md:3");
        assert!(found[0].what.contains("crates/a/y.rs"));
    }
}
