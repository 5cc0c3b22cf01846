//! After a loss: a fresh signature for every connection, and one more try where a refusal may be of
//! a connection that was stale.

use super::stage::{GREETING, SUBSCRIBED, Stage};
use dryapi_realtime::protocol::Input;

const REFUSALS: [&str; 4] = [
    r#"{"event":"pusher:error","data":{"code":4009,"message":"m"}}"#,
    r#"{"event":"pusher:subscription_error","channel":"private-client.42","data":{"status":401}}"#,
    r#"{"event":"pusher:subscription_error","channel":"private-client.42","data":{"status":403}}"#,
    r#"{"event":"pusher:subscription_error","channel":"private-client.42"}"#,
];

fn again(stage: &mut Stage, socket_id: &str) {
    assert!(stage.tell(Input::Opened).is_empty());
    let asked = stage.text(&GREETING.replace("123.456", socket_id));
    assert_eq!(asked, [format!("authorize {socket_id}")]);
    assert_eq!(stage.grant(), ["send subscribe"]);
}

#[test]
fn every_connection_is_authorised_with_its_own_id() {
    let mut stage = Stage::subscribed();
    assert_eq!(stage.close(1006)[1], "lost 1: closed 1006");
    assert_eq!(stage.pass(1.0), ["connect"]);
    again(&mut stage, "7.8");
    assert_eq!(stage.text(SUBSCRIBED), ["subscribed, gap"]);
}

#[test]
fn a_first_subscription_after_failures_has_no_gap() {
    let mut stage = Stage::pending();
    stage.close(1006);
    stage.pass(1.0);
    again(&mut stage, "7.8");
    assert_eq!(stage.text(SUBSCRIBED), ["subscribed"]);
}

#[test]
fn a_refusal_after_a_reconnect_is_tried_afresh_once() {
    for refusal in REFUSALS {
        let mut stage = Stage::subscribed();
        stage.close(1006);
        stage.pass(1.0);
        again(&mut stage, "7.8");
        let lost = stage.text(refusal);
        assert_eq!((lost.len(), &*lost[2]), (3, "connect"), "{refusal}");
        assert!(lost[1].starts_with("lost 0: told"), "{lost:?}");
        again(&mut stage, "9.10");
        let stopped = stage.text(refusal);
        assert!(stopped[1].starts_with("stopped: refused"), "{stopped:?}");
    }
}

#[test]
fn a_fresh_try_that_works_is_forgotten() {
    let mut stage = Stage::subscribed();
    for (socket_id, lost) in [("1.1", "lost 0: told 4009"), ("2.2", "lost 1: told 4009")] {
        assert_eq!(stage.text(REFUSALS[0])[1], lost);
        stage.pass(1.0);
        again(&mut stage, socket_id);
        assert_eq!(stage.text(SUBSCRIBED), ["subscribed, gap"]);
    }
}

#[test]
fn a_close_with_4009_is_a_refusal_too() {
    assert_eq!(
        Stage::pending().close(4009),
        ["disconnect", "stopped: refused 4009"]
    );
    let mut stage = Stage::subscribed();
    assert_eq!(
        stage.close(4009),
        ["disconnect", "lost 0: closed 4009", "connect"]
    );
}

#[test]
fn a_server_that_cannot_tell_is_asked_again() {
    for status in [408, 429, 500, 503] {
        let text = format!(
            r#"{{"event":"pusher:subscription_error","channel":"private-client.42","data":{{"status":{status}}}}}"#
        );
        let lost = format!("lost 1: told {status}");
        assert_eq!(Stage::pending().text(&text), ["disconnect", lost.as_str()]);
    }
}
