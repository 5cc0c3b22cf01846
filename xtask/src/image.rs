//! `cargo xtask image`: the sandbox's container image.

use std::process::{Command, ExitCode};

use crate::process;
use crate::workspace::Workspace;

const FILE: &str = "crates/dryapi-sandbox/Dockerfile";
const TAG: &str = "dryapi-sandbox";

/// Programs that build images, in the order they are looked for.
const ENGINES: &[&str] = &["docker", "podman"];

pub(crate) fn main(args: &[String]) -> ExitCode {
    let tag = match args {
        [] => TAG,
        [flag, tag] if flag == "--tag" => tag,
        _ => {
            eprintln!("usage: cargo xtask image [--tag NAME]");
            return ExitCode::from(2);
        }
    };
    match build(tag) {
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

fn build(tag: &str) -> Result<String, String> {
    let root = Workspace::load()?.root;
    let mut silent = Vec::new();
    for engine in ENGINES {
        match process::run(Command::new(engine).arg("info")) {
            Ok(done) if done.ok => {
                let args = ["build", "--file", FILE, "--tag", tag, "."];
                let status = Command::new(engine).current_dir(&root).args(args).status();
                return match status {
                    Ok(status) if status.success() => Ok(format!(
                        "built {tag}: {engine} run --rm -p 127.0.0.1:4010:4010 {tag}"
                    )),
                    Ok(_) => Err(format!("{engine} {} failed", args.join(" "))),
                    Err(error) => Err(format!("{engine} could not be started: {error}")),
                };
            }
            Ok(done) => {
                let last = done.stderr.trim_end().lines().next_back();
                silent.push(format!("{engine}: {}", last.unwrap_or("no answer")));
            }
            Err(error) => silent.push(error),
        }
    }
    Err(format!(
        "no image was built: no container engine runs here\n  {}",
        silent.join("\n  ")
    ))
}
