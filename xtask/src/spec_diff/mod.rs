//! `cargo xtask spec-diff FILE`: another OpenAPI document compared with our own description.

mod accepted;
mod compare;
mod difference;
mod document;
mod node;
mod report;
mod schema;
mod stub;
mod words;
mod yaml;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::accepted::Accepted;
use self::document::Operation;
use crate::spec;
use crate::workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask spec-diff FILE [--stub] [--with OURS]
FILE is an OpenAPI 3.0 document, in JSON or YAML
  --stub       print the beginning of a description for each operation ours lacks
  --with OURS  compare with this document instead of ours; nothing is accepted then";

/// Where the differences stand that are meant, from the workspace's root.
const ACCEPTED: &str = "xtask/spec/accepted.toml";

/// Runs the chore.
pub(crate) fn main(args: &[String]) -> ExitCode {
    let Some(wanted) = Wanted::read(args) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&wanted) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for.
#[derive(Debug, Default)]
struct Wanted {
    theirs: PathBuf,
    stub: bool,
    with: Option<PathBuf>,
}

impl Wanted {
    fn read(args: &[String]) -> Option<Self> {
        let mut wanted = Self::default();
        let mut args = args.iter();
        let mut files = Vec::new();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--stub" => wanted.stub = true,
                "--with" => wanted.with = Some(args.next()?.into()),
                flag if flag.starts_with('-') => return None,
                file => files.push(file),
            }
        }
        let [file] = files.as_slice() else {
            return None;
        };
        wanted.theirs = file.into();
        Some(wanted)
    }
}

fn run(wanted: &Wanted) -> Result<ExitCode, String> {
    let theirs = document::load(&wanted.theirs)?;
    let (ours, accepted) = match &wanted.with {
        Some(ours) => (document::load(ours)?, Accepted::default()),
        None => {
            let root = Workspace::load()?.root;
            (document::load(&root.join(spec::FILE))?, accepted_in(&root)?)
        }
    };
    if wanted.stub {
        print!("{}", stubs(&theirs, &ours));
        return Ok(ExitCode::SUCCESS);
    }
    let report = report::report(&theirs, &ours, &accepted);
    for line in &report.lines {
        println!("{line}");
    }
    if report.ok {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "describe what is missing (--stub begins it), or accept it in {ACCEPTED} with a reason"
    );
    Ok(ExitCode::FAILURE)
}

fn accepted_in(root: &Path) -> Result<Accepted, String> {
    let file = root.join(ACCEPTED);
    if !file.exists() {
        return Ok(Accepted::default());
    }
    let text = fs::read_to_string(&file).map_err(|error| error.to_string());
    let read = text.and_then(|text| Accepted::parse(&text));
    read.map_err(|error| format!("{ACCEPTED}: {error}"))
}

/// A stub for every operation ours lacks.
fn stubs(theirs: &[Operation], ours: &[Operation]) -> String {
    let missing = theirs
        .iter()
        .filter(|operation| compare::counterpart(operation, ours).is_none());
    missing.map(stub::stub).collect()
}
