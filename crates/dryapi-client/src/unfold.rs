//! A stream made of a state and an async step.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use dryapi_transport::BoxFuture;
use futures_core::Stream;

type Step<S, T> = BoxFuture<'static, Option<(T, S)>>;

/// Calls `step` with the state until it gives `None`.
pub(crate) struct Unfold<S, T> {
    state: Option<S>,
    step: fn(S) -> Step<S, T>,
    running: Option<Step<S, T>>,
}

impl<S, T> Unfold<S, T> {
    pub(crate) fn new(state: S, step: fn(S) -> Step<S, T>) -> Self {
        Self {
            state: Some(state),
            step,
            running: None,
        }
    }
}

impl<S: Unpin, T> Stream for Unfold<S, T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        if let Some(state) = this.state.take() {
            this.running = Some((this.step)(state));
        }
        let Some(running) = &mut this.running else {
            return Poll::Ready(None);
        };
        match Future::poll(running.as_mut(), cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some((item, state))) => {
                this.running = None;
                this.state = Some(state);
                Poll::Ready(Some(item))
            }
            Poll::Ready(None) => {
                this.running = None;
                Poll::Ready(None)
            }
        }
    }
}
