//! What a batch says, and how it ends.

use std::path::Path;
use std::time::Duration;

use dryapi_client::Usd;
use dryapi_sandbox::{Config, Fault, FaultRule};
use serde_json::{Value, json};

use super::support::{Rows, calls, is_whole, told};
use crate::support::{Ran, Service};

/// Rows one after another, so that it is known which meets a fault.
const ONE: &[&str] = &["--concurrency", "1"];

fn error(ran: &Ran) -> Value {
    let mut last: Value = serde_json::from_str(ran.last()).unwrap();
    last["error"].take()
}

#[test]
fn stdout_has_a_line_a_row_and_the_summary() {
    let service = Service::start();
    let rows = Rows::pictures(1);
    let ran = rows.run(&service, &[]);
    let id = service.jobs().remove(0);
    let path = rows.out().join("p0.png");
    let path = path.display();
    assert_eq!(
        ran.out,
        format!(
            "{{\"id\":\"p0\",\"line\":1,\"status\":\"done\",\"request_id\":\"{id}\",\
             \"files\":[\"{path}\"],\"cost_estimate\":\"0.00136\",\"error\":null}}\n\
             {{\"summary\":{{\"done\":1,\"failed\":0,\"unknown\":0,\"unsent\":0,\
             \"reserved\":\"0.00136\",\"balance_fell\":\"0.00136\"}}}}\n"
        )
    );
}

#[test]
fn a_sidecar_that_is_gone_is_written_again() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    assert_eq!(rows.run(&service, &[]).code, 0);
    let path = rows.out().join("p1.png");
    std::fs::remove_file(rows.out().join("p1.png.json")).unwrap();
    let ran = rows.run(&service, &[]);
    assert_eq!((ran.code, service.charges()), (0, 2), "{ran:?}");
    assert!(is_whole(&path));
}

#[test]
fn a_foreign_file_in_the_way_is_refused_before_anything_is_sent() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    std::fs::create_dir(rows.out()).unwrap();
    let path = rows.out().join("p1.png");
    std::fs::write(&path, "precious").unwrap();
    let ran = rows.run(&service, &["--json"]);
    assert_eq!((ran.code, service.calls().len()), (2, 0), "{ran:?}");
    let message = error(&ran)["message"].to_string();
    assert!(message.contains("row p1"), "{message}");
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
}

#[test]
fn without_balance_the_rest_stays_unsent() {
    let balance: Usd = "0.003".parse().unwrap();
    let config = Config::default().with_job_time(Duration::ZERO);
    let service = Service::with(config.with_balance(balance));
    let row = |number: usize| {
        format!(
            "{{\"id\":\"{number}\",\"prompt\":\"{number}\",\"width\":512,\"height\":512,\
             \"steps\":4,\"guidance\":0}}\n"
        )
    };
    let rows = Rows::new("r.jsonl", &(0..4).map(row).collect::<String>());
    let more = ["--task", "txt2img", "--model", "Flux1schnell", "--json"];
    let ran = rows.run(&service, &[ONE, &more].concat());
    assert_eq!((ran.code, service.charges()), (6, 2), "{ran:?}");
    assert_eq!(calls(&service, "txt2img"), 3, "one was refused");
    let summary = told(&ran).1;
    assert_eq!(
        (&summary["done"], &summary["unsent"]),
        (&2.into(), &2.into())
    );
    let error = error(&ran);
    assert_eq!(error["kind"], "insufficient_balance");
    assert_eq!(error["charged"], "no");
}

#[test]
fn a_daily_limit_ends_a_batch_that_does_not_wait() {
    let service = Service::start();
    let rows = Rows::pictures(3);
    service.arm(
        FaultRule::new(Fault::RateLimitDaily)
            .on("txt2img")
            .with_after(1),
    );
    let ran = rows.run(&service, &[ONE, &["--no-wait"]].concat());
    assert_eq!((ran.code, service.charges()), (7, 1), "{ran:?}");
    assert_eq!(told(&ran).1["unsent"], 2);
}

#[test]
fn what_is_unknown_goes_before_what_failed() {
    let service = Service::start();
    let rows = Rows::pictures(3);
    service.arm(FaultRule::new(Fault::JobFailed).on("txt2img"));
    // A request meets one fault: this is for the next.
    service.arm(FaultRule::new(Fault::AcceptThenDrop).on("txt2img"));
    let ran = rows.run(&service, &[ONE, &["--json"]].concat());
    let (rows_told, summary) = told(&ran);
    assert_eq!(rows_told["p0"]["status"], "failed", "{ran:?}");
    assert_eq!(rows_told["p1"]["status"], "unknown", "{ran:?}");
    assert_eq!(summary["done"], 1);
    let error = error(&ran);
    assert_eq!((ran.code, &error["kind"]), (12, &"outcome_unknown".into()));
    assert_eq!(error["charged"], "maybe");
}

