//! `--intent`: at most one payment under one name.

use dryapi_cli::Console;
use serde_json::Value;

use crate::support::{Ran, Service, WHOLE, dryapi, folder_with, with};

fn picture(service: &Service, path: &str, more: &[&str]) -> Ran {
    let named = ["--intent", "order-1", "-o", path];
    service.dryapi(&[WHOLE, &named, more].concat())
}

#[test]
fn the_same_command_again_sends_nothing_while_its_result_is_there() {
    let (_folder, path) = folder_with("cat.png");
    let service = Service::start();
    let ran = picture(&service, &path, &[]);
    assert_eq!((ran.code, ran.out), (0, format!("{path}\n")), "{}", ran.err);
    let bytes = std::fs::read(&path).unwrap();
    let calls = service.calls().len();
    let ran = picture(&service, &path, &[]);
    assert_eq!((ran.code, ran.out), (0, format!("{path}\n")), "{}", ran.err);
    assert_eq!(ran.err, "it is here already; nothing was sent\n");
    assert_eq!(service.calls().len(), calls, "nothing was sent");
    let ran = picture(&service, &path, &["--json"]);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["files"][0], path);
    assert_eq!(value["intent"], "order-1");
    assert_eq!(value["request"]["seed"], 7);
    // Lost, it is fetched again, and not paid for.
    std::fs::remove_file(&path).unwrap();
    assert_eq!(picture(&service, &path, &[]).code, 0);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(service.charges(), 1);
}

#[test]
fn a_file_that_is_not_the_result_is_not_replaced() {
    let (_folder, path) = folder_with("cat.png");
    let service = Service::start();
    assert_eq!(picture(&service, &path, &[]).code, 0);
    std::fs::write(&path, "precious").unwrap();
    let ran = picture(&service, &path, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("exists; nothing was sent"), "{}", ran.err);
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert_eq!(picture(&service, &path, &["--force"]).code, 0);
    assert!(std::fs::read(&path).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(service.charges(), 1);
}

#[test]
fn another_request_under_the_name_is_refused() {
    let (folder, path) = folder_with("cat.png");
    let service = Service::start();
    assert_eq!(picture(&service, &path, &[]).code, 0);
    let other = folder.path().join("dog.png");
    let mut line = WHOLE.to_vec();
    line[1] = "a dog";
    line.extend(["--intent", "order-1", "-o", other.to_str().unwrap()]);
    let ran = service.dryapi(&line);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err.contains("order-1 names another request already"),
        "{}",
        ran.err
    );
    // Nor is its file taken for this one's.
    *line.last_mut().unwrap() = &path;
    assert_eq!(service.dryapi(&line).code, 2);
    assert_eq!(service.charges(), 1);
}

#[test]
fn a_seed_that_was_drawn_belongs_to_the_job() {
    let (folder, _) = folder_with("cat.png");
    let service = Service::start();
    let seedless: Vec<&str> = WHOLE[..WHOLE.len() - 2].to_vec();
    let inside = format!("{}/", folder.path().display());
    let more = ["--intent", "order-1", "-o", &inside, "--json"];
    let run = || service.dryapi(&[&seedless[..], &more].concat());
    let (first, second) = (run(), run());
    assert_eq!(second.code, 0, "{}", second.err);
    let seed =
        |ran: &Ran| serde_json::from_str::<Value>(&ran.out).unwrap()["request"]["seed"].clone();
    assert_eq!(seed(&first), seed(&second));
    assert_eq!(first.err, second.err, "the seed is said");
    assert_eq!(service.charges(), 1);
    // `submit` knows it, too.
    let line = [&["submit"], &seedless[..], &["--intent", "order-1"]].concat();
    let ran = service.dryapi(&line);
    let value: Value = serde_json::from_str(&first.out).unwrap();
    assert_eq!(value["request_id"], ran.out.trim());
    assert_eq!(service.charges(), 1);
}

#[test]
fn two_at_once_pay_once_and_both_have_it() {
    let (_folder, path) = folder_with("cat");
    let service = Service::start();
    std::thread::scope(|scope| {
        let one = |name: &str| {
            let (service, path) = (&service, format!("{path}-{name}.png"));
            scope.spawn(move || {
                let ran = picture(service, &path, &[]);
                assert_eq!(ran.code, 0, "{}", ran.err);
                std::fs::read(path).unwrap()
            })
        };
        let pictures = ["a", "b", "c"].map(one).map(|run| run.join().unwrap());
        assert!(pictures.iter().all(|picture| *picture == pictures[0]));
    });
    assert_eq!(service.charges(), 1);
}

#[test]
fn without_a_ledger_the_promise_is_not_made() {
    let service = Service::start();
    let ran = picture(&service, "/tmp/", &["--no-ledger"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().to_str().unwrap();
    let ran = picture(&service, "/tmp/", &["--ledger", shown, "--json"]);
    assert_eq!(ran.code, 14, "{}", ran.err);
    let error: Value = serde_json::from_str(ran.last()).unwrap();
    assert_eq!(error["error"]["kind"], "file");
    assert_eq!(error["error"]["charged"], "no");
    assert_eq!(error["error"]["intent"], "order-1");
    assert!(error["error"]["message"].as_str().unwrap().contains(shown));
    assert!(service.requests().is_empty());
    // Where there is no home, there is no place for it.
    let line = [WHOLE, &["--intent", "order-1", "-o", "/tmp/"]].concat();
    let env = [("DRYAPI_API_KEY", "sk-1")];
    let ran = with(&line, &env, Console::default());
    assert_eq!(ran.code, 14, "{}", ran.err);
    // Nothing is real in a sandbox.
    let folder = format!("{shown}/");
    let line = ["--sandbox", "txt2img", "x", "--intent", "o", "-o", &folder];
    assert_eq!(dryapi(&line).code, 0);
}

#[test]
fn a_single_command_warns_and_goes_on() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().to_str().unwrap();
    let line = [&["submit"], WHOLE, &["--ledger", shown]].concat();
    let ran = service.dryapi(&line);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.starts_with("warning: "), "{}", ran.err);
    assert!(ran.err.contains(shown), "{}", ran.err);
    let line = [&["submit"], WHOLE, &["--no-ledger"]].concat();
    let ran = service.dryapi(&line);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(service.charges(), 2);
}
