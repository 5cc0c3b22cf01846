//! Small crates, given as their files.

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
             #[test]\nfn u() { crate::a::f() }\n#[tokio::test(flavor = \"x\")]\nasync fn v() { crate::a::f() }\n\
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
fn what_a_root_re_exports_from_another_crate_is_not_the_roots() {
    let found = circles(&[
        (
            "lib.rs",
            "mod a; pub use http::Uri; pub use bytes::*; fn f(_: a::A) {}",
        ),
        ("a.rs", "use crate::{Uri, Bytes}; pub struct A(Uri, Bytes);"),
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
