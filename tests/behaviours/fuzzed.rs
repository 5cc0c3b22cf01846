//! What the fuzzer found once, and what it begins with, hold what must hold: `tests/fuzz`.

#[path = "../fuzz/properties/mod.rs"]
mod properties;

use std::fs;
use std::path::{Path, PathBuf};

use dryapi_testkit::corpus;
use properties as p;

/// The files of a target in one of the fuzzer's folders.
fn inputs(folder: &str, target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let Ok(files) = fs::read_dir(fuzz.join(folder).join(target)) else {
        return Vec::new();
    };
    let paths = files.map(|file| file.unwrap().path());
    paths
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

fn replay(target: &str, check: fn(&[u8])) {
    let seeds = inputs("seeds", target);
    assert!(!seeds.is_empty(), "{target} begins with nothing");
    for (path, input) in seeds.into_iter().chain(inputs("found", target)) {
        println!("{}", path.display());
        check(&input);
    }
}

#[test]
fn answers() {
    let names = ["errors", "odd"];
    let corpus_folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/dryapi-testkit/corpus");
    let mut count = 0;
    for name in names {
        for file in fs::read_dir(corpus_folder.join(name)).unwrap() {
            let path = file.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "http")
            {
                println!("{}", path.display());
                let input = fs::read(path).unwrap();
                p::errors::check(&input);
                p::status::check(&input);
                p::models::check(&input);
                p::retry_after::check(&input);
                count += 1;
            }
        }
    }
    assert_eq!(count, corpus::all().count());
    replay("errors", p::errors::check);
}

#[test]
fn statuses() {
    replay("status", p::status::check);
}

#[test]
fn catalogues() {
    replay("models", p::models::check);
}

#[test]
fn deliveries() {
    replay("webhook", p::webhook::check);
}

#[test]
fn frames() {
    replay("frames", p::frames::check);
}

#[test]
fn retry_after() {
    replay("retry_after", p::retry_after::check);
}

#[test]
fn rows() {
    replay("batch", p::batch::check);
}
