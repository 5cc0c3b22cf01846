//! What a batch does when it is run again.

use dryapi_sandbox::{Fault, FaultRule};
use serde_json::Value;

use super::support::{Rows, is_whole, told};
use crate::support::{Service, dryapi};

#[test]
fn what_is_done_and_here_costs_nothing() {
    let service = Service::start();
    let rows = Rows::pictures(3);
    assert_eq!(rows.run(&service, &[]).code, 0);
    let before = service.calls().len();
    let ran = rows.run(&service, &[]);
    assert_eq!((ran.code, service.calls().len()), (0, before), "{ran:?}");
    assert_eq!(told(&ran).1["done"], 3);
}

#[test]
fn a_missing_result_is_fetched_and_not_paid_for() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    assert_eq!(rows.run(&service, &[]).code, 0);
    let path = rows.out().join("p1.png");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(rows.run(&service, &[]).code, 0);
    assert!(is_whole(&path));
    assert_eq!(service.charges(), 2);
}

#[test]
fn a_missing_result_is_fetched_by_its_sidecar_where_the_ledger_is_lost() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    assert_eq!(rows.run(&service, &[]).code, 0);
    let path = rows.out().join("p1.png");
    std::fs::remove_file(&path).unwrap();
    let other = crate::support::Ledger::new();
    let ran = rows.run(&service, &["--ledger", &other.path()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(is_whole(&path));
    assert_eq!(service.charges(), 2);
}

#[test]
fn a_folder_is_the_same_by_whatever_path() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    assert_eq!(rows.run(&service, &[]).code, 0);
    // Only the ledger knows now.
    for name in ["p0.png", "p0.png.json", "p1.png", "p1.png.json"] {
        std::fs::remove_file(rows.out().join(name)).unwrap();
    }
    let root = rows.folder.path();
    let around = root.join("out/../out");
    let ran = rows.run(&service, &[]);
    assert_eq!(ran.code, 0);
    let file = root.join("rows.jsonl");
    let args = [
        "batch",
        file.to_str().unwrap(),
        "--out",
        around.to_str().unwrap(),
    ];
    for name in ["p0.png", "p0.png.json"] {
        std::fs::remove_file(rows.out().join(name)).unwrap();
    }
    let ran = service.dryapi(&args);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(service.charges(), 2);
}

#[test]
fn changed_content_under_the_same_id_is_an_error() {
    let service = Service::start();
    let row = |prompt: &str| {
        format!(
            "{{\"id\":\"a\",\"prompt\":\"{prompt}\",\"width\":512,\"height\":512,\"steps\":4,\
             \"guidance\":0}}\n"
        )
    };
    let rows = Rows::new("rows.jsonl", &row("a cat"));
    let more = ["--task", "txt2img", "--model", "Flux1schnell"];
    assert_eq!(rows.run(&service, &more).code, 0);
    rows.write(&row("a dog"));
    let ran = rows.run(&service, &more);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("row a"), "{}", ran.err);
    assert_eq!(service.charges(), 1);
}

#[test]
fn a_changed_text_under_the_same_id_is_an_error() {
    let service = Service::start();
    let rows = Rows::new("t.jsonl", "{\"id\":\"a\",\"input\":\"one\"}\n");
    let all = rows.folder.path().join("all.jsonl");
    let collect = all.to_str().unwrap();
    let more = [
        "--task",
        "embed",
        "--model",
        "Bge_M3_FP16",
        "--collect",
        collect,
    ];
    assert_eq!(rows.run(&service, &more).code, 0);
    rows.write("{\"id\":\"a\",\"input\":\"two\"}\n");
    let ran = rows.run(&service, &more);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("row a"), "{}", ran.err);
    assert_eq!(service.charges(), 1);
}

#[test]
fn files_are_known_by_their_content_from_wherever_they_are_named() {
    let service = Service::start();
    let picture = || {
        let mut bytes = Vec::new();
        jpeg_encoder::Encoder::new(&mut bytes, 80)
            .encode(&[90; 256 * 256 * 3], 256, 256, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        bytes
    };
    let rows = Rows::new("rows.jsonl", "{\"image\":\"@cat.jpg\"}\n");
    std::fs::write(rows.folder.path().join("cat.jpg"), picture()).unwrap();
    let more = ["--task", "img-rmbg", "--model", "Ben2"];
    let ran = rows.run(&service, &more);
    assert_eq!(ran.code, 0, "{ran:?}");
    // The same file by a longer path.
    let below = rows.folder.path().join("below");
    std::fs::create_dir(&below).unwrap();
    let around = below.join("../rows.jsonl");
    let out = rows.out();
    let mut args = vec![
        "batch",
        around.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    args.extend(more);
    let ran = service.dryapi(&args);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(service.charges(), 1, "{ran:?}");
}

#[test]
fn no_signature_is_written_down() {
    let service = Service::start();
    let rows = Rows::pictures(1);
    assert_eq!(rows.run(&service, &[]).code, 0);
    let sidecar = std::fs::read_to_string(rows.out().join("p0.png.json")).unwrap();
    let sidecar: Value = serde_json::from_str(&sidecar).unwrap();
    assert!(!sidecar.to_string().contains("sk-sandbox"));
    assert!(!sidecar.to_string().contains("X-Amz"));
    assert_eq!(sidecar["request"]["prompt"], "picture 0");
}

#[test]
fn what_a_sandbox_made_is_not_taken_for_real() {
    let service = Service::start();
    let rows = Rows::pictures(1);
    let args = rows.args(&["--sandbox"]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    assert_eq!(dryapi(&args).code, 0);
    let ran = rows.run(&service, &[]);
    assert_eq!((ran.code, service.charges()), (2, 0), "{ran:?}");
    assert!(ran.err.contains("sandbox"), "{}", ran.err);
}

#[test]
fn a_failed_row_is_sent_again_only_when_asked() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    service.arm(FaultRule::new(Fault::JobFailed).on("txt2img"));
    let ran = rows.run(&service, &[]);
    assert_eq!((ran.code, told(&ran).1["failed"].as_u64()), (10, Some(1)));
    assert_eq!((rows.run(&service, &[]).code, service.charges()), (10, 2));
    let ran = rows.run(&service, &["--retry-failed"]);
    assert_eq!((ran.code, service.charges()), (0, 3), "{ran:?}");
}

#[test]
fn an_unknown_row_is_sent_again_only_when_asked() {
    let service = Service::start();
    let rows = Rows::pictures(2);
    service.arm(FaultRule::new(Fault::AcceptThenDrop).on("txt2img"));
    let ran = rows.run(&service, &[]);
    assert_eq!((ran.code, told(&ran).1["unknown"].as_u64()), (12, Some(1)));
    assert_eq!((rows.run(&service, &[]).code, service.charges()), (12, 2));
    let ran = rows.run(&service, &["--resubmit-unknown"]);
    assert_eq!((ran.code, service.charges()), (0, 3), "{ran:?}");
}

#[test]
fn a_cap_holds_over_all_runs() {
    let service = Service::start();
    let rows = Rows::pictures(6);
    // Room for some of them, by the prices of their shapes.
    let capped = ["--max-cost", "0.006"];
    let ran = rows.run(&service, &capped);
    assert_eq!(ran.code, 13, "{ran:?}");
    let paid = service.charges();
    assert!(0 < paid && paid < 6, "{paid}");
    let ran = rows.run(&service, &capped);
    assert_eq!(ran.code, 13, "{ran:?}");
    let reserved = told(&ran).1["reserved"].as_str().unwrap().to_owned();
    assert!(reserved.parse::<f64>().unwrap() <= 0.006, "{reserved}");
}
