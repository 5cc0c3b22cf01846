//! A copy of the workspace whose description has one operation more: it is generated, compiles, and
//! runs in the command and in the sandbox, with no hand-written line.
//!
//! Compiles everything once more, in a folder of its own: run by CI as
//! `cargo test -p xtask --test forty_eighth -- --ignored`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const OPERATION: &str = include_str!("fixtures/forty_eighth.yaml");

/// The workspace this test belongs to.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Copies what the build needs; what git ignores is not needed.
fn copy(from: &Path, to: &Path) {
    let files = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(from)
        .output()
        .unwrap();
    assert!(files.status.success(), "{files:?}");
    for name in String::from_utf8(files.stdout)
        .unwrap()
        .split_terminator('\0')
    {
        let (source, target) = (from.join(name), to.join(name));
        if source.is_file() {
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(source, target).unwrap();
        }
    }
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}", text(&output.stdout), text(&output.stderr))
}

#[test]
#[ignore = "compiles the whole workspace; CI runs it by name"]
fn one_operation_more_needs_no_line_of_code() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workspace");
    copy(workspace(), &root);
    let spec = root.join("xtask/spec/dryapi.yaml");
    let described = fs::read_to_string(&spec).unwrap();
    let more = described.replacen("\npaths:\n", &format!("\npaths:\n{OPERATION}"), 1);
    assert_ne!(more, described);
    fs::write(&spec, more).unwrap();

    let generated = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--root"])
        .arg(&root)
        .output()
        .unwrap();
    assert!(generated.status.success(), "{}", said(&generated));

    // Kept between runs, so that only the first compiles the libraries.
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("forty-eighth");
    let cargo = |args: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(args)
            .current_dir(&root)
            .env("CARGO_TARGET_DIR", &target)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
    };
    cargo(&["build", "--quiet", "--package", "dryapi-cli"]);
    let dryapi = |args: &[&str]| {
        Command::new(target.join("debug/dryapi"))
            .args(args)
            .current_dir(folder.path())
            .output()
            .unwrap()
    };

    let help = dryapi(&["img-colorize", "--help"]);
    assert!(said(&help).contains("--palette"), "{}", said(&help));
    let grey = dryapi(&["--sandbox", "txt2img", "a grey cat", "-o", "grey.png"]);
    assert!(grey.status.success(), "{}", said(&grey));
    let colours = dryapi(&[
        "--sandbox",
        "img-colorize",
        "grey.png",
        "--palette",
        "warm",
        "-o",
        "colours.png",
    ]);
    assert!(colours.status.success(), "{}", said(&colours));
    let picture = fs::read(folder.path().join("colours.png")).unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    let strong = dryapi(&["--sandbox", "img-colorize", "grey.png", "--strength", "2"]);
    assert_eq!(strong.status.code(), Some(2), "{}", said(&strong));
}
