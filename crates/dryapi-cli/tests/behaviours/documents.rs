//! What the README tells people to type works as it stands.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// What is run by other means, or changes the machine it is run on.
const ELSEWHERE: [&str; 4] = ["cargo test", "cargo add", "cargo install", "cargo xtask"];

fn root() -> &'static Path {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.unwrap()
}

/// The lines of the blocks of shell commands, in order.
fn commands(document: &Path) -> Vec<String> {
    lines_of(document, "sh")
}

fn lines_of(document: &Path, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(document).unwrap();
    let start = format!("```{language}\n");
    let blocks = text.split(&start).skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    lines
        .filter(|line| !line.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

fn documents() -> Vec<PathBuf> {
    let cookbook = root().join("crates/dryapi-client/docs/cookbook");
    let chapters = std::fs::read_dir(cookbook).unwrap();
    let mut documents = vec![
        root().join("README.md"),
        root().join("crates/dryapi-cli/README.md"),
    ];
    documents.extend(chapters.map(|chapter| chapter.unwrap().path()));
    documents
}

/// The files that a command line says it makes.
fn targets(line: &str) -> Vec<&str> {
    let words: Vec<_> = line.split_whitespace().collect();
    let named = |pair: &[&str]| ["-o", "--collect"].contains(&pair[0]);
    let named = words.windows(2).filter(|pair| named(pair));
    named.map(|pair| pair[1]).collect()
}

/// A sandbox in a process of its own.
struct Service {
    process: Child,
    told: Value,
}

impl Service {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_dryapi"))
            .args(["sandbox", "--json", "--port", "0", "--speed", "200"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).unwrap();
        Self { process, told }
    }

    fn of(&self, key: &str) -> &str {
        self.told[key].as_str().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What somebody has who types along: the rows that are shown, some texts, and a key on the
/// clipboard.
fn prepare(folder: &Path) {
    let cats = lines_of(&root().join("README.md"), "json");
    assert_eq!(cats.len(), 2);
    std::fs::write(folder.join("cats.jsonl"), cats.join("\n")).unwrap();
    std::fs::write(folder.join("texts.txt"), "one text\nanother text\n").unwrap();
}

#[test]
fn what_there_is_to_type_works() {
    let service = Service::start();
    let programs = Path::new(env!("CARGO_BIN_EXE_dryapi")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut typed = 0;
    for document in documents() {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        for line in commands(&document) {
            if ELSEWHERE.iter().any(|other| line.starts_with(other)) {
                continue;
            }
            let line = line.replace("cargo run -- ", "dryapi ");
            // It asks on a terminal.
            let line = line.replace("dryapi login", "dryapi login --api-key-file -");
            assert!(line.starts_with("dryapi "), "{line}");
            let done = Command::new("sh")
                .args(["-c", &format!("printf %s \"$DRYAPI_API_KEY\" | {line}")])
                .current_dir(folder.path())
                .env_clear()
                .env("PATH", format!("{}:{path}", programs.display()))
                .env("HOME", folder.path())
                .env("DRYAPI_BASE_URL", service.of("base_url"))
                .env("DRYAPI_API_KEY", service.of("api_key"))
                .env("DRYAPI_CLIENT_ID", service.of("client_id"))
                .env("DRYAPI_REALTIME_URL", service.of("realtime_url"))
                .env("DRYAPI_AUTH_URL", service.of("auth_url"))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{line}\n{said}");
            for wanted in targets(&line) {
                assert!(folder.path().join(wanted).exists(), "{line}\n{said}");
            }
            typed += 1;
        }
    }
    assert!(typed > 15, "{typed}");
}
