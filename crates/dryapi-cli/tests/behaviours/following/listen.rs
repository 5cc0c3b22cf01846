//! `webhook listen`.

use std::collections::HashMap;
use std::io::pipe;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use dryapi_cli::{Console, run};
use dryapi_webhook::EventKind;
use serde_json::Value;

use super::account::Account;
use super::process::{PATIENCE, Process, lines};
use super::receiver::Hook;
use crate::support::with;

const SECRET: &str = "whsec_listening";

fn listen<'a>(to: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["webhook", "listen", "--forward-to", to], more].concat()
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn what_happens_to_jobs_arrives_signed_and_in_order() {
    let account = Account::start();
    let hook = Hook::answers(SECRET, |_| 204);
    let url = hook.url();
    let mut process = account.followed_by(&listen(&url, &["--secret", SECRET]));
    let id = account.submit("a cat");
    account.begin();
    let began = hook.next();
    assert_eq!(began.event.kind, EventKind::JobProcessing);
    assert_eq!(began.event.request_id.as_ref().unwrap().as_str(), id);
    assert_eq!(began.agent, "dryAPI-Webhook/1.0");
    let short = &id[..8];
    assert_eq!(process.line(), format!("--> job.processing {short}"));
    assert_eq!(process.line(), format!("<-- [204] job.processing {short}"));
    // How far it is makes no delivery.
    account.go_on();
    account.finish();
    let ended = hook.next();
    let EventKind::JobCompleted {
        result_url,
        processing_time,
        ..
    } = &ended.event.kind
    else {
        panic!("{ended:?}");
    };
    assert!(result_url.as_ref().unwrap().as_str().contains('?'));
    assert!(processing_time.is_some());
    assert_ne!(ended.event.delivery_id, began.event.delivery_id);
    let written = ended.event.to_json();
    assert_eq!(written["data"]["previous_status"], "processing");
    assert!(written["timestamp"].is_string() && written["data"]["completed_at"].is_string());
    assert_eq!(process.line(), format!("--> job.completed {short}"));
    assert_eq!(process.line(), format!("<-- [204] job.completed {short}"));

    let failing = account.submit("[[fault:job_failed:WORKER_TIMEOUT]]");
    account.begin();
    assert_eq!(hook.name(), ("job.processing".to_owned(), failing.clone()));
    account.finish();
    // The channel does not tell; a look after an interruption does.
    account.sandbox.cut_push();
    let failed = hook.next();
    let EventKind::JobFailed { code, message, .. } = &failed.event.kind else {
        panic!("{failed:?}");
    };
    assert_eq!(code.as_ref().unwrap().as_str(), "WORKER_TIMEOUT");
    assert!(message.is_some());
    process.says("connected again; ");
    process.interrupt();
    let (code, err) = process.end();
    assert_eq!(code, 130);
    assert!(!err.contains(SECRET) && !err.contains("private"), "{err}");
    assert!(hook.is_quiet(), "each of them once");
}

#[test]
fn what_ended_while_nobody_listened_arrives_once_all_the_same() {
    let account = Account::start();
    let hook = Hook::answers(SECRET, |_| 200);
    let url = hook.url();
    let mut process = account.followed_by(&listen(&url, &["--secret", SECRET]));
    let ids: Vec<String> = (0..3).map(|_| account.submit("a cat")).collect();
    account.begin();
    for _ in &ids {
        assert_eq!(hook.name().0, "job.processing");
    }
    assert_eq!(account.sandbox.cut_push(), 1);
    account.finish();
    let missed = process.says("connected again; ");
    assert!(missed.contains("was missed"), "{missed}");
    let mut ended: Vec<_> = ids.iter().map(|_| hook.name()).collect();
    ended.sort();
    let mut expected: Vec<_> = ids
        .iter()
        .map(|id| ("job.completed".to_owned(), id.clone()))
        .collect();
    expected.sort();
    assert_eq!(ended, expected);
    // Again, and nothing is told twice.
    account.sandbox.cut_push();
    process.says("connected again; ");
    let last = account.submit("a dog");
    account.begin();
    assert_eq!(hook.name(), ("job.processing".to_owned(), last));
    assert!(hook.is_quiet());
}

/// In this process, with another pause before the first retry; gives the lines of stdout. It goes
/// on until the test's process ends.
fn in_background(account: &Account, url: &str, pause: Duration) -> Receiver<String> {
    let env: HashMap<String, String> = account
        .env()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let args = listen(url, &["--secret", SECRET, "--json"]);
    let args: Vec<String> = [&["dryapi"], &args[..]]
        .concat()
        .into_iter()
        .map(ToOwned::to_owned)
        .collect();
    let console = Console::default().with_first_retry(pause);
    let ((out, print), (err, say)) = (pipe().unwrap(), pipe().unwrap());
    std::thread::spawn(move || {
        let lookup = move |name: &str| env.get(name).cloned();
        run(args, lookup, print, say, console)
    });
    let said = lines(err).recv_timeout(PATIENCE).unwrap();
    assert_eq!(said, "connected");
    lines(out)
}