#[test]
fn it_says_that_running_it_again_does_not_pay_twice() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    service.arm(FaultRule::new(Fault::AcceptThenDrop).on("txt2img"));
    let ran = rows.run(&service, &[]);
    assert_eq!(ran.code, 12, "{ran:?}");
    let once = "  Running the same command again does not pay twice.";
    assert_eq!(ran.last(), once, "{}", ran.err);
    assert_eq!((rows.run(&service, &[]).code, service.charges()), (12, 2));
    // What was told to pay again may.
    service.arm(FaultRule::new(Fault::AcceptThenDrop).on("txt2img"));
    let ran = rows.run(&service, &["--resubmit-unknown"]);
    assert_eq!((ran.code, service.charges()), (12, 3), "{ran:?}");
    let twice = "  Running the same command again may pay twice.";
    assert_eq!(ran.last(), twice, "{}", ran.err);
}

#[test]
fn texts_of_pictures_are_a_line_each() {
    let service = Service::start();
    let rows = Rows::new(
        "r.jsonl",
        "{\"id\":\"a\",\"image\":\"@a.jpg\"}\n{\"id\":\"b\",\"image\":\"@b.jpg\"}\n",
    );
    for (name, shade) in [("a.jpg", 90), ("b.jpg", 200)] {
        let mut jpeg = Vec::new();
        jpeg_encoder::Encoder::new(&mut jpeg, 80)
            .encode(
                &[shade; 256 * 256 * 3],
                256,
                256,
                jpeg_encoder::ColorType::Rgb,
            )
            .unwrap();
        std::fs::write(rows.folder.path().join(name), jpeg).unwrap();
    }
    let all = rows.folder.path().join("all.jsonl");
    let collect = ["--collect", all.to_str().unwrap()];
    let more = ["--task", "img2txt", "--model", "Nanonets_Ocr_S_F16"];
    let more = [&more[..], &collect].concat();
    let read = || {
        let text = std::fs::read_to_string(&all).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let mut lines: Vec<Value> = lines.collect();
        lines.sort_by_key(|line| line["id"].to_string());
        lines
    };
    let ran = rows.run(&service, &more);
    assert_eq!((ran.code, service.charges()), (0, 2), "{ran:?}");
    let first = read();
    assert_eq!(first.len(), 2);
    for (line, id) in first.iter().zip(["a", "b"]) {
        assert_eq!(line["id"], id);
        assert!(!line["result"].is_null(), "{line}");
    }
    let before = service.calls().len();
    let ran = rows.run(&service, &more);
    assert_eq!((ran.code, service.calls().len()), (0, before), "{ran:?}");
    assert_eq!(read(), first);
    is_in(&ran, &all);
    nothing_is_left(&service);
}

#[test]
fn vectors_that_are_collected_are_not_handed_out_again() {
    let service = Service::start();
    let rows = Rows::new("t.txt", "one\ntwo\n");
    let all = rows.folder.path().join("all.jsonl");
    let more = ["--task", "embed", "--model", "Bge_M3_FP16", "--collect"];
    let more = [&more[..], &[all.to_str().unwrap()]].concat();
    for _ in 0..2 {
        let ran = rows.run(&service, &more);
        assert_eq!((ran.code, service.charges()), (0, 1), "{ran:?}");
        is_in(&ran, &all);
    }
    nothing_is_left(&service);
}

/// Every row names the one file it is in.
fn is_in(ran: &Ran, all: &Path) {
    for line in told(ran).0.values() {
        assert_eq!(line["files"], json!([all]), "{line}");
    }
}

fn nothing_is_left(service: &Service) {
    let ran = service.dryapi(&["resume"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.err, "nothing is left to do\n");
}

#[test]
fn the_time_is_up_while_jobs_are_waited_for() {
    let service = Service::halted();
    let rows = Rows::pictures(2);
    let ran = rows.run(&service, &[ONE, &["--timeout", "3s", "--json"]].concat());
    assert_eq!(ran.code, 11, "{ran:?}");
    let failure = error(&ran);
    assert_eq!(failure["kind"], "wait_timed_out");
    assert_eq!(
        (&failure["charged"], &failure["delivery"]),
        (&"yes".into(), &"answered".into())
    );
    assert_eq!((&told(&ran).1["open"], service.charges()), (&1.into(), 1));
    // For people, too: what was paid for is not lost.
    let ran = rows.run(&service, &[ONE, &["--timeout", "2s"]].concat());
    assert_eq!((ran.code, service.charges()), (11, 1), "{ran:?}");
    let once = "  Running the same command again does not pay twice.";
    assert_eq!(ran.last(), once, "{}", ran.err);
    service.finish();
}

#[test]
fn the_time_is_up_with_a_paid_request_in_flight() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    service.arm(FaultRule::new(Fault::Hang).on("txt2img"));
    let ran = rows.run(&service, &[ONE, &["--timeout", "3s", "--json"]].concat());
    assert_eq!(ran.code, 12, "{ran:?}");
    let failure = error(&ran);
    assert_eq!(failure["kind"], "outcome_unknown");
    assert_eq!(
        (&failure["charged"], &failure["retryable"]),
        (&"maybe".into(), &false.into())
    );
    let summary = told(&ran).1;
    assert_eq!(
        (&summary["unknown"], &summary["unsent"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn the_time_is_up_before_anything_is_sent() {
    let service = Service::start();
    let rows = Rows::pictures(1);
    service.arm(FaultRule::new(Fault::Hang).on("balance"));
    let ran = rows.run(&service, &[ONE, &["--timeout", "500ms", "--json"]].concat());
    assert_eq!((ran.code, service.charges()), (9, 0), "{ran:?}");
    assert_eq!(error(&ran)["charged"], "no");
}
