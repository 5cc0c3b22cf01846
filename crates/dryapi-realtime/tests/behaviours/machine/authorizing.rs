//! What the service says when it is asked to authorise the channel.

use std::time::{Duration, UNIX_EPOCH};

use dryapi_realtime::protocol::{Action, AuthAnswer, Command, Input};

use super::stage::Stage;

fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<String> {
    let answer = AuthAnswer::read(status, headers, body.as_bytes(), UNIX_EPOCH);
    Stage::greeted().tell(Input::Authorized(answer))
}

#[test]
fn refused_stops() {
    for status in [400, 401, 403, 404, 405, 422] {
        let stopped = format!("stopped: unauthorized {status}");
        assert_eq!(
            answered(status, &[], "{}"),
            ["disconnect", stopped.as_str()]
        );
    }
}

#[test]
fn not_now_backs_off() {
    for status in [408, 500, 502, 503] {
        let lost = format!("lost 1: auth {status}");
        assert_eq!(
            answered(status, &[], "<html>"),
            ["disconnect", lost.as_str()]
        );
    }
    assert_eq!(answered(200, &[], "{}")[1], "lost 1: auth 200");
    let fault = AuthAnswer::Later {
        status: None,
        message: "reset".to_owned(),
        wait: Duration::ZERO,
    };
    let lost = Stage::greeted().tell(Input::Authorized(fault));
    assert_eq!(lost, ["disconnect", "lost 1: auth 0"]);
}

#[test]
fn never_earlier_than_told() {
    assert_eq!(
        answered(429, &[("Retry-After", "42")], "{}")[1],
        "lost 42: auth 429"
    );
    assert_eq!(
        answered(503, &[("Retry-After", "7")], "{}")[1],
        "lost 7: auth 503"
    );
    // A wait that is no moment of time is not a moment that has passed.
    let huge = AuthAnswer::read(
        429,
        &[("Retry-After", "18446744073709551615")],
        b"{}",
        UNIX_EPOCH,
    );
    let mut stage = Stage::greeted();
    stage.tell(Input::Authorized(huge));
    assert!(stage.sleeps().unwrap() > 86_400.0 * 364.0);
    assert!(stage.pass(86_400.0).is_empty());
}

#[test]
fn what_this_machine_cannot_send_stops() {
    let cannot = AuthAnswer::Impossible("no TLS roots".to_owned());
    let stopped = Stage::greeted().tell(Input::Authorized(cannot));
    assert_eq!(stopped, ["disconnect", "stopped: config"]);
}

#[test]
fn the_signature_goes_to_the_server_and_nowhere_else() {
    let mut stage = Stage::greeted();
    let answer = AuthAnswer::read(200, &[], br#"{"auth":"key:5ecret"}"#, UNIX_EPOCH);
    assert!(!format!("{answer:?}").contains("5ecret"));
    let actions = stage.actions(Input::Authorized(answer));
    assert!(!format!("{actions:?}").contains("5ecret"));
    let [Action::Send(command @ Command::Subscribe { .. })] = &actions[..] else {
        panic!("{actions:?}")
    };
    let json: serde_json::Value = serde_json::from_str(&command.to_text()).unwrap();
    let expected = serde_json::json!({
        "event": "pusher:subscribe",
        "data": {"channel": "private-client.42", "auth": "key:5ecret"},
    });
    assert_eq!(json, expected);
    // Servers like to echo it.
    let echo = r#"{"event":"pusher:error","data":{"code":4009,"message":"Expected HMAC, but got key:5ecret (5ecret)"}}"#;
    let told = format!("{:?}", stage.actions(Input::Text(echo)));
    assert!(!told.contains("5ecret"), "{told}");
    assert!(told.contains("Expected HMAC"), "{told}");
}
