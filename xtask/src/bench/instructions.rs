//! A guard that needs no quiet machine: how many instructions the hot paths take, counted by
//! valgrind, beside what is on record. The record holds for one compiler; under another, and where
//! there is no valgrind, nothing is compared, and that is said.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::process;

const RECORD: &str = "crates/dryapi-client/benches/instructions.toml";
/// What a path may take, in percent of what is on record: hash tables are seeded anew in every
/// process.
const MOST: u64 = 105;
/// The first calls make what is made once; they are left out.
const FEW: u64 = 100;
const MANY: u64 = 1100;

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// What `rustc --version` says.
    compiler: String,
    /// A call of each path.
    instructions: BTreeMap<String, u64>,
}

/// Compares; gives whether no path takes more than is on record and the tolerance.
pub(super) fn check(root: &Path) -> Result<bool, String> {
    let file = root.join(RECORD);
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let record: Record = toml::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?;
    let compiler = compiler()?;
    if compiler != record.compiler {
        println!(
            "instructions: not compared, the record is of {}",
            record.compiler
        );
        return Ok(true);
    }
    let Some(counted) = count(root)? else {
        println!("instructions: not compared, there is no valgrind");
        return Ok(true);
    };
    let mut kept = true;
    for (name, now) in &counted {
        let (line, fine) = judge(name, *now, record.instructions.get(name).copied());
        println!("{line}");
        kept &= fine;
    }
    if !kept {
        println!("mend it, or take it as it is: cargo xtask bench instructions --update");
    }
    Ok(kept)
}

/// Puts the counts of today on record.
pub(super) fn update(root: &Path) -> Result<bool, String> {
    let counted = count(root)?.ok_or("there is no valgrind")?;
    let mut text = format!(
        "# Written by `cargo xtask bench instructions --update`.\ncompiler = {:?}\n\n[instructions]\n",
        compiler()?
    );
    for (name, count) in counted {
        text.push_str(&format!("{name} = {count}\n"));
    }
    let file = root.join(RECORD);
    std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(true)
}

fn judge(name: &str, now: u64, before: Option<u64>) -> (String, bool) {
    let Some(before) = before else {
        return (
            format!("{name}: {now} instructions, nothing on record"),
            false,
        );
    };
    let change = now as f64 / before as f64 - 1.0;
    let fine = now.saturating_mul(100) <= before.saturating_mul(MOST);
    let told = if fine { "" } else { ": MORE than tolerated" };
    let percent = change * 100.0;
    (
        format!("{name}: {now} instructions, {before} on record ({percent:+.1} %){told}"),
        fine,
    )
}

/// The instructions of one call of each path; `None` without valgrind.
fn count(root: &Path) -> Result<Option<BTreeMap<String, u64>>, String> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Ok(None);
    }
    let program = build(root)?;
    let names = process::run(&mut Command::new(&program))?.stdout;
    let mut counted = BTreeMap::new();
    for name in names.split_whitespace() {
        let few = total(&program, name, FEW)?;
        let many = total(&program, name, MANY)?;
        counted.insert(name.to_owned(), many.saturating_sub(few) / (MANY - FEW));
    }
    Ok(Some(counted))
}

/// Builds the program without what speaks HTTP: it is not asked.
fn build(root: &Path) -> Result<PathBuf, String> {
    let args = [
        "bench",
        "--no-run",
        "--quiet",
        "-p",
        "dryapi-client",
        "--no-default-features",
        "--bench",
        "hot_paths",
        "--message-format",
        "json",
    ];
    let done = process::run(&mut process::cargo(root, &args))?;
    let mut messages = done
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = messages.find_map(|message| {
        let ours = message["target"]["name"] == "hot_paths";
        message["executable"]
            .as_str()
            .filter(|_| ours)
            .map(PathBuf::from)
    });
    program.ok_or(done.stderr)
}

fn total(program: &Path, name: &str, times: u64) -> Result<u64, String> {
    let mut counting = Command::new("valgrind");
    counting
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([name, &times.to_string()]);
    let done = process::run(&mut counting)?;
    let mut lines = done.stderr.lines();
    let told = lines.find_map(|line| line.split("Collected :").nth(1));
    told.and_then(|count| count.trim().parse().ok())
        .ok_or(done.stderr)
}

fn compiler() -> Result<String, String> {
    let done = process::run(Command::new("rustc").arg("--version"))?;
    Ok(done.stdout.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn only_more_than_tolerated_is_too_much() {
        assert!(judge("a", 105, Some(100)).1);
        assert!(!judge("a", 106, Some(100)).1);
        assert!(judge("a", 50, Some(100)).1);
        assert!(!judge("a", 1, None).1);
    }
}
