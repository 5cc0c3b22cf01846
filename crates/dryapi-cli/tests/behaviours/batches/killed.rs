//! Killed on its way, a batch pays for nothing twice and loses nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::{Rows, calls, is_whole, lines, told};
use crate::support::Service;

/// So many pictures of three shapes, killed so often: the prices of the shapes are asked for once.
fn pictures(count: usize, kills: usize) {
    let service = Service::start();
    let rows = Rows::pictures(count);
    let mut asked = 0;
    for kill in 1..=kills {
        let before = service.requests().last().map_or(0, |last| last.number);
        let after = count * kill / (kills + 1);
        assert_eq!(rows.killed_after(&service, after, &[]), after);
        let prices = service.requests().into_iter().filter(|call| {
            call.number > before && call.path.ends_with("txt2img/price-calculation")
        });
        asked += prices.count();
    }
    assert_eq!(asked, 3);
    let ran = rows.run(&service, &[]);
    let (told, summary) = told(&ran);
    let unknown = told.values().filter(|row| row["status"] == "unknown");
    let unknown = unknown
        .inspect(|row| assert!(row["error"]["intent"].is_string(), "{row}"))
        .count();
    let whole = (0..count)
        .filter(|number| is_whole(&rows.out().join(format!("p{number}.png"))))
        .count();
    assert_eq!(whole + unknown, count, "{summary}");
    assert_eq!(summary["done"], whole, "{summary}");
    assert_eq!(ran.code, if unknown == 0 { 0 } else { 12 }, "{}", ran.err);
    let charges = service.charges();
    assert!(
        whole <= charges && charges <= count,
        "{charges} charges for {whole} files and {unknown} unknown"
    );
    figures(&format!(
        "{whole} files, {unknown} unknown, {charges} charges, {kills} kills"
    ));
}

#[expect(clippy::print_stderr, reason = "what a run by hand is for")]
fn figures(text: &str) {
    eprintln!("{text}");
}

#[test]
fn pictures_are_paid_for_once() {
    pictures(60, 2);
}

#[test]
#[ignore = "takes minutes: the plan's limit is 300 pictures a minute"]
fn a_thousand_pictures_are_paid_for_once() {
    pictures(1000, 5);
}

#[cfg(unix)]
#[test]
fn interrupted_it_says_how_to_go_on_and_goes_on() {
    let service = Service::start();
    let rows = Rows::pictures(12);
    let (code, out, err) = rows.interrupted_after(&service, 1, &["--concurrency", "2"]);
    assert_eq!(code, Some(130), "{err}");
    assert!(err.contains("same command again"), "{err}");
    assert!(!err.contains("may pay twice"), "{err}");
    let summary: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    let summary = summary["summary"].as_object().unwrap();
    let counted = ["done", "failed", "unknown", "open", "unsent"];
    let counted = counted.map(|name| summary.get(name).and_then(Value::as_u64).unwrap_or(0));
    assert_eq!(counted.iter().sum::<u64>(), 12, "{summary:?}");
    assert!(service.charges() < 12);
    let ran = rows.run(&service, &[]);
    assert_eq!((ran.code, service.charges()), (0, 12), "{ran:?}");
}

/// So many texts, killed so often, make at most so many requests and a line each.
fn texts(count: usize, kills: usize, most: usize) {
    let service = Service::start();
    let row = |number: usize| {
        let text = format!("{number} {}", "text ".repeat(118));
        format!("{{\"id\":\"t{number}\",\"input\":\"{text}\"}}")
    };
    let rows = Rows::new("texts.jsonl", &lines((0..count).map(row)));
    let all = rows.folder.path().join("all.jsonl");
    let more = [
        "--task",
        "embed",
        "--model",
        "Bge_M3_FP16",
        "--collect",
        all.to_str().unwrap(),
    ];
    for kill in 1..=kills {
        rows.killed_after(&service, count * kill / (kills + 1), &more);
    }
    let ran = rows.run(&service, &more);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = std::fs::read_to_string(&all).unwrap();
    let ids: BTreeSet<String> = text
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            assert!(line["embedding"].is_array());
            line["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!((ids.len(), text.lines().count()), (count, count));
    let requests = calls(&service, "txt2embedding");
    assert!(requests <= most, "{requests} requests");
    assert_eq!(service.charges(), requests);
    figures(&format!(
        "{count} lines, {requests} requests, {kills} kills"
    ));
}

#[test]
fn texts_are_embedded_once() {
    texts(2500, 2, 2);
}

#[test]
#[ignore = "takes a minute"]
fn fifty_thousand_texts_are_embedded_once() {
    texts(50_000, 3, 50);
}

#[test]
fn many_sounds_are_priced_by_few_calls() {
    let service = Service::start();
    let row = |number: usize| "a word ".repeat(number % 200 + 1).trim().to_owned();
    let rows = Rows::new("sounds.txt", &lines((0..5000).map(row)));
    let more = ["--task", "txt2audio", "--model", "Kokoro", "--dry-run"];
    let ran = rows.run(&service, &[&more[..], &["--json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let said: Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!(
        (&said["rows"], &said["requests"]),
        (&5000.into(), &5000.into())
    );
    let prices = calls(&service, "txt2audio/price-calculation");
    assert!(prices <= 5);
    figures(&format!("5000 sounds, {prices} price calls"));
    assert_eq!(calls(&service, "txt2audio"), 0);
}
