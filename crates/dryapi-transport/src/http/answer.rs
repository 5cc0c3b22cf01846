//! A response's body on its way in, with the timer for silence.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;

use super::classify;
use super::target::Target;
use crate::clock::{BoxFuture, Clock};
use crate::error::TransportError;

/// The pieces of a response's body. After an error there are no more.
pub(super) struct Answer {
    /// `None` once it is over.
    body: Option<reqwest::Body>,
    length: Option<u64>,
    received: u64,
    idle: Duration,
    /// Runs while we wait, not while the reader takes its time.
    timer: Option<BoxFuture<'static, ()>>,
    clock: Arc<dyn Clock>,
    target: Target,
}

impl Answer {
    pub(super) fn new(
        body: reqwest::Body,
        idle: Duration,
        clock: Arc<dyn Clock>,
        target: Target,
    ) -> Self {
        let length = body.size_hint().exact();
        Self {
            body: Some(body),
            length,
            received: 0,
            idle,
            timer: None,
            clock,
            target,
        }
    }

    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<TransportError> {
        let (clock, idle) = (&self.clock, self.idle);
        let timer = self.timer.get_or_insert_with(|| clock.sleep(idle));
        timer
            .as_mut()
            .poll(cx)
            .map(|()| classify::silent(idle, self.received, &self.target))
    }
}

impl Stream for Answer {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let Some(body) = &mut this.body else {
                return Poll::Ready(None);
            };
            let error = match Pin::new(body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    this.timer = None;
                    // Trailers are passed over.
                    let Ok(piece) = frame.into_data() else {
                        continue;
                    };
                    let len = u64::try_from(piece.len()).unwrap_or(u64::MAX);
                    this.received = this.received.saturating_add(len);
                    return Poll::Ready(Some(Ok(piece)));
                }
                Poll::Ready(None) => {
                    this.body = None;
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(Err(error))) => {
                    classify::cut_off(error, this.received, this.length, &this.target)
                }
                Poll::Pending => match this.poll_silence(cx) {
                    Poll::Ready(error) => error,
                    Poll::Pending => return Poll::Pending,
                },
            };
            // Dropped now and not with the response: its connection is of no more use.
            this.body = None;
            return Poll::Ready(Some(Err(error)));
        }
    }
}
