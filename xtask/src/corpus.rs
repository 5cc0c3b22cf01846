//! `cargo xtask corpus add NAME < answer.http`: a new case of the error corpus.

mod raw;

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{ExitCode, Stdio};

use self::raw::Raw;
use crate::process;
use crate::workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask corpus add NAME < ANSWER
ANSWER is a raw HTTP response, for instance what `curl -i` printed";

/// Where the corpus lies, and its folders.
const CORPUS: &str = "crates/dryapi-testkit/corpus";
const FOLDERS: [&str; 2] = ["errors", "odd"];

/// Runs the chore.
pub(crate) fn main(args: &[String]) -> ExitCode {
    let [verb, name] = args else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    if verb != "add" || !is_name(name) {
        eprintln!("{USAGE}; NAME is lower case, digits and _");
        return ExitCode::from(2);
    }
    match add(name) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_lowercase())
        && name.bytes().all(letter)
}

fn add(name: &str) -> Result<String, String> {
    let root = Workspace::load()?.root;
    let corpus = root.join(CORPUS);
    for folder in FOLDERS {
        let file = corpus.join(folder).join(format!("{name}.toml"));
        if file.exists() {
            return Err(format!("there is one already: {}", file.display()));
        }
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().read_to_end(&mut bytes);
    read.map_err(|error| format!("stdin cannot be read: {error}"))?;
    let raw = Raw::read(&bytes).ok_or_else(|| format!("that is no HTTP response\n{USAGE}"))?;
    let http = raw.write();
    let draft = draft(&root, &http)?;
    let (folder, sheet) = draft
        .split_once('\n')
        .filter(|(folder, _)| FOLDERS.contains(folder))
        .ok_or_else(|| format!("the decoder said something else: {draft}"))?;
    let base = corpus.join(folder).join(name);
    write(&base.with_extension("http"), &http)?;
    write(&base.with_extension("toml"), sheet.as_bytes())?;
    let dropped = raw.dropped.join(", ");
    let dropped = match &*dropped {
        "" => String::new(),
        names => format!("Left out: {names}.\n"),
    };
    Ok(format!(
        "{CORPUS}/{folder}/{name}.http and .toml are written.\n{dropped}\
         Take every secret and name out of the .http, which gets public, and keep its\n\
         Content-Length right. In the .toml say where it was seen and whether the call was free;\n\
         what it expects is what the decoder makes of it now: is that what it should? Then\n\
         INSTA_UPDATE=always cargo nextest run -p dryapi-testkit -p dryapi-tests corpus error_bodies"
    ))
}

/// What the decoder makes of an answer. A program of the testkit says it: this one must build even
/// when the crates, which it checks and writes, do not.
fn draft(root: &Path, http: &[u8]) -> Result<String, String> {
    let args = [
        "run",
        "--quiet",
        "-p",
        "dryapi-testkit",
        "--example",
        "expect",
    ];
    let mut command = process::cargo(root, &args);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("cargo could not be started: {error}"))?;
    let written = match child.stdin.take() {
        Some(mut stdin) => stdin.write_all(http),
        None => Ok(()),
    };
    let output = child
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err("the decoder did not read it".to_owned());
    }
    written.map_err(|error| error.to_string())?;
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(file, bytes).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_are_file_names_and_identifiers() {
        assert!(is_name("html_502") && is_name("a"));
        for name in ["", "502", "_a", "A", "a-b", "../a", "a b"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
