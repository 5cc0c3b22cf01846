//! Runs the fuzz targets of `tests/fuzz`: seeds each from the error corpus and its own folder, runs
//! it, and names what it found. Needs a nightly compiler and cargo-fuzz.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::SystemTime;

use crate::workspace::Workspace;

/// Those that read an answer begin with the error corpus, too.
const TARGETS: [(&str, bool); 7] = [
    ("batch", false),
    ("errors", true),
    ("frames", false),
    ("models", true),
    ("retry_after", true),
    ("status", true),
    ("webhook", false),
];

/// What libFuzzer is told beside. No input may ask for 64 MiB at once.
const FLAGS: [&str; 5] = [
    "-dict=tests/fuzz/dictionary.txt",
    "-malloc_limit_mb=64",
    "-max_len=16384",
    "-rss_limit_mb=1024",
    "-timeout=10",
];

/// How long each is run: ten minutes.
const SECONDS: u64 = 600;

/// Runs the chore: `[TARGET…] [--seconds N]`; without a target, all of them.
pub(crate) fn main(args: &[String]) -> ExitCode {
    match run(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[String]) -> Result<bool, String> {
    let (wanted, seconds) = read(args)?;
    let workspace = Workspace::load()?;
    let mut clean = true;
    able(&workspace.root)?;
    for (target, answers) in TARGETS {
        if wanted.is_empty() || wanted.contains(&target) {
            clean &= fuzz(&workspace, target, answers, seconds)?;
        }
    }
    Ok(clean)
}

/// The targets that are named, and for how many seconds each is run.
fn read(args: &[String]) -> Result<(Vec<&str>, u64), String> {
    let (mut wanted, mut seconds) = (Vec::new(), SECONDS);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let number = args.next().and_then(|number| number.parse().ok());
            seconds = number.ok_or("--seconds needs a number")?;
        } else if TARGETS.iter().any(|(target, _)| target == arg) {
            wanted.push(arg.as_str());
        } else {
            let names = TARGETS.map(|(target, _)| target).join(", ");
            return Err(format!("there is no target {arg}; there are {names}"));
        }
    }
    Ok((wanted, seconds))
}

/// Whether there is what it takes, else what to do about it.
fn able(root: &Path) -> Result<(), String> {
    let done = cargo(root)
        .args(["+nightly", "fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if done.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    let advice = "rustup toolchain install nightly && cargo install cargo-fuzz";
    Err(format!(
        "fuzzing needs a nightly compiler and cargo-fuzz; get them with\n  {advice}"
    ))
}

/// Not our own cargo: a toolchain is chosen by whatever stands in the path.
fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).env_remove("RUSTUP_TOOLCHAIN");
    cargo
}

/// Runs one target; gives whether it found nothing.
fn fuzz(workspace: &Workspace, target: &str, answers: bool, seconds: u64) -> Result<bool, String> {
    let folder = workspace.target.join("fuzzing").join(target);
    let [corpus, seeds, found] = ["corpus", "seeds", "found"].map(|name| folder.join(name));
    for folder in [&corpus, &seeds, &found] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    seed(&workspace.root, target, answers, &seeds)?;
    let before = inputs(&found)?;
    let status = cargo(&workspace.root)
        .args(["+nightly", "fuzz", "run", "--fuzz-dir", "tests/fuzz"])
        .arg("--target-dir")
        .arg(workspace.target.join("fuzz"))
        .arg(target)
        .args([&corpus, &seeds])
        .arg("--")
        .args(FLAGS)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg("-print_final_stats=1")
        .status()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    if status.success() {
        println!("{target}: {seconds} s, nothing found");
        return Ok(true);
    }
    let after = inputs(&found)?;
    let new: Vec<_> = after.difference(&before).collect();
    if new.is_empty() {
        return Err(format!("{target}: it could not be built or run"));
    }
    for (input, _) in new {
        println!("{target}: found {}", workspace.shown(input));
    }
    println!("mend it, and keep the input in tests/fuzz/found/{target}, named after the fault");
    Ok(false)
}

/// The files of a folder, and when they were written: what is found again is written again.
fn inputs(folder: &Path) -> Result<BTreeSet<(PathBuf, SystemTime)>, String> {
    let read = || {
        let files = fs::read_dir(folder)?.map(|file| {
            let file = file?;
            Ok((file.path(), file.metadata()?.modified()?))
        });
        files.collect::<std::io::Result<_>>()
    };
    read().map_err(|error| format!("{}: {error}", folder.display()))
}

/// Copies what the target begins with.
fn seed(root: &Path, target: &str, answers: bool, to: &Path) -> Result<(), String> {
    let fuzz = root.join("tests/fuzz");
    let mut from = vec![
        fuzz.join("seeds").join(target),
        fuzz.join("found").join(target),
    ];
    if answers {
        let corpus = root.join("crates/dryapi-testkit/corpus");
        from.extend(["errors", "odd"].map(|name| corpus.join(name)));
    }
    for folder in from.iter().filter(|folder| folder.is_dir()) {
        copy(folder, to).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    for file in fs::read_dir(from)? {
        let path: PathBuf = file?.path();
        let describes = path
            .extension()
            .is_some_and(|extension| extension == "toml");
        if let Some(name) = path.file_name().filter(|_| !describes) {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_one_of_the_crate() {
        let manifest = include_str!("../../tests/fuzz/Cargo.toml");
        for (target, _) in TARGETS {
            assert!(
                manifest.contains(&format!("path = \"targets/{target}.rs\"")),
                "{target}"
            );
        }
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    }

    #[test]
    fn what_is_found_again_is_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crash-1");
        fs::write(&path, "once").unwrap();
        let before = inputs(folder.path()).unwrap();
        assert_eq!(before, inputs(folder.path()).unwrap());
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let after = inputs(folder.path()).unwrap();
        assert_eq!(after.difference(&before).count(), 1);
    }

    #[test]
    fn targets_and_seconds_are_read() {
        let read = |args: &[&str]| {
            let args: Vec<String> = args.iter().map(ToString::to_string).collect();
            super::read(&args).map(|(wanted, seconds)| (wanted.join(" "), seconds))
        };
        assert_eq!(read(&[]), Ok((String::new(), SECONDS)));
        let two = ["status", "errors", "--seconds", "5"];
        assert_eq!(read(&two), Ok(("status errors".to_owned(), 5)));
        assert!(read(&["nothing"]).is_err() && read(&["--seconds"]).is_err());
    }
}
