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
    insta::assert_snapshot!(ran.err, @r#"
    error: Unauthorized user.
      txt2img · HTTP 401 · attempt 1
      Check the API key: it goes into DRYAPI_API_KEY and is sent as `Authorization: Bearer`. Keys are made and revoked on the dashboard.
    "#);
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
    insta::assert_snapshot!(ran.err, @r#"
    error: Request not found.
      request-status · HTTP 404 · attempt 1 · job c08a339c
      Check the request id or the model's slug (`dryapi models` lists them). If nothing is found at all, check the base URL.
    "#);
}

#[test]
fn validation() {
    let ran = paid(422, VALIDATION, &[]);
    assert_eq!(ran.code, 5);
    insta::assert_snapshot!(ran.err, @r#"
    error: Validation failed
      width: The width must be between 64 and 2048.
      model: The selected model does not exist.
      txt2img · HTTP 422 · attempt 1
      Correct the fields named; `dryapi models show SLUG` lists a model's limits.
    "#);
}

#[test]
fn a_500_may_have_cost_money() {
    let ran = paid(500, SERVER, &[]);
    assert_eq!(ran.code, 8);
    insta::assert_snapshot!(at_known_time(&ran.err), @r#"
    error: Internal server error
      txt2img · HTTP 500 · attempt 1 · 14:03:22 UTC · intent order-4711
      not sent again. To look for the job without paying:   dryapi resume order-4711
      Running the same command again does not pay twice.
    "#);
}

#[test]
fn an_outcome_that_is_unknown() {
    let ran = paid(502, "<html>Bad Gateway</html>", &[]);
    assert_eq!(ran.code, 12);
    insta::assert_snapshot!(at_known_time(&ran.err), @r#"
    error: Bad Gateway; it may have been accepted and charged
      txt2img · HTTP 502 · attempt 1 · 14:03:22 UTC · intent order-4711
      not sent again. To look for the job without paying:   dryapi resume order-4711
      Running the same command again does not pay twice.
    "#);
}

#[test]
fn a_failed_job() {
    let body =
        r#"{"data":{"status":"error","error_code":"WORKER_TIMEOUT","error_message":"too slow"}}"#;
    let ran = Fixed::start(200, body).dryapi(&["wait", "c08a339c", "-o", "/tmp/"]);
    assert_eq!(ran.code, 10);
    insta::assert_snapshot!(at_known_time(&ran.err), @r#"
    error: the job failed: too slow
      WORKER_TIMEOUT · 14:03:22 UTC
      job c08a339c failed; it may have been charged. To see it:  dryapi status c08a339c
      Running the same command again may pay twice.
    "#);
}

#[test]
fn the_same_for_programs() {
    let ran = paid(422, VALIDATION, &["--json"]);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""));
    insta::assert_snapshot!(ran.last(), @r#"
    {"error":{"kind":"validation","status":422,"operation":"txt2img","message":"Validation failed","fields":[{"field":"width","messages":["The width must be between 64 and 2048."]},{"field":"model","messages":["The selected model does not exist."]}],"request_id":null,"intent":"order-4711","delivery":"answered","charged":"no","attempts":1,"retryable":false,"retry_after":null,"no_retry_reason":"the service refused it","code":null,"rate_limit":null,"help":"Correct the fields named; `dryapi models show SLUG` lists a model's limits."}}
    "#);
    let ran = paid(500, SERVER, &["--json"]);
    insta::assert_snapshot!(ran.last(), @r#"
    {"error":{"kind":"server","status":500,"operation":"txt2img","message":"Internal server error","fields":[],"request_id":null,"intent":"order-4711","delivery":"answered","charged":"maybe","attempts":1,"retryable":false,"retry_after":null,"no_retry_reason":"retries are switched off","code":null,"rate_limit":null,"help":"A free call may be tried again in a moment. A paid one may have been booked: compare the balance before sending it again. If it persists, look at status.dryapi.dev or ask support."}}
    "#);
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
