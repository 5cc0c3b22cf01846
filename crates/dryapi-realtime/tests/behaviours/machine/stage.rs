//! A machine on a stage: fabricated time, and everything it does in short words.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_realtime::protocol::{Action, AuthAnswer, ChannelAuth, Command, Input, Machine};
use dryapi_realtime::{ChannelName, Error, Loss, Signal};

pub(crate) const CHANNEL: &str = "private-client.42";
pub(crate) const GREETING: &str = r#"{"event":"pusher:connection_established","data":"{\"socket_id\":\"123.456\",\"activity_timeout\":30}"}"#;
pub(crate) const SUBSCRIBED: &str =
    r#"{"event":"pusher_internal:subscription_succeeded","channel":"private-client.42"}"#;

pub(crate) struct Stage {
    pub(crate) machine: Machine,
    pub(crate) now: Instant,
}

impl Stage {
    /// A machine that has been ticked once, at a moment that is nobody's; its jitter is nothing.
    #[expect(
        clippy::disallowed_methods,
        reason = "an `Instant` has no other origin; its value is never looked at"
    )]
    pub(crate) fn new() -> Self {
        let name = ChannelName::new("42").unwrap();
        let mut stage = Self {
            machine: Machine::new(name, Arc::new(|| 0.0)),
            now: Instant::now(),
        };
        assert_eq!(stage.tell(Input::Tick), ["connect"]);
        stage
    }

    pub(crate) fn opened() -> Self {
        let mut stage = Self::new();
        assert!(stage.tell(Input::Opened).is_empty());
        stage
    }

    pub(crate) fn greeted() -> Self {
        let mut stage = Self::opened();
        assert_eq!(stage.text(GREETING), ["authorize 123.456"]);
        stage
    }

    pub(crate) fn pending() -> Self {
        let mut stage = Self::greeted();
        assert_eq!(stage.grant(), ["send subscribe"]);
        stage
    }

    pub(crate) fn subscribed() -> Self {
        let mut stage = Self::pending();
        assert_eq!(stage.text(SUBSCRIBED), ["subscribed"]);
        stage
    }

    /// From being told to connect to being subscribed once more.
    pub(crate) fn subscribe_again(&mut self) {
        assert!(self.tell(Input::Opened).is_empty());
        assert_eq!(self.text(GREETING), ["authorize 123.456"]);
        assert_eq!(self.grant(), ["send subscribe"]);
        assert_eq!(self.text(SUBSCRIBED), ["subscribed, gap"]);
    }

    pub(crate) fn actions(&mut self, input: Input<'_>) -> Vec<Action> {
        self.machine.handle(self.now, input);
        std::iter::from_fn(|| self.machine.next_action()).collect()
    }

    pub(crate) fn tell(&mut self, input: Input<'_>) -> Vec<String> {
        self.actions(input).into_iter().map(word).collect()
    }

    pub(crate) fn text(&mut self, text: &str) -> Vec<String> {
        self.tell(Input::Text(text))
    }

    pub(crate) fn grant(&mut self) -> Vec<String> {
        let auth = ChannelAuth::new("key:signature");
        self.tell(Input::Authorized(AuthAnswer::Granted(auth)))
    }

    pub(crate) fn close(&mut self, code: impl Into<Option<u16>>) -> Vec<String> {
        let (code, reason) = (code.into(), "");
        self.tell(Input::Closed { code, reason })
    }

    /// Lets time pass, with one tick at its end.
    pub(crate) fn pass(&mut self, seconds: f64) -> Vec<String> {
        self.now += Duration::from_secs_f64(seconds);
        self.tell(Input::Tick)
    }

    /// How long until it wants to be woken.
    pub(crate) fn sleeps(&self) -> Option<f64> {
        let at = self.machine.wake_at()?;
        Some(at.saturating_duration_since(self.now).as_secs_f64())
    }
}

fn word(action: Action) -> String {
    match action {
        Action::Connect => "connect".to_owned(),
        Action::Disconnect => "disconnect".to_owned(),
        Action::Authorize { socket_id, channel } => {
            assert_eq!(channel.as_str(), CHANNEL);
            format!("authorize {socket_id}")
        }
        Action::Send(Command::Ping) => "send ping".to_owned(),
        Action::Send(Command::Pong) => "send pong".to_owned(),
        Action::Send(Command::Subscribe { .. }) => "send subscribe".to_owned(),
        Action::Emit(Signal::Subscribed { gap: false }) => "subscribed".to_owned(),
        Action::Emit(Signal::Subscribed { gap: true }) => "subscribed, gap".to_owned(),
        Action::Emit(Signal::Update(update)) => format!("update {update}"),
        Action::Emit(Signal::Lost { why, again_in }) => {
            format!("lost {}: {}", again_in.as_secs_f64(), loss(&why))
        }
        Action::Emit(Signal::Stopped(error)) => format!("stopped: {}", stop(&error)),
        other => panic!("{other:?}"),
    }
}

fn loss(why: &Loss) -> String {
    match why {
        Loss::Unreachable(_) => "unreachable".to_owned(),
        Loss::Broken(_) => "broken".to_owned(),
        Loss::Closed { code, .. } => format!("closed {}", code.unwrap_or(0)),
        Loss::Told { code, .. } => format!("told {}", code.unwrap_or(0)),
        Loss::Silent(stage) => format!("silent {stage:?}"),
        Loss::Authorization { status, .. } => format!("auth {}", status.unwrap_or(0)),
        other => panic!("{other:?}"),
    }
}

fn stop(error: &Error) -> String {
    match error {
        Error::Unauthorized { status, .. } => format!("unauthorized {status}"),
        Error::Refused { code, .. } => format!("refused {}", code.unwrap_or(0)),
        Error::Rejected { code, .. } => format!("rejected {code}"),
        Error::Config(_) => "config".to_owned(),
        other => panic!("{other:?}"),
    }
}
