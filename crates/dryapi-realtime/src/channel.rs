//! The channel: does over a real WebSocket what the machine says.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use dryapi_transport::{BoxFuture, Clock};
use futures_core::Stream;

use crate::authorize::Authorizer;
use crate::connect::Connector;
use crate::link::{Heard, Link};
use crate::protocol::{Action, AuthAnswer, Input, Machine};
use crate::signal::Signal;

/// What a channel is made of.
pub(crate) struct Parts {
    pub(crate) machine: Machine,
    pub(crate) authorizer: Authorizer,
    pub(crate) connector: Connector,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The push channel: a stream of [`Signal`]s that connects, subscribes, and comes back by itself.
///
/// It spawns no task: it connects, answers pings and reconnects *while it is polled*, so keep
/// polling it, or the server hangs up. It needs a tokio runtime with I/O. Dropping it closes the
/// socket.
///
/// Failures of jobs are never pushed, and nothing is told again after a cut: see
/// [`Signal::Subscribed`].
#[must_use = "nothing happens unless it is polled"]
pub struct Channel {
    parts: Parts,
    link: Link,
    asking: Option<BoxFuture<'static, AuthAnswer>>,
    timer: Option<(Instant, BoxFuture<'static, ()>)>,
}

impl Channel {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            parts,
            link: Link::default(),
            asking: None,
            timer: None,
        }
    }

    /// The next signal; `None` after [`Signal::Stopped`].
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing; but see above: who does not come back is hung up on.
    pub async fn next(&mut self) -> Option<Signal> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn tell(&mut self, input: Input<'_>) {
        self.parts.machine.handle(self.parts.clock.now(), input);
    }

    /// Does what the machine says, up to the next signal.
    fn act(&mut self) -> Option<Signal> {
        while let Some(action) = self.parts.machine.next_action() {
            match action {
                Action::Connect => {
                    tracing::debug!(endpoint = %self.parts.connector.endpoint(), "connecting");
                    self.link = Link::Opening(self.parts.connector.open());
                }
                Action::Disconnect => (self.link, self.asking) = (Link::None, None),
                Action::Authorize { socket_id, channel } => {
                    self.asking = Some(self.parts.authorizer.ask(&socket_id, &channel));
                }
                Action::Send(command) => self.link.send(command.to_text()),
                Action::Emit(signal) => return Some(signal),
            }
        }
        None
    }

    /// Waits for whatever comes first, tells the machine, and says whether something came.
    fn poll_world(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(asking) = &mut self.asking
            && let Poll::Ready(answer) = asking.as_mut().poll(cx)
        {
            self.asking = None;
            self.tell(Input::Authorized(answer));
            return Poll::Ready(());
        }
        if let Poll::Ready(heard) = self.link.poll_heard(cx) {
            match &heard {
                Heard::Opened => self.tell(Input::Opened),
                Heard::Unreachable(why) => self.tell(Input::Unreachable(why)),
                Heard::Impossible(error) => self.tell(Input::Impossible(error.clone())),
                Heard::Text(text) => self.tell(Input::Text(text)),
                Heard::Activity => self.tell(Input::Activity),
                Heard::Closed(code, reason) => self.tell(Input::Closed {
                    code: *code,
                    reason,
                }),
                Heard::Broken(how) => self.tell(Input::Broken(how)),
            }
            return Poll::Ready(());
        }
        self.poll_timer(cx)
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(at) = self.parts.machine.wake_at() else {
            self.timer = None;
            return Poll::Pending;
        };
        let clock = &self.parts.clock;
        let timer = match self.timer.take() {
            Some(timer) if timer.0 == at => timer,
            _ => (at, clock.sleep_until(at)),
        };
        let timer = self.timer.insert(timer);
        std::task::ready!(timer.1.as_mut().poll(cx));
        self.timer = None;
        self.tell(Input::Tick);
        Poll::Ready(())
    }
}

impl Stream for Channel {
    type Item = Signal;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.parts.machine.is_idle() {
            this.tell(Input::Tick);
        }
        loop {
            if let Some(signal) = this.act() {
                return Poll::Ready(Some(signal));
            }
            if this.parts.machine.is_stopped() {
                return Poll::Ready(None);
            }
            std::task::ready!(this.poll_world(cx));
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("endpoint", self.parts.connector.endpoint())
            .field("machine", &self.parts.machine)
            .finish_non_exhaustive()
    }
}
