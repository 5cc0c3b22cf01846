//! Close codes and errors: stop, back off, at once, or as any other loss.

use dryapi_realtime::protocol::Input;

use super::stage::Stage;

fn error(code: u16) -> String {
    format!(r#"{{"event":"pusher:error","data":{{"code":{code},"message":"m"}}}}"#)
}

#[test]
fn what_will_not_change_stops() {
    for code in [4000, 4001, 4003, 4004, 4005, 4006, 4007, 4008, 4050, 4099] {
        let stopped = format!("stopped: rejected {code}");
        for mut stage in [
            Stage::opened(),
            Stage::greeted(),
            Stage::pending(),
            Stage::subscribed(),
        ] {
            assert_eq!(stage.close(code), ["disconnect", stopped.as_str()]);
        }
        for mut stage in [
            Stage::opened(),
            Stage::greeted(),
            Stage::pending(),
            Stage::subscribed(),
        ] {
            assert_eq!(stage.text(&error(code)), ["disconnect", stopped.as_str()]);
            assert!(stage.pass(3600.0).is_empty(), "and it stays stopped");
        }
    }
}

#[test]
fn a_server_over_capacity_gets_a_second_or_more() {
    for code in [4100, 4150, 4199] {
        let mut stage = Stage::subscribed();
        let lost = format!("lost 1: closed {code}");
        assert_eq!(stage.close(code), ["disconnect", lost.as_str()]);
        assert!(stage.pass(0.9).is_empty());
        assert_eq!(stage.pass(0.1), ["connect"]);
        let lost = format!("lost 1: told {code}");
        let told = Stage::pending().text(&error(code));
        assert_eq!(told, ["disconnect", lost.as_str()]);
    }
}

#[test]
fn some_closes_are_answered_at_once_but_never_in_a_tight_loop() {
    for code in [4200, 4201, 4202, 4299] {
        let mut stage = Stage::subscribed();
        let lost = format!("lost 0: closed {code}");
        assert_eq!(stage.close(code), ["disconnect", lost.as_str(), "connect"]);
        stage.subscribe_again();
        for seconds in [1, 2, 4] {
            let lost = format!("lost {seconds}: closed {code}");
            assert_eq!(stage.close(code), ["disconnect", lost.as_str()]);
            assert_eq!(stage.pass(f64::from(seconds)), ["connect"]);
            stage.subscribe_again();
        }
        // Ten seconds in peace, and the next is the first again.
        stage.now += std::time::Duration::from_secs(10);
        let lost = format!("lost 0: told {code}");
        let told = stage.text(&error(code));
        assert_eq!(told, ["disconnect", lost.as_str(), "connect"]);
    }
}

#[test]
fn any_other_end_backs_off() {
    for code in [
        None,
        Some(1000),
        Some(1001),
        Some(1006),
        Some(1011),
        Some(4300),
        Some(4999),
    ] {
        for mut stage in [
            Stage::opened(),
            Stage::greeted(),
            Stage::pending(),
            Stage::subscribed(),
        ] {
            let lost = format!("lost 1: closed {}", code.unwrap_or(0));
            assert_eq!(stage.close(code), ["disconnect", lost.as_str()]);
        }
    }
    let broken = Stage::subscribed().tell(Input::Broken("reset by peer"));
    assert_eq!(broken, ["disconnect", "lost 1: broken"]);
    let never = Stage::new().tell(Input::Unreachable("refused"));
    assert_eq!(never, ["disconnect", "lost 1: unreachable"]);
}

#[test]
fn waits_grow_while_nothing_works_and_begin_again_after_a_healthy_time() {
    let mut stage = Stage::new();
    for seconds in [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
        let lost = stage.tell(Input::Unreachable("refused"));
        assert_eq!(lost[1], format!("lost {seconds}: unreachable"));
        assert_eq!(stage.sleeps(), Some(seconds));
        assert_eq!(stage.pass(seconds), ["connect"]);
    }
    stage.tell(Input::Opened);
    stage.text(super::stage::GREETING);
    stage.grant();
    stage.text(super::stage::SUBSCRIBED);
    stage.now += std::time::Duration::from_secs(9);
    assert_eq!(stage.close(1006)[1], "lost 30: closed 1006");
    assert_eq!(stage.pass(30.0), ["connect"]);
    stage.subscribe_again();
    stage.now += std::time::Duration::from_secs(10);
    assert_eq!(stage.close(1006)[1], "lost 1: closed 1006");
}

#[test]
fn an_error_without_a_class_explains_the_close_that_follows() {
    let mut stage = Stage::subscribed();
    assert!(stage.text(&error(4301)).is_empty());
    assert_eq!(stage.close(None), ["disconnect", "lost 1: told 4301"]);
    let mut stage = Stage::greeted();
    assert!(stage.text(&error(4302)).is_empty());
    let broken = stage.tell(Input::Broken("reset"));
    assert_eq!(broken, ["disconnect", "lost 1: told 4302"]);
}

#[test]
fn what_comes_from_a_connection_that_is_gone_changes_nothing() {
    let mut stage = Stage::subscribed();
    stage.close(1006);
    assert!(stage.close(4001).is_empty());
    assert!(stage.text(&error(4001)).is_empty());
    assert!(stage.tell(Input::Broken("x")).is_empty());
    assert!(stage.grant().is_empty());
    assert_eq!(stage.sleeps(), Some(1.0));
}
