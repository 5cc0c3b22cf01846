//! No circles between the files of a crate.
//!
//! A file points at another when its code, tests aside, names an item that is *defined* there:
//! paths are followed through imports, renames and re-exports to the definition. So a parent
//! module that only declares or re-exports its children points at nothing, a child may import its
//! sibling through the parent, and importing a module is no arrow until something in it is named.
//! Paths are read from tokens, not types: methods and trait impls found by inference are no arrows.

mod graph;
mod map;
mod resolve;
mod scan;

use std::path::Path;

use self::map::CrateMap;
use super::report::{Failure, Report};
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Report, Failure> {
    let mut failures = Vec::new();
    let roots = workspace.packages.iter().flat_map(|package| &package.roots);
    for root in roots {
        let read = |file: &Path| std::fs::read_to_string(file).ok();
        match CrateMap::load(root, &read) {
            Ok(map) => failures.extend(judge(&map, &|file| workspace.shown(file))),
            Err(error) => failures.push(Failure::new(
                error,
                workspace.shown(root),
                "repair the syntax; `cargo check` shows more",
            )),
        }
    }
    Ok(Report::of(failures))
}

fn judge(map: &CrateMap, shown: &dyn Fn(&Path) -> String) -> Vec<Failure> {
    let arrows = resolve::arrows(map);
    let tell = |circle: Vec<usize>| {
        let next = circle.iter().cycle().skip(1);
        let steps: Vec<String> = circle
            .iter()
            .zip(next)
            .filter_map(|(from, to)| {
                let arrow = arrows.get(from)?.get(to)?;
                let (from, to) = (shown(map.files.get(*from)?), shown(map.files.get(*to)?));
                Some(format!(
                    "{from}:{} names `{}` of {to}",
                    arrow.line, arrow.path
                ))
            })
            .collect();
        let place = circle.first().and_then(|file| map.files.get(*file));
        Failure::new(
            format!(
                "the files import each other in a circle:\n{}",
                steps.join("\n")
            ),
            place.map(|file| shown(file)).unwrap_or_default(),
            "move what both need into a file below them, or pass it in as an argument",
        )
    };
    graph::circles(&arrows).into_iter().map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::judge;
    use super::map::CrateMap;
    use std::path::Path;

    /// The circles of a crate given as its files.
    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let read = |wanted: &Path| {
            let found = files.iter().find(|(name, _)| Path::new(name) == wanted);
            found.map(|(_, text)| (*text).to_owned())
        };
        let map = CrateMap::load(Path::new("lib.rs"), &read).expect("sources");
        let failures = judge(&map, &|file| file.display().to_string());
        failures.into_iter().map(|failure| failure.what).collect()
    }

    #[test]
    fn two_files_that_import_each_other_are_red_and_the_lines_are_told() {
        let found = circles(&[
            ("lib.rs", "mod a;\nmod b;\n"),
            ("a.rs", "use crate::b::B;\npub struct A(B);\n"),
            (
                "b.rs",
                "pub struct B;\nimpl B { fn a(_: &crate::a::A) {} }\n",
            ),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("a.rs:1 names `crate::b::B` of b.rs"),
            "{found:?}"
        );
        assert!(
            found[0].contains("b.rs:2 names `crate::a::A` of a.rs"),
            "{found:?}"
        );
    }

    #[test]
    fn a_longer_circle_is_found_through_re_exports() {
        let found = circles(&[
            (
                "lib.rs",
                "mod a; mod b; mod c; pub use a::A; pub use b::*; pub use crate::c::C;",
            ),
            ("a.rs", "use crate::B; pub struct A(B);"),
            (
                "b.rs",
                "use crate::{C as Renamed, x}; pub struct B(Renamed);",
            ),
            ("c.rs", "use super::A; pub struct C(Box<A>);"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("c.rs:1 names `super::A` of a.rs"),
            "{found:?}"
        );
    }

    #[test]
    fn a_module_imported_by_name_is_followed_into_its_files() {
        let found = circles(&[
            ("lib.rs", "mod a; mod retry;"),
            (
                "a.rs",
                "use crate::retry; pub fn f() { retry::backoff::next() }",
            ),
            ("retry/mod.rs", "pub mod backoff;"),
            ("retry/backoff.rs", "pub fn next() { crate::a::f() }"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn children_may_share_what_their_parent_re_exports() {
        let found = circles(&[
            (
                "lib.rs",
                "//! Docs.\nmod error; pub use error::{Error, Kind};",
            ),
            (
                "error.rs",
                "mod kind; mod text; pub use kind::Kind; pub use self::text::Error;",
            ),
            ("error/kind.rs", "pub enum Kind { A }"),
            (
                "error/text.rs",
                "use super::Kind; pub struct Error(Kind, crate::Kind);",
            ),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_parent_may_use_its_children_or_they_it_but_not_both() {
        let child = (
            "error/kind.rs",
            "pub enum Kind { A } pub fn told(_: &super::Error) {}",
        );
        let lonely = circles(&[
            ("lib.rs", "mod error;"),
            (
                "error.rs",
                "mod kind; pub use kind::Kind; pub struct Error;",
            ),
            child,
        ]);
        assert!(lonely.is_empty(), "{lonely:?}");
        let mutual = circles(&[
            ("lib.rs", "mod error;"),
            (
                "error.rs",
                "mod kind; pub use kind::Kind; pub struct Error(Kind);",
            ),
            child,
        ]);
        assert_eq!(mutual.len(), 1, "{mutual:?}");
    }

    #[test]
    fn tests_comments_and_strings_point_nowhere() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub struct A(crate::b::B);"),
            (
                "b.rs",
                "//! See [`crate::a::A`].\n// crate::a::A\npub struct B;\n\
                 const S: &str = \"crate::a::A\"; const C: char = '\"';\n\
                 #[cfg(test)]\nuse crate::{a::A};\n\
                 #[cfg(all(test, unix))]\n#[allow(unused)]\nfn f(_: crate::a::A) {}\n\
                 #[cfg(test)]\nmod tests { use crate::a::A; fn t<'a>(_: &'a A) {} }\n",
            ),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_points_nowhere() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub struct A(crate::b::B);"),
            ("b.rs", "pub struct B; #[cfg(test)] mod tests;"),
            ("b/tests.rs", "use crate::a::A;"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn serde_paths_in_attributes_are_paths() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "pub struct A { #[serde(with = \"crate::b::numbers\")] x: u8 }",
            ),
            (
                "b.rs",
                "pub mod numbers { pub fn f(_: super::super::a::A) {} }",
            ),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn the_crates_of_others_are_no_arrows() {
        let found = circles(&[
            ("lib.rs", "mod http; mod b;"),
            (
                "http.rs",
                "use ::b::X; use std::fmt; pub struct H(fmt::Error, bytes::Bytes, X);",
            ),
            (
                "b.rs",
                "use crate::http::H; pub fn f(h: H) { h.b(); <H as std::fmt::Debug>::b::c() }",
            ),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn macros_are_defined_where_they_stand() {
        let found = circles(&[
            ("lib.rs", "mod id; mod job;"),
            (
                "id.rs",
                "macro_rules! id { ($n:ident) => { pub struct $n($crate::job::J); } }\npub(crate) use id;",
            ),
            ("job.rs", "crate::id::id!(A); pub struct J;"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
