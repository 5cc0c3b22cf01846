//! Servers differ on the wire: soketi, sockudo and soketi-rs, each habit once.

use super::stage::{GREETING, SUBSCRIBED, Stage};

#[test]
fn a_greeting_is_json_text_or_an_object() {
    for (greeting, ping_after) in [
        (GREETING, 25.0),
        (
            r#"{"data":"{\"activity_timeout\":120,\"socket_id\":\"123.456\"}","event":"pusher:connection_established"}"#,
            25.0,
        ),
        (
            r#"{"event":"pusher:connection_established","data":{"socket_id":"123.456","activity_timeout":5}}"#,
            5.0,
        ),
        (
            r#"{"event":"pusher:connection_established","data":{"socket_id":"123.456"}}"#,
            25.0,
        ),
        (
            r#"{"event":"pusher:connection_established","data":{"socket_id":"123.456","activity_timeout":"7"}}"#,
            7.0,
        ),
        (
            r#"{"event":"pusher:connection_established","data":{"socket_id":"123.456","activity_timeout":0}}"#,
            25.0,
        ),
    ] {
        let mut stage = Stage::opened();
        assert_eq!(stage.text(greeting), ["authorize 123.456"], "{greeting}");
        stage.grant();
        stage.text(SUBSCRIBED);
        assert_eq!(stage.sleeps(), Some(ping_after), "{greeting}");
    }
}

#[test]
fn a_pong_has_empty_data_or_none() {
    for pong in [
        r#"{"event":"pusher:pong","data":{}}"#,
        r#"{"event":"pusher:pong","data":"{}"}"#,
        r#"{"event":"pusher:pong"}"#,
    ] {
        let mut stage = Stage::subscribed();
        assert_eq!(stage.pass(25.0), ["send ping"]);
        assert!(stage.text(pong).is_empty());
        assert_eq!(stage.pass(10.0), [""; 0], "{pong}");
    }
}

#[test]
fn a_subscription_succeeds_with_data_or_without() {
    for answer in [
        SUBSCRIBED,
        r#"{"event":"pusher_internal:subscription_succeeded","channel":"private-client.42","data":"{}"}"#,
        r#"{"event":"pusher_internal:subscription_succeeded","channel":"private-client.42","data":{}}"#,
        r#"{"event":"pusher:subscription_succeeded","data":null}"#,
    ] {
        assert_eq!(Stage::pending().text(answer), ["subscribed"], "{answer}");
    }
}

#[test]
fn a_refused_signature_is_told_in_three_ways() {
    for (answer, stopped) in [
        (
            r#"{"event":"pusher:subscription_error","channel":"private-client.42","data":{"type":"AuthError","error":"The connection is unauthorized.","status":401}}"#,
            "stopped: refused 401",
        ),
        (
            r#"{"event":"pusher:error","data":{"code":4009,"message":"Invalid signature"}}"#,
            "stopped: refused 4009",
        ),
        (
            r#"{"event":"pusher:subscription_error","channel":"private-client.42","data":{"type":"AuthError","status":4009}}"#,
            "stopped: refused 4009",
        ),
        (
            r#"{"event":"pusher:error","data":"{\"code\":\"4009\",\"message\":null}"}"#,
            "stopped: refused 4009",
        ),
    ] {
        let mut stage = Stage::pending();
        assert_eq!(stage.text(answer), ["disconnect", stopped], "{answer}");
        assert!(stage.machine.is_stopped());
        assert_eq!(stage.sleeps(), None);
    }
}

#[test]
fn a_refused_name_is_told_in_two_ways() {
    for (answer, stopped) in [
        (
            r#"{"event":"pusher:subscription_error","channel":"private-client.42","data":{"type":"LimitReached","error":"too long","status":4009}}"#,
            "stopped: refused 4009",
        ),
        (
            r#"{"event":"pusher:error","data":{"code":4300,"message":"Invalid channel name"}}"#,
            "stopped: refused 4300",
        ),
        (
            r#"{"event":"pusher:error","data":{"code":null,"message":"no"}}"#,
            "stopped: refused 0",
        ),
    ] {
        let mut stage = Stage::pending();
        assert_eq!(stage.text(answer), ["disconnect", stopped], "{answer}");
    }
}

#[test]
fn an_unknown_application_is_told_in_three_ways() {
    const TOLD: &str =
        r#"{"event":"pusher:error","data":{"code":4001,"message":"App key app does not exist."}}"#;
    // soketi tells it and closes with the code; soketi-rs closes without one.
    let mut stage = Stage::opened();
    assert_eq!(stage.text(TOLD), ["disconnect", "stopped: rejected 4001"]);
    assert!(stage.close(4001).is_empty());
    // Only the close.
    let mut stage = Stage::opened();
    let stopped = ["disconnect", "stopped: rejected 4001"];
    assert_eq!(stage.close(4001), stopped);
    // sockudo drops the socket, as a server does that is just restarting.
    let mut stage = Stage::opened();
    assert_eq!(stage.close(1006), ["disconnect", "lost 1: closed 1006"]);
}

#[test]
fn a_server_may_ask_whether_we_are_there() {
    for ping in [
        r#"{"event":"pusher:ping","data":{}}"#,
        r#"{"event":"pusher:ping","data":"{}"}"#,
        r#"{"event":"pusher:ping"}"#,
    ] {
        assert_eq!(Stage::subscribed().text(ping), ["send pong"], "{ping}");
        assert_eq!(Stage::pending().text(ping), ["send pong"], "{ping}");
        let before = Stage::opened().text(ping);
        assert!(before.is_empty(), "nothing is sent before the greeting");
    }
}

#[test]
fn what_is_unknown_or_broken_is_ignored() {
    for text in [
        "",
        "nonsense",
        "[]",
        "{}",
        r#"{"event":7}"#,
        r#"{"event":"pusher:signin_success"}"#,
        r#"{"event":"pusher_internal:member_added","channel":"private-client.42"}"#,
        r#"{"event":"pusher:connection_established","data":{}}"#,
        r#"{"event":"pusher_internal:subscription_succeeded","channel":"private-client.43"}"#,
        r#"{"event":"pusher:subscription_error","channel":"private-client.43","data":{"status":401}}"#,
        r#"{"event":"pusher:error","channel":"private-client.43","data":{"code":4009}}"#,
    ] {
        for mut stage in [
            Stage::opened(),
            Stage::greeted(),
            Stage::pending(),
            Stage::subscribed(),
        ] {
            assert!(stage.text(text).is_empty(), "{text}");
        }
    }
}
