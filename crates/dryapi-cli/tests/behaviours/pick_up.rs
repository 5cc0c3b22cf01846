//! Jobs picked up again by their ids.

use dryapi_cli::Console;
use dryapi_sandbox::{Fault, FaultRule};

use crate::support::{Fixed, Service, folder_with, with};

#[test]
fn a_job_that_is_not_done_says_how_to_fetch_it() {
    let server = Fixed::start(200, r#"{"data":{"status":"processing","progress":45.5}}"#);
    let ran = server.dryapi(&["status", "c08a339c"]);
    assert_eq!(ran.out, "c08a339c processing 45.5%\n");
    let ran = server.dryapi(&["download", "c08a339c", "-o", "/tmp/c a t.png"]);
    assert_eq!((ran.code, ran.out.as_str()), (11, ""));
    let line = "  job c08a339c goes on and is billed. To fetch it:  dryapi wait c08a339c -o '/tmp/c a t.png'";
    assert_eq!(ran.last(), line);
    let ran = server.dryapi(&[
        "wait",
        "c08a339c",
        "--timeout",
        "20ms",
        "-o",
        "/tmp/cat.png",
    ]);
    assert_eq!(ran.code, 11);
    let line =
        "  job c08a339c goes on and is billed. To fetch it:  dryapi wait c08a339c -o /tmp/cat.png";
    assert_eq!(ran.last(), line);
}

#[test]
fn one_job_that_fails_does_not_keep_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let inside = format!("{}/", folder.path().display());
    let service = Service::start();
    let ran = service.dryapi(&[
        "download",
        "nothing",
        &service.job(),
        "-o",
        &inside,
        "--json",
    ]);
    assert_eq!(ran.code, 4);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(
        ran.last().contains(r#""request_id":"nothing""#),
        "{}",
        ran.last()
    );
}

#[test]
fn time_that_is_up_before_sending_is_a_timeout() {
    let server = Fixed::start(200, "{}");
    let ran = server.dryapi(&["submit", "txt2img", "a cat", "--timeout", "0"]);
    assert_eq!(ran.code, 9, "{}", ran.err);
}

#[test]
fn a_bar_moves_where_somebody_watches() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.png");
    let id = service.job();
    let args = ["wait", &id, "-o", path.to_str().unwrap()];
    let watched = || Console::default().with_stderr_terminal(true);
    let ran = service.on(&args, watched());
    assert!(
        ran.err.contains(&format!("txt2img {}", &id[..8])),
        "{:?}",
        ran.err
    );
    assert!(
        ran.err.ends_with("\x1b[2K"),
        "it is taken away: {:?}",
        ran.err
    );
    for quiet in ["--json", "--quiet"] {
        let ran = service.on(&[&args[..], &[quiet]].concat(), watched());
        assert_eq!(ran.err, "", "{quiet}");
    }
    assert_eq!(with(&args, &[], watched()).code, 1, "no key");
}

#[test]
fn what_is_fetched_by_its_id_is_recorded_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat.png");
    let service = Service::start();
    let id = service.job();
    let ran = service.dryapi(&["wait", &id, "-o", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let jobs = service.dryapi(&["jobs", "--json"]).out;
    let job: serde_json::Value = serde_json::from_str(&jobs).unwrap();
    assert_eq!(job["state"], "downloaded");
    assert_eq!(job["file"], path.to_str().unwrap());
}

#[test]
fn an_id_that_nobody_knows_costs_nothing() {
    let service = Service::start();
    for command in ["wait", "download", "status"] {
        let ran = service.dryapi(&[command, "nothing"]);
        assert_eq!(ran.code, 4, "{command}: {}", ran.err);
        assert!(!ran.err.contains("billed"), "{command}: {}", ran.err);
        let ran = service.dryapi(&[command, "nothing", "--json"]);
        assert!(ran.last().contains(r#""charged":"no""#), "{}", ran.err);
    }
}

#[test]
fn a_result_that_has_expired_is_not_promised() {
    let service = Service::start();
    let id = service.job();
    let (_folder, path) = folder_with("cat.png");
    service.arm(FaultRule::new(Fault::ExpiredUrl).with_times(100));
    for command in ["wait", "download", "resume"] {
        let place: &[&str] = match command {
            "resume" => &[],
            _ => &["-o", &path],
        };
        let ran = service.dryapi(&[&[command, &id], place].concat());
        assert_eq!(ran.code, 1, "{command}: {}", ran.err);
        let line = format!("  job {id} was billed; its result cannot be fetched any more.");
        assert!(ran.last().starts_with(&line), "{command}: {}", ran.err);
    }
}
