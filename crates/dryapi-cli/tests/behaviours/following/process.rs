//! The command as a process, read line by line.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::Ledger;

/// A line that does not come within this never comes.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Process {
    child: Child,
    _ledger: Ledger,
    out: Receiver<String>,
    err: Receiver<String>,
    /// What was read of stderr.
    said: String,
}

impl Process {
    pub(super) fn start(args: &[&str], env: &[(&str, String)]) -> Self {
        let ledger = Ledger::new();
        let mut child = Command::new(env!("CARGO_BIN_EXE_dryapi"))
            .args(args)
            .env_remove("DRYAPI_SANDBOX")
            .env_remove("DRYAPI_PROFILE")
            .env("DRYAPI_CONFIG", "/nowhere/config.toml")
            .env_remove("DRYAPI_WEBHOOK_SECRET")
            .env_remove("RUST_LOG")
            .env("DRYAPI_LEDGER", ledger.path())
            .envs(env.iter().map(|(name, value)| (*name, value.as_str())))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            out: lines(child.stdout.take().unwrap()),
            err: lines(child.stderr.take().unwrap()),
            child,
            _ledger: ledger,
            said: String::new(),
        }
    }

    /// The next line of stdout.
    pub(super) fn line(&self) -> String {
        self.out.recv_timeout(PATIENCE).unwrap()
    }

    /// The rest of stdout.
    pub(super) fn rest(&self) -> Vec<String> {
        self.out.iter().collect()
    }

    /// Waits for a line of stderr that begins so.
    pub(super) fn says(&mut self, start: &str) -> String {
        loop {
            let line = self.err.recv_timeout(PATIENCE);
            assert!(line.is_ok(), "no {start:?} in {:?}", self.said);
            let line = line.unwrap();
            self.said += &format!("{line}\n");
            if line.starts_with(start) {
                return line;
            }
        }
    }

    pub(super) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub(super) fn interrupt(&self) {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args(["-INT", &id]).status();
        assert!(kill.unwrap().success());
    }

    /// Nobody reads stdout any more.
    pub(super) fn close_stdout(&mut self) {
        self.out = channel().1;
    }

    /// The exit code, and all of stderr.
    pub(super) fn end(mut self) -> (i32, String) {
        self.said.extend(self.err.iter().map(|line| line + "\n"));
        let code = self.child.wait().unwrap().code().unwrap();
        (code, std::mem::take(&mut self.said))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe; it is closed once nobody wants them.
pub(super) fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines() {
            let Ok(line) = line else { return };
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}
