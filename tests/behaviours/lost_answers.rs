//! A paid request whose answer was lost is sent once; a free one is asked again.

use crate::support::command::{dryapi, submit};
use crate::support::road::{Act, Road, cut, json, whole};

const ID: &str = "c08a339c-73e5-4d67-a4d5-231302fbff9a";

fn accepted() -> String {
    format!(r#"{{"data":{{"request_id":"{ID}"}}}}"#)
}

fn own_error(status: &str) -> Act {
    let body = r#"{"data":null,"message":"Internal server error","errors":[],"statusCode":500}"#;
    json(status, "", body)
}

/// Everything that loses a paid answer, with the `balance` that would do the same.
fn losses() -> Vec<(&'static str, Act)> {
    let inside_the_id = accepted().find("4d67").unwrap();
    vec![
        ("drop", Act::Drop),
        ("reset", Act::Reset),
        ("hang", Act::Hang),
        ("half an answer", cut("200 OK", &accepted(), inside_the_id)),
        (
            "a proxy's page",
            whole("502 Bad Gateway", "content-type: text/html\r\n", "<html>"),
        ),
        ("no id", json("200 OK", "", "{}")),
    ]
}

#[test]
fn one_post_and_exit_12() {
    for (name, act) in losses() {
        let road = Road::start(vec![act]);
        let ran = dryapi(&road.base_url, &submit(&["--attempt-timeout", "1s"]));
        assert_eq!((ran.code, road.count("POST")), (12, 1), "{name}: {ran:?}");
        assert_eq!(ran.out, "", "{name}");
        let lines: Vec<&str> = ran.err.lines().rev().take(4).collect();
        assert!(
            lines[3].contains("it may have been accepted and charged"),
            "{name}: {}",
            ran.err
        );
        assert!(lines[2].starts_with("  txt2img · "), "{name}: {}", ran.err);
        assert!(lines[2].contains("attempt 1 · "), "{name}: {}", ran.err);
        let resume = "  not sent again. To look for the job without paying:   dryapi resume ";
        assert!(lines[1].starts_with(resume), "{name}: {}", ran.err);
        assert_eq!(
            lines[0], "  Running the same command again may pay twice.",
            "{name}"
        );
        assert!(
            road.requests()[0]
                .to_ascii_lowercase()
                .contains("idempotency-key: ")
        );
    }
}

#[test]
fn the_same_for_programs() {
    let road = Road::start(vec![Act::Drop]);
    let error = dryapi(&road.base_url, &submit(&["--json"])).error();
    assert_eq!(error["kind"], "outcome_unknown");
    assert_eq!(
        (&error["delivery"], &error["charged"]),
        (&"unknown".into(), &"maybe".into())
    );
    assert_eq!(
        (&error["status"], &error["attempts"]),
        (&serde_json::Value::Null, &1.into())
    );
    assert_eq!(error["retryable"], false);
}

#[test]
fn an_answer_cut_after_the_id_is_a_success_with_a_warning() {
    let road = Road::start(vec![cut("200 OK", &accepted(), accepted().len() - 2)]);
    let ran = dryapi(&road.base_url, &submit(&[]));
    assert_eq!((ran.code, road.count("POST")), (0, 1), "{ran:?}");
    assert_eq!(ran.out.trim(), ID);
    assert!(
        ran.err
            .lines()
            .any(|line| line.starts_with("warning: the answer was damaged: ")),
        "{}",
        ran.err
    );
}

#[test]
fn the_services_own_500_and_503_are_tried_again() {
    for status in ["500 Internal Server Error", "503 Service Unavailable"] {
        let acts = vec![
            own_error(status),
            own_error(status),
            json("200 OK", "", &accepted()),
        ];
        let road = Road::start(acts);
        let ran = dryapi(&road.base_url, &submit(&[]));
        assert_eq!((ran.code, road.count("POST")), (0, 3), "{ran:?}");
    }
}

#[test]
fn a_minutes_limit_is_waited_for_and_a_days_is_not() {
    let limited = r#"{"message":"Too Many Attempts."}"#;
    let minute = "retry-after: 1\r\nx-ratelimit-type: minute\r\n";
    let acts = vec![
        json("429 Too Many Requests", minute, limited),
        json("200 OK", "", &accepted()),
    ];
    let road = Road::start(acts);
    let ran = dryapi(&road.base_url, &submit(&[]));
    assert_eq!((ran.code, road.count("POST")), (0, 2), "{ran:?}");

    let daily = "retry-after: 86400\r\nx-ratelimit-type: daily\r\n";
    let road = Road::start(vec![json("429 Too Many Requests", daily, limited)]);
    let error = dryapi(&road.base_url, &submit(&["--json"])).error();
    assert_eq!(
        (&error["kind"], road.count("POST")),
        (&"rate_limited".into(), 1)
    );
    assert_eq!(error["retry_after"], 86400);
    assert_eq!(error["rate_limit"]["window"], "daily");
    assert!(error["rate_limit"]["resets_at"].is_string());
}

#[test]
fn a_free_call_is_asked_again() {
    for (name, act) in losses() {
        let road = Road::start(vec![act, json("200 OK", "", r#"{"balance":19.72}"#)]);
        let ran = dryapi(&road.base_url, &["--attempt-timeout", "1s", "balance"]);
        assert_eq!((ran.code, road.count("GET")), (0, 2), "{name}: {ran:?}");
        assert_eq!(ran.out.trim(), "19.72 USD", "{name}");
    }
}
