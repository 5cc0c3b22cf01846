//! What is typed, and what came of it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::screen::Screen;
use crate::process;

/// How wide the terminal is, in characters.
pub(super) const COLUMNS: usize = 114;

/// What is typed. The picture is taken while the last one runs.
const TYPED: &[&str] = &[
    "dryapi price txt2img \"a cat in a nebula\"",
    "dryapi txt2img \"a cat in a nebula\" -o cat.png",
    "dryapi txt2img \"a dog [[fault:accept_then_drop]]\" --intent order-7 -o dog.png",
    "dryapi txt2img \"a dog [[fault:accept_then_drop]]\" --intent order-7 -o dog.png",
    "dryapi txt2img \"a lighthouse at night\" -o lighthouse.png",
];

/// What its bar says at that moment.
const MOMENT: &str = " 50%";

/// Runs all of it.
pub(super) fn play(root: &Path) -> Result<Screen, String> {
    let built = process::run(&mut process::cargo(root, &["build", "-p", "dryapi-cli"]))?;
    if !built.ok {
        return Err(built.stderr);
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let folder = target.join("picture");
    // What a run before left behind would change what is said.
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let programs = target.join("debug");
    let mut sandbox = Sandbox::start(&programs)?;
    let mut screen = Screen::new(COLUMNS);
    for (number, typed) in TYPED.iter().enumerate() {
        screen.prompt(typed);
        let written = sandbox.run(typed, &programs, &folder)?;
        let last = number + 1 == TYPED.len();
        let shown = if last {
            until_moment(&written)?
        } else {
            written.as_str()
        };
        screen.write(shown);
    }
    sandbox.stop();
    Ok(screen)
}

/// What was written up to the moment of the picture.
fn until_moment(written: &str) -> Result<&str, String> {
    let at = written
        .find(MOMENT)
        .ok_or("the last command never was half done; run it again")?;
    let rest = written.get(at..).unwrap_or_default();
    let end = rest.find('\r').unwrap_or(rest.len());
    Ok(written.get(..at + end).unwrap_or_default())
}

/// The sandbox, and what a command must know of it.
struct Sandbox {
    process: Child,
    environment: Vec<(&'static str, String)>,
}

impl Sandbox {
    fn start(programs: &Path) -> Result<Self, String> {
        let mut process = Command::new(programs.join("dryapi"))
            .args([
                "sandbox", "--json", "--port", "0", "--speed", "2", "--seed", "1",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the sandbox could not be started: {error}"))?;
        let mut line = String::new();
        let stdout = process.stdout.take().ok_or("the sandbox says nothing")?;
        let read = BufReader::new(stdout).read_line(&mut line);
        read.map_err(|error| error.to_string())?;
        let told: Value = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        let environment = [
            ("DRYAPI_BASE_URL", "base_url"),
            ("DRYAPI_API_KEY", "api_key"),
            ("DRYAPI_CLIENT_ID", "client_id"),
            ("DRYAPI_REALTIME_URL", "realtime_url"),
            ("DRYAPI_AUTH_URL", "auth_url"),
        ]
        .into_iter()
        .filter_map(|(name, key)| {
            let value = told.get(key)?;
            Some((
                name,
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), ToOwned::to_owned),
            ))
        })
        .collect();
        Ok(Self {
            process,
            environment,
        })
    }

    /// Runs a command line on a terminal; gives what it wrote there.
    fn run(&self, typed: &str, programs: &Path, folder: &Path) -> Result<String, String> {
        let path = std::env::var("PATH").unwrap_or_default();
        let line = format!("stty cols {COLUMNS} rows 50; {typed}");
        let mut command = Command::new("script");
        command
            .args(["-qec", &line, "/dev/null"])
            .current_dir(folder)
            .env_clear()
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("HOME", folder)
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm-256color")
            .env("DRYAPI_LEDGER", folder.join("ledger.sqlite3"))
            .envs(self.environment.iter().cloned());
        Ok(process::run(&mut command)?.stdout)
    }

    fn stop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
    }
}
