//! `dryapi resume`: what is left to do about paid work. It never pays.

use std::path::Path;

use serde_json::Value;

use crate::support::{Ran, Service, folder_with, picture_of};

const LOST: &str = "a dog [[fault:accept_then_drop]]";

/// A picture that is not waited for.
fn left(service: &Service, path: &str) {
    let more = ["-o", path, "--intent", "order-1", "--timeout", "300ms"];
    let ran = service.dryapi(&picture_of("a cat", &more));
    assert_eq!(ran.code, 11, "{}", ran.err);
}

/// A picture of which nobody knows whether it was paid for.
fn lost(service: &Service, path: &str) {
    let ran = service.dryapi(&picture_of(LOST, &["-o", path, "--intent", "order-2"]));
    assert_eq!(ran.code, 12, "{}", ran.err);
}

fn state(service: &Service, intent: &str) -> Value {
    let all = service.dryapi(&["jobs", "--json"]).out;
    let mut all = all
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    all.find(|job| job["intent"] == intent).unwrap()["state"].clone()
}

fn is_a_picture(path: impl AsRef<Path>) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG"))
}

#[test]
fn an_open_job_is_fetched_to_where_it_was_wanted() {
    let (_folder, path) = folder_with("cat.png");
    let service = Service::halted();
    left(&service, &path);
    let ran = service.dryapi(&["resume", "--timeout", "300ms"]);
    assert_eq!(ran.code, 11, "it goes on: {}", ran.err);
    let id = service.jobs().remove(0);
    let line = format!("To fetch it:  dryapi wait {id} -o {path}");
    assert!(ran.last().ends_with(&line), "{}", ran.err);
    service.finish();
    let ran = service.dryapi(&["resume"]);
    assert_eq!((ran.code, ran.out), (0, format!("{path}\n")), "{}", ran.err);
    assert!(is_a_picture(&path));
    assert_eq!(state(&service, "order-1"), "downloaded");
    let ran = service.dryapi(&["resume"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "nothing is left to do\n"));
    // Named, it is looked at all the same, and fetched where it is gone.
    let sent = service.requests().len();
    let named = || service.dryapi(&["resume", "order-1"]);
    assert_eq!((named().code, named().out), (0, format!("{path}\n")));
    assert_eq!(service.requests().len(), sent, "nothing was sent");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(named().code, 0);
    assert!(is_a_picture(&path));
    assert_eq!(service.charges(), 1);
}

#[test]
fn a_file_that_came_between_is_not_replaced() {
    let (folder, path) = folder_with("cat.png");
    let service = Service::halted();
    left(&service, &path);
    service.finish();
    std::fs::write(&path, "precious").unwrap();
    let id = service.jobs().remove(0);
    let ran = service.dryapi(&["resume", &id]);
    let beside = folder.path().join("cat-2.png");
    assert_eq!(ran.out, format!("{}\n", beside.display()), "{}", ran.err);
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert!(is_a_picture(beside));
}

#[test]
fn an_unknown_stays_one_until_somebody_decides() {
    let (_folder, path) = folder_with("dog.png");
    let service = Service::start();
    lost(&service, &path);
    let ran = service.dryapi(&["resume"]);
    assert_eq!((ran.code, ran.out.as_str()), (12, ""), "{}", ran.err);
    for said in [
        "order-2: txt2img of ",
        "  before: 5 USD\n  now: 4.99864 USD, with all that was paid for since\n",
        "  It is a job you know:  dryapi resume order-2 --is ID\n",
        "  It was not charged:    dryapi resume order-2 --not-charged\n",
        "error: it is not known what became of order-2",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    assert_eq!(
        ran.last(),
        "  Running the same command again does not pay twice.",
        "it only looks"
    );
    let ran = service.dryapi(&["resume", "--json"]);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &value["state"]), (12, &"unknown".into()));
    assert!(
        ran.last().contains(r#""kind":"outcome_unknown""#),
        "{}",
        ran.err
    );
    assert_eq!(service.charges(), 1);
}

#[test]
fn a_person_says_which_job_it_is() {
    let (_folder, path) = folder_with("dog.png");
    let service = Service::start();
    lost(&service, &path);
    let ran = service.dryapi(&["resume", "order-2", "--is", "nonsense"]);
    assert_eq!(ran.code, 4, "the service knows no such job: {}", ran.err);
    assert_eq!(state(&service, "order-2"), "unknown");
    let id = service.jobs().remove(0);
    let ran = service.dryapi(&["resume", "order-2", "--is", &id]);
    assert_eq!((ran.code, ran.out), (0, format!("{path}\n")), "{}", ran.err);
    assert!(is_a_picture(&path));
    let ran = service.dryapi(&["resume", "order-2", "--is", "another"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    // It cannot become what it is not, nor another's.
    let ran = service.dryapi(&["resume", "order-2", "--not-charged"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    let ran = service.dryapi(&picture_of(LOST, &["-o", "/tmp/", "--intent", "order-3"]));
    assert_eq!(ran.code, 12, "{}", ran.err);
    let ran = service.dryapi(&["resume", "order-3", "--is", &id]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("under the intent order-2"), "{}", ran.err);
}

#[test]
fn a_person_says_that_nothing_was_charged() {
    let (_folder, path) = folder_with("dog.png");
    let service = Service::start();
    lost(&service, &path);
    let ran = service.dryapi(&["resume", "order-2", "--not-charged"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert_eq!(state(&service, "order-2"), "refused");
    let ran = service.dryapi(&["resume"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "nothing is left to do\n"));
    // Only then it may be paid for once more.
    let ran = service.dryapi(&picture_of(LOST, &["-o", &path, "--intent", "order-2"]));
    assert_eq!((ran.code, service.charges()), (12, 2), "{}", ran.err);
}

#[test]
fn a_text_is_handed_out_once() {
    let service = Service::halted();
    let line = [
        "vid2txt",
        "https://example.com/film",
        "--model",
        "WhisperLargeV3",
        "--include-ts",
        "false",
        "--timeout",
        "300ms",
    ];
    let ran = service.dryapi(&line);
    assert_eq!(ran.code, 11, "{}", ran.err);
    service.finish();
    let ran = service.dryapi(&["resume"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.is_empty());
    let again = service.dryapi(&["resume"]);
    assert_eq!(again.err, "nothing is left to do\n");
    let id = service.jobs().remove(0);
    assert_eq!(
        service.dryapi(&["resume", &id]).out,
        ran.out,
        "unless it is named"
    );
}

#[test]
fn failures_and_names_nobody_knows() {
    let (_folder, path) = folder_with("cow.png");
    let service = Service::start();
    let failed = |name: &str| -> Ran {
        let prompt = "a cow [[fault:job_failed]]";
        service.dryapi(&picture_of(prompt, &["-o", &path, "--intent", name]))
    };
    assert_eq!(failed("order-3").code, 10);
    assert_eq!(service.dryapi(&["resume"]).code, 0, "nothing is left to do");
    assert_eq!(service.dryapi(&["resume", "order-3"]).code, 10);
    let ran = service.dryapi(&["resume", "order-9"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    for line in [&["resume", "--is", "x"][..], &["resume", "--not-charged"]] {
        assert_eq!(service.dryapi(line).code, 2);
    }
    let ran = service.dryapi(&["resume", "a", "--is", "x", "--not-charged"]);
    assert_eq!(ran.code, 2);
}
