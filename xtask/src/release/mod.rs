//! `cargo xtask release`: the order of a release, its preparation, and its rehearsal.

mod api;
mod changelog;
mod date;
pub(crate) mod licences;
mod manifest;
pub(crate) mod manifests;
mod order;
mod plan;
mod prepare;
mod publish;
mod published;
mod readme;
mod size;
mod stale;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask release plan                          the order, and what is checked
       cargo xtask release prepare VERSION [--date YYYY-MM-DD]
                                                         write a new version and date the changelog
       cargo xtask release publish --dry-run [--allow-dirty]
                                                         check all, and build each crate from its package
       cargo xtask release publish --really VERSION      the same, then publish for good";

/// Runs the chore.
pub(crate) fn main(args: &[String]) -> ExitCode {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["plan"] => plan::run(),
        ["prepare", version] => prepare::run(version, &date::today()),
        ["prepare", version, "--date", date] => prepare::run(version, date),
        ["publish", flags @ ..] => match publish::Wish::read(flags) {
            Some(wish) => publish::run(&wish),
            None => return usage(),
        },
        _ => return usage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}
