//! What is promised of speed and size, measured beside what it is compared with.

mod builds;
mod chart;
mod figures;
mod instructions;
mod row;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use row::Row;

const USAGE: &str = "\
usage: cargo xtask bench [NAME...] [--json FILE] [--svg FILE]
           calls, throughput, transfers, embeddings, waits, ledger, builds; all without a name
       cargo xtask bench instructions [--update]
           counts the instructions of the hot paths and compares them with what is on record";

/// What was asked for.
#[derive(Debug, Default)]
struct Asked {
    names: Vec<String>,
    json: Option<PathBuf>,
    svg: Option<PathBuf>,
}

pub(crate) fn main(args: &[String]) -> ExitCode {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let ran = match words.as_slice() {
        ["instructions"] => instructions::check(Path::new(".")),
        ["instructions", "--update"] => instructions::update(Path::new(".")),
        words => match asked(words) {
            Some(asked) => run(&asked),
            None => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        },
    };
    match ran {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn asked(words: &[&str]) -> Option<Asked> {
    let mut asked = Asked::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--json" => asked.json = Some(words.next()?.into()),
            "--svg" => asked.svg = Some(words.next()?.into()),
            name if name == "builds" || figures::NAMES.contains(&name) => {
                asked.names.push(name.to_owned());
            }
            _ => return None,
        }
    }
    if asked.names.is_empty() {
        let all = figures::NAMES.iter().chain(&["builds"]);
        asked.names = all.map(|name| (*name).to_owned()).collect();
    }
    Some(asked)
}

/// Measures, prints each part as it is known, and writes what was asked for; gives whether every
/// bound was kept.
fn run(asked: &Asked) -> Result<bool, String> {
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    let mut rows: Vec<Row> = Vec::new();
    for name in &asked.names {
        let part = match name.as_str() {
            "builds" => builds::measure(&here)?,
            name => figures::measure(&here, name)?,
        };
        print!("{}", table::render(&part));
        rows.extend(part);
    }
    let write = |file: &Path, text: String| {
        std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
    };
    if let Some(file) = &asked.json {
        let text = serde_json::to_string_pretty(&rows).map_err(|error| error.to_string())?;
        write(file, text + "\n")?;
    }
    if let Some(file) = &asked.svg {
        write(file, chart::svg(&rows, &machine()))?;
    }
    Ok(rows.iter().all(Row::kept))
}

/// On what was measured.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let os = std::env::consts::OS;
    let arch = std::env::consts::ARCH;
    format!(
        "{cores} cores, {os} {arch}, loopback; dashed: the baseline; green keeps its bound, orange does not"
    )
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn all_is_measured_where_nothing_is_named() {
        assert_eq!(asked(&[]).unwrap().names.len(), 7);
        let one = asked(&["ledger", "--svg", "x.svg"]).unwrap();
        assert_eq!(one.names, ["ledger"]);
        assert!(one.svg.is_some());
        assert!(asked(&["nonsense"]).is_none());
        assert!(asked(&["--json"]).is_none());
    }
}
