//! `webhook sign|verify|trigger`: what whoever writes a receiver needs. No key is given anywhere.

mod sent;

use std::time::UNIX_EPOCH;

use dryapi_cli::Console;
use dryapi_transport::SystemClock;
use dryapi_webhook::{Event, ResultUrl, sign};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Ran, dryapi, stdin, with};

const SECRET: &str = "whsec_topsecret";

/// A delivery's body in a file. Its spaces are part of it.
fn file(body: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("body.json");
    std::fs::write(&path, body).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

fn completed() -> String {
    let url = format!("https://s.example/{}.png?sig=abc", "x".repeat(600));
    let event = Event::completed("r1", Some(ResultUrl::new(url)))
        .with_delivery_id("d1")
        .with_job_type("txt2img");
    format!(" {} \n", event.to_json())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn now() -> u64 {
    use dryapi_client::Clock;
    let since = SystemClock::default().wall().duration_since(UNIX_EPOCH);
    since.unwrap().as_secs()
}

fn verify(path: &str, signature: &str, timestamp: &str, more: &[&str]) -> Ran {
    let args = [
        "webhook",
        "verify",
        path,
        "--signature",
        signature,
        "--timestamp",
        timestamp,
    ];
    let ran = dryapi(&[&args, more].concat());
    assert!(!format!("{ran:?}").contains(SECRET), "{ran:?}");
    ran
}

#[test]
fn the_headers_of_a_file_are_one_json_object() {
    let body = completed();
    let (_folder, path) = file(&body);
    let args = ["webhook", "sign", &path, "--secret", SECRET];
    let ran = dryapi(&[&args[..], &["--timestamp", "1705314600"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let headers = json(&ran.out);
    assert_eq!(headers["X-dryAPI-Event"], "job.completed");
    assert_eq!(headers["X-dryAPI-Delivery-Id"], "d1");
    assert_eq!(headers["X-dryAPI-Timestamp"], "1705314600");
    assert_eq!(headers["Content-Type"], "application/json");
    let expected = sign(SECRET, "1705314600", body.as_bytes());
    assert_eq!(headers["X-dryAPI-Signature"], expected);
    // By the clock, from stdin, with the secret from the environment, under another name.
    let ran = with(
        &["webhook", "sign", "-", "--event", "account.low_balance"],
        &[("DRYAPI_WEBHOOK_SECRET", SECRET)],
        stdin(body.as_bytes()),
    );
    let headers = json(&ran.out);
    assert_eq!(headers["X-dryAPI-Event"], "account.low_balance");
    let timestamp = headers["X-dryAPI-Timestamp"].as_str().unwrap();
    assert!(now() - timestamp.parse::<u64>().unwrap() < 100);
    let expected = sign(SECRET, timestamp, body.as_bytes());
    assert_eq!(headers["X-dryAPI-Signature"], expected, "every byte counts");
}

#[test]
fn what_was_signed_is_verified_and_told() {
    let body = completed();
    let (_folder, path) = file(&body);
    let timestamp = now().to_string();
    let signature = sign(SECRET, &timestamp, body.as_bytes());
    // The second of two secrets made it.
    let secrets = ["--secret", "whsec_new", "--secret", SECRET];
    let ran = verify(&path, &signature, &timestamp, &secrets);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let (first, url) = ran.out.split_once('\n').unwrap();
    assert_eq!(first, "job.completed · job r1 · txt2img · delivery d1");
    assert!(url.ends_with(".png?sig=abc\n"), "whole: {url}");
    let args = [&secrets[..], &["--json"]].concat();
    let ran = verify(&path, &signature, &timestamp, &args);
    let start = r#"{"event":"job.completed","request_id":"r1","delivery_id":"d1","data":{"#;
    assert!(ran.out.starts_with(start), "{}", ran.out);
    assert_eq!(json(&ran.out)["data"]["job_type"], "txt2img");
    // The environment is asked only where no flag is given.
    let args = ["webhook", "verify", "-", "--signature", &signature];
    let args = [&args[..], &["--timestamp", &timestamp]].concat();
    let env = [("DRYAPI_WEBHOOK_SECRET", SECRET)];
    assert_eq!(with(&args, &env, stdin(body.as_bytes())).code, 0);
    let other = [&args[..], &["--secret", "whsec_new"]].concat();
    assert_eq!(with(&other, &env, stdin(body.as_bytes())).code, 15);
}

#[test]
fn what_is_refused_says_why() {
    let body = completed();
    let (_folder, path) = file(&body);
    let secret = ["--secret", SECRET];
    let time = now();
    let signed = |at: u64| sign(SECRET, &at.to_string(), body.as_bytes());
    let old = time - 1000;
    let cases = [
        (
            sign("other", &time.to_string(), body.as_bytes()),
            time,
            "matches no secret",
        ),
        (
            signed(time).to_uppercase(),
            time,
            "`sha256=` and 64 hex digits",
        ),
        (
            signed(time).replace("=", "=A").replace("=A", "="),
            time + 1,
            "matches no secret",
        ),
        (signed(old), old, "older than is tolerated"),
        (signed(time + 1000), time + 1000, "further in the future"),
        (String::new(), time, "`sha256=` and 64 hex digits"),
    ];
    for (signature, timestamp, why) in cases {
        let timestamp = timestamp.to_string();
        let ran = verify(&path, &signature, &timestamp, &secret);
        assert_eq!((ran.code, ran.out.as_str()), (15, ""), "{why}");
        assert!(ran.err.contains(why), "{why}: {}", ran.err);
        let ran = verify(
            &path,
            &signature,
            &timestamp,
            &[&secret[..], &["--json"]].concat(),
        );
        let error = &json(ran.last())["error"];
        assert_eq!(error["kind"], "invalid_signature");
        assert_eq!(
            (&error["delivery"], &error["charged"]),
            (&"not_sent".into(), &"no".into())
        );
    }
    let timestamp = old.to_string();
    let more = ["--secret", SECRET, "--tolerance", "1h"];
    assert_eq!(verify(&path, &signed(old), &timestamp, &more).code, 0);
    assert_eq!(verify(&path, &signed(time), "soon", &secret).code, 15);
}

#[test]
fn a_genuine_body_that_is_no_event_is_no_forgery() {
    let (_folder, path) = file("{}");
    let timestamp = now().to_string();
    let signature = sign(SECRET, &timestamp, b"{}");
    let ran = verify(
        &path,
        &signature,
        &timestamp,
        &["--secret", SECRET, "--json"],
    );
    assert_eq!(ran.code, 1);
    assert_eq!(json(ran.last())["error"]["kind"], "decode");
    let ran = dryapi(&["webhook", "sign", &path, "--secret", SECRET]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--event"), "{}", ran.err);
}

#[test]
fn mistakes_are_found_before_anything_is_done() {
    let (_folder, path) = file("{}");
    let sign = ["webhook", "sign", path.as_str()];
    for (args, code, word) in [
        (&sign[..], 2, "DRYAPI_WEBHOOK_SECRET"),
        (&[&sign[..], &["--secret", ""]].concat(), 2, "empty"),
        (
            &["webhook", "sign", "/no/such", "--secret", "s"],
            14,
            "/no/such",
        ),
        (
            &["webhook", "verify", &path, "--secret", "s"],
            2,
            "--signature",
        ),
        (&["webhook"], 2, "trigger"),
        (
            &[
                "webhook",
                "trigger",
                "job.done",
                "--to",
                "https://x",
                "--secret",
                "s",
            ],
            2,
            "job.completed",
        ),
    ] {
        let ran = with(args, &[], Console::default());
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (code, ""),
            "{args:?}: {}",
            ran.err
        );
        assert!(ran.err.contains(word), "{word}: {}", ran.err);
    }
}
