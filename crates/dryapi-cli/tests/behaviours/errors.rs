//! The wording of the Errors page's five bodies, for people and for programs.

use crate::support::{Fixed, Ran, WHOLE};

const UNAUTHORIZED: &str =
    r#"{"data":null,"message":"Unauthorized user.","errors":[],"statusCode":401}"#;
const FORMAT: &str =
    r#"{"data":null,"message":"Error general message","errors":[],"statusCode":401}"#;
const NOT_FOUND: &str =
    r#"{"data":null,"message":"Request not found.","errors":[],"statusCode":404}"#;
const VALIDATION: &str = r#"{"data":null,"message":"Validation failed","errors":[{"field":"width","messages":["The width must be between 64 and 2048."]},{"field":"model","messages":["The selected model does not exist."]}],"statusCode":422}"#;
const SERVER: &str =
    r#"{"data":null,"message":"Internal server error","errors":[],"statusCode":500}"#;

/// Pays for a picture under a known intent, once.
fn paid(status: u16, body: &str, more: &[&str]) -> Ran {
    let known = [
        "--intent",
        "order-4711",
        "--max-retries",
        "0",
        "-o",
        "/tmp/",
    ];
    Fixed::start(status, body).dryapi(&[WHOLE, &known, more].concat())
}

/// A message with its time of day made known.
fn at_known_time(text: &str) -> String {
    match text.find(" UTC") {
        Some(end) => format!("{}14:03:22{}", &text[..end - 8], &text[end..]),
        None => text.to_owned(),
    }
}

#[test]
fn unauthorized() {
    let ran = paid(401, UNAUTHORIZED, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    insta::assert_snapshot!(ran.err, @"");
    let ran = paid(401, FORMAT, &[]);
    assert!(
        ran.err.starts_with("error: Error general message\n"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("sk-secret"), "the key is never printed");
}

#[test]
fn not_found() {
    let ran = Fixed::start(404, NOT_FOUND).dryapi(&["status", "c08a339c"]);
    assert_eq!(ran.code, 4);
    insta::assert_snapshot!(ran.err, @"");
}

#[test]
fn validation() {
    let ran = paid(422, VALIDATION, &[]);
    assert_eq!(ran.code, 5);
    insta::assert_snapshot!(ran.err, @"");
}

#[test]
fn a_500_may_have_cost_money() {
    let ran = paid(500, SERVER, &[]);
    assert_eq!(ran.code, 8);
    insta::assert_snapshot!(at_known_time(&ran.err), @"");
}

#[test]
fn an_outcome_that_is_unknown() {
    let ran = paid(502, "<html>Bad Gateway</html>", &[]);
    assert_eq!(ran.code, 12);
    insta::assert_snapshot!(at_known_time(&ran.err), @"");
}

#[test]
fn a_failed_job() {
    let body =
        r#"{"data":{"status":"error","error_code":"WORKER_TIMEOUT","error_message":"too slow"}}"#;
    let ran = Fixed::start(200, body).dryapi(&["wait", "c08a339c", "-o", "/tmp/"]);
    assert_eq!(ran.code, 10);
    insta::assert_snapshot!(at_known_time(&ran.err), @"");
}

#[test]
fn the_same_for_programs() {
    let ran = paid(422, VALIDATION, &["--json"]);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""));
    insta::assert_snapshot!(ran.last(), @"");
    let ran = paid(500, SERVER, &["--json"]);
    insta::assert_snapshot!(ran.last(), @"");
}

#[test]
fn a_server_cannot_write_to_the_terminal() {
    let body = "{\"message\":\"\\u001b[2J\\u202egone\",\"errors\":[],\"statusCode\":422}";
    let ran = paid(422, body, &[]);
    assert!(
        ran.err.starts_with("error: \\u{1b}[2J\\u{202e}gone\n"),
        "{:?}",
        ran.err
    );
    let ran = paid(422, body, &["--json"]);
    let error: serde_json::Value = serde_json::from_str(ran.last()).unwrap();
    assert_eq!(error["error"]["message"], "\u{1b}[2J\u{202e}gone");
}
