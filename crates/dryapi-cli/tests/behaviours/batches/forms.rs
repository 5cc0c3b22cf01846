//! Every form of input comes to the same requests.

use super::support::{GIVEN, Rows, told};
use crate::support::{Service, stdin};

/// The prompts that were sent, sorted.
fn prompts(service: &Service) -> Vec<String> {
    let sent = service.requests().into_iter();
    let sent = sent.filter(|sent| sent.path.ends_with("/txt2img"));
    let mut prompts: Vec<String> = sent
        .map(|sent| sent.body["prompt"].as_str().unwrap().to_owned())
        .collect();
    prompts.sort();
    prompts
}

#[test]
fn files_of_every_form_are_read() {
    for (name, content) in [
        (
            "r.jsonl",
            "{\"prompt\":\"a cat\"}\n{\"prompt\":\"a dog\"}\n",
        ),
        ("r.csv", "prompt,width\na cat,512\na dog,512\n"),
        ("r.tsv", "prompt\twidth\na cat\t512\na dog\t512\n"),
        ("r.txt", "a cat\na dog\n"),
    ] {
        let service = Service::start();
        let rows = Rows::new(name, content);
        let ran = rows.run(&service, GIVEN);
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        assert_eq!(prompts(&service), ["a cat", "a dog"], "{name}");
        let (told, summary) = told(&ran);
        assert_eq!((told.len(), &summary["done"]), (2, &2.into()), "{name}");
    }
}

#[test]
fn stdin_is_read_as_json_or_as_text() {
    for content in ["{\"prompt\":\"a cat\"}\n", "a cat\n"] {
        let service = Service::start();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let own = ["batch", "-", "--out", out.to_str().unwrap()];
        let ran = service.on(&[&own, GIVEN].concat(), stdin(content.as_bytes()));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(prompts(&service), ["a cat"]);
    }
}

#[test]
fn order_does_not_matter_and_equal_rows_are_separate_jobs() {
    let service = Service::start();
    let rows = Rows::new("r.txt", "a cat\na cat\na dog\n");
    assert_eq!(rows.run(&service, GIVEN).code, 0);
    assert_eq!(prompts(&service), ["a cat", "a cat", "a dog"]);
    rows.write("a dog\na cat\na cat\n");
    let calls = service.calls().len();
    let ran = rows.run(&service, GIVEN);
    assert_eq!((ran.code, service.calls().len()), (0, calls), "{ran:?}");
    assert_eq!(told(&ran).1["done"], 3);
}

#[test]
fn a_row_goes_before_what_fills_it_in() {
    let service = Service::start();
    let row = "{\"prompt\":\"a cat\",\"width\":640}\n{\"prompt\":\"a dog\"}\n";
    let ran = Rows::new("r.jsonl", row).run(&service, GIVEN);
    assert_eq!(ran.code, 0, "{ran:?}");
    let sent = service.requests().into_iter();
    let sent = sent.filter(|sent| sent.path.ends_with("/txt2img"));
    for sent in sent {
        let wanted = if sent.body["prompt"] == "a cat" {
            640
        } else {
            512
        };
        assert_eq!(sent.body["width"], wanted);
    }
}

#[test]
fn a_task_and_a_model_must_come_from_somewhere() {
    for (missing, more) in [
        ("--task", &["--model", "Flux1schnell"][..]),
        ("--model", &["--task", "txt2img"]),
    ] {
        let service = Service::start();
        let ran = Rows::new("r.txt", "a cat\n").run(&service, more);
        assert_eq!((ran.code, service.calls().len()), (2, 0), "{ran:?}");
        let said = ran.err.contains("line 1") && ran.err.contains(missing);
        assert!(said, "{}", ran.err);
    }
}

#[test]
fn a_file_outside_the_folder_is_taken_only_when_allowed() {
    let service = Service::start();
    let rows = Rows::new("r.jsonl", "{\"image\":\"@../outside.jpg\"}\n");
    let inner = tempfile::tempdir_in(rows.folder.path()).unwrap();
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 80)
        .encode(&[90; 256 * 256 * 3], 256, 256, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    std::fs::write(rows.folder.path().join("outside.jpg"), jpeg).unwrap();
    let file = inner.path().join("r.jsonl");
    std::fs::copy(rows.folder.path().join("r.jsonl"), &file).unwrap();
    let out = rows.out();
    let line = [
        "batch",
        file.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--task",
        "img-rmbg",
        "--model",
        "Ben2",
    ];
    let ran = service.dryapi(&line);
    assert_eq!((ran.code, service.calls().len()), (2, 0), "{ran:?}");
    assert!(ran.err.contains("line 1"), "{}", ran.err);
    assert!(ran.err.contains("--allow-outside"), "{}", ran.err);
    let ran = service.dryapi(&[&line[..], &["--allow-outside"]].concat());
    assert_eq!((ran.code, service.charges()), (0, 1), "{ran:?}");
}

#[test]
fn a_dry_run_says_what_it_would_take_and_pays_nothing() {
    let service = Service::start();
    let rows = Rows::pictures(4);
    let dry = ["--dry-run", "--plan", "basic"];
    let ran = rows.run(&service, &[&dry[..], &["--json"]].concat());
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let price = said["price"].as_str().unwrap();
    for (name, count) in [
        ("rows", 4),
        ("requests", 4),
        ("status_calls", 4),
        ("seconds", 60),
    ] {
        assert_eq!(said[name], count, "{name}: {said}");
    }
    let shown = rows.run(&service, &dry);
    assert_eq!(
        shown.out,
        format!(
            "4 rows, 4 requests, {price} USD\nat least 4 status calls\nat least 1 min by the \
             plan's limits\n"
        )
    );
    assert_eq!((service.charges(), rows.out().exists()), (0, false));
    // It is what is paid, too.
    let ran = rows.run(&service, &[]);
    assert_eq!(told(&ran).1["reserved"], price);
    assert_eq!(told(&ran).1["balance_fell"], price);
}
