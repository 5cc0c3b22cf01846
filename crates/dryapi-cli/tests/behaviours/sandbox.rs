//! `--sandbox`: the whole of it, in one command, without a key.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use dryapi_cli::Console;
use serde_json::Value;

use crate::support::{dryapi, with};

#[test]
fn a_picture_in_one_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.png");
    let shown = path.to_str().unwrap();
    // The sandbox wins over everything that is configured.
    let env = [
        ("DRYAPI_SANDBOX", "1"),
        ("DRYAPI_BASE_URL", "http://example.com"),
        ("DRYAPI_API_KEY", ""),
    ];
    let ran = with(&["txt2img", "a cat", "-o", shown], &env, Console::default());
    assert_eq!(
        (ran.code, ran.out),
        (0, format!("{shown}\n")),
        "{}",
        ran.err
    );
    assert!(ran.err.starts_with("sandbox: "), "{}", ran.err);
    assert!(std::fs::read(path).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn the_same_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    let inside = format!("{}/", folder.path().display());
    let args = [
        "--sandbox",
        "txt2img",
        "a cat",
        "--seed",
        "7",
        "-o",
        &inside,
        "--json",
    ];
    let ran = dryapi(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    let short = &value["request_id"].as_str().unwrap()[..8];
    assert_eq!(value["files"][0], format!("{inside}txt2img-{short}.png"));
    assert_eq!(value["task"], "txt2img");
    assert_eq!(value["status"], "done");
    assert_eq!(value["request"]["seed"], 7);
    assert_eq!(value["request"]["model"], "Flux1schnell");
    assert_eq!(value["sandbox"], true);
    assert!(value["intent"].is_string() && value["result_url"].is_string());
}

#[test]
fn a_job_does_not_outlive_its_sandbox_and_that_is_said() {
    let ran = dryapi(&["--sandbox", "submit", "txt2img", "a cat"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.last().starts_with("the sandbox ends with this command"),
        "{}",
        ran.err
    );
    let ran = dryapi(&["--sandbox", "txt2img", "a cat", "--timeout", "400ms"]);
    assert_eq!(ran.code, 11, "{}", ran.err);
    assert!(
        ran.last().ends_with("nothing real was billed."),
        "{}",
        ran.err
    );
}

#[test]
fn a_file_of_faults_is_checked_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faults.toml");
    let shown = path.to_str().unwrap();
    assert_eq!(dryapi(&["sandbox", "--faults", shown]).code, 14);
    std::fs::write(&path, "[[faults]]\nfault = \"no_such_fault\"").unwrap();
    let ran = dryapi(&["sandbox", "--faults", shown]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("no_such_fault"), "{}", ran.err);
}

#[test]
fn a_running_sandbox_tells_programs_everything_they_need() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dryapi"))
        .args(["sandbox", "--json", "--webhook-secret", "whsec_mine"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let value: Value = serde_json::from_str(&line).unwrap();
    let text = |key: &str| value[key].as_str().unwrap().to_owned();
    let host = text("base_url").replace("http://", "");
    assert!(text("realtime_url").starts_with(&format!("ws://{host}/app/")));
    assert_eq!(text("auth_url"), format!("http://{host}/broadcasting/auth"));
    assert!(text("admin_url").contains(&host));
    assert!(text("client_id").parse::<u64>().is_ok());
    assert!(text("api_key").starts_with("sk-sandbox"));
    assert_eq!(text("webhook_secret"), "whsec_mine");
    assert_eq!(value.as_object().unwrap().len(), 7);
    assert_eq!(dryapi(&["sandbox", "--webhook-secret", ""]).code, 2);
}
