//! The workspace's chores, run as `cargo xtask CHORE`.

mod check;
mod corpus;
mod process;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask check [NAME...]   run every check, or those named
       cargo xtask check --list      say what each check is for
       cargo xtask corpus add NAME   read a raw HTTP response into the error corpus";

fn main() -> ExitCode {
    if let Some(code) = process::stand_in_for_rustdoc() {
        return code;
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        Some((chore, rest)) if chore == "check" => check::main(rest),
        Some((chore, rest)) if chore == "corpus" => corpus::main(rest),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
