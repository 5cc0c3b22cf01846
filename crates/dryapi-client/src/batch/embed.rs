//! Embedding many texts.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use dryapi_transport::BoxFuture;
use dryapi_types::{RequestId, TextToEmbedding};
use futures_core::Stream;

use super::crew::Crew;
use super::item::BatchItem;
use super::outcome::{BatchEvent, BatchOutcome, BatchResult};
use super::packs::{Pack, Packs, Placed};
use super::plan::Rows;
use super::prepared::Batch;
use crate::error::{Error, ErrorKind};
use crate::hub::Hub;
use crate::spend::SpendLimit;

/// Requests at a time, unless said otherwise: each carries up to a megabyte, and its result is
/// larger.
const CONCURRENCY: usize = 4;

/// Many texts to be embedded, packed into as few requests as the service takes.
///
/// A request takes up to 2 048 texts and 250 000 tokens, as estimated from their bytes; one that is
/// refused as too large is halved. With a ledger the same texts in the same order may be embedded
/// again under the same name: what was paid for is fetched, not paid for again. A request is known
/// by its texts: where texts were changed, added or taken away, the requests they went with, and
/// those whose bounds they move, are new.
#[must_use = "nothing is sent until it is run"]
pub struct EmbedAll {
    batch: Batch<TextToEmbedding>,
    model: String,
}

/// What came of texts that went together.
#[derive(Debug)]
#[non_exhaustive]
pub struct Embedded {
    /// The place of the first of them in the input, from 0.
    pub first: u64,
    /// How many they are.
    pub count: usize,
    /// Their job, where one is known.
    pub request_id: Option<RequestId>,
    /// A vector for each of them, in their order.
    pub result: Result<Vec<Vec<f32>>, Error>,
}

impl Embedded {
    fn failed(first: u64, count: usize, error: Error) -> Self {
        Self {
            first,
            count,
            request_id: None,
            result: Err(error),
        }
    }
}

impl EmbedAll {
    pub(crate) fn new(hub: Arc<Hub>, name: String, model: String) -> Self {
        let batch = Batch::new(hub, name).concurrency(CONCURRENCY);
        Self { batch, model }
    }

    /// How many requests may be on their way or waited for; default 4, and 0 is taken as 1.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.batch = self.batch.concurrency(requests);
        self
    }

    /// The most that may be spent, as [`Batch::spend_limit`].
    pub fn spend_limit(mut self, limit: SpendLimit) -> Self {
        self.batch = self.batch.spend_limit(limit);
        self
    }

    /// Whether texts wait for the reset where a day's requests are used up, as
    /// [`Batch::wait_for_reset`].
    pub fn wait_for_reset(mut self, wait: bool) -> Self {
        self.batch = self.batch.wait_for_reset(wait);
        self
    }

    /// As [`Batch::retry_failed`].
    pub fn retry_failed(mut self, retry: bool) -> Self {
        self.batch = self.batch.retry_failed(retry);
        self
    }

    /// As [`Batch::resubmit_unknown`].
    pub fn resubmit_unknown(mut self, resubmit: bool) -> Self {
        self.batch = self.batch.resubmit_unknown(resubmit);
        self
    }

    /// Is told what happens to the whole, as [`Batch::on_event`].
    pub fn on_event(mut self, told: impl Fn(BatchEvent) + Send + Sync + 'static) -> Self {
        self.batch = self.batch.on_event(told);
        self
    }

    /// Runs it: texts are taken as there is room for them. Must be polled within a tokio runtime.
    ///
    /// # Cancel safety
    /// As of [`Batch::run`].
    pub fn run(self, texts: impl Stream<Item = String> + Send + 'static) -> EmbedOutcomes {
        self.work(Packs::new(texts))
    }

    /// Runs it over texts that are packed already, at most 2 048 each: for whoever remembers what
    /// went together. A pack of the same texts is the same in every run, whatever its place.
    ///
    /// # Cancel safety
    /// As of [`Batch::run`].
    pub fn run_packed(
        self,
        packs: impl Stream<Item = Vec<String>> + Send + 'static,
    ) -> EmbedOutcomes {
        self.work(Placed::new(packs))
    }

    fn work(self, packs: impl Stream<Item = Pack> + Send + 'static) -> EmbedOutcomes {
        let model = self.model;
        let (rows, concurrency) = self.batch.into_rows();
        let crew = Crew::new(packs, concurrency, move |pack| {
            embed(Arc::clone(&rows), model.clone(), pack)
        });
        EmbedOutcomes {
            crew,
            ready: VecDeque::new(),
        }
    }
}

