//! The client's side of the protocol, as a state machine.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use dryapi_types::Update;
use serde_json::Value;

use super::auth::{AuthAnswer, ChannelAuth};
use super::backoff::{Again, Backoff, Random};
use super::frame::{Command, Event};
use super::heartbeat::{Beat, Heartbeat};
use super::seen::Seen;
use super::step::{Action, Input};
use super::verdict::{self, Verdict};
use crate::channel_name::ChannelName;
use crate::error::Error;
use crate::signal::{Loss, Signal, Stage};

/// How long each stage may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// A subscription that lasted this long was healthy: the next loss is the first again.
const HEALTHY: Duration = Duration::from_secs(10);
/// No wait is longer: a `Retry-After` that is no moment of time.
const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The client's side of the protocol: told what happened and when, it says what to do.
///
/// After each [`handle`](Self::handle), do what [`next_action`](Self::next_action) says until it
/// says no more, and [`handle`](Self::handle) an [`Input::Tick`] at [`wake_at`](Self::wake_at). The
/// first input is a tick.
pub struct Machine {
    channel: ChannelName,
    phase: Phase,
    /// Since when, or until when, the phase lasts.
    at: Option<Instant>,
    heartbeat: Option<Heartbeat>,
    auth: Option<ChannelAuth>,
    /// An error the server told and that may explain how the connection ends.
    told: Option<Loss>,
    backoff: Backoff,
    seen: Seen,
    subscribed_before: bool,
    /// Whether a refusal after a reconnect was already answered with a fresh signature.
    tried_afresh: bool,
    actions: VecDeque<Action>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Not begun.
    Idle,
    /// Waiting for this, until `at`. Never [`Stage::Pong`].
    Awaiting(Stage),
    /// Subscribed since `at`.
    Subscribed,
    /// Nothing is done until `at`.
    Resting,
    /// Nothing is done any more.
    Stopped,
}

impl Machine {
    /// A machine that has not begun. `random` gives fractions from 0 up to 1.
    #[must_use]
    pub fn new(channel: ChannelName, random: Random) -> Self {
        Self {
            channel,
            phase: Phase::Idle,
            at: None,
            heartbeat: None,
            auth: None,
            told: None,
            backoff: Backoff::new(random),
            seen: Seen::default(),
            subscribed_before: false,
            tried_afresh: false,
            actions: VecDeque::new(),
        }
    }

    /// What is to be done next.
    pub fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When to tell [`Input::Tick`], unless something else happens before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Instant> {
        let phase = match self.phase {
            Phase::Awaiting(_) | Phase::Resting => self.at,
            Phase::Idle | Phase::Subscribed | Phase::Stopped => None,
        };
        let beat = self.heartbeat.as_ref().map(Heartbeat::wake_at);
        phase.into_iter().chain(beat).min()
    }

