//! The documents hold nothing that nobody runs.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn chapters() -> Vec<PathBuf> {
    let folder = root().join("crates/dryapi-client/docs/cookbook");
    let files = fs::read_dir(folder).unwrap();
    let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    assert!(files.len() > 10, "{files:?}");
    files
}

/// The blocks of a Markdown text that are in this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    let blocks = text.split(&start).skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_chapter_is_run_and_shown() {
    let run = fs::read_to_string(root().join("tests/src/lib.rs")).unwrap();
    let shown = fs::read_to_string(root().join("crates/dryapi-client/src/_cookbook.rs")).unwrap();
    for chapter in chapters() {
        let name = chapter.file_name().unwrap().to_str().unwrap();
        assert!(
            run.contains(&format!("cookbook/{name}\"")),
            "{name} is not run"
        );
        assert!(
            shown.contains(&format!("cookbook/{name}\"")),
            "{name} is not shown"
        );
    }
}

#[test]
fn what_is_python_there_is_run_as_it_stands() {
    let programs = fs::read_dir(root().join("tests/python")).unwrap();
    let programs = programs.map(|file| file.unwrap().path());
    let programs: String = programs
        .filter(|file| file.extension().is_some_and(|extension| extension == "py"))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let mut seen = 0;
    for chapter in chapters() {
        let text = fs::read_to_string(&chapter).unwrap();
        for block in blocks(&text, "python") {
            assert!(programs.contains(&block), "{}: {block}", chapter.display());
            seen += 1;
        }
    }
    assert!(seen >= 2, "{seen}");
}

#[test]
fn every_feature_of_a_crate_is_explained_in_it() {
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = toml::from_str(&manifest).unwrap();
        let source = fs::read_to_string(folder.join("src/lib.rs")).unwrap();
        let docs = source.lines().filter(|line| line.starts_with("//!"));
        let docs: String = docs.collect();
        let features = manifest.get("features").and_then(toml::Value::as_table);
        for name in features.into_iter().flat_map(toml::Table::keys) {
            let said = name == "default" || docs.contains(&format!("`{name}`"));
            assert!(said, "{}: `{name}`", folder.display());
        }
    }
}

#[test]
fn the_page_of_operations_has_all_of_the_reference() {
    let page = root().join("crates/dryapi-client/docs/api.md");
    let page = fs::read_to_string(page).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let published = rows.filter(|row| !row.contains("` * |")).count();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.contains(&format!("All {published} operations")),
        "{published}"
    );
}

#[test]
fn no_block_is_in_a_language_that_nobody_checks() {
    let run = fs::read_to_string(root().join("tests/src/lib.rs")).unwrap();
    let documents = documents();
    assert!(documents.len() > 20, "{documents:?}");
    for document in documents {
        let text = fs::read_to_string(root().join(&document)).unwrap();
        let mut open = false;
        for line in text.lines().filter_map(|line| line.strip_prefix("```")) {
            open = !open;
            let known = ["rust", "rust,no_run", "python", "sh", "text", ""].contains(&line);
            // A batch of the command, whose tests run it.
            let rows = line == "json" && document == "README.md";
            assert!(!open || known || rows, "{document}: {line}");
            let here = !line.starts_with("rust") || run.contains(&format!("{document}\""));
            assert!(here, "{document} holds Rust that is not run");
        }
    }
}

/// Every Markdown file of the repository, from its root.
fn documents() -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![root().to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (path, name) = (entry.path(), entry.file_name());
            let ours = !name.to_string_lossy().starts_with('.') && name != "target";
            if ours && entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let path = path.strip_prefix(root()).unwrap();
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    found
}
