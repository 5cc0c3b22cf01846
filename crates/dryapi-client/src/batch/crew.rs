//! A bounded number of tasks over a stream: what comes in is taken as places become free, what comes
//! out comes as it is done.

use std::pin::Pin;
use std::task::{Context, Poll};

use dryapi_transport::BoxFuture;
use futures_core::Stream;
use tokio::task::JoinSet;

type Work<I, O> = Box<dyn Fn(I) -> BoxFuture<'static, O> + Send>;

/// Works on a stream. Dropped, it takes nothing more, and its tasks end where they stand.
pub(super) struct Crew<I, O> {
    inputs: Option<Pin<Box<dyn Stream<Item = I> + Send>>>,
    work: Work<I, O>,
    running: JoinSet<O>,
    most: usize,
}

impl<I, O: Send + 'static> Crew<I, O> {
    pub(super) fn new(
        inputs: impl Stream<Item = I> + Send + 'static,
        most: usize,
        work: impl Fn(I) -> BoxFuture<'static, O> + Send + 'static,
    ) -> Self {
        Self {
            inputs: Some(Box::pin(inputs)),
            work: Box::new(work),
            running: JoinSet::new(),
            most: most.max(1),
        }
    }
}

impl<I, O: Send + 'static> Stream for Crew<I, O> {
    type Item = O;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<O>> {
        let this = &mut *self;
        while this.running.len() < this.most
            && let Some(inputs) = &mut this.inputs
        {
            match inputs.as_mut().poll_next(cx) {
                Poll::Ready(Some(input)) => drop(this.running.spawn((this.work)(input))),
                Poll::Ready(None) => this.inputs = None,
                Poll::Pending => break,
            }
        }
        loop {
            match this.running.poll_join_next(cx) {
                Poll::Ready(Some(Ok(output))) => return Poll::Ready(Some(output)),
                Poll::Ready(Some(Err(error))) => {
                    // The caller's own code, within a row: he hears of it as if he had called it,
                    // and not of a row less.
                    if let Ok(panic) = error.try_into_panic() {
                        std::panic::resume_unwind(panic);
                    }
                }
                Poll::Ready(None) if this.inputs.is_none() => return Poll::Ready(None),
                Poll::Ready(None) | Poll::Pending => return Poll::Pending,
            }
        }
    }
}
