//! No committed file names a folder of the machine it was written on.

use crate::check::report::Failure;

/// Folders nobody else has; written in halves, because this file is committed too.
const PRIVATE: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("sha", "red/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "brief"),
];

/// The lines of a file that name a private folder.
pub(super) fn private(file: &str, content: &[u8]) -> Vec<Failure> {
    let text = String::from_utf8_lossy(content);
    let lines = text.lines().enumerate();
    let found = lines.filter_map(|(index, line)| {
        let folder = PRIVATE.iter().find(|folder| names(line, folder))?;
        Some(Failure::new(
            format!("mentions `{folder}`, a folder nobody else has"),
            format!("{file}:{}", index + 1),
            "say what was meant, or name a file of this repository",
        ))
    });
    found.collect()
}

/// Whether `folder` stands in `line` as the beginning of a path or right after `./` or `../`.
fn names(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        let last = before.chars().next_back();
        !last.is_some_and(|c| c.is_alphanumeric() || "_-/".contains(c)) || before.ends_with("./")
    })
}

#[cfg(test)]
mod tests {
    use super::private;

    fn red(line: &str) -> bool {
        !private("a.md", line.as_bytes()).is_empty()
    }

    #[test]
    fn paths_of_the_machine_are_found_with_their_line() {
        let text = ["fine", concat!("see `/wo", "rk/main/x.rs`")].join("\n");
        let found = private("a.md", text.as_bytes());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "a.md:2");
        assert!(red(concat!("as sha", "red/design.md says")));
        assert!(red(concat!("../sha", "red/ holds it")));
    }

    #[test]
    fn words_and_addresses_that_only_look_alike_are_not() {
        assert!(!red(".github/workflows/ci.yml and network/x"));
        assert!(!red(concat!("https://example.com/wo", "rk/1")));
        assert!(!red(concat!("un", "sha", "red/x")));
        assert!(!red("one poll is shared by all"));
    }

    #[test]
    fn a_binary_file_is_no_obstacle() {
        assert!(private("a.png", &[0, 159, 146, 150, b'\n']).is_empty());
    }
}
