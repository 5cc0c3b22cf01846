//! Silence: pings, pongs, and the bound on every wait.

use dryapi_realtime::protocol::Input;

use super::stage::{GREETING, Stage};

#[test]
fn every_wait_is_bounded() {
    for (mut stage, waited_for) in [
        (Stage::new(), "Connect"),
        (Stage::opened(), "Greeting"),
        (Stage::greeted(), "Authorization"),
        (Stage::pending(), "Subscription"),
    ] {
        assert_eq!(stage.sleeps(), Some(10.0));
        assert!(stage.pass(9.9).is_empty());
        let lost = format!("lost 1: silent {waited_for}");
        assert_eq!(stage.pass(0.1), ["disconnect", lost.as_str()]);
        assert_eq!(stage.pass(1.0), ["connect"]);
    }
}

#[test]
fn a_server_that_never_stops_talking_does_not_stop_time() {
    let mut stage = Stage::pending();
    let mut lost = Vec::new();
    for _ in 0..11 {
        stage.now += std::time::Duration::from_secs(1);
        lost.extend(stage.text(r#"{"event":"noise"}"#));
    }
    assert_eq!(
        lost,
        ["disconnect", "lost 1: silent Subscription", "connect"]
    );
}

#[test]
fn a_ping_is_sent_every_25_seconds_even_to_a_busy_server() {
    let mut stage = Stage::subscribed();
    let mut sent = Vec::new();
    for second in 1..=100 {
        stage.now += std::time::Duration::from_secs(1);
        for action in stage.text(r#"{"event":"noise"}"#) {
            sent.push((second, action));
        }
    }
    let ping = |second| (second, "send ping".to_owned());
    assert_eq!(sent, [25, 50, 75, 100].map(ping));
}

#[test]
fn a_shorter_activity_timeout_is_kept_and_a_silly_one_is_not() {
    for (told, ping_after) in [("5", 5.0), ("0.001", 1.0), ("-3", 25.0), ("1e300", 25.0)] {
        let mut stage = Stage::opened();
        stage.text(&GREETING.replace("30", told));
        stage.grant();
        stage.text(super::stage::SUBSCRIBED);
        assert_eq!(stage.sleeps(), Some(ping_after), "{told}");
    }
}

#[test]
fn a_silent_server_is_left_at_once_and_then_more_slowly() {
    let mut stage = Stage::subscribed();
    assert_eq!(stage.pass(25.0), ["send ping"]);
    assert!(stage.pass(9.9).is_empty());
    let left = stage.pass(0.1);
    assert_eq!(left, ["disconnect", "lost 0: silent Pong", "connect"]);
}

#[test]
fn anything_that_comes_is_a_sign_of_life() {
    for input in [
        Input::Activity,
        Input::Text(r#"{"event":"noise"}"#),
        Input::Text("not even JSON"),
    ] {
        let mut stage = Stage::subscribed();
        stage.pass(25.0);
        stage.now += std::time::Duration::from_secs(9);
        assert!(stage.tell(input).is_empty());
        assert!(stage.pass(15.0).is_empty());
        assert_eq!(stage.pass(1.0), ["send ping"]);
    }
}

#[test]
fn an_answer_that_was_read_late_counts() {
    let mut stage = Stage::subscribed();
    assert_eq!(stage.pass(25.0), ["send ping"]);
    // The program was busy: the answer lay there, and so did the next ping's time.
    stage.now += std::time::Duration::from_secs(60);
    let answered = stage.text(r#"{"event":"pusher:pong"}"#);
    assert_eq!(answered, ["send ping"]);
}