#[test]
fn a_receiver_that_is_down_gets_it_again_as_it_was() {
    let account = Account::start();
    let mut answers = [503, 302].into_iter();
    let hook = Hook::answers(SECRET, move |_| answers.next().unwrap_or(200));
    let out = in_background(&account, &hook.url(), Duration::from_millis(1));
    let id = account.submit("a cat");
    account.begin();
    let got = [hook.next(), hook.next(), hook.next()];
    assert_eq!(got.each_ref().map(|got| got.status), [503, 302, 200]);
    let delivery = got[0].event.delivery_id.clone().unwrap();
    let same = got.iter().all(|again| again.event == got[0].event);
    assert!(same, "{got:?}");
    account.finish();
    assert_eq!(hook.name().0, "job.completed");
    let line = || json(&out.recv_timeout(PATIENCE).unwrap());
    let lines: Vec<Value> = (0..4).map(|_| line()).collect();
    for (at, status) in [(0, 503), (1, 302), (2, 200)] {
        assert_eq!(lines[at]["event"], "job.processing");
        assert_eq!(lines[at]["request_id"], id.as_str());
        assert_eq!(lines[at]["delivery_id"], delivery.as_str());
        assert_eq!(lines[at]["attempt"], at + 1);
        assert_eq!(lines[at]["status"], status);
        assert_eq!(lines[at]["error"].is_null(), status == 200, "{}", lines[at]);
    }
    assert_eq!(lines[3]["event"], "job.completed");
    assert_eq!(lines[3]["attempt"], 1);
    assert!(hook.is_quiet());
}

#[test]
fn it_is_given_up_after_five_retries_and_the_next_goes_on() {
    let account = Account::start();
    let hook = Hook::answers(SECRET, |event| match event.kind {
        EventKind::JobProcessing => 500,
        _ => 200,
    });
    let out = in_background(&account, &hook.url(), Duration::from_millis(1));
    account.submit("a cat");
    account.begin();
    // What ends meanwhile waits its turn.
    assert_eq!(hook.name().0, "job.processing");
    account.finish();
    for _ in 0..5 {
        assert_eq!(hook.name().0, "job.processing");
    }
    assert_eq!(hook.name().0, "job.completed");
    assert!(hook.is_quiet());
    let line = || json(&out.recv_timeout(PATIENCE).unwrap());
    let attempts: Vec<Value> = (0..7).map(|_| line()["attempt"].clone()).collect();
    assert_eq!(attempts, [1, 2, 3, 4, 5, 6, 1]);
}

#[test]
fn jobs_whose_deliveries_are_refused_keep_no_other_waiting() {
    let account = Account::start();
    // More than are sent at once.
    let stuck: Vec<String> = (0..9).map(|_| account.submit("a cat")).collect();
    let about = stuck.clone();
    let hook = Hook::answers(SECRET, move |event| {
        let id = event.request_id.as_ref().unwrap().to_string();
        if about.contains(&id) { 503 } else { 200 }
    });
    // For ever, as far as this test goes.
    let _out = in_background(&account, &hook.url(), Duration::from_secs(3600));
    account.begin();
    for _ in &stuck {
        assert!(stuck.contains(&hook.name().1));
    }
    let ids: Vec<String> = (0..12).map(|_| account.submit("a dog")).collect();
    account.begin();
    for _ in &ids {
        let (name, id) = hook.name();
        assert_eq!(name, "job.processing");
        assert!(ids.contains(&id));
    }
}

#[test]
fn a_receiver_that_is_away_is_said() {
    let account = Account::start();
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook?token=private", away.local_addr().unwrap());
    drop(away);
    let process = account.followed_by(&listen(&url, &["--secret", SECRET]));
    account.submit("a cat");
    account.begin();
    process.line();
    let line = process.line();
    assert!(
        line.starts_with("<-- [no answer] job.processing "),
        "{line}"
    );
    assert!(
        line.contains(": again in 1 s: ") && !line.contains("private"),
        "{line}"
    );
    process.interrupt();
    let (code, err) = process.end();
    assert_eq!(code, 130);
    assert!(err.contains("1 delivery given up in the middle\n"), "{err}");
}

#[test]
fn a_secret_is_made_up_and_shown_once_but_not_to_programs() {
    let account = Account::start();
    let env = account.env();
    let mut process = Process::start(&listen("http://localhost:9/hook", &[]), &env);
    let line = process.says("signed with the new secret whsec_");
    let secret = line.rsplit_once(' ').unwrap().1;
    assert_eq!(secret.len(), "whsec_".len() + 64);
    process.says("connected");
    let env: Vec<(&str, &str)> = env
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let args = listen("http://localhost:9/hook", &["--json"]);
    let ran = with(&args, &env, Console::default());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.last().contains("DRYAPI_WEBHOOK_SECRET"), "{}", ran.err);
    assert!(!ran.err.contains("whsec_"), "{}", ran.err);
}

#[test]
fn mistakes_are_found_before_anything_is_sent() {
    let account = Account::start();
    let env = account.env();
    let env: Vec<(&str, &str)> = env
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    for (to, more, code) in [
        ("ftp://localhost/", &["--secret", "s"][..], 2),
        ("nowhere", &["--secret", "s"], 2),
        ("http://192.168.1.1/hook", &["--secret", "s"], 1),
        ("http://localhost:9/", &["--secret", ""], 2),
    ] {
        let ran = with(&listen(to, more), &env, Console::default());
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (code, ""),
            "{to}: {}",
            ran.err
        );
        assert!(code == 1 || ran.err.contains("--forward-to") || more[1].is_empty());
    }
    let args = ["webhook", "listen", "--secret", "s"];
    assert_eq!(with(&args, &env, Console::default()).code, 2);
    assert!(account.sandbox.requests().is_empty());
}
