//! `watch`.

use dryapi_cli::Console;
use serde_json::Value;

use super::account::Account;
use super::process::Process;
use crate::support::{Ran, with};

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

/// In this process, with another environment in place of parts of the account's.
fn run(account: &Account, args: &[&str], other: &[(&str, &str)]) -> Ran {
    let env = account.env();
    let known = env.iter().map(|(name, value)| (*name, value.as_str()));
    let mut env: Vec<(&str, &str)> = other.to_vec();
    env.extend(known);
    with(args, &env, Console::default())
}

#[test]
fn every_change_is_one_object() {
    let account = Account::start();
    let process = account.followed_by(&["watch", "--json"]);
    let id = account.submit("a cat");
    account.begin();
    let line = process.line();
    let start = format!(r#"{{"request_id":"{id}","status":"processing","progress":"#);
    assert!(line.starts_with(&start), "{line}");
    assert!(
        line.ends_with(r#","result_url":null,"source":"push"}"#),
        "{line}"
    );
    account.go_on();
    let further = json(&process.line());
    let progress = |value: &Value| value["progress"].as_f64().unwrap();
    assert!(progress(&further) > progress(&json(&line)), "{further}");
    account.finish();
    let mut done = json(&process.line());
    while done["status"] != "done" {
        done = json(&process.line());
    }
    assert_eq!(
        (&done["progress"], &done["source"]),
        (&100.0.into(), &"push".into())
    );
    let url = done["result_url"].as_str().unwrap();
    assert!(
        url.starts_with(&account.sandbox.base_url()) && url.contains('?'),
        "{url}"
    );
    process.interrupt();
    let rest = process.rest();
    assert!(rest.is_empty(), "{rest:?}");
    let (code, err) = process.end();
    assert_eq!(code, 130);
    let error = json(err.lines().last().unwrap());
    assert_eq!(error["error"]["kind"], "interrupted");
    assert_eq!(error["error"]["charged"], "no");
    assert_eq!(err.lines().next(), Some("connected"));
}

#[test]
fn people_read_a_line_a_change() {
    let account = Account::start();
    let mut process = account.followed_by(&["watch"]);
    let id = account.submit("a cat");
    let failing = account.submit("[[fault:job_failed:WORKER_TIMEOUT]]");
    account.begin();
    let first = process.line();
    let (time, rest) = first.split_once(" UTC  ").unwrap();
    assert_eq!(time.len(), 8, "{time}");
    let (job, rest) = rest.split_once("  ").unwrap();
    assert!(id.starts_with(job) || failing.starts_with(job), "{first}");
    assert_eq!(job.len(), 8);
    assert!(
        rest.starts_with("processing  ") && rest.ends_with('%'),
        "{first}"
    );
    account.finish();
    let next = |process: &Process, word: &str| loop {
        let line = process.line();
        if line.contains(word) {
            return line;
        }
    };
    let done = next(&process, "  done  ");
    let start = format!("{}  done  http://127.0.0.1:", &id[..8]);
    assert!(done.contains(&start), "{done}");
    // The channel does not tell that a job failed; a look after an interruption does.
    account.sandbox.cut_push();
    let line = process.says("interrupted, again ");
    assert!(line.contains(": "), "{line}");
    process.says("connected again; ");
    let failed = next(&process, "  error");
    let start = format!("{}  error  WORKER_TIMEOUT", &failing[..8]);
    assert!(failed.contains(&start), "{failed}");
    process.interrupt();
    let (code, err) = process.end();
    assert_eq!(code, 130);
    assert!(
        err.ends_with("error: interrupted; nothing was paid\n"),
        "{err}"
    );
}

#[test]
fn nobody_reads_any_more_is_a_quiet_end() {
    let account = Account::start();
    let mut process = account.followed_by(&["watch", "--json"]);
    account.submit("a cat");
    account.begin();
    process.line();
    process.close_stdout();
    // The pipe is closed once its reader has noticed, which takes a line more.
    for _ in 0..3 {
        account.submit("a cat");
        account.go_on();
    }
    account.finish();
    assert_eq!(process.end(), (0, "connected\n".to_owned()));
}

#[test]
fn the_end_of_its_time_is_a_good_end() {
    let account = Account::start();
    let ran = run(&account, &["watch", "--timeout", "50ms", "--quiet"], &[]);
    assert_eq!(
        (ran.code, ran.out, ran.err),
        (0, String::new(), String::new())
    );
    let ran = with(
        &["--sandbox", "watch", "--timeout", "50ms"],
        &[],
        Console::default(),
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(
        ran.err.contains("DRYAPI_BASE_URL=http://127.0.0.1:"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_missing_is_named_and_nothing_is_sent() {
    let account = Account::start();
    let listen = [
        "webhook",
        "listen",
        "--forward-to",
        "http://localhost:9",
        "--secret",
        "s",
    ];
    for args in [&["watch"][..], &listen] {
        for (unset, named) in [
            ("DRYAPI_CLIENT_ID", "--client-id"),
            ("DRYAPI_REALTIME_URL", "--realtime-url"),
        ] {
            let ran = run(&account, args, &[(unset, "")]);
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
            assert!(
                ran.err.contains(unset) && ran.err.contains(named),
                "{}",
                ran.err
            );
            let ran = run(&account, &[args, &["--json"]].concat(), &[(unset, "")]);
            let error = &json(ran.last())["error"];
            assert_eq!(
                (&error["kind"], &error["delivery"]),
                (&"config".into(), &"not_sent".into())
            );
        }
    }
    for wrong in [
        ("DRYAPI_REALTIME_URL", "https://localhost/app/k"),
        ("DRYAPI_REALTIME_URL", "ws://192.168.1.1/app/k"),
        ("DRYAPI_AUTH_URL", "nowhere"),
        ("DRYAPI_CLIENT_ID", "a b"),
    ] {
        let ran = run(&account, &["watch"], &[wrong]);
        assert_eq!(ran.code, 1, "{wrong:?}: {}", ran.err);
    }
    assert!(account.sandbox.requests().is_empty());
}

#[test]
fn flags_come_before_the_environment() {
    let account = Account::start();
    let own = account.env()[2].1.clone();
    let short = ["watch", "--timeout", "10s", "--json"];
    let ran = run(&account, &[&short[..], &["--client-id", "7"]].concat(), &[]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let error = &json(ran.last())["error"];
    assert_eq!(
        (&error["kind"], &error["status"]),
        (&"forbidden".into(), &403.into())
    );
    let mut process = Process::start(
        &["watch", "--client-id", &own],
        &[&account.env()[..], &[("DRYAPI_CLIENT_ID", "7".to_owned())]].concat(),
    );
    process.says("connected");
    let elsewhere = format!("{}/elsewhere", account.sandbox.base_url());
    let ran = run(
        &account,
        &[&short[..], &["--auth-url", &elsewhere]].concat(),
        &[],
    );
    assert_eq!(json(ran.last())["error"]["status"], 404, "{}", ran.err);
}

#[test]
fn a_wait_listens_where_the_client_id_is_known() {
    let account = Account::start();
    let id = account.submit("a cat");
    account.begin();
    let mut process = Process::start(&["wait", &id, "--timeout", "60s"], &account.env());
    while account.sandbox.cut_push() == 0 {
        assert!(process.is_running());
        std::thread::yield_now();
    }
}

#[test]
fn a_refused_channel_fails_no_wait() {
    let account = Account::start();
    let id = account.submit("a cat");
    account.finish();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.png");
    let args = [
        "wait",
        &id,
        "-o",
        path.to_str().unwrap(),
        "--client-id",
        "7",
    ];
    let ran = run(&account, &args, &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}