    /// Whether it has not begun: it waits for the first [`Input::Tick`].
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.phase == Phase::Idle
    }

    /// Whether it is over: no input changes anything any more.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.phase == Phase::Stopped
    }

    /// Tells what happened, and when. What does not fit the state is ignored.
    pub fn handle(&mut self, now: Instant, input: Input<'_>) {
        let connecting = self.phase == Phase::Awaiting(Stage::Connect);
        match input {
            Input::Tick if self.is_idle() => self.connect(now),
            Input::Opened if connecting => self.wait_for(now, Stage::Greeting),
            Input::Unreachable(why) if connecting => {
                let why = Loss::Unreachable(self.fit(why));
                self.lose(now, why, Again::Later(Duration::ZERO));
            }
            Input::Impossible(error) if connecting => self.stop(error),
            Input::Authorized(answer) if self.phase == Phase::Awaiting(Stage::Authorization) => {
                self.authorized(now, answer);
            }
            Input::Text(text) if self.is_connected() => {
                self.heard();
                self.frame(now, text);
            }
            Input::Activity => self.heard(),
            Input::Closed { code, reason } if self.is_connected() => self.closed(now, code, reason),
            Input::Broken(how) if self.is_connected() => {
                let how = Loss::Broken(self.fit(how));
                let why = self.told.take().unwrap_or(how);
                self.lose(now, why, Again::Later(Duration::ZERO));
            }
            _ => {}
        }
        // After the input: an answer that was read late did come in time. And whatever the input: a
        // server that never stops talking must not keep time from passing.
        while self.wake_at().is_some_and(|at| now >= at) {
            self.tick(now);
        }
    }

    fn tick(&mut self, now: Instant) {
        let is_due = self.at.is_some_and(|at| now >= at);
        match self.phase {
            Phase::Resting if is_due => self.connect(now),
            Phase::Awaiting(stage) if is_due => {
                self.lose(now, Loss::Silent(stage), Again::Later(Duration::ZERO));
            }
            _ => match self.heartbeat.as_mut().map(|heart| heart.beat(now)) {
                Some(Beat::Ping) => self.act(Action::Send(Command::Ping)),
                // As if the server had said 4201, pong timeout.
                Some(Beat::Dead) => self.lose(now, Loss::Silent(Stage::Pong), Again::AtOnce),
                Some(Beat::Quiet) | None => {}
            },
        }
    }

    fn connect(&mut self, now: Instant) {
        self.act(Action::Connect);
        self.wait_for(now, Stage::Connect);
    }

    fn frame(&mut self, now: Instant, text: &str) {
        let event = match Event::read(text) {
            Ok(event) => event,
            Err(error) => return tracing::debug!(%error, "a frame is ignored"),
        };
        match event {
            Event::Established {
                socket_id,
                activity_timeout,
            } => self.established(now, socket_id, activity_timeout),
            // Nothing is sent before the greeting.
            Event::Ping if self.heartbeat.is_some() => self.act(Action::Send(Command::Pong)),
            Event::Subscribed { channel } if self.is_ours(channel.as_deref()) => {
                self.subscribed(now);
            }
            Event::SubscriptionError {
                channel,
                status,
                message,
            } if self.is_ours(channel.as_deref()) && self.has_subscribed() => {
                let verdict = verdict::of_refusal(status);
                self.judge(now, verdict, status, message);
            }
            Event::Error {
                channel,
                code,
                message,
            } if self.is_ours(channel.as_deref()) => self.told(now, code, message),
            Event::Update { channel, data } if self.is_ours(channel.as_deref()) => {
                self.update(data);
            }
            _ => {}
        }
    }

    fn established(&mut self, now: Instant, socket_id: String, timeout: Option<Duration>) {
        if self.phase != Phase::Awaiting(Stage::Greeting) {
            return;
        }
        self.heartbeat = Some(Heartbeat::new(now, timeout));
        let channel = self.channel.clone();
        self.act(Action::Authorize { socket_id, channel });
        self.wait_for(now, Stage::Authorization);
    }

    fn authorized(&mut self, now: Instant, answer: AuthAnswer) {
        match answer {
            AuthAnswer::Granted(auth) => {
                self.auth = Some(auth.clone());
                let channel = self.channel.clone();
                self.act(Action::Send(Command::Subscribe { channel, auth }));
                self.wait_for(now, Stage::Subscription);
            }
            AuthAnswer::Refused { status, message } => {
                let message = self.fit(&message);
                self.stop(Error::Unauthorized { status, message });
            }
            AuthAnswer::Later {
                status,
                message,
                wait,
            } => {
                let message = self.fit(&message);
                let why = Loss::Authorization { status, message };
                self.lose(now, why, Again::Later(wait));
            }
            AuthAnswer::Impossible(why) => self.stop(Error::Config(why)),
        }
    }

    fn subscribed(&mut self, now: Instant) {
        if self.phase != Phase::Awaiting(Stage::Subscription) {
            return;
        }
        (self.phase, self.at) = (Phase::Subscribed, Some(now));
        self.tried_afresh = false;
        let gap = std::mem::replace(&mut self.subscribed_before, true);
        tracing::debug!(channel = %self.channel, gap, "subscribed to the push channel");
        self.act(Action::Emit(Signal::Subscribed { gap }));
    }

    fn update(&mut self, data: Value) {
        if !self.has_subscribed() {
            return;
        }
        match Update::from_value(data) {
            Ok(update) if self.seen.is_news(&update) => {
                self.act(Action::Emit(Signal::Update(update)));
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "an update cannot be read"),
        }
    }

    /// The server told an error that names no channel, or ours.
    fn told(&mut self, now: Instant, code: Option<u16>, message: String) {
        let pending = self.phase == Phase::Awaiting(Stage::Subscription);
        match verdict::of_error(code, pending) {
            Some(verdict) => self.judge(now, verdict, code, message),
            None => {
                let message = self.fit(&message);
                tracing::debug!(code, message, "the push server told an error");
                self.told = Some(Loss::Told { code, message });
            }
        }
    }

    fn judge(&mut self, now: Instant, verdict: Verdict, code: Option<u16>, message: String) {
        let message = self.fit(&message);
        self.execute(now, verdict, Loss::Told { code, message });
    }

    fn closed(&mut self, now: Instant, code: Option<u16>, reason: &str) {
        let reason = self.fit(reason);
        let (verdict, why) = (verdict::of_close(code), Loss::Closed { code, reason });
        // A close without a reason of its own may have been explained before.
        let why = match (verdict, self.told.take()) {
            (Verdict::Again(Again::Later(_)), Some(told)) => told,
            _ => why,
        };
        self.execute(now, verdict, why);
    }

    fn execute(&mut self, now: Instant, verdict: Verdict, why: Loss) {
        match verdict {
            Verdict::Again(again) => self.lose(now, why, again),
            // The first refusal after a reconnect may be of a connection that was stale already.
            Verdict::Refused if self.subscribed_before && !self.tried_afresh => {
                self.tried_afresh = true;
                self.lose(now, why, Again::AtOnce);
            }
            Verdict::Refused => self.stop(verdict::refused(why)),
            Verdict::Rejected(code) => self.stop(verdict::rejected(code, why)),
        }
    }

    fn lose(&mut self, now: Instant, why: Loss, again: Again) {
        let since = self.at.filter(|_| self.phase == Phase::Subscribed);
        if since.is_some_and(|since| now.saturating_duration_since(since) >= HEALTHY) {
            self.backoff.reset();
        }
        let again_in = self.backoff.next(again);
        tracing::debug!(%why, ?again_in, "the push channel is lost");
        self.disconnect();
        self.act(Action::Emit(Signal::Lost { why, again_in }));
        let until = now.checked_add(again_in).or_else(|| now.checked_add(FAR));
        (self.phase, self.at) = (Phase::Resting, until);
    }

    fn stop(&mut self, error: Error) {
        tracing::debug!(%error, "the push channel has stopped");
        self.disconnect();
        self.act(Action::Emit(Signal::Stopped(error)));
        (self.phase, self.at) = (Phase::Stopped, None);
    }

    fn disconnect(&mut self) {
        (self.heartbeat, self.auth, self.told) = (None, None, None);
        self.act(Action::Disconnect);
    }

    fn wait_for(&mut self, now: Instant, stage: Stage) {
        (self.phase, self.at) = (Phase::Awaiting(stage), Some(now + PATIENCE));
    }

    fn act(&mut self, action: Action) {
        self.actions.push_back(action);
    }

    fn heard(&mut self) {
        if let Some(heartbeat) = &mut self.heartbeat {
            heartbeat.heard();
        }
    }

    /// Whether there is a WebSocket.
    fn is_connected(&self) -> bool {
        use Stage::{Authorization, Greeting, Subscription};
        matches!(
            self.phase,
            Phase::Awaiting(Greeting | Authorization | Subscription) | Phase::Subscribed
        )
    }

    /// Whether the server was asked to subscribe on this connection: updates may come before its
    /// answer.
    const fn has_subscribed(&self) -> bool {
        matches!(
            self.phase,
            Phase::Awaiting(Stage::Subscription) | Phase::Subscribed
        )
    }

    fn is_ours(&self, channel: Option<&str>) -> bool {
        channel.is_none_or(|channel| channel == self.channel.as_str())
    }

    /// A text of the server's, cut, and without the signature it was sent.
    fn fit(&self, text: &str) -> String {
        let secrets = self.auth.iter().flat_map(ChannelAuth::secrets);
        super::text::fit(text, secrets)
    }
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine")
            .field("channel", &self.channel)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}
