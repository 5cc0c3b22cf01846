//! Whatever comes, in whatever order.

use std::collections::HashMap;
use std::time::Duration;

use dryapi_realtime::protocol::{Action, AuthAnswer, ChannelAuth, Event, Input};
use dryapi_realtime::{Error, Signal, Update};
use proptest::prelude::*;

use super::stage::{GREETING, SUBSCRIBED, Stage};

#[derive(Clone, Debug)]
enum Happens {
    Opened,
    Unreachable,
    Text(String),
    Activity,
    Closed(Option<u16>),
    Broken,
    Authorized(AuthAnswer),
    Passes(u32),
}

/// Frames that mean something, and some that do not.
fn text() -> impl Strategy<Value = String> {
    let update = (0..3_u8, 0..3_u8).prop_map(|(job, percent)| {
        format!(
            r#"{{"event":"request.status.updated","channel":"private-client.42","data":{{"request_id":"{job}","status":"processing","progress":"{percent}"}}}}"#
        )
    });
    let error = (any::<bool>(), prop::option::of(3990..4310_u16)).prop_map(|(refusal, code)| {
        let event = if refusal {
            "subscription_error"
        } else {
            "error"
        };
        format!(
            r#"{{"event":"pusher:{event}","data":{{"code":{}}}}}"#,
            code.unwrap_or(0)
        )
    });
    prop_oneof![
        3 => Just(GREETING.to_owned()),
        3 => Just(SUBSCRIBED.to_owned()),
        4 => update,
        1 => error,
        1 => Just(r#"{"event":"pusher:ping"}"#.to_owned()),
        1 => Just(r#"{"event":"pusher:pong"}"#.to_owned()),
        1 => any::<String>(),
    ]
}

fn happens() -> impl Strategy<Value = Happens> {
    let granted = Just(AuthAnswer::Granted(ChannelAuth::new("key:signature")));
    let status = prop::sample::select(vec![401, 429, 500, 200]);
    let answer =
        status.prop_map(|status| AuthAnswer::read(status, &[], b"{}", std::time::UNIX_EPOCH));
    prop_oneof![
        4 => Just(Happens::Opened),
        1 => Just(Happens::Unreachable),
        12 => text().prop_map(Happens::Text),
        1 => Just(Happens::Activity),
        1 => prop::option::of(prop_oneof![1000..1012_u16, 3990..4310_u16]).prop_map(Happens::Closed),
        1 => Just(Happens::Broken),
        4 => granted.prop_map(Happens::Authorized),
        1 => answer.prop_map(Happens::Authorized),
        4 => (0..40_000_u32).prop_map(Happens::Passes),
    ]
}

/// What a connection has come to, as its user sees it.
#[derive(Default)]
struct Witness {
    connected: bool,
    greeted: bool,
    stopped: bool,
    subscribed: bool,
    last: HashMap<String, Update>,
}

impl Witness {
    fn sees(&mut self, action: Action) {
        assert!(!self.stopped, "{action:?} after the end");
        match action {
            Action::Connect => {
                assert!(!self.connected, "two connections");
                (self.connected, self.greeted) = (true, false);
            }
            Action::Disconnect => (self.connected, self.greeted) = (false, false),
            Action::Authorize { .. } | Action::Send(_) => {
                assert!(self.connected && self.greeted, "{action:?} too early");
            }
            Action::Emit(Signal::Subscribed { gap }) => {
                assert_eq!(gap, self.subscribed);
                self.subscribed = true;
            }
            Action::Emit(Signal::Update(update)) => {
                let before = self
                    .last
                    .insert(update.request_id.to_string(), update.clone());
                assert_ne!(before, Some(update), "twice in a row");
            }
            Action::Emit(Signal::Lost { .. }) => assert!(!self.connected),
            Action::Emit(Signal::Stopped(error)) => {
                assert!(!matches!(error, Error::InvalidEndpoint(_)));
                self.stopped = true;
            }
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn reading_is_total(text in any::<String>()) {
        let _ = Event::read(&text);
    }

    #[test]
    fn reading_json_is_total(event in "[a-z_.:]{0,30}", data in any::<String>(), bare in any::<bool>()) {
        let data = if bare { data } else { serde_json::to_string(&data).unwrap() };
        let _ = Event::read(&format!(r#"{{"event":"{event}","channel":"c","data":{data}}}"#));
    }

    #[test]
    fn any_order_of_events_keeps_the_promises(story in prop::collection::vec(happens(), 0..80)) {
        let mut stage = Stage::new();
        let mut witness = Witness { connected: true, ..Witness::default() };
        for happening in story {
            // Only what the server said makes a connection a greeted one.
            if matches!(&happening, Happens::Text(text) if text == GREETING) {
                witness.greeted = witness.connected;
            }
            let actions = match &happening {
                Happens::Opened => stage.actions(Input::Opened),
                Happens::Unreachable => stage.actions(Input::Unreachable("no")),
                Happens::Text(text) => stage.actions(Input::Text(text)),
                Happens::Activity => stage.actions(Input::Activity),
                Happens::Closed(code) => stage.actions(Input::Closed { code: *code, reason: "" }),
                Happens::Broken => stage.actions(Input::Broken("reset")),
                Happens::Authorized(answer) => stage.actions(Input::Authorized(answer.clone())),
                Happens::Passes(ms) => {
                    stage.now += Duration::from_millis(u64::from(*ms));
                    stage.actions(Input::Tick)
                }
            };
            for action in actions {
                witness.sees(action);
            }
            prop_assert_eq!(witness.stopped, stage.machine.is_stopped());
            // It never sleeps for ever, nor in the past.
            prop_assert_eq!(stage.machine.wake_at().is_none(), witness.stopped);
            prop_assert!(stage.machine.wake_at().is_none_or(|at| at > stage.now));
        }
    }
}