/// Embeds a pack, in halves where it is too large.
fn embed(
    rows: Arc<Rows<TextToEmbedding>>,
    model: String,
    pack: Pack,
) -> BoxFuture<'static, Vec<Embedded>> {
    Box::pin(async move {
        let outcome = match is_halved(&rows, &model, &pack).await {
            Ok(true) => None,
            Ok(false) => {
                let request = TextToEmbedding::new(pack.texts.clone(), model.as_str())
                    .with_return_result_in_response(true);
                let item = BatchItem::new(row(&model, &pack.id()), request);
                Some(Arc::clone(&rows).settle(pack.first, item).await)
            }
            Err(error) => return vec![Embedded::failed(pack.first, pack.texts.len(), error)],
        };
        let (first, count) = (pack.first, pack.texts.len());
        let divide = outcome.as_ref().is_none_or(
            |outcome| matches!(&outcome.result, BatchResult::Failed(error) if is_too_large(error)),
        );
        match (pack.halves(), outcome) {
            (Ok((one, other)), _) if divide => {
                let mut all = embed(Arc::clone(&rows), model.clone(), one).await;
                all.extend(embed(rows, model, other).await);
                all
            }
            (_, Some(outcome)) => vec![of(first, count, outcome)],
            // What cannot be divided was sent.
            (_, None) => Vec::new(),
        }
    })
}

/// The row of a pack.
fn row(model: &str, pack: &str) -> String {
    format!("{model}: {pack}")
}

/// Whether a run before refused a pack as too large and went on with its halves: sent whole, its
/// texts would be paid for again. And so they would in halves, where it was sent whole.
async fn is_halved(rows: &Rows<TextToEmbedding>, model: &str, pack: &Pack) -> Result<bool, Error> {
    let Some(half) = pack.half() else {
        return Ok(false);
    };
    if !rows.is_known(&row(model, &half)).await? {
        return Ok(false);
    }
    Ok(!rows.was_sent(&row(model, &pack.id())).await?)
}

/// Whether a request was refused for its size.
fn is_too_large(error: &Error) -> bool {
    match error.status() {
        Some(413) => true,
        Some(422) => {
            let mut fields = error.fields().iter();
            fields.any(|fault| fault.field == "input" || fault.field.starts_with("input."))
        }
        _ => false,
    }
}

fn of(first: u64, count: usize, outcome: BatchOutcome<TextToEmbedding>) -> Embedded {
    let result = match outcome.result {
        BatchResult::Done(done) if done.count() == count => Ok(done.vectors.clone()),
        BatchResult::Done(done) => {
            let message = format!("{} vectors came for {count} texts", done.count());
            Err(Error::new(ErrorKind::Decode, "txt2embedding", message))
        }
        BatchResult::Failed(error) | BatchResult::Unsent(error) => Err(error),
        // Nobody says of a pack that it is settled.
        BatchResult::Before => Err(Error::new(
            ErrorKind::Decode,
            "txt2embedding",
            "its result is not kept",
        )),
    };
    Embedded {
        first,
        count,
        request_id: outcome.request_id,
        result,
    }
}

/// What becomes of the texts, as it does, in whatever order.
#[must_use = "nothing is sent until the stream is polled"]
pub struct EmbedOutcomes {
    crew: Crew<Pack, Vec<Embedded>>,
    ready: VecDeque<Embedded>,
}

impl Stream for EmbedOutcomes {
    type Item = Embedded;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Embedded>> {
        loop {
            if let Some(next) = self.ready.pop_front() {
                return Poll::Ready(Some(next));
            }
            match std::task::ready!(Pin::new(&mut self.crew).poll_next(cx)) {
                Some(more) => self.ready.extend(more),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for EmbedAll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbedAll")
            .field("batch", &self.batch)
            .field("model", &self.model)
            .finish()
    }
}

impl fmt::Debug for EmbedOutcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbedOutcomes").finish_non_exhaustive()
    }
}
