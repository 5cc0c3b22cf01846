//! A batch as a process that is killed on its way, and what it says of its rows.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{Ran, Service};

/// What a row that is only a prompt needs beside it to be a small picture.
pub(super) const GIVEN: &[&str] = &[
    "--task",
    "txt2img",
    "--model",
    "Flux1schnell",
    "--set",
    "width=512",
    "--set",
    "height=512",
    "--set",
    "steps=4",
    "--set",
    "guidance=0",
];

/// A folder with rows, and the one their results go to.
pub(super) struct Rows {
    pub(super) folder: tempfile::TempDir,
    file: PathBuf,
}

impl Rows {
    pub(super) fn new(name: &str, content: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        Self { folder, file }
    }

    /// Pictures, of three shapes by turns, every field given.
    pub(super) fn pictures(count: usize) -> Self {
        let row = |number: usize| {
            let side = [512, 640, 768][number % 3];
            serde_json::json!({
                "id": format!("p{number}"), "task": "txt2img", "model": "Flux1schnell",
                "prompt": format!("picture {number}"), "width": side, "height": side,
                "steps": 4, "guidance": 0,
            })
            .to_string()
        };
        Self::new("rows.jsonl", &lines((0..count).map(row)))
    }

    pub(super) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub(super) fn write(&self, content: &str) {
        std::fs::write(&self.file, content).unwrap();
    }

    pub(super) fn args(&self, more: &[&str]) -> Vec<String> {
        let out = self.out();
        let own = [
            "batch",
            self.file.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ];
        let all = own.iter().chain(more);
        all.map(|arg| (*arg).to_owned()).collect()
    }

    /// Runs it to its end.
    pub(super) fn run(&self, service: &Service, more: &[&str]) -> Ran {
        let args = self.args(more);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        service.dryapi(&args)
    }

    /// Runs it as a process that is killed once it has told of so many rows; how many there were.
    pub(super) fn killed_after(&self, service: &Service, rows: usize, more: &[&str]) -> usize {
        let mut child = self.started(service, Stdio::null(), more);
        let told = BufReader::new(child.stdout.take().unwrap());
        let count = told.lines().take(rows).count();
        let _ = child.kill();
        let _ = child.wait();
        count
    }

    /// Runs it as a process that is interrupted once it has told of so many rows; its exit code,
    /// what else it told, and its messages.
    #[cfg(unix)]
    pub(super) fn interrupted_after(
        &self,
        service: &Service,
        rows: usize,
        more: &[&str],
    ) -> (Option<i32>, String, String) {
        use std::io::Read;
        let mut child = self.started(service, Stdio::piped(), more);
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        for _ in 0..rows {
            told.read_line(&mut line).unwrap();
        }
        let id = child.id().to_string();
        let kill = Command::new("kill").args(["-INT", &id]).status();
        assert!(kill.unwrap().success());
        let (mut out, mut err) = (String::new(), String::new());
        told.read_to_string(&mut out).unwrap();
        let mut messages = child.stderr.take().unwrap();
        messages.read_to_string(&mut err).unwrap();
        (child.wait().unwrap().code(), out, err)
    }

    fn started(&self, service: &Service, messages: Stdio, more: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_dryapi"))
            .args(self.args(more))
            .env_remove("DRYAPI_SANDBOX")
            .env_remove("DRYAPI_PROFILE")
            .env("DRYAPI_CONFIG", "/nowhere/config.toml")
            .env_remove("RUST_LOG")
            .env("DRYAPI_BASE_URL", service.base_url())
            .env("DRYAPI_API_KEY", "sk-sandbox-cli")
            .env("DRYAPI_LEDGER", service.ledger.path())
            .stdout(Stdio::piped())
            .stderr(messages)
            .spawn()
            .unwrap()
    }
}

pub(super) fn lines(rows: impl Iterator<Item = String>) -> String {
    rows.map(|row| row + "\n").collect()
}

/// What was told of each row by its id, and the summary.
pub(super) fn told(ran: &Ran) -> (BTreeMap<String, Value>, Value) {
    let mut rows = BTreeMap::new();
    let mut summary = Value::Null;
    for line in ran.out.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        match line.get_mut("summary") {
            Some(sum) => summary = sum.take(),
            None => {
                let id = line["id"].as_str().unwrap().to_owned();
                assert!(rows.insert(id, line).is_none(), "told twice: {ran:?}");
            }
        }
    }
    (rows, summary)
}

/// Whether a result is the one its sidecar tells of.
pub(super) fn is_whole(result: &Path) -> bool {
    use sha2::{Digest, Sha256};
    let beside = result.with_file_name(format!(
        "{}.json",
        result.file_name().unwrap().to_str().unwrap()
    ));
    let (Ok(bytes), Ok(beside)) = (std::fs::read(result), std::fs::read(beside)) else {
        return false;
    };
    let beside: Value = serde_json::from_slice(&beside).unwrap();
    let hash: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    beside["file"]["size"] == bytes.len() && beside["file"]["sha256"] == hash
}

/// How many calls there were to this operation.
pub(super) fn calls(service: &Service, call: &str) -> usize {
    let all = service.calls().into_iter();
    all.filter(|made| made == &format!("POST {call}")).count()
}
