//! What happens to one request.

use std::fmt;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use dryapi_transport::{Response, TransportError, TransportErrorKind};
use futures_core::Stream;

use super::gate::Gate;
use super::sent::SentRequest;
use crate::answer::Answer;

/// What happens to one request, or to several.
///
/// An [`Answer`] is a step that happens once.
#[derive(Clone)]
pub struct Step {
    pub(super) action: Action,
    pub(super) gate: Option<Gate>,
    /// How many requests it is for; `None`: all.
    pub(super) times: Option<NonZeroUsize>,
}

#[derive(Clone)]
pub(super) enum Action {
    Answer(Answer),
    Part {
        answer: Answer,
        bytes: usize,
        then: Broken,
    },
    Reply(Arc<dyn Fn(&SentRequest) -> Answer + Send + Sync>),
    Error(Failure),
    Hang,
}

/// How a body goes on that does not end.
#[derive(Clone, Copy)]
pub(super) enum Broken {
    Cut,
    Stalled,
}

/// A [`TransportError`] that can be given again.
#[derive(Clone)]
pub(super) struct Failure {
    kind: TransportErrorKind,
    not_sent: bool,
    message: String,
    source: Option<String>,
}

impl Step {
    fn once(action: Action) -> Self {
        Self {
            action,
            gate: None,
            times: NonZeroUsize::new(1),
        }
    }

    /// Answers.
    #[must_use]
    pub fn answer(answer: impl Into<Answer>) -> Self {
        Self::once(Action::Answer(answer.into()))
    }

    /// Answers what depends on the request.
    pub fn reply(answer: impl Fn(&SentRequest) -> Answer + Send + Sync + 'static) -> Self {
        Self::once(Action::Reply(Arc::new(answer)))
    }

    /// Takes the request and gives an error instead of an answer; of its causes only the first one's
    /// text is kept.
    #[must_use]
    pub fn error(error: TransportError) -> Self {
        Self::once(Action::Error(Failure {
            kind: error.kind(),
            not_sent: error.provably_not_sent(),
            message: error.message().to_owned(),
            source: std::error::Error::source(&error).map(ToString::to_string),
        }))
    }

    /// Answers, but the connection breaks after so many bytes of the body
    /// ([`Interrupted`](TransportErrorKind::Interrupted)).
    #[must_use]
    pub fn cut(answer: impl Into<Answer>, bytes: usize) -> Self {
        let answer = answer.into();
        Self::once(Action::Part {
            answer,
            bytes,
            then: Broken::Cut,
        })
    }

    /// Answers, but the body falls silent after so many bytes and never ends.
    #[must_use]
    pub fn stalled(answer: impl Into<Answer>, bytes: usize) -> Self {
        let answer = answer.into();
        Self::once(Action::Part {
            answer,
            bytes,
            then: Broken::Stalled,
        })
    }

    /// Takes the request and never answers.
    #[must_use]
    pub fn hang() -> Self {
        Self::once(Action::Hang)
    }

    /// Not before a gate is opened; the request has been taken by then.
    #[must_use]
    pub fn after(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// For so many requests, one after the other. None means one.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = NonZeroUsize::new(times).or(NonZeroUsize::new(1));
        self
    }

    /// For every request that comes, or none: [`assert_done`](super::ScriptedTransport::assert_done)
    /// does not wait for it. Steps after it are never reached.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Does it.
    pub(super) async fn play(self, request: &SentRequest) -> Result<Response, TransportError> {
        if let Some(gate) = &self.gate {
            gate.pass().await;
        }
        match self.action {
            Action::Answer(answer) => Ok(answer.into_response()),
            Action::Reply(reply) => Ok(reply(request).into_response()),
            Action::Part {
                answer,
                bytes,
                then,
            } => Ok(part(answer, bytes, then)),
            Action::Error(failure) => Err(failure.into_error()),
            Action::Hang => std::future::pending().await,
        }
    }
}

impl From<Answer> for Step {
    fn from(answer: Answer) -> Self {
        Self::answer(answer)
    }
}

impl From<TransportError> for Step {
    fn from(error: TransportError) -> Self {
        Self::error(error)
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.action {
            Action::Answer(answer) => write!(f, "answer {}", answer.status)?,
            Action::Reply(_) => f.write_str("reply")?,
            Action::Part {
                answer,
                bytes,
                then: Broken::Cut,
            } => {
                write!(f, "answer {} cut after {bytes} bytes", answer.status)?;
            }
            Action::Part {
                answer,
                bytes,
                then: Broken::Stalled,
            } => {
                write!(f, "answer {} stalled after {bytes} bytes", answer.status)?;
            }
            Action::Error(failure) => write!(f, "error {:?}", failure.kind)?,
            Action::Hang => f.write_str("hang")?,
        }
        match self.times {
            Some(times) if times.get() > 1 => write!(f, " ({times} times)"),
            Some(_) => Ok(()),
            None => f.write_str(" (always)"),
        }
    }
}

impl Failure {
    fn into_error(self) -> TransportError {
        let mut error = TransportError::new(self.kind, self.message);
        if self.not_sent {
            error = error.not_sent();
        }
        match self.source {
            Some(source) => error.with_source(source),
            None => error,
        }
    }
}

fn part(answer: Answer, bytes: usize, then: Broken) -> Response {
    let start = answer.body.slice(..bytes.min(answer.body.len()));
    let stream = Start {
        bytes: Some(start).filter(|start| !start.is_empty()),
        then,
    };
    answer.head().with_stream(stream)
}

/// The first bytes of a body that does not end.
struct Start {
    bytes: Option<Bytes>,
    then: Broken,
}

impl Stream for Start {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match (self.bytes.take(), self.then) {
            (Some(bytes), _) => Poll::Ready(Some(Ok(bytes))),
            (None, Broken::Stalled) => Poll::Pending,
            (None, Broken::Cut) => {
                let message = "the connection broke before the answer's end";
                let error = TransportError::new(TransportErrorKind::Interrupted, message);
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}
