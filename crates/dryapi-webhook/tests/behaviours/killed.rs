//! A process that is really killed between a delivery and the end of its handler.

mod child;
mod file;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Starts a process that takes one delivery of the same event, at a moment in Unix seconds.
fn start(memory: &Path, work: &str, now: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::child::takes_a_delivery", "--nocapture"])
        .env(child::MEMORY, memory)
        .env(child::WORK, work)
        .env(child::NOW, now.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What it says.
fn said(lines: impl BufRead) -> String {
    let word = |line: &str| {
        line.split_once(child::SAID)
            .map(|(_, word)| word.to_owned())
    };
    let mut said = lines.lines().filter_map(|line| word(&line.unwrap()));
    said.next().unwrap()
}

/// What it says who ends by himself.
fn taken(memory: &Path, now: u64) -> String {
    let output = start(memory, "ends", now).wait_with_output().unwrap();
    assert!(output.status.success());
    said(output.stdout.as_slice())
}

#[test]
fn its_event_is_handled_at_the_second_attempt_and_once_handled_is_a_duplicate() {
    let folder = tempfile::tempdir().unwrap();
    let memory = folder.path().join("seen");
    let delivered = 1_705_314_600;

    let mut killed = start(&memory, "never ends", delivered);
    let stdout = BufReader::new(killed.stdout.take().unwrap());
    assert_eq!(said(stdout), "handling");
    killed.kill().unwrap();
    let status = killed.wait().unwrap();
    assert!(!status.success(), "killed, not ended: {status}");

    // Too early: for all anybody knows it is still at work.
    assert_eq!(taken(&memory, delivered + 10), "in progress");
    // The service's second and third attempt, one and three minutes after the first.
    assert_eq!(taken(&memory, delivered + 60), "handled");
    assert_eq!(taken(&memory, delivered + 180), "duplicate");
}
