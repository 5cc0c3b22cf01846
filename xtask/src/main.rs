//! The workspace's chores, run as `cargo xtask CHORE`.

mod bench;
mod check;
mod codegen;
mod corpus;
mod fuzz;
mod image;
mod picture;
mod process;
mod prove;
mod release;
mod spec;
mod spec_diff;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask check [NAME...]   run every check, or those named
       cargo xtask check --list      say what each check is for
       cargo xtask bench [NAME...] [--json FILE] [--svg FILE]
                                     measure what is promised of speed
       cargo xtask bench instructions [--update]
                                     count the instructions of the hot paths
       cargo xtask codegen [--check] write the code under `generated/` from our description
       cargo xtask corpus add NAME   read a raw HTTP response into the error corpus
       cargo xtask fuzz [TARGET...] [--seconds N]
                                     any bytes against the decoders; what they find is kept
       cargo xtask image             build the sandbox's container image
       cargo xtask picture           the README's picture of the terminal, from a real run
       cargo xtask prove [--rounds N] [--seed S]
                                     random faults and deaths: nothing paid twice, nothing lost
       cargo xtask release plan|prepare VERSION|publish --dry-run
                                     the order, a new version, and the rehearsal of a release
       cargo xtask spec-diff FILE    compare an OpenAPI document with our description";

fn main() -> ExitCode {
    if let Some(code) = process::stand_in_for_rustdoc() {
        return code;
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        Some((chore, rest)) if chore == "bench" => bench::main(rest),
        Some((chore, rest)) if chore == "check" => check::main(rest),
        Some((chore, rest)) if chore == "codegen" => codegen::main(rest),
        Some((chore, rest)) if chore == "corpus" => corpus::main(rest),
        Some((chore, rest)) if chore == "fuzz" => fuzz::main(rest),
        Some((chore, rest)) if chore == "image" => image::main(rest),
        Some((chore, rest)) if chore == "picture" => picture::main(rest),
        Some((chore, rest)) if chore == "prove" => prove::main(rest),
        Some((chore, rest)) if chore == "release" => release::main(rest),
        Some((chore, rest)) if chore == "spec-diff" => spec_diff::main(rest),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
