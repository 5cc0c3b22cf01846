//! `dryapi jobs`: what the ledger knows.

use dryapi_cli::Console;
use serde_json::Value;

use crate::support::{Service, folder_with, picture_of, with};

/// A picture that is there, one nobody knows of, and one that failed, in this order.
fn three(service: &Service, path: &str) {
    for (prompt, name, code) in [
        ("a cat", "order-1", 0),
        ("a dog [[fault:accept_then_drop]]", "order-2", 12),
        ("a cow [[fault:job_failed]]", "order-3", 10),
    ] {
        let to = if code == 0 { path } else { "/tmp/" };
        let line = picture_of(prompt, &["-o", to, "--intent", name]);
        let ran = service.dryapi(&line);
        assert_eq!(ran.code, code, "{}", ran.err);
    }
}

#[test]
fn nothing_is_said_to_be_nothing() {
    let service = Service::start();
    let ran = service.dryapi(&["jobs"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(ran.err, "nothing was paid for yet\n");
    let ran = service.dryapi(&["jobs", "--unknown"]);
    assert_eq!(ran.err, "nothing is unknown\n");
    assert!(service.requests().is_empty());
}

#[test]
fn for_programs_newest_first() {
    let (_folder, path) = folder_with("cat.png");
    let service = Service::start();
    three(&service, &path);
    let sent = service.requests().len();
    let jobs = |more: &[&str]| -> Vec<Value> {
        let ran = service.dryapi(&[&["jobs", "--json"], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let all = jobs(&[]);
    let names: Vec<&str> = all
        .iter()
        .map(|job| job["intent"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["order-3", "order-2", "order-1"]);
    let states: Vec<&str> = all
        .iter()
        .map(|job| job["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["failed", "unknown", "downloaded"]);
    let charged: Vec<&str> = all
        .iter()
        .map(|job| job["charged"].as_str().unwrap())
        .collect();
    assert_eq!(charged, ["maybe", "maybe", "yes"]);
    assert_eq!(all[1]["request_id"], Value::Null);
    assert_eq!(all[2]["target"], path);
    assert_eq!(all[2]["file"], path);
    assert!(all[2]["since"].as_str().unwrap().ends_with('Z'));
    assert_eq!(all[2]["task"], "txt2img");
    assert_eq!(jobs(&["--unknown"]), all[1..2]);
    assert_eq!(jobs(&["--failed"]), all[..1]);
    assert!(jobs(&["--open"]).is_empty());
    assert_eq!(service.requests().len(), sent, "nothing is sent");
    let keys = [
        "intent",
        "request_id",
        "task",
        "state",
        "charged",
        "target",
        "estimate",
        "since",
        "evidence",
    ];
    let line = service.dryapi(&["jobs", "--unknown", "--json"]).out;
    let at = |key: &str| line.find(&format!("\"{key}\":")).unwrap();
    assert!(keys.map(at).is_sorted(), "{line}");
}

#[test]
fn for_people_in_columns() {
    let (_folder, path) = folder_with("cat.png");
    let service = Service::start();
    three(&service, &path);
    let ran = service.dryapi(&["jobs"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.out);
    assert!(
        lines[0].starts_with("failed      txt2img  order-3  "),
        "{}",
        ran.out
    );
    assert!(
        lines[1].starts_with("unknown     txt2img  order-2  -         -  just now  /tmp/"),
        "{}",
        ran.out
    );
    assert!(
        lines[2].starts_with("downloaded  txt2img  order-1  "),
        "{}",
        ran.out
    );
    assert!(lines[2].ends_with(&path), "{}", ran.out);
    let watched = Console::default().with_stdout_terminal(true);
    let ran = service.on(&["jobs"], watched);
    assert!(
        ran.out.contains("\x1b[33munknown   \x1b[0m"),
        "{:?}",
        ran.out
    );
}

#[test]
fn it_needs_a_ledger() {
    let env = [("DRYAPI_API_KEY", "sk-1")];
    let ran = with(&["jobs"], &env, Console::default());
    assert_eq!(ran.code, 14, "{}", ran.err);
    let ran = with(&["jobs", "--no-ledger"], &env, Console::default());
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(
        with(&["jobs", "--sandbox"], &[], Console::default()).code,
        2
    );
    assert_eq!(
        with(&["jobs", "--open", "--failed"], &env, Console::default()).code,
        2
    );
}
