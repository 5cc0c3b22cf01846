//! Every crate begins with an example, and every example is compiled.

use crate::check::report::Failure;

/// What is missing at the top of a library's root file.
pub(super) fn undocumented(file: &str, source: &str) -> Vec<Failure> {
    let first = source.lines().map(str::trim).find(|line| !line.is_empty());
    if !first.is_some_and(|line| line.starts_with("//!")) {
        return vec![Failure::new(
            "the crate does not begin with `//!` documentation",
            format!("{file}:1"),
            "say on the first lines what the crate is for",
        )];
    }
    let top: Vec<&str> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("//!"))
        .collect();
    if fences(&top.join("\n")).any(|(_, tags)| compiled(&tags)) {
        return Vec::new();
    }
    vec![Failure::new(
        "the crate's documentation shows no Rust code that is compiled",
        format!("{file}:1"),
        "add an example in a plain ``` block to the `//!` documentation",
    )]
}

/// Examples that nobody compiles.
pub(super) fn ignored(file: &str, source: &str) -> Vec<Failure> {
    let is_doc = |line: &str| line.starts_with("///") || line.starts_with("//!");
    let prose = |line: &str| {
        let line = line.trim();
        if is_doc(line) {
            line.get(3..).unwrap_or_default().to_owned()
        } else {
            String::new()
        }
    };
    let text = if file.ends_with(".rs") {
        source.lines().map(prose).collect::<Vec<_>>().join("\n")
    } else {
        source.to_owned()
    };
    let found = fences(&text).filter(|(_, tags)| tags.iter().any(|tag| tag.starts_with("ignore")));
    let tell = |(line, _)| {
        Failure::new(
            "an example nobody compiles will be wrong one day",
            format!("{file}:{line}"),
            "let it run, or write `no_run` instead of `ignore`, or `text` if it is no Rust",
        )
    };
    found.map(tell).collect()
}

/// The opening fences of a Markdown text: their line and their tags.
fn fences(text: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    let mut open = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let tags = line.trim().strip_prefix("```")?;
        open = !open;
        let split = tags.split([',', ' ', '{', '}']);
        let tags = split.map(str::trim).filter(|tag| !tag.is_empty());
        open.then(|| (index + 1, tags.map(str::to_owned).collect()))
    })
}

/// Whether rustdoc compiles a block with these tags.
fn compiled(tags: &[String]) -> bool {
    let known = ["rust", "no_run", "should_panic"];
    tags.iter()
        .all(|tag| known.contains(&tag.as_str()) || tag.starts_with("edition"))
}

#[cfg(test)]
mod tests {
    use super::{ignored, undocumented};

    #[test]
    fn a_crate_begins_with_documentation_and_an_example() {
        let good = "//! Types.\n//!\n//! ```\n//! assert!(true);\n//! ```\n\nmod a;\n";
        assert!(undocumented("lib.rs", good).is_empty());
        assert!(
            undocumented(
                "lib.rs",
                &good.replace("```\n//! a", "```rust,no_run\n//! a")
            )
            .is_empty()
        );
        let silent = undocumented("lib.rs", "mod a;\n//! Types.\n");
        assert!(silent[0].what.contains("does not begin"), "{silent:?}");
        for other in ["```text", "```ignore", "```toml", "```compile_fail"] {
            let found = undocumented("lib.rs", &good.replacen("```", other, 1));
            assert!(found[0].what.contains("no Rust code"), "{other}: {found:?}");
        }
    }

    #[test]
    fn an_example_further_down_in_the_file_does_not_count() {
        let found = undocumented(
            "lib.rs",
            "//! Types.\n/// ```\n/// x();\n/// ```\nfn x() {}\n",
        );
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn ignored_examples_are_red_with_their_line() {
        let source = "/// A.\n///\n/// ```ignore\n/// x\n/// ```\nfn a() {}\nconst S: &str = \"```ignore\";\n";
        let found = ignored("a.rs", source);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "a.rs:3");
        assert!(ignored("a.rs", &source.replace("/// ```ignore", "/// ```no_run")).is_empty());
        assert_eq!(
            ignored("README.md", "# A\n```rust,ignore\nx\n```\n").len(),
            1
        );
    }
}
